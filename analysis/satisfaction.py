"""Satisfaction from whole counts: narrow and wide rate, score, Wilson interval, and the one way of rounding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Z95: Final = NormalDist().inv_cdf(0.975)


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

    @property
    def based(self) -> tuple[Level, ...]:
        """The levels that stand in the denominator."""
        return tuple(lv for lv in self.answers if self.base is Base.VALID or lv.role is not Role.UNKNOWN)

    @property
    def answers(self) -> tuple[Level, ...]:
        """The levels that are answers: all but those that abstain."""
        return tuple(level for level in self.levels if level.role is not Role.ABSTAIN)

    @property
    def known(self) -> tuple[Level, ...]:
        """The levels that say something about the quality."""
        return tuple(level for level in self.answers if level.role is not Role.UNKNOWN)

    @property
    def scored(self) -> bool:
        """Whether every known answer earns points, so that a score can be said."""
        return bool(self.known) and all(level.points is not None for level in self.known)


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
    narrow: float | None
    wide: float | None
    low: float | None
    high: float | None
    score: float | None


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

    Returns
    -------
    Figures
        `low` and `high` are the Wilson 95 % interval of `narrow`.

    Raises
    ------
    ValueError
        A count is negative, or a code is not in the scale.
    """
    strange = set(counts) - {level.code for level in scale.levels}
    if strange or blank < 0 or any(number < 0 for number in counts.values()):
        raise ValueError(f"counts must be whole ballots of the scale's own codes, not {dict(counts)!r}")
    full = {level.code: int(counts.get(level.code, 0)) for level in scale.levels}
    known = scale.known
    earned = sum((Fraction(level.points or 0) * full[level.code] for level in known), Fraction(0))
    made = _make(
        full, satisfied=_sum(full, scale.codes(Role.SATISFIED)), basic=_sum(full, scale.codes(Role.BASIC)),
        sizes=(sum(full[lv.code] for lv in scale.based), blank, sum(full[lv.code] for lv in known)),
        earned=earned if scale.scored else None,
    )
    if not made.valid:
        return made
    low, high = wilson(made.satisfied, made.valid)
    return replace(made, low=float(low), high=float(high))


def pooled(parts: Iterable[Figures]) -> Figures:
    """Figures of several questions taken together: sums of whole counts, each question with its own scale.

    No interval: the answers of one ballot are not independent, so one would be too narrow. No score unless
    every part has one.
    """
    many = list(parts)
    counts: dict[str, int] = {}
    for part in many:
        for code, number in part.counts.items():
            counts[code] = counts.get(code, 0) + number
    earned = [part.earned for part in many if part.earned is not None]
    return _make(
        counts, satisfied=sum(part.satisfied for part in many), basic=sum(part.basic for part in many),
        sizes=(sum(p.valid for p in many), sum(p.blank for p in many), sum(p.known for p in many)),
        earned=sum(earned, Fraction(0)) if many and len(earned) == len(many) else None,
    )


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


def _make(counts: Mapping[str, int], *, satisfied: int, basic: int, sizes: tuple[int, int, int],
          earned: Fraction | None) -> Figures:
    valid, blank, known = sizes
    return Figures(
        valid=valid, blank=blank, counts=counts, satisfied=satisfied, basic=basic, known=known, earned=earned,
        narrow=satisfied / valid if valid else None,
        wide=(satisfied + basic) / valid if valid else None,
        low=None, high=None,
        score=float(earned / known) if earned is not None and known else None,
    )


def _sum(counts: Mapping[str, int], codes: Iterable[str]) -> int:
    return sum(counts[code] for code in codes)
