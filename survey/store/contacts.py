"""Contact-point leaders (联系点领导): which leaders look after which units."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from survey.domain.units import Member, Unit
from survey.store.members import member_of
from survey.store.office_tables import ContactRow, MemberRow, UnitRow
from survey.store.units import ORDER, unit_of


def leaders_of(db: Connection, unit: int) -> tuple[Member, ...]:
    """Who looks after a unit and has not left, by name."""
    query = select(MemberRow.__table__).join(ContactRow, ContactRow.member_id == MemberRow.id)
    query = query.where(ContactRow.unit_id == unit, MemberRow.left_on.is_(None)).order_by(MemberRow.name, MemberRow.id)
    return tuple(member_of(row) for row in db.execute(query))


def units_of(db: Connection, member: int) -> tuple[Unit, ...]:
    """The open units a member looks after, in the order of lists."""
    query = select(UnitRow.__table__).join(ContactRow, ContactRow.unit_id == UnitRow.id)
    query = query.where(ContactRow.member_id == member, UnitRow.closed_on.is_(None))
    return tuple(unit_of(row) for row in db.execute(query.order_by(*ORDER)))


def put(db: Connection, unit: int, member: int) -> None:
    """Let a member look after a unit."""
    db.execute(insert(ContactRow).values(unit_id=unit, member_id=member))


def remove(db: Connection, unit: int, members: Iterable[int]) -> None:
    """Some members look after a unit no longer."""
    db.execute(delete(ContactRow).where(ContactRow.unit_id == unit, ContactRow.member_id.in_(list(members))))
