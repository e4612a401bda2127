"""Planned rounds in the store: who runs which, and how far each has come."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from survey.domain.meetings import Stage
from survey.domain.plans import Planned, read_plan
from survey.domain.refusals import NotFound
from survey.domain.rounds import read_scheme
from survey.store.meetings import MOST_ID
from survey.store.office_tables import UnitRow
from survey.store.tables import MeetingRow, QuestionnaireRow, RoundRow
from survey.store.units import above, below, unit_ids_below

# More at once no unit has.
_MOST_CURRENT = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A round in a list: who runs it, and how many of its meetings stand at each stage."""

    planned: Planned
    unit_name: str
    stages: Mapping[Stage, int]

    @property
    def meetings(self) -> int:
        """How many meetings it has; those made void are not."""
        return sum(n for stage, n in self.stages.items() if stage is not Stage.VOID)

    @property
    def counted(self) -> int:
        """How many of them are counted."""
        return self.stages.get(Stage.COUNTED, 0) + self.stages.get(Stage.PUBLISHED, 0)


@dataclass(frozen=True, slots=True)
class Current:
    """A round that runs now, and the meeting the unit itself has in it."""

    planned: Planned
    own: int | None
    stage: Stage | None

    def is_late(self, today: date) -> bool:
        """Whether the unit's own meeting should have been counted by now."""
        return self.own is not None and self.planned.is_over(today) and self.stage not in (Stage.COUNTED, Stage.PUBLISHED)


def get(db: Connection, round_id: int, *, lock: bool = False) -> Planned:
    """A planned round.

    Raises
    ------
    NotFound
        There is none, or nobody planned it.
    """
    query = select(RoundRow.__table__).where(RoundRow.id == round_id, RoundRow.unit_id.is_not(None))
    row = db.execute(query.with_for_update() if lock else query).one_or_none() if round_id <= MOST_ID else None
    if row is None:
        raise NotFound(what="round")
    return _planned(row)


def page(db: Connection, unit: int, *, first: int, most: int) -> tuple[tuple[Line, ...], int]:
    """Rounds that reach a unit or something below it, those that end last first; and how many there are in all."""
    seen = _reaching(unit)
    rows = db.execute(
        select(RoundRow.__table__, UnitRow.name.label("unit_name"))
        .join(UnitRow, UnitRow.id == RoundRow.unit_id)
        .where(seen).order_by(RoundRow.ends_on.desc(), RoundRow.id.desc()).offset(first).limit(most)
    ).all()  # fmt: skip
    total = db.execute(select(func.count()).select_from(RoundRow).where(seen)).scalar_one()
    stages = _stages(db, [row.id for row in rows], unit)
    return tuple(Line(_planned(row), row.unit_name, stages.get(row.id, {})) for row in rows), total


def of_units(db: Connection, units: Iterable[int], *, most: int) -> tuple[Planned, ...]:
    """Rounds that some units run themselves, those that end last first."""
    own = select(RoundRow.__table__).where(RoundRow.unit_id.in_(list(units)))
    return tuple(_planned(row) for row in db.execute(own.order_by(RoundRow.ends_on.desc(), RoundRow.id.desc()).limit(most)))


def current(db: Connection, unit: int, *, since: date, until: date) -> tuple[Current, ...]:
    """Rounds that reach a unit, have begun by a day and do not end before another, the one that ends first first."""
    own = select(MeetingRow.id).where(
        MeetingRow.round_id == RoundRow.id, MeetingRow.unit_id == unit, MeetingRow.stage != Stage.VOID.value
    ).order_by(MeetingRow.id.desc()).limit(1)  # fmt: skip
    stage = own.with_only_columns(MeetingRow.stage)
    query = select(RoundRow.__table__, own.scalar_subquery().label("own"), stage.scalar_subquery().label("stage"))
    runs = (_reaching(unit), RoundRow.starts_on <= until, RoundRow.ends_on >= since)
    rows = db.execute(query.where(*runs).order_by(RoundRow.ends_on, RoundRow.id).limit(_MOST_CURRENT))
    found = tuple(Current(_planned(row), row.own, Stage(row.stage) if row.stage else None) for row in rows)
    named = any(each.planned.plan.units for each in found)
    here = unit_ids_below(db, unit) if named else frozenset()
    return tuple(each for each in found if not each.planned.plan.units or each.own or here.intersection(each.planned.plan.units))


def add(db: Connection, planned: Planned) -> int:
    """Insert a round and return its id; the one given is not used."""
    values = {**_values(planned), "unit_id": planned.unit}
    return int(db.execute(insert(RoundRow).values(values).returning(RoundRow.id)).scalar_one())


def change(db: Connection, planned: Planned) -> None:
    """Write all of a round but whose it is."""
    db.execute(update(RoundRow).where(RoundRow.id == planned.id).values(_values(planned)))


def titles(db: Connection, questionnaires: Iterable[int]) -> Mapping[int, str]:
    """Titles of questionnaires by id."""
    wanted = list(questionnaires)
    chosen = select(QuestionnaireRow.id, QuestionnaireRow.title).where(QuestionnaireRow.id.in_(wanted))
    return {row.id: row.title for row in db.execute(chosen)} if wanted else {}


def _reaching(unit: int) -> Any:
    return or_(RoundRow.unit_id.in_(below(unit)), RoundRow.unit_id.in_(above(unit)))


def _stages(db: Connection, rounds: Sequence[int], unit: int) -> Mapping[int, Mapping[Stage, int]]:
    query = (
        select(MeetingRow.round_id, MeetingRow.stage, func.count().label("n"))
        .where(MeetingRow.round_id.in_(list(rounds)), MeetingRow.unit_id.in_(below(unit)))
        .group_by(MeetingRow.round_id, MeetingRow.stage)
    )
    found: dict[int, dict[Stage, int]] = {}
    for row in db.execute(query) if rounds else ():
        found.setdefault(row.round_id, {})[Stage(row.stage)] = row.n
    return found


def _values(planned: Planned) -> dict[str, Any]:
    return {
        "name": planned.name,
        "period": planned.period,
        "questionnaire_id": planned.plan.rules[0].questionnaire,
        "scheme": json.dumps(planned.scheme.as_json(), sort_keys=True),
        "starts_on": planned.starts_on,
        "ends_on": planned.ends_on,
        "plan": json.dumps(planned.plan.as_json(), ensure_ascii=False),
    }


def _planned(row: Row[Any]) -> Planned:
    plan, scheme = read_plan(json.loads(row.plan)), read_scheme(json.loads(row.scheme))
    return Planned(row.id, row.unit_id, row.name, row.period, row.starts_on, row.ends_on, plan, scheme, row.frozen)
