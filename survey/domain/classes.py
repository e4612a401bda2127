"""Numbers and days in classes: what people gave freely is never shown value by value, and its ends not at all.

The highest salary or the oldest age of a hall names a person. So the classes are laid over the answers without their
outermost tenth, at least one at each end, and the first and the last class are open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count

from survey.domain.questionnaires import Kind, Question
from survey.domain.rounds import FEWEST

MOST_CLASSES = 8
MOST_DAY_CLASSES = 12
# Months of a class of days: a month, a year, five, ten, fifty years.
_SPANS = (1, 12, 60, 120, 600)


@dataclass(frozen=True, slots=True)
class Class:
    """Answers from `low` to `high`, both of them inside; None is open. Days are ordinals."""

    low: int | None
    high: int | None
    ballots: int


def classes(question: Question, counts: Mapping[int, int]) -> tuple[Class, ...]:
    """The answers to a number or a date, by value, as classes; () when there are fewer than five."""
    values = sorted(value for value, ballots in counts.items() for _ in range(ballots))
    if len(values) < FEWEST:
        return ()
    cut = max(1, len(values) // 10)
    edges = _edges(question.kind, values[cut], values[-1 - cut])
    sums = [0] * len(edges)
    for value in values:
        sums[max(0, sum(edge <= value for edge in edges) - 1)] += 1
    # What the question allows is no secret.
    first, last = (question.low, question.high) if question.kind is Kind.NUMBER else (None, None)
    lows = [first, *edges[1:]]
    highs = [*(edge - 1 for edge in edges[1:]), last]
    return tuple(Class(low, high, ballots) for low, high, ballots in zip(lows, highs, sums, strict=True))


def _edges(kind: Kind, low: int, high: int) -> list[int]:
    """Where classes begin that cover low to high."""
    if kind is Kind.NUMBER:
        width = next(each for each in _widths() if high // each - low // each < MOST_CLASSES)
        return [place * width for place in range(low // width, high // width + 1)]
    months = [_month(each) for each in (low, high)]
    span = next(s for s in _SPANS if months[1] // s - months[0] // s < MOST_DAY_CLASSES)
    places = range(months[0] // span, months[1] // span + 1)
    return [date(place * span // 12, place * span % 12 + 1, 1).toordinal() for place in places]


def _widths() -> Iterable[int]:
    return (step * 10**power for power in count() for step in (1, 2, 5))


def _month(ordinal: int) -> int:
    day = date.fromordinal(ordinal)
    return day.year * 12 + day.month - 1
