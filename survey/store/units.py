"""The tree of units in the store."""


from sqlalchemy import Connection, Row, insert, select, update

from survey.domain.units import Unit, UnitKind, subtree
from survey.store.office_tables import UnitRow


def all_units(db: Connection) -> tuple[Unit, ...]:
    """The whole tree, by code and name."""
    return tuple(_unit(row) for row in db.execute(select(UnitRow.__table__).order_by(UnitRow.code, UnitRow.name)))


def unit_ids_below(db: Connection, root: int) -> frozenset[int]:
    """Ids of a unit and of everything below it."""
    return subtree(all_units(db), root)


def lock(db: Connection) -> None:
    """One list at a time: two that add the same people would each find them missing. SQLite has one writer anyway."""
    db.execute(
        select(UnitRow.id).where(UnitRow.parent_id.is_(None)).order_by(UnitRow.id).with_for_update(key_share=True)
    )


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


def _unit(row: Row[tuple[object, ...]]) -> Unit:
    return Unit(row.id, row.parent_id, UnitKind(row.kind), row.name, row.code, row.sector, row.closed_on, row.into_id)
