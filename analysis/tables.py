"""Read a spreadsheet as rows of text: CSV (UTF-8, with or without BOM, GB18030) or .xlsx, refusing what is not whole."""

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import openpyxl

from analysis.refusals import Refused

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"
WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
FORMULA: Final = re.compile(rb"<f[ >/]")


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row of the file with its number in the spreadsheet (the header is row 1), all cells as text.

    Empty lines of a CSV are not rows, though they are counted in the numbers. In a workbook numbers are read as
    they are typed (5, not 5.0) and empty rows at the end are formatting, not rows.

    Raises
    ------
    Refused
        The file cannot be read, is cut off, protected, of another kind or in another encoding.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"读不到文件 {path}（{error.strerror}）。请核对路径和权限。",
                      f"The file {path} cannot be read ({error.strerror}). Please check its path and rights.") from None
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise Refused(f"{path.name} 不是 .csv 或 .xlsx。请另存为其中一种后再试。",
                      f"{path.name} is neither .csv nor .xlsx. Please save it as one of these and try again.")
    if not data.strip():
        raise Refused(f"{path.name} 是空的。请核对是不是选错了文件。",
                      f"{path.name} is empty. Please check that it is the right file.")
    if data.startswith(OLE):
        raise Refused(f"{path.name} 有密码，或是旧的 .xls 格式。请取消密码，另存为 .xlsx 后再试。",
                      f"{path.name} has a password or is an old .xls. Please remove the password and save it as .xlsx.")
    if data.startswith(ZIP):
        return _workbook(data, path.name)
    if path.suffix.lower() == ".xlsx":
        raise _unreadable(path.name)
    return _lines(io.TextIOWrapper(io.BytesIO(data), _encoding(data, path.name), newline=""), path.name)


def _encoding(data: bytes, name: str) -> str:
    if data.startswith(WIDE) or b"\x00" in data:
        raise Refused(f"{name} 不是 UTF-8 或 GB18030 编码的文字。请另存为“CSV UTF-8”后再试。",
                      f"{name} is not text in UTF-8 or GB18030. Please save it as “CSV UTF-8” and try again.")
    try:
        data.decode("utf-8-sig")
        return "utf-8-sig"
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > 0 and not data[: error.start].isascii():
            raise _cut_off(name) from None
    try:
        # What says it is UTF-8 and is not would read as other, wrong characters in GB18030.
        other = "ascii" if data.startswith(codecs.BOM_UTF8) else "gb18030"
        data.decode(other)
        return other
    except UnicodeDecodeError:
        raise Refused(f"{name} 的编码既不是 UTF-8，也不是 GB18030。请另存为“CSV UTF-8”后再试。",
                      f"{name} is in neither UTF-8 nor GB18030. Please save it as “CSV UTF-8” and try again.") from None


def _lines(text: Iterable[str], name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, strict=True)
    number, width = 0, 0
    try:
        for number, row in enumerate(reader, start=1):
            if not row:
                continue
            width = width or len(row)
            if len(row) != width:
                raise Refused(
                    f"第 {number} 行有 {len(row)} 格，表头有 {width} 格，文件可能不完整。请补齐或另存为 .xlsx 后再试。",
                    f"Row {number} has {len(row)} cells and the header {width}; the file may not be whole. Please mend "
                    "the row, or save the table as .xlsx, and try again.")
            yield number, row
    except csv.Error as error:
        raise Refused(f"第 {number + 1} 行起读不下去，引号没有配对或文件被截断。请核对后再试。",
                      f"Reading stops at row {number + 1} ({error}): a quotation mark is not closed or the file is "
                      "cut off. Please check it and try again.") from None


def _workbook(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    waiting: list[tuple[int, list[str]]] = []
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out (drop-down lists, themes): nothing a table needs.
            warnings.simplefilter("ignore")
            cells = list(_cells(data))
    except Refused:
        raise
    except Exception as error:  # A damaged workbook fails anywhere in openpyxl, with any exception.
        raise _unreadable(name) from error
    width = len(cells[0]) if cells else 0
    for number, row in enumerate(cells, start=1):
        texts = [_text(cell) for cell in row] + [""] * (width - len(row))
        waiting.append((number, texts))
        if any(texts):
            yield from waiting
            waiting = []


def _cells(data: bytes) -> Iterator[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    written = _formulas(data)
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        values: list[object] = list(row)
        for column in written.get(number, ()):
            if column > len(values) or values[column - 1] is None:
                where = f"{openpyxl.utils.get_column_letter(column)}{number}"
                raise Refused(f"单元格 {where} 是公式，文件里没有它的结果。请用 Excel 打开并保存一次后再试。",
                              f"Cell {where} is a formula whose result is not in the file. Please open the file in "
                              "Excel, save it and try again.")
        yield values


def _formulas(data: bytes) -> dict[int, list[int]]:
    """Where the first sheet has formulas: without a stored result they would read as blank, silently."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(FORMULA.search(archive.read(name)) for name in sheets):
            return {}
    found: dict[int, list[int]] = {}
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                found.setdefault(cell.row, []).append(cell.column)
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _unreadable(name: str) -> Refused:
    return Refused(f"{name} 打不开，可能已损坏、被截断或不是 Excel 工作簿。请重新导出后再试。",
                   f"{name} cannot be opened: damaged, cut off or not an Excel workbook. Please export it again.")


def _cut_off(name: str) -> Refused:
    return Refused(f"{name} 在一个字的中间断了，文件不完整。请重新导出后再试。",
                   f"{name} ends in the middle of a character, so it is not whole. Please export it again.")
