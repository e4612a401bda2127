"""The command: accounts, migration, refusals as sentences."""

from pathlib import Path

import pytest

from survey.cli import main


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PINGYI_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("PINGYI_KEYROOM", str(tmp_path / "keys"))
    monkeypatch.setenv("PINGYI_PASSWORD", "three plain words")
    return tmp_path


def test_the_first_account_founds_the_tree_and_a_password_is_reset(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["staff", "add", "secretary", "--unit", "青山镇党委"]) == 0
    assert "/desk" in capsys.readouterr().out
    assert main(["staff", "add", "secretary"]) == 2
    assert "secretary" in capsys.readouterr().err
    assert main(["staff", "add", "leader", "--role", "leader", "--unit", "没有的支部"]) == 2
    assert main(["staff", "reset", "secretary"]) == 0
    assert main(["staff", "reset", "nobody"]) == 2


def test_a_short_password_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINGYI_PASSWORD", "short")
    assert main(["staff", "add", "secretary", "--unit", "青山镇党委"]) == 2


def test_migrate_brings_an_empty_folder_to_this_release(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert (place / "instance" / "pingyi.db").exists()
    assert "this release" in capsys.readouterr().out
