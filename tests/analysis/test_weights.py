"""Weighted groups: known answers, and the laws that effective weights obey."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.satisfaction import Figures, Level, Role, Scale, figures
from analysis.weights import effective, far_apart, nominal, weighted

SCALE = Scale((
    Level("0", "满意", Role.SATISFIED, Decimal(100)),
    Level("1", "基本满意", Role.BASIC, Decimal(60)),
    Level("2", "不满意", Role.UNSATISFIED, Decimal(0)),
    Level("3", "不了解", Role.UNKNOWN),
))  # fmt: skip


def marked(*counts: int) -> Figures:
    return figures({str(code): n for code, n in enumerate(counts)}, scale=SCALE)


def test_a_small_group_of_great_weight_weighs_what_was_set() -> None:
    found = weighted({"群众代表": marked(30, 6, 4, 0), "领导": marked(2, 2, 1, 0)}, {"群众代表": 40, "领导": 60})
    assert found.narrow == Fraction(40, 100) * Fraction(30, 40) + Fraction(60, 100) * Fraction(2, 5)
    assert found.wide == Fraction(40, 100) * Fraction(36, 40) + Fraction(60, 100) * Fraction(4, 5)
    assert found.score == Fraction(40, 100) * Fraction(30 * 100 + 6 * 60, 40) + Fraction(60, 100) * Fraction(200 + 120, 5)
    assert found.missing == ()


def test_the_weight_of_a_group_without_an_answer_is_shared_among_the_others() -> None:
    groups = {"甲": marked(5, 5, 0, 0), "乙": marked(8, 0, 2, 0), "丙": marked(0, 0, 0, 0)}
    found = weighted(groups, {"甲": 20, "乙": 30, "丙": 50, "丁": 10})
    assert found.narrow == Fraction(2, 5) * Fraction(1, 2) + Fraction(3, 5) * Fraction(4, 5)
    assert found.missing == ("丙", "丁")
    assert weighted({"丙": groups["丙"]}, {"丙": 50}).narrow is None


def test_a_group_that_does_not_know_has_a_rate_and_no_points() -> None:
    found = weighted({"甲": marked(0, 0, 0, 6), "乙": marked(6, 0, 0, 0)}, {"甲": 50, "乙": 50})
    assert (found.narrow, found.score) == (Fraction(1, 2), 100)


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 4), min_size=1, max_size=4), st.integers(1, 9))
def test_equal_groups_of_equal_size_weigh_like_all_together(counts: list[tuple[int, ...]], weight: int) -> None:
    size = max(sum(each) for each in counts) or 1
    groups = {str(at): marked(*each[:3], size - sum(each[:3])) for at, each in enumerate(counts) if sum(each[:3]) <= size}
    found = weighted(groups, dict.fromkeys(groups, weight))
    together = marked(*(sum(group.counts[str(code)] for group in groups.values()) for code in range(4)))
    assert found.narrow == Fraction(together.satisfied, together.valid)


rates = st.lists(st.lists(st.fractions(0, 1, max_denominator=30), min_size=3, max_size=3), min_size=2, max_size=8)


@given(rates, st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_effective_weights_sum_to_one_and_equal_the_covariances(table: list[list[Fraction]], weights: list[int]) -> None:
    found = effective(table, weights)
    x = np.array(table, dtype=float)
    whole = x @ np.array(weights, dtype=float)
    if found is None:
        assert np.allclose(whole, whole[0])
        return
    assert sum(found) == 1
    if whole.var() > 1e-9:
        covariances = [np.cov(x[:, at], whole, bias=True)[0, 1] for at in range(3)]
        assert np.allclose([float(each) for each in found], np.array(weights) * covariances / whole.var())


def test_a_group_that_rates_everybody_alike_moves_nobody() -> None:
    table = [[Fraction(9, 10), Fraction(n, 10)] for n in range(5)]
    assert effective(table, [80, 20]) == (0, 1)
    assert effective(table[:1], [80, 20]) is None


def test_nominal_weights_are_shares() -> None:
    assert nominal({"甲": 30, "乙": 60}) == {"甲": Fraction(1, 3), "乙": Fraction(2, 3)}
    assert nominal({"甲": 0}) == {} == nominal({})


def test_an_effect_more_than_ten_points_from_the_weight_is_far() -> None:
    named = {"领导": Fraction(6, 10), "群众": Fraction(4, 10), "党员": Fraction(0)}
    assert far_apart(named, {"领导": Fraction(1, 10), "群众": Fraction(9, 10)}) == ("领导", "群众")
    # Ten points are not more than ten.
    assert far_apart(named, {"领导": Fraction(1, 2), "群众": Fraction(1, 2)}) == ()
