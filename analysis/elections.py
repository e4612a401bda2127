"""Who is elected: votes, ranks with ties, the needed majority, and seats that votes leave open.

References
----------
《中国共产党基层组织选举工作条例》(2020): who has more than half of the people present is elected; of more such people
than seats those with the most votes; who cannot be told apart by votes is voted on again; for seats left open there is
another election. 《中国共产党地方组织选举工作条例》: the same with half of the people due.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Majority(StrEnum):
    """More than half, or at least two thirds, of the valid ballots, of the people present or of the people due."""

    NONE = ""
    HALF_VALID = "half_of_valid"
    HALF_PRESENT = "half_of_present"
    HALF_DUE = "half_of_due"
    TWO_THIRDS_VALID = "two_thirds_of_valid"
    TWO_THIRDS_PRESENT = "two_thirds_of_present"
    TWO_THIRDS_DUE = "two_thirds_of_due"


class Outcome(StrEnum):
    """What became of a candidate."""

    ELECTED = "elected"
    TIED = "tied"
    FEWER = "fewer"
    SHORT = "short"
    COUNTED = "counted"


@dataclass(frozen=True)
class People:
    """What a majority may be of: whole numbers of valid ballots, of people present and of people due."""

    valid: int
    present: int
    due: int


@dataclass(frozen=True)
class Standing:
    """One candidate. `rank` counts from 1; equal votes share a rank and the next one is skipped (1-1-3)."""

    key: str
    votes: int
    rank: int
    outcome: Outcome


@dataclass(frozen=True)
class Result:
    """The outcome of one election.

    Attributes
    ----------
    standings : by votes, those with equal votes in the order given
    base, needed : what the majority is of, and the fewest votes that have it; None without a majority
    seats : as they were to be filled; 0 is as many as have the majority
    open : seats that nobody fills, those of the tied among them
    """

    standings: tuple[Standing, ...]
    base: int | None
    needed: int | None
    seats: int
    open: int

    def of(self, outcome: Outcome) -> tuple[str, ...]:
        """Who has this outcome, by votes."""
        return tuple(each.key for each in self.standings if each.outcome is outcome)


def needed(majority: Majority, people: People) -> tuple[int, int] | None:
    """What a majority is of, and the fewest votes that have it; None where none is needed.

    Parameters
    ----------
    people : People
        Whole numbers, none negative.

    Returns
    -------
    tuple of int, int
        Half exactly is no majority, so of 10 it takes 6 and of 11 it takes 6; two thirds exactly are enough, so of 9 it
        takes 6 and of 10 it takes 7.
    """
    if majority is Majority.NONE:
        return None
    share, _, of = majority.value.rpartition("_of_")
    base = {"valid": people.valid, "present": people.present, "due": people.due}[of]
    return base, base // 2 + 1 if share == "half" else max(1, -(-2 * base // 3))


def ranks(votes: Sequence[int]) -> list[int]:
    """Places from 1 by votes, most first; equal votes share one and the next is skipped (1-1-3)."""
    return [1 + sum(other > each for other in votes) for each in votes]


def elect(votes: Mapping[str, int], *, seats: int, majority: Majority, people: People) -> Result:
    """Who is elected.

    Parameters
    ----------
    votes : mapping of key to whole number
        Every candidate in the order of the paper, also those without a vote.
    seats : int
        How many are to be elected; 0 elects everybody who has the majority, and nobody when none is needed.

    Returns
    -------
    Result
        Who shares the votes of the last seat with more people than there are seats is not elected but tied: a second
        ballot decides among these.

    Raises
    ------
    ValueError
        A number is negative.
    """
    if seats < 0 or any(n < 0 for n in (*votes.values(), people.valid, people.present, people.due)):
        raise ValueError("votes, seats and people cannot be negative")
    found = needed(majority, people)
    least = found[1] if found else 1
    eligible = sorted((n for n in votes.values() if n >= least), reverse=True)
    places = len(eligible) if not seats and found else seats
    # Whoever is above the cut is elected; those on it only when there is a seat for each.
    cut = eligible[places - 1] if 0 < places <= len(eligible) else 0
    on_cut, above = eligible.count(cut), sum(n > cut for n in eligible)
    is_tied = bool(cut) and above + on_cut > places
    rows = []
    for (key, n), rank in zip(votes.items(), ranks(list(votes.values())), strict=True):
        rows.append(Standing(key, n, rank, _outcome(n, least, cut, is_tied=is_tied, counts_only=not places and not found)))
    rows.sort(key=lambda each: each.rank)
    elected = sum(each.outcome is Outcome.ELECTED for each in rows)
    base, fewest = found or (None, None)
    return Result(tuple(rows), base, fewest, seats, max(0, seats - elected))


def _outcome(n: int, least: int, cut: int, *, is_tied: bool, counts_only: bool) -> Outcome:
    if counts_only:
        return Outcome.COUNTED
    if n < least:
        return Outcome.SHORT
    if n > cut or (n == cut and not is_tied):
        return Outcome.ELECTED
    return Outcome.TIED if n == cut else Outcome.FEWER
