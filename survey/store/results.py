"""What is kept of a counted meeting: counts, whole-row figures, opinions, the seal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from survey.domain.results import Count, Opinion, Whole
from survey.store.tables import CountRow, GroupRow, OpinionRow, SealRow, WholeRow


@dataclass(frozen=True, slots=True)
class Returned:
    """Ballots of one group as the count found them."""

    group: int
    name: str
    returned: int
    abstained: int


def add_counts(db: Connection, meeting: int, group: int, counts: Iterable[Count]) -> None:
    """Insert the counts of one group."""
    rows = [
        {
            "meeting_id": meeting,
            "group_id": group,
            "target": count.target,
            "question": count.question,
            "option": count.option,
            "ballots": count.ballots,
        }
        for count in counts
    ]
    if rows:
        db.execute(insert(CountRow), rows)


def add_wholes(db: Connection, meeting: int, group: int, wholes: Iterable[Whole]) -> None:
    """Insert the whole-row figures of one group."""
    rows = [
        {
            "meeting_id": meeting,
            "group_id": group,
            "target": whole.target,
            "straight": whole.straight,
            "alpha": whole.alpha,
            "trimmed": whole.trimmed,
        }
        for whole in wholes
    ]
    if rows:
        db.execute(insert(WholeRow), rows)


def add_opinions(db: Connection, meeting: int, opinions: Iterable[tuple[bytes, Opinion]]) -> None:
    """Insert opinions under random keys."""
    rows = [
        {"key": key, "meeting_id": meeting, "target": o.target, "question": o.question, "text": o.text}
        for key, o in sorted(opinions, key=lambda pair: pair[0])
    ]
    if rows:
        db.execute(insert(OpinionRow), rows)


def set_returned(db: Connection, group: int, *, returned: int, abstained: int) -> None:
    """Write what came back from one group."""
    db.execute(update(GroupRow).where(GroupRow.id == group).values(returned=returned, abstained=abstained))


def returned(db: Connection, meeting: int) -> tuple[Returned, ...]:
    """What came back, by group; empty before the count."""
    rows = db.execute(
        select(GroupRow.id, GroupRow.name, GroupRow.returned, GroupRow.abstained)
        .where(GroupRow.meeting_id == meeting, GroupRow.returned.is_not(None))
        .order_by(GroupRow.place)
    )
    return tuple(Returned(row.id, row.name, row.returned, row.abstained) for row in rows)


def counts(db: Connection, meeting: int) -> Mapping[int, tuple[Count, ...]]:
    """Counts by group id, in an order of names."""
    rows = db.execute(
        select(CountRow.group_id, CountRow.target, CountRow.question, CountRow.option, CountRow.ballots)
        .where(CountRow.meeting_id == meeting)
        .order_by(CountRow.group_id, CountRow.target, CountRow.question, CountRow.option)
    )
    found: dict[int, list[Count]] = {}
    for group, target, question, option, ballots in rows.all():
        found.setdefault(group, []).append(Count(target, question, option, ballots))
    return {group: tuple(each) for group, each in found.items()}


def unit_counts(db: Connection, meetings: Iterable[int]) -> Mapping[int, tuple[Count, ...]]:
    """Counts of the units themselves, all groups together, by meeting: for lists of many meetings."""
    ballots = func.sum(CountRow.ballots).label("ballots")
    rows = db.execute(
        select(CountRow.meeting_id, CountRow.target, CountRow.question, CountRow.option, ballots)
        .where(CountRow.meeting_id.in_(list(meetings)), CountRow.target.startswith("u"))
        .group_by(CountRow.meeting_id, CountRow.target, CountRow.question, CountRow.option)
    )
    found: dict[int, list[Count]] = {}
    for row in rows:
        found.setdefault(row.meeting_id, []).append(Count(row.target, row.question, row.option, int(row.ballots)))
    return {meeting: tuple(each) for meeting, each in found.items()}


def returned_in_all(db: Connection, meetings: Iterable[int]) -> Mapping[int, int]:
    """Ballots that came back, all groups together, by meeting; meetings that are not counted are left out."""
    ballots = func.sum(GroupRow.returned).label("ballots")
    rows = db.execute(
        select(GroupRow.meeting_id, ballots)
        .where(GroupRow.meeting_id.in_(list(meetings)), GroupRow.returned.is_not(None))
        .group_by(GroupRow.meeting_id)
    )
    return {row.meeting_id: int(row.ballots) for row in rows}


def wholes(db: Connection, meeting: int) -> Mapping[int, tuple[Whole, ...]]:
    """Whole-row figures by group id."""
    found: dict[int, list[Whole]] = {}
    for row in db.execute(select(WholeRow.__table__).where(WholeRow.meeting_id == meeting).order_by(WholeRow.target)):
        found.setdefault(row.group_id, []).append(Whole(row.target, row.straight, row.alpha, row.trimmed))
    return {group: tuple(each) for group, each in found.items()}


def opinions(db: Connection, meeting: int) -> tuple[Opinion, ...]:
    """Opinions in the order of their random keys."""
    rows = db.execute(select(OpinionRow.__table__).where(OpinionRow.meeting_id == meeting).order_by(OpinionRow.key))
    return tuple(Opinion(row.target, row.question, row.text) for row in rows)


def opinions_of(db: Connection, meetings: Iterable[int], *, least: int) -> Mapping[int, tuple[Opinion, ...]]:
    """The opinions of those of some meetings from which so many ballots came back, in the order of their random keys."""
    enough = (
        select(GroupRow.meeting_id)
        .where(GroupRow.meeting_id.in_(list(meetings)), GroupRow.returned.is_not(None))
        .group_by(GroupRow.meeting_id)
        .having(func.sum(GroupRow.returned) >= least)
    )
    found: dict[int, list[Opinion]] = {}
    for row in db.execute(select(OpinionRow.__table__).where(OpinionRow.meeting_id.in_(enough)).order_by(OpinionRow.key)):
        found.setdefault(row.meeting_id, []).append(Opinion(row.target, row.question, row.text))
    return {meeting: tuple(each) for meeting, each in found.items()}


def add_seal(db: Connection, meeting: int, *, body: str, sha256: str) -> None:
    """Keep the seal."""
    db.execute(insert(SealRow).values(meeting_id=meeting, body=body, sha256=sha256))


def seal(db: Connection, meeting: int) -> tuple[str, str] | None:
    """Body and digest of the seal."""
    row = db.execute(select(SealRow.body, SealRow.sha256).where(SealRow.meeting_id == meeting)).one_or_none()
    return None if row is None else (row.body, row.sha256)


def seal_digest(db: Connection, meeting: int) -> str | None:
    """The digest of the seal alone: it names everything that is kept of a counted meeting."""
    return db.execute(select(SealRow.sha256).where(SealRow.meeting_id == meeting)).scalar_one_or_none()


def sealed_as(db: Connection, sha256: str) -> int | None:
    """The meeting that was counted here and has this seal."""
    return db.execute(select(SealRow.meeting_id).where(SealRow.sha256 == sha256)).scalars().first()
