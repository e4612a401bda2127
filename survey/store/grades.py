"""Grading in the store: how far it is, and what was decided about whom."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from survey.domain.grades import Choice, Decision, Grading
from survey.store.clocks import minute
from survey.store.grade_tables import DecisionRow, GradingRow, OverrunRow
from survey.store.office_tables import StaffRow

# More targets are not asked for by name.
_MOST_ASKED = 500


def of_round(db: Connection, round_id: int) -> Grading:
    """How far the grading of a round is; one that has not begun is like an open one."""
    row = db.execute(select(GradingRow.__table__).where(GradingRow.round_id == round_id)).one_or_none()
    return Grading(round_id) if row is None else _grading(row)


def at_unit(db: Connection, round_id: int, unit: int) -> tuple[Grading, Mapping[str, str]]:
    """How far it is, and the grades decided about one unit and its members, by target: asked at once."""
    about = (DecisionRow.round_id == GradingRow.round_id) & (DecisionRow.unit_id == unit)
    query = select(GradingRow.__table__, DecisionRow.target, DecisionRow.grade).outerjoin(DecisionRow, about)
    rows = db.execute(query.where(GradingRow.round_id == round_id)).all()
    return _grading(rows[0]) if rows else Grading(round_id), {row.target: row.grade for row in rows if row.target is not None}


def begin(db: Connection, round_id: int) -> None:
    """Have a row to hang decisions on; whoever calls holds the lock of the round."""
    if db.execute(select(GradingRow.round_id).where(GradingRow.round_id == round_id)).first() is None:
        db.execute(insert(GradingRow).values(round_id=round_id, ended=None, put_right_by=None))


def end(db: Connection, round_id: int, ended: datetime | None) -> None:
    """End it, or with None take it up again."""
    at = None if ended is None else minute(ended)
    db.execute(update(GradingRow).where(GradingRow.round_id == round_id).values(ended=at))


def put_right(db: Connection, round_id: int, by: date | None) -> None:
    """The day by which what is poor must be put right; None is the usual one."""
    db.execute(update(GradingRow).where(GradingRow.round_id == round_id).values(put_right_by=by))


def decisions(db: Connection, round_id: int, units: Collection[int] | None = None) -> Mapping[str, Decision]:
    """What was decided, by target; of some units and their members, or of all."""
    query = (
        select(DecisionRow.__table__, StaffRow.name.label("by"))
        .join(StaffRow, StaffRow.id == DecisionRow.staff_id)
        .where(DecisionRow.round_id == round_id)
    )
    rows = db.execute(query if units is None else query.where(DecisionRow.unit_id.in_(list(units))))
    return {
        row.target: Decision(row.target, row.unit_id, row.grade, row.result, row.reason, row.by, row.minute.replace(tzinfo=UTC))
        for row in rows
    }


def decided(db: Connection, round_id: int) -> Mapping[tuple[int, bool], int]:
    """How many decisions there are, by the unit they are about and whether they are about its members."""
    is_member = DecisionRow.target.startswith("m").label("is_member")
    query = select(DecisionRow.unit_id, is_member, func.count().label("n")).where(DecisionRow.round_id == round_id)
    return {(row.unit_id, bool(row.is_member)): row.n for row in db.execute(query.group_by(DecisionRow.unit_id, is_member))}


def decided_of(db: Connection, round_id: int, targets: Iterable[str]) -> frozenset[str]:
    """Those of some targets about which something was decided."""
    query = select(DecisionRow.target).where(DecisionRow.round_id == round_id)
    every = list(dict.fromkeys(targets))
    if len(every) <= _MOST_ASKED:
        query = query.where(DecisionRow.target.in_(every))
    return frozenset(db.execute(query).scalars()) & frozenset(every)


def decide(db: Connection, round_id: int, choices: Iterable[Choice], *, by: int, now: datetime) -> None:
    """Write decisions in place of those before; an empty grade leaves none."""
    some = tuple(choices)
    for each in some:
        db.execute(delete(DecisionRow).where(DecisionRow.round_id == round_id, DecisionRow.target == each.target))
    rows = [
        {"round_id": round_id, "target": each.target, "unit_id": each.unit, "grade": each.grade, "result": each.result,
         "reason": each.reason, "staff_id": by, "minute": minute(now)}
        for each in some if each.grade
    ]  # fmt: skip
    if rows:
        db.execute(insert(DecisionRow), rows)


def overrun(db: Connection, round_id: int, unit: int) -> str:
    """Why a branch has more of the best grade than its share; "" when it has not."""
    query = select(OverrunRow.reason).where(OverrunRow.round_id == round_id, OverrunRow.unit_id == unit)
    return db.execute(query).scalar_one_or_none() or ""


def overruns(db: Connection, round_id: int) -> Mapping[int, str]:
    """The same of all branches that have."""
    rows = db.execute(select(OverrunRow.unit_id, OverrunRow.reason).where(OverrunRow.round_id == round_id))
    return {row.unit_id: row.reason for row in rows}


def excuse(db: Connection, round_id: int, unit: int, reason: str, *, by: int, now: datetime) -> None:
    """Write why, or with "" that there is nothing to excuse."""
    db.execute(delete(OverrunRow).where(OverrunRow.round_id == round_id, OverrunRow.unit_id == unit))
    if reason:
        db.execute(insert(OverrunRow).values(round_id=round_id, unit_id=unit, reason=reason, staff_id=by, minute=minute(now)))


def _grading(row: Row[Any]) -> Grading:
    return Grading(row.round_id, None if row.ended is None else row.ended.replace(tzinfo=UTC), row.put_right_by)
