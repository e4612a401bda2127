"""Units and members in the store."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from survey.domain.units import Member, Unit, UnitKind, subtree
from survey.store.office_tables import MemberRow, UnitRow

# A list may have a hundred thousand rows: they go to the database by the thousand.
_AT_ONCE = 5000


def all_units(db: Connection) -> tuple[Unit, ...]:
    """The whole tree, by code and name."""
    return tuple(_unit(row) for row in db.execute(select(UnitRow.__table__).order_by(UnitRow.code, UnitRow.name)))


def unit_ids_below(db: Connection, root: int) -> frozenset[int]:
    """Ids of a unit and of everything below it."""
    return subtree(all_units(db), root)


def members_of(db: Connection, units: Iterable[int]) -> tuple[Member, ...]:
    """Members of some units who have not left, by unit and name."""
    rows = db.execute(
        select(MemberRow.__table__)
        .where(MemberRow.unit_id.in_(list(units)), MemberRow.left_on.is_(None))
        .order_by(MemberRow.unit_id, MemberRow.name, MemberRow.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    return tuple(_member(row) for row in rows)


def mark(db: Connection, *, below: int) -> str:
    """A digest of all that is known of a subtree and its members: equal marks, and nothing was changed between."""
    digest = blake2b()
    ids = list(unit_ids_below(db, below))
    for table, column in ((UnitRow.__table__, UnitRow.id), (MemberRow.__table__, MemberRow.unit_id)):
        rows = select(table).where(column.in_(ids)).order_by(table.c.id).execution_options(yield_per=_AT_ONCE)
        for row in db.execute(rows):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def lock(db: Connection) -> None:
    """One list at a time: two that add the same people would each find them missing. SQLite has one writer anyway."""
    db.execute(select(UnitRow.id).where(UnitRow.parent_id.is_(None)).order_by(UnitRow.id).with_for_update(key_share=True))


def member_counts(db: Connection) -> Mapping[int, int]:
    """How many members who have not left, by unit id."""
    return {
        row.unit_id: row.n
        for row in db.execute(select(MemberRow.unit_id, func.count().label("n")).where(MemberRow.left_on.is_(None)).group_by(MemberRow.unit_id))
    }


def add_unit(db: Connection, unit: Unit) -> int:
    """Insert a unit and return its id; the id given is not used."""
    values = {
        "parent_id": unit.parent,
        "kind": unit.kind.value,
        "name": unit.name,
        "code": unit.code,
        "sector": unit.sector,
        "closed_on": unit.closed_on,
        "into_id": unit.into,
    }
    return int(db.execute(insert(UnitRow).values(values).returning(UnitRow.id)).scalar_one())


def change_unit(db: Connection, unit: Unit) -> None:
    """Write a unit's fields."""
    db.execute(
        update(UnitRow)
        .where(UnitRow.id == unit.id)
        .values(
            parent_id=unit.parent,
            kind=unit.kind.value,
            name=unit.name,
            code=unit.code,
            sector=unit.sector,
            closed_on=unit.closed_on,
            into_id=unit.into,
        )
    )


def add_members(db: Connection, members: Iterable[Member]) -> None:
    """Insert members; the ids given are not used."""
    rows = (_values(member) for member in members)
    while some := list(islice(rows, _AT_ONCE)):
        db.execute(insert(MemberRow), some)


def change_members(db: Connection, members: Iterable[Member]) -> None:
    """Write the fields of members."""
    table = MemberRow.__table__
    values: dict[str, Any] = {name: bindparam(name) for name in ("unit_id", "name", "kind", "position", "code", "since", "left_on")}
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


def _unit(row: Row[tuple[object, ...]]) -> Unit:
    return Unit(row.id, row.parent_id, UnitKind(row.kind), row.name, row.code, row.sector, row.closed_on, row.into_id)


def _member(row: Row[tuple[object, ...]]) -> Member:
    return Member(row.id, row.unit_id, row.name, row.kind, row.position, row.code, row.since, row.left_on)
