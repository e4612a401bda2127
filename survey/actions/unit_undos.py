"""Taking back what was done to a unit, as long as nothing it touched was changed since. The journal knows what was before."""

from dataclasses import replace
from datetime import date

from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.actions.trees import Ask
from survey.domain import trees
from survey.domain.refusals import NotFound, Refused, Stale, UnitStays
from survey.domain.staff import Staff
from survey.domain.units import Member, Unit, subtree
from survey.store import journal, members, units
from survey.store.engine import Connection

UNDOABLE = frozenset({"unit_edit", "unit_move", "unit_merge", "unit_close"})


def undoable(house: House, entry: int, *, by: Staff) -> bool:
    """Whether an act can be taken back as things stand."""
    with house.store.read() as db:
        try:
            _taken_back(db, entry, by)
        except Refused:
            return False
    return True


def undo(house: House, entry: int, ask: Ask) -> int:
    """Take an act back, as long as nothing it touched was changed since; the unit it was about.

    Raises
    ------
    NotFound
        There is no such act that can be taken back, or it is none of the asker's business.
    Stale
        Something was changed since.
    UnitStays, BadField
        There is no room for it any more, or it was about the place of the asker's own top.
    """
    with house.store.write() as db:
        units.lock(db)
        before, people, past = _taken_back(db, entry, ask.by)
        unit = before[-1]
        members.remove_stays(db, past)
        members.change(db, people)
        for each in before:
            units.change_unit(db, each)
        journal.note(db, "unit_undo", by=ask.by.id, now=ask.now, unit_id=unit.id, name=unit.name, of=entry)
    return unit.id


def _taken_back(db: Connection, entry: int, by: Staff) -> tuple[tuple[Unit, ...], tuple[Member, ...], tuple[int, ...]]:
    """The units and members as they were before an act, and the stays that did not end after all."""
    act, detail = journal.get(db, entry)
    if act not in UNDOABLE:
        raise NotFound(what="act")
    tree = trees.tree_of(units.all_units(db))
    seen = replace(by, units=subtree(tree.values(), by.unit))
    before, after = ([trees.read(each) for each in detail[key]] for key in ("before", "after"))
    for was, now in zip(before, after, strict=True):
        check_runs(seen, was.id)
        if was.parent != now.parent:
            check_runs(seen, was.parent or 0)
    last = after[-1]
    if act != "unit_edit" and last.id == by.unit:
        raise UnitStays(why="top", unit=last.name)
    if detail.get("over"):
        check_runs(seen, last.into or 0)
    back = trees.restored(tree, before, after)
    days = {number: date.fromisoformat(day) if day else None for number, day, _ in detail.get("over", ())}
    people = [m for m in members.get_many(db, days) if (m.unit, m.since, m.left_on) == (last.into, last.closed_on, None)]
    if len(people) != len(days):
        raise Stale(what="unit")
    there = tuple(replace(m, unit=last.id, since=days[m.id]) for m in people)
    return back, there, tuple(stay for _, _, stay in detail.get("over", ()))
