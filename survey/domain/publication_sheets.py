"""Where the sums of a published round lie, and what one sheet of them says."""

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.domain.publication_digests import Source
from survey.domain.publication_sums import Entry, Frozen

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Held(Source):
    """Sums that are held whole."""

    frozen: Frozen

    def indexes(self, names: Collection[str]) -> Mapping[str, bytes]:
        """Some indexes by their names."""
        return {name: self.frozen.indexes[name] for name in names}

    def sheets(self, units: Collection[int]) -> Mapping[int, bytes]:
        """Sheets of some units."""
        return {unit: self.frozen.sheets[unit] for unit in units if unit in self.frozen.sheets}


class Ahead(Source):
    """Sums read through from the first unit to the last: the sheets of the next ones come along."""

    def __init__(self, source: Source, order: Sequence[int]) -> None:
        self._source, self._order = source, order
        self._at = {unit: at for at, unit in enumerate(order)}
        self._waiting: dict[int, bytes] = {}
        self._known: Sequence[int] = ()

    def indexes(self, names: Collection[str]) -> Mapping[str, bytes]:
        """Some indexes by their names."""
        return self._source.indexes(names)

    def sheets(self, units: Collection[int]) -> Mapping[int, bytes]:
        """Sheets of some units."""
        if not all(unit in self._known for unit in units):
            first = min(self._at[unit] for unit in units)
            self._known = [*self._order[first : first + _AT_ONCE], *units]
            self._waiting = dict(self._source.sheets(self._known))
        return {unit: self._waiting[unit] for unit in units if unit in self._waiting}


@dataclass(frozen=True, slots=True)
class Part:
    """Ballots of some groups: by target where they are about one unit alone, else all units and all members together."""

    names: tuple[str, ...]
    ballots: int
    targets: Mapping[str, Sequence[Entry]]
    totals: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is shown of one unit: by itself, and with all below it where that is more."""

    own: tuple[Part, ...] = ()
    below: tuple[Part, ...] | None = None


def sheet_of(body: bytes | None) -> Sheet:
    """A sheet as it is kept; an empty one where there is none."""
    if body is None:
        return Sheet()
    plain = unpacked(body)
    own = tuple(Part(tuple(names), ballots, dict(told)) for names, ballots, told in plain["own"])
    below = plain["below"]
    return Sheet(own, None if below is None else tuple(Part(tuple(names), ballots, {}, entries) for names, ballots, entries in below))


def unpacked(body: bytes) -> dict[str, Any]:
    """What was packed, as plain values."""
    return dict(json.loads(zlib.decompress(body)))
