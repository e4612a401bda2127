"""Targets read by other lines and another base, counted by hand."""

from fractions import Fraction

from analysis.trials import Outcome, answers, outcome

# 41/50, 38/50, 8/10 (just reached), 30/50 and nobody.
ROWS = answers([(41, 4, 1, 4), (38, 8, 2, 2), (8, 0, 2, 0), (30, 12, 6, 2), (0, 0, 0, 0)])
EIGHTY, SIXTY, NINETY = Fraction(8, 10), Fraction(6, 10), Fraction(9, 10)


def test_a_line_that_is_just_reached_is_reached_and_nobody_is_rated_without_an_answer() -> None:
    assert outcome(ROWS, satisfied_at=EIGHTY, basic_at=SIXTY, known_only=False) == Outcome(4, 2, 4)
    # Wide: 45/50, 46/50, 8/10 and 42/50, of which 0.8 and 0.84 are below 0.9.
    assert outcome(ROWS, satisfied_at=NINETY, basic_at=NINETY, known_only=False) == Outcome(4, 0, 2)
    assert outcome(ROWS, satisfied_at=NINETY, basic_at=NINETY, known_only=False).below == 2


def test_of_those_who_know_alone_more_are_satisfied() -> None:
    # 41/46 and 8/10 have 0.8, 38/48 = 0.7917 has not; by 0.79 it has.
    assert outcome(ROWS, satisfied_at=EIGHTY, basic_at=SIXTY, known_only=True) == Outcome(4, 2, 4)
    assert outcome(ROWS, satisfied_at=Fraction(79, 100), basic_at=SIXTY, known_only=True) == Outcome(4, 3, 4)
    assert outcome(ROWS, satisfied_at=Fraction(79, 100), basic_at=SIXTY, known_only=False) == Outcome(4, 2, 4)


def test_some_targets_and_one_are_taken_by_their_places() -> None:
    assert ROWS.one(3) == (30, 12, 6, 2) and len(ROWS.of([0, 4])) == 2
    assert outcome(ROWS.of([4]), satisfied_at=EIGHTY, basic_at=SIXTY, known_only=False) == Outcome(0, 0, 0)
