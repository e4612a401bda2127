"""What stands out of a unit, by hand arithmetic: the edges of the rule that pages and files share."""

from fractions import Fraction

import pytest

from analysis.standouts import Sure, divided, sure, weak


@pytest.mark.parametrize(
    ("questions", "found"),
    [
        # Of 20 others 16 are 80 %: 12 of 20 lie exactly 20 points below, and chance reaches up to 78.1 % (Wilson).
        ([(12, 20), (16, 20)], (0,)),
        # 61 % is not 20 points below 80 %.
        ([(61, 100), (80, 100)], ()),
        # 1 of 5 is 60 points below, and its interval ends at 62.4 %.
        ([(1, 5), (4, 5)], (0,)),
        # 2 of 5 is 40 points below, and its interval ends at 76.9 %, below 80 % but not below 76 %.
        ([(2, 5), (4, 5)], (0,)), ([(2, 5), (19, 25)], ()),
        # Two of four; the others of each hold the other one.
        ([(0, 20), (20, 20), (20, 20), (0, 20)], (0, 3)),
        ([(5, 20), (0, 0)], ()), ([(5, 20)], ()), ([], ()),
    ],
)  # fmt: skip
def test_a_question_is_weak_far_below_its_others_by_more_than_chance(questions: list[tuple[int, int]], found: tuple[int, ...]) -> None:
    assert weak(questions) == found


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ([(17, 20), (20, 20)], (0, 1)), ([(171, 200), (200, 200)], None), ([(20, 20), (0, 0), (10, 20), (12, 20)], (2, 0)), ([(5, 20)], None), ([], None),
    ],
)  # fmt: skip
def test_groups_are_of_two_minds_from_fifteen_points_on(groups: list[tuple[int, int]], found: tuple[int, int] | None) -> None:
    assert divided(groups) == found


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        # 12 of 20 are 60 %, and chance reaches up to 78.1 % (Wilson); 13 of 20 are 65 %, and it reaches up to 81.9 %.
        ((12, 20), None, Sure.CLEAR), ((13, 20), None, Sure.OPEN), ((13, 20), (15, 20), Sure.TWICE), ((13, 20), (16, 20), Sure.OPEN), ((13, 20), (0, 0), Sure.OPEN),
        ((16, 20), (0, 20), Sure.REACHED), ((0, 0), None, Sure.REACHED),
    ],
)  # fmt: skip
def test_a_question_is_surely_below_the_line_by_its_interval_or_in_two_rounds(now: tuple[int, int], before: tuple[int, int] | None, found: Sure) -> None:
    assert sure(now, before, Fraction(80, 100)) is found
