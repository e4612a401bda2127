"""Points out of 100 that people gave, and what is left of them when the ends are dropped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

# Of five or fewer no end is dropped: too little would be left.
MOST_UNTRIMMED: Final = 5


@dataclass(frozen=True)
class Points:
    """Points given by `n`, of which `used` count: fewer when one highest and one lowest are left out. `earned` is their sum."""

    n: int
    used: int
    earned: Fraction

    @property
    def mean(self) -> Fraction | None:
        """Points per answer that counts; None without any."""
        return self.earned / self.used if self.used else None

    @property
    def is_trimmed(self) -> bool:
        """Whether a highest and a lowest were left out."""
        return self.used < self.n


def points(counts: Mapping[int, int], *, ends: bool = False) -> Points:
    """Points from how often each was given.

    Parameters
    ----------
    counts : mapping of points to whole ballots
    ends : bool
        Leave out one highest and one lowest (去掉一个最高分和一个最低分) when more than five gave points.

    Raises
    ------
    ValueError
        A count is negative.

    Examples
    --------
    >>> points({60: 1, 80: 4, 100: 1}, ends=True).mean
    Fraction(80, 1)
    """
    if any(times < 0 for times in counts.values()):
        raise ValueError(f"counts must be whole ballots, not {dict(counts)!r}")
    given = {each: times for each, times in counts.items() if times}
    n, earned = sum(given.values()), sum(each * times for each, times in given.items())
    if not ends or n <= MOST_UNTRIMMED:
        return Points(n, n, Fraction(earned))
    return Points(n, n - 2, Fraction(earned - max(given) - min(given)))


def pooled(parts: Iterable[Points]) -> Points:
    """Points of several questions together: each question drops its own ends."""
    many = list(parts)
    return Points(sum(p.n for p in many), sum(p.used for p in many), sum((p.earned for p in many), Fraction(0)))
