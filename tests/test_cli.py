"""The command: accounts, migration, refusals as sentences."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path

import pytest

from survey.cli import hall_settings, main
from survey.config import Unsafe
from survey.networks import LOOPBACK, local_address


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


def test_a_short_password_is_refused_before_anything_is_founded(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINGYI_PASSWORD", "short")
    assert main(["staff", "add", "secretary", "--unit", "青山镇党委"]) == 2
    # Nothing was founded, so the name is asked for again, and before the password: as it is told.
    asked: list[str] = []
    monkeypatch.delenv("PINGYI_PASSWORD")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda said: asked.append(said) or "青山镇党委")
    monkeypatch.setattr("getpass.getpass", lambda said: asked.append(said) or "three plain words")
    assert main(["staff", "add", "secretary"]) == 0
    assert [each.split()[0] for each in asked] == ["Name", "New", "The"]


def test_migrate_brings_an_empty_folder_to_this_release(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert (place / "instance" / "pingyi.db").exists()
    assert "this release" in capsys.readouterr().out


def test_a_hall_without_internet_gets_the_address_of_this_machine_or_a_sentence() -> None:
    found = hall_settings({"PINGYI_ZONE": "Asia/Urumqi"}, "0.0.0.0:8080", "192.168.8.20")
    assert found == {"PINGYI_ZONE": "Asia/Urumqi", "PINGYI_URL": "http://192.168.8.20:8080"}
    for environ, bind, address, said in (
        ({}, "0.0.0.0:8000", "127.0.0.1", "no network"),
        ({"PINGYI_URL": "http://10.0.0.1:8000"}, "0.0.0.0:8000", "192.168.8.20", "PINGYI_URL"),
        ({}, "unix:/run/pingyi.sock", "192.168.8.20", "wants a port"),
    ):
        with pytest.raises(Unsafe, match=said):
            hall_settings(environ, bind, address)


def test_a_hall_is_served_at_the_address_it_prints(place: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "survey", "serve", "--lan", "--bind", f"0.0.0.0:{port}", "--workers", "1"]
    address = local_address()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            if address == LOOPBACK:
                # A machine without a network is told so, and nothing is served.
                assert server.wait(60) == 2
                return
            assert server.stdout is not None
            printed = "".join(server.stdout.readline() for _ in range(6))
            assert printed.count(f"http://{address}:{port}") == 2
            assert _answer(f"http://{address}:{port}/health") == HTTPStatus.OK
        finally:
            server.terminate()


def _answer(address: str) -> int:
    """The status of an address that is being opened."""
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.URLError:
            assert time.monotonic() < end
            time.sleep(0.1)
