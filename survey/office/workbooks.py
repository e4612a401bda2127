"""Sheets of an .xlsx, a row at a time: openpyxl knows the workbook, its names, states and formats; cells are streamed.

openpyxl's own reader of cells forgets formulas whose value is missing, and keeps whatever a sheet holds in one row.
"""

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from functools import lru_cache, partial
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape
from openpyxl.xml.constants import ARC_CONTENT_TYPES, ARC_STYLE, ARC_WORKBOOK, ARC_WORKBOOK_RELS, SHARED_STRINGS

from survey.office.files import BadFile
from survey.office.grids import LAST_ROW, MOST_COLUMNS, NO_VALUE, Cleaner, Grid, Numbered, clean, number_text
from survey.office.merges import Span
from survey.office.parts import TooMuch, Words, check_small, feed

_MOST_STRINGS = 2_000_000
_MOST_MERGES = 200_000
# The widest sheet of Excel.
_MOST_CELLS = 16_384
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_LETTERS = re.compile(r"[A-Z]{1,3}")


@contextmanager
def workbook(
    data: bytes, filename: str, tidy: Callable[[str], str] = clean, *, apostrophes: bool = True
) -> Iterator[list[Grid]]:
    """The sheets in their order. Formulas give the value they had when the file was saved; `tidy` makes one line of a text.

    With `apostrophes`, a text that looks like a formula has the mark before it which says that it is none.

    Raises
    ------
    BadFile
        Whatever openpyxl stumbles over: inside is someone else's file, and all of it means the same.
    """
    try:
        with warnings.catch_warnings():
            # openpyxl warns of extensions it leaves out; none holds a cell's text.
            warnings.simplefilter("ignore")
            reader = _Reader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            reader.tidy, reader.apostrophes = tidy, apostrophes
            with closing(reader.archive):
                yield reader.grids()
    except BadFile:
        raise
    except TooMuch as fault:
        raise BadFile("unsafe", file=filename) from fault
    except Exception as fault:
        raise BadFile("broken", file=filename) from fault


class _Reader(ExcelReader):
    """openpyxl's reader of a workbook, without the parts that hold no text and with strings read as a stream."""

    tidy: Callable[[str], str] = staticmethod(clean)
    apostrophes = True

    def grids(self) -> list[Grid]:
        """The sheets that hold cells; a chart on a sheet of its own holds none."""
        for part in (ARC_CONTENT_TYPES, ARC_WORKBOOK, ARC_WORKBOOK_RELS, ARC_STYLE):
            if part in self.valid_files:
                with self.archive.open(part) as source:
                    check_small(source)
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        if self.parser.workbook_part_name != ARC_WORKBOOK:
            raise ValueError("The workbook lies in another part than the one that was looked at.")
        apply_stylesheet(self.archive, self.wb)
        formats = _Formats(self.wb)
        grids = []
        for sheet, rel in self.parser.find_sheets():
            if rel.target in self.valid_files and "chartsheet" not in rel.Type:
                cells = _Cells(self.shared_strings, formats, Cleaner(self.tidy))
                cells.apostrophes = self.apostrophes
                rows = partial(self._rows, rel.target, cells)
                grids.append(Grid(sheet.name, sheet.state != "visible", rows, partial(getattr, cells, "spans")))
        return grids

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = _strings(source, self.tidy)

    def _rows(self, part: str, cells: "_Cells") -> Iterator[Numbered]:
        """Rows that hold cells; numbers that do not grow are counted on, as Excel does."""
        last = 0
        with self.archive.open(part) as source:
            for _ in feed(source, start=cells.start, end=cells.end, text=cells.words.add):
                for number, row in cells.taken():
                    last = max(number, last + 1)
                    if last > LAST_ROW:
                        return
                    yield last, row


def _strings(source: Any, tidy: Callable[[str], str]) -> list[str]:
    """The texts of a workbook, each as one clean line; how a word is read (ruby) is left out."""
    found: list[str] = []
    words = Words()
    aside = False

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal aside
        aside = aside or tag == "rPh"
        words.wanted = tag == "t" and not aside

    def end(tag: str) -> None:
        nonlocal aside
        words.wanted = False
        if tag == "rPh":
            aside = False
        elif tag == "si":
            text = words.take()
            # _x000D_ is how Excel writes a carriage return.
            found.append(tidy(unescape(text) if "_x" in text else text))
            if len(found) > _MOST_STRINGS:
                raise TooMuch

    for _ in feed(source, start=start, end=end, text=words.add):
        pass
    return found


class _Formats:
    """How the numbers of a workbook are shown."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.text = lru_cache(maxsize=None)(self._text)

    def shown(self, value: float, style: int) -> str:
        """A number as people see it: a date is ISO, 7 shown as 007 is 007."""
        if style in self._book._date_formats:
            return _moment(from_excel(value, self._book.epoch, timedelta=style in self._book._timedelta_formats))
        return number_text(value, self.text(style))

    def is_quoted(self, style: int) -> bool:
        """Whether a cell of this style holds text, whatever it begins with."""
        return bool(self._book._cell_styles[style].quotePrefix)

    def _text(self, style: int) -> str:
        number = self._book._cell_styles[style].numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return str(BUILTIN_FORMATS.get(number, "General"))
        return str(self._book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE])


class _Cells:
    """What the tags of a sheet say, gathered into rows."""

    apostrophes = True

    def __init__(self, strings: Sequence[str], formats: _Formats, tidy: Cleaner) -> None:
        self.words = Words()
        self.spans: list[Span] = []
        self._strings, self._formats, self._tidy = strings, formats, tidy
        self._rows: list[Numbered] = []
        self._row: list[str] = []
        self._number = 0
        self._place = -1
        self._cells = 0
        self._cell: dict[str, str] = {}
        self._is_formula = self._aside = False

    def taken(self) -> list[Numbered]:
        """The rows that are through, once."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag begins."""
        if tag == "c":
            self._cell, self._is_formula = attributes, False
            self._place = _column(attributes.get("r", ""), self._place + 1)
            self._cells += 1
            if self._cells > _MOST_CELLS:
                raise TooMuch
        elif tag in ("v", "t"):
            self.words.wanted = not self._aside
        elif tag == "f":
            self._is_formula = True
        elif tag == "rPh":
            self._aside = True
        elif tag == "row":
            self._number = int(float(attributes["r"])) if "r" in attributes else self._number + 1
            self._row, self._place, self._cells = [], -1, 0
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag in ("v", "t"):
            self.words.wanted = False
        elif tag == "c":
            text = self._text(self.words.take())
            if text and self._place < MOST_COLUMNS:
                self._row.extend([""] * (self._place + 1 - len(self._row)))
                self._row[self._place] = text
        elif tag == "rPh":
            self._aside = False
        elif tag == "row":
            self._rows.append((self._number, tuple(self._row)))

    def _text(self, raw: str) -> str:
        kind = self._cell.get("t", "n")
        if not raw:
            return NO_VALUE if self._is_formula and kind != "str" else ""
        match kind:
            case "s":
                return self._typed(self._strings[int(raw)])
            case "n":
                value = float(raw) if set(raw) & set(".eE") else int(raw)
                return self._formats.shown(value, int(self._cell.get("s", 0)))
            case "b":
                return "是" if raw.strip() == "1" else "否"
        return self._typed(self._tidy(unescape(raw) if "_x" in raw else raw))

    def _typed(self, text: str) -> str:
        """A text of which the cell says that it is one (Excel shows an apostrophe before it) is no lost formula."""
        if self.apostrophes and text[:1] in ("=", "＝") and self._formats.is_quoted(int(self._cell.get("s", 0))):
            return f"'{text}"
        return text

    def _merge(self, ref: str) -> None:
        """Cells merged downwards within one column; any other merge fills no cells of a list."""
        found = _REF.fullmatch(ref)
        if found and found[1] == found[3]:
            self.spans.append(Span(column_index_from_string(found[1]) - 1, int(found[2]), int(found[4])))
            if len(self.spans) > _MOST_MERGES:
                raise TooMuch


@lru_cache(maxsize=1024)
def _letters(letters: str) -> int:
    return int(column_index_from_string(letters)) - 1


def _column(ref: str, follows: int) -> int:
    """The place of a cell by its address, or after the one before when it has none."""
    found = _LETTERS.match(ref)
    return _letters(found[0]) if found else follows


def _moment(value: object) -> str:
    match value:
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
    return str(value)
