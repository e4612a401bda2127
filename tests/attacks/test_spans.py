"""What can be solved for: everybody's answer is a number of its own, so every count that is shown says by itself whom it is about."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.actions import gatherings
from survey.actions.gatherings import Gathered
from survey.actions.results import atoms
from survey.domain.periods import totals
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publications import Publication
from survey.domain.results import Count
from survey.domain.roll_ups import Sum
from survey.domain.rounds import FEWEST, Scheme
from survey.domain.scheme_parts import Missing, Source
from survey.office.composites import Boxed, Why, boxed, total
from survey.office.scheme_trials import Evidence, answers_of, evidence
from survey.office.weighings import weigh
from tests.actions import test_gatherings
from tests.actions.test_gatherings import NAMES, Person, Town, meeting_of, town_of
from tests.attacks.test_traps import years

# The question for points; nobody answers the other, so that a mean is one of these numbers alone.
POINTS = "b"
WEIGHTS = (0, 10, 50, 100)


@dataclass
class Signed:
    """Rounds whose every answer is a number nobody else gave: who gave it, of how many answers each shown figure is made."""

    people: dict[int, Person] = field(default_factory=dict)
    shown: set[frozenset[int]] = field(default_factory=set)
    _next: Iterator[int] = field(default_factory=lambda: count(1))

    def sign(self, town: Town, turn: int) -> Town:
        """The round with these answers."""
        counts, home, meetings = {}, dict[str, int](), []
        for each in town.meetings:
            # Whoever was rated in two units has a key of his own for the second, as in earnest.
            called = {key: key if home.setdefault(key, unit) == unit else f"{key}.{unit}" for key, unit in each.units.items()}
            one = replace(each, units={called[key]: unit for key, unit in each.units.items()}, sections={called[key]: s for key, s in each.sections.items()})
            meetings.append(one)
            for group, n in one.returned.items():
                told = [(key, next(self._next), (turn, 100 * one.held.id + group, person)) for person in range(n) for key in one.sections]
                self.people |= {sign: who for _key, sign, who in told}
                counts[one.held.id, group] = tuple(Count(key, POINTS, sign, 1) for key, sign, _who in told)
        return replace(town, meetings=meetings, counts=counts, marks={})

    def see(self, sums: Iterable[Sum]) -> None:
        """Some sums that somebody is shown."""
        for each in sums:
            assert set(each.counts.values()) <= {1}, "nobody counts twice"
            self.shown.add(frozenset(each.counts))

    def least(self) -> int:
        """Of how many people the smallest figure is that can be had by adding and subtracting with whatever factors: answers that
        lie in the same shown sets always count alike, so every figure is about a union of classes of such answers."""
        classes: dict[tuple[bool, ...], set[Person]] = {}
        every = sorted(map(sorted, self.shown))
        sets = [frozenset(each) for each in every]
        for sign in frozenset[int]().union(*sets):
            classes.setdefault(tuple(sign in each for each in sets), set()).add(self.people[sign])
        return min(map(len, classes.values()), default=FEWEST)


def look(signed: Signed, town: Town, made: Publication) -> FrozenRoll:
    """Everything pages and files take from one round: of its meetings, units, groups, targets, of its file, and of a trial."""
    roll = FrozenRoll.of(made)
    for one in town.meetings:
        for groups in (*atoms(one.returned), *([frozenset(one.returned)] if atoms(one.returned) else ())):
            for key in one.sections:
                signed.see([Sum(0, _counted(town, one, groups, key))])
    for unit in town.above:
        for some in (roll.atoms(unit), roll.about(unit)):
            for part in (some, *roll.groups(some).values()):
                signed.see(roll.sums(part).values())
                signed.see(each for of in roll.by_target(part).values() for each in of.values())
    marks: dict[object, Sum] = {}
    for mark in made.marks:
        marks.setdefault(mark[:-2], Sum()).counts[mark.answer] += mark.ballots
    signed.see(marks.values())
    # With nothing to show there is no publication, and nothing to try rules on.
    found = evidence(roll) if made.atoms else Evidence(answers_of(()), answers_of(()), (0, 0, 0, 0))
    signed.see(each for part in found.parts.values() for each in part.values())
    signed.shown.update(frozenset(scores) for _question, scores in found.scores)
    return roll


def _counted(town: Town, one: Gathered, groups: Iterable[int], key: str) -> Counter[int]:
    return Counter({each.option: each.ballots for group in groups for each in town.counts.get((one.held.id, group), ()) if each.target == key})


def both_rounds(signed: Signed, rounds: Iterable[tuple[Town, Publication, FrozenRoll]]) -> None:
    """The half-year: of every unit with all below it and by itself, and of everybody in it."""
    every = list(rounds)
    for unit in dict.fromkeys(unit for town, _made, _roll in every for unit in town.above):
        reached = [(made, roll) for town, made, roll in every if unit in town.above]
        for sums in (
            [(made, roll.sums(roll.atoms(unit))) for made, roll in reached], [(made, roll.sums(roll.about(unit))) for made, roll in reached],
            *([(made, roll.by_target(roll.about(unit)).get(key, {})) for made, roll in reached] for key in _keys(reached, unit)),
        ):  # fmt: skip
            signed.see(each.sum for each in totals(sums).values())


def _keys(reached: Iterable[tuple[Publication, FrozenRoll]], unit: int) -> Iterable[str]:
    return dict.fromkeys(key for _made, roll in reached for key in roll.own(unit))


def seen(towns: Iterable[Town], scheme: Scheme = Scheme()) -> tuple[Signed, list[tuple[Town, Publication, FrozenRoll]]]:  # noqa: B008
    """Whatever an attacker sees who holds every page and file of every role; who sees less has fewer sets and larger classes."""
    signed, rounds = Signed(), []
    for turn, town in enumerate(towns):
        mine = signed.sign(town, turn)
        made = replace(mine.publish()[0], scheme=scheme)
        rounds.append((mine, made, look(signed, mine, made)))
    both_rounds(signed, rounds)
    return signed, rounds


@st.composite
def rules(draw: st.DrawFn) -> Scheme:
    """Weights, sources, and what those that are missing do."""
    weights = tuple((name, draw(st.sampled_from(WEIGHTS))) for name in NAMES)
    cut = draw(st.integers(0, len(NAMES)))
    sources = [Source(str(at), draw(st.sampled_from(WEIGHTS)), some) for at, some in enumerate((NAMES[:cut], NAMES[cut:])) if some]
    return Scheme(
        weights=weights if any(weight for _name, weight in weights) and draw(st.booleans()) else (), decimals=draw(st.integers(0, 2)),
        sources=(*sources, Source("办公室评", 40)), missing=draw(st.sampled_from(Missing)), trim_ends=False,
    )  # fmt: skip


@settings(max_examples=25)
@given(years())
def test_nothing_that_can_be_solved_for_of_two_rounds_is_about_fewer_than_five(both: tuple[Town, Town]) -> None:
    """Guards: what test_traps.py works out from the rules alone, here read from the very sums that pages and files are made of."""
    signed, _rounds = seen(both)
    assert signed.least() >= FEWEST


@settings(max_examples=25)
@given(years(), rules())
def test_whatever_the_rules_make_of_a_round_is_made_of_sets_that_are_shown(both: tuple[Town, Town], scheme: Scheme) -> None:
    """Weights, sources and totals say nothing that the groups beside them do not: reckoned anew from these alone, and said only
    where each of them stands by itself."""
    signed, rounds = seen(both[:1], scheme)
    _town, made, roll = rounds[0]
    for place in made.places:
        for some in (roll.atoms(place.id), roll.about(place.id)):
            groups = {names: roll.sums(part) for names, part in roll.groups(some).items()}
            for weighed in weigh(made, groups).values():
                for ask, found in weighed.items.items():
                    assert found.score == by_hand({names: each[ask] for names, each in groups.items() if ask in each}, scheme)
                    assert all(frozenset(each[ask].counts) in signed.shown for each in groups.values() if ask in each)
        for key, boxes in boxed(roll, place.id).items():
            for source in scheme.sources:
                in_box(signed, roll, key, source, boxes.get(source.name))
            merged = [each for each in scheme.sources if each.weight and boxes.get(each.name, Boxed(None)).why is Why.MERGED]
            if merged:
                assert total(scheme, boxes, {"办公室评": Fraction(80)}).score is None, "less what was typed it would be what few said"


def by_hand(groups: Mapping[tuple[str, ...], Sum], scheme: Scheme) -> Fraction | None:
    """The mean of the groups' means by weight; None where one with a weight is told with others, or is missing and must not be."""
    weights = dict(scheme.weights)
    if any(len(names) > 1 and any(weights[name] for name in names) for names in groups):
        return None
    told = {names[0]: Fraction(sum(each.counts), len(each.counts)) for names, each in groups.items() if each.counts and weights.get(names[0])}
    every = sum(weights[name] for name in told)
    if not every or (scheme.missing is Missing.WITHHOLD and any(weight and name not in told for name, weight in weights.items())):
        return None
    return sum((weights[name] * mean for name, mean in told.items()), Fraction(0)) / every


def in_box(signed: Signed, roll: FrozenRoll, key: str, source: Source, box: Boxed | None) -> None:
    """A source is a sum of groups that are shown, each wholly one of its own."""
    if box is None or box.score is None:
        return
    found = roll.groups(roll.about(roll.unit_of(key)))
    mine = {names: sums for names, some in found.items() if (sums := roll.by_target(some).get(key)) is not None and set(names) & set(source.groups)}
    assert all(set(names) <= set(source.groups) for names in mine)
    sets = [frozenset(each.counts) for sums in mine.values() for each in sums.values() if each.counts]
    assert all(each in signed.shown for each in sets) and box.n == sum(map(len, sets))
    if not roll.made.scheme.weights or len(source.groups) == 1:
        assert box.score == Fraction(sum(map(sum, sets)), box.n)


def test_a_trial_of_weights_takes_no_unit_whose_groups_are_told_only_together() -> None:
    """Guards: scheme_trials._groups; with all the weight on one group of two the trial would say what these two said."""
    mixed, alone = meeting_of(1, 2, {"u2": "u0"}, [9, 2]), meeting_of(2, 3, {"u3": "u0"}, [6, 7])
    more = replace(meeting_of(3, 2, {"u2": "u0"}, [6, 7]), names=dict(enumerate(NAMES[1:])))
    found = evidence(FrozenRoll.of(town_of(mixed, alone).publish()[0]))
    assert [set(each) for each in found.groups] == [set(NAMES[:2])]
    assert evidence(FrozenRoll.of(town_of(mixed, more).publish()[0])).groups == ()


@pytest.mark.parametrize("parts", [lambda returned: tuple(map(frozenset, zip(returned))), lambda returned: (frozenset(returned),)])
def test_a_guard_that_is_gone_is_seen(monkeypatch: pytest.MonkeyPatch, parts: Callable[[Mapping[int, int]], tuple[frozenset[int], ...]]) -> None:
    """A group of two by itself; a meeting of three by itself."""
    towns = [town_of(meeting_of(1, 2, {"u2": "u0"}, [9, 2]), meeting_of(2, 3, {"u3": "u0"}, [3]))] * 2
    assert seen(towns)[0].least() >= FEWEST
    for module in (gatherings, test_gatherings):
        monkeypatch.setattr(module, "atoms", parts)
    assert seen(towns)[0].least() < FEWEST
