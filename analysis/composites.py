"""Scores put together out of 100: from several sources by weight, from the units below one, with bonus points on top."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

FULL: Final = 100


@dataclass(frozen=True)
class Portion:
    """One source in a composite.

    Attributes
    ----------
    weight : int
        As it was set; only the proportions count.
    score : Fraction or None
        Out of 100; None when there is none.
    share : Fraction in [0, 1]
        What it really weighs: more than was set where a missing one leaves its weight to the others, 0 when it is missing.
    """

    name: str
    weight: int
    score: Fraction | None
    share: Fraction

    @property
    def brought(self) -> Fraction:
        """The points it brings to the composite."""
        return self.share * (self.score or 0)


@dataclass(frozen=True)
class Composite:
    """A score out of 100 and where it comes from; `score` is None where nothing can be said."""

    score: Fraction | None
    shares: tuple[Portion, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Sources with a weight and without a score."""
        return tuple(each.name for each in self.shares if each.weight and each.score is None)


def composite(sources: Iterable[tuple[str, int, Fraction | None]], *, withhold: bool = False) -> Composite:
    """Mean of the sources' scores by weight.

    Parameters
    ----------
    sources : iterable of (name, weight, score out of 100 or None)
        Weights are whole numbers, not negative, and need not sum to 100.
    withhold : bool
        Say no score when a source with a weight has none; else its weight is shared among the others by their weights.

    Raises
    ------
    ValueError
        A weight is negative.
    """
    rows = list(sources)
    if any(weight < 0 for _name, weight, _score in rows):
        raise ValueError("a weight is negative")
    here = sum(weight for _name, weight, score in rows if score is not None)
    every = sum(weight for _name, weight, _score in rows)
    if not here or (withhold and here < every):
        return Composite(None, tuple(Portion(name, weight, score, Fraction(0)) for name, weight, score in rows))
    shares = tuple(
        Portion(name, weight, score, Fraction(0) if score is None else Fraction(weight, here)) for name, weight, score in rows
    )
    return Composite(sum((each.brought for each in shares), Fraction(0)), shares)


def with_bonus(score: Fraction, bonuses: Iterable[Fraction], *, most: int) -> Fraction:
    """A score with bonus points: all of them together at most `most`, and none of them beyond 100. A score above 100 stays.

    Raises
    ------
    ValueError
        A bonus is negative.
    """
    given = list(bonuses)
    if any(each < 0 for each in given):
        raise ValueError("a bonus is negative")
    return max(score, min(Fraction(FULL), score + min(sum(given, Fraction(0)), Fraction(most))))


def by_kind(
    units: Mapping[str, Sequence[Fraction]], weights: Mapping[str, int], *, withhold: bool = False
) -> Composite:
    """The score of the units below one: the plain mean within each kind, the kinds by weight.

    Parameters
    ----------
    units : mapping of kind to scores of its units, out of 100
    weights : mapping of kind to whole number
        Kinds that are not in it do not count. {} is: every unit weighs alike, whatever its kind.
    withhold : bool
        Say no score when a kind with a weight has no unit with a score.

    Raises
    ------
    ValueError
        A weight is negative.
    """
    if not weights:
        every = [score for scores in units.values() for score in scores]
        return composite([("", FULL, _mean(every))])
    return composite([(kind, weight, _mean(units.get(kind, ()))) for kind, weight in weights.items()], withhold=withhold)


def with_below(own: Fraction | None, below: Fraction | None, *, percent: int, withhold: bool = False) -> Composite:
    """A unit's own score and that of the units below it.

    Parameters
    ----------
    own, below : Fraction or None
        Out of 100; where one is missing the other counts alone.
    percent : int
        What the units below count for, from 0 to 100.
    withhold : bool
        Say no score when one that counts is missing.

    Raises
    ------
    ValueError
        It is no per cent.
    """
    if not 0 <= percent <= FULL:
        raise ValueError(f"{percent} is no per cent")
    return composite([("own", FULL - percent, own), ("below", percent, below)], withhold=withhold)


def _mean(scores: Sequence[Fraction]) -> Fraction | None:
    return sum(scores, Fraction(0)) / len(scores) if scores else None
