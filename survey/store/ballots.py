"""The box in the store: slips by their digest, sealed ballots under random keys. Nothing here knows people or times."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from survey.domain.meetings import Stage
from survey.domain.slips import SlipState
from survey.store.meetings import moment
from survey.store.tables import BallotRow, GroupRow, MeetingRow, PaperRow, SlipRow


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip with what its holder may know: meeting, stage, paper."""

    meeting: int
    group: int
    title: str
    group_name: str
    stage: Stage
    state: SlipState
    entry: str
    door: str
    paper: str | None
    public_key: bytes | None
    key_proof: bytes | None
    is_survey: bool = False
    closing: datetime | None = None
    key_on_slip: bool = False


_SLIP = (
    select(
        SlipRow.meeting_id,
        SlipRow.group_id,
        SlipRow.state,
        MeetingRow.title,
        MeetingRow.stage,
        MeetingRow.closing,
        MeetingRow.key_on_slip,
        MeetingRow.entry,
        MeetingRow.door,
        MeetingRow.public_key,
        MeetingRow.key_proof,
        MeetingRow.is_survey,
        GroupRow.name,
        PaperRow.sha256,
    )
    .join(MeetingRow, MeetingRow.id == SlipRow.meeting_id)
    .join(GroupRow, GroupRow.id == SlipRow.group_id)
    .outerjoin(PaperRow, PaperRow.group_id == SlipRow.group_id)
    .where(SlipRow.digest == bindparam("d"))
)
# Built once: a hall votes all at once, and putting a statement together takes longer than running it.
_SPEND = (
    update(SlipRow)
    .where(SlipRow.digest == bindparam("d"), SlipRow.state == SlipState.FRESH.value)
    .values(state=bindparam("into"))
)
_DROP = insert(BallotRow)


def slip(db: Connection, digest: bytes) -> Slip | None:
    """The slip with this digest."""
    row = db.execute(_SLIP, {"d": digest}).one_or_none()
    if row is None:
        return None
    return Slip(
        meeting=row.meeting_id,
        group=row.group_id,
        title=row.title,
        group_name=row.name,
        stage=Stage(row.stage),
        state=SlipState(row.state),
        entry=row.entry,
        door=row.door,
        paper=row.sha256,
        public_key=row.public_key,
        key_proof=row.key_proof,
        is_survey=row.is_survey,
        closing=moment(row.closing),
        key_on_slip=row.key_on_slip,
    )


def add_slips(db: Connection, meeting: int, group: int, digests: Sequence[bytes]) -> None:
    """Insert fresh slips. A heap keeps the order in which rows came: sorted, they lie in no order of the printed pile."""
    state = SlipState.FRESH.value
    rows = [{"digest": d, "meeting_id": meeting, "group_id": group, "state": state} for d in sorted(digests)]
    db.execute(insert(SlipRow), rows)


def spend(db: Connection, digest: bytes, *, into: SlipState = SlipState.SPENT) -> bool:
    """Check and set in one UPDATE: False when the slip is not fresh any more."""
    return db.execute(_SPEND, {"d": digest, "into": into.value}).rowcount == 1


def void_fresh(db: Connection, meeting: int, group: int) -> int:
    """Void every fresh slip of a group; how many there were."""
    done = db.execute(
        update(SlipRow)
        .where(SlipRow.meeting_id == meeting, SlipRow.group_id == group, SlipRow.state == SlipState.FRESH.value)
        .values(state=SlipState.VOID.value)
    )
    return int(done.rowcount)


def drop(db: Connection, *, key: bytes, meeting: int, group: int, sealed: bytes) -> None:
    """Put a sealed ballot into the box."""
    db.execute(_DROP, {"key": key, "meeting_id": meeting, "group_id": group, "sealed": sealed})


def in_box(db: Connection, meeting: int) -> int:
    """Ballots in the box: the one number anybody may see while it is open."""
    return int(db.execute(select(func.count()).where(BallotRow.meeting_id == meeting)).scalar_one())


def in_boxes(db: Connection, meetings: Iterable[int]) -> Mapping[int, int]:
    """Ballots in several boxes by meeting id."""
    query = select(BallotRow.meeting_id, func.count().label("n")).where(BallotRow.meeting_id.in_(list(meetings)))
    return {row.meeting_id: row.n for row in db.execute(query.group_by(BallotRow.meeting_id))}


def sealed(db: Connection, meeting: int) -> tuple[tuple[bytes, int, bytes], ...]:
    """Every ballot as (key, group, sealed), by key: an order that means nothing."""
    rows = db.execute(
        select(BallotRow.key, BallotRow.group_id, BallotRow.sealed)
        .where(BallotRow.meeting_id == meeting)
        .order_by(BallotRow.key)
    )
    return tuple((row.key, row.group_id, row.sealed) for row in rows)


def spent(db: Connection, meeting: int) -> tuple[tuple[bytes, int], ...]:
    """Digest and group of every spent slip, by digest."""
    rows = db.execute(
        select(SlipRow.digest, SlipRow.group_id)
        .where(SlipRow.meeting_id == meeting, SlipRow.state == SlipState.SPENT.value)
        .order_by(SlipRow.digest)
    )
    return tuple((row.digest, row.group_id) for row in rows)


def unspent(db: Connection, meeting: int) -> tuple[bytes, ...]:
    """Digests of slips that are in no box, by digest."""
    wanted = (SlipRow.meeting_id == meeting, SlipRow.state != SlipState.SPENT.value)
    return tuple(db.execute(select(SlipRow.digest).where(*wanted).order_by(SlipRow.digest)).scalars())


def empty_box(db: Connection, meeting: int) -> None:
    """Delete every ballot of a meeting."""
    db.execute(delete(BallotRow).where(BallotRow.meeting_id == meeting))


def delete_slips(db: Connection, meeting: int) -> None:
    """Delete every slip of a meeting."""
    db.execute(delete(SlipRow).where(SlipRow.meeting_id == meeting))


def void_slips(db: Connection, meeting: int) -> None:
    """A void meeting keeps its slips, all in one state, so that phones can be told; who voted is gone."""
    db.execute(update(SlipRow).where(SlipRow.meeting_id == meeting).values(state=SlipState.VOID.value))
