"""Points that the office types for a published round: scores of sources outside the box, bonus points applied for and settled. Whose
grade is decided keeps his points: take the decision back first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from survey.actions.grades import opened
from survey.actions.house import House
from survey.domain.grades import LONGEST_REASON
from survey.domain.refusals import NotGraded
from survey.domain.scores import Bonus, BonusState, Typing, locked, points_text
from survey.domain.staff import Staff
from survey.store import grades, journal, scores
from survey.store import staff as accounts
from survey.store.engine import Connection

# So many scores of one saving stand in the journal one by one; the rest are a number.
_MOST_NOTED = 100


@dataclass(frozen=True, slots=True)
class Typed:
    """Scores to be written for a unit and what lies below it; `above` as in `domain.scores.locked`."""

    unit: int
    name: str
    some: Sequence[Typing]
    above: Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Applying:
    """Bonus points to be applied for, and the name of whoever gets them."""

    bonus: Bonus
    label: str


@dataclass(frozen=True, slots=True)
class Settling:
    """A bonus as the page showed it, and where it is to stand; `above` as in `domain.scores.locked`."""

    bonus: Bonus
    label: str
    state: BonusState
    above: Mapping[str, Iterable[str]]


def write(house: House, round_id: int, wanted: Typed, *, by: Staff, now: datetime) -> int:
    """Write scores, all of them or none; how many.

    Raises
    ------
    NotGraded
        The grading has ended, a grade was decided by one of these, or somebody else typed meanwhile.
    """
    with house.store.write() as db:
        planned = opened(db, round_id, by=by)
        _check_free(db, round_id, {each.target: each.label for each in wanted.some}, wanted.above)
        before = scores.typed(db, round_id, {each.unit for each in wanted.some})
        if any(before.get(each.target, {}).get(each.source) != each.was for each in wanted.some):
            raise NotGraded(why="changed")
        scores.write(db, round_id, wanted.some, by=by.id, now=now)
        rows = [[each.label, each.source, points_text(each.was), points_text(each.points)] for each in wanted.some[:_MOST_NOTED]]
        journal.note(
            db, "score_round", by=by.id, now=now, unit_id=wanted.unit, round=round_id, name=planned.name, unit=wanted.name, n=len(wanted.some), rows=rows,
        )  # fmt: skip
    return len(wanted.some)


def apply(house: House, round_id: int, wanted: Applying, *, by: Staff, now: datetime) -> None:
    """Apply for bonus points; they count once they are approved.

    Raises
    ------
    NotGraded
        The grading has ended, or the reason is missing or too long.
    """
    bonus = wanted.bonus
    with house.store.write() as db:
        planned = opened(db, round_id, by=by)
        if not bonus.reason or len(bonus.reason) > LONGEST_REASON:
            raise NotGraded(why="long" if bonus.reason else "no_reason", most=LONGEST_REASON)
        scores.apply(db, round_id, bonus, by=by.id, now=now)
        journal.note(
            db, "ask_bonus_round", by=by.id, now=now, unit_id=bonus.unit, round=round_id, name=planned.name, who=wanted.label,
            points=points_text(bonus.points), reason=bonus.reason,
        )  # fmt: skip


def settle(house: House, round_id: int, wanted: Settling, *, by: Staff, now: datetime) -> None:
    """Approve a bonus, or refuse it, before or after it was approved.

    Raises
    ------
    NotGraded
        The grading has ended, somebody else settled it, the grade was decided by it, or whoever applied for it would approve it
        though another may. Where nobody else may he can, and it stays written that both were the same.
    """
    with house.store.write() as db:
        planned = opened(db, round_id, by=by)
        bonus, state = scores.bonus(db, round_id, wanted.bonus.id), wanted.state
        if bonus[:4] != (wanted.bonus.target, wanted.bonus.unit, wanted.bonus.points, wanted.bonus.state) or state is wanted.bonus.state:
            raise NotGraded(why="changed")
        is_alone = state is BonusState.APPROVED and bonus[4] == by.id
        if is_alone and (others := approvers(db, planned.unit, by=by)):
            raise NotGraded(why="own", names=others)
        if BonusState.APPROVED in (state, wanted.bonus.state):
            _check_free(db, round_id, {wanted.bonus.target: wanted.label}, wanted.above)
        scores.settle(db, wanted.bonus.id, state, by=by.id, now=now)
        journal.note(
            db, "settle_bonus_round", by=by.id, now=now, unit_id=wanted.bonus.unit, round=round_id, name=planned.name, who=wanted.label,
            points=points_text(wanted.bonus.points), state=state.value, **({"alone": True} if is_alone else {}),
        )  # fmt: skip


def approvers(db: Connection, unit: int, *, by: Staff) -> tuple[str, ...]:
    """The names of those besides this person who may approve bonus points of a round that a unit runs."""
    return tuple(name for number, name in accounts.runners(db, unit).items() if number != by.id)


def _check_free(db: Connection, round_id: int, named: Mapping[str, str], above: Mapping[str, Iterable[str]]) -> None:
    units = {int(key[1:]) for keys in above.values() for key in keys}
    decided = grades.decided_of(db, round_id, [*named, *(f"u{unit}" for unit in units)])
    if found := locked(named, decided, above):
        first = next(key for key in named if key in found)
        raise NotGraded(why="decided", who=named[first], n=len(found))
