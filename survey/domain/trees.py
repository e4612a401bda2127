"""What may be done to the tree of units: each rule takes the tree and gives the units as they are to be written.

A tree is its units by id. Closed units stay in it for their history; nothing is ever taken out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from survey.domain.refusals import BadField, Stale, UnitStays
from survey.domain.texts import line
from survey.domain.units import Unit, UnitKind, subtree

LONGEST_NAME, LONGEST_CODE = 100, 60
Tree = Mapping[int, Unit]


def tree_of(units: Iterable[Unit]) -> Tree:
    """Units by id."""
    return {unit.id: unit for unit in units}


def written(tree: Tree, unit: Unit, *, sectors: Iterable[str]) -> Unit:
    """A unit with the name, code, kind and sector somebody gave it, as it may be kept.

    Parameters
    ----------
    sectors : iterable of str
        The sectors on offer; one the unit has already may stay when it is offered no longer.

    Raises
    ------
    BadField
        The name is empty, long or a sibling's; the code is long; there is no such sector.
    UnitStays
        It is closed, or the unit above it is.
    """
    clean = replace(unit, name=line(unit.name), code=line(unit.code), sector=unit.sector or None)
    before = tree.get(unit.id)
    if not clean.name:
        raise BadField(field="unit_name", value="", why="empty")
    for field, text, most in (("unit_name", clean.name, LONGEST_NAME), ("unit_code", clean.code, LONGEST_CODE)):
        if len(text) > most:
            raise BadField(field=field, value=text[:20], why="too_long", most=most)
    kept = before.sector if before else None
    if clean.sector and clean.sector != kept and clean.sector not in set(sectors):
        raise BadField(field="unit_sector", value=clean.sector, why="unknown")
    if clean.is_closed:
        raise UnitStays(why="closed", unit=clean.name)
    _check_place(tree, clean)
    return clean


def moved(tree: Tree, unit: int, parent: int) -> Unit:
    """A unit under another one, with everything below it.

    Raises
    ------
    UnitStays
        It is the top, closed or there already; the other one is closed or lies below it.
    BadField
        A unit of the same name is there.
    """
    here = tree[unit]
    if here.is_closed:
        raise UnitStays(why="closed", unit=here.name)
    if here.parent is None:
        raise UnitStays(why="top", unit=here.name)
    if here.parent == parent:
        raise UnitStays(why="there", unit=here.name, other=tree[parent].name)
    there = replace(here, parent=parent)
    _check_place(tree, there)
    return there


def merged(tree: Tree, unit: int, into: int, *, today: date) -> tuple[Unit, ...]:
    """The units a merge changes: those below go over to the other one, the unit itself (the last) is closed into it.

    Units below that are closed stay where they are, with the history of the one they belonged to.

    Raises
    ------
    UnitStays
        It is the top or closed, the other one is itself, closed or below it.
    BadField
        A unit below it has the name of one below the other; it must be given another first.
    """
    here, other = tree[unit], tree[into]
    if here.is_closed or other.is_closed:
        raise UnitStays(why="closed", unit=here.name if here.is_closed else other.name)
    if here.parent is None:
        raise UnitStays(why="top", unit=here.name)
    if unit == into:
        raise UnitStays(why="itself", unit=here.name)
    if into in subtree(tree.values(), unit):
        raise UnitStays(why="below", unit=here.name, other=other.name)
    shut = replace(here, closed_on=today, into=into)
    without = {**tree, unit: shut}
    over = [replace(each, parent=into) for each in children(tree, unit)]
    for each in over:
        _check_place(without, each)
    return (*over, shut)


def closed(tree: Tree, unit: int, *, members: int, meetings: int, today: date) -> Unit:
    """A unit that is there no longer.

    Parameters
    ----------
    members : int
        How many have not left it.
    meetings : int
        How many of its meetings are neither counted nor void.

    Raises
    ------
    UnitStays
        It is the top or closed already, or something is in the way: members, units below it, meetings.
    """
    here = tree[unit]
    if here.is_closed:
        raise UnitStays(why="closed", unit=here.name)
    if here.parent is None:
        raise UnitStays(why="top", unit=here.name)
    below = len(children(tree, unit))
    if members or meetings or below:
        raise UnitStays(why="in_the_way", unit=here.name, members=members, meetings=meetings, units=below)
    return replace(here, closed_on=today)


def reopened(tree: Tree, unit: int) -> Unit:
    """A closed unit at work again. Whoever went over to another one stays there.

    Raises
    ------
    UnitStays
        It is not closed, or the unit above it is.
    BadField
        A unit of the same name has taken its place.
    """
    here = tree[unit]
    if not here.is_closed:
        raise UnitStays(why="open", unit=here.name)
    again = replace(here, closed_on=None, into=None)
    _check_place(tree, again)
    return again


def restored(tree: Tree, before: Iterable[Unit], after: Iterable[Unit]) -> tuple[Unit, ...]:
    """The units as they were before an act, when they still are as it left them.

    Raises
    ------
    Stale
        One of them was changed since.
    UnitStays, BadField
        What happened elsewhere since leaves no room for one of them: the unit above it is closed or hangs below it now, its
        name is taken.
    """
    if any(tree.get(unit.id) != unit for unit in after):
        raise Stale(what="unit")
    back = tuple(before)
    then = {**tree, **tree_of(back)}
    for unit in back:
        if not unit.is_closed:
            _check_place(then, unit)
    return back


def children(tree: Tree, unit: int) -> tuple[Unit, ...]:
    """The open units right below one."""
    return tuple(each for each in tree.values() if each.parent == unit and not each.is_closed)


def as_json(unit: Unit) -> dict[str, Any]:
    """A unit as the journal keeps it."""
    return {**asdict(unit), "kind": unit.kind.value, "closed_on": unit.closed_on.isoformat() if unit.closed_on else None}


def read(data: Mapping[str, Any]) -> Unit:
    """A unit from the journal."""
    day = data["closed_on"]
    return Unit(**{**data, "kind": UnitKind(data["kind"]), "closed_on": date.fromisoformat(day) if day else None})


def _check_place(tree: Tree, unit: Unit) -> None:
    """Whether a unit can hang where it says: below an open one that is not below itself, beside none of its name."""
    parent = tree.get(unit.parent) if unit.parent is not None else None
    if parent is None:
        return
    if parent.is_closed:
        raise UnitStays(why="closed_above", unit=unit.name, other=parent.name)
    if _hangs_below(tree, parent.id, unit.id):
        raise UnitStays(why="below", unit=unit.name, other=parent.name)
    if any(each.name == unit.name and each.id != unit.id for each in children(tree, parent.id)):
        raise BadField(field="unit_name", value=unit.name, why="twice", other=parent.name)


def _hangs_below(tree: Tree, unit: int, above: int) -> bool:
    """Whether a unit is another one or lies somewhere below it."""
    seen: set[int] = set()
    here: int | None = unit
    while here is not None and here != above and here not in seen:
        seen.add(here)
        here = tree[here].parent if here in tree else None
    return here == above
