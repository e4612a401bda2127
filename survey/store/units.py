"""Units and members in the store."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from survey.domain.units import Member, MemberKind, Sector, Unit, UnitKind, subtree
from survey.store.tables import MemberRow, UnitRow


def all_units(db: Connection) -> tuple[Unit, ...]:
    """The whole tree, by code and name."""
    return tuple(_unit(row) for row in db.execute(select(UnitRow.__table__).order_by(UnitRow.code, UnitRow.name)))


def unit_ids_below(db: Connection, root: int) -> frozenset[int]:
    """Ids of a unit and of everything below it."""
    return subtree(all_units(db), root)


def members_of(db: Connection, units: Iterable[int]) -> tuple[Member, ...]:
    """Members of some units, by unit and name."""
    rows = db.execute(
        select(MemberRow.__table__)
        .where(MemberRow.unit_id.in_(list(units)))
        .order_by(MemberRow.unit_id, MemberRow.name, MemberRow.id)
    )
    return tuple(_member(row) for row in rows)


def member_counts(db: Connection) -> Mapping[int, int]:
    """Members by unit id."""
    return {
        row.unit_id: row.n
        for row in db.execute(select(MemberRow.unit_id, func.count().label("n")).group_by(MemberRow.unit_id))
    }


def add_unit(db: Connection, unit: Unit) -> int:
    """Insert a unit and return its id; the id given is not used."""
    values = {
        "parent_id": unit.parent,
        "kind": unit.kind.value,
        "name": unit.name,
        "code": unit.code,
        "sector": unit.sector.value if unit.sector else None,
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
            sector=unit.sector.value if unit.sector else None,
        )
    )


def add_members(db: Connection, members: Iterable[Member]) -> None:
    """Insert members; the ids given are not used."""
    rows = [
        {"unit_id": m.unit, "name": m.name, "kind": m.kind.value, "position": m.position, "code": m.code}
        for m in members
    ]
    if rows:
        db.execute(insert(MemberRow), rows)


def change_members(db: Connection, members: Iterable[Member]) -> None:
    """Write the fields of members, all in one statement."""
    rows = [
        {"known": m.id, "unit_id": m.unit, "name": m.name, "kind": m.kind.value, "position": m.position, "code": m.code}
        for m in members
    ]
    if rows:
        table = MemberRow.__table__
        names = ("unit_id", "name", "kind", "position", "code")
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        db.execute(update(MemberRow).where(table.c.id == bindparam("known")).values(values), rows)


def _unit(row: Row[tuple[object, ...]]) -> Unit:
    sector = Sector(row.sector) if row.sector else None
    return Unit(row.id, row.parent_id, UnitKind(row.kind), row.name, row.code, sector)


def _member(row: Row[tuple[object, ...]]) -> Member:
    return Member(row.id, row.unit_id, row.name, MemberKind(row.kind), row.position, row.code)
