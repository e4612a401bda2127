"""What stands out of one unit: a question far below its others, two groups of two minds. One rule, whoever says it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from analysis.satisfaction import wilson

# Points of per cent from which on a question lies far below the others of the unit; and groups far apart.
FAR: Final = 20
APART: Final = 15


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
