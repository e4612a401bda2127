"""Units to choose from: a few at a time, however many there are. No page carries a whole city in a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.orm import aliased

from survey.domain.units import UnitKind
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.units import below


@dataclass(frozen=True, slots=True)
class Choice:
    """An open unit, the unit above it, and how many members it has."""

    id: int
    name: str
    above: str
    members: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Open units below `root` whose name holds a text or whose code it is; `rated` are those one can evaluate."""

    root: int
    text: str = ""
    rated: bool = False


def find(db: Connection, wanted: Wanted, *, most: int) -> tuple[tuple[Choice, ...], int]:
    """The first units that fit, by code and name, and how many fit in all."""
    count = select(func.count()).where(MemberRow.unit_id == UnitRow.id, MemberRow.left_on.is_(None)).scalar_subquery()
    above = aliased(UnitRow)
    fits: list[ColumnElement[bool]] = [UnitRow.id.in_(below(wanted.root)), UnitRow.closed_on.is_(None)]
    if wanted.text:
        fits.append(or_(UnitRow.name.icontains(wanted.text, autoescape=True), UnitRow.code == wanted.text))
    if wanted.rated:
        somebody = select(MemberRow.id).where(MemberRow.unit_id == UnitRow.id, MemberRow.left_on.is_(None)).exists()
        # A committee may have no members of its own: it rates what hangs right below it.
        under = aliased(UnitRow)
        something = select(under.id).where(under.parent_id == UnitRow.id, under.closed_on.is_(None)).exists()
        over = and_(UnitRow.kind.in_((UnitKind.COMMITTEE.value, UnitKind.GENERAL_BRANCH.value)), something)
        fits.append(or_(UnitRow.kind == UnitKind.BRANCH.value, somebody, over))
    total = db.execute(select(func.count()).select_from(UnitRow).where(*fits)).scalar_one()
    query = select(UnitRow.id, UnitRow.name, above.name.label("above"), count.label("n"))
    query = query.outerjoin(above, above.id == UnitRow.parent_id).where(*fits).order_by(UnitRow.code, UnitRow.name, UnitRow.id)
    rows = db.execute(query.limit(most))
    return tuple(Choice(row.id, row.name, "" if row.id == wanted.root else row.above or "", row.n) for row in rows), total


def one(db: Connection, unit: int, *, root: int) -> Choice | None:
    """One unit as a choice; None when it is closed or lies elsewhere."""
    return next(iter(some(db, [unit], root=root)), None)


def some(db: Connection, ids: Iterable[int], *, root: int) -> tuple[Choice, ...]:
    """Some units as choices, by code and name; those that are closed or lie elsewhere are not among them."""
    above = aliased(UnitRow)
    count = select(func.count()).where(MemberRow.unit_id == UnitRow.id, MemberRow.left_on.is_(None)).scalar_subquery()
    query = select(UnitRow.id, UnitRow.name, above.name.label("above"), count.label("n")).outerjoin(above, above.id == UnitRow.parent_id)
    fits = (UnitRow.id.in_(list(ids)), UnitRow.closed_on.is_(None), UnitRow.id.in_(below(root)))
    rows = db.execute(query.where(*fits).order_by(UnitRow.code, UnitRow.name, UnitRow.id))
    return tuple(Choice(row.id, row.name, "" if row.id == root else row.above or "", row.n) for row in rows)
