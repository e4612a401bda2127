"""Files that must not be taken: wrong kinds, cut off, locked, and made to do harm."""

import io
import struct
import tracemalloc
import zipfile

import openpyxl
import pytest
import xlsxwriter
from xlwt.CompoundDoc import XlsDoc

from survey.office import parts, workbooks
from survey.office.files import BadFile, FileKind, kind_of
from survey.office.sheets import read_list


def workbook() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(("姓名", "单位"))
    book.active.append(("张三", "一支部"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(changes: dict[str, bytes | None], whole: bytes = b"") -> bytes:
    """The workbook with parts replaced, added, or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole or workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


def compound(stream: str, content: bytes = b"\x09\x08\x10\0\0\x06\x05\0" + b"\0" * 6000) -> bytes:
    """Microsoft's old container with one stream in it."""
    out = io.BytesIO()
    XlsDoc().save(out, content)
    name = "Workbook".encode("utf-16-le").ljust(64, b"\0")
    assert name in out.getvalue()
    return out.getvalue().replace(name, stream.encode("utf-16-le").ljust(64, b"\0"))


def biff(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records) + b"\0" * 5000


# The globals of a workbook begin, and a password is asked for at once (FILEPASS, MS-XLS 2.4.117).
LOCKED = biff((0x809, b"\0\x06\x05\0" + b"\0" * 12), (0x2F, b"\0\0\x12\x34\x56\x78"))


def why(data: bytes) -> BadFile:
    with pytest.raises(BadFile) as caught:
        read_list(data, "名单.xlsx")
    return caught.value


def test_a_sound_workbook_and_plain_text_are_told_apart_by_what_is_inside() -> None:
    assert kind_of(workbook(), "a.csv") is FileKind.WORKBOOK
    assert kind_of("姓名,单位".encode(), "a.xlsx") is FileKind.TEXT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (compound("Workbook")[:-512], "cut_off"),
        (compound("Workbook")[:300], "cut_off"),
        (compound("EncryptedPackage"), "encrypted"),
        (compound("Workbook", LOCKED), "encrypted"),
        (compound("Workbook", b"nonsense" * 1000), "broken"),
        (compound("WordDocument"), "wrong_kind"),
        (compound("PowerPoint Document"), "wrong_kind"),
        (compound("VisioDocument"), "wrong_kind"),
        (b"%PDF-1.7 ...", "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "wrong_kind"),
        (b"<html><table><tr><td>\xe5\xa7\x93\xe5\x90\x8d</td></tr></table></html>", "wrong_spreadsheet"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "wrong_spreadsheet"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "wrong_spreadsheet"),
        (b"MZ\x90\0\x03\0\0\0", "wrong_kind"),
        (zipped("word/document.xml"), "wrong_kind"),
        (zipped("xl/workbook.bin"), "wrong_spreadsheet"),
        (zipped("photo.jpg"), "wrong_kind"),
        ("姓名,单位\n张三,一支部".encode("gb18030") + b"\xff\xff", "encoding"),
        (b"x" * ((32 << 20) + 1), "too_large"),
    ],
)
def test_what_cannot_be_a_list_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    fault = why(data)
    assert fault.why == reason
    assert fault.facts["file"] == "名单.xlsx"
    assert fault.zh.endswith("。")
    assert fault.en.isascii()


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_cut_off_on_the_way_is_called_incomplete(share: float) -> None:
    whole = workbook()
    assert why(whole[: int(len(whole) * share)]).why == "cut_off"


def test_every_flipped_byte_is_either_harmless_or_refused_in_words() -> None:
    whole = workbook()
    for place in range(0, len(whole), 37):
        hurt = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        try:
            read_list(hurt, "a.xlsx")
        except BadFile as fault:
            assert fault.zh


@pytest.mark.parametrize(
    "changes",
    [
        {"xl/worksheets/sheet1.xml": None},
        {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row r='x'><c r='A1'>"},
        {"xl/workbook.xml": b"<workbook/>"},
        {"xl/styles.xml": b"<styleSheet><cellXfs><xf numFmtId='no'/></cellXfs></styleSheet>"},
    ],
)
def test_a_workbook_that_is_broken_inside_is_refused(changes: dict[str, bytes | None]) -> None:
    assert why(repacked(changes)).why in {"broken", "no_header"}


def test_a_zip_bomb_is_refused_by_its_list_of_parts_before_anything_is_unpacked() -> None:
    bomb = repacked({"xl/media/big.bin": b"\0" * (25 << 20)})
    assert len(bomb) < 100_000
    assert why(bomb).why == "unsafe"
    assert why(repacked({f"xl/x{n}.bin": b"" for n in range(2100)})).why == "unsafe"


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_beyond_the_lie() -> None:
    # 25 MB of spaces before the sheet's root, declared as 1,000 bytes in both the part's head and the list.
    real = b" " * (25 << 20) + b"<worksheet/>"
    bomb = bytearray(repacked({"xl/worksheets/sheet1.xml": real}))
    length = len(real).to_bytes(4, "little")
    assert length in bomb
    assert why(bytes(bomb).replace(length, (1000).to_bytes(4, "little"))).why in {"broken", "unsafe"}


@pytest.mark.parametrize(
    "attack",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
        b"<!--" + b"x" * (1 << 20) + b'--><!DOCTYPE x [<!ENTITY e "boo">]>',
    ],
)
def test_entities_and_document_types_are_refused_wherever_they_stand(attack: bytes) -> None:
    sheet = b"<?xml version='1.0'?>" + attack + b"<worksheet><sheetData/></worksheet>"
    for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "_rels/.rels"):
        assert why(repacked({part: sheet})).why == "unsafe"


def test_a_document_type_across_two_reads_is_seen() -> None:
    for shift in range(1, 9):
        start = b"<?xml version='1.0'?><!--"
        filling = b"x" * ((1 << 20) - len(start) - 3 - shift)
        sheet = start + filling + b'--><!DOCTYPE x []><worksheet/>'
        assert sheet.index(b"<!DOCTYPE") == (1 << 20) - shift
        assert why(repacked({"xl/worksheets/sheet1.xml": sheet})).why == "unsafe"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp037", "utf-7"])
def test_a_document_type_cannot_hide_in_another_encoding(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY e "boo">]><worksheet/>'
    # UTF-7 may write any character as base 64.
    written = text.replace("<!", "+ADwAIQ-").encode("ascii") if encoding == "utf-7" else text.encode(encoding)
    assert why(repacked({"xl/worksheets/sheet1.xml": written})).why == "unsafe"


def test_a_made_up_row_number_does_not_keep_the_reader_busy() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>\xe5\xa7\x93\xe5\x90\x8d</t></is></c></row>'
        b'<row r="99999999999"><c r="XFD99999999999" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    assert why(repacked({"xl/worksheets/sheet1.xml": sheet})).why == "no_rows"


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = b"<worksheet " + MAIN + b"><sheetData>"


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", HEAD + b"<row>" + b"<c/>" * 20_000 + b"</row></sheetData></worksheet>"),
        ("xl/worksheets/sheet1.xml", HEAD + b"<x>" * 1_000_000),
        ("xl/worksheets/sheet1.xml", HEAD + b'<row r="' + b"1" * (6 << 20) + b'"/></sheetData></worksheet>'),
        ("xl/worksheets/sheet1.xml", HEAD + b'</sheetData><mergeCells>' + b'<mergeCell ref="A1:A9"/>' * 20_001 + b"</mergeCells></worksheet>"),
        ("xl/sharedStrings.xml", b"<sst " + MAIN + b">" + b"<si/>" * 50_001 + b"</sst>"),
        ("xl/styles.xml", b"<styleSheet " + MAIN + b"><cellXfs>" + b'<xf a="1"/>' * 15_001 + b"</cellXfs></styleSheet>"),
        ("xl/workbook.xml", b"<workbook " + MAIN + b">" + b"<a>" * 50 + b"</a>" * 50 + b"</workbook>"),
        ("[Content_Types].xml", b"<Types>" + b"<Default/>" * 30_001 + b"</Types>"),
    ],
    ids=["a row without end", "nesting", "a tag without end", "merges", "strings", "styles", "workbook", "types"],
)  # fmt: skip
def test_a_part_made_to_fill_memory_is_refused_while_it_is_read(
    part: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small enough by its bytes, and harmful to a reader that keeps all it sees. Lower limits spare us the minutes."""
    monkeypatch.setattr(workbooks, "_MOST_MERGES", 20_000)
    monkeypatch.setattr(workbooks, "_MOST_STRINGS", 50_000)
    monkeypatch.setattr(parts, "_FEW_ELEMENTS", 30_000)
    excel = io.BytesIO()
    with xlsxwriter.Workbook(excel) as book:
        book.add_worksheet("名单").write_row(0, 0, ("姓名", "单位"))
    list_with_a_header = content.replace(b"<sheetData>", b"<sheetData><row><c t='str'><v>\xe5\xa7\x93\xe5\x90\x8d</v></c></row>", 1)
    hurt = repacked({part: list_with_a_header}, excel.getvalue())
    tracemalloc.start()
    fault = why(hurt)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert fault.why == "unsafe"
    assert peak < 40 << 20
