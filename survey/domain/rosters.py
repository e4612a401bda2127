"""A member list as the domain knows it: its rows, how names are compared, and what an import would do."""

import unicodedata
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar, cast

from survey.domain.members import Stay
from survey.domain.units import Member, Unit

LONGEST_NAME = 100
LONGEST_POSITION = 100
LONGEST_CODE = 60
# The dot inside Uyghur, Kazakh and Tibetan names is typed in many ways, and so is an apostrophe; ours stand before what
# a spreadsheet might run.
_DOTS = dict.fromkeys(map(ord, "·•‧∙⋅・･.．'"), None)
# What is being done, how much of it is done, and of how much (0: nobody knows yet).
Step = tuple[str, int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One row of a member list, all text; `number` is the row in the file. Without a name it is about a unit only.

    `fault` is why the row could not be read at all, `at_fault` the text or the column that is to blame.
    """

    number: int
    name: str
    unit: str
    code: str = ""
    kind: str = ""
    position: str = ""
    parent: str = ""
    sector: str = ""
    unit_kind: str = ""
    sheet: str = ""
    fault: str = ""
    at_fault: str = ""
    unit_code: str = ""
    since: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken: its number, a key for the reason, the text at fault, the other row of a pair."""

    number: int
    why: str
    text: str = ""
    other: int | None = None
    sheet: str = ""
    other_sheet: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A member before and after; `stay` is the one in his old unit that ends."""

    number: int
    before: Member
    after: Member
    sheet: str = ""
    stay: Stay | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. New units carry negative ids, which new members and units refer to.

    Attributes
    ----------
    units_changed : tuple of (Unit, Unit)
        Units that are there, before and after.
    missing : tuple of Member
        Who is in a unit of the list and not on it: they stay, unless the list is said to be whole.
    """

    units: tuple[Unit, ...]
    added: tuple[tuple[int, Member], ...]
    changed: tuple[Change, ...]
    unchanged: int
    refused: tuple[Refusal, ...]
    units_changed: tuple[tuple[Unit, Unit], ...] = ()
    missing: tuple[Member, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing would be written, unless the list is said to be whole."""
        return not (self.units or self.units_changed or self.added or self.changed)


def fold(text: str) -> str:
    """How names are compared: full width is half width, and spaces, case, apostrophes and the kind of middle dot do not count."""
    if text.isalpha() and unicodedata.is_normalized("NFKC", text):
        return text.casefold()
    return "".join(unicodedata.normalize("NFKC", text).translate(_DOTS).casefold().split())


def code_of(text: str) -> str:
    """A code as it is kept: half width, no spaces, no apostrophes, which spreadsheets put in front."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(unicodedata.normalize("NFKC", text).replace("'", "").split())


def refuse(line: RosterLine, why: str, text: str, other: RosterLine | None = None) -> Refusal:
    """A row that is not taken."""
    if other is None:
        return Refusal(line.number, why, text, sheet=line.sheet)
    return Refusal(line.number, why, text, other.number, line.sheet, other.sheet)


def result(steps: Generator[Step, None, T]) -> T:
    """Take all steps at once, for whoever wants no progress."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(T, end.value)
