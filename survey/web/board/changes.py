"""What changed since earlier published rounds: said only of what stood by itself then and now, asked alike, read by the same rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from flask_babel import gettext as _

from analysis import standouts
from survey.store.publications import Listed
from survey.web.board.figures import Rate
from survey.web.board.roll_ups import Reading

# As many of either direction are named.
MOST_NAMED = 5
# A province has seventy thousand units, all of which are put beside the round before.
_MOST_KEPT = 1 << 17


class Why(StrEnum):
    """Why no change can be said."""

    RULES = "rules"
    NEW = "new"
    MOVED = "moved"
    ASKED = "asked"
    ANSWERS = "answers"
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
    why, _before, _after = narrows(now, then.reading, key)
    before, after = (None, None) if why is not None else (then.reading.rate(key), now.rate(key))
    if before is None or after is None:
        return Change(key, then, why=why or Why.EMPTY)
    # The difference of what is printed: whoever subtracts the two finds the same.
    return Change(key, then, before, Decimal(after.narrow) - Decimal(before.narrow), Decimal(after.wide) - Decimal(before.wide))


@dataclass(frozen=True, slots=True)
class Step:
    """One round of a unit or member beside the round before it; `then` is None for the round the page is about, whose past this is.
    Nothing moved in the first, and where one of the two cannot be compared."""

    then: Then | None
    rate: Rate | None
    narrow: Decimal | None = None
    wide: Decimal | None = None
    why: Why | None = None


def steps(whole: Rate, past: Sequence[Change]) -> tuple[Step, ...]:
    """All rounds, the first of them first: those that may be compared with this one may be compared with each other."""
    found: list[Step] = []
    rates = [(each.then, each.before if each.why is None else None, each.why) for each in reversed(past)]
    for then, rate, why in (*rates, (None, whole, None)):
        before = found[-1].rate if found else None
        if rate is None or before is None:
            found.append(Step(then, rate, why=why))
        else:
            found.append(Step(then, rate, Decimal(rate.narrow) - Decimal(before.narrow), Decimal(rate.wide) - Decimal(before.wide)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Moves:
    """What changed since an earlier round by more than chance may do: those that rose and those that fell most, how many moved less
    than that (`still`), and of how many no change is said, by the reason."""

    rose: tuple[Change, ...]
    fell: tuple[Change, ...]
    unsaid: Mapping[Why, int]
    still: int = 0


def moves(now: Reading, then: Then, keys: Iterable[str]) -> Moves:
    """The changes of many since one earlier round: the same that `change` says of each, but figures only for those who are named."""
    moved: list[tuple[Decimal, str]] = []
    unsaid: dict[Why, int] = {}
    still = 0
    for key in keys:
        why, before, after = narrows(now, then.reading, key)
        if before is None or after is None:
            unsaid[why or Why.EMPTY] = unsaid.get(why or Why.EMPTY, 0) + 1
        elif abs(after - before) >= standouts.MOVED:
            moved.append((after - before, key))
        else:
            still += 1
    moved.sort(key=lambda each: each[0])
    fell = [key for far, key in moved if far < 0][:MOST_NAMED]
    rose = [key for far, key in reversed(moved) if far > 0][:MOST_NAMED]
    return Moves(tuple(change(now, then, key) for key in rose), tuple(change(now, then, key) for key in fell), unsaid, still)


def still_said(still: int) -> str:
    """How many units are as they were, and from when on a change is named."""
    return _("其余 %(n)s 个变化不到 %(points)s 个百分点，可以看作没变。", n=still, points=standouts.MOVED) if still else ""


def narrows(now: Reading, was: Reading, key: str) -> tuple[Why | None, Decimal | None, Decimal | None]:
    """Why no change can be said, or both 满意率 as they are printed."""
    spot = (was.made.round, key)
    known = now.compared.get(spot)
    if known is None:
        if len(now.compared) >= _MOST_KEPT:
            now.compared.clear()
        known = now.compared[spot] = _narrows(now, was, key)
    why, before, after = known
    return (None if why is None else Why(why)), before, after


def _narrows(now: Reading, was: Reading, key: str) -> tuple[Why | None, Decimal | None, Decimal | None]:
    if was.rules != now.rules:
        return Why.RULES, None, None
    if key not in was.standings or key not in now.standings:
        return Why.NEW, None, None
    # Whoever belonged to another unit then was known by others, and what these said is theirs to see.
    if was.roll.unit_of(key) != now.roll.unit_of(key):
        return Why.MOVED, None, None
    if not now.asked_alike(was, key):
        return Why.ASKED, None, None
    before, after = was.standings.narrow(key), now.standings.narrow(key)
    return (Why.EMPTY if before is None or after is None else None), before, after
