"""Stays in a unit that have ended: where members were before, and until when."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from survey.domain.units import Member
from survey.store.office_tables import StayRow


def end(db: Connection, members: Iterable[Member], *, until: date) -> None:
    """The present stay of some members ends: write it before they go to another unit."""
    rows = [{"member_id": m.id, "unit_id": m.unit, "since": m.since, "until": until} for m in members]
    if rows:
        db.execute(insert(StayRow), rows)


def take_back(db: Connection, members: Iterable[int], *, unit: int) -> Mapping[int, date | None]:
    """Forget that the last stay of some members in a unit has ended; since when they were there, by member."""
    last: dict[int, tuple[int, date | None]] = {}
    asked = select(StayRow.__table__).where(StayRow.member_id.in_(list(members)), StayRow.unit_id == unit)
    for row in db.execute(asked.order_by(StayRow.id)):
        last[row.member_id] = (row.id, row.since)
    db.execute(delete(StayRow).where(StayRow.id.in_([number for number, _ in last.values()])))
    return {member: since for member, (_, since) in last.items()}
