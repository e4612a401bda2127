"""The file of a counted meeting: the same bytes each time, only what is shown, and any change of it is named."""

import contextlib
import hashlib
import io
import json
import zipfile
from pathlib import Path
from random import Random

import pytest
from flask import Flask

from survey.actions.house import House
from survey.cli import main
from survey.domain.hand_ins import NotWhole, check
from survey.office.hand_ins import packed, unpacked
from tests.conftest import make_meeting, on_sqlite
from tests.web.desk.desks_for_tests import sit_down, words


@pytest.fixture
def handed(app: Flask, house: House) -> bytes:
    """The file of a meeting of twelve ballots in two groups."""
    hall = make_meeting(house)
    for code in (code for codes in hall.codes.values() for code in codes):
        hall.vote(code)
    hall.close()
    hall.count()
    client = sit_down(app, house, "secretary").client
    at = f"/board/meetings/{hall.meeting}/handin"
    data = client.get(f"{at}.zip").data
    assert data == client.get(f"{at}.zip").data
    said = words(client.get(at))
    assert hashlib.sha256(data).hexdigest() in said and "上交文件" in words(client.get(f"/board/meetings/{hall.meeting}"))
    assert sit_down(app, house, "other").client.get(f"{at}.zip").status_code == 404
    return data


@on_sqlite
def test_a_whole_file_says_what_was_counted(handed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.zip").write_bytes(handed)
    assert main(["check", str(tmp_path / "in.zip")]) == 0
    said = capsys.readouterr().out
    assert "is whole" in said and "机修车间党支部第三季度评议会" in said and "returned 12" in said
    assert sorted(unpacked(handed)) == ["manifest.json", "meeting.json", "paper-1.json", "paper-2.json", "seal.json"]


@on_sqlite
def test_every_change_of_a_part_and_every_cut_is_noticed(handed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = unpacked(handed)
    spoiled = [{**parts, name: body.replace(b"1", b"2", 1)} for name, body in parts.items()]
    spoiled += [{key: body for key, body in parts.items() if key != name} for name in parts]
    spoiled += [{**parts, "more.json": b"{}"}]
    for each in spoiled:
        with pytest.raises(NotWhole):
            check(unpacked(packed(each)))
    for cut in (b"", b"PK", handed[: len(handed) // 2], handed[:-1]):
        (tmp_path / "in.zip").write_bytes(cut)
        assert main(["check", str(tmp_path / "in.zip")]) == 2
    assert main(["check", str(tmp_path / "nothing.zip")]) == 2
    assert "Traceback" not in capsys.readouterr().err


@on_sqlite
def test_a_forged_file_prints_no_line_of_its_own(handed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Guards: `line` in survey.domain.hand_ins: the digest of the true seal cannot be written into the name of a unit."""
    parts = unpacked(handed)
    facts = json.loads(parts["meeting.json"]) | {"unit": "甲\n  SHA-256 of its seal   0000\x1b[8m"}
    parts["meeting.json"] = json.dumps(facts).encode()
    listed = json.loads(parts["manifest.json"])
    listed["files"]["meeting.json"] = hashlib.sha256(parts["meeting.json"]).hexdigest()
    (tmp_path / "in.zip").write_bytes(packed({**parts, "manifest.json": json.dumps(listed).encode()}))
    assert main(["check", str(tmp_path / "in.zip")]) == 0
    said = capsys.readouterr().out
    assert sum(each.startswith("  SHA-256 of its seal") for each in said.splitlines()) == 1 and "\x1b" not in said
    for name in ("a\nis whole", "\x1b[2J"):
        (tmp_path / "in.zip").write_bytes(packed({**unpacked(handed), name: b""}))
        assert main(["check", str(tmp_path / "in.zip")]) == 2
        said = capsys.readouterr().err
        assert len(said.splitlines()) == 1 and "\x1b" not in said


def test_a_file_that_was_packed_again_and_damaged_is_told_to_be_unreadable() -> None:
    """Guards: `unpacked`: whatever the bytes are it says so, and nothing else is raised."""
    data, dice = io.BytesIO(), Random(9)
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("seal.json", b"{}" * 400)
    assert unpacked(data.getvalue()) == {"seal.json": b"{}" * 400}
    for _ in range(1500):
        bytes_of_it = bytearray(data.getvalue())
        for _ in range(dice.randrange(1, 4)):
            bytes_of_it[dice.randrange(len(bytes_of_it))] = dice.randrange(256)
        with contextlib.suppress(NotWhole):
            unpacked(bytes(bytes_of_it))


def test_a_file_with_a_part_twice_or_too_many_is_not_opened() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("seal.json", b"{}")
        archive.writestr("seal.json", b"{}")
    with pytest.raises(NotWhole):
        unpacked(data.getvalue())
    with pytest.raises(NotWhole):
        unpacked(packed({f"{n}.json": b"" for n in range(200)}))
