"""Several of a kind side by side: units, members, groups or rounds, told question by question, with the differences to the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from analysis.charts import Bar
from analysis.comparisons import MOST, Block, comparison_pages
from survey.web.board.changes import Why
from survey.web.board.figures import Rate
from survey.web.board.others import NO_DATA
from survey.web.board.roll_ups import Line, Part
from survey.web.board.weights import Mean

FEWEST = 2


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of those compared: `part` is None when too few were asked. `why` says why no difference to it may be told. `weighted` is
    said of all its ratings together; `is_doubtful`: nothing but the best was said of it."""

    label: str
    href: str
    part: Part | None
    is_with_below: bool = False
    why: Why | None = None
    weighted: Mean | None = None
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What one of those compared has in a row: a rate, or a question for points; nothing when it was not asked.

    `narrow`, `wide` are how far it lies from the first that has one, in points of a per cent; `points` the same of a score;
    `why` is why that is not said.
    """

    who: Chosen
    rate: Rate | None = None
    score: Line | None = None
    narrow: Decimal | None = None
    wide: Decimal | None = None
    points: Decimal | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A question, or all ratings together: then `text` is empty."""

    text: str
    cells: tuple[Cell, ...]


def fits(many: int) -> bool:
    """Whether so many can be told side by side."""
    return FEWEST <= many <= MOST


def tables(compared: Sequence[Chosen]) -> tuple[Table, ...]:
    """All ratings together first, then every question that one of them was asked, in the order of the forms."""
    rated = dict.fromkeys(line.question.text for each in _parts(compared) for line, _rate in each.rated)
    scored = dict.fromkeys(line.question.text for each in _parts(compared) for line in each.scores)
    found = [Table("", _rates(compared, [None if each.part is None else each.part.whole for each in compared], is_whole=True))] if rated else []
    found += [Table(text, _rates(compared, [_rate(each.part, text) for each in compared])) for text in rated]
    return (*found, *(Table(text, _scores(compared, text)) for text in scored))


def pictures_of(compared: int, questions: int) -> range:
    """The numbers of the pictures that so many, compared by so many questions and all together, take."""
    block = Block("", (Bar("", None),) * compared)
    return range(1, 1 + len(comparison_pages([block] * (questions + 1))))


def drawn_of(compared: Sequence[Chosen]) -> range:
    """The numbers of the pictures of these."""
    return pictures_of(len(compared), len({line.question.text for each in _parts(compared) for line, _rate in each.rated}))


def _parts(compared: Iterable[Chosen]) -> list[Part]:
    return [each.part for each in compared if each.part is not None]


def _rate(part: Part | None, text: str) -> Rate | None:
    return None if part is None else next((rate for line, rate in part.rated if line.question.text == text), None)


def _rates(compared: Sequence[Chosen], rates: Sequence[Rate | None], *, is_whole: bool = False) -> tuple[Cell, ...]:
    first = next(((who, rate) for who, rate in zip(compared, rates, strict=True) if rate is not None and rate.valid), None)
    found = []
    for who, rate in zip(compared, rates, strict=True):
        if first is None or rate is None or who is first[0]:
            found.append(Cell(who, rate))
            continue
        other = Why.ASKED if is_whole and _asked(who) != _asked(first[0]) else Why.ANSWERS if rate.scale != first[1].scale else None
        why = who.why or first[0].why or other or (None if rate.valid else Why.EMPTY)
        # The difference of what is printed: whoever subtracts the two finds the same.
        moved = (None, None) if why else (_apart(rate.narrow, first[1].narrow), _apart(rate.wide, first[1].wide))
        found.append(Cell(who, rate, None, *moved, why=why))
    return tuple(found)


def _scores(compared: Sequence[Chosen], text: str) -> tuple[Cell, ...]:
    lines = [None if each.part is None else next((line for line in each.part.scores if line.question.text == text), None) for each in compared]
    first = next(((who, line) for who, line in zip(compared, lines, strict=True) if line is not None and line.n), None)
    found = []
    for who, line in zip(compared, lines, strict=True):
        if first is None or line is None or who is first[0]:
            found.append(Cell(who, score=line))
            continue
        why = who.why or first[0].why or (None if line.n else Why.EMPTY)
        found.append(Cell(who, score=line, points=None if why else _apart(line.mean, first[1].mean), why=why))
    return tuple(found)


def _asked(who: Chosen) -> frozenset[object]:
    return frozenset((line.question.text, rate.scale) for line, rate in who.part.rated) if who.part is not None else frozenset()


def _apart(one: str, other: str) -> Decimal | None:
    return None if NO_DATA in (one, other) else Decimal(one) - Decimal(other)
