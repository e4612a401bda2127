"""What every kind of file gives its reader: sheets of text, row by row, and the marks for cells that hold no text."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from survey.office.merges import Span

# More columns than any list has; what stands further right is not looked at.
MOST_COLUMNS = 100
# The last row Excel can have.
LAST_ROW = 1 << 20

# Marks begin with NUL, which clean() takes out of all text, so nobody can type one.
NO_VALUE = "\0formula"
ROUNDED = "\0rounded"
_MARK = "\0"
_ERRORS = frozenset(
    ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA")
)
# Above this Excel has already changed the last digits of a number.
_MOST_EXACT = 10**15
_ZEROS = re.compile("0+")
_SIMPLE = re.compile(r"[^\W_]+")
# Digits and letters typed in full width, nothing else: a bracket of full width belongs to many a unit's name.
_NARROW = {
    wide: wide - 0xFEE0 for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)) for wide in range(first, last + 1)
}  # fmt: skip

Numbered = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. Its rows come once, numbered as in the file; `spans` may be asked when they are through."""

    title: str
    hidden: bool
    rows: Callable[[], Iterator[Numbered]]
    spans: Callable[[], Sequence[Span]]


def no_spans() -> Sequence[Span]:
    """For files without merged cells."""
    return ()


def fault_of(cell: str) -> str:
    """Why a cell holds no text that may be taken, as the key of a refusal; empty when it does."""
    if cell.startswith(_MARK):
        return {NO_VALUE: "formula_empty", ROUNDED: "code_rounded"}[cell]
    if cell.startswith("#") and cell.upper() in _ERRORS:
        return "formula_error"
    # A text that a spreadsheet would run is no name: somebody's formula has lost its value on the way.
    return "formula_text" if cell.startswith(("=", "＝")) else ""


def shown(cell: str) -> str:
    """A cell for eyes: marks are no text."""
    return "" if cell.startswith(_MARK) else cell


def number_text(value: float, form: str) -> str:
    """A number as people see it: 12.0 is 12, 7 shown as 007 is 007, one too long for Excel is a mark."""
    if abs(value) >= _MOST_EXACT:
        return ROUNDED
    if value == int(value):
        text = str(int(value))
        return text.zfill(len(form)) if value >= 0 and _ZEROS.fullmatch(form) else text
    return repr(float(value))


def clean(text: str) -> str:
    """One line without control or zero-width characters and without space around it; digits in half width."""
    if _SIMPLE.fullmatch(text) and unicodedata.is_normalized("NFC", text):
        return text.translate(_NARROW)
    kept = "".join(" " if each.isspace() else each for each in unicodedata.normalize("NFC", text)
                   if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co"))
    return " ".join(kept.translate(_NARROW).split())


class Cleaner:
    """clean() with a memory: units and kinds stand in a list thousands of times and are kept once."""

    _MOST = 50_000

    def __init__(self, tidy: Callable[[str], str] = clean) -> None:
        self._tidy = tidy
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        found = self._known.get(text)
        if found is None:
            found = self._tidy(text)
            if len(self._known) < self._MOST:
                self._known[text] = found
        return found
