"""Figures of a round from its sums: known answers, questions of several scales together, points."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from survey.domain.publications import Form, Publication
from survey.domain.questionnaires import Audience, Kind, Option, Question, Role, Scale, Section
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Base, Scheme
from survey.office.figures import Verdict, reckon, verdict

FOUR = Scale(
    "four", "满意度", (Option(0, "满意", Role.SATISFIED, 100), Option(1, "基本满意", Role.BASIC, 80), Option(2, "不满意", Role.UNSATISFIED, 0), Option(3, "不了解", Role.UNKNOWN))
)
YES = Scale("yes", "是否", (Option(0, "是", Role.SATISFIED, 90), Option(1, "否", Role.UNSATISFIED, 0), Option(2, "弃权", Role.ABSTAIN)))
ASKED = (
    Question("a", Kind.RATING, "班子", "four"), Question("b", Kind.RATING, "队伍", "four"), Question("c", Kind.SCORE, "打分"),
)  # fmt: skip
FORMS = {
    1: Form("支部卷", (Section("s", "支部", Audience.UNIT, ASKED),), (FOUR, YES)),
    2: Form("党员卷", (Section("m", "党员", Audience.MEMBER, (Question("a", Kind.RATING, "带头", "four"), Question("d", Kind.RATING, "愿意", "yes"))),), (FOUR, YES)),
}
BRANCH = {
    Ask(Audience.UNIT, 1, "s", "a"): Sum(150, Counter({0: 134, 1: 4, 2: 3})),
    Ask(Audience.UNIT, 1, "s", "b"): Sum(150, Counter({0: 10, 3: 140})),
    Ask(Audience.UNIT, 1, "s", "c"): Sum(150, Counter({90: 2, 95: 1})),
}
MEMBERS = {
    Ask(Audience.MEMBER, 2, "m", "d"): Sum(20, Counter({0: 6, 1: 2, 2: 4})),
    Ask(Audience.MEMBER, 2, "m", "a"): Sum(20, Counter({0: 3, 1: 5})),
}


def round_of(scheme: Scheme) -> Publication:
    return Publication(1, "评议", "2026Q3", "1", scheme, (), FORMS, (), (), {}, {}, (), ())


def test_each_question_and_all_ratings_of_a_branch_together() -> None:
    found = reckon(round_of(Scheme()), BRANCH)
    assert list(found) == [Audience.UNIT]
    one, other, points = found[Audience.UNIT].items
    assert one.rated and other.rated and found[Audience.UNIT].rated
    # 134/141 and 138/141; nine of 150 left it open.
    assert (one.rated.figures.narrow, one.rated.figures.wide) == (134 / 141, 138 / 141) and (one.n, one.blank) == (141, 9)
    whole = found[Audience.UNIT].rated.figures
    assert (whole.satisfied, whole.valid, whole.blank, found[Audience.UNIT].slots) == (144, 291, 9, 300)
    # 100 for 144, 80 for 4, of the 151 who know.
    assert (whole.earned, whole.known) == (Fraction(144 * 100 + 4 * 80), 151)
    # Points are no part of the ratings: (90 + 90 + 95) / 3 = 91.666…
    assert (points.rated, points.mean, points.n, points.blank) == (None, Decimal("91.67"), 3, 147)


def test_who_does_not_know_leaves_the_base_where_the_scheme_says_so() -> None:
    whole = reckon(round_of(Scheme(base=Base.KNOWN)), BRANCH)[Audience.UNIT].rated
    assert whole is not None and (whole.figures.satisfied, whole.valid) == (144, 151)


def test_questions_with_several_scales_are_pooled_by_role_in_the_order_of_the_form() -> None:
    found = reckon(round_of(Scheme()), MEMBERS)[Audience.MEMBER]
    assert [item.ask.question for item in found.items] == ["a", "d"] and found.rated is not None
    whole = found.rated.figures
    # To abstain is no valid answer; two scales have no score in common.
    assert (whole.satisfied, whole.basic, whole.valid, whole.blank, whole.earned) == (9, 5, 16, 20, None)
    assert whole.counts == {"satisfied": 9, "basic": 5, "unsatisfied": 2, "unknown": 0, "abstain": 4}


def test_nothing_asked_is_left_out_and_nothing_answered_has_no_verdict() -> None:
    made = round_of(Scheme())
    assert reckon(made, {}) == {}
    silent = reckon(made, {ask: Sum(7) for ask in BRANCH})[Audience.UNIT]
    assert silent.rated is not None and verdict(silent.rated, made.scheme) is None
    assert (silent.items[2].mean, silent.rated.figures.narrow, silent.rated.figures.blank) == (None, None, 14)


@pytest.mark.parametrize(("satisfied", "wanted"), [(0.9, Verdict.BASIC), (0.5625, Verdict.SATISFIED), (0.5626, Verdict.BASIC)])
def test_a_verdict_compares_whole_numbers(satisfied: float, wanted: Verdict) -> None:
    scheme = Scheme(satisfied_at=satisfied, basic_at=0.875)
    # 9/16 = 0.5625, 14/16 = 0.875.
    assert verdict(reckon(round_of(scheme), MEMBERS)[Audience.MEMBER].rated, scheme) is wanted
