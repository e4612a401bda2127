"""Typed scores and bonus points of a published round in the store, in hundredths."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from survey.domain.refusals import NotFound
from survey.domain.scores import Approved, Bonus, BonusState, Typing
from survey.store.clocks import minute
from survey.store.grade_tables import BonusRow, TypedScoreRow
from survey.store.office_tables import StaffRow

# So many scores are taken out at once before they are written anew.
_AT_ONCE = 200


def typed(db: Connection, round_id: int, units: Collection[int] | None = None) -> Mapping[str, Mapping[str, int]]:
    """Scores by target and source; of some units and their members, or of all."""
    query = select(TypedScoreRow.target, TypedScoreRow.source, TypedScoreRow.points).where(TypedScoreRow.round_id == round_id)
    found: dict[str, dict[str, int]] = {}
    for row in db.execute(query if units is None else query.where(TypedScoreRow.unit_id.in_(list(units)))):
        found.setdefault(row.target, {})[row.source] = row.points
    return found


def write(db: Connection, round_id: int, some: Iterable[Typing], *, by: int, now: datetime) -> None:
    """Write scores in place of those before; None leaves none."""
    every = tuple(some)
    for at in range(0, len(every), _AT_ONCE):
        spots = [and_(TypedScoreRow.target == each.target, TypedScoreRow.source == each.source) for each in every[at : at + _AT_ONCE]]
        db.execute(delete(TypedScoreRow).where(TypedScoreRow.round_id == round_id, or_(*spots)))
    rows = [
        {"round_id": round_id, "target": each.target, "source": each.source, "unit_id": each.unit, "points": each.points,
         "staff_id": by, "minute": minute(now)}
        for each in every if each.points is not None
    ]  # fmt: skip
    if rows:
        db.execute(insert(TypedScoreRow), rows)


def bonuses(db: Connection, round_id: int, units: Collection[int]) -> tuple[Bonus, ...]:
    """What was applied for, for some units and their members, the first first."""
    settler = aliased(StaffRow)
    rows = db.execute(
        select(BonusRow.__table__, StaffRow.name.label("by"), settler.name.label("settled_by"))
        .join(StaffRow, StaffRow.id == BonusRow.staff_id)
        .outerjoin(settler, settler.id == BonusRow.settled_id)
        .where(BonusRow.round_id == round_id, BonusRow.unit_id.in_(list(units)))
        .order_by(BonusRow.id)
    )
    return tuple(
        Bonus(
            row.id, row.target, row.unit_id, row.points, row.reason, BonusState(row.state), row.by, row.minute.replace(tzinfo=UTC), row.settled_by or "",
            row.staff_id, row.staff_id == row.settled_id,
        )
        for row in rows
    )  # fmt: skip


def approved(db: Connection, round_id: int, units: Collection[int] | None = None) -> Approved:
    """The bonus points that were approved, for some units and their members, or for all."""
    is_alone = case((BonusRow.staff_id == BonusRow.settled_id, 1), else_=0)
    query = select(BonusRow.target, func.sum(BonusRow.points).label("points"), func.max(is_alone).label("alone"))
    query = query.where(BonusRow.round_id == round_id, BonusRow.state == BonusState.APPROVED.value).group_by(BonusRow.target)
    rows = db.execute(query if units is None else query.where(BonusRow.unit_id.in_(list(units)))).all()
    return Approved({row.target: int(row.points) for row in rows}, frozenset(row.target for row in rows if row.alone))


def apply(db: Connection, round_id: int, bonus: Bonus, *, by: int, now: datetime) -> None:
    """Note that bonus points were applied for."""
    values = {"target": bonus.target, "unit_id": bonus.unit, "points": bonus.points, "reason": bonus.reason, "state": bonus.state.value}
    db.execute(insert(BonusRow).values(round_id=round_id, **values, staff_id=by, minute=minute(now), settled_id=None, settled=None))


def bonus(db: Connection, round_id: int, bonus_id: int) -> tuple[str, int, int, BonusState, int]:
    """One of them: its target, the unit, the points, where it stands, the account that applied.

    Raises
    ------
    NotFound
        There is none in this round.
    """
    row = db.execute(select(BonusRow.__table__).where(BonusRow.round_id == round_id, BonusRow.id == bonus_id)).one_or_none()
    if row is None:
        raise NotFound(what="bonus")
    return row.target, row.unit_id, row.points, BonusState(row.state), row.staff_id


def settle(db: Connection, bonus_id: int, state: BonusState, *, by: int, now: datetime) -> None:
    """Approve or refuse."""
    db.execute(update(BonusRow).where(BonusRow.id == bonus_id).values(state=state.value, settled_id=by, settled=minute(now)))
