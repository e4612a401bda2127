"""The last act of an account on members: remembered with what stood there before, taken back while nothing changed since."""

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.domain.refusals import NotFound, Stale
from survey.domain.rosters import fold
from survey.domain.staff import Staff
from survey.domain.units import Member, Unit, UnitKind
from survey.store import journal, members, undos, units
from survey.store.engine import Connection

_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Done:
    """An act: what the page says of it, and what taking it back needs.

    Attributes
    ----------
    unit : int
        Where to go from here.
    facts : dict
        Names and numbers for the sentence.
    before : tuple of Member
        Those it changed, as they stood before.
    added, stays, units : tuple of int
        Ids of members, stays and units that were not there before.
    units_before : tuple of Unit
        Units it changed, as they stood before.
    after : str
        A digest of the members and units it touched, as it left them.
    """

    act: str
    unit: int
    facts: dict[str, Any]
    before: tuple[Member, ...] = ()
    added: tuple[int, ...] = ()
    stays: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    units_before: tuple[Unit, ...] = ()
    after: str = ""
    taken_back: bool = False

    @property
    def touched(self) -> tuple[int, ...]:
        """Ids of the members it is about."""
        return (*(member.id for member in self.before), *self.added)


def remember(db: Connection, house: House, done: Done, *, by: Staff, now: datetime) -> str:
    """Keep an act, inside the transaction that did it; the key is for its own account."""
    key = f"{house.random.getrandbits(128):032x}"
    whole = replace(done, after=_digest(db, done))
    undos.put(db, key, _pack(whole), by=by.id, now=now)
    return key


def look(house: House, key: str, *, by: Staff) -> Done:
    """An act by its key.

    Raises
    ------
    NotFound
        Another one came after it, or it is another account's.
    """
    with house.store.read() as db:
        return _get(db, key, by)


def undo(house: House, key: str, *, by: Staff, now: datetime) -> Done:
    """Put back what stood there before an act.

    Raises
    ------
    NotFound
        Another act came after it, or it is taken back already.
    Stale
        Somebody changed one of its members or units since, there is no room any more where a member was, or they stand on a
        paper: what was said then may not go.
    """
    with house.store.write() as db:
        units.lock(db)
        done = _get(db, key, by)
        if done.taken_back:
            raise NotFound(what="undo")
        now_at = {member.unit for member in members.get_many(db, done.touched)} - set(done.units)
        for unit in {member.unit for member in done.before} | {each.id for each in done.units_before} | now_at | {done.unit}:
            check_runs(by, unit)
        if _digest(db, done) != done.after or members.on_papers(db, done.added) or not _have_room(db, done):
            raise Stale(what="member")
        members.remove_stays(db, done.stays)
        members.change(db, done.before)
        members.remove(db, done.added)
        for each in done.units_before:
            units.change_unit(db, each)
        units.remove(db, done.units)
        undos.change(db, key, _pack(replace(done, taken_back=True)), by=by.id)
        journal.note(db, "undo", by=by.id, now=now, unit_id=done.unit, of=done.act, **done.facts)
    return done


def _digest(db: Connection, done: Done) -> str:
    """The members an act touched, and the units it changed or made, as they stand."""
    people, touched = members.digest(db, done.touched), {unit.id for unit in done.units_before} | set(done.units)
    if not touched:
        return people
    found = units.some(db, touched)
    return blake2b(repr((people, [found.get(each) for each in sorted(touched)])).encode()).hexdigest()


def _have_room(db: Connection, done: Done) -> bool:
    """Whether everybody can be where he was: the unit is open, and nobody has come whom only his name would tell from him."""
    here = [member for member in done.before if member.left_on is None]
    places, touched = {member.unit for member in here}, set(done.touched)
    if any(unit.is_closed for unit in units.some(db, places).values()):
        return False
    others = {(other.unit, fold(other.name)): other for other in members.of_units(db, places) if other.id not in touched}
    there = ((member, others.get((member.unit, fold(member.name)))) for member in here)
    return all(other is None or (other.code and member.code) for member, other in there)


def _get(db: Connection, key: str, by: Staff) -> Done:
    body = undos.get(db, key, by=by.id) if _KEY.fullmatch(key) else None
    if body is None:
        raise NotFound(what="undo")
    return _unpack(body)


def _pack(done: Done) -> bytes:
    plain = {**{name: getattr(done, name) for name in ("act", "unit", "facts", "added", "stays", "units", "after", "taken_back")},
             "before": [_plain(member) for member in done.before], "units_before": [_plain(unit) for unit in done.units_before]}  # fmt: skip
    return gzip.compress(json.dumps(plain, ensure_ascii=False).encode(), 3, mtime=0)


def _unpack(body: bytes) -> Done:
    plain = json.loads(gzip.decompress(body))
    for name in ("added", "stays", "units"):
        plain[name] = tuple(plain[name])
    plain["before"] = tuple(_member(row) for row in plain["before"])
    plain["units_before"] = tuple(_unit(row) for row in plain["units_before"])
    return Done(**plain)


def _plain(row: Member | Unit) -> list[object]:
    return [each.isoformat() if isinstance(each, date) else each for each in astuple(row)]


def _member(row: Sequence[Any]) -> Member:
    number, unit, name, kind, position, code, since, left_on = row
    return Member(number, unit, name, kind, position, code, _day(since), _day(left_on))


def _unit(row: Sequence[Any]) -> Unit:
    number, parent, kind, name, code, sector, closed_on, into = row
    return Unit(number, parent, UnitKind(kind), name, code, sector, _day(closed_on), into)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
