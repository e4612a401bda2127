"""What units and members come to where the rules have no sources: their points, each group by its weight."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from survey.actions.house import House
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Missing
from survey.office.gradings import Typed, graded, limit, members
from tests.conftest import on_sqlite
from tests.office.test_composites import MASSES, PARTY, Marked, made
from tests.townships_for_tests import GROUPS, Township, published
from tests.web.desk.test_grades import POINTS, exact, printed

WEIGHED = Scheme(weights=(("群众", 70), ("党员", 30)))


def score(scheme: Scheme, *groups: Marked) -> Decimal | None:
    return graded(made(scheme, *groups), ["m7"])[0].score


def test_groups_count_by_their_weights_and_one_that_was_not_there_shares_its_own_or_withholds_the_score() -> None:
    # 650 / 8 = 81.25 and 1060 / 12 = 88.33…: 56.875 + 26.5 = 83.375.
    assert score(WEIGHED, MASSES, PARTY) == Decimal("83.38")
    # All answers alike: 1710 / 20.
    assert score(Scheme(), MASSES, PARTY) == Decimal("85.50")
    assert score(WEIGHED, PARTY) == Decimal("88.33")
    assert score(replace(WEIGHED, missing=Missing.WITHHOLD), PARTY) is None
    assert score(replace(WEIGHED, missing=Missing.WITHHOLD), MASSES, PARTY) == Decimal("83.38")


def test_groups_that_are_not_told_apart_everywhere_have_no_weighted_score() -> None:
    joined: Marked = (("群众", "党员"), 9, {0: 9}, {})
    before: Marked = (("群众 + 党员",), 9, {0: 9}, {})
    assert score(WEIGHED, joined) is None and score(WEIGHED, PARTY, before) is None
    assert score(WEIGHED, before) == 100


@pytest.fixture
def town(house: House) -> Township:
    return published(house)


def roll(town: Township, scheme: Scheme) -> FrozenRoll:
    """The round as it stands, read by other rules."""
    return FrozenRoll.of(replace(town.look_back(), scheme=scheme))


@on_sqlite
def test_places_quota_weights_and_units_below_are_as_by_hand(town: Township) -> None:
    first, third = town.branches[0], town.branches[3]
    league = roll(town, Scheme(league=True, grades=(("优", 60.0), ("中", 0.0)), quota=(1, 3)))
    keys = members(league, third.unit)
    scores = {key: exact(third, key) for key in keys}
    some = graded(league, keys)
    order = sorted(scores.values(), reverse=True)
    assert {each.key: each.rank for each in some} == {key: order.index(score) + 1 for key, score in scores.items()}
    assert {each.key: f"{each.score}" for each in some} == {key: printed(score) for key, score in scores.items()}
    bound = limit(league.made.scheme, third.unit, some)
    reached = [key for key, score in scores.items() if score >= 60]
    assert bound is not None and (bound[0].of, bound[0].most) == (3, 1) and sorted(bound[1].reached) == sorted(reached)
    # Groups 1 to 3: six and seven came back, each is shown by itself; nine and two are shown together.
    weighted = roll(town, Scheme(weights=((GROUPS[0], 1), (GROUPS[1], 3))))
    means = []
    for name in GROUPS:
        counted = {answer: sum(n for (key, _q, a), n in first.marks[name].items() if key == f"u{first.unit}" and a == answer) for answer in POINTS}
        means.append(Fraction(sum(POINTS[a] * n for a, n in counted.items()), sum(counted.values())))
    apart, joined = graded(weighted, [f"u{first.unit}", f"u{third.unit}"])
    assert f"{apart.score}" == printed((means[0] + 3 * means[1]) / 4) and joined.score is None
    # A head that was not rated itself has the mean of the units below it; with bonus points of one of them.
    tree = roll(town, Scheme(below=30, bonus=10))
    own = f"u{first.unit}"
    (one,) = graded(tree, [own], Typed(bonuses={own: Fraction(4)}))
    assert f"{one.score}" == printed(exact(first, own) + 4), "it has none below it and stands for itself"
