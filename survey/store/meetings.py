"""Meetings, their groups, papers and the numbers of codes made."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, update

from survey.domain.meetings import BOXED, Entry, Group, Meeting, Stage
from survey.domain.papers import Paper
from survey.domain.refusals import NotFound
from survey.domain.slips import Way
from survey.store.tables import GroupRow, IssueRow, LeftOutRow, MeetingRow, PaperRow

# Larger numbers fit no key, and the databases refuse to look for them.
MOST_ID = 2**31 - 1
_CLOCK = select(MeetingRow.stage, MeetingRow.closing)
_ROW = _CLOCK.where(MeetingRow.id == bindparam("id"))
# A row for each way in which codes were made for each group: one query reads a meeting whole.
_WHOLE = (
    select(
        MeetingRow.__table__, GroupRow.id.label("group_id"), GroupRow.name.label("group_name"), GroupRow.due, GroupRow.present,
        GroupRow.voided, GroupRow.leftover, IssueRow.way, IssueRow.minted,
    )
    .outerjoin(GroupRow, GroupRow.meeting_id == MeetingRow.id)
    .outerjoin(IssueRow, IssueRow.group_id == GroupRow.id)
)  # fmt: skip
_LOCK, _LOCK_SHARED = _ROW.with_for_update(), _ROW.with_for_update(read=True)


def get(db: Connection, meeting_id: int) -> Meeting:
    """A meeting with its groups.

    Raises
    ------
    NotFound
        There is none.
    """
    found = _whole(db, _WHOLE.where(MeetingRow.id == meeting_id)) if meeting_id <= MOST_ID else ()
    if not found:
        raise NotFound(what="meeting")
    return found[0]


def by_door(db: Connection, door: str) -> Meeting:
    """The meeting whose screen carries this door."""
    if not door.isalnum():
        # Doors are letters and digits; PostgreSQL refuses even to look for a text with NUL in it.
        raise NotFound(what="meeting")
    found = db.execute(select(MeetingRow.id).where(MeetingRow.door == door)).scalar_one_or_none()
    if found is None:
        raise NotFound(what="meeting")
    return get(db, found)


def of_units(db: Connection, units: Iterable[int]) -> tuple[Meeting, ...]:
    """Meetings of some units, newest first."""
    return _whole(db, _WHOLE.where(MeetingRow.unit_id.in_(list(units))).order_by(MeetingRow.held_on.desc(), MeetingRow.id.desc()))


def some(db: Connection, ids: Sequence[int]) -> tuple[Meeting, ...]:
    """These meetings with their groups, in this order."""
    found = {each.id: each for each in _whole(db, _WHOLE.where(MeetingRow.id.in_(ids)))} if ids else {}
    return tuple(found[each] for each in ids if each in found)


def stages_at(db: Connection, unit: int) -> Mapping[Stage, int]:
    """How many meetings of a unit stand at each stage."""
    query = select(MeetingRow.stage, func.count().label("n")).where(MeetingRow.unit_id == unit).group_by(MeetingRow.stage)
    return {Stage(row.stage): row.n for row in db.execute(query)}


def settled(db: Connection) -> tuple[Meeting, ...]:
    """Meetings that are counted or void, without their groups: the keys of their boxes must not exist."""
    dead = [Stage.COUNTED.value, Stage.PUBLISHED.value, Stage.VOID.value]
    query = select(MeetingRow.__table__).where(MeetingRow.stage.in_(dead), MeetingRow.public_key.is_not(None))
    return tuple(_meeting(row, ()) for row in db.execute(query))


def without_proof(db: Connection) -> tuple[tuple[int, bytes], ...]:
    """Id and public key of boxes in use that have no proof of their key."""
    living = [stage.value for stage in BOXED]
    query = select(MeetingRow.id, MeetingRow.public_key).where(
        MeetingRow.stage.in_(living), MeetingRow.public_key.is_not(None), MeetingRow.key_proof.is_(None)
    )
    return tuple((row.id, row.public_key) for row in db.execute(query))


def prove(db: Connection, meeting_id: int, public_key: bytes, proof: bytes) -> None:
    """Write the proof of a public key, if it still is the one that was looked at."""
    same = (MeetingRow.id == meeting_id, MeetingRow.public_key == public_key)
    db.execute(update(MeetingRow).where(*same).values(key_proof=proof))


def lock(db: Connection, meeting_id: int) -> Stage:
    """Lock a meeting's row and read its stage, as it is written."""
    return lock_clock(db, meeting_id)[0]


def lock_clock(db: Connection, meeting_id: int, *, share: bool = False) -> tuple[Stage, datetime | None]:
    """Lock a meeting's row and read its stage and when it ends: casts share it, closing and counting wait for them.

    SQLite has taken its one write lock already when a write door opens.
    """
    row = db.execute(_LOCK_SHARED if share else _LOCK, {"id": meeting_id}).one_or_none()
    if row is None:
        raise NotFound(what="meeting")
    return Stage(row.stage), moment(row.closing)


def clock(db: Connection, door: str) -> tuple[Stage, datetime | None]:
    """The stage of the meeting behind a door, as it is written, and when it ends."""
    row = db.execute(_CLOCK.where(MeetingRow.door == door)).one_or_none() if door.isalnum() else None
    if row is None:
        raise NotFound(what="meeting")
    return Stage(row.stage), moment(row.closing)


def moment(kept: datetime | None) -> datetime | None:
    """A moment as the databases keep it, in UTC without saying so."""
    return kept.replace(tzinfo=UTC) if kept else None


def scrutineer(db: Connection, meeting_id: int) -> bytes | None:
    """The digest of the scrutineer's slip."""
    return db.execute(select(MeetingRow.scrutineer).where(MeetingRow.id == meeting_id)).scalar_one()


def add(db: Connection, values: dict[str, Any]) -> int:
    """Insert a meeting and return its id."""
    return int(db.execute(insert(MeetingRow).values(values).returning(MeetingRow.id)).scalar_one())


def change(db: Connection, meeting_id: int, values: dict[str, Any]) -> None:
    """Write some columns of a meeting."""
    db.execute(update(MeetingRow).where(MeetingRow.id == meeting_id).values(values))


def move(db: Connection, meeting_id: int, stage: Stage, *, wanted: Stage) -> bool:
    """Check and set the stage in one UPDATE; False when somebody else was there first. An end that was set is none any more."""
    done = db.execute(
        update(MeetingRow)
        .where(MeetingRow.id == meeting_id, MeetingRow.stage == stage.value)
        .values(stage=wanted.value, closing=None)
    )
    return done.rowcount == 1


def replace_groups(db: Connection, meeting_id: int, groups: Iterable[tuple[str, int, int]]) -> None:
    """Write the groups of a meeting that has no codes yet."""
    db.execute(delete(GroupRow).where(GroupRow.meeting_id == meeting_id))
    rows = [
        {"meeting_id": meeting_id, "place": place, "name": name, "due": due, "present": present}
        for place, (name, due, present) in enumerate(groups)
    ]
    db.execute(insert(GroupRow), rows)


def leave_out(db: Connection, meeting_id: int, members: Iterable[int]) -> None:
    """Write which members of its unit a meeting does not rate."""
    db.execute(delete(LeftOutRow).where(LeftOutRow.meeting_id == meeting_id))
    rows = [{"meeting_id": meeting_id, "member_id": member} for member in members]
    if rows:
        db.execute(insert(LeftOutRow), rows)


def change_group(db: Connection, group_id: int, values: dict[str, Any]) -> None:
    """Write some columns of a group."""
    db.execute(update(GroupRow).where(GroupRow.id == group_id).values(values))


def mint(db: Connection, group_id: int, way: Way, n: int) -> None:
    """Add to the number of codes made in one way."""
    done = db.execute(
        update(IssueRow)
        .where(IssueRow.group_id == group_id, IssueRow.way == way.value)
        .values(minted=IssueRow.minted + n)
    )
    if not done.rowcount:
        db.execute(insert(IssueRow).values(group_id=group_id, way=way.value, minted=n))


def add_void(db: Connection, group_id: int, n: int) -> None:
    """Add to the number of codes destroyed unspent."""
    db.execute(update(GroupRow).where(GroupRow.id == group_id).values(voided=GroupRow.voided + n))


def forget_codes(db: Connection, meeting_id: int) -> None:
    """A meeting goes back to draft: no codes, no papers."""
    groups = select(GroupRow.id).where(GroupRow.meeting_id == meeting_id)
    db.execute(delete(IssueRow).where(IssueRow.group_id.in_(groups)))
    db.execute(delete(PaperRow).where(PaperRow.meeting_id == meeting_id))
    db.execute(update(GroupRow).where(GroupRow.meeting_id == meeting_id).values(voided=0, leftover=None))


def add_paper(db: Connection, paper: Paper) -> None:
    """Freeze the paper of one group."""
    values = {"group_id": paper.group, "meeting_id": paper.meeting, "sha256": paper.sha256, "body": paper.as_json()}
    db.execute(insert(PaperRow).values(values))


def papers(db: Connection, meeting_id: int) -> Mapping[int, str]:
    """Bodies of the frozen papers by group id."""
    rows = db.execute(select(PaperRow.group_id, PaperRow.body).where(PaperRow.meeting_id == meeting_id))
    return {row.group_id: row.body for row in rows}


def one_paper(db: Connection, meeting_ids: Iterable[int]) -> Mapping[int, str]:
    """The body of one frozen paper of each meeting: all its groups are asked the same."""
    first = (
        select(func.min(PaperRow.group_id))
        .where(PaperRow.meeting_id.in_(list(meeting_ids)))
        .group_by(PaperRow.meeting_id)
    )
    rows = db.execute(select(PaperRow.meeting_id, PaperRow.body).where(PaperRow.group_id.in_(first)))
    return {row.meeting_id: row.body for row in rows}


def paper(db: Connection, sha256: str) -> str:
    """The body of a frozen paper by its digest."""
    found = db.execute(select(PaperRow.body).where(PaperRow.sha256 == sha256)).scalar_one_or_none()
    if found is None:
        raise NotFound(what="paper")
    return found


def _whole(db: Connection, query: Select[Any]) -> tuple[Meeting, ...]:
    """Meetings in the order of a query of `_WHOLE`, each with its groups."""
    rows = db.execute(query.order_by(GroupRow.place, GroupRow.id)).all()
    minted: dict[int, dict[Way, int]] = {}
    for row in rows:
        if row.way is not None:
            minted.setdefault(row.group_id, {})[Way(row.way)] = row.minted
    groups: dict[int, dict[int, Group]] = {}
    for row in rows:
        here = groups.setdefault(row.id, {})
        if row.group_id is not None:
            made = minted.get(row.group_id, {})
            here[row.group_id] = Group(row.group_id, row.group_name, row.due, row.present, made, row.voided, row.leftover)
    return tuple(_meeting(row, tuple(groups[row.id].values())) for row in {row.id: row for row in rows}.values())


def _meeting(row: Row[tuple[object, ...]], groups: tuple[Group, ...]) -> Meeting:
    return Meeting(
        id=row.id,
        round=row.round_id,
        unit=row.unit_id,
        title=row.title,
        place=row.place,
        held_on=row.held_on,
        stage=Stage(row.stage),
        entry=Entry(row.entry),
        door=row.door,
        one_officer=row.one_officer,
        groups=groups,
        public_key=row.public_key,
        key_proof=row.key_proof,
        is_survey=row.is_survey,
        until=row.until,
        closing=moment(row.closing),
        questionnaire=row.questionnaire_id,
        units_only=row.units_only,
        key_on_slip=row.key_on_slip,
        rehearsed=row.rehearsed,
    )
