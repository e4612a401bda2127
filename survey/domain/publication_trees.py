"""The units of a published round, each with those right below it and those above."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property

from survey.domain.publications import Place


class Tree(ABC):
    """Units that hang below one root, every parent before its children."""

    @property
    @abstractmethod
    def places(self) -> Sequence[Place]:
        """The units, in the order of the file."""

    @cached_property
    def at(self) -> Mapping[int, int]:
        """Where each unit stands among them."""
        return {place.id: at for at, place in enumerate(self.places)}

    @cached_property
    def children(self) -> Mapping[int, tuple[Place, ...]]:
        """The units right below each, in the order of the file."""
        found: dict[int, list[Place]] = {}
        for place in self.places[1:]:
            found.setdefault(place.parent or 0, []).append(place)
        return {unit: tuple(each) for unit, each in found.items()}

    def place(self, unit: int) -> Place:
        """A unit of the publication; KeyError when it is not in it."""
        return self.places[self.at[unit]]

    def inside(self, unit: int) -> tuple[int, ...]:
        """A unit and all below it, each after the one above it."""
        found = [unit]
        for each in found:
            found += [place.id for place in self.children.get(each, ())]
        return tuple(found)

    def trail(self, unit: int) -> tuple[Place, ...]:
        """The units from the root down to one."""
        line = [self.place(unit)]
        while (parent := line[-1].parent) is not None:
            line.append(self.place(parent))
        return tuple(reversed(line))
