"""Grades of a published round: what somebody comes to, what was decided, and why where the two differ. All of it is about units
and members by name; nothing here knows of a ballot, a group or an opinion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from survey.domain.rounds import Scheme

LONGEST_REASON = 200
# From publication to the day by which what is poor must be put right, unless somebody sets another.
DAYS_TO_PUT_RIGHT = 30
# A scheme without grades has the verdicts of its two thresholds.
VERDICTS = ("satisfied", "basic", "below")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a unit or member: the grade, what the figures came to then, why the two differ; by whom, when (UTC)."""

    target: str
    unit: int
    grade: str
    result: str
    reason: str
    by: str
    minute: datetime


@dataclass(frozen=True, slots=True)
class Grading:
    """How far the grading of a round is: when it was ended (UTC), and until when what is poor must be put right."""

    round: int
    ended: datetime | None = None
    put_right_by: date | None = None

    @property
    def is_ended(self) -> bool:
        """Whether nothing may be decided any more."""
        return self.ended is not None

    def until(self, published: date) -> date:
        """The day by which what is poor must be put right."""
        return self.put_right_by or published + timedelta(days=DAYS_TO_PUT_RIGHT)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be decided about one target: `was` is the decision the page showed; an empty grade takes it back."""

    target: str
    label: str
    unit: int
    grade: str
    result: str
    reason: str
    was: str = ""

    @property
    def differs(self) -> bool:
        """Whether the decision is another than the figures say."""
        return bool(self.grade) and self.grade != self.result


@dataclass(frozen=True, slots=True)
class Limit:
    """How many members of a branch may get the best grade: `most` of `of`."""

    unit: int
    grade: str
    of: int
    most: int


def ladder(scheme: Scheme) -> tuple[str, ...]:
    """The grades there are, best first."""
    return tuple(label for label, _lowest in scheme.grades) or VERDICTS


def faults(choices: Iterable[Choice], grades: Iterable[str]) -> dict[str, str]:
    """What keeps choices from being taken, by target: unknown (no such grade), reason (it differs and does not say why), long."""
    known = {"", *grades}
    found: dict[str, str] = {}
    for each in choices:
        if each.grade not in known:
            found[each.target] = "unknown"
        elif len(each.reason) > LONGEST_REASON:
            found[each.target] = "long"
        elif each.differs and not each.reason:
            found[each.target] = "reason"
    return found


def best(decided: Mapping[str, str], choices: Iterable[Choice], limit: Limit) -> int:
    """How many members would have the best grade: those decided before and not touched, and those chosen now.

    Parameters
    ----------
    decided : mapping of target key to grade
        The decisions about this branch so far.
    """
    after = {**decided, **{each.target: each.grade for each in choices}}
    return sum(grade == limit.grade for target, grade in after.items() if target.startswith("m"))
