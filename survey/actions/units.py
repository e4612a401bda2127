"""Member lists: compare one with what is there, write it when confirmed. And the root of a tree."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from survey.actions import undos
from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.actions.trees import Ask
from survey.actions.undos import Done
from survey.domain.roster_plans import Books, plan_steps
from survey.domain.rosters import Plan, RosterLine, Step, result
from survey.domain.staff import Staff
from survey.domain.units import Member, Unit, subtree
from survey.store import journal, members, sizes, terms, units
from survey.store.engine import Connection

_AT_ONCE = 5000


def take_over(house: House, lines: Sequence[RosterLine], *, by: Staff, now: datetime) -> Plan:
    """Write a list at once, without a preview."""
    ask = Ask(by, now, now.date())
    with house.store.write() as db:
        units.lock(db)
        done = compare(db, lines, by=by, today=ask.today)
        result(write_steps(db, house, done, ask=ask, whole=False))
    return done


def compare(db: Connection, lines: Sequence[RosterLine], *, by: Staff, today: date) -> Plan:
    """What a list would do to the subtree of an account now."""
    return result(compare_steps(db, lines, by=by, today=today))


def compare_steps(db: Connection, lines: Sequence[RosterLine], *, by: Staff, today: date) -> Generator[Step, None, Plan]:
    """The same, step by step."""
    check_runs(by, by.unit)
    everything = units.all_units(db)
    # The subtree as it is now: an account read a moment ago may not know a unit somebody else has just added.
    below = subtree(everything, by.unit)
    tree = [unit for unit in everything if unit.id in below]
    root = next(unit for unit in tree if unit.id == by.unit)
    books = Books(tree, members.everybody(db, below), root, today, terms.all_terms(db))
    return (yield from plan_steps(lines, books))


def write_steps(db: Connection, house: House, done: Plan, *, ask: Ask, whole: bool) -> Generator[Step, None, str]:
    """Write a plan that still holds, inside the caller's transaction; the key to take it back, "" when nothing was written.

    Parameters
    ----------
    whole : bool
        Who is missing on the list has left.
    """
    gone = done.missing if whole else ()
    if done.is_empty and not gone:
        return ""
    ids = _add_units(db, done.units)
    for _before, after in done.units_changed:
        units.change_unit(db, after)
    total = len(done.added) + len(done.changed) + len(gone)
    added: list[int] = []
    for some in _parts(replace(m, unit=ids.get(m.unit, m.unit)) for _, m in done.added):
        added += members.add(db, some)
        yield "write", len(added), total
    changed = 0
    after_all = (replace(change.after, unit=ids.get(change.after.unit, change.after.unit)) for change in done.changed)
    left = (replace(member, left_on=ask.today) for member in gone)
    for some in (*_parts(after_all), *_parts(left)):
        members.change(db, some)
        changed += len(some)
        yield "write", len(added) + changed, total
    stays = members.add_stays(db, (change.stay for change in done.changed if change.stay is not None))
    facts: dict[str, Any] = {
        "units": len(done.units), "added": len(added), "changed": len(done.changed) + len(done.units_changed), "left": len(gone)
    }  # fmt: skip
    journal.note(db, "import", by=ask.by.id, now=ask.now, **facts)
    before = (*(change.before for change in done.changed), *gone)
    sizes.learn_people(db, len(ids) + len(added))
    act = Done("import", ask.by.unit, facts, before, tuple(added), stays, tuple(ids.values()), tuple(b for b, _ in done.units_changed))
    return undos.remember(db, house, act, by=ask.by, now=ask.now)


def found(house: House, unit: Unit, *, now: datetime) -> int:
    """Add the root of a new tree (or, for the demo, any unit); there is no staff yet who could."""
    with house.store.write() as db:
        added = units.add_unit(db, unit)
        journal.note(db, "found", by=None, now=now, name=unit.name)
    return added


def _add_units(db: Connection, new: Iterable[Unit]) -> dict[int, int]:
    """Add new units; their ids by those the plan gave them."""
    ids: dict[int, int] = {}
    for unit in new:
        parent = unit.parent if unit.parent is None else ids.get(unit.parent, unit.parent)
        ids[unit.id] = units.add_unit(db, replace(unit, parent=parent))
    return ids


def _parts(rows: Iterable[Member]) -> Iterator[list[Member]]:
    rest = iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
