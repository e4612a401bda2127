"""The sums of a published round: whole atoms added up over a unit and all below it, over groups, over questions."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from survey.domain.publication_trees import Tree
from survey.domain.publications import Held, Leaf, Mark, Place, Pool, Publication
from survey.domain.questionnaires import Audience

_ASKS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of a form, to units or to members."""

    audience: Audience
    form: int
    section: str
    question: str

    def __hash__(self) -> int:
        # A city's figures look for millions of these.
        return hash((self.form, self.section, self.question))


@dataclass(slots=True)
class Sum:
    """How often each answer was given, and how many there could have been."""

    slots: int = 0
    counts: Counter[int] = field(default_factory=Counter)

    @property
    def blank(self) -> int:
        """Answers that were not given."""
        return self.slots - sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Accounting:
    """The meetings of a unit and of all below it: how many there were, and the sums of their accounting."""

    meetings: int = 0
    due: int = 0
    present: int = 0
    issued: int = 0
    returned: int = 0
    spoiled: int = 0


class RollUp(Tree):
    """A publication by units and atoms, read once."""

    def __init__(self, made: Publication) -> None:
        self.made = made
        self._marks: dict[int, list[Mark]] = {}
        for mark in made.marks:
            self._marks.setdefault(mark.atom, []).append(mark)
        self._pools: dict[int, list[Pool]] = {}
        for pool in made.pools:
            self._pools.setdefault(pool.atom, []).append(pool)

    @property
    def places(self) -> Sequence[Place]:
        """The units of the publication."""
        return self.made.places

    @cached_property
    def _above(self) -> Mapping[int, frozenset[int]]:
        """Every unit with all above it, itself included. A parent stands before its children."""
        found: dict[int, frozenset[int]] = {}
        for place in self.made.places:
            found[place.id] = found.get(place.parent or 0, frozenset()) | {place.id}
        return found

    @cached_property
    def _inside(self) -> Mapping[int, tuple[int, ...]]:
        """The atoms that lie wholly at or below each unit."""
        found: dict[int, list[int]] = {}
        for at, atom in enumerate(self.made.atoms):
            for unit in frozenset.intersection(*(self._above[leaf.unit] for leaf in atom)):
                found.setdefault(unit, []).append(at)
        return {unit: tuple(each) for unit, each in found.items()}

    def atoms(self, unit: int) -> tuple[int, ...]:
        """The atoms that lie wholly at or below a unit: whatever is shown of it is a sum of these."""
        return self._inside.get(unit, ())

    def left_out(self, unit: int) -> int:
        """Ballots from at or below a unit that count only further up, since they are shown together with others."""
        return self._further_up[unit]

    @cached_property
    def _further_up(self) -> Counter[int]:
        found: Counter[int] = Counter()
        for atom in self.made.atoms:
            shared = frozenset.intersection(*(self._above[leaf.unit] for leaf in atom))
            for leaf in atom:
                found.update(dict.fromkeys(self._above[leaf.unit] - shared, leaf.ballots))
        return found

    def accounting(self, unit: int) -> Accounting:
        """The sums of all meetings held at or below a unit."""
        held = self._held.get(unit, ())
        sums = (sum(getattr(each, name) for each in held) for name in ("due", "present", "issued", "returned", "spoiled"))
        return Accounting(len(held), *sums)

    @cached_property
    def _held(self) -> Mapping[int, list[Held]]:
        found: dict[int, list[Held]] = {}
        for each in self.made.meetings:
            for unit in self._above[each.unit]:
                found.setdefault(unit, []).append(each)
        return found

    def groups(self, atoms: Iterable[int]) -> Mapping[tuple[str, ...], tuple[int, ...]]:
        """Atoms by the groups that voted in them: one by itself, or those that are only shown together."""
        found: dict[tuple[str, ...], list[int]] = {}
        # The same groups stand in another order elsewhere.
        known: dict[frozenset[str], tuple[str, ...]] = {}
        for at in atoms:
            names = tuple(dict.fromkeys(name for leaf in self.made.atoms[at] for name in leaf.groups))
            found.setdefault(known.setdefault(frozenset(names), names), []).append(at)
        return {names: tuple(each) for names, each in found.items()}

    def sums(self, atoms: Iterable[int], *, targets: Collection[str] | None = None) -> Mapping[Ask, Sum]:
        """Every question with its answers, over some atoms; about some targets, or about all units and members together."""
        found: dict[Ask, Sum] = {}
        self._add(atoms, lambda target: found if targets is None or target in targets else None)
        return found

    def by_target(self, atoms: Iterable[int]) -> Mapping[str, Mapping[Ask, Sum]]:
        """The same for every target by itself, in one walk."""
        found: dict[str, dict[Ask, Sum]] = {}
        self._add(atoms, lambda target: found.setdefault(target, {}))
        return found

    def own(self, unit: int) -> tuple[str, ...]:
        """The keys of what is shown of a unit by itself: the unit first, then its members."""
        return self._own.get(unit, ())

    def about(self, unit: int) -> tuple[int, ...]:
        """The atoms of ballots about one unit and its members alone."""
        return self._about.get(unit, ())

    @cached_property
    def _own(self) -> Mapping[int, tuple[str, ...]]:
        found: dict[int, list[str]] = {}
        # As they stand on the papers: the file keeps that order there and nowhere else.
        for key in dict.fromkeys(key for _meeting, key in self.made.asked):
            found.setdefault(self.made.targets[key].unit, []).append(key)
        return {unit: tuple(sorted(keys, key=lambda key: key[0] != "u")) for unit, keys in found.items()}

    @cached_property
    def _about(self) -> Mapping[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for at, atom in enumerate(self.made.atoms):
            if len(atom) == 1:
                found.setdefault(atom[0].unit, []).append(at)
        return {unit: tuple(each) for unit, each in found.items()}

    @cached_property
    def _rated(self) -> Mapping[tuple[int, int], tuple[tuple[str, int, str], ...]]:
        """Targets by meeting and unit: key, form, section."""
        forms = {each.id: each.form for each in self.made.meetings}
        found: dict[tuple[int, int], list[tuple[str, int, str]]] = {}
        for (meeting, key), section in self.made.asked.items():
            spot = (meeting, self.made.targets[key].unit)
            found.setdefault(spot, []).append((key, forms[meeting], section))
        return {spot: tuple(each) for spot, each in found.items()}

    def _add(self, atoms: Iterable[int], into: Callable[[str], dict[Ask, Sum] | None]) -> None:
        """Add up atoms; `into` says where to for each target, None is nowhere."""
        for at in atoms:
            for target, form, section, slots in self.slots(at):
                of = into(target)
                if of is not None:
                    for question in self.made.forms[form].section(section).questions:
                        of.setdefault(_ask(target, form, section, question.key), Sum()).slots += slots
            for mark in self._marks.get(at, ()):
                of = into(mark.target)
                if of is not None:
                    of[_ask(mark.target, mark.form, mark.section, mark.question)].counts[mark.answer] += mark.ballots

    def slots(self, at: int) -> Iterable[tuple[str, int, str, int]]:
        """What was asked in an atom: target, form, section, and how many answers each question could have had."""
        atom: tuple[Leaf, ...] = self.made.atoms[at]
        if at in self._pools:
            return [(each.target, each.form, each.section, each.slots) for each in self._pools[at]]
        spot = (atom[0].meeting, atom[0].unit)
        return [(key, form, section, atom[0].ballots) for key, form, section in self._rated.get(spot, ())]


def _ask(target: str, form: int, section: str, question: str) -> Ask:
    return _made(target.startswith("u"), form, section, question)


@lru_cache(_ASKS_KEPT)
def _made(is_unit: bool, form: int, section: str, question: str) -> Ask:
    """One for all: a city has millions of marks, and few questions."""
    return Ask(Audience.UNIT if is_unit else Audience.MEMBER, form, section, question)
