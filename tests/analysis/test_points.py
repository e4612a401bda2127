"""Points that people gave: one highest and one lowest are dropped of six, not of five."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.points import points, pooled


def test_six_drop_their_ends_and_five_do_not() -> None:
    # 60 + 80 × 4 + 100 = 480: without its ends 320 / 4; of five 60 + 80 × 3 + 100 = 400 / 5.
    assert points({60: 1, 80: 4, 100: 1}, ends=True).mean == 80
    assert points({50: 1, 80: 4, 100: 1}, ends=False).mean == Fraction(470, 6)
    five = points({50: 1, 80: 3, 100: 1}, ends=True)
    assert (five.mean, five.is_trimmed, five.used) == (Fraction(390, 5), False, 5)
    six = points({50: 1, 80: 4, 100: 1}, ends=True)
    assert (six.mean, six.is_trimmed, six.n, six.used) == (80, True, 6, 4)


def test_of_several_highest_only_one_is_dropped_and_equal_points_stay_what_they_are() -> None:
    # 90 × 3 + 70 × 4 = 550; without one 90 and one 70: 390 / 5.
    assert points({90: 3, 70: 4}, ends=True).mean == 78
    assert points({88: 7}, ends=True).mean == 88
    assert points({}, ends=True).mean is None and points({90: 0}).n == 0


def test_several_questions_drop_their_own_ends() -> None:
    # 320 / 4 and 390 / 5 (only five): 710 / 9.
    both = pooled([points({60: 1, 80: 4, 100: 1}, ends=True), points({50: 1, 80: 3, 100: 1}, ends=True)])
    assert (both.mean, both.n, both.used) == (Fraction(710, 9), 11, 9)


def test_a_count_below_nought_is_refused() -> None:
    with pytest.raises(ValueError, match="whole ballots"):
        points({90: -1})


@given(st.lists(st.integers(0, 100), max_size=40))
def test_it_is_the_mean_of_the_sorted_points_without_their_ends(given_: list[int]) -> None:
    left = sorted(given_)[1:-1] if len(given_) > 5 else given_
    counts = {each: given_.count(each) for each in given_}
    assert points(counts, ends=True).mean == (Fraction(sum(left), len(left)) if left else None)
