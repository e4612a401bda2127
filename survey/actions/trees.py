"""The tree of units: add, edit, move, merge, close and reopen. One transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.domain import trees
from survey.domain.meetings import BOXED, Stage
from survey.domain.members import Stay
from survey.domain.refusals import NotFound, Stale, UnitStays
from survey.domain.staff import Staff
from survey.domain.terms import TermList
from survey.domain.trees import Tree
from survey.domain.units import Member, Unit, subtree
from survey.store import journal, meetings, members, outlines, terms, units
from survey.store.engine import Connection

_RUNNING = (Stage.DRAFT, *BOXED)


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks for an act, when, and the mark of what he was shown before he did."""

    by: Staff
    now: datetime
    today: date
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an act on a unit will touch: said on the page that asks, and looked at again when it is done.

    Attributes
    ----------
    other : Unit or None
        Where it goes.
    own, members : int
        Members of its own; members of the whole subtree.
    units, children : int
        Open units below it, all and right below.
    running, finished : int
        Meetings of its own that are not over; those that are counted.
    accounts : int
        Accounts that begin at it.
    """

    unit: Unit
    other: Unit | None
    own: int
    members: int
    units: int
    children: int
    running: int
    finished: int
    accounts: int

    @property
    def mark(self) -> str:
        """A digest: equal marks, and what was said still holds."""
        return blake2b(repr(self).encode(), digest_size=12).hexdigest()


def add(house: House, new: Unit, ask: Ask) -> int:
    """Add a unit below `new.parent` and return its id.

    Raises
    ------
    BadField, UnitStays
        A field cannot be used, or the unit above is closed.
    """
    with house.store.write() as db:
        tree = _hold(db, new.parent or 0, ask)
        clean = trees.written(tree, replace(new, id=0), sectors=_sectors(db))
        added = units.add_unit(db, clean)
        journal.note(db, "unit_add", by=ask.by.id, now=ask.now, unit_id=added, name=clean.name)
    return added


def edit(house: House, unit: Unit, ask: Ask) -> int:
    """Write name, code, kind and sector of a unit; the number of this act, to take it back by.

    Raises
    ------
    Stale
        Somebody else changed it since it was shown.
    BadField, UnitStays
        A field cannot be used, or the unit is closed.
    """
    with house.store.write() as db:
        tree = _hold(db, unit.id, ask)
        before = tree[unit.id]
        if before.mark != ask.seen:
            raise Stale(what="unit")
        typed = replace(before, name=unit.name, code=unit.code, kind=unit.kind, sector=unit.sector)
        clean = trees.written(tree, typed, sectors=_sectors(db))
        return _write(db, "unit_edit", ask, before=[before], after=[clean])


def foresee(house: House, unit: int, other: int | None = None, *, by: Staff) -> Effect:
    """What an act on a unit would touch now.

    Raises
    ------
    NotFound
        One of the units lies outside the subtree.
    """
    check_runs(by, unit)
    if other is not None:
        check_runs(by, other)
    with house.store.read() as db:
        return _effect(db, unit, other)


def move(house: House, unit: int, parent: int, ask: Ask) -> int:
    """Hang a unit under another one with everything below it; the number of this act.

    Raises
    ------
    Stale
        Something of what was said before has changed.
    UnitStays, BadField
        It cannot go there.
    """
    with house.store.write() as db:
        tree = _hold(db, unit, ask, other=parent)
        there = trees.moved(tree, unit, parent)
        _check_seen(db, unit, parent, ask)
        return _write(db, "unit_move", ask, before=[tree[unit]], after=[there], into=tree[parent].name)


def merge(house: House, unit: int, into: int, ask: Ask) -> int:
    """Let members and units of one go over to another, and close it; the number of this act.

    Its meetings, its past stays and its closed units stay with it.

    Raises
    ------
    Stale
        Something of what was said before has changed.
    UnitStays, BadField
        It cannot, or one of its meetings is not over.
    """
    with house.store.write() as db:
        tree = _hold(db, unit, ask, other=into)
        changed = trees.merged(tree, unit, into, today=ask.today)
        effect = _check_seen(db, unit, into, ask)
        if effect.running:
            raise UnitStays(why="in_the_way", unit=tree[unit].name, members=0, units=0, meetings=effect.running)
        over = members.of_units(db, [unit])
        past = members.add_stays(db, (Stay(0, member.id, unit, member.since, ask.today) for member in over))
        members.change(db, (replace(member, unit=into, since=ask.today) for member in over))
        before = [tree[each.id] for each in changed]
        return _write(db, "unit_merge", ask, before=before, after=changed, into=tree[into].name, over=_noted(over, past))


def close(house: House, unit: int, ask: Ask) -> int:
    """Close a unit that nobody belongs to any more; its history stays. The number of this act.

    Raises
    ------
    UnitStays
        Members, units or meetings are in the way.
    """
    with house.store.write() as db:
        tree = _hold(db, unit, ask, other=unit)
        effect = _effect(db, unit, None)
        shut = trees.closed(tree, unit, members=effect.own, meetings=effect.running, today=ask.today)
        _check_seen(db, unit, None, ask)
        return _write(db, "unit_close", ask, before=[tree[unit]], after=[shut])


def reopen(house: House, unit: int, ask: Ask) -> int:
    """Take a closed unit back into the tree. Whoever went over to another one stays there."""
    with house.store.write() as db:
        tree = _hold(db, unit, ask, other=unit)
        return _write(db, "unit_reopen", ask, before=[tree[unit]], after=[trees.reopened(tree, unit)])


def _hold(db: Connection, unit: int, ask: Ask, *, other: int | None = None) -> Tree:
    """Lock the tree and read it, for an act on a unit; with `other` its place in the tree is touched as well.

    Raises
    ------
    NotFound, NotAllowed
        It is none of the asker's business.
    UnitStays
        It is the asker's own top, whose place is for others to decide.
    """
    units.lock(db)
    tree = trees.tree_of(units.all_units(db))
    seen = replace(ask.by, units=subtree(tree.values(), ask.by.unit))
    check_runs(seen, unit)
    if other is not None:
        check_runs(seen, other)
        if unit == ask.by.unit:
            raise UnitStays(why="top", unit=tree[unit].name)
    return tree


def _effect(db: Connection, unit: int, other: int | None) -> Effect:
    tally = outlines.tally(db, unit)
    stages = meetings.stages_at(db, unit)
    both = units.some(db, [unit] if other is None else [unit, other])
    if unit not in both:
        raise NotFound(what="unit")
    return Effect(
        unit=both[unit],
        other=both.get(other or 0),
        own=tally.own,
        members=tally.members,
        units=tally.units,
        children=tally.children,
        running=sum(stages.get(stage, 0) for stage in _RUNNING),
        finished=stages.get(Stage.COUNTED, 0) + stages.get(Stage.PUBLISHED, 0),
        accounts=outlines.accounts_of(db, unit),
    )


def _check_seen(db: Connection, unit: int, other: int | None, ask: Ask) -> Effect:
    effect = _effect(db, unit, other)
    if effect.mark != ask.seen:
        raise Stale(what="unit")
    return effect


def _write(
    db: Connection, act: str, ask: Ask, *, before: Sequence[Unit], after: Sequence[Unit], **detail: Any
) -> int:
    for unit in after:
        units.change_unit(db, unit)
    was, now = ([trees.as_json(unit) for unit in some] for some in (before, after))
    about = {"name": after[-1].name, "before": was, "after": now, **detail}
    return journal.note(db, act, by=ask.by.id, now=ask.now, unit_id=after[-1].id, **about)


def _noted(over: Sequence[Member], past: Sequence[int]) -> list[list[Any]]:
    """Who went over, since when he was there before, and the number of the stay that ended."""
    days = (member.since.isoformat() if member.since else None for member in over)
    return [list(each) for each in zip((member.id for member in over), days, past, strict=True)]


def _sectors(db: Connection) -> Sequence[str]:
    return tuple(terms.all_terms(db).labels(TermList.SECTOR))
