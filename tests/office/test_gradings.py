"""What units and members come to where the rules have no sources: their points, each group by its weight."""

from dataclasses import replace
from decimal import Decimal

from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Missing
from survey.office.gradings import graded
from tests.office.test_composites import MASSES, PARTY, Marked, made

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
