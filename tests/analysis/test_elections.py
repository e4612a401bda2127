"""Votes become ranks and seats: the borders of every majority, ties, and seats that nobody fills."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.elections import Majority, Outcome, People, elect, needed, ranks

HALF, TWO_THIRDS = Majority.HALF_PRESENT, Majority.TWO_THIRDS_PRESENT
VOTES = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 30), min_size=1, max_size=8)
PEOPLE = st.builds(People, st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))


def present(n: int) -> People:
    return People(valid=1, present=n, due=1000)


@pytest.mark.parametrize(
    ("majority", "base", "fewest"),
    [
        # Half exactly is not more than half: of 10 it takes 6, of 11 it takes 6 (5.5), of 1 it takes 1.
        (HALF, 10, 6), (HALF, 11, 6), (HALF, 12, 7), (HALF, 1, 1),
        # Two thirds exactly are enough: of 9 it takes 6, of 10 (6.67) it takes 7, of 11 (7.33) it takes 8.
        (TWO_THIRDS, 9, 6), (TWO_THIRDS, 10, 7), (TWO_THIRDS, 11, 8), (TWO_THIRDS, 12, 8),
    ],
)  # fmt: skip
def test_a_majority_is_exact_at_its_border(majority: Majority, base: int, fewest: int) -> None:
    assert needed(majority, present(base)) == (base, fewest)
    for votes, outcome in ((fewest, Outcome.ELECTED), (fewest - 1, Outcome.SHORT)):
        assert elect({"a": votes}, seats=1, majority=majority, people=present(base)).standings[0].outcome is outcome


@pytest.mark.parametrize(
    ("majority", "base"),
    [(Majority.HALF_VALID, 30), (Majority.HALF_PRESENT, 40), (Majority.HALF_DUE, 50), (Majority.TWO_THIRDS_VALID, 30),
     (Majority.TWO_THIRDS_PRESENT, 40), (Majority.TWO_THIRDS_DUE, 50)],
)  # fmt: skip
def test_a_majority_is_of_ballots_of_people_present_or_of_people_due(majority: Majority, base: int) -> None:
    found = needed(majority, People(valid=30, present=40, due=50))
    assert found is not None and found[0] == base


def test_equal_votes_share_a_rank_and_the_next_is_skipped() -> None:
    assert ranks([7, 9, 7, 3]) == [2, 1, 2, 4]
    assert ranks([9, 9, 3]) == [1, 1, 3]


def test_a_tie_at_the_last_seat_elects_nobody_of_the_tied() -> None:
    # Two seats: a has one; b and c share the votes of the other.
    found = elect({"a": 20, "b": 12, "c": 12, "d": 3}, seats=2, majority=Majority.NONE, people=present(20))
    assert found.of(Outcome.ELECTED) == ("a",) and found.of(Outcome.TIED) == ("b", "c")
    assert found.of(Outcome.FEWER) == ("d",) and found.open == 1


def test_a_tie_that_fits_the_seats_is_none() -> None:
    found = elect({"a": 20, "b": 12, "c": 12, "d": 3}, seats=3, majority=Majority.NONE, people=present(20))
    assert found.of(Outcome.ELECTED) == ("a", "b", "c") and found.open == 0


def test_who_lacks_the_majority_leaves_a_seat_open() -> None:
    found = elect({"a": 11, "b": 10}, seats=2, majority=HALF, people=present(20))
    assert (found.of(Outcome.ELECTED), found.of(Outcome.SHORT), found.open) == (("a",), ("b",), 1)


def test_without_seats_everybody_with_the_majority_is_elected_and_without_a_rule_nobody() -> None:
    votes = {"a": 11, "b": 11, "c": 10}
    assert elect(votes, seats=0, majority=HALF, people=present(20)).of(Outcome.ELECTED) == ("a", "b")
    assert set(elect(votes, seats=0, majority=Majority.NONE, people=present(20)).of(Outcome.COUNTED)) == set(votes)


def test_who_has_no_vote_is_not_elected_even_when_seats_are_left() -> None:
    found = elect({"a": 0, "b": 4}, seats=2, majority=Majority.NONE, people=present(20))
    assert found.of(Outcome.ELECTED) == ("b",) and found.of(Outcome.SHORT) == ("a",) and found.open == 1


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        elect({"a": -1}, seats=1, majority=Majority.NONE, people=present(20))


@given(votes=VOTES, seats=st.integers(0, 9), majority=st.sampled_from(Majority), people=PEOPLE)
def test_any_election_keeps_the_rules(votes: dict[str, int], seats: int, majority: Majority, people: People) -> None:
    found = elect(votes, seats=seats, majority=majority, people=people)
    assert {each.key: each.votes for each in found.standings} == votes
    assert [each.rank for each in found.standings] == sorted(each.rank for each in found.standings)
    for each in found.standings:
        assert each.rank == 1 + sum(other > each.votes for other in votes.values())
    elected, tied, fewer = (found.of(which) for which in (Outcome.ELECTED, Outcome.TIED, Outcome.FEWER))
    if seats:
        assert len(elected) <= seats and found.open == seats - len(elected)
        # A tie is one only because there are fewer seats than people who share them.
        assert not tied or len(elected) + len(tied) > seats > len(elected)
    worst = min((votes[key] for key in elected), default=None)
    assert worst is None or all(votes[key] < worst for key in (*tied, *fewer))
    assert len({votes[key] for key in tied}) <= 1 != len(tied)
    share, _, of = majority.value.rpartition("_of_")
    if of:
        base = {"valid": people.valid, "present": people.present, "due": people.due}[of]
        for key in (*elected, *tied, *fewer):
            has = Fraction(votes[key], base) if base else Fraction(2)
            assert has > Fraction(1, 2) if share == "half" else has >= Fraction(2, 3)
        for key in found.of(Outcome.SHORT):
            assert votes[key] * 2 <= base if share == "half" else votes[key] * 3 < max(2 * base, 1)


@given(votes=VOTES, seats=st.integers(1, 9), majority=st.sampled_from(Majority), people=PEOPLE)
def test_the_order_on_the_paper_elects_nobody(votes: dict[str, int], seats: int, majority: Majority, people: People) -> None:
    turned = dict(reversed(votes.items()))
    one, other = (elect(each, seats=seats, majority=majority, people=people) for each in (votes, turned))
    assert {each.key: (each.rank, each.outcome) for each in one.standings} == {
        each.key: (each.rank, each.outcome) for each in other.standings
    }
