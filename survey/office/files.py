"""Files people bring: what kind one is, and whether it may be opened. Nothing here trusts a name or a size it is told."""

import re
import zipfile
import zlib
from enum import StrEnum
from io import BytesIO

from survey.domain.refusals import Refused
from survey.office import compound

MOST_BYTES = 32 << 20
# A sheet of 200,000 rows unpacks to about 80 MB; every other part of a workbook is small.
MOST_SHEET = 120 << 20
MOST_STRINGS = 40 << 20
MOST_PART = 20 << 20
MOST_UNPACKED = 160 << 20
MOST_PARTS = 2000

_MB = 1 << 20
_CHUNK = 1 << 20
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")

# How a kind is called before 文件, and in English.
_KINDS: dict[str, str] = {
    " PDF ": "a PDF", "图片": "a picture", "压缩": "an archive", " Word ": "a Word document", "幻灯片": "a presentation",
    " .xlsb ": "an .xlsb workbook", " OpenDocument ": "an OpenDocument file", "网页或 XML ": "a web page or XML",
    "别的类型的": "a file of another kind",
}
_SENTENCES: dict[str, tuple[str, str]] = {
    "empty": ("这个文件是空的。请选有内容的名单。", "This file is empty. Choose a list with something in it."),
    "too_large": (
        "文件超过 {most} MB。二十万人的名单也不到 {most} MB，请删去图片和别的工作表再试。",
        "The file is larger than {most} MB. Even a list of 200,000 people is smaller: remove pictures and other sheets and try again.",
    ),
    "encrypted": (
        "这个文件设了打开密码，读不出来。请用 Excel 或 WPS 打开，去掉密码，保存以后再导入。",
        "This file is locked with a password and cannot be read. Open it in Excel or WPS, remove the password, save it and import it again.",
    ),
    "wrong_kind": (
        "这是{kind}文件，不是表格，读不出名单。请把名单放进 Excel 表格，存成 .xlsx 再导入。",
        "This is {kind_en} and no spreadsheet, so no list can be read from it. Put the list into Excel, save it as .xlsx and import that.",
    ),
    # Excel opens these, so the way out is short.
    "wrong_spreadsheet": (
        "这其实是{kind}文件，直接读不出名单。请用 Excel 或 WPS 打开它，点“文件”里的“另存为”，选 .xlsx，再导入新存的那一份。",
        "This is really {kind_en}, no list can be read from it as it is. Open it in Excel or WPS, choose Save As, pick .xlsx, and import the new file.",
    ),
    "cut_off": (
        "文件不完整，可能没有传完。请重新保存或重新传一次。",
        "The file is incomplete, perhaps it was cut off on the way. Save or send it once more.",
    ),
    "broken": (
        "文件损坏，打不开。请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。",
        "The file is damaged and cannot be opened. Open it in Excel or WPS and save it as .xlsx.",
    ),
    "unsafe": (
        "文件展开后大得不正常，或者夹带了外部引用，没有打开。请把名单复制到新的工作簿再导入。",
        "Unpacked, this file is unusually large or refers to things outside. It was not opened: copy the list into a new workbook.",
    ),
    "encoding": (
        "文字编码读不懂。请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。",
        "The encoding of the text cannot be read. Open it in Excel or WPS and save it as .xlsx.",
    ),
    "quotes": (
        "第 {row} 行附近的引号不成对，后面的内容读不准。请改好这一行，或者另存为 .xlsx 再导入。",
        "Near row {row} a quotation mark is not closed. Mend that row, or save the list as .xlsx.",
    ),
    "no_header": (
        "没有找到表头。请让一行里有“姓名”和“所在党支部”这样的列名，或者下载模板来填。",
        "No header row was found. One row needs column names such as 姓名 and 所在党支部; or fill in the template.",
    ),
    "only_hidden": (
        "能看见的工作表里没有名单，“{sheet}”是隐藏的，没有读。请在 Excel 里取消隐藏，保存以后再导入。",
        "No visible sheet holds a list, and the hidden sheet 「{sheet}」 was not read. Unhide it in Excel, save the file and import it again.",
    ),
    "no_rows": ("表头下面没有内容。请填上名单再导入。", "There is nothing below the header. Fill in the list and import it again."),
    "no_scores": (
        "没有找到可以读的分数。请用这里下载的表来填，第一行的列名不要改，也不要删“编号”一列。",
        "No points were found. Fill in the table you can download here; leave the names in its first row and the column 编号 as they are.",
    ),
    "too_many_rows": (
        "名单超过 {most} 行。请分成几个文件导入。",
        "The list has more than {most} rows. Please split it into several files.",
    ),
    "twice": (
        "表头里有两列都是“{column}”。请删去一列，或者改掉一个列名。",
        "Two columns of the header both mean 「{column}」. Remove one, or rename it.",
    ),
}


# What Excel or WPS can open and save anew.
_RESAVE = frozenset(("网页或 XML ", " .xlsb ", " OpenDocument "))


class FileKind(StrEnum):
    """How a file is read."""

    WORKBOOK = "workbook"
    OLD_WORKBOOK = "old_workbook"
    TEXT = "text"


class BadFile(Refused):
    """A file that cannot be taken. Facts: why, file, and what the sentence needs; `zh` and `en` are whole sentences."""

    key = "bad_file"

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why=why, **facts)
        self.why = why
        self.zh, self.en = (words.format(**facts) for words in _SENTENCES[why])


def kind_of(data: bytes, filename: str) -> FileKind:
    """What a file is, decided by what is inside; a workbook is only called one when it may be opened.

    Raises
    ------
    BadFile
        It is empty, too large, of another kind, locked, cut off, or would unpack to something huge.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise BadFile("empty", file=filename)
    if len(data) > MOST_BYTES:
        raise BadFile("too_large", file=filename, most=MOST_BYTES // _MB)
    if data.startswith(compound.SIGNATURE):
        _check_compound(data, filename)
        return FileKind.OLD_WORKBOOK
    if data.startswith(b"PK"):
        _check_zip(data, filename)
        return FileKind.WORKBOOK
    kind = _kind(data)
    if kind:
        raise _wrong(kind, filename)
    return FileKind.TEXT


def _wrong(kind: str, filename: str) -> BadFile:
    why = "wrong_spreadsheet" if kind in _RESAVE else "wrong_kind"
    return BadFile(why, file=filename, kind=kind, kind_en=_KINDS[kind])


def _check_compound(data: bytes, filename: str) -> None:
    """A workbook is one of many things that lie in Microsoft's old container."""
    if not compound.is_whole(data):
        raise BadFile("cut_off", file=filename)
    if compound.holds(data, "EncryptedPackage"):
        raise BadFile("encrypted", file=filename)
    for stream, kind in (("WordDocument", " Word "), ("PowerPoint Document", "幻灯片")):
        if compound.holds(data, stream):
            raise _wrong(kind, filename)
    if not (compound.holds(data, "Workbook") or compound.holds(data, "Book")):
        raise _wrong("别的类型的", filename)


def _kind(data: bytes) -> str:
    """The Chinese name of a kind we do not read, empty when it may be text."""
    for start, kind in ((b"%PDF", " PDF "), (b"\x89PNG", "图片"), (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"),
                        (b"Rar!", "压缩"), (b"7z\xbc\xaf", "压缩"), (b"\x1f\x8b", "压缩"), (b"{\\rtf", " Word ")):
        if data.startswith(start):
            return kind
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:300].lower()
    # Office systems often hand out web pages and 2003 XML under the name .xls.
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"<style", b"<div", b"<!--", b"mime-version")):
        return "网页或 XML "
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in data[:4096]:
        return "别的类型的"
    return ""


def _check_zip(data: bytes, filename: str) -> None:
    """Look at the list of parts first: what it says is the most that will ever be read from each."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts, filename)
            names = {part.filename for part in parts}
            if any(part.flag_bits & 1 for part in parts):
                raise BadFile("encrypted", file=filename)
            if "xl/workbook.xml" not in names:
                raise _wrong(_packed_kind(names), filename)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, part, filename)
    except zipfile.BadZipFile as fault:
        # The list of parts stands at the end of the file: without it, the end is missing.
        whole = data.rfind(b"PK\x05\x06") >= 0
        raise BadFile("broken" if whole else "cut_off", file=filename) from fault
    except (zlib.error, EOFError, OSError, NotImplementedError, ValueError) as fault:
        raise BadFile("broken", file=filename) from fault


def _check_sizes(parts: list[zipfile.ZipInfo], filename: str) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadFile("unsafe", file=filename)
    for part in parts:
        most = MOST_PART
        if part.filename.startswith("xl/worksheets/"):
            most = MOST_SHEET
        elif part.filename == "xl/sharedStrings.xml":
            most = MOST_STRINGS
        if part.file_size > most:
            raise BadFile("unsafe", file=filename)


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, filename: str) -> None:
    """A workbook's parts are UTF-8 and have no document type (ECMA-376): entities could only be there to do harm."""
    with archive.open(part) as stream:
        before = b""
        while chunk := stream.read(_CHUNK):
            if not before:
                start = chunk.removeprefix(b"\xef\xbb\xbf")
                said = _ENCODING.match(start)
                if not start.lstrip().startswith(b"<") or b"\0" in start[:200]:
                    raise BadFile("unsafe", file=filename)
                if said and said[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
                    raise BadFile("unsafe", file=filename)
            if b"<!DOCTYPE" in before[-8:] + chunk or b"<!ENTITY" in before[-8:] + chunk:
                raise BadFile("unsafe", file=filename)
            before = chunk


def _packed_kind(names: set[str]) -> str:
    if "word/document.xml" in names:
        return " Word "
    if "ppt/presentation.xml" in names:
        return "幻灯片"
    if "xl/workbook.bin" in names:
        return " .xlsb "
    if "content.xml" in names:
        return " OpenDocument "
    return "压缩"
