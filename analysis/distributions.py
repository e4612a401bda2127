"""Draw how many units and members have which rate: a bar per class, the threshold across, how many are hidden below."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from matplotlib.figure import Figure

from analysis.drawings import LEFT, ROW, THICK, WIDTH, Drawing, Point, box, fitted
from analysis.labels import CHINESE, Labels
from analysis.letters import width
from analysis.shares import Share
from analysis.style import HEAT, INK, INK_2, LINE_STRONG, NOTE, PALE_EDGE, PALE_HATCH, SIZE

BAR: Final = (150.0, 560.0)
HEAD: Final = 62.0
FOOT: Final = 40.0
_BETWEEN: Final = 20.0


@dataclass(frozen=True)
class Class:
    """So many have a rate from `low` to below `high`, in per cent; the class that ends at 100 holds 100."""

    label: str
    low: int
    high: int
    number: int


@dataclass(frozen=True)
class Crowd:
    """The units, or the members, in classes. `few` are hidden, `empty` have no valid answer."""

    head: str
    classes: tuple[Class, ...]
    few: int = 0
    empty: int = 0

    @property
    def number(self) -> int:
        """How many stand in the classes."""
        return sum(each.number for each in self.classes)


@dataclass(frozen=True)
class Distribution:
    """Everything the picture shows. `line` is the threshold of the narrow rate in per cent."""

    title: str
    crowds: tuple[Crowd, ...]
    line: Fraction
    note: str = ""
    labels: Labels = CHINESE


def classed(shares: Iterable[Share], edges: Sequence[int]) -> tuple[int, ...]:
    """How many narrow rates lie from each edge to below the next; the last class holds its upper edge too.

    Parameters
    ----------
    shares : iterable of Share
        Those without a valid answer are in no class.
    edges : sequence of int, length n + 1
        In per cent, from 0 to 100, rising.

    Returns
    -------
    tuple of int, length n
    """
    found = [0] * (len(edges) - 1)
    for share in shares:
        if share.valid:
            place = bisect_right(edges, Fraction(100 * share.satisfied, share.valid)) - 1
            found[min(place, len(found) - 1)] += 1
    return tuple(found)


def distribution(plan: Distribution) -> Figure:
    """The picture: for each crowd a bar per class in the order given, its number written beside it."""
    height = HEAD + sum(_tall(crowd) for crowd in plan.crowds) + FOOT
    drawing = Drawing(plan.title, height)
    top = HEAD
    if not plan.crowds:
        drawing.write((LEFT, top), plan.labels.nothing, colour=INK_2)
    for crowd in plan.crowds:
        _crowd(drawing, crowd, plan, top=top)
        top += _tall(crowd)
    drawing.note(plan.note, height)
    return drawing.finished()


def told(plan: Distribution) -> str:
    """The picture in words."""
    said, parts = plan.labels, []
    for crowd in plan.crowds:
        rows = [f"{each.label} {each.number}" for each in crowd.classes]
        rows += [f"{word} {number}" for word, number in _hidden(crowd, said)]
        parts.append(f"{crowd.head}{said.after}{said.between.join(rows) or said.nothing}{said.stop}")
    return "".join(parts) or said.nothing


def _tall(crowd: Crowd) -> float:
    return ROW * (max(1, len(crowd.classes)) + sum(1 for number in (crowd.few, crowd.empty) if number)) + _BETWEEN + ROW


def _hidden(crowd: Crowd, said: Labels) -> list[tuple[str, int]]:
    return [(word, number) for word, number in ((said.too_few, crowd.few), (said.no_answer, crowd.empty)) if number]


def _crowd(drawing: Drawing, crowd: Crowd, plan: Distribution, *, top: float) -> None:
    first = top + ROW
    drawing.write((LEFT, top + 8), fitted(crowd.head, 20))
    drawing.write((BAR[0], top + 8), f"{plan.labels.all} {crowd.number}", size=NOTE, colour=INK_2)
    drawing.rules([((LEFT, first - 2), (WIDTH - LEFT, first - 2))], LINE_STRONG, 0.8)
    good: list[Sequence[Point]] = []
    poor: list[Sequence[Point]] = []
    for place, each in enumerate(crowd.classes):
        middle = first + ROW * (place + 0.5)
        end = _end(each, crowd)
        drawing.write((LEFT, middle), fitted(each.label, 11.5))
        drawing.write((end + 7, middle), f"{each.number}")
        if each.number:
            (good if each.low >= plan.line else poor).append(box(BAR[0], middle - THICK / 2, end, middle + THICK / 2))
    drawing.shapes(good, INK, edge=INK)
    drawing.shapes(poor, HEAT[0], edge=PALE_EDGE, hatch=PALE_HATCH)
    bottom = first + ROW * max(1, len(crowd.classes))
    if not crowd.classes:
        drawing.write((LEFT, first + ROW / 2), plan.labels.nothing, colour=INK_2)
    drawing.rules([((BAR[0], first - 2), (BAR[0], bottom))], LINE_STRONG, 0.8)
    _threshold(drawing, crowd, plan, top=first)
    for place, (word, number) in enumerate(_hidden(crowd, plan.labels)):
        middle = bottom + ROW * (place + 0.5)
        drawing.write((LEFT, middle), word, colour=INK_2)
        if word == plan.labels.too_few:
            drawing.chips([(BAR[0], middle)])
        drawing.write((BAR[0] + 29, middle), f"{number}", colour=INK_2)


def _end(each: Class, crowd: Crowd) -> float:
    longest = max([1, *(other.number for other in crowd.classes)])
    return BAR[0] + (BAR[1] - BAR[0]) * each.number / longest


def _threshold(drawing: Drawing, crowd: Crowd, plan: Distribution, *, top: float) -> None:
    """Across, where it lies among the classes: between two of them, or within one."""
    for place, each in enumerate(crowd.classes):
        if each.low <= plan.line < each.high or (plan.line == each.high == 100):
            y = top + ROW * (place + float((each.high - plan.line) / (each.high - each.low)))
            # Within a class it begins behind the number, which it would strike out.
            begin = LEFT if plan.line in (each.low, each.high) else _end(each, crowd) + 14 + SIZE * width(f"{each.number}")
            drawing.rules([((begin, y), (BAR[1] + 60, y))], INK, 1.1, dashed=True)
            said = f"{plan.labels.line} {float(plan.line):g}"
            drawing.write((WIDTH - LEFT, y), said, size=SIZE - 1, across="right")
            return
