"""Rounds that nobody planned: they came about with the first meeting of their period, and hold the meetings of many units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from survey.domain.meetings import Stage
from survey.store.tables import GroupRow, MeetingRow, RoundRow
from survey.store.units import below

_COUNTED = (Stage.COUNTED.value, Stage.PUBLISHED.value)


@dataclass(frozen=True, slots=True)
class Loose:
    """One of them as far as a unit and all below it take part: how many meetings, of which how many are counted."""

    id: int
    name: str
    period: str
    questionnaire: int
    meetings: int
    counted: int


def of_unit(db: Connection, unit: int, *, only: int | None = None) -> tuple[Loose, ...]:
    """Those with meetings at or below a unit, the latest first; surveys and what was made void are left out."""
    done = func.count().filter(MeetingRow.stage.in_(_COUNTED)).label("counted")
    query = (
        select(RoundRow.id, RoundRow.name, RoundRow.period, RoundRow.questionnaire_id, func.count().label("n"), done)
        .join(MeetingRow, MeetingRow.round_id == RoundRow.id)
        .where(RoundRow.unit_id.is_(None), *_living(unit))
        .group_by(RoundRow.id, RoundRow.name, RoundRow.period, RoundRow.questionnaire_id)
        .order_by(RoundRow.period.desc(), RoundRow.id.desc())
    )
    return tuple(Loose(*row) for row in db.execute(query if only is None else query.where(RoundRow.id == only)))


def units(db: Connection, round_id: int, unit: int) -> tuple[int, ...]:
    """The units at or below one that have a meeting in such a round."""
    query = select(MeetingRow.unit_id).where(MeetingRow.round_id == round_id, *_living(unit)).distinct().order_by(MeetingRow.unit_id)
    return tuple(db.execute(query).scalars())


def groups(db: Connection, round_id: int, unit: int) -> tuple[str, ...]:
    """The names of their groups, in the order in which they were first made."""
    query = select(GroupRow.name).join(MeetingRow, MeetingRow.id == GroupRow.meeting_id).where(MeetingRow.round_id == round_id, *_living(unit))
    return tuple(dict.fromkeys(db.execute(query.order_by(GroupRow.meeting_id, GroupRow.place)).scalars()))


def move(db: Connection, round_id: int, unit: int, into: int) -> int:
    """Give the meetings at or below a unit to another round; how many they are. What was made void goes with them."""
    here: Sequence[Any] = (MeetingRow.round_id == round_id, MeetingRow.is_survey.is_(False), MeetingRow.unit_id.in_(below(unit)))
    return db.execute(update(MeetingRow).where(*here).values(round_id=into)).rowcount


def _living(unit: int) -> Sequence[Any]:
    return (MeetingRow.is_survey.is_(False), MeetingRow.stage != Stage.VOID.value, MeetingRow.unit_id.in_(below(unit)))
