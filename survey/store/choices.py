"""Units to choose from: a few at a time, however many there are. No page carries a whole city in a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.orm import aliased

from survey.domain.units import UnitKind
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.units import ORDER, below


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
    """The first units that fit, in the order of lists, and how many fit in all."""
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
    return _choices(db, fits, root=wanted.root, most=most)


def one(db: Connection, unit: int, *, root: int) -> Choice | None:
    """One unit as a choice; None when it is closed or lies elsewhere."""
    return next(iter(some(db, [unit], root=root)), None)


def some(db: Connection, ids: Iterable[int], *, root: int) -> tuple[Choice, ...]:
    """Some units as choices, in the order of lists; those that are closed or lie elsewhere are not among them."""
    wanted = list(ids)
    fits = (UnitRow.id.in_(wanted), UnitRow.closed_on.is_(None), UnitRow.id.in_(below(root)))
    return _choices(db, fits, root=root, most=len(wanted))[0] if wanted else ()


def _choices(db: Connection, fits: Iterable[ColumnElement[bool]], *, root: int, most: int) -> tuple[tuple[Choice, ...], int]:
    columns = (UnitRow.id, UnitRow.name, UnitRow.code, UnitRow.parent_id, func.count().over().label("total"))
    shown = select(*columns).where(*fits).order_by(*ORDER).limit(most).subquery()
    # Members and the unit above are looked up for those that are shown.
    above = aliased(UnitRow)
    count = select(func.count()).where(MemberRow.unit_id == shown.c.id, MemberRow.left_on.is_(None)).scalar_subquery()
    query = select(shown, above.name.label("above"), count.label("n")).outerjoin(above, above.id == shown.c.parent_id)
    rows = db.execute(query.order_by(shown.c.code, shown.c.id)).all()
    found = tuple(Choice(row.id, row.name, "" if row.id == root else row.above or "", row.n) for row in rows)
    return found, rows[0].total if rows else 0
