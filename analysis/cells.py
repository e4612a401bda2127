"""Cells of tables for spreadsheets: what somebody typed never becomes a formula. Every writer goes through here.

A spreadsheet runs a cell that begins with = + - @ (some versions with their full-width forms), also after spaces, and
programs strip quotes, tabs and line breaks in front. The remedy everybody knows is the apostrophe (OWASP, “CSV
Injection”): in a .csv it is written in front of the text; in an .xlsx it is the cell's own mark for it (quotePrefix), so
that the text itself stays as it was typed. Numbers stay numbers.
"""

import codecs
import csv
import io
import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import xlsxwriter

# A figure with the digits it is printed with is a Decimal.
Cell = str | int | float | Decimal | None

_RISKY: Final = "=+\\-@＝＋－＠"
# What programs skip or strip before they look: spaces of every kind, what nobody sees, quotes.
_SKIPPED: Final = "\\s\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\"'`‘’“”«»＂＇"
_STARTS: Final = re.compile(f"[{_SKIPPED}]*[\t\r\n{_RISKY}]")
# Where a .csv is read with semicolons or tabs, or its quotes are not understood, a new cell begins inside the text.
_INSIDE: Final = re.compile(f"(?<=[;\t\r\n])(?=[{_SKIPPED}]*[{_RISKY}])")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
# XML has no letters for these, whatever is written in their place: a workbook with one does not open.
_NO_LETTERS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_NAME: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
# Nothing that somebody typed becomes a formula, a link or a number.
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_EPOCH: Final = datetime(2000, 1, 1)
_LONGEST: Final = 32_767
_AT_ONCE: Final = 1_000
# Long tables say the same again and again.
_CELLS_KEPT: Final = 4_096
_LONGEST_NAME: Final = 31
_A4: Final = 9
# Of the 255 signs of a foot; and of a column, in digits: how narrow and how wide it is set, and how much it holds beside its text.
_LONGEST_FOOT: Final = 80
_NARROWEST, _WIDEST, _BESIDE = 8, 60, 2


def is_risky(text: str) -> bool:
    """Whether a spreadsheet might run this text; a plain number such as -3.5 is none of that."""
    return bool(_STARTS.match(text)) and not _NUMBER.fullmatch(text)


def neutral(cell: Cell) -> Cell:
    """A cell for a .csv: text that might be run gets an apostrophe in front, numbers are left alone."""
    return _neutral(cell) if isinstance(cell, str) else cell


@lru_cache(_CELLS_KEPT)
def _neutral(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else ("'" if is_risky(text) else "") + _INSIDE.sub("'", text)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole .csv: UTF-8 with its mark, so that Excel reads the Chinese; nothing in it can be run."""
    return b"".join(csv_parts(header, map(csv_line, rows)))


def csv_parts(header: Sequence[str], lines: Iterable[str]) -> Iterator[bytes]:
    """The same piece by piece, for a table that is too long to be held at once; its lines are made by `csv_line`."""
    yield codecs.BOM_UTF8
    every = itertools.chain([csv_line(header)], lines)
    while some := list(itertools.islice(every, _AT_ONCE)):
        yield "\r\n".join([*some, ""]).encode("utf-8", "replace")


def csv_line(cells: Iterable[Cell]) -> str:
    """Cells as they stand in a line of it: all of them, or some before others."""
    out = io.StringIO(newline="")
    # With one behind them: an empty cell alone in its line would be written as two quotes.
    csv.writer(out, lineterminator="\r\n").writerow([*map(neutral, cells), ""])
    return out.getvalue()[: -len(",\r\n")]


@dataclass(frozen=True)
class Style:
    """How cells look, for text that might be run and for everything else."""

    plain: Any
    quoted: Any


class Book:
    """A workbook whose cells are what they were: text is text, numbers are numbers. Equal content gives equal bytes."""

    def __init__(self, title: str = "", *, large: bool = False) -> None:
        self._out = io.BytesIO()
        self._names: set[str] = set()
        # A large one keeps no row in memory: rows must be written from the top down.
        self.file = xlsxwriter.Workbook(self._out, {**_OPTIONS, "in_memory": not large, "constant_memory": large})
        # The day of making is nobody's business.
        self.file.set_properties({"created": _EPOCH, **({"title": title} if title else {})})
        self.plain = self.style()
        self._digits: dict[int, Style] = {}

    def style(self, **looks: Any) -> Style:
        """A look for cells, in xlsxwriter's words."""
        return Style(self.file.add_format(looks), self.file.add_format({**looks, "quote_prefix": True}))

    def sheet(self, name: str) -> Any:
        """A new sheet. Its name is cleaned, shortened to Excel's 31 UTF-16 units and made unlike every other."""
        stem = _short(_NO_NAME.sub(" ", name).strip().strip("'").strip(), _LONGEST_NAME - 3) or "表"
        stem = f"{stem}表" if stem.lower() == "history" else stem
        found, number = stem, 1
        while found.lower() in self._names:
            number += 1
            found = f"{_short(stem, _LONGEST_NAME - 1 - len(str(number)))}-{number}"
        self._names.add(found.lower())
        return self.file.add_worksheet(found)

    def write(self, page: Any, row: int, column: int, cell: Cell, style: Style | None = None) -> None:
        """Write one cell; None and NaN leave it empty."""
        look = style or (self._figure(cell) if isinstance(cell, Decimal) else self.plain)
        if isinstance(cell, str):
            text = _NO_LETTERS.sub("\ufffd", cell)[:_LONGEST]
            shape = look.quoted if is_risky(text) else look.plain
            if text.startswith("<r>") and text.endswith("</r>"):
                # xlsxwriter takes this for markup of its own and would write it as it is.
                page.write_rich_string(row, column, text[:1], shape, text[1:], shape)
            elif text:
                page.write_string(row, column, text, shape)
        elif cell is not None and math.isfinite(cell):
            page.write_number(row, column, cell, look.plain)

    def lay_out(self, page: Any, *, head: int = 0, left: int = 0, size: tuple[int, int], foot: str = "") -> None:
        """A sheet of a table: its head, and so many columns from the left, stay in sight; its rows can be filtered; printed it is one
        page of A4 wide, with the head on every page and which page of how many at the foot.

        Parameters
        ----------
        head : int
            The row of the head; what stands above it is printed on every page, too.
        size : (int, int)
            How many rows there are below the head, and how many columns.
        foot : str
            What the sheet belongs to.
        """
        rows, columns = size
        page.set_paper(_A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, head)
        page.freeze_panes(head + 1, left)
        if rows and columns > 1:
            page.autofilter(head, 0, head + rows, columns - 1)
        # An ampersand begins a code of Excel's own, and a digit behind a size would belong to it.
        told = _NO_LETTERS.sub("", foot)[:_LONGEST_FOOT].replace("&", "&&")
        page.set_footer(f"&L&8 {told}&C&8 &A&R&8 &P / &N", {"scale_with_doc": False})

    def bytes(self) -> bytes:
        """The finished file."""
        self.file.close()
        return self._out.getvalue()

    def _figure(self, cell: Decimal) -> Style:
        """As many digits behind the point as the figure is printed with."""
        exponent = cell.as_tuple().exponent
        digits = max(0, -exponent) if isinstance(exponent, int) else 0
        if digits not in self._digits:
            self._digits[digits] = self.style(num_format="0." + "0" * digits if digits else "0")
        return self._digits[digits]


def column_width(cells: Iterable[Cell]) -> int:
    """How wide a column is in which these can be read, in digits; a Chinese letter is as wide as two."""
    texts = [str(cell) for cell in cells if cell is not None]
    widest = max((sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text) for text in texts), default=0)
    return min(_WIDEST, max(_NARROWEST, widest + _BESIDE))


def _short(text: str, most: int) -> str:
    """The beginning of a text, in UTF-16 units: a letter beyond U+FFFF counts twice."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore").rstrip("' ")
