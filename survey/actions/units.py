"""Units and members: preview a member list, write it when confirmed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.domain.rosters import Plan, RosterLine, plan
from survey.domain.staff import Staff
from survey.domain.units import Unit, subtree
from survey.store import journal, members, units
from survey.store.engine import Connection


def preview(house: House, lines: Sequence[RosterLine], *, by: Staff) -> Plan:
    """What an import would add, change and refuse; nothing is written."""
    with house.store.read() as db:
        return compare(db, lines, by=by)


def take_over(house: House, lines: Sequence[RosterLine], *, by: Staff, now: datetime) -> Plan:
    """Write a list at once, without a preview."""
    with house.store.write() as db:
        units.lock(db)
        done = compare(db, lines, by=by)
        write(db, done, by=by, now=now)
    return done


def compare(db: Connection, lines: Sequence[RosterLine], *, by: Staff) -> Plan:
    """What a list would do to the subtree of an account now."""
    check_runs(by, by.unit)
    everything = units.all_units(db)
    # The subtree as it is now: an account read a moment ago may not know a unit somebody else has just added.
    below = subtree(everything, by.unit)
    # A closed unit takes nobody in.
    tree = [unit for unit in everything if unit.id in below and not unit.is_closed]
    root = next(unit for unit in tree if unit.id == by.unit)
    return plan(lines, tree, members.of_units(db, below), root=root)


def write(db: Connection, done: Plan, *, by: Staff, now: datetime) -> None:
    """Write a plan that still holds, inside the caller's transaction."""
    ids: dict[int, int] = {}
    for unit in done.units:
        parent = unit.parent if unit.parent is None else ids.get(unit.parent, unit.parent)
        ids[unit.id] = units.add_unit(db, replace(unit, parent=parent))
    members.add(db, (replace(m, unit=ids.get(m.unit, m.unit)) for _, m in done.added))
    after = (change.after for change in done.changed)
    members.change(db, (replace(m, unit=ids.get(m.unit, m.unit)) for m in after))
    if not done.is_empty:
        numbers = {"units": len(done.units), "added": len(done.added), "changed": len(done.changed)}
        journal.note(db, "import", by=by.id, now=now, **numbers)


def found(house: House, unit: Unit, *, now: datetime) -> int:
    """Add the root of a new tree (or, for the demo, any unit); there is no staff yet who could."""
    with house.store.write() as db:
        added = units.add_unit(db, unit)
        journal.note(db, "found", by=None, now=now, unit_id=added, name=unit.name)
    return added
