"""Paper forms in the store: those keyed once, closed by their own codes, and how many were read, settled and spoiled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from survey.domain.keyings import Spoil
from survey.store.ballots import in_box
from survey.store.tables import KeyedRow, ReadingRow, SpoilRow


@dataclass(frozen=True, slots=True)
class Keyed:
    """A meeting's paper forms: keyed once and waiting, in the box, of these twice by the same account and settled, spoiled whole."""

    once: int = 0
    done: int = 0
    alone: int = 0
    settled: int = 0
    spoiled: int = 0


def first(db: Connection, digest: bytes) -> bytes | None:
    """The sealed first reading of a form."""
    return db.execute(select(KeyedRow.sealed).where(KeyedRow.digest == digest)).scalar_one_or_none()


def keep(db: Connection, digest: bytes, *, meeting: int, group: int, sealed: bytes) -> None:
    """Keep the first reading of a form."""
    db.execute(insert(KeyedRow).values(digest=digest, meeting_id=meeting, group_id=group, sealed=sealed))


def drop(db: Connection, digest: bytes) -> bool:
    """Throw a first reading away; False when there is none."""
    return db.execute(delete(KeyedRow).where(KeyedRow.digest == digest)).rowcount == 1


def add(db: Connection, meeting: int, group: int, *, alone: bool, settled: bool) -> None:
    """One more form is in the box."""
    more = {"forms": 1, "alone": int(alone), "settled": int(settled)}
    done = db.execute(
        update(ReadingRow)
        .where(ReadingRow.group_id == group)
        .values({name: getattr(ReadingRow, name) + n for name, n in more.items()})
    )
    if not done.rowcount:
        db.execute(insert(ReadingRow).values(group_id=group, meeting_id=meeting, **more))


def add_spoils(db: Connection, meeting: int, group: int, reason: Spoil, *, forms: int = 0, answers: int = 0) -> bool:
    """Add to (or take from) the number of spoiled forms and answers; False when that would leave fewer than none."""
    place = (SpoilRow.group_id == group, SpoilRow.reason == reason.value)
    now = db.execute(select(SpoilRow.forms, SpoilRow.answers).where(*place)).one_or_none()
    left = (forms + (now.forms if now else 0), answers + (now.answers if now else 0))
    if min(left) < 0:
        return False
    if now:
        db.execute(update(SpoilRow).where(*place).values(forms=left[0], answers=left[1]))
    else:
        values = {"group_id": group, "reason": reason.value, "meeting_id": meeting}
        db.execute(insert(SpoilRow).values(**values, forms=left[0], answers=left[1]))
    return True


def spoils(db: Connection, meeting: int) -> Mapping[int, Mapping[Spoil, tuple[int, int]]]:
    """Spoiled forms and answers by group and reason."""
    found: dict[int, dict[Spoil, tuple[int, int]]] = {}
    for row in db.execute(select(SpoilRow.__table__).where(SpoilRow.meeting_id == meeting).order_by(SpoilRow.group_id)):
        found.setdefault(row.group_id, {})[Spoil(row.reason)] = (row.forms, row.answers)
    return found


def spoiled_in_all(db: Connection, meetings: Iterable[int]) -> Mapping[int, int]:
    """Whole forms that were spoiled, all groups together, by meeting; they came back too."""
    lost = select(SpoilRow.meeting_id, func.sum(SpoilRow.forms).label("forms")).where(SpoilRow.meeting_id.in_(list(meetings)))
    return {row.meeting_id: int(row.forms) for row in db.execute(lost.group_by(SpoilRow.meeting_id))}


def keyed(db: Connection, meeting: int) -> Keyed:
    """How far the keying of a meeting's forms is."""
    once = select(func.count()).select_from(KeyedRow).where(KeyedRow.meeting_id == meeting)
    read = [func.coalesce(func.sum(column), 0) for column in (ReadingRow.forms, ReadingRow.alone, ReadingRow.settled)]
    lost = select(func.coalesce(func.sum(SpoilRow.forms), 0)).where(SpoilRow.meeting_id == meeting)
    row = db.execute(
        select(once.scalar_subquery(), *read, lost.scalar_subquery()).select_from(ReadingRow).where(ReadingRow.meeting_id == meeting)
    ).one()
    return Keyed(*(int(n) for n in row))


def came_back(db: Connection, meeting: int) -> int:
    """Ballots in the box, and forms on paper that were keyed once or spoiled: after reopening they are there with an empty box."""
    found = keyed(db, meeting)
    return in_box(db, meeting) + found.once + found.spoiled


def forget(db: Connection, meeting: int) -> None:
    """A meeting goes back to draft or is void: nothing of its forms stays."""
    for table in (KeyedRow, ReadingRow, SpoilRow):
        db.execute(delete(table).where(table.meeting_id == meeting))
