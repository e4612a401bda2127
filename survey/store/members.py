"""Members in the store: those who are there, those who left, and the stays that have ended."""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from survey.domain.members import Stay
from survey.domain.refusals import NotFound
from survey.domain.units import Member
from survey.store.office_tables import MemberRow, StayRow, UnitRow
from survey.store.tables import LeftOutRow, MeetingRow, PaperRow
from survey.store.units import unit_ids_below

# A list may have a hundred thousand rows: they go to the database by the thousand.
_AT_ONCE = 5000


def of_units(db: Connection, units: Iterable[int]) -> tuple[Member, ...]:
    """Members of some units who have not left, by unit and name."""
    rows = db.execute(
        select(MemberRow.__table__)
        .where(MemberRow.unit_id.in_(list(units)), MemberRow.left_on.is_(None))
        .order_by(MemberRow.unit_id, MemberRow.name, MemberRow.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    return tuple(member_of(row) for row in rows)


def mark(db: Connection, *, below: int) -> str:
    """A digest of all that is known of a subtree and its members: equal marks, and nothing was changed between."""
    digest = blake2b()
    ids = list(unit_ids_below(db, below))
    for table, column in ((UnitRow.__table__, UnitRow.id), (MemberRow.__table__, MemberRow.unit_id)):
        rows = select(table).where(column.in_(ids)).order_by(table.c.id).execution_options(yield_per=_AT_ONCE)
        for row in db.execute(rows):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def counts(db: Connection) -> Mapping[int, int]:
    """How many members who have not left, by unit id."""
    return {
        row.unit_id: row.n
        for row in db.execute(
            select(MemberRow.unit_id, func.count().label("n"))
            .where(MemberRow.left_on.is_(None))
            .group_by(MemberRow.unit_id)
        )
    }


def add(db: Connection, members: Iterable[Member]) -> tuple[int, ...]:
    """Insert members and return their numbers; those given are not used. The caller holds `units.lock`.

    To ask for the number of each row as it goes in takes several times as long: nobody else adds any meanwhile, so the new
    ones are those above all that were there.
    """
    last = db.execute(select(func.coalesce(func.max(MemberRow.id), 0))).scalar_one()
    rows = (_values(member) for member in members)
    while some := list(islice(rows, _AT_ONCE)):
        db.execute(insert(MemberRow), some)
    return tuple(db.execute(select(MemberRow.id).where(MemberRow.id > last).order_by(MemberRow.id)).scalars())


def change(db: Connection, members: Iterable[Member]) -> None:
    """Write the fields of members."""
    table = MemberRow.__table__
    values: dict[str, Any] = {
        name: bindparam(name) for name in ("unit_id", "name", "kind", "position", "code", "since", "left_on")
    }
    changed = update(MemberRow).where(table.c.id == bindparam("known")).values(values)
    rows = ({"known": member.id, **_values(member)} for member in members)
    while some := list(islice(rows, _AT_ONCE)):
        db.execute(changed, some)


def _values(member: Member) -> dict[str, object]:
    return {
        "unit_id": member.unit,
        "name": member.name,
        "kind": member.kind,
        "position": member.position,
        "code": member.code,
        "since": member.since,
        "left_on": member.left_on,
    }


def member_of(row: Row[tuple[object, ...]]) -> Member:
    """A member from his row."""
    return Member(row.id, row.unit_id, row.name, row.kind, row.position, row.code, row.since, row.left_on)


def get(db: Connection, member_id: int) -> Member:
    """One member, there or gone.

    Raises
    ------
    NotFound
        Nobody has this number.
    """
    row = db.execute(select(MemberRow.__table__).where(MemberRow.id == member_id)).one_or_none()
    if row is None:
        raise NotFound(what="member")
    return member_of(row)


def get_many(db: Connection, ids: Iterable[int]) -> tuple[Member, ...]:
    """Members by their numbers, in that order of numbers; who is not there is left out."""
    return tuple(member_of(row) for row in _rows(db, ids))


def digest(db: Connection, ids: Iterable[int]) -> str:
    """A digest of these members as they stand: equal digests, and none of them was changed between."""
    found = blake2b()
    for row in _rows(db, ids):
        found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def everybody(db: Connection, units: Iterable[int]) -> Iterator[Member]:
    """Members of some units, those who left too, by unit and name; a few at a time."""
    for some in _in_parts(units):
        table = MemberRow.__table__
        rows = select(table).where(MemberRow.unit_id.in_(some)).order_by(MemberRow.unit_id, MemberRow.name, MemberRow.id)
        for row in db.execute(rows.execution_options(yield_per=_AT_ONCE)):
            yield member_of(row)


def with_code(db: Connection, code: str) -> tuple[Member, ...]:
    """Members who are there and have this code, in the whole house."""
    rows = select(MemberRow.__table__).where(MemberRow.code == code, MemberRow.left_on.is_(None))
    return tuple(member_of(row) for row in db.execute(rows.order_by(MemberRow.id)))


def there_and_gone(db: Connection, unit: int) -> tuple[tuple[Member, ...], tuple[Member, ...]]:
    """The members of one unit, and who left the organisation out of it, the last ones first; both by name."""
    rows = select(MemberRow.__table__).where(MemberRow.unit_id == unit)
    rows = rows.order_by(MemberRow.left_on.desc(), MemberRow.name, MemberRow.id)
    found = [(member_of(row), row.left_on is not None) for row in db.execute(rows)]
    return tuple(each for each, left in found if not left), tuple(each for each, left in found if left)


def add_one(db: Connection, member: Member) -> int:
    """Insert a member and return his number; the one given is not used."""
    return int(db.execute(insert(MemberRow).values(_values(member)).returning(MemberRow.id)).scalar_one())


def remove(db: Connection, ids: Iterable[int]) -> None:
    """Delete members who were added by mistake. Who ever was one leaves, and stays in the books."""
    for some in _in_parts(ids):
        db.execute(delete(LeftOutRow).where(LeftOutRow.member_id.in_(some)))
        db.execute(delete(MemberRow).where(MemberRow.id.in_(some)))


def stays_of(db: Connection, member_id: int) -> tuple[Stay, ...]:
    """The stays of a member that have ended, the last one first."""
    rows = select(StayRow.__table__).where(StayRow.member_id == member_id).order_by(StayRow.until.desc(), StayRow.id.desc())
    return tuple(Stay(row.id, row.member_id, row.unit_id, row.since, row.until) for row in db.execute(rows))


def add_stays(db: Connection, stays: Iterable[Stay]) -> tuple[int, ...]:
    """Insert stays and return their numbers; those given are not used."""
    found: list[int] = []
    rows = ({"member_id": s.member, "unit_id": s.unit, "since": s.since, "until": s.until} for s in stays)
    while some := list(islice(rows, _AT_ONCE)):
        found += db.execute(insert(StayRow).returning(StayRow.id), some).scalars()
    return tuple(found)


def remove_stays(db: Connection, ids: Iterable[int]) -> None:
    """Delete stays that an act wrote which is taken back."""
    for some in _in_parts(ids):
        db.execute(delete(StayRow).where(StayRow.id.in_(some)))


def _rows(db: Connection, ids: Iterable[int]) -> Iterator[Row[Any]]:
    for some in _in_parts(sorted(ids)):
        yield from db.execute(select(MemberRow.__table__).where(MemberRow.id.in_(some)).order_by(MemberRow.id))


def _in_parts(ids: Iterable[int]) -> Iterator[list[int]]:
    """A database takes only so many values in one statement."""
    rest = iter(ids)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def on_papers(db: Connection, ids: Iterable[int]) -> bool:
    """Whether one of these members stands on the paper of a meeting of his unit."""
    wanted = {f"m{number}" for number in ids}
    for some in _in_parts(sorted(int(key[1:]) for key in wanted)):
        here = select(MemberRow.unit_id).where(MemberRow.id.in_(some))
        meetings = select(MeetingRow.id).where(MeetingRow.unit_id.in_(here))
        for body in db.execute(select(PaperRow.body).where(PaperRow.meeting_id.in_(meetings))).scalars():
            if any(target[0] in wanted for target in json.loads(body)["targets"]):
                return True
    return False
