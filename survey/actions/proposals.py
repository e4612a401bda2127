"""A member list between the preview and the confirmation: kept in the database, so that any worker may go on with it."""

import json
import re
import sys
from collections.abc import Generator, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from gzip import GzipFile
from io import BytesIO
from operator import attrgetter

from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.actions.trees import Ask
from survey.actions.units import compare, compare_steps, write_steps
from survey.domain.refusals import NotFound
from survey.domain.rosters import Plan, RosterLine, Step, result
from survey.domain.staff import Staff
from survey.store import forms, members, proposals, units

_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)
_values = attrgetter(*(field.name for field in fields(RosterLine)))


def propose_steps(house: House, lines: Sequence[RosterLine], ask: Ask) -> Generator[Step, None, tuple[str, Plan]]:
    """Keep a list and tell what it would do. No unit and no member is written; the key is for the confirmation."""
    with house.store.read() as db:
        found = yield from compare_steps(db, lines, by=ask.by, today=ask.today)
    key = f"{house.random.getrandbits(128):032x}"
    body = _pack(lines)
    with house.store.write() as db:
        proposals.put(db, key, body, by=ask.by.id, now=ask.now)
    return key, found


def propose(house: House, lines: Sequence[RosterLine], *, by: Staff, now: datetime) -> tuple[str, Plan]:
    """The same at once."""
    return result(propose_steps(house, lines, Ask(by, now, now.date())))


def look(house: House, key: str, ask: Ask) -> Plan:
    """What a kept list would do now.

    Raises
    ------
    NotFound
        It is written already, or another one came after it.
    """
    lines = _lines(house, key, ask.by)
    with house.store.read() as db:
        return compare(db, lines, by=ask.by, today=ask.today)


def confirm_steps(house: House, key: str, ask: Ask, *, whole: bool = False) -> Generator[Step, None, tuple[Plan, str]]:
    """Write a kept list, compared once more with what is there now, and forget it; a second time finds nothing.

    The plan, and the key to take it back. Who stops in the middle has written nothing.

    Raises
    ------
    NotFound
        It is written already, or another one came after it.
    """
    lines = _lines(house, key, ask.by)
    # Comparing a long list takes seconds, and on SQLite a writer keeps the voters waiting: so it is done before,
    # and again only when somebody changed a unit or a member in the meantime.
    with house.store.read() as db:
        mark = members.mark(db, below=ask.by.unit)
        done = yield from compare_steps(db, lines, by=ask.by, today=ask.today)
    with house.store.write() as db:
        if not proposals.take(db, key, by=ask.by.id):
            raise NotFound(what="proposal")
        units.lock(db)
        if members.mark(db, below=ask.by.unit) != mark:
            done = yield from compare_steps(db, lines, by=ask.by, today=ask.today)
        undo = yield from write_steps(db, house, done, ask=ask, whole=whole)
        forms.note(db, key, by=ask.by.id, made=undo, now=ask.now)
    return done, undo


def confirmed(house: House, key: str, *, by: Staff) -> str | None:
    """The key to take back what this list did when it was written; None when it was not."""
    with house.store.read() as db:
        return forms.made_by(db, key, by=by.id)


def confirm(house: House, key: str, *, by: Staff, now: datetime) -> Plan:
    """The same at once."""
    return result(confirm_steps(house, key, Ask(by, now, now.date())))[0]


def _lines(house: House, key: str, by: Staff) -> tuple[RosterLine, ...]:
    check_runs(by, by.unit)
    if not _KEY.fullmatch(key):
        raise NotFound(what="proposal")
    with house.store.read() as db:
        body = proposals.get(db, key, by=by.id)
    if body is None:
        raise NotFound(what="proposal")
    return _unpack(body)


def _pack(lines: Iterable[RosterLine]) -> bytes:
    """A line of JSON for each row: the whole would stand in memory several times."""
    out = BytesIO()
    with GzipFile(fileobj=out, mode="wb", compresslevel=3, mtime=0) as packed:
        packed.writelines(json.dumps(_values(line), ensure_ascii=False).encode() + b"\n" for line in lines)
    return out.getvalue()


def _unpack(body: bytes) -> tuple[RosterLine, ...]:
    with GzipFile(fileobj=BytesIO(body)) as packed:
        return tuple(_line(*json.loads(row)) for row in packed)


def _line(number: int, *texts: str) -> RosterLine:
    """A unit stands in a list a hundred times, and once in memory."""
    return RosterLine(number, *(sys.intern(text) for text in texts))
