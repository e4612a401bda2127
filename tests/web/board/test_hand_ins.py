"""The file of a counted meeting: the same bytes each time, only what is shown, and any change of it is named."""

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask

from survey.actions.house import House
from survey.cli import main
from survey.domain.hand_ins import NotWhole, check
from survey.office.hand_ins import MOST_BYTES, packed, unpacked
from survey.web.board.hand_in_checks import MOST_UPLOAD
from tests.attacks.visitors import Visitor
from tests.conftest import make_meeting, on_sqlite, person
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
    # A file as older releases wrote it: their seals do not say whose meeting it was.
    seal = {key: value for key, value in json.loads(parts["seal.json"]).items() if key != "of"}
    parts["seal.json"] = json.dumps(seal).encode()
    facts = json.loads(parts["meeting.json"]) | {"unit": "甲\n  SHA-256 of its seal   0000\x1b[8m"}
    parts["meeting.json"] = json.dumps(facts).encode()
    listed = json.loads(parts["manifest.json"])
    listed["files"] |= {name: hashlib.sha256(parts[name]).hexdigest() for name in ("meeting.json", "seal.json")}
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


def rewritten(data: bytes, part: str, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The file as somebody would forge it who knows how it is made: one part changed, the digests made to fit."""
    parts = unpacked(data)
    body = json.loads(parts[part])
    change(body)
    parts[part] = json.dumps(body, ensure_ascii=False).encode()
    listed = json.loads(parts["manifest.json"])
    listed["files"][part] = hashlib.sha256(parts[part]).hexdigest()
    return packed({**parts, "manifest.json": json.dumps(listed).encode()})


def encrypted(data: bytes) -> bytes:
    """With the mark of a password on every part, in its own head and in the list at the end."""
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(head)
        while place >= 0:
            data = data[: place + at] + b"\x01" + data[place + at + 1 :]
            place = data.find(head, place + 1)
    return data


def somebody(app: Flask, house: House, login: str) -> Visitor:
    """A person of staff at a browser."""
    return Visitor(login, sit_down(app, house, login).client, person(house, login).role)


def said(reader: Visitor, data: bytes, *, status: int, digest: str = "") -> str:
    """What the page answers to a file."""
    page = reader.ask("POST", "/board/handin", {"file": (io.BytesIO(data), "交来.zip"), "digest": digest})
    assert page.status_code == status, words(page)
    return words(page)


@on_sqlite
def test_whoever_receives_a_file_sees_on_a_page_whose_it_is_and_whether_it_is_whole(app: Flask, house: House, handed: bytes) -> None:
    seal = hashlib.sha256(unpacked(handed)["seal.json"]).hexdigest()
    for login in ("secretary", "leader"):
        reader = somebody(app, house, login)
        assert "核对上交文件" in words(reader.client.get("/board"))
        page = said(reader, handed, status=200)
        assert "文件完整，数字相符" in page and "还差一步" in page and seal in page and hashlib.sha256(handed).hexdigest() in page
        assert "机修车间党支部第三季度评议会" in page and "合计" in page and "就在这里计的票" in page
    for typed in (seal, f" {seal[:8].upper()} {seal[8:16]} ", seal[:20]):
        assert "和计票报告单一致" in said(reader, handed, status=200, digest=typed)
    wrong = seal[:15] + ("0" if seal[15] != "0" else "1")
    assert "和计票报告单对不上" in said(reader, handed, status=409, digest=wrong)
    for typed in (seal[:15], seal + "0", "第一个" * 6, "g" * 16):
        page = reader.ask("POST", "/board/handin", {"file": (io.BytesIO(handed), "a.zip"), "digest": typed})
        assert page.status_code == 400 and "摘要输得不对" in page.text and f'value="{typed}"' in page.text
    other = said(somebody(app, house, "other"), handed, status=409)
    assert "这不是您这里的单位" in other and "就在这里计的票" not in other
    for change in ({"unit": "青山小学党支部"}, {"code": "QT-9"}, {"place": "别处"}, {"round": "上一轮"}, {"period": "2025Q3"}):
        # The seal, and with it the digest on the signed protocol, would stay what it was.
        forged = rewritten(handed, "meeting.json", lambda each, change=change: each.update(change))
        assert "meeting.json 和封存记录对不上" in said(reader, forged, status=400)
    old = rewritten(handed, "seal.json", lambda each: each.pop("of"))
    renamed = rewritten(old, "meeting.json", lambda each: each.update(code="QT-9", unit="另一家的支部"))
    assert "您管的单位里没有“另一家的支部”" in said(reader, renamed, status=409)


@on_sqlite
def test_every_bad_file_is_refused_with_what_is_wrong_and_what_to_do(app: Flask, house: House, handed: bytes) -> None:
    reader = somebody(app, house, "secretary")
    seal, meeting, parts = "seal.json", "meeting.json", unpacked(handed)
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    bad = {
        b"": "空的", b"%PDF-1.7": "这不是上交文件", parts[seal]: "这不是上交文件", book.getvalue(): "这不是上交文件", handed[:-30]: "没有传完",
        handed.replace("机修".encode(), "机床".encode()): "损坏", encrypted(handed): "加了密码",
        packed({**parts, seal: parts[seal] + b" "}): "文件被改过", packed({**parts, "more.json": b""}): "more.json",
        packed({key: body for key, body in parts.items() if key != seal}): "里面缺了 seal.json",
        rewritten(handed, meeting, lambda each: each["scheme"].update(decimals=3)): "meeting.json 和封存记录对不上",
        rewritten(handed, seal, lambda each: each["accounting"][0].update(returned=99)): "“群众代表”这一行，收回的比发出的多",
        rewritten(handed, seal, lambda each: each["accounting"][0].update(due=99)): "各类加起来，不等于“合计”这一行",
        rewritten(handed, seal, lambda each: each["trackers"].pop()): "查验码的个数",
        rewritten(handed, seal, lambda each: each["counts"][0]["counts"][0].__setitem__(3, 99)): "答案比收回的票还多",
        rewritten(handed, seal, lambda each: each["accounting"][0].update(due=True)): "损坏",
    }  # fmt: skip
    for data, expected in bad.items():
        page = said(reader, data, status=400)
        assert expected in page and "重新交一份" in page, page
    assert "还没有选文件" in words(reader.ask("POST", "/board/handin"))
    for size, status in ((MOST_BYTES, 400), (MOST_UPLOAD, 413)):
        head = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{reader.token}\r\n--x\r\n'
        head += 'Content-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\nPK'
        body = head.encode() + bytes(size) + b"\r\n--x--\r\n"
        page = reader.client.post("/board/handin", data=body, content_type="multipart/form-data; boundary=x")
        assert page.status_code == status and "不超过 32 MB" in words(page)
