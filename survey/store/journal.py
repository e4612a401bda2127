"""The journal: what staff did, by the minute."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from survey.domain.refusals import NotFound
from survey.store.clocks import minute
from survey.store.office_tables import StaffRow
from survey.store.tables import JournalRow, MeetingRow

_START = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: when (UTC, the minute), who (a name), what, and its numbers."""

    minute: datetime
    name: str
    act: str
    detail: dict[str, object]


def note(
    db: Connection, act: str, *, by: int | None, now: datetime, meeting: int | None = None, unit_id: int | None = None,
    **detail: object,
) -> int:  # fmt: skip
    """Write one act of staff and return its number. The detail holds numbers and names of units, never anything of a voter.

    Parameters
    ----------
    unit_id : int or None
        The unit the act concerns: who looks after it reads of the act. Left out it is the meeting's, else that of
        whoever acts.
    """
    at = minute(now)
    body = json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else ""
    of_meeting = select(MeetingRow.unit_id).where(MeetingRow.id == meeting).scalar_subquery()
    of_staff = select(StaffRow.unit_id).where(StaffRow.id == by).scalar_subquery()
    values: dict[str, object] = {"minute": at, "staff_id": by, "act": act, "meeting_id": meeting, "detail": body}
    where = unit_id if unit_id is not None else func.coalesce(of_meeting, of_staff)
    if meeting is not None:
        values["link"] = _link(head(db, meeting, lock=True), at, by, act=act, body=body)
    return int(db.execute(insert(JournalRow).values(**values, unit_id=where).returning(JournalRow.id)).scalar_one())


def note_many(
    db: Connection, act: str, rows: Iterable[tuple[int, int, Mapping[str, object]]], *, by: int, now: datetime
) -> None:  # fmt: skip
    """Write the same act of staff about many new meetings, (meeting, its unit, detail) each: the first link of every chain."""
    at = minute(now)
    values = []
    for meeting, unit, detail in rows:
        body = json.dumps(detail, ensure_ascii=False, sort_keys=True)
        link = _link(_START, at, by, act=act, body=body)
        values.append({"minute": at, "staff_id": by, "act": act, "meeting_id": meeting, "detail": body, "link": link, "unit_id": unit})
    db.execute(insert(JournalRow), values)


def knows(db: Connection, act: str, **detail: object) -> bool:
    """Whether this very act was written before, whoever did it."""
    body = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    return db.execute(select(JournalRow.id).where(JournalRow.act == act, JournalRow.detail == body).limit(1)).first() is not None


def has(db: Connection, meeting: int, act: str, *, by: int) -> bool:
    """Whether a person did this at a meeting before."""
    same = (JournalRow.meeting_id == meeting, JournalRow.act == act, JournalRow.staff_id == by)
    return db.execute(select(JournalRow.id).where(*same).limit(1)).first() is not None


def head(db: Connection, meeting: int, *, lock: bool = False) -> bytes:
    """The last link of a meeting's chain: a digest over all its acts. 32 zero bytes before the first."""
    if lock:
        # Two acts at once would both follow the same one.
        db.execute(select(MeetingRow.id).where(MeetingRow.id == meeting).with_for_update())
    last = select(JournalRow.link).where(JournalRow.meeting_id == meeting).order_by(JournalRow.id.desc()).limit(1)
    return db.execute(last).scalar_one_or_none() or _START


def first_broken(db: Connection, meeting: int) -> int | None:
    """The number of the first act of a meeting that is not what was written, or before which one is missing; None when all
    is as it was. Acts from before there was a chain are not looked at."""
    rows = db.execute(select(JournalRow.__table__).where(JournalRow.meeting_id == meeting).order_by(JournalRow.id)).all()
    before, begun = _START, False
    for row in rows:
        if row.link is None and not begun:
            continue
        begun = True
        if row.link != _link(before, row.minute, row.staff_id, act=row.act, body=row.detail):
            return int(row.id)
        before = row.link
    return None


def holds(db: Connection, meeting: int, link: bytes) -> bool:
    """Whether a link is one of a meeting's chain."""
    return db.execute(select(JournalRow.id).where(JournalRow.meeting_id == meeting, JournalRow.link == link).limit(1)).first() is not None


def _link(before: bytes, minute: datetime, by: int | None, *, act: str, body: str) -> bytes:
    said = json.dumps([minute.isoformat(), by, act, body], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(before + said.encode()).digest()


def get(db: Connection, entry_id: int) -> tuple[str, dict[str, Any]]:
    """What was done, and its detail.

    Raises
    ------
    NotFound
        There is no such line.
    """
    row = db.execute(select(JournalRow.act, JournalRow.detail).where(JournalRow.id == entry_id)).one_or_none()
    if row is None:
        raise NotFound(what="act")
    return row.act, json.loads(row.detail or "{}")


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
