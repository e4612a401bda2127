"""Points that the office types: scores out of 100 for sources that are not in the box, and bonus points. Kept in hundredths."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FULL = 100
_HUNDREDTHS = 100
# So much of a cell stands in a sentence; a whole story may be in it.
_TOLD = 60
_NUMBER = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2})0*)?", re.ASCII)


class BonusState(StrEnum):
    """Where a bonus stands: applied for, approved, refused (or taken back)."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Bonus:
    """Bonus points that somebody applied for: for whom, how many (hundredths), why; by whom, and who settled it. Minutes are UTC.

    `applicant` is the account that applied; `is_alone` says that the same one settled it.
    """

    id: int
    target: str
    unit: int
    points: int
    reason: str
    state: BonusState
    by: str
    minute: datetime
    settled_by: str = ""
    applicant: int = 0
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Approved:
    """Bonus points that count, by target, in hundredths; `alone` are the targets of those that whoever applied for them approved."""

    points: Mapping[str, int]
    alone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Typing:
    """A score as it is to be written: None takes it back; `was` is what the page showed, in hundredths."""

    target: str
    label: str
    unit: int
    source: str
    points: int | None
    was: int | None


def read_points(text: str, *, most: int = FULL) -> int | None:
    """A number from 0 to `most` with at most two decimals, in hundredths; None when it is none.

    Examples
    --------
    >>> read_points("92.5"), read_points("１００"), read_points("100.01"), read_points("7,5"), read_points("1000")
    (9250, 10000, None, None, None)
    """
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    points = int(found[1]) * _HUNDREDTHS + int((found[2] or "0").ljust(2, "0"))
    return points if points <= most * _HUNDREDTHS else None


def points_text(points: int | None) -> str:
    """Hundredths as people write them: 9250 is 92.5; "" when there are none."""
    return "" if points is None else f"{points / _HUNDREDTHS:.2f}".rstrip("0").rstrip(".")


def locked(wanted: Iterable[str], decided: Iterable[str], above: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Those whose points may not change any more: somebody decided by them.

    Parameters
    ----------
    above : mapping of target key to keys
        The units whose scores contain that of the target; {} when units below do not count.
    """
    known = frozenset(decided)
    return frozenset(key for key in wanted if key in known or known.intersection(above.get(key, ())))


@dataclass(frozen=True, slots=True)
class Filled:
    """One row of a table that came back: cells by source, and the sources whose cell holds a formula without a value."""

    number: int
    key: str
    name: str
    cells: Mapping[str, str]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """What keeps a table from being taken: row, column, what stands there, and why (unknown, name, twice, decided, points, formula)."""

    number: int
    column: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the table may speak of: name and unit, what was typed so far, and whether his points are settled."""

    label: str
    unit: int
    scores: Mapping[str, int]
    is_locked: bool


def compared(lines: Iterable[Filled], known: Mapping[str, Known]) -> tuple[tuple[Typing, ...], tuple[Wrong, ...]]:
    """What a table would change, and what is wrong with it. Empty cells change nothing."""
    some: list[Typing] = []
    wrong: list[Wrong] = []
    seen: set[str] = set()
    for each in lines:
        one = known.get(each.key)
        if one is None:
            wrong.append(Wrong(each.number, "", each.key[:_TOLD], "unknown"))
        elif each.name and each.name != one.label:
            wrong.append(Wrong(each.number, "", each.name[:_TOLD], "name"))
        elif each.key in seen:
            wrong.append(Wrong(each.number, "", one.label, "twice"))
        else:
            seen.add(each.key)
            for source, cell in each.cells.items():
                found = _compared(each, one, source, cell)
                if isinstance(found, Wrong):
                    wrong.append(found)
                elif found is not None:
                    some.append(found)
    return tuple(some), tuple(wrong)


def _compared(each: Filled, one: Known, source: str, cell: str) -> Typing | Wrong | None:
    points, was = read_points(cell), one.scores.get(source)
    if source in each.faults:
        return Wrong(each.number, source, "", "formula")
    if not cell:
        return None
    if points is None:
        return Wrong(each.number, source, cell[:20], "points")
    if points == was:
        return None
    return Wrong(each.number, source, one.label, "decided") if one.is_locked else Typing(each.key, one.label, one.unit, source, points, was)
