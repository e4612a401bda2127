"""Members in the store: those who are there, those who left, and the stays that have ended."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from survey.domain.units import Member
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.units import unit_ids_below

# A list may have a hundred thousand rows: they go to the database by the thousand.
_AT_ONCE = 5000


def of_units(db: Connection, units: Iterable[int]) -> tuple[Member, ...]:
    """Members of some units who have not left, by unit and name."""
    rows = db.execute(
        select(MemberRow.__table__)
        .where(MemberRow.unit_id.in_(list(units)), MemberRow.left_on.is_(None))
        .order_by(MemberRow.unit_id, MemberRow.name, MemberRow.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    return tuple(member_of(row) for row in rows)


def mark(db: Connection, *, below: int) -> str:
    """A digest of all that is known of a subtree and its members: equal marks, and nothing was changed between."""
    digest = blake2b()
    ids = list(unit_ids_below(db, below))
    for table, column in ((UnitRow.__table__, UnitRow.id), (MemberRow.__table__, MemberRow.unit_id)):
        rows = select(table).where(column.in_(ids)).order_by(table.c.id).execution_options(yield_per=_AT_ONCE)
        for row in db.execute(rows):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def counts(db: Connection) -> Mapping[int, int]:
    """How many members who have not left, by unit id."""
    return {
        row.unit_id: row.n
        for row in db.execute(
            select(MemberRow.unit_id, func.count().label("n"))
            .where(MemberRow.left_on.is_(None))
            .group_by(MemberRow.unit_id)
        )
    }


def add(db: Connection, members: Iterable[Member]) -> None:
    """Insert members; the ids given are not used."""
    rows = (_values(member) for member in members)
    while some := list(islice(rows, _AT_ONCE)):
        db.execute(insert(MemberRow), some)


def change(db: Connection, members: Iterable[Member]) -> None:
    """Write the fields of members."""
    table = MemberRow.__table__
    values: dict[str, Any] = {
        name: bindparam(name) for name in ("unit_id", "name", "kind", "position", "code", "since", "left_on")
    }
    changed = update(MemberRow).where(table.c.id == bindparam("known")).values(values)
    rows = ({"known": member.id, **_values(member)} for member in members)
    while some := list(islice(rows, _AT_ONCE)):
        db.execute(changed, some)


def _values(member: Member) -> dict[str, object]:
    return {
        "unit_id": member.unit,
        "name": member.name,
        "kind": member.kind,
        "position": member.position,
        "code": member.code,
        "since": member.since,
        "left_on": member.left_on,
    }


def member_of(row: Row[tuple[object, ...]]) -> Member:
    """A member from his row."""
    return Member(row.id, row.unit_id, row.name, row.kind, row.position, row.code, row.since, row.left_on)
