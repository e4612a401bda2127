"""Each known trap by itself: what one would subtract, sort, weigh, try or measure to learn what few people said.

Two towns that are the same in all that may be shown are the same to it; two that differ in what may be shown are not; and with a
guard gone the first two are not, either. What pages print of these, tests/attacks/test_traps.py walks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import pytest

from survey.actions import gatherings
from survey.domain.periods import totals
from survey.domain.publication_files import looked_at
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publications import Publication
from survey.domain.results import Count
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Source
from survey.office.composites import boxed
from survey.office.figure_tables import table
from survey.office.figures import KEYS
from survey.office.gradings import Typed, graded, limit
from survey.office.scheme_trials import evidence, trial
from survey.office.weighings import weigh
from survey.web.board import needs, round_results
from survey.web.board.changes import narrows
from survey.web.board.classes import EDGES
from survey.web.board.roll_ups import Reading
from tests.actions import test_gatherings
from tests.actions.test_gatherings import NAMES, Town, meeting_of, town_of
from tests.publications_for_tests import parts

# Of each meeting how many of each group are satisfied with everything, of how many; all others are not. The unit is one more than its
# place. The first has a group of two, the next three are told only together, the last has two groups that stand by themselves.
Said = Sequence[Sequence[tuple[int, int]]]
FIRST: Said = (((9, 9), (0, 2)), ((3, 3),), ((0, 2),), ((4, 4),), ((2, 6), (5, 7)))
TWIN: Said = (((7, 9), (2, 2)), ((2, 3),), ((2, 2),), ((3, 4),), ((2, 6), (5, 7)))
OTHER: Said = (*FIRST[:4], ((6, 6), (7, 7)))
SCHEME = Scheme(
    weights=((NAMES[0], 70), (NAMES[1], 30)), league=True, quota=(1, 3), below=30, grades=(("好", 90.0), ("中", 50.0), ("差", 0.0)),
    sources=(Source("一", 60, NAMES[:1]), Source("二", 20, NAMES[1:2]), Source("办公室评", 20)),
)  # fmt: skip
ALL_ON_ONE = replace(SCHEME, weights=((NAMES[0], 0), (NAMES[1], 100)), satisfied_at=0.01, basic_at=0.0)
PLAIN = replace(SCHEME, weights=(), sources=(), below=0)
UNITS = (2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Seen:
    """A published round as pages take it."""

    made: Publication

    @cached_property
    def roll(self) -> FrozenRoll:
        return FrozenRoll.of(self.made)

    def by(self, scheme: Scheme) -> FrozenRoll:
        """By other rules."""
        return FrozenRoll.of(replace(self.made, scheme=scheme))

    @cached_property
    def reading(self) -> Reading:
        found = Reading(self.by(PLAIN))
        # What roles are called is said by a page, in its language.
        vars(found)["_labels"] = KEYS
        return found


def town(said: Said) -> Town:
    """A committee with five branches and a member in each."""
    meetings = [meeting_of(at, at + 1, {f"u{at + 1}": "u0", f"m{at + 1}0": "m0"}, [n for _good, n in each]) for at, each in enumerate(said, start=1)]
    made = town_of(*meetings, above={1: None} | dict.fromkeys(UNITS, 1))
    counts = {
        (one.held.id, group): tuple(Count(key, question, answer, n) for key in one.sections for question, answer, n in _answers(*each) if n)
        for one, of in zip(meetings, said, strict=True) for group, each in enumerate(of)
    }  # fmt: skip
    return replace(made, counts=counts, marks={})


def _answers(good: int, n: int) -> Iterator[tuple[str, int, int]]:
    yield from (("a", 0, good), ("a", 1, n - good), ("b", 90, good), ("b", 10, n - good))


def _grades(seen: Seen, scheme: Scheme) -> list[Any]:
    roll = seen.by(scheme)
    keys = list(roll.keys)
    typed = Typed({key: {"办公室评": Fraction(80)} for key in keys})
    found = [*graded(roll, [key for key in keys if key[0] == "u"], typed), *graded(roll, [key for key in keys if key[0] == "m"], typed)]
    return [(each.key, each.score, each.result, each.rank, each.tree) for each in found] + [limit(scheme, unit, graded(roll, [f"m{unit}0"])) for unit in UNITS if f"m{unit}0" in keys]


def _below(seen: Seen) -> Mapping[int, object]:
    roll = seen.roll
    return {unit: (roll.sums(roll.atoms(unit)), roll.sums(roll.about(unit))) for unit in (1, *UNITS)}


def _weighed(seen: Seen) -> list[object]:
    roll = seen.roll
    groups = [{names: roll.sums(some) for names, some in roll.groups(roll.about(unit)).items()} for unit in UNITS]
    return [weigh(replace(seen.made, scheme=scheme), each) for scheme in (SCHEME, ALL_ON_ONE) for each in groups]


def _summed(rounds: Sequence[Seen]) -> list[object]:
    return [totals([(one.made, one.roll.sums(one.roll.about(unit))) for one in rounds]) for unit in UNITS]


def _changes(before: Reading, now: Reading) -> list[object]:
    return [narrows(now, before, f"u{unit}")[1:] for unit in UNITS]


TRAPS: Mapping[str, Callable[[Seen], object]] = {
    "parent minus children": _below,
    "group minus group": lambda seen: [{names: seen.roll.sums(some) for names, some in seen.roll.groups(seen.roll.about(unit)).items()} for unit in UNITS],
    "weighted minus pooled": _weighed,
    "round minus round": lambda seen: _changes(last().reading, seen.reading),
    "half-year minus its rounds": lambda seen: _summed((last(), seen)),
    "sorting": lambda seen: [round_results._sorted(seen.reading, list(UNITS), sort, is_up=False) for sort in ("narrow", "wide", "members")],
    "the mean of the sisters": lambda seen: [seen.reading.standings.together(key for key in seen.roll.keys if key != f"u{unit}") for unit in UNITS],
    "who needs help": lambda seen: [needs._needs(seen.reading, f"u{unit}", ()) for unit in UNITS],
    "a class of one unit": lambda seen: seen.reading.standings.spread([key for key in seen.roll.keys if key[0] == "u"], EDGES),
    "who is on a list": lambda seen: (seen.reading.standings.below(), seen.reading.standings.tallies),
    "points": lambda seen: [boxed(seen.by(SCHEME), unit) for unit in UNITS],
    "a total less what was typed": lambda seen: _grades(seen, SCHEME),
    "places, quotas and proposed grades": lambda seen: _grades(seen, PLAIN),
    "thresholds lowered and all weight on one group in a trial": lambda seen: trial(evidence(seen.roll), ALL_ON_ONE),
    "a worked example of weights": lambda seen: evidence(seen.roll).groups,
    "the table of all figures": lambda seen: list(table(seen.by(SCHEME))),
    "the file, its size and its name": lambda seen: parts(seen.made),
    "which sheets there are, and how many": lambda seen: (seen.roll.keys, [seen.roll.left_out(unit) for unit in (1, *UNITS)]),
}
# Where the numbers of units and people say nothing of what was marked.
COUNTED_ALONE = "which sheets there are, and how many"


def seen(said: Said) -> Seen:
    return Seen(town(said).publish()[0])


def last() -> Seen:
    """The round before."""
    return seen(FIRST)


def told(trap: str, said: Said) -> str:
    return repr(TRAPS[trap](seen(said)))


@pytest.mark.parametrize("trap", TRAPS)
def test_what_few_said_is_told_by_no_trap(trap: str) -> None:
    assert told(trap, FIRST) == told(trap, TWIN)


@pytest.mark.parametrize("trap", [each for each in TRAPS if each != COUNTED_ALONE])
def test_the_look_into_a_trap_sees_what_may_be_seen(trap: str) -> None:
    assert told(trap, FIRST) != told(trap, OTHER)


@pytest.mark.parametrize("trap", [each for each in TRAPS if each != COUNTED_ALONE])
def test_the_look_into_a_trap_sees_that_its_guard_is_gone(monkeypatch: pytest.MonkeyPatch, trap: str) -> None:
    """Each group of each meeting by itself, however few."""
    for module in (gatherings, test_gatherings):
        monkeypatch.setattr(module, "atoms", lambda returned: tuple(map(frozenset, zip(returned, strict=True))))
    assert told(trap, FIRST) != told(trap, TWIN)


def test_a_preview_and_its_sheets_are_those_of_any_answers() -> None:
    """Before publication nothing is told even of what will be shown."""
    assert looked_at(seen(FIRST).made) == looked_at(seen(OTHER).made)
    assert told(COUNTED_ALONE, FIRST) == told(COUNTED_ALONE, OTHER)
