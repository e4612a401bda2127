"""Published rounds in the store, and the counted meetings a publication is made of."""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update

from survey.domain.meetings import Stage
from survey.store.clocks import minute
from survey.store.office_tables import UnitRow
from survey.store.publication_tables import PublicationRow, PublishedPartRow
from survey.store.tables import CountRow, GroupRow, MeetingRow, RoundRow, SealRow, SpoilRow
from survey.store.units import above, below

# So many meetings are read at once: a city has seven thousand.
_AT_ONCE = 100
# A count of a group: about whom, the question, the answer, how many ballots.
Row = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Published:
    """That a round was published, when (to the minute, UTC), and the digest that names it."""

    round: int
    sha256: str
    minute: datetime


@dataclass(frozen=True, slots=True)
class Running:
    """A meeting that must come to an end before its round is published."""

    id: int
    title: str
    unit: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Listed:
    """A published round in a list: who ran it, and when it was published (UTC)."""

    round: int
    unit: int
    name: str
    period: str
    ends_on: date
    sha256: str
    minute: datetime


def of_round(db: Connection, round_id: int) -> Published | None:
    """The publication of a round; None before."""
    return of_rounds(db, [round_id]).get(round_id)


def of_rounds(db: Connection, rounds: Iterable[int]) -> Mapping[int, Published]:
    """Those of some rounds that were published."""
    rows = db.execute(select(PublicationRow.__table__).where(PublicationRow.round_id.in_(list(rounds))))
    return {row.round_id: Published(row.round_id, row.sha256, row.minute.replace(tzinfo=UTC)) for row in rows}


def every(db: Connection) -> tuple[Published, ...]:
    """All of them, by number."""
    rows = db.execute(select(PublicationRow.__table__).order_by(PublicationRow.round_id))
    return tuple(Published(row.round_id, row.sha256, row.minute.replace(tzinfo=UTC)) for row in rows)


def reaching(db: Connection, unit: int, *, most: int) -> tuple[Listed, ...]:
    """Published rounds of a unit, of those above it and of those below it, the one that ended last first."""
    query = _list().where(or_(RoundRow.unit_id.in_(below(unit)), RoundRow.unit_id.in_(above(unit))))
    return tuple(_listed(*row) for row in db.execute(query.limit(most)))


def within(db: Connection, unit: int, periods: Collection[str], *, most: int) -> tuple[Listed, ...]:
    """Published rounds of some periods that a unit or one above it runs, the one that ended first first; the last of too many."""
    query = _list().where(RoundRow.unit_id.in_(above(unit)), RoundRow.period.in_(periods)).limit(most)
    return tuple(reversed([_listed(*row) for row in db.execute(query)]))


def periods(db: Connection, unit: int) -> Mapping[str, int]:
    """For which periods rounds that reach a unit or something below it were published, and how many."""
    seen = or_(RoundRow.unit_id.in_(below(unit)), RoundRow.unit_id.in_(above(unit)))
    query = select(RoundRow.period, func.count().label("n")).join(PublicationRow, PublicationRow.round_id == RoundRow.id).where(seen)
    return {row.period: row.n for row in db.execute(query.group_by(RoundRow.period))}


def ran_below(db: Connection, unit: int, periods: Collection[str], *, most: int) -> tuple[int, ...]:
    """Units below one that ran published rounds of some periods."""
    query = select(RoundRow.unit_id).join(PublicationRow, PublicationRow.round_id == RoundRow.id).distinct().order_by(RoundRow.unit_id)
    found = db.execute(query.where(RoundRow.unit_id.in_(below(unit)), RoundRow.period.in_(periods)).limit(most)).scalars()
    return tuple(each for each in found if each is not None)


def _list() -> Select[int, int | None, str, str, date | None, str, datetime]:
    """Published rounds, the one that ended last first."""
    return (
        select(RoundRow.id, RoundRow.unit_id, RoundRow.name, RoundRow.period, RoundRow.ends_on, PublicationRow.sha256, PublicationRow.minute)
        .join(PublicationRow, PublicationRow.round_id == RoundRow.id)
        .order_by(RoundRow.ends_on.desc(), RoundRow.id.desc())
    )  # fmt: skip


def _listed(round_id: int, unit: int | None, name: str, period: str, ends_on: date | None, sha256: str, minute: datetime) -> Listed:
    # A round that nobody planned is never published.
    assert unit is not None and ends_on is not None
    return Listed(round_id, unit, name, period, ends_on, sha256, minute.replace(tzinfo=UTC))


def with_list(db: Connection, round_id: int, name: str) -> tuple[Published | None, bytes]:
    """The publication of a round and its part of this name as it is kept, in one look; None and b"" before."""
    part = and_(PublishedPartRow.round_id == PublicationRow.round_id, PublishedPartRow.name == name)
    query = select(PublicationRow.__table__, PublishedPartRow.body).outerjoin(PublishedPartRow, part)
    row = db.execute(query.where(PublicationRow.round_id == round_id)).one_or_none()
    return (None, b"") if row is None else (Published(row.round_id, row.sha256, row.minute.replace(tzinfo=UTC)), row.body or b"")


def bodies(db: Connection, round_id: int, *, names: Collection[str] = ()) -> dict[str, bytes]:
    """The parts of a publication by their names, or some of them; {} when there is none."""
    query = select(PublishedPartRow.name, PublishedPartRow.body).where(PublishedPartRow.round_id == round_id)
    rows = db.execute(query.where(PublishedPartRow.name.in_(list(names))) if names else query)
    return {row.name: zlib.decompress(row.body) for row in rows}


def packed(db: Connection, round_id: int) -> dict[str, bytes]:
    """The parts of a publication as they are kept, by their names."""
    rows = db.execute(select(PublishedPartRow.name, PublishedPartRow.body).where(PublishedPartRow.round_id == round_id))
    return {row.name: row.body for row in rows}


def add(db: Connection, made: Published, packed: Mapping[str, bytes]) -> None:
    """Keep a publication, its parts packed already."""
    db.execute(insert(PublicationRow).values(round_id=made.round, sha256=made.sha256, minute=minute(made.minute)))
    db.execute(insert(PublishedPartRow), [{"round_id": made.round, "name": name, "body": body} for name, body in packed.items()])


def stages(db: Connection, round_id: int) -> Mapping[Stage, int]:
    """How many evaluation meetings of a round stand at each stage."""
    query = select(MeetingRow.stage, func.count().label("n")).where(MeetingRow.round_id == round_id, MeetingRow.is_survey.is_(False))
    return {Stage(row.stage): row.n for row in db.execute(query.group_by(MeetingRow.stage))}


def running(db: Connection, round_id: int, *, most: int) -> tuple[Running, ...]:
    """Some of the evaluation meetings of a round that are neither drafts nor done, by number."""
    under_way = (Stage.OPEN.value, Stage.PAUSED.value, Stage.CLOSED.value)
    query = (
        select(MeetingRow.id, MeetingRow.title, MeetingRow.stage, UnitRow.name)
        .join(UnitRow, UnitRow.id == MeetingRow.unit_id)
        .where(MeetingRow.round_id == round_id, MeetingRow.is_survey.is_(False), MeetingRow.stage.in_(under_way))
    )
    rows = db.execute(query.order_by(MeetingRow.id).limit(most))
    return tuple(Running(row.id, row.title, row.name, Stage(row.stage)) for row in rows)


def counted(db: Connection, round_id: int) -> tuple[int, ...]:
    """The counted evaluation meetings of a round, by number."""
    wanted = (MeetingRow.round_id == round_id, MeetingRow.is_survey.is_(False), MeetingRow.stage == Stage.COUNTED.value)
    return tuple(db.execute(select(MeetingRow.id).where(*wanted).order_by(MeetingRow.id)).scalars())


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Meetings in portions that memory and database take at once."""
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))


def returned(db: Connection, meetings: Sequence[int]) -> Mapping[int, Mapping[int, int]]:
    """Ballots in the box by meeting and group."""
    rows = db.execute(
        select(GroupRow.meeting_id, GroupRow.id, GroupRow.returned)
        .where(GroupRow.meeting_id.in_(meetings), GroupRow.returned.is_not(None))
        .order_by(GroupRow.meeting_id, GroupRow.place, GroupRow.id)
    )
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row.meeting_id, {})[row.id] = row.returned
    return found


def counts(db: Connection, groups: Sequence[int]) -> Mapping[int, list[Row]]:
    """Counts by group, in order: of the same meeting its seal has the same."""
    spot = (CountRow.group_id, CountRow.target, CountRow.question, CountRow.option, CountRow.ballots)
    with db.execute(select(*spot).where(CountRow.group_id.in_(groups))) as result:
        # The driver's own tuples: a city has millions.
        rows = result.cursor.fetchall() if result.cursor is not None else []
    found: dict[int, list[Row]] = {group: [] for group in groups}
    for group, some in groupby(sorted(rows), itemgetter(0)):
        found[group] = [row[1:] for row in some]
    return found


def spoiled(db: Connection, meetings: Sequence[int]) -> Mapping[int, Mapping[int, int]]:
    """Spoiled forms by meeting and group."""
    query = select(SpoilRow.meeting_id, SpoilRow.group_id, func.sum(SpoilRow.forms).label("forms")).where(SpoilRow.meeting_id.in_(meetings))
    found: dict[int, dict[int, int]] = {}
    for row in db.execute(query.group_by(SpoilRow.meeting_id, SpoilRow.group_id)):
        found.setdefault(row.meeting_id, {})[row.group_id] = int(row.forms)
    return found


def seals(db: Connection, meetings: Sequence[int]) -> Mapping[int, str]:
    """The digests of the seals by meeting."""
    rows = db.execute(select(SealRow.meeting_id, SealRow.sha256).where(SealRow.meeting_id.in_(meetings)))
    return {row.meeting_id: row.sha256 for row in rows}


def sealed(db: Connection, meetings: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """The seals by meeting with their digests."""
    rows = db.execute(select(SealRow.meeting_id, SealRow.body, SealRow.sha256).where(SealRow.meeting_id.in_(meetings)))
    return {row.meeting_id: (row.body, row.sha256) for row in rows}


def seals_of(db: Connection, meetings: Sequence[int]) -> Mapping[int, str]:
    """The digests of the seals of any number of meetings."""
    return {meeting: sha256 for some in batches(meetings) for meeting, sha256 in seals(db, some).items()}


def publish(db: Connection, meetings: Sequence[int]) -> int:
    """Counted becomes published; returns how many meetings did."""
    done = 0
    for some in batches(meetings):
        still = (MeetingRow.id.in_(some), MeetingRow.stage == Stage.COUNTED.value)
        done += db.execute(update(MeetingRow).where(*still).values(stage=Stage.PUBLISHED.value)).rowcount
    return done
