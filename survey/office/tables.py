"""Plain tables to take away: .csv and .xlsx that no spreadsheet mistakes for formulas (see `analysis.cells`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from analysis.cells import Book, Cell, column_width

# Cells of a column that are looked at to see how wide it must be.
_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a header and rows. Missing cells are None; numbers stay numbers. `under` are sentences under the table."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    under: tuple[str, ...] = ()


def xlsx_bytes(sheets: Sequence[Sheet], *, foot: str = "") -> bytes:
    """A workbook with frozen headers and columns wide enough to read. Text stays text, whatever it begins with; at the `foot` of
    every page stands what it belongs to."""
    book = Book()
    head = book.style(bold=True, bottom=2, bg_color="#EEE9DF")
    for sheet in sheets:
        page = book.sheet(sheet.title)
        book.lay_out(page, size=(len(sheet.rows), len(sheet.header)), foot=foot)
        for number, row in enumerate((sheet.header, *sheet.rows)):
            for place, cell in enumerate(row):
                book.write(page, number, place, cell, None if number else head)
        for number, text in enumerate(sheet.under, start=len(sheet.rows) + 1):
            book.write(page, number, 0, text)
        for place, name in enumerate(sheet.header):
            page.set_column(place, place, column_width([name, *(row[place] for row in sheet.rows[:_LOOKED_AT] if place < len(row))]))
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
        page, number = book.sheet(sheet.title), 0
        for place, width in enumerate(sheet.widths):
            page.set_column(place, place, width)
        for number, row in enumerate(chain([sheet.header], sheet.rows)):
            for place, cell in enumerate(row):
                book.write(page, number, place, cell, text if number else head)
        book.lay_out(page, size=(number, len(sheet.header)))
    return book.bytes()
