"""Satisfaction from whole counts: narrow and wide rate, score, Wilson interval, and the one way of rounding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Z95: Final = NormalDist().inv_cdf(0.975)
# Most branches are small, and their rates few.
_PERCENTS_KEPT: Final = 1 << 15


class Role(StrEnum):
    """What an answer says; the figures and the colours go by it, never by its words."""

    SATISFIED = "satisfied"
    BASIC = "basic"
    UNSATISFIED = "unsatisfied"
    UNKNOWN = "unknown"
    ABSTAIN = "abstain"


class Base(StrEnum):
    """Denominator of the rates: every valid answer, or only those that are not “don't know”. To abstain is no valid
    answer, in either: it is counted and printed, like what was left blank."""

    VALID = "valid"
    KNOWN = "known"


@dataclass(frozen=True)
class Level:
    """One answer of a scale. `points` is None when the scale earns no score."""

    code: str
    label: str
    role: Role
    points: Decimal | None = None


@dataclass(frozen=True)
class Scale:
    """The answers in their order, best first as a rule, and what the rates are taken of."""

    levels: tuple[Level, ...]
    base: Base = Base.VALID

    def codes(self, *roles: Role) -> tuple[str, ...]:
        """Codes of the levels that have one of these roles, in the scale's order."""
        return tuple(level.code for level in self.levels if level.role in roles)

    @cached_property
    def based(self) -> tuple[Level, ...]:
        """The levels that stand in the denominator."""
        return tuple(lv for lv in self.answers if self.base is Base.VALID or lv.role is not Role.UNKNOWN)

    @cached_property
    def answers(self) -> tuple[Level, ...]:
        """The levels that are answers: all but those that abstain."""
        return tuple(level for level in self.levels if level.role is not Role.ABSTAIN)

    @cached_property
    def known(self) -> tuple[Level, ...]:
        """The levels that say something about the quality."""
        return tuple(level for level in self.answers if level.role is not Role.UNKNOWN)

    @cached_property
    def scored(self) -> bool:
        """Whether every known answer earns points, so that a score can be said."""
        return bool(self.known) and all(level.points is not None for level in self.known)

    @cached_property
    def _earning(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        """What known answers earn, in whole parts of a point: how many parts it has, and each code with its own."""
        points = [(level.code, Fraction(level.points or 0)) for level in self.known]
        whole = lcm(*(each.denominator for _code, each in points))
        return whole, tuple((code, int(each * whole)) for code, each in points)

    def earned(self, counts: Mapping[str, int]) -> Fraction | None:
        """The points of some answers; None when no score can be said."""
        whole, each = self._earning
        return Fraction(sum(parts * counts[code] for code, parts in each), whole) if self.scored else None

    @cached_property
    def by_role(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """The codes of those that satisfy, of those that do basically, of the base of the rates, of those that are known."""
        based, known = (tuple(level.code for level in some) for some in (self.based, self.known))
        return self.codes(Role.SATISFIED), self.codes(Role.BASIC), based, known


@dataclass(frozen=True)
class Figures:
    """What is said about one question or several together. Shares lie in [0, 1]; None is “no answer to speak of”."""

    valid: int
    blank: int
    counts: Mapping[str, int]
    satisfied: int
    basic: int
    known: int
    earned: Fraction | None
    # Whether it is a single question: the answers of one ballot to several are not independent, and an interval would be too narrow.
    is_one: bool = False

    @property
    def narrow(self) -> float | None:
        """The share of the satisfied."""
        return self.satisfied / self.valid if self.valid else None

    @property
    def exact(self) -> Fraction | None:
        """The same without rounding: to put in order, to take means of and to hold against a threshold."""
        return Fraction(self.satisfied, self.valid) if self.valid else None

    @property
    def wide(self) -> float | None:
        """The same with the basically satisfied."""
        return (self.satisfied + self.basic) / self.valid if self.valid else None

    @property
    def score(self) -> float | None:
        """The mean of the points."""
        return float(self.earned / self.known) if self.earned is not None and self.known else None

    @property
    def low(self) -> float | None:
        """Where the Wilson 95 % interval of `narrow` begins."""
        return self._ends[0]

    @property
    def high(self) -> float | None:
        """Where it ends."""
        return self._ends[1]

    @cached_property
    def _ends(self) -> tuple[float, float] | tuple[None, None]:
        if not (self.is_one and self.valid):
            return None, None
        low, high = wilson(self.satisfied, self.valid)
        return float(low), float(high)


def figures(counts: Mapping[str, int], *, scale: Scale, blank: int = 0) -> Figures:
    """Figures of a single question from how often each answer was marked.

    Parameters
    ----------
    counts : mapping of level code to whole ballots
        A code that is missing was marked by nobody.
    scale : Scale
        Roles, points and the base of the rates.
    blank : int
        Ballots with no mark here.

    Raises
    ------
    ValueError
        A count is negative, or a code is not in the scale.
    """
    strange = set(counts) - {level.code for level in scale.levels}
    if strange or blank < 0 or any(number < 0 for number in counts.values()):
        raise ValueError(f"counts must be whole ballots of the scale's own codes, not {dict(counts)!r}")
    full = {level.code: int(counts.get(level.code, 0)) for level in scale.levels}
    satisfied, basic, valid, known = (sum([full[code] for code in codes]) for codes in scale.by_role)
    return Figures(valid, blank, full, satisfied, basic, known, scale.earned(full), is_one=True)


def pooled(parts: Iterable[Figures]) -> Figures:
    """Figures of several questions taken together: sums of whole counts, each question with its own scale.

    No interval, and no score unless every part has one.
    """
    many = list(parts)
    counts: dict[str, int] = {}
    for part in many:
        for code, number in part.counts.items():
            counts[code] = counts.get(code, 0) + number
    earned = [part.earned for part in many if part.earned is not None]
    whole = lcm(*(each.denominator for each in earned))
    points = Fraction(sum(each.numerator * (whole // each.denominator) for each in earned), whole)
    return Figures(
        sum(p.valid for p in many), sum(p.blank for p in many), counts, sum(p.satisfied for p in many), sum(p.basic for p in many),
        sum(p.known for p in many), points if many and len(earned) == len(many) else None,
    )  # fmt: skip


@lru_cache(_PERCENTS_KEPT)
def percent(numerator: int, denominator: int, decimals: int = 2) -> Decimal | None:
    """Per cent, rounded half up from whole numbers alone; None when nothing was counted.

    Examples
    --------
    >>> percent(134, 141), percent(4, 141), percent(0, 141)
    (Decimal('95.04'), Decimal('2.84'), Decimal('0.00'))
    """
    if not denominator:
        return None
    return Decimal(int(half_up(100 * numerator, denominator, decimals))).scaleb(-decimals)


def mean(earned: Fraction, known: int, decimals: int = 2) -> Decimal | None:
    """Points earned per known answer (分, never a rate), rounded half up; None when nothing was counted."""
    if not known:
        return None
    return Decimal(int(half_up(earned.numerator, earned.denominator * known, decimals))).scaleb(-decimals)


def half_up(numerator: Any, denominator: Any, decimals: int) -> Any:
    """numerator / denominator × 10^decimals to the nearest whole number, halves up; ints or arrays of ints.

    Whole-number arithmetic throughout: 0.285 as a float is less than 0.285 and would round down.
    """
    return (2 * numerator * 10**decimals + denominator) // (2 * denominator)


def wilson(hits: Any, valid: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson's 95 % score interval of hits / valid; NaN where valid is 0.

    Parameters
    ----------
    hits, valid : int or array of int
        Whole answers, 0 <= hits <= valid.

    Returns
    -------
    low, high : ndarray
        Within [0, 1]; exactly 0 when nobody, exactly 1 when everybody is among the hits.

    References
    ----------
    Wilson, E. B. (1927), JASA 22, 209-212. Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133.
    """
    k, n = np.asarray(hits, dtype=np.float64), np.asarray(valid, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / n
        middle = (k + Z95**2 / 2) / (n + Z95**2)
        half = Z95 / (n + Z95**2) * np.sqrt(n * share * (1 - share) + Z95**2 / 4)
        low = np.where(k == 0, 0.0, np.maximum(middle - half, 0.0))
        high = np.where(k == n, 1.0, np.minimum(middle + half, 1.0))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)
