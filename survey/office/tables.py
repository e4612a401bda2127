"""Plain tables to take away: .csv and .xlsx that no spreadsheet mistakes for formulas."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

Cell = str | int | float | None
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NARROWEST, _WIDEST = 8, 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a header and rows. Missing cells are None; numbers stay numbers."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, so that Excel reads the Chinese; text that a spreadsheet would run gets a leading '."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(cell) for cell in header])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def neutral(cell: Cell) -> Cell:
    """A text cell that cannot start a formula (OWASP: CSV injection); numbers are left alone."""
    if not isinstance(cell, str):
        return cell
    return "'" + cell if cell.lstrip(" \u3000\u00a0").startswith(_RISKY) or cell.startswith(_RISKY) else cell


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with frozen headers and columns wide enough to read. Text stays text, whatever it begins with."""
    out = io.BytesIO()
    quiet = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
             "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(out, quiet) as book:
        # The day of making is nobody's business, and equal tables make equal files.
        book.set_properties({"created": datetime(2000, 1, 1)})
        head = book.add_format({"bold": True, "bottom": 2, "bg_color": "#EEE9DF"})
        taken: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_title(sheet.title, taken))
            page.freeze_panes(1, 0)
            page.write_row(0, 0, sheet.header, head)
            for number, row in enumerate(sheet.rows, start=1):
                page.write_row(number, 0, row)
            for place in range(len(sheet.header)):
                page.set_column(place, place, _column_width(sheet, place))
    return out.getvalue()


def _title(wanted: str, taken: set[str]) -> str:
    """A name Excel allows for a sheet: 31 characters, none of []:*?/\\, no quote at its ends, none twice."""
    plain = "".join("-" if each in "[]:*?/\\" else each for each in wanted).strip("' ")[:31] or "表"
    name = plain
    number = 2
    while name.casefold() in taken:
        end = f" {number}"
        name, number = plain[: 31 - len(end)] + end, number + 1
    taken.add(name.casefold())
    return name


def _column_width(sheet: Sheet, place: int) -> int:
    texts = [sheet.header[place], *(str(row[place]) for row in sheet.rows[:500] if place < len(row) and row[place] is not None)]
    widest = max(sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text) for text in texts)
    return min(_WIDEST, max(_NARROWEST, widest + 2))
