"""`pingyi demo`: a township stands with three published rounds, 42 people have voted through the served address, and another
meeting is open."""

import json
import re
import signal
import socket
import subprocess
import sys
import zipfile
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from survey import demo, quarters, township
from survey.actions.ballots import look
from survey.actions.house import House
from survey.app import create_app, open_house
from survey.config import Config, from_environment
from survey.domain.meetings import Stage
from survey.domain.roll_ups import RollUp
from survey.domain.slips import SlipState
from survey.store import meetings, members, publications, results, units
from survey.verifying import verify
from tests.conftest import logged_in
from tests.publications_for_tests import read
from tests.rounds_for_tests import heard

ROOT = Path(__file__).parent.parent.parent


def command(folder: Path) -> tuple[list[str], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return [sys.executable, "-m", "survey", "demo", "--folder", str(folder), "--port", str(port)], port


def run_demo(folder: Path) -> str:
    asked, _ = command(folder)
    done = subprocess.run([*asked, "--once"], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def settings_of(folder: Path) -> Config:
    return from_environment({"PINGYI_INSTANCE": str(folder / "instance"), "PINGYI_KEYROOM": str(folder / "keyroom")})


def house_of(folder: Path) -> House:
    return open_house(settings_of(folder))


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The demo's folder and what two runs printed."""
    folder = tmp_path_factory.mktemp("demo") / "pingyi-demo"
    return folder, run_demo(folder), run_demo(folder)


def test_the_township_votes_and_a_second_meeting_is_open(twice: tuple[Path, str, str]) -> None:
    folder, first, second = twice
    house = house_of(folder)
    state = json.loads((folder / "demo.json").read_text("utf-8"))
    with house.store.read() as db:
        tree = units.all_units(db)
        people = sum(members.counts(db).values())
        every = meetings.of_units(db, [unit.id for unit in tree])
        back = {row.name: row.returned for row in results.returned(db, state["counted"])}
    assert len(tree) == 23 and 460 <= people <= 500
    assert Counter(each.stage for each in every) == {Stage.PUBLISHED: 66, Stage.COUNTED: 1, Stage.OPEN: 1, Stage.VOID: 1}
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


def test_three_rounds_are_published_and_show_the_truth_that_was_invented(twice: tuple[Path, str, str], tmp_path: Path) -> None:
    """Which three branches need help, why and since when stands in the counts of the file; the first start made it, the second found it."""
    house = house_of(twice[0])
    state = json.loads((twice[0] / "demo.json").read_text("utf-8"))
    with house.store.read() as db:
        every = [publications.bodies(db, number) for number in state["rounds"]]
    house.store.close()
    assert all(f"/board/rounds/{state['rounds'][-1]}/results" in said for said in twice[1:])
    for at, parts in enumerate(every):
        with zipfile.ZipFile(tmp_path / f"{at}.zip", "w") as file:
            for name, body in parts.items():
                file.writestr(name, body)
        assert verify(tmp_path / f"{at}.zip", None) == 0
    first, second, third = (shares(RollUp(read(parts))) for parts in every)
    assert third.keys() == second.keys() - {quarters.FEW} == first.keys() - {quarters.FEW}
    for turn, found in enumerate((first, second, third)):
        fell, low = found[quarters.FALLING], found[quarters.LOW]
        assert abs(fell.pop(quarters.FELL_ON) - quarters.FELL[turn]) < 0.06 > abs(low.pop(quarters.LOW_ON) - quarters.LOW_AT)
        assert min(*fell, *low) > 0.75 and set(found[quarters.PERFECT]) == {1}
        assert max(found[quarters.SPLIT]) < 0.75
        assert abs(sum(found[quarters.BETTER]) / 5 - quarters.ROSE[turn]) < 0.03
        named = {quarters.FALLING, quarters.LOW, quarters.SPLIT, quarters.BETTER}
        assert min(sum(each) / 5 for name, each in found.items() if name not in named) > 0.82


def test_a_leader_finds_on_the_screens_which_three_branches_need_help_why_and_since_when(twice: tuple[Path, str, str]) -> None:
    """From the overview by one link each; and nothing is said of the branches that need none."""
    house = house_of(twice[0])
    (_first, _second, number) = json.loads((twice[0] / "demo.json").read_text("utf-8"))["rounds"]
    app = create_app(settings_of(twice[0]), random=Random(7), testing=True)
    client = app.test_client()
    with client.session_transaction("/desk") as session:
        session["_user_id"] = logged_in(house, "leader")
    with house.store.read() as db:
        links = {unit.name: f"/board/rounds/{number}/units/{unit.id}" for unit in units.all_units(db)}
    with heard() as asked:
        pages = {name: client.get(link).text for name, link in links.items()}
    # Of 23 pages, each of which reads back two rounds.
    assert len(asked) <= 10 * len(links)
    told = {name: said(page) for name, page in pages.items() if 'id="why"' in page}
    overview = pages.pop(township.COMMITTEE)
    first = overview[overview.index('id="needs"') : overview.index('id="look"')]
    assert re.findall(r'class="who"><a href="([^"]*)"', first) == [links[name] for name in (quarters.SPLIT, quarters.LOW, quarters.FALLING)]
    assert f'href="{links[quarters.PERFECT]}"' in first[first.index("spotless") :] and set(told) == {quarters.LOW, quarters.FALLING, quarters.SPLIT}
    rates = [[Decimal(each) for each in re.findall(r"评议 (\d+\.\d+)%|这一轮 (\d+\.\d+)%", told[name]) for each in each if each] for name in (quarters.FALLING, quarters.LOW)]
    assert "工作机制好" in told[quarters.FALLING] and rates[0] == sorted(rates[0], reverse=True) and rates[0][0] - rates[0][2] > 40
    assert "群众反映好" in told[quarters.LOW] and len(rates[1]) == 3 and max(rates[1]) < 45
    assert "“群众代表”的满意率" in told[quarters.SPLIT] and "好 " not in told[quarters.SPLIT].partition("相差")[0]
    assert "人数不足" in pages[quarters.FEW] and quarters.FEW in client.get(f"/board/rounds/{number}/lists").text
    app.extensions["house"].store.close()
    house.store.close()


def said(page: str, begin: str = 'id="why"', end: str = "</section>") -> str:
    """What is read of a part of a page."""
    part = page[page.index(begin) :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", part[: part.find(end)]))


def shares(roll: RollUp) -> dict[str, list[Fraction]]:
    """By branch, how many of those who answered were satisfied, question by question."""
    found = {}
    for place in roll.made.places:
        sums = roll.by_target(roll.about(place.id)).get(f"u{place.id}", {})
        if sums:
            found[place.name] = [Fraction(each.counts[0], each.counts.total()) for each in sums.values()]
    return found


def test_a_demo_that_was_cut_short_is_built_anew_and_an_old_one_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards: half a township that every later start takes for a whole one."""
    monkeypatch.setattr(demo, "hold_rounds", cut_short)
    with pytest.raises(KeyboardInterrupt):
        demo.prepare(tmp_path, 8000)
    monkeypatch.setattr(demo, "hold_rounds", lambda *_one, **_more: [])
    old = json.loads((tmp_path / "demo.json").read_text("utf-8"))["passwords"]
    demo.prepare(tmp_path, 8000).house.store.close()
    state = json.loads((tmp_path / "demo.json").read_text("utf-8"))
    assert state["rounds"] == [] and "building" not in state and state["passwords"] != old
    del state["rounds"]
    (tmp_path / "demo.json").write_text(json.dumps(state), "utf-8")
    demo.prepare(tmp_path, 8000).house.store.close()
    assert json.loads((tmp_path / "demo.json").read_text("utf-8")) == state


def cut_short(*_one: object, **_more: object) -> list[int]:
    raise KeyboardInterrupt


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
