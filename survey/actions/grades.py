"""Grade a published round: decide about units and members, take it back, end it, take it up again. Each is one transaction and one
line in the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from survey.actions.house import House
from survey.actions.plans import own
from survey.domain.grades import LONGEST_REASON, Choice, Grading, Limit, best, faults
from survey.domain.plans import Planned
from survey.domain.refusals import NotGraded, NotPublished
from survey.domain.scores import Approved
from survey.domain.staff import Staff
from survey.store import grades, journal, publications, scores
from survey.store.engine import Connection
from survey.store.publications import Published

# So many decisions of one saving stand in the journal one by one; the rest are a number.
_MOST_NOTED = 100


@dataclass(frozen=True, slots=True)
class Points:
    """Typed scores by target and source, and approved bonus points by target, in hundredths; of some units, or of all (None)."""

    units: frozenset[int] | None
    typed: Mapping[str, Mapping[str, int]]
    approved: Approved


@dataclass(frozen=True, slots=True)
class Deciding:
    """What is to be decided on the page of a unit.

    Attributes
    ----------
    name : str
        The unit's.
    choices : sequence of Choice
        Those that were changed on the page, with what the figures say now.
    grades : sequence of str
        Those there are, best first.
    limits : sequence of Limit
        Of each branch whose members are among the choices.
    over : str
        Why there are more of the best grade than the share.
    points : Points or None
        Those the figures were made with: they must still be these.
    """

    unit: int
    name: str
    choices: Sequence[Choice]
    grades: Sequence[str]
    limits: Sequence[Limit] = ()
    over: str = ""
    points: Points | None = None


def published(db: Connection, round_id: int, *, by: Staff, lock: bool = False) -> tuple[Planned, Published]:
    """A round this person runs, and its publication.

    Raises
    ------
    NotFound, NotAllowed
        It is none of his.
    NotPublished
        There is nothing to grade yet.
    """
    planned = own(db, round_id, by=by, lock=lock)
    made = publications.of_round(db, round_id)
    if made is None:
        raise NotPublished(why="yet")
    return planned, made


def points(db: Connection, round_id: int, units: frozenset[int] | None) -> Points:
    """What the office typed for some units and their members, or for all."""
    return Points(units, scores.typed(db, round_id, units), scores.approved(db, round_id, units))


def decide(house: House, round_id: int, wanted: Deciding, *, by: Staff, now: datetime) -> int:
    """Write decisions, all of them or none; how many.

    Raises
    ------
    NotGraded
        It was ended, somebody else decided meanwhile, a difference has no reason, or the best grade has more than its share.
    """
    with house.store.write() as db:
        planned = opened(db, round_id, by=by)
        before = grades.decisions(db, round_id, {each.unit for each in wanted.choices})
        decided = {target: each.grade for target, each in before.items()}
        if any(decided.get(each.target, "") != each.was for each in wanted.choices):
            raise NotGraded(why="changed")
        if wanted.points is not None and points(db, round_id, wanted.points.units) != wanted.points:
            raise NotGraded(why="changed")
        if rows := faults(wanted.choices, wanted.grades):
            raise NotGraded(why="rows", rows=rows)
        if len(wanted.over) > LONGEST_REASON:
            raise NotGraded(why="long", most=LONGEST_REASON)
        for limit in wanted.limits:
            of_unit = {target: each.grade for target, each in before.items() if each.unit == limit.unit}
            n = best(of_unit, [each for each in wanted.choices if each.unit == limit.unit], limit)
            if n > limit.most and not wanted.over:
                raise NotGraded(why="quota", n=n, of=limit.of, most=limit.most, grade=limit.grade)
            grades.excuse(db, round_id, limit.unit, wanted.over if n > limit.most else "", by=by.id, now=now)
        grades.decide(db, round_id, wanted.choices, by=by.id, now=now)
        rows_noted = [[each.label, each.was, each.grade, each.result, each.reason] for each in wanted.choices[:_MOST_NOTED]]
        journal.note(
            db, "grade_round", by=by.id, now=now, unit_id=wanted.unit, round=round_id, name=planned.name, unit=wanted.name,
            n=len(wanted.choices), rows=rows_noted, over=wanted.over,
        )  # fmt: skip
    return len(wanted.choices)


def end(house: House, round_id: int, *, by: Staff, now: datetime) -> None:
    """Nothing is decided any more, until it is taken up again.

    Raises
    ------
    NotGraded
        It was ended already, or nothing was decided.
    """
    with house.store.write() as db:
        planned = opened(db, round_id, by=by)
        n = sum(grades.decided(db, round_id).values())
        if not n:
            raise NotGraded(why="nothing")
        grades.end(db, round_id, now)
        journal.note(db, "end_grading_round", by=by.id, now=now, unit_id=planned.unit, round=round_id, name=planned.name, n=n)


def reopen(house: House, round_id: int, reason: str, *, by: Staff, now: datetime) -> None:
    """Take it up again, for a reason that stays in the journal.

    Raises
    ------
    NotGraded
        It is open, or the reason is missing or too long.
    """
    with house.store.write() as db:
        planned, _made = published(db, round_id, by=by, lock=True)
        if not grades.of_round(db, round_id).is_ended:
            raise NotGraded(why="open")
        if not reason or len(reason) > LONGEST_REASON:
            raise NotGraded(why="long" if reason else "reason", most=LONGEST_REASON)
        grades.end(db, round_id, None)
        journal.note(db, "reopen_grading_round", by=by.id, now=now, unit_id=planned.unit, round=round_id, name=planned.name, reason=reason)


def put_right(house: House, round_id: int, day: date | None, *, by: Staff, now: datetime) -> None:
    """The day by which what is poor must be put right."""
    with house.store.write() as db:
        planned = opened(db, round_id, by=by)
        grades.put_right(db, round_id, day)
        said = "" if day is None else day.isoformat()
        journal.note(db, "put_right_round", by=by.id, now=now, unit_id=planned.unit, round=round_id, name=planned.name, day=said)


def opened(db: Connection, round_id: int, *, by: Staff) -> Planned:
    """The round, locked, while it is graded."""
    planned, _made = published(db, round_id, by=by, lock=True)
    found: Grading = grades.of_round(db, round_id)
    if found.is_ended:
        raise NotGraded(why="ended")
    grades.begin(db, round_id)
    return planned
