"""A published round read piece by piece: the indexes of the whole round, and the sheets of the units a page asks for."""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from survey.domain.publication_digests import Source
from survey.domain.publication_files import read_round
from survey.domain.publication_sheets import Ahead, Held, Part, Sheet, sheet_of, unpacked
from survey.domain.publication_sums import COUNTS, KEYS, NAMES, ROUND, Entry, asks, freeze, rating_scales
from survey.domain.publication_trees import Tree
from survey.domain.publications import Named, Place, Publication, pooled_key
from survey.domain.questionnaires import Scale
from survey.domain.roll_ups import Accounting, Ask, RollUp, Sum

_SHEETS_KEPT = 256
# The number of an atom here: the place of its unit, whether all below is in it, and which groups.
_GROUPS, _REACH = 1 << 32, 2


@dataclass(frozen=True, slots=True)
class Table:
    """The counts of everybody who is shown by himself, then of each unit with all below it (of units and of members in turn):
    column by column the place of the target, the number of its scale, how many answers there could have been, each answer."""

    targets: int
    rows: int
    width: int
    word: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Targets(Mapping[str, Named]):
    """Who is shown by himself, without a thing for each of a city's."""

    roll: "FrozenRoll" = field(repr=False)

    def __getitem__(self, key: str) -> Named:
        at = self.roll.spots[key]
        labels, notes = self.roll.names
        return Named(labels[at], notes[at], self.roll.unit_of(key))

    def __iter__(self) -> Iterator[str]:
        return iter(self.roll.keys)

    def __len__(self) -> int:
        return len(self.roll.keys)


class FrozenRoll(Tree):
    """The sums of a publication; says what `RollUp` says of all its parts, and reads no more than it is asked for.

    An atom is here all that some groups said of one unit, or of one unit and all below it.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.sheet, self._fetched = lru_cache(_SHEETS_KEPT)(self._sheet), dict[int, bytes | None]()

    @classmethod
    def of(cls, made: Publication) -> "FrozenRoll":
        """That of a publication which is held whole."""
        return cls(Held(freeze(made)))

    def through(self) -> "FrozenRoll":
        """The same for whoever reads all of it, unit by unit in the order of the file."""
        return FrozenRoll(Ahead(self._source, [place.id for place in self.made.places]))

    @cached_property
    def _indexes(self) -> Mapping[str, bytes]:
        return self._source.indexes((ROUND, KEYS, COUNTS))

    @cached_property
    def _head(self) -> Mapping[str, Any]:
        return unpacked(self._indexes[ROUND])

    @cached_property
    def _keys(self) -> Mapping[str, Any]:
        return unpacked(self._indexes[KEYS])

    @cached_property
    def made(self) -> Publication:
        """The round as it was published, all but its counts and their atoms."""
        plain = read_round(self._head["round"])
        return Publication(
            plain.round, plain.name, plain.period, plain.version, plain.scheme, plain.places, plain.forms, plain.meetings, (),
            _Targets(self), {}, (), (),
        )  # fmt: skip

    @property
    def joined(self) -> int:
        """How many times several meetings are shown only together."""
        return int(self._head["joined"])

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """Every question by its number."""
        return asks(self.made.forms)

    @cached_property
    def scales(self) -> tuple[Scale, ...]:
        """The scales by their numbers."""
        return tuple(dict.fromkeys(each for each in rating_scales(self.made.forms) if each is not None))

    @cached_property
    def table(self) -> Table:
        """The counts of all targets and units."""
        found = self._keys
        return Table(len(self.keys), found["rows"], found["width"], found["word"], zlib.decompress(self._indexes[COUNTS]))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Everybody who is shown by himself, unit by unit, each unit before its members."""
        return tuple(self._keys["keys"])

    @cached_property
    def spots(self) -> Mapping[str, int]:
        """Where each of them stands."""
        return {key: at for at, key in enumerate(self.keys)}

    @cached_property
    def names(self) -> tuple[Sequence[str], Sequence[str]]:
        """What they are called, and their kinds or positions."""
        found = unpacked(self._source.indexes((NAMES,))[NAMES])
        return found["labels"], found["notes"]

    @property
    def places(self) -> Sequence[Place]:
        """The units of the publication."""
        return self.made.places

    @cached_property
    def units(self) -> Sequence[int]:
        """The place of the unit of everybody who is shown."""
        starts = self._keys["starts"]
        return [place for place in range(len(starts) - 1) for _each in range(starts[place], starts[place + 1])]

    def unit_of(self, key: str) -> int:
        """The unit somebody is shown in."""
        return self.made.places[self.units[self.spots[key]]].id

    def asked(self, key: str) -> tuple[tuple[int, str], ...]:
        """By which sections he was rated: form and key."""
        return self._kinds[int(self._keys["asked"][self.spots[key]])]

    @cached_property
    def _kinds(self) -> Sequence[tuple[tuple[int, str], ...]]:
        return [tuple((form, section) for form, section in kind) for kind in self._keys["kinds"]]

    def own(self, unit: int) -> tuple[str, ...]:
        """The keys of what is shown of a unit by itself: the unit first, then its members."""
        at, starts = self.at.get(unit), self._keys["starts"]
        return () if at is None else self.keys[starts[at] : starts[at + 1]]

    def left_out(self, unit: int) -> int:
        """Ballots from at or below a unit that count only further up, since they are shown together with others."""
        return int(self._head["left_out"][self.at[unit]]) if unit in self.at else 0

    def accounting(self, unit: int) -> Accounting:
        """The sums of all meetings held at or below a unit."""
        return Accounting(*self._head["accounting"][self.at[unit]]) if unit in self.at else Accounting()

    def about(self, unit: int) -> tuple[int, ...]:
        """The ballots about one unit and its members alone, by their groups."""
        return self._numbers(unit, self.sheet(unit).own, is_below=False)

    def atoms(self, unit: int) -> tuple[int, ...]:
        """The ballots that lie wholly at or below a unit, by their groups: whatever is shown of it is a sum of these."""
        below = self.sheet(unit).below
        return self.about(unit) if below is None else self._numbers(unit, below, is_below=True)

    def groups(self, atoms: Iterable[int]) -> Mapping[tuple[str, ...], tuple[int, ...]]:
        """Atoms by the groups that voted in them: one by itself, or those that are only shown together."""
        found: dict[tuple[str, ...], list[int]] = {}
        known: dict[frozenset[str], tuple[str, ...]] = {}
        for atom in atoms:
            names = self._part(atom).names
            found.setdefault(known.setdefault(frozenset(names), names), []).append(atom)
        return {names: tuple(each) for names, each in found.items()}

    def ballots(self, atoms: Iterable[int]) -> int:
        """How many ballots there are in some atoms."""
        return sum(self._part(atom).ballots for atom in atoms)

    def sums(self, atoms: Iterable[int], *, targets: Collection[str] | None = None) -> Mapping[Ask, Sum]:
        """Every question with its answers, over some atoms; about some targets, or about all units and members together."""
        found: dict[Ask, Sum] = {}
        for part in (self._part(atom) for atom in atoms):
            if targets is None:
                self._add(found, part.totals)
            for key in part.targets if targets is None else (key for key in targets if key in part.targets):
                self._add(found, part.targets[key])
        return found

    def by_target(self, atoms: Iterable[int]) -> Mapping[str, Mapping[Ask, Sum]]:
        """The same for every target by itself, in one walk; what is only shown together is all units and all members."""
        found: dict[str, dict[Ask, Sum]] = {}
        for part in (self._part(atom) for atom in atoms):
            for key, entries in part.targets.items():
                self._add(found.setdefault(key, {}), entries)
            for entry in part.totals:
                self._add(found.setdefault(pooled_key(self.asks[entry[0]].audience), {}), [entry])
        return found

    def _numbers(self, unit: int, parts: Sequence[Part], *, is_below: bool) -> tuple[int, ...]:
        first = (self.at[unit] * _REACH + is_below) * _GROUPS if parts else 0
        return tuple(range(first, first + len(parts)))

    def _part(self, atom: int) -> Part:
        spot, group = divmod(atom, _GROUPS)
        at, is_below = divmod(spot, _REACH)
        sheet = self.sheet(self.made.places[at].id)
        return (sheet.below or ())[group] if is_below else sheet.own[group]

    def _add(self, into: dict[Ask, Sum], entries: Iterable[Entry]) -> None:
        for entry in entries:
            ask = self.asks[entry[0]]
            if (total := into.get(ask)) is None:
                total = into[ask] = Sum()
            total.slots += entry[1]
            for code, n in zip(entry[2::2], entry[3::2], strict=True):
                total.counts[code] = total.counts.get(code, 0) + n

    def ahead(self, units: Collection[int]) -> None:
        """Read the sheets of some units at once, which are asked for next."""
        self._fetched = {**dict.fromkeys(units), **self._source.sheets(units)}

    def _sheet(self, unit: int) -> Sheet:
        # Once: another thread may read others ahead meanwhile.
        fetched = self._fetched
        return sheet_of(fetched[unit] if unit in fetched else self._source.sheets((unit,)).get(unit))


# Whatever reads sums takes either.
Roll = RollUp | FrozenRoll
