"""Sheets of an old .xls (BIFF), which many offices still hand about; xlrd knows the format."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT

from survey.office.files import BadFile
from survey.office.grids import MOST_COLUMNS, Cleaner, Grid, Numbered, clean, number_text
from survey.office.merges import Span


@contextmanager
def old_workbook(data: bytes, filename: str, tidy: Callable[[str], str] = clean) -> Iterator[list[Grid]]:
    """The sheets in their order, loaded one at a time; `tidy` makes one line of a text.

    Raises
    ------
    BadFile
        It is locked, or xlrd stumbles over it: as with .xlsx, all of that means the same.
    """
    try:
        # The formats tell 007 from 7 and what is merged; ragged rows, or a wide sheet would be padded by the million.
        with xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        ) as book:
            known = Cleaner(tidy)
            yield [_grid(book, place, known) for place in range(book.nsheets)]
    except BadFile:
        raise
    except Exception as fault:
        locked = "encrypted" in str(fault).lower()
        raise BadFile("encrypted" if locked else "broken", file=filename) from fault


def _grid(book: xlrd.Book, place: int, tidy: Cleaner) -> Grid:
    spans: list[Span] = []
    hidden = book._sheet_visibility[place] != 0
    return Grid(book.sheet_names()[place], hidden, partial(_rows, book, place, tidy, spans), lambda: spans)


def _rows(book: xlrd.Book, place: int, tidy: Cleaner, spans: list[Span]) -> Iterator[Numbered]:
    sheet = book.sheet_by_index(place)
    try:
        for first, last, left, right in sheet.merged_cells:
            if right == left + 1:
                spans.append(Span(left, first + 1, last))
        for number in range(sheet.nrows):
            width = min(sheet.row_len(number), MOST_COLUMNS)
            texts = tuple(_text(book, sheet.cell(number, column), tidy) for column in range(width))
            if any(texts):
                yield number + 1, texts
    finally:
        book.unload_sheet(place)


def _text(book: xlrd.Book, cell: xlrd.sheet.Cell, tidy: Cleaner) -> str:
    match cell.ctype:
        case t if t == XL_CELL_TEXT:
            return tidy(cell.value)
        case t if t == XL_CELL_NUMBER:
            form = book.format_map.get(book.xf_list[cell.xf_index].format_key)
            return number_text(cell.value, form.format_str if form else "")
        case t if t == XL_CELL_DATE:
            when = xlrd.xldate_as_datetime(cell.value, book.datemode)
            return when.date().isoformat() if when.time() == when.min.time() else when.isoformat(" ", "minutes")
        case t if t == XL_CELL_BOOLEAN:
            return "是" if cell.value else "否"
        case t if t == XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""
