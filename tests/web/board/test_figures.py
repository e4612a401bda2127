"""Figures from counts: known answers, thresholds in whole numbers, several scales together, scores and choices."""

from decimal import Decimal

import pytest

from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import Audience, Kind, Option, Question, Role, Scale, Section
from survey.domain.results import Count
from survey.domain.rounds import Base, Scheme
from survey.office.figures import Verdict, verdict
from survey.web.board.figures import Rate, Sheet, heat, heat_edges, rate, sheets

FOUR = Scale("four", "满意度", tuple(
    Option(code, label, role, points)
    for code, (label, role, points) in enumerate(
        (("满意", Role.SATISFIED, 100), ("基本满意", Role.BASIC, 80), ("不满意", Role.UNSATISFIED, 0), ("不了解", Role.UNKNOWN, None))
    )
))
FIVE = Scale("five", "五级", tuple(
    Option(code, label, role, points)
    for code, (label, role, points) in enumerate(
        (("很满意", Role.SATISFIED, 100), ("满意", Role.SATISFIED, 80), ("一般", Role.BASIC, 60), ("不太满意", Role.UNSATISFIED, 30),
         ("很不满意", Role.UNSATISFIED, 0))
    )
))


def four(*counts: int, scheme: Scheme = Scheme(), ballots: int = 0) -> Rate:  # noqa: B008
    """A question on the scale of four, marked so often."""
    return rate(dict(enumerate(counts)), FOUR, ballots=ballots or sum(counts), scheme=scheme)


def sheet(questions: tuple[Question, ...], counts: tuple[Count, ...], *, ballots: int) -> Sheet:
    """The figures of one branch asked these questions."""
    section = Section("s", "支部", Audience.UNIT, questions)
    target = Target("u1", Audience.UNIT, "一支部", "", "s")
    paper = Paper(1, 1, "会", "群众", "卷", "0", (target,), (section,), (FOUR, FIVE), False)
    return sheets(paper, counts, ballots=ballots, scheme=Scheme())[0]


def test_the_known_answer_of_141_ballots() -> None:
    # 134/141 = 95.0354…, (134 + 4)/141 = 97.8723…
    found = four(134, 4, 3, 0)
    assert (found.narrow, found.wide, found.valid) == ("95.04", "97.87", 141)
    assert [segment.width for segment in found.segments] == [Decimal(width) for width in ("95.04", "2.84", "2.13", "0")]


def test_those_who_do_not_know_stay_in_the_base_or_out_of_it_as_the_scheme_says() -> None:
    # 6 of 10, or 6 of the 8 who know.
    assert (four(6, 1, 1, 2).narrow, four(6, 1, 1, 2, scheme=Scheme(base=Base.KNOWN)).narrow) == ("60.00", "75.00")


def test_nobody_answered_is_a_dash_and_no_verdict() -> None:
    found = four(0, 0, 0, 0, ballots=7)
    assert (found.narrow, found.wide, found.valid, found.figures.blank) == ("–", "–", 0, 7)
    assert verdict(found, Scheme()) is None and heat(found, Scheme()) == 0


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ((8, 0, 2, 0), Verdict.SATISFIED),  # 80 % exactly
        ((79, 21, 0, 0), Verdict.BASIC),
        ((7999, 0, 2001, 0), Verdict.BASIC),  # 79.99 %
        ((79999, 0, 20001, 0), Verdict.BASIC),  # prints 80.00, is less
        ((3, 3, 4, 0), Verdict.BASIC),  # wide 60 % exactly
        ((3, 2, 4, 1), Verdict.BELOW),
    ],
)
def test_thresholds_are_compared_in_whole_numbers(counts: tuple[int, ...], wanted: Verdict) -> None:
    assert verdict(four(*counts), Scheme()) is wanted


def test_a_threshold_no_float_can_hold_is_met_exactly() -> None:
    # 0.285 as a float is a little less than 0.285, and 57/200 is 0.285.
    assert verdict(four(57, 0, 143, 0), Scheme(satisfied_at=0.285)) is Verdict.SATISFIED
    assert verdict(four(7, 0, 3, 0), Scheme(satisfied_at=0.7)) is Verdict.SATISFIED


def test_the_heat_map_has_paper_at_the_threshold() -> None:
    scheme = Scheme(satisfied_at=0.85)
    assert heat_edges(scheme) == ("75", "85", "90", "95")
    shares = (74, 75, 84, 85, 89, 90, 94, 95, 100)
    assert [heat(four(share, 0, 100 - share, 0), scheme) for share in shares] == [1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert heat_edges(Scheme(satisfied_at=0.95)) == ("85", "95", "100")


def test_questions_of_one_scale_are_pooled_by_answer() -> None:
    asked = (Question("a", Kind.RATING, "甲", "four"), Question("b", Kind.RATING, "乙", "four"))
    counts = (Count("u1", "a", 0, 3), Count("u1", "a", 0, 2), Count("u1", "b", 1, 4), Count("u1", "b", 3, 1))
    whole = sheet(asked, counts, ballots=6).whole
    # 5 of 10 满意, 4 基本满意; the same code of two groups is added up; 1 + 1 blank.
    assert whole is not None and not whole.is_by_role
    assert (whole.narrow, whole.wide, whole.valid, whole.figures.blank) == ("50.00", "90.00", 10, 2)
    assert whole.said == "满意 5，基本满意 4，不满意 0，不了解 1"


def test_questions_of_several_scales_are_pooled_by_role() -> None:
    asked = (Question("a", Kind.RATING, "甲", "four"), Question("b", Kind.RATING, "乙", "five"))
    counts = (Count("u1", "a", 0, 3), Count("u1", "a", 3, 2), Count("u1", "b", 0, 1), Count("u1", "b", 1, 2), Count("u1", "b", 4, 2))
    found = sheet(asked, counts, ballots=5)
    # 3 + (1 + 2) of 10 满意 = 60.
    assert found.whole is not None and found.whole.is_by_role
    assert (found.whole.narrow, found.whole.wide, found.whole.valid) == ("60.00", "60.00", 10)
    assert found.whole.said == "满意 6，基本满意 0，不满意 2，不了解 2"
    assert [segment.css for segment in found.rated[1][1].segments] == [
        "satisfied", "satisfied-2", "basic", "unsatisfied-2", "unsatisfied",
    ]


def test_a_score_is_a_mean_of_those_who_gave_one() -> None:
    asked = (Question("a", Kind.SCORE, "打分"),)
    counts = (Count("u1", "a", 90, 2), Count("u1", "a", 85, 1))
    item = sheet(asked, counts, ballots=5).items[0]
    # (90 + 90 + 85) / 3 = 88.333…
    assert (item.mean, item.n, item.blank) == ("88.33", 3, 2)
    assert sheet(asked, (), ballots=5).items[0].mean == "–"


def test_an_answer_earns_what_the_scheme_says_of_it() -> None:
    # 100 × 134 + 80 × 4 = 13,720 / 141; with 60 for the second and 10 for the last 13,400 + 240 + 30 = 13,670 / 141.
    assert four(134, 4, 3, 0).score == "97.30"
    other = Scheme(points=(("four", 1, 60.0), ("four", 2, 10.0), ("five", 0, 1.0)))
    found = four(134, 4, 3, 0, scheme=other)
    assert (found.score, found.narrow, found.wide) == ("96.95", "95.04", "97.87")


def test_choices_are_counted_per_candidate_against_the_ballots_returned() -> None:
    asked = (Question("a", Kind.CHOICE, "推荐", candidates=("张三", "李四", "王五"), choose=2),)
    counts = (Count("u1", "a", 0, 5), Count("u1", "a", 2, 2))
    found = sheet(asked, counts, ballots=6)
    # 5/6 = 83.333…, 2/6 = 33.333…
    assert [(c.label, c.ballots, c.share) for c in found.items[0].choices] == [("张三", 5, "83.33"), ("李四", 0, "0.00"), ("王五", 2, "33.33")]
    assert found.whole is None and found.verdict is None
