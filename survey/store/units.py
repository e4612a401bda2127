"""The tree of units in the store."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Row, Select, delete, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from survey.domain.refusals import NotFound, Stale
from survey.domain.units import Unit, UnitKind
from survey.store.office_tables import UnitRow

# By code; what has none stands as it was brought in, which is how the list of the office had it.
ORDER = (UnitRow.code, UnitRow.id)
# No party has so many levels; a circle, which only another program could write, ends here too.
_DEEPEST = 50


def all_units(db: Connection) -> tuple[Unit, ...]:
    """The whole tree, in the order of lists."""
    return tuple(unit_of(row) for row in db.execute(select(UnitRow.__table__).order_by(*ORDER)))


def below(root: int) -> Select[tuple[int]]:
    """Ids of a unit and of everything below it, to stand inside another query. A circle would end it as well."""
    top = select(UnitRow.id).where(UnitRow.id == root).cte(recursive=True)
    return select(top.union(select(UnitRow.id).join(top, UnitRow.parent_id == top.c.id)).c.id)


def above(unit: int) -> Select[tuple[int]]:
    """Ids of a unit and of everything above it, to stand inside another query."""
    here = select(UnitRow.id, UnitRow.parent_id).where(UnitRow.id == unit).cte(recursive=True)
    return select(here.union(select(UnitRow.id, UnitRow.parent_id).join(here, UnitRow.id == here.c.parent_id)).c.id)


def unit_ids_below(db: Connection, root: int) -> frozenset[int]:
    """Ids of a unit and of everything below it. Asked for at every page: of a branch that is one, however large the tree."""
    return frozenset(row.id for row in db.execute(below(root)))


def get(db: Connection, unit_id: int) -> Unit:
    """One unit.

    Raises
    ------
    NotFound
        There is none.
    """
    row = db.execute(select(UnitRow.__table__).where(UnitRow.id == unit_id)).one_or_none()
    if row is None:
        raise NotFound(what="unit")
    return unit_of(row)


def some(db: Connection, unit_ids: Iterable[int]) -> Mapping[int, Unit]:
    """Some units by id; who is not there is left out."""
    ids = list(unit_ids)
    rows = db.execute(select(UnitRow.__table__).where(UnitRow.id.in_(ids))) if ids else ()
    return {row.id: unit_of(row) for row in rows}


def path(db: Connection, unit_id: int) -> tuple[Unit, ...]:
    """The units from the root down to one, itself included; empty when there is none."""
    table = UnitRow.__table__
    step = select(table, literal(0).label("up")).where(table.c.id == unit_id).cte(recursive=True)
    up = select(table, step.c.up + 1).join(step, table.c.id == step.c.parent_id).where(step.c.up < _DEEPEST)
    whole = step.union_all(up)
    return tuple(unit_of(row) for row in db.execute(select(whole).order_by(whole.c.up.desc())))


def root(db: Connection) -> int | None:
    """The id of the topmost unit."""
    return db.execute(select(UnitRow.id).where(UnitRow.parent_id.is_(None)).order_by(UnitRow.id).limit(1)).scalar_one_or_none()


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


def names(db: Connection, ids: Iterable[int]) -> Mapping[int, str]:
    """Names of some units by id."""
    rows = db.execute(select(UnitRow.id, UnitRow.name).where(UnitRow.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def remove(db: Connection, ids: Iterable[int]) -> None:
    """Delete units that were added by mistake, those added last first.

    Raises
    ------
    Stale
        Something hangs on one of them by now.
    """
    try:
        for unit in sorted(ids, reverse=True):
            db.execute(delete(UnitRow).where(UnitRow.id == unit))
    except IntegrityError as fault:
        raise Stale(what="unit") from fault


def unit_of(row: Row[tuple[object, ...]]) -> Unit:
    """A unit from its row."""
    return Unit(row.id, row.parent_id, UnitKind(row.kind), row.name, row.code, row.sector, row.closed_on, row.into_id)
