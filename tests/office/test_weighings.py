"""Weighted figures above a meeting: by hand, and never where a group is shown with another."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from analysis.weights import Weighted
from survey.domain.publications import Form, Publication
from survey.domain.questionnaires import Audience, Kind, Option, Question, Role, Scale, Section
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Missing
from survey.office.weighings import Weighed, weigh

FOUR = Scale("four", "满意度", (Option(0, "满意", Role.SATISFIED, 100), Option(1, "基本满意", Role.BASIC, 60), Option(2, "不满意", Role.UNSATISFIED, 0)))
FORM = Form("评议", (Section("s", "支部", Audience.UNIT, (Question("a", Kind.RATING, "班子", "four"), Question("c", Kind.SCORE, "打分"))),), (FOUR,))
RATING, POINTS = Ask(Audience.UNIT, 1, "s", "a"), Ask(Audience.UNIT, 1, "s", "c")
WEIGHTS = (("群众", 30), ("党员", 70))
Marks = dict[int, int]


def made(scheme: Scheme) -> Publication:
    return Publication(1, "评议", "2026Q3", "1", scheme, (), {1: FORM}, (), (), {}, {}, (), ())


def said(ballots: int, ratings: Marks, points: Marks) -> dict[Ask, Sum]:
    return {RATING: Sum(ballots, Counter(ratings)), POINTS: Sum(ballots, Counter(points))}


MASSES = said(16, {0: 12, 2: 4}, {90: 8, 70: 8})
PARTY = said(6, {0: 1, 1: 1, 2: 4}, {60: 1, 80: 4, 100: 1})
SCHEME = Scheme(weights=WEIGHTS, trim_ends=True)


def test_each_group_counts_by_its_weight_whatever_its_size() -> None:
    found = weigh(made(SCHEME), {("群众",): MASSES, ("党员",): PARTY})[Audience.UNIT]
    # 0.3 × 12/16 + 0.7 × 1/6 and 0.3 × 12/16 + 0.7 × 2/6; points 0.3 × 75 + 0.7 × 160/6.
    narrow, wide = Fraction(3, 10) * Fraction(3, 4) + Fraction(7, 60), Fraction(3, 10) * Fraction(3, 4) + Fraction(7, 30)
    score = Fraction(3, 10) * 75 + Fraction(7, 10) * Fraction(160, 6)
    assert found.whole == Weighted(narrow, wide, score, ()) == found.items[RATING]
    # Scores without their ends: (720 + 560 − 90 − 70) / 14 = 80 and 320 / 4 = 80.
    assert found.items[POINTS] == Weighted(None, None, Fraction(80), ())
    assert weigh(made(Scheme()), {("群众",): MASSES}) == {}


@pytest.mark.parametrize("groups", [
    {("群众", "党员"): MASSES},
    {("群众",): MASSES, ("群众", "党员"): PARTY},
    # Merged before some of the meetings opened: what the party members among these said is not told.
    {("群众",): MASSES, ("群众 + 党员",): PARTY},
])  # fmt: skip
def test_nothing_is_said_where_a_group_is_shown_with_another(groups: dict[tuple[str, ...], dict[Ask, Sum]]) -> None:
    found = weigh(made(SCHEME), groups)[Audience.UNIT]
    assert (found.whole, found.items) == (None, {}) and "群众" in found.merged


def test_groups_without_a_weight_may_be_shown_as_they_like() -> None:
    scheme = replace(SCHEME, weights=(*WEIGHTS, ("路人", 0), ("来客", 0)))
    found = weigh(made(scheme), {("群众",): MASSES, ("党员",): PARTY, ("路人", "来客"): MASSES})[Audience.UNIT]
    assert found.whole == weigh(made(SCHEME), {("群众",): MASSES, ("党员",): PARTY})[Audience.UNIT].whole


def test_a_group_that_was_nowhere_shares_its_weight_or_withholds_the_figures() -> None:
    shared = weigh(made(SCHEME), {("群众",): MASSES})[Audience.UNIT]
    assert shared.whole == Weighted(Fraction(3, 4), Fraction(3, 4), Fraction(75), ("党员",))
    withheld = weigh(made(replace(SCHEME, missing=Missing.WITHHOLD)), {("群众",): MASSES})[Audience.UNIT]
    assert withheld.whole == Weighted(None, None, None, ("党员",)) == withheld.items[RATING] == withheld.items[POINTS]
    together = weigh(made(SCHEME), {("群众 + 党员",): PARTY})[Audience.UNIT]
    assert together.whole is not None and (together.whole.narrow, together.whole.missing) == (Fraction(1, 6), ())
    assert weigh(made(SCHEME), {}) == {} and Weighed().merged == ()
