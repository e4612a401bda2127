"""The rule of the shown and the hidden, held to a slow and obvious one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import shown


def slow(sizes: list[int], fewest: int) -> list[bool]:
    hidden = [n < fewest for n in sizes]
    unseen = [n for n in sizes if n < fewest]
    if unseen and (len(unseen) == 1 or sum(unseen) < fewest):
        rest = [at for at, n in enumerate(sizes) if n >= fewest]
        if rest:
            hidden[min(rest, key=lambda at: sizes[at])] = True
    return [not each for each in hidden]


def seen(*sizes: int, fewest: int = 5, unnamed: int | None = None) -> list[bool]:
    rest = None if unnamed is None else np.array([unnamed])
    return shown(np.array(sizes)[:, None], fewest=fewest, unnamed=rest)[:, 0].tolist()


@given(st.lists(st.integers(0, 12), min_size=1, max_size=9), st.integers(0, 8))
def test_it_equals_the_obvious_rule(sizes: list[int], fewest: int) -> None:
    assert seen(*sizes, fewest=fewest) == slow(sizes, fewest)


def test_a_single_small_sibling_takes_the_next_smallest_with_it() -> None:
    assert seen(30, 4, 12, 20) == [True, False, False, True]


def test_two_small_ones_that_make_enough_together_stand_alone() -> None:
    assert seen(30, 4, 3, 20) == [True, False, False, True]


def test_two_small_ones_that_are_still_too_few_take_another() -> None:
    assert seen(30, 2, 2, 20) == [True, False, False, False]


def test_of_equals_the_first_in_the_file_is_taken() -> None:
    assert seen(3, 9, 9) == [False, False, True]


def test_a_few_nameless_rows_count_as_a_sibling_not_shown() -> None:
    assert seen(30, 12, unnamed=2) == [True, False]
    assert seen(30, 12, unnamed=7) == [True, True]


def test_items_are_judged_each_by_itself() -> None:
    assert shown(np.array([[9, 2], [9, 9], [9, 8]]), fewest=5).tolist() == [[True, False], [True, True], [True, False]]


def test_at_least_five_ballots_are_unseen_or_none_when_a_sibling_is_left_to_hide_behind() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        sizes = rng.integers(0, 20, size=rng.integers(2, 8))
        unseen = sizes[~shown(sizes[:, None], fewest=5)[:, 0]]
        assert not len(unseen) or len(unseen) == len(sizes) or (len(unseen) > 1 and unseen.sum() >= 5)
