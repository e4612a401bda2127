"""Numbers: mean, median and quartiles from counts, and what is not said of few."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.spreads import FEWEST_FOR_QUARTILES, spread


def test_the_figures_of_a_few_numbers_by_hand() -> None:
    # 1 2 2 3 10: sum 18, the middle one is 2.
    found = spread({1: 1, 2: 2, 3: 1, 10: 1})
    assert (found.n, found.mean, found.median) == (5, Fraction(18, 5), 2)
    assert found.lower is None and found.upper is None, "a quartile of five would be somebody's answer"


def test_fewer_than_five_are_only_counted() -> None:
    assert spread({7: 4}).mean is None and spread({7: 4}).median is None and spread({7: 4}).n == 4
    assert spread({}).n == 0


@given(st.lists(st.integers(-10_000, 10_000), min_size=FEWEST_FOR_QUARTILES, max_size=60))
def test_quartiles_are_numpys(values: list[int]) -> None:
    found = spread({value: values.count(value) for value in values})
    ours = [found.lower, found.median, found.upper]
    assert np.allclose([float(each) for each in ours if each is not None], np.quantile(values, [0.25, 0.5, 0.75]))
    assert found.mean is not None and np.isclose(float(found.mean), np.mean(values))
