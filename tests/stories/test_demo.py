"""`pingyi demo`: a township stands, 42 people have voted through the served address, and a second meeting is open."""

import json
import signal
import socket
import subprocess
import sys
import zipfile
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path

import pytest

from survey.actions.ballots import look
from survey.app import open_house
from survey.config import from_environment
from survey.domain.meetings import Stage
from survey.domain.slips import SlipState
from survey.store import meetings, members, results, units

ROOT = Path(__file__).parent.parent.parent


def command(folder: Path) -> tuple[list[str], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return [sys.executable, "-m", "survey", "demo", "--folder", str(folder), "--port", str(port)], port


def run_demo(folder: Path) -> str:
    asked, _ = command(folder)
    done = subprocess.run([*asked, "--once"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The demo's folder and what two runs printed."""
    folder = tmp_path_factory.mktemp("demo") / "pingyi-demo"
    return folder, run_demo(folder), run_demo(folder)


def test_the_township_votes_and_a_second_meeting_is_open(twice: tuple[Path, str, str]) -> None:
    folder, first, second = twice
    house = open_house(
        from_environment(
            {
                "PINGYI_INSTANCE": str(folder / "instance"),
                "PINGYI_KEYROOM": str(folder / "keyroom"),
            }
        )
    )
    state = json.loads((folder / "demo.json").read_text("utf-8"))
    with house.store.read() as db:
        tree = units.all_units(db)
        people = sum(members.counts(db).values())
        every = meetings.of_units(db, [unit.id for unit in tree])
        back = {row.name: row.returned for row in results.returned(db, state["counted"])}
    assert len(tree) == 23 and 460 <= people <= 500
    assert sorted(each.stage for each in every) == [Stage.COUNTED, Stage.OPEN, Stage.VOID]
    assert sum(back.values()) == 40 and set(back) == {"群众代表", "党员"}
    code = next(word.rsplit("/", 1)[1] for word in second.split() if "/b/" in word)
    found = look(house, code)
    assert (found.stage, found.state) == (Stage.OPEN, SlipState.FRESH)
    assert "voting" not in first, "the bar is for a terminal"
    house.store.close()


def test_workbook_and_charts_are_written(twice: tuple[Path, str, str]) -> None:
    folder = twice[0] / "results"
    book = zipfile.ZipFile(BytesIO((folder / "results.xlsx").read_bytes()))
    assert any(name.startswith("xl/charts/") for name in book.namelist())
    assert (folder / "results.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (folder / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (folder / "members.svg").read_bytes()


def test_logins_are_printed_and_the_folder_is_for_its_owner(twice: tuple[Path, str, str]) -> None:
    folder, first, second = twice
    state = json.loads((folder / "demo.json").read_text("utf-8"))
    for login, password in state["passwords"].items():
        assert login in first and password in first and password in second
    assert (folder / "demo.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop_and_leaves_nothing_running(
    twice: tuple[Path, str, str], ending: signal.Signals
) -> None:
    asked, port = command(twice[0])
    with subprocess.Popen(asked, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as demo:
        assert demo.stdout is not None
        assert any("Ctrl-C" in line for line in demo.stdout)
        phone = HTTPConnection("127.0.0.1", port, timeout=10)
        phone.request("GET", "/")
        assert phone.getresponse().status == 200
        phone.close()
        demo.send_signal(ending)
        try:
            assert demo.wait(60) == 0
        finally:
            demo.kill()
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
