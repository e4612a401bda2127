"""Plain tables to take away: .csv and .xlsx that no spreadsheet mistakes for formulas (see `analysis.cells`)."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from analysis.cells import Book, Cell

_NARROWEST, _WIDEST = 8, 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a header and rows. Missing cells are None; numbers stay numbers."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with frozen headers and columns wide enough to read. Text stays text, whatever it begins with."""
    book = Book()
    head = book.style(bold=True, bottom=2, bg_color="#EEE9DF")
    for sheet in sheets:
        page = book.sheet(sheet.title)
        page.freeze_panes(1, 0)
        for number, row in enumerate((sheet.header, *sheet.rows)):
            for place, cell in enumerate(row):
                book.write(page, number, place, cell, None if number else head)
        for place in range(len(sheet.header)):
            page.set_column(place, place, _column_width(sheet, place))
    return book.bytes()


@dataclass(frozen=True, slots=True)
class Rows:
    """One sheet whose rows come a few at a time, with the widths of its columns."""

    title: str
    header: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]
    widths: tuple[int, ...]


def rows_xlsx(sheets: Iterable[Rows]) -> bytes:
    """A workbook of sheets as long as they may be: no row stays in memory."""
    book = Book(large=True)
    head = book.style(bold=True, bottom=2, bg_color="#EEE9DF")
    text = book.style(num_format="@")
    for sheet in sheets:
        page = book.sheet(sheet.title)
        page.freeze_panes(1, 0)
        for place, width in enumerate(sheet.widths):
            page.set_column(place, place, width)
        for number, row in enumerate(chain([sheet.header], sheet.rows)):
            for place, cell in enumerate(row):
                book.write(page, number, place, cell, text if number else head)
    return book.bytes()


def _column_width(sheet: Sheet, place: int) -> int:
    texts = [sheet.header[place], *(str(row[place]) for row in sheet.rows[:500] if place < len(row) and row[place] is not None)]
    widest = max(sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text) for text in texts)
    return min(_WIDEST, max(_NARROWEST, widest + 2))
