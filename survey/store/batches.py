"""Many meetings at once: inserted together, and taken back together while nobody touched them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from survey.domain.meetings import Stage
from survey.store.sizes import learn_meetings
from survey.store.tables import GroupRow, JournalRow, LeftOutRow, MeetingRow, MeetingUnitRow

# A database takes only so many values in one statement.
_AT_ONCE = 1000


def add(db: Connection, rows: Sequence[Mapping[str, Any]], groups: Sequence[Sequence[tuple[str, int, int]]]) -> tuple[int, ...]:
    """Insert meetings with their groups (name, due, present), one list for each; returns their ids in this order."""
    # Asked for the number of each row as it goes in, SQLite takes them one by one: their doors tell which is which.
    numbers: dict[str, int] = {}
    for part in _parts(rows):
        db.execute(insert(MeetingRow), [dict(each) for each in part])
        found = select(MeetingRow.door, MeetingRow.id).where(MeetingRow.door.in_([each["door"] for each in part]))
        numbers |= {row.door: row.id for row in db.execute(found)}
    made = [numbers[each["door"]] for each in rows]
    people = [
        {"meeting_id": meeting, "place": place, "name": name, "due": due, "present": present}
        for meeting, own in zip(made, groups, strict=True) for place, (name, due, present) in enumerate(own)
    ]  # fmt: skip
    for part in _parts(people):
        db.execute(insert(GroupRow), part)
    learn_meetings(db, len(made))
    return tuple(made)


def untouched(db: Connection, round_id: int) -> tuple[int, ...]:
    """Drafts of a round to which nothing was done since they were made."""
    return tuple(db.execute(_untouched(round_id).order_by(MeetingRow.id)).scalars())


def remove(db: Connection, ids: Iterable[int]) -> None:
    """Delete drafts that nobody touched. The acts that made them stay in the journal, and no longer speak of a number: a later
    meeting may get it."""
    for part in _parts(list(ids)):
        db.execute(update(JournalRow).where(JournalRow.meeting_id.in_(part)).values(meeting_id=None, link=None))
        db.execute(delete(MeetingUnitRow).where(MeetingUnitRow.meeting_id.in_(part)))
        db.execute(delete(LeftOutRow).where(LeftOutRow.meeting_id.in_(part)))
        db.execute(delete(GroupRow).where(GroupRow.meeting_id.in_(part)))
        db.execute(delete(MeetingRow).where(MeetingRow.id.in_(part)))


def _untouched(round_id: int) -> Select[Any]:
    drafts = (MeetingRow.round_id == round_id, MeetingRow.stage == Stage.DRAFT.value)
    acts = select(func.count()).where(JournalRow.meeting_id == MeetingRow.id).correlate(MeetingRow).scalar_subquery()
    return select(MeetingRow.id).where(*drafts, acts == 1)


def _parts(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[at : at + _AT_ONCE] for at in range(0, len(rows), _AT_ONCE))
