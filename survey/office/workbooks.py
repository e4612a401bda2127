"""Sheets of an .xlsx, a row at a time: openpyxl knows the format, we bound what it may hold in memory."""

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element, iterparse

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import WorkSheetParser

from survey.office.files import BadFile
from survey.office.grids import LAST_ROW, MOST_COLUMNS, NO_VALUE, Cleaner, Grid, Numbered, number_text
from survey.office.merges import Span

# A row of Excel's widest sheet has 16,384 cells of at most four elements each; more is made to fill our memory.
_MOST_ELEMENTS = 100_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


@contextmanager
def workbook(data: bytes, filename: str) -> Iterator[list[Grid]]:
    """The sheets in their order. Formulas give the value they had when the file was saved.

    Raises
    ------
    BadFile
        Whatever openpyxl stumbles over: inside is someone else's file, and all of it means the same.
    """
    try:
        with warnings.catch_warnings():
            # openpyxl warns of extensions it leaves out; none holds a cell's text.
            warnings.simplefilter("ignore")
            with closing(openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)) as book:
                tidy = Cleaner()
                yield [_grid(sheet, tidy) for sheet in book.worksheets]
    except BadFile:
        raise
    except _TooMuch as fault:
        raise BadFile("unsafe", file=filename) from fault
    except Exception as fault:
        raise BadFile("broken", file=filename) from fault


def _grid(sheet: Any, tidy: Callable[[str], str]) -> Grid:
    spans: list[Span] = []
    return Grid(sheet.title, sheet.sheet_state != "visible", partial(_rows, sheet, tidy, spans), lambda: spans)


def _rows(sheet: Any, tidy: Callable[[str], str], spans: list[Span]) -> Iterator[Numbered]:
    """Rows that hold cells; numbers that do not grow are counted on, as Excel does."""
    book = sheet.parent
    with sheet._get_source() as source:
        parser = _Parser(
            source, sheet._shared_strings, data_only=True, epoch=book.epoch,
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        last = 0
        for element in _rows_and_merges(source):
            if element.tag != _MAIN + "row":
                spans.extend(_span(element.get("ref", "")))
                continue
            number, cells = parser.parse_row(element)
            last = max(number, last + 1)
            if last > LAST_ROW:
                return
            yield last, _texts(sheet, cells, tidy)


class _TooMuch(Exception):
    """One row or one part of a sheet holds more than any list would."""


class _Parser(WorkSheetParser):
    """openpyxl's reader of cells, which forgets formulas whose value is missing: such a row must be named."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.find(_MAIN + "f") is not None and element.find(_MAIN + "v") is None:
            cell["value"], cell["data_type"] = NO_VALUE, "mark"
        return cell

    row_counter: int
    col_counter: int

    def parse_row(self, row: Element) -> tuple[int, list[dict[str, Any]]]:
        number = row.get("r")
        self.row_counter = int(float(number)) if number else self.row_counter + 1
        self.col_counter = 0
        return self.row_counter, [self.parse_cell(each) for each in row if each.tag == _MAIN + "c"]


def _rows_and_merges(source: Any) -> Iterator[Element]:
    """Rows, then merged cells, each let go of when the next is asked for."""
    held = 0
    path: list[Element] = []
    for event, element in iterparse(source, events=("start", "end")):  # noqa: S314 - document types were refused before
        if event == "start":
            path.append(element)
            held += 1
            if held > _MOST_ELEMENTS:
                raise _TooMuch
            continue
        path.pop()
        if element.tag in (_MAIN + "row", _MAIN + "mergeCell"):
            yield element
        if len(path) <= 2:
            # A part of the sheet, or one of its rows, is through: nothing of it is needed any more.
            held = len(path)
            element.clear()
            if path:
                path[-1].clear()


def _span(ref: str) -> Iterator[Span]:
    """A merge that goes down within one column; any other fills no cells of a list."""
    found = _REF.fullmatch(ref)
    if found and found[1] == found[3]:
        yield Span(column_index_from_string(found[1]) - 1, int(found[2]), int(found[4]))


def _texts(sheet: Any, cells: list[dict[str, Any]], tidy: Callable[[str], str]) -> tuple[str, ...]:
    row: list[str] = []
    for cell in cells:
        value, place = cell["value"], cell["column"] - 1
        if value is None or not 0 <= place < MOST_COLUMNS:
            continue
        while len(row) <= place:
            row.append("")
        if cell["data_type"] == "mark":
            row[place] = NO_VALUE
        elif isinstance(value, str):
            row[place] = tidy(value)
        else:
            row[place] = _value_text(value, sheet, cell)
    return tuple(row)


def _value_text(value: object, sheet: Any, cell: dict[str, Any]) -> str:
    """A cell that is no text as people see it."""
    match value:
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
        case int() | float():
            return number_text(value, str(ReadOnlyCell(sheet, **cell).number_format))
        case timedelta():
            return str(value)
    return str(value)
