"""What an outline of the tree shows, each in one narrow query: no page loads every unit or every member."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import InstrumentedAttribute

from survey.domain.units import Member, Unit, UnitKind
from survey.store.members import counts, member_of
from survey.store.office_tables import MemberRow, StaffRow, UnitRow
from survey.store.units import ORDER, below, unit_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for below a unit; `root` None is the whole tree."""

    root: int | None
    text: str = ""
    kind: str = ""
    sector: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """The shape of a subtree without its names: who hangs below whom, in the order of lists, and how many.

    Attributes
    ----------
    parents, children : mapping
        Of every unit of the subtree, by id; the top has no parent here.
    closed : set of int
    own, members, units : mapping
        Members of its own; members and open units of all that hangs below, by id.
    """

    parents: Mapping[int, int | None]
    children: Mapping[int, Sequence[int]]
    closed: frozenset[int]
    own: Mapping[int, int]
    members: Mapping[int, int]
    units: Mapping[int, int]

    def way(self, unit: int) -> tuple[int, ...]:
        """From the top down to a unit, itself included."""
        steps: list[int] = []
        here: int | None = unit
        while here is not None and here not in steps:
            steps.append(here)
            here = self.parents.get(here)
        return tuple(reversed(steps))


def outline(db: Connection, within: frozenset[int], *, closed: bool = False) -> Outline:
    """The shape of a subtree; closed units only when they are asked for."""
    query = select(UnitRow.id, UnitRow.parent_id, UnitRow.closed_on).order_by(*ORDER)
    rows = [row for row in db.execute(query) if row.id in within and (closed or row.closed_on is None)]
    known = {row.id for row in rows}
    parents = {row.id: row.parent_id if row.parent_id in known else None for row in rows}
    shut = frozenset(row.id for row in rows if row.closed_on is not None)
    below: dict[int, list[int]] = {}
    for unit, parent in parents.items():
        if parent is not None:
            below.setdefault(parent, []).append(unit)
    own = counts(db)
    members, units = _summed(parents, own), _summed(parents, dict.fromkeys(known - shut, 1))
    return Outline(parents, below, shut, own, members, {unit: n - (unit not in shut) for unit, n in units.items()})


def _summed(parents: Mapping[int, int | None], own: Mapping[int, int]) -> Mapping[int, int]:
    """Numbers of units added up the tree."""
    sums: dict[int, int] = {}
    for unit in parents:
        n = own.get(unit, 0)
        here: int | None = unit if n else None
        while here is not None:
            sums[here] = sums.get(here, 0) + n
            here = parents[here]
    return sums


def children(db: Connection, unit: int, *, most: int) -> tuple[Unit, ...]:
    """The open units right below one, in the order of lists."""
    query = select(UnitRow.__table__).where(UnitRow.parent_id == unit, UnitRow.closed_on.is_(None))
    return tuple(unit_of(row) for row in db.execute(query.order_by(*ORDER).limit(most)))


def find_units(db: Connection, wanted: Wanted, *, most: int) -> tuple[Unit, ...]:
    """Units of a subtree that fit what was asked for, in the order of lists."""
    query = select(UnitRow.__table__)
    if wanted.root is not None:
        query = query.where(UnitRow.id.in_(below(wanted.root)))
    if wanted.text:
        query = query.where(_holds(UnitRow.name, wanted.text) | (UnitRow.code == wanted.text))
    if wanted.kind:
        query = query.where(UnitRow.kind == wanted.kind)
    if wanted.sector:
        query = query.where(UnitRow.sector == wanted.sector)
    if not wanted.closed:
        query = query.where(UnitRow.closed_on.is_(None))
    return tuple(unit_of(row) for row in db.execute(query.order_by(*ORDER).limit(most)))


def find_members(db: Connection, wanted: Wanted, *, most: int) -> tuple[Member, ...]:
    """Members of a subtree who have not left and whose name holds a text, or whose code is it."""
    fits = _holds(MemberRow.name, wanted.text) | (MemberRow.code == wanted.text)
    query = select(MemberRow.__table__).where(MemberRow.left_on.is_(None), fits)
    if wanted.root is not None:
        # A sum has no index: the names are sifted first, and only the hits are looked for in the subtree.
        query = query.where((MemberRow.unit_id + 0).in_(below(wanted.root)))
    return tuple(member_of(row) for row in db.execute(query.order_by(MemberRow.name, MemberRow.id).limit(most)))


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of one unit: members of its own and of the subtree, open units below, those right below."""

    own: int
    members: int
    units: int
    children: int


def tally(db: Connection, unit: int) -> Tally:
    """The numbers of one unit."""
    there, inside = (MemberRow.left_on.is_(None), MemberRow.unit_id.in_(below(unit)))
    open_one = UnitRow.closed_on.is_(None)
    each = (
        select(func.count()).where(MemberRow.unit_id == unit, there),
        select(func.count()).where(inside, there),
        select(func.count()).where(UnitRow.id.in_(below(unit)), UnitRow.id != unit, open_one),
        select(func.count()).where(UnitRow.parent_id == unit, open_one),
    )
    return Tally(*db.execute(select(*(query.scalar_subquery() for query in each))).one())


def members_below(db: Connection, tops: Sequence[int]) -> Mapping[int, int]:
    """How many members each of these units has with all that hangs below it, by id."""
    # All subtrees in one walk down, each unit with the top it hangs below.
    start = select(UnitRow.id.label("id"), UnitRow.id.label("top")).where(UnitRow.id.in_(list(tops)))
    inside = start.cte("inside", recursive=True)
    inside = inside.union(select(UnitRow.id, inside.c.top).where(UnitRow.parent_id == inside.c.id))
    query = select(inside.c.top, func.count().label("n")).join(MemberRow, MemberRow.unit_id == inside.c.id)
    rows = db.execute(query.where(MemberRow.left_on.is_(None)).group_by(inside.c.top)) if tops else ()
    return dict.fromkeys(tops, 0) | {row.top: row.n for row in rows}


def branches(db: Connection, root: int) -> tuple[int, bool]:
    """How many open branches a subtree has, and whether anybody is a member of it."""
    kind = (UnitRow.kind == UnitKind.BRANCH.value, UnitRow.closed_on.is_(None), UnitRow.id.in_(below(root)))
    anybody = select(MemberRow.id).where(MemberRow.left_on.is_(None), MemberRow.unit_id.in_(below(root))).exists()
    n, found = db.execute(select(select(func.count()).where(*kind).scalar_subquery(), anybody)).one()
    return n, bool(found)


def accounts_of(db: Connection, unit: int) -> int:
    """How many accounts begin at a unit."""
    return db.execute(select(func.count()).where(StaffRow.unit_id == unit)).scalar_one()


def _holds(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Whether a name holds a text. Chinese has no capitals, and is found six times as fast when nobody looks for them."""
    if text.lower() == text.upper():
        return column.contains(text, autoescape=True)
    return column.icontains(text, autoescape=True)
