"""A member's stays in units, and the days in them: none in the far past or the future, none that ends before it begins."""

import re
from dataclasses import astuple, dataclass
from datetime import date
from hashlib import blake2b

from survey.domain.refusals import BadField
from survey.domain.units import Member

# Nobody came into a branch before there were any.
EARLIEST = date(1921, 7, 1)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a unit that has ended."""

    id: int
    member: int
    unit: int
    since: date | None
    until: date


def read_day(text: str) -> date | None:
    """A day as people write it: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301; None for anything else."""
    found = _DAY.fullmatch(text.strip()) or _SOLID.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def fault_of_day(day: date, *, today: date, after: date | None = None) -> str:
    """Why a day cannot be: early, future, or before the one it follows; empty when it can."""
    if day < EARLIEST:
        return "early"
    if day > today:
        return "future"
    return "before" if after is not None and day < after else ""


def check_day(field: str, day: date, *, today: date, after: date | None = None) -> None:
    """Refuse a day nothing can have happened on.

    Raises
    ------
    BadField
        Facts: field, value, why (early, future, before), after.
    """
    why = fault_of_day(day, today=today, after=after)
    if why:
        raise BadField(field=field, value=day.isoformat(), why=why, after=after.isoformat() if after else "")


def seen(member: Member) -> str:
    """A digest of all that is known of a member: a form carries the one of the record it showed."""
    return blake2b(repr(astuple(member)).encode(), digest_size=12).hexdigest()
