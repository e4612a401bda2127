"""The journal: what staff did, by the minute."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from survey.store.office_tables import StaffRow
from survey.store.tables import JournalRow


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: when (UTC, the minute), who (a name), what, and its numbers."""

    minute: datetime
    name: str
    act: str
    detail: dict[str, object]


def note(
    db: Connection, act: str, *, by: int | None, now: datetime, meeting: int | None = None, **detail: object
) -> None:
    """Write one act of staff. The detail holds numbers and names of units, never anything of a voter."""
    minute = now.astimezone(UTC).replace(second=0, microsecond=0, tzinfo=None)
    body = json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else ""
    db.execute(insert(JournalRow).values(minute=minute, staff_id=by, act=act, meeting_id=meeting, detail=body))


def of_meeting(db: Connection, meeting: int) -> tuple[Entry, ...]:
    """The acts of one meeting in their order."""
    rows = db.execute(
        select(JournalRow.minute, StaffRow.name, JournalRow.act, JournalRow.detail)
        .outerjoin(StaffRow, StaffRow.id == JournalRow.staff_id)
        .where(JournalRow.meeting_id == meeting)
        .order_by(JournalRow.id)
    )
    return tuple(
        Entry(row.minute.replace(tzinfo=UTC), row.name or "", row.act, json.loads(row.detail or "{}")) for row in rows
    )
