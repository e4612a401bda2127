"""Known answers of the arithmetic, and the laws every figure keeps."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.satisfaction import Base, Level, Role, Scale, figures, half_up, mean, percent, pooled, wilson


def four(*, base: Base = Base.VALID, points: tuple[int, int, int, int] | None = None) -> Scale:
    each = [None] * 4 if points is None else [Decimal(p) for p in points]
    return Scale((Level("a", "满意", Role.SATISFIED, each[0]), Level("b", "基本满意", Role.BASIC, each[1]),
                  Level("c", "不满意", Role.UNSATISFIED, each[2]),
                  Level("d", "不了解", Role.UNKNOWN, each[3])), base)


def test_141_ballots_print_the_shares_of_the_published_table() -> None:
    assert [str(percent(n, 141)) for n in (134, 4, 3, 0)] == ["95.04", "2.84", "2.13", "0.00"]
    found = figures({"a": 134, "b": 4, "c": 3}, scale=four())
    assert str(percent(found.satisfied + found.basic, found.valid)) == "97.87"


def test_165_ballots_earn_73_76_points_and_are_47_27_per_cent_satisfied() -> None:
    levels = tuple(Level(c, c, r, Decimal(p)) for c, r, p in (
        ("1", Role.SATISFIED, 100), ("2", Role.SATISFIED, 90), ("3", Role.BASIC, 70), ("4", Role.UNSATISFIED, 50)))
    found = figures({"1": 76, "2": 2, "3": 2, "4": 85}, scale=Scale(levels))
    assert found.earned is not None
    assert str(mean(found.earned, found.known)) == "73.76"
    assert str(percent(found.satisfied, found.valid)) == "47.27"
    assert str(percent(found.satisfied + found.basic, found.valid)) == "48.48"


def test_halves_are_rounded_up_where_floats_would_not() -> None:
    assert str(percent(57, 20_000, 2)) == "0.29"  # 0.285 per cent, a float just below it
    assert str(percent(1, 8, 0)) == "13"
    assert percent(0, 0) is None


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.integers(0, 6))
def test_rounding_is_half_up_of_the_exact_fraction(numerator: int, denominator: int, decimals: int) -> None:
    exact = Fraction(numerator, denominator) * 10**decimals
    assert half_up(numerator, denominator, decimals) == int(exact + Fraction(1, 2))


def test_the_interval_is_the_one_in_print() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I: 81/263, 15/148, 0/20, 1/29 by the score method.
    for hits, valid, low, high in ((81, 263, .2553, .3662), (15, 148, .0624, .1605), (0, 20, 0, .1611), (1, 29, .0061, .1718)):
        found = wilson(hits, valid)
        assert (round(float(found[0]), 4), round(float(found[1]), 4)) == (low, high)


def test_do_not_know_is_in_the_base_unless_it_is_known() -> None:
    counts = {"a": 6, "b": 2, "c": 2, "d": 10}
    assert figures(counts, scale=four()).narrow == 0.3
    known = figures(counts, scale=four(base=Base.KNOWN))
    assert (known.valid, known.narrow, known.wide, known.exact) == (10, 0.6, 0.8, Fraction(3, 5))


def test_the_score_is_the_mean_over_known_answers_whatever_the_base() -> None:
    counts = {"a": 1, "b": 1, "c": 0, "d": 98}
    assert [figures(counts, scale=four(base=base, points=(100, 60, 0, 0))).score for base in Base] == [80.0, 80.0]


def test_nothing_counted_is_none_and_never_zero() -> None:
    found = figures({}, scale=four(points=(100, 60, 0, 0)), blank=3)
    assert (found.narrow, found.exact, found.wide, found.low, found.high, found.score, found.blank) == (None,) * 6 + (3,)


def test_a_code_outside_the_scale_or_a_negative_count_is_refused() -> None:
    for counts in ({"x": 1}, {"a": -1}):
        with pytest.raises(ValueError, match="whole ballots"):
            figures(counts, scale=four())


@given(st.lists(st.tuples(*[st.integers(0, 500)] * 4), min_size=1, max_size=6))
def test_pooling_adds_whole_counts_and_gives_no_interval(parts: list[tuple[int, int, int, int]]) -> None:
    scale = four(points=(100, 60, 0, 0))
    each = [figures(dict(zip("abcd", part, strict=True)), scale=scale) for part in parts]
    whole = pooled(each)
    straight = figures({c: sum(p[i] for p in parts) for i, c in enumerate("abcd")}, scale=scale)
    assert (whole.narrow, whole.wide, whole.score) == (straight.narrow, straight.wide, straight.score)
    assert whole.low is None
    assert whole.high is None


def test_to_abstain_is_counted_but_is_no_answer_in_either_base() -> None:
    levels = (
        Level("0", "满意", Role.SATISFIED, Decimal(100)), Level("1", "不满意", Role.UNSATISFIED, Decimal(0)),
        Level("2", "不了解", Role.UNKNOWN), Level("3", "弃权", Role.ABSTAIN),
    )  # fmt: skip
    for base, valid in ((Base.VALID, 8), (Base.KNOWN, 6)):
        found = figures({"0": 4, "1": 2, "2": 2, "3": 5}, scale=Scale(levels, base), blank=1)
        assert (found.valid, found.blank, found.counts["3"], found.known) == (valid, 1, 5, 6)
        assert found.narrow == 4 / valid and found.score == 400 / 6
