"""Numbers that people gave: their mean, median and quartiles from how often each value was given."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

# A quartile stands for the answers on its far side: fewer than five of them would be somebody.
FEWEST_FOR_QUARTILES: Final = 20


@dataclass(frozen=True)
class Spread:
    """What is said about numbers. None where too few were given."""

    n: int
    mean: Fraction | None
    median: Fraction | None
    lower: Fraction | None
    upper: Fraction | None


def spread(counts: Mapping[int, int], *, fewest: int = 5) -> Spread:
    """Mean, median and quartiles.

    Parameters
    ----------
    counts : mapping of value to whole ballots
    fewest : int
        With fewer answers nothing but their number is said; quartiles need 20.

    Returns
    -------
    Spread
        Quartiles by linear interpolation between order statistics.

    References
    ----------
    Hyndman, R. J. and Fan, Y. (1996), The American Statistician 50, 361-365: definition 7.
    """
    values = sorted(value for value, ballots in counts.items() for _ in range(ballots))
    n = len(values)
    if n < max(1, fewest):
        return Spread(n, None, None, None, None)
    lower, median, upper = (_quantile(values, Fraction(part, 4)) for part in (1, 2, 3))
    many = n >= FEWEST_FOR_QUARTILES
    return Spread(n, Fraction(sum(values), n), median, lower if many else None, upper if many else None)


def _quantile(values: list[int], share: Fraction) -> Fraction:
    place = (len(values) - 1) * share
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])
