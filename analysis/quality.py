"""How well a meeting measured: whole counts and figures of whole rows in, what deserves a second look out. Of meetings, never of people.

What is called for by no publication is a rule of ours and says so. Nothing here changes a figure: it says how far to trust it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import prod
from statistics import quantiles
from typing import Final

# Four fifths of those due make a meeting of a party branch valid: Regulations on Elections in Grass-roots Organisations (2020).
TURNOUT: Final = Fraction(4, 5)
# Ours: in a hall, ballots that were handed out come back.
RETURN: Final = Fraction(9, 10)
# Ours: from a fifth on the raters knew too little, from a tenth on they passed too much over.
UNKNOWN: Final = Fraction(1, 5)
OPEN: Final = Fraction(1, 10)
# Ours: four in five answered every question alike though, each question by itself, fewer than half would have.
STRAIGHT: Final = Fraction(4, 5)
BY_CHANCE: Final = 0.5
# Nunnally, J. C. (1978), Psychometric Theory, 2nd ed., 245: 0.7 is enough to begin with.
# Streiner, D. L. (2003), Journal of Personality Assessment 80, 99-103: above 0.9 the questions repeat each other.
FAIR: Final = 0.7
ALIKE: Final = 0.9
# Fewer than ten rows give any alpha. Thirty suffice when the questions hang together: Yurdugül, H. (2008), Hacettepe
# University Journal of Education 35, 397-405.
FEWEST_FOR_ALPHA: Final = 10
ENOUGH_FOR_ALPHA: Final = 30
# If one answer in twenty were less than the best, 20 ballots of 5 questions would all be best with 0.95 ** 100 = 0.6 per cent.
FEWEST_TO_WONDER: Final = 20
FEWEST_SISTERS: Final = 5


class Finding(StrEnum):
    """What deserves a second look before the figures are believed. `far` is known only beside other units: see `beside`."""

    SAME = "same"
    TURNOUT = "turnout"
    RETURN = "return"
    UNKNOWN = "unknown"
    OPEN = "open"
    STRAIGHT = "straight"
    ALPHA = "alpha"
    FAR = "far"


class Consistency(StrEnum):
    """How an alpha is read."""

    LOW = "low"
    FAIR = "fair"
    ALIKE = "alike"


@dataclass(frozen=True)
class Cell:
    """One group's ballots about one target, as it is kept.

    Attributes
    ----------
    abstained : int
        Ballots without any mark, among `ballots`.
    blanks : tuple of int, one for each rating question
        Ballots without a mark there; those that abstained are among them.
    unscored : tuple of int, one for each rating question
        Answers that earn no points: “don't know”, abstentions.
    straight, alpha : float or None
        Of complete rows, as the count kept them.
    """

    ballots: int
    abstained: int
    blanks: tuple[int, ...]
    unscored: tuple[int, ...]
    straight: float | None
    alpha: float | None

    @property
    def scored(self) -> int:
        """So many rows at least have points everywhere, however the gaps lie: alpha is said of them."""
        gaps = sum(blank - self.abstained for blank in self.blanks) + sum(self.unscored)
        return max(0, self.ballots - self.abstained - gaps)


@dataclass(frozen=True)
class Straight:
    """Rows that give every question the same answer, of so many complete rows."""

    hits: int
    rows: int


@dataclass(frozen=True)
class Side:
    """What was said about all units, or about all members, together.

    Attributes
    ----------
    slots, blank : int
        Answers there could have been to questions that everybody is asked, and those that were not given.
    answers, satisfied, unknown : int
        Answers that were given; abstaining is none.
    chance : float or None
        Share of straight rows had everybody answered each question by itself.
    alpha : float or None
        In the middle of all that may be told.
    """

    slots: int
    blank: int
    answers: int
    satisfied: int
    unknown: int
    straight: Straight | None
    chance: float | None
    alpha: float | None

    @property
    def is_uniform(self) -> bool:
        """Whether there is nothing but the best."""
        return 0 < self.slots == self.answers == self.satisfied


@dataclass(frozen=True)
class Sisters:
    """Rates of the units beside one: how many, the ends, the middle half; and where the one lies."""

    n: int
    low: Fraction
    lower: Fraction
    median: Fraction
    upper: Fraction
    high: Fraction
    is_far: bool


def straight(cells: Sequence[Cell], *, fewest: int = 5) -> Straight | None:
    """Straight rows of an atom about one target, made of the shares of its groups; None where they cannot be told.

    A share is kept without its base, the number of complete rows. Counts give that base when no more than one question was
    left blank by people who answered others. For groups that are only shown together it is asked of their common counts:
    whether a group by itself could be told would say something of it. Of a group that is shown by itself the share often
    fits one base alone: 8/11 is no share of 12 or 13.

    Examples
    --------
    >>> straight([Cell(12, 1, (2, 1), (0, 0), 0.8, None)])
    Straight(hits=8, rows=10)
    """
    if not cells or not cells[0].blanks:
        return None
    gaps = [sum(cell.blanks[at] - cell.abstained for cell in cells) for at in range(len(cells[0].blanks))]
    if sum(gap > 0 for gap in gaps) <= 1:
        bases = [cell.ballots - max(cell.blanks) for cell in cells]
    elif len(cells) == 1 and (base := _only_base(cells[0])) is not None:
        bases = [base]
    else:
        return None
    if sum(bases) < fewest or not all(_fits(cell.straight, base) for cell, base in zip(cells, bases, strict=True)):
        return None
    hits = sum(round((cell.straight or 0.0) * base) for cell, base in zip(cells, bases, strict=True))
    return Straight(hits, sum(bases))


def together(parts: Sequence[Straight]) -> Straight | None:
    """Several of them as one; None for none."""
    return Straight(sum(each.hits for each in parts), sum(each.rows for each in parts)) if parts else None


def chance(questions: Sequence[Mapping[int, int]]) -> float | None:
    """Share of rows that would be straight if nobody's answer to one question went with his answer to another.

    Parameters
    ----------
    questions : sequence of mappings of answer to ballots

    Returns
    -------
    float in [0, 1], or None
        None for fewer than two questions, or one that nobody answered.

    Examples
    --------
    >>> chance([{0: 9, 1: 1}, {0: 8, 1: 2}])
    0.74
    """
    sizes = [sum(each.values()) for each in questions]
    if len(questions) < 2 or not all(sizes):
        return None
    codes = set[int]().union(*questions)
    shares = (prod(Fraction(each.get(code, 0), n) for each, n in zip(questions, sizes, strict=True)) for code in codes)
    return float(sum(shares, Fraction(0)))


def read(alpha: float) -> Consistency:
    """Whether the questions about one target hang together: 0.7 is fair, from 0.9 on they were answered as one."""
    return Consistency.LOW if alpha < FAIR else Consistency.FAIR if alpha < ALIKE else Consistency.ALIKE


def findings(sides: Sequence[Side], *, valid: int, returned: int, issued: int, due: int) -> tuple[Finding, ...]:
    """What deserves a second look, the gravest first.

    Parameters
    ----------
    sides : sequence of Side
    valid, returned, issued, due : int
        Ballots that count, that came back, that were given out, and people who should have come.
    """
    is_same = valid >= FEWEST_TO_WONDER and bool(sides) and all(side.is_uniform for side in sides)
    found = {
        Finding.SAME: is_same,
        Finding.TURNOUT: returned < TURNOUT * due,
        Finding.RETURN: returned < RETURN * issued,
        Finding.UNKNOWN: any(side.answers > 0 and side.unknown >= UNKNOWN * side.answers for side in sides),
        Finding.OPEN: any(side.slots > 0 and side.blank >= OPEN * side.slots for side in sides),
        Finding.STRAIGHT: any(_is_straight(side) for side in sides),
        Finding.ALPHA: any(side.alpha is not None and side.alpha < FAIR for side in sides),
    }
    return tuple(finding for finding, holds in found.items() if holds)


def beside(own: Fraction, sisters: Sequence[Fraction]) -> Sisters | None:
    """A unit's rate beside those of the units next to it, itself left out; None for fewer than five.

    Returns
    -------
    Sisters
        Quartiles by linear interpolation between order statistics (Hyndman and Fan's definition 7). `is_far` when `own` lies
        outside the middle half by more than one and a half of its length.

    References
    ----------
    Tukey, J. W. (1977), Exploratory Data Analysis, 43-44.
    """
    if len(sisters) < FEWEST_SISTERS:
        return None
    lower, median, upper = quantiles(sisters, n=4, method="inclusive")
    reach = (upper - lower) * Fraction(3, 2)
    return Sisters(
        len(sisters), min(sisters), lower, median, upper, max(sisters), not lower - reach <= own <= upper + reach
    )


def _only_base(cell: Cell) -> int | None:
    """The one number of complete rows of which the share can be one."""
    gaps = sum(blank - cell.abstained for blank in cell.blanks)
    most, least = cell.ballots - max(cell.blanks), cell.ballots - cell.abstained - gaps
    fits = [base for base in range(max(1, least), most + 1) if _fits(cell.straight, base)]
    return fits[0] if len(fits) == 1 else None


def _fits(share: float | None, base: int) -> bool:
    """Whether a share is one of so many rows; of none there is no share."""
    return (share is None) if not base else share is not None and round(share * base) / base == share


def _is_straight(side: Side) -> bool:
    found = side.straight
    if found is None or side.chance is None or found.rows < FEWEST_TO_WONDER:
        return False
    return found.hits >= STRAIGHT * found.rows and side.chance < BY_CHANCE
