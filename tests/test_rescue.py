"""The commands backup and restore: every refusal is a sentence, and a full disk leaves nothing behind."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from survey.actions.house import House
from survey.cli import main
from survey.config import Config, from_environment
from tests.conftest import make_meeting, on_sqlite

ROOT = Path(__file__).parent.parent


@pytest.fixture
def settings(config: Config, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A shell at the server that has rows."""
    for name, value in (
        ("INSTANCE", config.instance),
        ("KEYROOM", config.keyroom),
        ("DATABASE", config.database),
        ("SECRET", config.secret.decode()),
        ("PEPPER", config.pepper.decode()),
    ):
        monkeypatch.setenv(f"PINGYI_{name}", str(value))
    return monkeypatch


def move_to_a_new_server(shell: pytest.MonkeyPatch, folder: Path) -> None:
    """A shell at a machine where Pingyi never ran."""
    for name in ("DATABASE", "SECRET", "PEPPER"):
        shell.delenv(f"PINGYI_{name}")
    shell.setenv("PINGYI_INSTANCE", str(folder / "instance"))
    shell.setenv("PINGYI_KEYROOM", str(folder / "keys"))


def with_little_room(*arguments: str) -> tuple[int, str]:
    """The command where no file may grow beyond 4 KB, as on a full disk."""
    done = subprocess.run(
        [sys.executable, "-m", "survey", *arguments],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    return done.returncode, done.stderr


@on_sqlite
def test_what_cannot_be_done_is_said_in_a_sentence_and_leaves_nothing(
    house: House, config: Config, settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_meeting(house, members=2)
    target = tmp_path / "out" / "b.zip"

    def refused(*arguments: object) -> str:
        assert main([str(each) for each in arguments]) == 2
        return capsys.readouterr().err

    assert "cannot be written" in refused("backup", target)
    target.parent.mkdir()
    code, said = with_little_room("backup", str(target))
    assert code == 2 and "cannot be written" in said and "Traceback" not in said, said
    assert list(target.parent.iterdir()) == [], "a full disk leaves no half file"
    assert "key room" in refused("backup", config.keyroom / "b.zip")
    assert main(["backup", str(target)]) == 0
    out = capsys.readouterr().out
    assert "机修车间党支部第三季度评议会" in out and "never be counted" in out
    assert "already something" in refused("backup", target)
    assert "Stop the server" in refused("restore", target)
    house.store.close()
    assert "not empty" in refused("restore", target)
    move_to_a_new_server(settings, tmp_path / "new")
    assert "no Pingyi database" in refused("backup", tmp_path / "b.zip")
    assert "cannot be read" in refused("restore", tmp_path / "nothing.zip")
    with settings.context() as shell:
        shell.setenv("PINGYI_PEPPER", "q" * 64)
        assert "PINGYI_PEPPER" in refused("restore", target)
    code, said = with_little_room("restore", str(target))
    assert code == 2 and "disk is full" in said and "Traceback" not in said, said
    assert main(["restore", str(target)]) == 0
    assert "without a key here" in capsys.readouterr().out
    assert from_environment().pepper == config.pepper
    assert (tmp_path / "new" / "instance" / "pepper").stat().st_mode & 0o077 == 0


@on_sqlite
def test_long_work_says_how_far_it_is(
    house: House, settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_meeting(house, members=2)
    settings.setattr("survey.rescue._SECONDS_BETWEEN", 0)
    assert main(["backup", str(tmp_path / "b.zip")]) == 0
    assert "slips: 12 rows" in capsys.readouterr().err
