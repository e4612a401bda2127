"""What stands out of one unit: a question far below its others, two groups of two minds. One rule, whoever says it."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Final

from analysis.satisfaction import wilson

# Points of per cent from which on a question lies far below the others of the unit; and groups far apart.
FAR: Final = 20
APART: Final = 15
# A change of less than so many points from one round to the next is taken for none: several questions together have no interval.
MOVED: Final = 3


class Sure(StrEnum):
    """How sure one may be that a question lies below a line: its interval does, or it did in two rounds; or neither; or it does not."""

    CLEAR = "clear"
    TWICE = "twice"
    OPEN = "open"
    REACHED = "reached"


def weak(questions: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The questions far below all others of the same unit together, by more than chance.

    Parameters
    ----------
    questions : sequence of (satisfied, valid)
        Whole answers to each; those without a valid answer are neither weak nor among the others.

    Returns
    -------
    tuple of int
        Their places. Such a question lies `FAR` points or more below the others, and its 95 % interval ends below them.

    References
    ----------
    Wilson, E. B. (1927), JASA 22, 209-212: the score interval.
    """
    satisfied, valid = (sum(each[at] for each in questions) for at in (0, 1))
    found = []
    for place, (hits, of) in enumerate(questions):
        if not of or valid == of:
            continue
        others = Fraction(satisfied - hits, valid - of)
        if 100 * (others - Fraction(hits, of)) >= FAR and float(wilson(hits, of)[1]) < others:
            found.append(place)
    return tuple(found)


def divided(groups: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The group with the lowest and that with the highest share of 满意, when these lie `APART` points apart or more.

    Parameters
    ----------
    groups : sequence of (satisfied, valid)
        Whole answers of each, all questions together; those without a valid answer say nothing.

    Returns
    -------
    (lowest, highest) or None
        Their places.
    """
    told = sorted((Fraction(hits, of), place) for place, (hits, of) in enumerate(groups) if of)
    if len(told) < 2 or 100 * (told[-1][0] - told[0][0]) < APART:
        return None
    return told[0][1], told[-1][1]


def sure(now: tuple[int, int], before: tuple[int, int] | None, line: Fraction) -> Sure:
    """Whether a question lies below a line by more than chance.

    Parameters
    ----------
    now, before : (satisfied, valid)
        Whole answers to it, and those in the round right before, where that may be compared.
    line : Fraction
        The share from which on it would reach the line.

    Returns
    -------
    Sure
        CLEAR when its 95 % interval (Wilson) ends below the line; TWICE when it was below in both rounds; OPEN when it is below now,
        and that alone says little; REACHED when it is not below.
    """
    hits, of = now
    if not of or Fraction(hits, of) >= line:
        return Sure.REACHED
    if float(wilson(hits, of)[1]) < line:
        return Sure.CLEAR
    return Sure.TWICE if before is not None and before[1] and Fraction(*before) < line else Sure.OPEN
