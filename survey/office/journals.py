"""The journal as a file: every cell goes through the cells that nothing can run in."""

from collections.abc import Sequence

from analysis.cells import Book, csv_bytes

_WIDTHS = (18, 16, 60, 40, 30)


def journal_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """For any spreadsheet."""
    return csv_bytes(header, rows)


def journal_xlsx(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet whose first row stays."""
    book = Book(name)
    page = book.sheet(name)
    bold = book.style(bold=True)
    for column, (title, width) in enumerate(zip(header, _WIDTHS, strict=True)):
        book.write(page, 0, column, title, bold)
        page.set_column(column, column, width)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            book.write(page, number, column, cell)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(rows), 1), len(header) - 1)
    return book.bytes()
