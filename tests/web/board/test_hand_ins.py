"""The file of a counted meeting: the same bytes each time, only what is shown, and any change of it is named."""

import hashlib
import io
import zipfile
from pathlib import Path

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


def test_a_file_with_a_part_twice_or_too_many_is_not_opened() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("seal.json", b"{}")
        archive.writestr("seal.json", b"{}")
    with pytest.raises(NotWhole):
        unpacked(data.getvalue())
    with pytest.raises(NotWhole):
        unpacked(packed({f"{n}.json": b"" for n in range(200)}))
