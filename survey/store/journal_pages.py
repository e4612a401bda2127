"""Reading the journal: page by page from the end, within a subtree, by person, act, place and day."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from survey.store import units
from survey.store.clocks import plain
from survey.store.office_tables import StaffRow, UnitRow
from survey.store.tables import GroupRow, JournalRow, MeetingRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty and None mean whatever. `since` belongs to it, `until` does not."""

    name: str = ""
    place: str = ""
    acts: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One act with the names of whom and what it was about, as far as they still have one."""

    id: int
    minute: datetime
    name: str
    act: str
    detail: Mapping[str, object]
    unit: str
    meeting: int | None
    title: str
    is_survey: bool


def page(db: Connection, wanted: Wanted, *, below: int, before: int | None = None, most: int = 50) -> tuple[Line, ...]:
    """The latest acts about a subtree before the one with this id.

    Ids, not minutes, say what was later: a clock may have been set back in between.
    """
    chosen = select(JournalRow.id).where(*_conditions(db, wanted, below))
    if before is not None:
        chosen = chosen.where(JournalRow.id < before)
    few = chosen.order_by(JournalRow.id.desc()).limit(most).subquery()
    rows = db.execute(
        select(
            JournalRow.id, JournalRow.minute, JournalRow.act, JournalRow.detail, JournalRow.meeting_id,
            StaffRow.name, UnitRow.name.label("unit"), MeetingRow.title, MeetingRow.is_survey,
        )
        .join(few, few.c.id == JournalRow.id)
        .outerjoin(StaffRow, StaffRow.id == JournalRow.staff_id)
        .outerjoin(UnitRow, UnitRow.id == JournalRow.unit_id)
        .outerjoin(MeetingRow, MeetingRow.id == JournalRow.meeting_id)
        .order_by(JournalRow.id.desc())
    )  # fmt: skip
    return tuple(
        Line(row.id, row.minute.replace(tzinfo=UTC), row.name or "", row.act, json.loads(row.detail or "{}"), row.unit or "",
             row.meeting_id, row.title or "", bool(row.is_survey))
        for row in rows
    )  # fmt: skip


def groups(db: Connection, meetings: Collection[int]) -> Mapping[int, str]:
    """Names of the groups of some meetings, by id."""
    rows = db.execute(select(GroupRow.id, GroupRow.name).where(GroupRow.meeting_id.in_(list(meetings))))
    return {row.id: row.name for row in rows}


def _conditions(db: Connection, wanted: Wanted, below: int) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if units.root(db) != below:
        inside = JournalRow.unit_id.in_(units.below(below))
        # Asked plainly, PostgreSQL compares every row with every unit of a subtree that has few rows: a town that has just
        # begun would wait for seconds. Asked whether it is true, it looks each row up once. SQLite has its index for it.
        found.append(inside if db.dialect.name == "sqlite" else inside.is_(True))
    if wanted.name:
        people = select(StaffRow.id).where(
            or_(StaffRow.name.contains(wanted.name, autoescape=True), StaffRow.login == wanted.name)
        )
        found.append(JournalRow.staff_id.in_(people))
    if wanted.place:
        places = select(UnitRow.id).where(UnitRow.name.contains(wanted.place, autoescape=True))
        meetings = select(MeetingRow.id).where(MeetingRow.title.contains(wanted.place, autoescape=True))
        found.append(or_(JournalRow.unit_id.in_(places), JournalRow.meeting_id.in_(meetings)))
    if wanted.acts:
        found.append(JournalRow.act.in_(list(wanted.acts)))
    return [*found, *_days(db, wanted)]


def _days(db: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Days as ids, found in their own index: else a page of an old day would walk through all that came after."""
    inside = []
    if wanted.since is not None:
        inside.append(JournalRow.minute >= plain(wanted.since))
    if wanted.until is not None:
        inside.append(JournalRow.minute < plain(wanted.until))
    if not inside:
        return []
    first, last = db.execute(select(func.min(JournalRow.id), func.max(JournalRow.id)).where(*inside)).one()
    # No row at all has an id below the first.
    return [*inside, JournalRow.id >= (first or 0), JournalRow.id <= (last or 0)]
