"""Units and members: preview a member list, write it when confirmed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.domain.rosters import Plan, RosterLine, plan
from survey.domain.staff import Staff
from survey.domain.units import Unit
from survey.store import journal, units
from survey.store.engine import Connection


def preview(house: House, lines: Sequence[RosterLine], *, by: Staff) -> Plan:
    """What an import would add, change and refuse; nothing is written."""
    check_runs(by, by.unit)
    with house.store.read() as db:
        return _plan(db, lines, by)


def take_over(house: House, lines: Sequence[RosterLine], *, by: Staff, now: datetime) -> Plan:
    """Write a list at once, without a preview."""
    with house.store.write() as db:
        return write(db, lines, by=by, now=now)


def write(db: Connection, lines: Sequence[RosterLine], *, by: Staff, now: datetime) -> Plan:
    """Write what a preview would show now, inside the caller's transaction."""
    check_runs(by, by.unit)
    done = _plan(db, lines, by)
    ids: dict[int, int] = {}
    for unit in done.units:
        parent = unit.parent if unit.parent is None else ids.get(unit.parent, unit.parent)
        ids[unit.id] = units.add_unit(db, replace(unit, parent=parent))
    units.add_members(db, (replace(m, unit=ids.get(m.unit, m.unit)) for _, m in done.added))
    after = (change.after for change in done.changed)
    units.change_members(db, (replace(m, unit=ids.get(m.unit, m.unit)) for m in after))
    if not done.is_empty:
        numbers = {"units": len(done.units), "added": len(done.added), "changed": len(done.changed)}
        journal.note(db, "import", by=by.id, now=now, **numbers)
    return done


def found(house: House, unit: Unit, *, now: datetime) -> int:
    """Add the root of a new tree (or, for the demo, any unit); there is no staff yet who could."""
    with house.store.write() as db:
        added = units.add_unit(db, unit)
        journal.note(db, "found", by=None, now=now, name=unit.name)
    return added


def _plan(db: Connection, lines: Sequence[RosterLine], by: Staff) -> Plan:
    tree = [unit for unit in units.all_units(db) if by.sees(unit.id)]
    root = next(unit for unit in tree if unit.id == by.unit)
    return plan(lines, tree, units.members_of(db, by.units), root=root)
