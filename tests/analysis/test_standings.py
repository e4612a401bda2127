"""Counts of many targets in columns, by hand: five of them by two scales, one asked for points alone."""

from array import array
from fractions import Fraction

from analysis.standings import Columns, columns, one, ranks, spread, stand, sums, tallies

# Target, scale, slots, then the answers: 满意, 基本满意, 不满意, 不了解; the second scale has two answers.
ROWS = ((0, 0, 10, 8, 1, 1, 0), (1, 0, 10, 3, 2, 5, 0), (1, 1, 4, 2, 2, 0, 0), (2, 0, 5, 0, 0, 0, 5), (4, 0, 10, 3, 3, 4, 0))
SATISFIED, BASIC, KNOWN = ((0,), (0,)), ((1,), ()), ((0, 1, 2), (0, 1))


def made(word: int = 4) -> Columns:
    body = array({4: "I", 8: "Q"}[word], [each for column in zip(*ROWS, strict=True) for each in column])
    return columns(body.tobytes(), targets=5, rows=len(ROWS), word=word)


def test_rates_add_up_over_scales_and_leave_out_what_stands_in_no_denominator() -> None:
    found = stand(made(), SATISFIED, BASIC, KNOWN)
    assert found.satisfied.tolist() == [8, 5, 0, 0, 3] and found.wide.tolist() == [9, 7, 0, 0, 6] and found.valid.tolist() == [10, 14, 0, 0, 10]
    # 8/10 reaches 80 % and 6/10 reaches 60 %, 7/14 does not; nobody knew the third, and nobody rated the fourth.
    assert ranks(found, satisfied_at=Fraction("0.8"), basic_at=Fraction("0.6")).tolist() == [1, 3, 0, 0, 2]
    assert spread(found, range(5), (0, 30, 60, 80, 100)) == (0, 2, 0, 1) and spread(found, [], (0, 100)) == (0,)


def test_some_targets_together_are_the_sums_of_their_rows_and_one_is_its_own() -> None:
    for word in (4, 8):
        assert sums(made(word), [0, 1, 3]) == [(0, 20, [11, 3, 6, 0]), (1, 4, [2, 2, 0, 0])]
        assert one(made(word), 1) == [(0, 10, [3, 2, 5, 0]), (1, 4, [2, 2, 0, 0])] and one(made(word), 3) == []


def test_tallies_count_a_target_at_its_place_and_at_every_place_above() -> None:
    assert tallies([1, 3, 0, 0, 2], [1, 2, 2, 0, 3], [-1, 0, 1, 0]) == [[2, 1, 1, 1], [1, 1, 0, 1], [1, 0, 0, 1], [0, 0, 1, 0]]
