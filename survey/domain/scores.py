"""Points that the office types: scores out of 100 for sources that are not in the box, and bonus points. Kept in hundredths."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FULL = 100
_HUNDREDTHS = 100
_NUMBER = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?0*", re.ASCII)


class BonusState(StrEnum):
    """Where a bonus stands: applied for, approved, refused (or taken back)."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Bonus:
    """Bonus points that somebody applied for: for whom, how many (hundredths), why; by whom, and who settled it. Minutes are UTC."""

    id: int
    target: str
    unit: int
    points: int
    reason: str
    state: BonusState
    by: str
    minute: datetime
    settled_by: str = ""


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
    >>> read_points("92.5"), read_points("１００"), read_points("100.01"), read_points("7,5")
    (9250, 10000, None, None)
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
