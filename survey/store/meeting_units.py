"""Which units a meeting rates: its own alone, or some of those at or below it, in an order; and their members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select
from sqlalchemy.orm import aliased

from survey.domain.meetings import Meeting
from survey.domain.units import Member, Unit, UnitKind
from survey.store import members
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.tables import LeftOutRow, MeetingUnitRow
from survey.store.units import ORDER, below, unit_of


@dataclass(frozen=True, slots=True)
class Rated:
    """How many units and members a meeting rates, and how many members are left out; `units_only` rates no member at all."""

    units: int
    members: int
    out: int
    units_only: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Open units at or below `root` whose name holds a text, of one kind, of one sector."""

    root: int
    text: str = ""
    kind: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit that could be rated, the one above it, and how many members it has."""

    unit: Unit
    above: str
    members: int


def write(db: Connection, meeting: int, chosen: Sequence[int]) -> None:
    """Write the units a meeting rates, in their order. Its own unit alone is written too: none means that nobody has chosen."""
    db.execute(delete(MeetingUnitRow).where(MeetingUnitRow.meeting_id == meeting))
    rows = [{"meeting_id": meeting, "unit_id": unit, "place": place} for place, unit in enumerate(chosen)]
    if rows:
        db.execute(insert(MeetingUnitRow), rows)


def units(db: Connection, meeting: Meeting) -> tuple[Unit, ...]:
    """The units a meeting rates, in their order; those that were closed or moved away since are not among them."""
    table = UnitRow.__table__
    chosen = (table.c.closed_on.is_(None), table.c.id.in_(below(meeting.unit)), MeetingUnitRow.place.is_not(None))
    place = (MeetingUnitRow.unit_id == table.c.id) & (MeetingUnitRow.meeting_id == meeting.id)
    query = select(table, MeetingUnitRow.place).outerjoin(MeetingUnitRow, place)
    # Its own unit comes along, for when none was chosen.
    rows = db.execute(query.where(or_(and_(*chosen), table.c.id == meeting.unit)).order_by(MeetingUnitRow.place)).all()
    ours = [row for row in rows if row.place is not None and row.closed_on is None]
    return tuple(unit_of(row) for row in ours or rows)


def people(db: Connection, meeting: Meeting, units: Iterable[int]) -> tuple[tuple[Member, bool], ...]:
    """Members of some units who have not left, by unit and name, and whether the meeting leaves each out."""
    out = (LeftOutRow.member_id == MemberRow.id) & (LeftOutRow.meeting_id == meeting.id)
    query = select(MemberRow.__table__, LeftOutRow.member_id.label("out")).outerjoin(LeftOutRow, out)
    there = (MemberRow.unit_id.in_(list(units)), MemberRow.left_on.is_(None))
    rows = db.execute(query.where(*there).order_by(MemberRow.unit_id, MemberRow.name, MemberRow.id))
    return tuple((members.member_of(row), row.out is not None) for row in rows)


def branches(db: Connection, meeting: Meeting) -> tuple[tuple[Unit, tuple[Member, ...]], ...]:
    """What goes onto the papers: each unit with its members, less those who are left out."""
    chosen = units(db, meeting)
    if meeting.units_only:
        return tuple((unit, ()) for unit in chosen)
    here = [each for each, is_out in people(db, meeting, [unit.id for unit in chosen]) if not is_out]
    return tuple((unit, tuple(each for each in here if each.unit == unit.id)) for unit in chosen)


def rated(db: Connection, meeting: Meeting) -> Rated:
    """The numbers for the page of a draft, in one query."""
    chosen = select(MeetingUnitRow.unit_id).where(MeetingUnitRow.meeting_id == meeting.id)
    here: ColumnElement[bool] = or_(UnitRow.id.in_(chosen), (UnitRow.id == meeting.unit) & ~chosen.exists())
    out = (LeftOutRow.meeting_id == meeting.id) & (LeftOutRow.member_id == MemberRow.id)
    there = (MemberRow.unit_id == UnitRow.id) & MemberRow.left_on.is_(None)
    counted = select(
        func.count(UnitRow.id.distinct()).label("units"),
        func.count(MemberRow.id).label("members"),
        func.count(LeftOutRow.member_id).label("out"),
    ).select_from(UnitRow)
    row = db.execute(counted.outerjoin(MemberRow, there).outerjoin(LeftOutRow, out).where(here, UnitRow.closed_on.is_(None))).one()
    return Rated(row.units, row.members - row.out, row.out, meeting.units_only)


def find(db: Connection, wanted: Wanted, *, most: int) -> tuple[tuple[Choice, ...], int]:
    """The first units that fit, in the order of lists, and how many fit in all."""
    fits: list[ColumnElement[bool]] = [UnitRow.id.in_(below(wanted.root)), UnitRow.closed_on.is_(None)]
    if wanted.text:
        fits.append(or_(UnitRow.name.icontains(wanted.text, autoescape=True), UnitRow.code == wanted.text))
    if wanted.kind:
        fits.append(UnitRow.kind == wanted.kind)
    if wanted.sector:
        fits.append(UnitRow.sector == wanted.sector)
    above = aliased(UnitRow)
    n = select(func.count()).where(MemberRow.unit_id == UnitRow.id, MemberRow.left_on.is_(None)).scalar_subquery()
    total = func.count().over().label("total")
    query = select(UnitRow.__table__, above.name.label("above"), n.label("n"), total).outerjoin(above, above.id == UnitRow.parent_id)
    rows = db.execute(query.where(*fits).order_by(*ORDER).limit(most)).all()
    return tuple(Choice(unit_of(row), row.above or "", row.n) for row in rows), rows[0].total if rows else 0


def inside(db: Connection, root: int, ids: Iterable[int]) -> tuple[int, ...]:
    """Those of some units that are open and lie at or below a unit, in the order of lists: the order on the paper."""
    fits = (UnitRow.id.in_(list(ids)), UnitRow.id.in_(below(root)), UnitRow.closed_on.is_(None))
    return tuple(db.execute(select(UnitRow.id).where(*fits).order_by(*ORDER)).scalars())


def is_unchosen(db: Connection, meeting: Meeting) -> bool:
    """Whether nobody has said yet which units are rated, where a committee with units below it holds the meeting."""
    chosen = select(MeetingUnitRow.unit_id).where(MeetingUnitRow.meeting_id == meeting.id).exists()
    above = (UnitKind.COMMITTEE.value, UnitKind.GENERAL_BRANCH.value)
    asked = select(UnitRow.id).where(UnitRow.id == meeting.unit, UnitRow.kind.in_(above), ~chosen)
    return db.execute(asked).first() is not None and has_below(db, meeting.unit)


def has_below(db: Connection, unit: int) -> bool:
    """Whether anything open hangs below a unit."""
    return db.execute(select(UnitRow.id).where(UnitRow.parent_id == unit, UnitRow.closed_on.is_(None)).limit(1)).first() is not None
