"""Planned rounds: the rhythm and its days, who is invited, and which questionnaire goes to which unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from survey.domain.rounds import Scheme

MOST_RULES = 20
LONGEST_ROUND = 60
# Ticked one by one; whoever means more says so by kind and sector.
MOST_NAMED = 500


class Rhythm(StrEnum):
    """How often: a round each quarter (一季一评议), a half-year summary (半年一小结), a year-end evaluation (年终一总评)."""

    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


# How each is written in the key of a period, in the order of the year.
_PARTS: Mapping[Rhythm, tuple[str, ...]] = {
    Rhythm.QUARTER: ("Q1", "Q2", "Q3", "Q4"),
    Rhythm.HALF: ("H1", "H2"),
    Rhythm.YEAR: ("Y",),
}


class Standing(StrEnum):
    """Where a unit of a round stands. UNFIT is one that no rule of the plan fits."""

    UNFIT = "unfit"
    NONE = "none"
    VOID = "void"
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the plan: units of this kind and sector ("" is any) get this questionnaire.

    Attributes
    ----------
    ref : str
        How the form named it: a key of the library, or a draft (d12).
    questionnaire : int
        The id of the very version.
    members : bool
        Whether it rates members, too.
    """

    kind: str
    sector: str
    ref: str
    questionnaire: int
    members: bool = True


@dataclass(frozen=True, slots=True)
class Invited:
    """A group of evaluators at every meeting; `due` None: as many as the unit has members."""

    name: str
    due: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What every meeting of a round begins with. Of the rules the first that fits a unit counts.

    `units` are the ids of those the round is for alone; none is all below the one that runs it.
    """

    rules: tuple[Rule, ...]
    groups: tuple[Invited, ...]
    entry: str
    units: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The plan as plain JSON values."""
        rules = [[each.kind, each.sector, each.ref, each.questionnaire, each.members] for each in self.rules]
        plain = {"rules": rules, "groups": [[each.name, each.due] for each in self.groups], "entry": self.entry}
        return plain | ({"units": list(self.units)} if self.units else {})


def read_plan(data: Mapping[str, Any]) -> Plan:
    """Read a plan from JSON values."""
    rules = tuple(Rule(*each) for each in data["rules"])
    return Plan(rules, tuple(Invited(*each) for each in data["groups"]), str(data["entry"]), tuple(data.get("units", ())))


@dataclass(frozen=True, slots=True)
class Planned:
    """A round that a unit runs for all that hangs below it. Its rules are frozen once a meeting has opened."""

    id: int
    unit: int
    name: str
    period: str
    starts_on: date
    ends_on: date
    plan: Plan
    scheme: Scheme
    frozen: bool = False

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed: what is not counted then is overdue."""
        return today > self.ends_on


def rhythm(period: str) -> Rhythm:
    """2026Q4 is a quarter, 2026H2 a half-year, 2026Y a year."""
    return next(each for each, parts in _PARTS.items() if period[4:] in parts)


def following(period: str) -> str:
    """The period after this one, in the same rhythm: 2026Q4 is followed by 2027Q1."""
    parts = _PARTS[rhythm(period)]
    at = parts.index(period[4:]) + 1
    return f"{int(period[:4]) + at // len(parts):04}{parts[at % len(parts)]}"


def days(period: str) -> tuple[date, date]:
    """First and last day of a period."""
    parts = _PARTS[rhythm(period)]
    months, at = 12 // len(parts), parts.index(period[4:])
    after = following(period)
    end = date(int(after[:4]), 1 + months * parts.index(after[4:]), 1)
    return date(int(period[:4]), 1 + months * at, 1), end - timedelta(days=1)


def periods(today: date) -> tuple[str, ...]:
    """What may be planned now: last year's to next year's, by rhythm."""
    years = range(today.year - 1, today.year + 2)
    return tuple(f"{year}{part}" for parts in _PARTS.values() for year in years for part in parts)
