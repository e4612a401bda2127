"""Members: add, edit, move to another unit, leave, come back. One transaction each, remembered to be taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from survey.actions import undos
from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.actions.trees import Ask
from survey.actions.undos import Done
from survey.domain.members import Stay, check_day, seen
from survey.domain.refusals import BadField, NotFound, Stale
from survey.domain.rosters import LONGEST_CODE, LONGEST_NAME, LONGEST_POSITION, fold
from survey.domain.terms import TermList
from survey.domain.units import Member, Unit
from survey.store import journal, members, terms, units
from survey.store.engine import Connection

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form says of a member."""

    name: str
    kind: str
    position: str = ""
    code: str = ""
    since: date | None = None


def add(house: House, unit: int, wanted: Wanted, ask: Ask) -> str:
    """Add a member to a unit; the key to take it back.

    Raises
    ------
    BadField
        A field cannot be used, or another member has this name and no code, or this code.
    """
    with house.store.write() as db:
        place = _open_unit(db, unit, ask)
        member = _filled(db, Member(0, unit, ""), wanted, ask)
        added = members.add_one(db, member)
        return _did(db, house, Done("member_add", unit, _facts([member], to=place), added=(added,)), ask)


def edit(house: House, member_id: int, wanted: Wanted, ask: Ask) -> str:
    """Write what a form says of a member; the key to take it back.

    Raises
    ------
    Stale
        Somebody else changed him since the form was made.
    BadField
        A field cannot be used.
    """
    with house.store.write() as db:
        before = _hold(db, [member_id], ask)[0]
        if seen(before) != ask.seen:
            raise Stale(what="member")
        after = _filled(db, before, wanted, ask)
        members.change(db, [after])
        return _did(db, house, Done("member_edit", before.unit, _facts([after]), before=(before,)), ask)


def move(house: House, ids: Iterable[int], unit: int, *, day: date, ask: Ask) -> str:
    """Members go over to another unit on a day; who is there already stays. The key to take it back.

    Raises
    ------
    BadField
        The day cannot be, nobody would move, or somebody there has the same name and one of them no code.
    """
    with house.store.write() as db:
        found = _hold(db, ids, ask)
        place = _open_unit(db, unit, ask)
        before = [member for member in found if member.unit != unit and member.left_on is None]
        if not before:
            raise BadField(field="members", value="", why="none")
        stays = []
        for member in before:
            check_day("day", day, today=ask.today, after=member.since)
            stays.append(Stay(0, member.id, member.unit, member.since, day))
        after = [replace(member, unit=unit, since=day) for member in before]
        _check_names(db, unit, after)
        members.change(db, after)
        made = members.add_stays(db, stays)
        facts = _facts(before, to=place, day=day)
        return _did(db, house, Done("member_move", before[0].unit, facts, before=tuple(before), stays=made), ask)


def leave(house: House, member_id: int, *, day: date, ask: Ask) -> str:
    """A member leaves on a day; why is nobody's business here. The key to take it back."""
    with house.store.write() as db:
        before = _hold(db, [member_id], ask)[0]
        if before.left_on is not None:
            raise BadField(field="members", value=before.name, why="gone")
        check_day("day", day, today=ask.today, after=before.since)
        members.change(db, [replace(before, left_on=day)])
        return _did(db, house, Done("member_leave", before.unit, _facts([before], day=day), before=(before,)), ask)


def come_back(house: House, member_id: int, unit: int, *, day: date, ask: Ask) -> str:
    """A member who had left comes back on a day, into any unit. The key to take it back."""
    with house.store.write() as db:
        before = _hold(db, [member_id], ask)[0]
        place = _open_unit(db, unit, ask)
        if before.left_on is None:
            raise BadField(field="members", value=before.name, why="here")
        check_day("day", day, today=ask.today, after=before.left_on)
        after = replace(before, unit=unit, since=day, left_on=None)
        _check_names(db, unit, [after])
        _check_code(db, after, ask)
        members.change(db, [after])
        made = members.add_stays(db, [Stay(0, before.id, before.unit, before.since, before.left_on)])
        facts = _facts([before], to=place, day=day)
        return _did(db, house, Done("member_back", unit, facts, before=(before,), stays=made), ask)


def _hold(db: Connection, ids: Iterable[int], ask: Ask) -> Sequence[Member]:
    """Lock the tree and read some members whom this person may change."""
    units.lock(db)
    wanted = set(ids)
    found = members.get_many(db, wanted)
    if not wanted or len(found) != len(wanted) or len(wanted) > MOST_AT_ONCE:
        raise NotFound(what="member")
    for unit in {member.unit for member in found}:
        if not ask.by.sees(unit):
            raise NotFound(what="member")
        check_runs(ask.by, unit)
    return found


def _open_unit(db: Connection, unit: int, ask: Ask) -> Unit:
    check_runs(ask.by, unit)
    units.lock(db)
    place = units.get(db, unit)
    if place.is_closed:
        raise BadField(field="unit", value=place.name, why="closed")
    return place


def _filled(db: Connection, member: Member, wanted: Wanted, ask: Ask) -> Member:
    """A member as a form wants him, when that can be."""
    for field, text, most in (("member_name", wanted.name, LONGEST_NAME), ("position", wanted.position, LONGEST_POSITION),
                              ("code", wanted.code, LONGEST_CODE)):  # fmt: skip
        if len(text) > most:
            raise BadField(field=field, value=text[:20], why="too_long", most=most)
    if not any(each.isalpha() for each in wanted.name):
        raise BadField(field="member_name", value=wanted.name, why="empty")
    if wanted.kind != member.kind and wanted.kind not in terms.all_terms(db).labels(TermList.MEMBER_KIND):
        raise BadField(field="kind", value=wanted.kind[:20], why="unknown")
    if wanted.since is not None and wanted.since != member.since:
        check_day("since", wanted.since, today=ask.today)
    if wanted.since is not None and member.left_on is not None:
        check_day("since", wanted.since, today=member.left_on)
    after = replace(member, name=wanted.name, kind=wanted.kind, position=wanted.position, code=wanted.code, since=wanted.since)
    if after.left_on is None:
        _check_names(db, after.unit, [after])
        _check_code(db, after, ask)
    return after


def _check_names(db: Connection, unit: int, coming: Sequence[Member]) -> None:
    """Two of one name in a unit are told apart by their codes: one without would be nobody's in the next list."""
    ids = {member.id for member in coming}
    there = [member for member in members.of_units(db, [unit]) if member.id not in ids]
    known: dict[str, Member] = {fold(member.name): member for member in sorted(there, key=lambda m: bool(m.code), reverse=True)}
    for member in coming:
        other = known.get(fold(member.name))
        if other is not None and not (other.code and member.code):
            raise BadField(field="member_name", value=member.name, why="twice")
        known[fold(member.name)] = member


def _check_code(db: Connection, member: Member, ask: Ask) -> None:
    """A code is one person's, as far as the asker sees."""
    if member.code:
        for other in members.with_code(db, member.code):
            if other.id != member.id and ask.by.sees(other.unit):
                raise BadField(field="code", value=member.code, why="twice", other=other.name)


def _facts(some: Sequence[Member], *, to: Unit | None = None, day: date | None = None) -> dict[str, object]:
    """Who and where, for the journal and for the page that says what was done."""
    facts: dict[str, object] = {"members": len(some), "name": some[0].name}
    if to is not None:
        facts["unit"] = to.name
    if day is not None:
        facts["day"] = day.isoformat()
    return facts


def _did(db: Connection, house: House, done: Done, ask: Ask) -> str:
    journal.note(db, done.act, by=ask.by.id, now=ask.now, unit_id=done.unit, **done.facts)
    return undos.remember(db, house, done, by=ask.by, now=ask.now)
