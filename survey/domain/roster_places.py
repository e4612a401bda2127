"""Which unit a row of a list means: by its name, by the way down to it, or a new one. And the words of its cells."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from survey.domain.rosters import LONGEST_CODE, Refusal, RosterLine, code_of, fold, refuse
from survey.domain.terms import TermList, Terms
from survey.domain.units import UNIT_KINDS, Unit, UnitKind

T = TypeVar("T", bound=str)
_SLASH = re.compile(r"[/／\\＼]")


def way(names: Iterable[str]) -> str:
    """The names of units from the top down as one text; a slash inside a name is marked, so that it parts nothing."""
    return "/".join(_SLASH.sub(r"\\\g<0>", name) for name in names)


def meaning(labels: Mapping[T, str], text: str, default: T | None) -> T | None:
    """The value whose label or own name the text is, 党员 at its end left out or not; `default` for an empty text."""
    if not text:
        return default
    asked = fold(text)
    return next((value for value, label in labels.items() if asked in (fold(label), fold(label.removesuffix("党员")), str(value))), None)


class Places:
    """Units below a root, growing as rows name new ones.

    Attributes
    ----------
    added : list of Unit
        New ones, parents first; their ids are negative.
    changed : dict
        What rows about units alone say of those that are there, by id.
    """

    def __init__(self, units: Iterable[Unit], root: Unit, terms: Terms) -> None:
        self._root, self._terms = root, terms
        self._known: dict[int, Unit] = {}
        self._by_name: dict[str, list[Unit]] = {}
        self._by_way: dict[str, list[Unit]] = {}
        self._closed: set[str] = set()
        self._ways: dict[int, tuple[str, ...]] = {}
        self._found: dict[tuple[str, str, bool], int] = {}
        self.added: list[Unit] = []
        self.changed: dict[int, tuple[Unit, Unit]] = {}
        every = tuple(units)
        self._known = {unit.id: unit for unit in every}
        for unit in every:
            if unit.is_closed:
                self._closed.add(fold(unit.name))
            else:
                self._enter(unit)

    def find(self, line: RosterLine) -> int | Refusal:
        """The id of the row's unit, a new one included; what a row about a unit alone says of it is taken over."""
        key = (line.unit, line.parent, bool(line.name))
        found: int | Refusal | None = self._found.get(key)
        if found is None:
            found = self._look(line)
            if isinstance(found, int):
                self._found[key] = found
        if isinstance(found, int) and not line.name:
            return self._say(found, line)
        return found

    def kept(self, used: Iterable[int]) -> tuple[Unit, ...]:
        """The new units that are needed for these, in their order."""
        wanted: set[int] = set()
        for unit in used:
            while unit < 0 and unit not in wanted:
                wanted.add(unit)
                unit = self._known[unit].parent or 0
        return tuple(self._known[unit.id] for unit in self.added if unit.id in wanted)

    def _look(self, line: RosterLine) -> int | Refusal:
        named = self._by_name.get(fold(line.unit), [])
        if not line.parent:
            below = named if len(named) < 2 else [u for u in named if u.id == self._root.id] or named
            return self._only(line, below) or self._new(line, self._root)
        above = self._above(line.parent)
        if len(above) != 1:
            if not named:
                return refuse(line, "parent_twice" if above else "unknown_parent", line.parent[:40])
            return self._only(line, named) or 0
        here = [unit for unit in named if unit.parent == above[0].id]
        # A list of people often names a unit higher up than the one right above; a row about the unit alone means its place.
        if line.name and not here:
            here = [unit for unit in named if above[0].id in self._above_all(unit)]
        return self._only(line, here) or self._new(line, above[0])

    def _only(self, line: RosterLine, some: list[Unit]) -> int | Refusal | None:
        """The one there is; of several the one written exactly so."""
        exact = [unit for unit in some if unit.name == line.unit] if len(some) > 1 else some
        if len(exact) == 1:
            return exact[0].id
        return refuse(line, "unit_known_twice", line.unit) if some else None

    def _above(self, text: str) -> list[Unit]:
        return self._by_way.get(fold(text)) or self._by_name.get(fold(text), [])

    def _above_all(self, unit: Unit) -> set[int]:
        found: set[int] = set()
        while unit.parent is not None and unit.parent not in found and unit.parent in self._known:
            found.add(unit.parent)
            unit = self._known[unit.parent]
        return found

    def _new(self, line: RosterLine, above: Unit) -> int | Refusal:
        if fold(line.unit) in self._closed and above.id == self._root.id and not line.parent:
            return refuse(line, "unit_closed", line.unit)
        blank = Unit(-1 - len(self.added), above.id, UnitKind.BRANCH, line.unit)
        unit = self._filled(blank, line)
        if isinstance(unit, Refusal):
            return unit
        self.added.append(unit)
        self._known[unit.id] = unit
        self._enter(unit)
        return unit.id

    def _say(self, number: int, line: RosterLine) -> int | Refusal:
        """Take over what a row says of a unit that is there."""
        before = self._known[number]
        after = self._filled(before, line)
        if isinstance(after, Refusal):
            return after
        if after != before:
            self._known[number] = after
            if number >= 0:
                self.changed[number] = (self.changed.get(number, (before, before))[0], after)
        return number

    def _filled(self, unit: Unit, line: RosterLine) -> Unit | Refusal:
        """A unit with what the row says of it; empty cells say nothing."""
        sector = meaning(self._terms.labels(TermList.SECTOR, retired=True), line.sector, unit.sector or "")
        if sector is None:
            return refuse(line, "unknown_sector", line.sector[:40])
        kind = meaning(UNIT_KINDS, line.unit_kind, unit.kind)
        if kind is None:
            return refuse(line, "unknown_unit_kind", line.unit_kind[:40])
        code = code_of(line.unit_code) or unit.code
        if len(code) > LONGEST_CODE:
            return refuse(line, "code_long", code[:20])
        # A code that reads the same stays as it is written.
        code = unit.code if code_of(unit.code) == code else code
        return replace(unit, kind=kind, sector=sector or None, code=code)

    def _enter(self, unit: Unit) -> None:
        self._by_name.setdefault(fold(unit.name), []).append(unit)
        self._by_way.setdefault(fold(way(self._way(unit))), []).append(unit)

    def _way(self, unit: Unit) -> tuple[str, ...]:
        found = self._ways.get(unit.id)
        if found is None:
            above = self._known.get(unit.parent or 0) if unit.id != self._root.id else None
            found = self._ways[unit.id] = (*(self._way(above) if above else ()), unit.name)
        return found
