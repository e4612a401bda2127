"""What changed since earlier published rounds: said only of what stood by itself then and now, asked alike, read by the same rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from survey.store.publications import Listed
from survey.web.board.figures import Rate
from survey.web.board.others import NO_DATA
from survey.web.board.roll_ups import Reading

# As many of either direction are named.
MOST_NAMED = 5


class Why(StrEnum):
    """Why no change can be said."""

    RULES = "rules"
    NEW = "new"
    ASKED = "asked"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Then:
    """An earlier round as it was published."""

    listed: Listed
    reading: Reading


@dataclass(frozen=True, slots=True)
class Change:
    """One unit or member, then and now: how far both rates moved, or why that cannot be said."""

    key: str
    then: Then
    before: Rate | None = None
    narrow: Decimal | None = None
    wide: Decimal | None = None
    why: Why | None = None


def change(now: Reading, then: Then, key: str) -> Change:
    """The change of one target since one earlier round."""
    was = then.reading
    if was.scheme != now.scheme:
        return Change(key, then, why=Why.RULES)
    if key not in was.standings or key not in now.standings:
        return Change(key, then, why=Why.NEW)
    if was.asked[key] != now.asked[key]:
        return Change(key, then, why=Why.ASKED)
    before, after = was.rate(key), now.rate(key)
    if before is None or after is None or NO_DATA in (before.narrow, after.narrow):
        return Change(key, then, why=Why.EMPTY)
    # The difference of what is printed: whoever subtracts the two finds the same.
    return Change(key, then, before, Decimal(after.narrow) - Decimal(before.narrow), Decimal(after.wide) - Decimal(before.wide))


def largest(changes: Iterable[Change]) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Those that rose and those that fell most."""
    told = sorted((each for each in changes if each.narrow), key=lambda each: each.narrow or 0)
    fell = tuple(each for each in told if each.narrow is not None and each.narrow < 0)[:MOST_NAMED]
    rose = tuple(each for each in reversed(told) if each.narrow is not None and each.narrow > 0)[:MOST_NAMED]
    return rose, fell
