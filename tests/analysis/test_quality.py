"""How far a meeting's figures can be trusted: published and hand-reckoned cases."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quality import (
    Cell,
    Consistency,
    Finding,
    Side,
    Straight,
    beside,
    chance,
    findings,
    read,
    straight,
    together,
)

# Ballots of groups: answers to three questions, 9 is none.
GROUPS = st.lists(st.lists(st.tuples(*[st.sampled_from((0, 0, 0, 1, 9))] * 3), min_size=1, max_size=9), min_size=1, max_size=3)
FULL = Cell(ballots=12, abstained=0, blanks=(0, 0, 0), unscored=(0, 0, 0), straight=0.75, alpha=None)
SIDE = Side(slots=100, blank=0, answers=100, satisfied=80, unknown=0, straight=None, chance=None, alpha=None)


def found(*sides: Side, valid: int = 20, returned: int = 20, issued: int = 20, due: int = 25) -> tuple[Finding, ...]:
    return findings(sides, valid=valid, returned=returned, issued=issued, due=due)


def test_straight_rows_of_a_group_without_gaps_are_its_share_of_its_ballots() -> None:
    assert straight([FULL]) == Straight(9, 12)


def test_gaps_in_one_question_alone_tell_how_many_rows_are_complete() -> None:
    # One of twelve cast an empty ballot, two more left the second question open: nine complete rows, six of them straight.
    assert straight([replace(FULL, abstained=1, blanks=(1, 3, 1), straight=6 / 9)]) == Straight(6, 9)


def test_gaps_in_several_questions_are_told_of_a_lone_group_only_where_one_base_fits() -> None:
    # Two gaps, on one ballot or on two: 11 or 10 rows. 8/11 is no share of 10; a half is one of 10 alone; all is one of both.
    gaps = replace(FULL, blanks=(1, 1, 0))
    assert straight([replace(gaps, straight=8 / 11)]) == Straight(8, 11)
    assert straight([replace(gaps, straight=1 / 2)]) == Straight(5, 10)
    assert straight([replace(gaps, straight=1.0)]) is None


def test_groups_shown_together_are_told_only_where_their_common_counts_tell() -> None:
    few, others = replace(FULL, ballots=3, straight=1 / 3), replace(FULL, ballots=4, straight=1 / 2)
    assert straight([few, others]) == Straight(3, 7)
    same = replace(few, blanks=(0, 1, 0), straight=1 / 2)
    assert straight([same, replace(others, blanks=(0, 2, 0))]) is None, "four complete rows"
    assert straight([replace(same, ballots=5, straight=1 / 4), replace(others, blanks=(0, 2, 0), straight=1 / 2)]) == Straight(2, 6)
    # Each by itself could be told; together two questions have gaps, and their counts do not say how these lie.
    assert straight([replace(FULL, blanks=(1, 0, 0), straight=8 / 11), replace(FULL, blanks=(0, 1, 0), straight=8 / 11)]) is None


def test_fewer_than_five_complete_rows_one_question_or_a_share_of_another_base_say_nothing() -> None:
    assert straight([replace(FULL, blanks=(8, 0, 0), straight=0.5)]) is None
    assert straight([replace(FULL, blanks=(0,), unscored=(0,), straight=None)]) is None
    assert straight([replace(FULL, straight=0.7)]) is None, "no whole number of twelve"
    assert straight([replace(FULL, blanks=(12, 0, 0), straight=None)]) is None
    assert straight([]) is None


def cell(rows: list[tuple[int, ...]]) -> Cell:
    """What a count keeps of these ballots."""
    whole = [row for row in rows if 9 not in row]
    blanks = tuple(sum(row[at] == 9 for row in rows) for at in range(3))
    share = sum(len(set(row)) == 1 for row in whole) / len(whole) if whole else None
    return Cell(len(rows), sum(set(row) == {9} for row in rows), blanks, (0, 0, 0), share, None)


@given(GROUPS)
def test_what_is_told_is_true_and_whether_it_is_told_follows_from_common_counts(groups: list[list[tuple[int, ...]]]) -> None:
    rows = [row for group in groups for row in group]
    whole = [row for row in rows if 9 not in row]
    told = straight([cell(group) for group in groups])
    if told is not None:
        assert told == Straight(sum(len(set(row)) == 1 for row in whole), len(whole))
    if len(groups) > 1:
        both = cell(rows)
        is_plain = sum(blank > both.abstained for blank in both.blanks) <= 1
        assert (told is not None) == (is_plain and both.ballots - max(both.blanks) >= 5)


def test_rows_add_up() -> None:
    assert together([Straight(3, 7), Straight(9, 12)]) == Straight(12, 19)
    assert together([]) is None


def test_chance_is_the_product_of_the_shares_summed_over_the_answers() -> None:
    # 0.9 × 0.8 × 0.5 + 0.1 × 0.2 × 0.5 = 0.36 + 0.01.
    assert chance([{0: 9, 1: 1}, {0: 8, 1: 2}, {0: 5, 1: 5}]) == pytest.approx(0.37)
    assert chance([{0: 9}, {1: 9}]) == 0
    assert chance([{0: 9}]) is None
    assert chance([{0: 9}, {}]) is None


def test_the_rows_that_surely_have_points_are_what_all_gaps_leave() -> None:
    # 12 ballots, one empty; 2 + 1 further blanks and 3 “don't know” on as many ballots as can be: 12 − 1 − 3 − 3.
    assert replace(FULL, abstained=1, blanks=(3, 2, 1), unscored=(0, 3, 0)).scored == 5
    assert replace(FULL, unscored=(9, 9, 9)).scored == 0


def test_seven_tenths_is_fair_and_nine_tenths_is_one_question() -> None:
    assert [read(alpha) for alpha in (-0.4, 0.699, 0.7, 0.899, 0.9, 1.0)] == [
        Consistency.LOW, Consistency.LOW, Consistency.FAIR, Consistency.FAIR, Consistency.ALIKE, Consistency.ALIKE,
    ]  # fmt: skip


def test_a_hall_that_came_and_answered_needs_no_second_look() -> None:
    # 20 of 25 are exactly four fifths.
    assert found(SIDE) == ()


def test_each_line_is_crossed_at_its_edge() -> None:
    assert found(SIDE, due=26) == (Finding.TURNOUT,)
    assert found(SIDE, returned=18, valid=18, due=20) == ()
    assert found(SIDE, returned=17, valid=17, due=20) == (Finding.RETURN,)
    assert found(replace(SIDE, unknown=19)) == ()
    assert found(replace(SIDE, unknown=20)) == (Finding.UNKNOWN,)
    assert found(replace(SIDE, blank=10, answers=90)) == (Finding.OPEN,)
    assert found(replace(SIDE, blank=9, answers=91)) == ()
    assert found(replace(SIDE, alpha=0.69)) == (Finding.ALPHA,)
    assert found(replace(SIDE, alpha=0.7)) == ()


def test_straight_rows_are_looked_at_when_the_answers_by_themselves_would_not_make_them() -> None:
    lined = replace(SIDE, straight=Straight(16, 20), chance=0.49)
    assert found(lined) == (Finding.STRAIGHT,)
    assert found(replace(lined, chance=0.5)) == (), "where nearly all are content, rows are straight by themselves"
    assert found(replace(lined, straight=Straight(15, 20))) == ()
    assert found(replace(lined, straight=Straight(15, 18))) == (), "few rows"


def test_nothing_but_the_best_of_twenty_is_looked_at_and_of_nineteen_is_not() -> None:
    same = replace(SIDE, satisfied=100)
    assert found(same) == (Finding.SAME,)
    assert found(same, valid=19) == ()
    assert found(same, SIDE) == ()
    assert found(replace(same, answers=99, blank=1, satisfied=99)) == ()
    assert found(replace(same, satisfied=99, unknown=1)) == ()
    assert found() == ()


def test_a_unit_is_far_from_its_sisters_beyond_one_and_a_half_middle_halves() -> None:
    # Of 80, 84, 86, 88, 92: quartiles 84, 86, 88; the fences stand at 84 − 6 and 88 + 6.
    others = [Fraction(each, 100) for each in (92, 80, 86, 84, 88)]
    near = beside(Fraction(78, 100), others)
    assert near is not None and not near.is_far
    assert (near.n, near.low, near.lower, near.median, near.upper, near.high) == (
        5, Fraction(80, 100), Fraction(84, 100), Fraction(86, 100), Fraction(88, 100), Fraction(92, 100),
    )  # fmt: skip
    far = beside(Fraction(77, 100), others)
    assert far is not None and far.is_far
    assert beside(Fraction(77, 100), others[1:]) is None
