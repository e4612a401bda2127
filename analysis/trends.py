"""Draw a unit or member over rounds: the narrow and the wide rate as two lines in ink, the base under each round."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from matplotlib.figure import Figure

from analysis.drawings import CHIP, LEFT, WIDTH, Drawing, Mark, Point, box, fitted, wrapped
from analysis.labels import CHINESE, Labels
from analysis.letters import width
from analysis.shares import Share, at, printed, said
from analysis.style import INK, INK_2, LINE, LINE_STRONG, NOTE, SIZE

PLOT: Final = (58.0, 600.0)
TOP: Final = 66.0
BOTTOM: Final = 246.0
# Where the lowest line of the scale lies: below it there is room for a number, and for the chip of a hidden round.
FOOT: Final = BOTTOM - 22
HEIGHT: Final = 324.0
# The lowest rate stands so far above the foot of the picture, in per cent; no fewer per cent are shown.
_ROOM: Final = 5
_FEWEST: Final = 30
_APART: Final = 14.0
# Numbers are written at so wide a distance at least, else at every other round.
_WRITTEN: Final = 36.0
# So wide may be what names the threshold.
_NAMED: Final = 70.0
# Room before the first round, where the threshold is named, and after the last.
_EDGES: Final = (100.0, 30.0)


@dataclass(frozen=True)
class Turn:
    """One round. `share` None: hidden, or not to be compared, and `word` says so under it. No line leads to a round that `is_apart`."""

    label: str
    share: Share | None
    word: str = ""
    is_apart: bool = False


@dataclass(frozen=True)
class Trend:
    """Everything the picture shows; the first round first. `line` is the threshold of the narrow rate in per cent."""

    title: str
    turns: tuple[Turn, ...]
    line: Fraction | None = None
    note: str = ""
    decimals: int = 1
    labels: Labels = CHINESE


def trend(plan: Trend) -> Figure:
    """The picture. Intervals stand where a single question is shown."""
    drawing = Drawing(plan.title, HEIGHT)
    seen = [turn.share for turn in plan.turns if turn.share is not None and turn.share.valid]
    floor = _floor(seen, plan.line)
    _grid(drawing, floor, plan)
    xs = _places(len(plan.turns))
    _under(drawing, plan, xs)
    if seen:
        ends = []
        for mark, name, narrow in ((Mark.CIRCLE, plan.labels.narrow, True), (Mark.SQUARE, plan.labels.wide, False)):
            drawing.rules(_pieces(plan, xs, floor, is_narrow=narrow), INK, 1.7 if narrow else 1.0)
            points = _points(plan, xs, floor, is_narrow=narrow)
            drawing.marks([point for _turn, point in points], mark)
            ends.append((points[-1][1][1], name, mark))
        _intervals(drawing, plan, xs, floor)
        _numbers(drawing, plan, xs, floor)
        _ends(drawing, ends)
    else:
        drawing.write(((PLOT[0] + PLOT[1]) / 2, (TOP + BOTTOM) / 2), plan.labels.nothing, colour=INK_2, across="center")
    drawing.note(plan.note, HEIGHT)
    return drawing.finished()


def told(plan: Trend) -> str:
    """The picture in words."""
    words, parts = plan.labels, []
    for turn in plan.turns:
        parts.append(f"{turn.label}{words.after}{_word(turn, plan)}{words.stop}")
    return "".join(parts) or words.nothing


def _word(turn: Turn, plan: Trend) -> str:
    if turn.share is None:
        return turn.word or plan.labels.too_few
    return said(turn.share, plan.labels, plan.decimals)


def _floor(seen: Sequence[Share], line: Fraction | None) -> int:
    """The foot of the picture in per cent: a whole ten, or a whole twenty where much is shown."""
    lowest = min([100.0, *(at(each.satisfied, each.valid) for each in seen), *(each.interval[0] for each in seen if each.interval),
                  *([float(line)] if line is not None and seen else [])])
    floor = max(0, min(100 - _FEWEST, int((lowest - _ROOM) // 10) * 10))
    return floor if floor >= 50 or not seen else floor // 20 * 20


def _y(share: float, floor: int) -> float:
    return FOOT - (FOOT - TOP) * (share - floor) / (100 - floor)


def _places(many: int) -> list[float]:
    if many < 2:
        return [(PLOT[0] + PLOT[1]) / 2] * many
    step = (PLOT[1] - PLOT[0] - sum(_EDGES)) / (many - 1)
    return [PLOT[0] + _EDGES[0] + step * place for place in range(many)]


def _grid(drawing: Drawing, floor: int, plan: Trend) -> None:
    steps = range(floor, 101, 10 if floor >= 50 else 20)
    drawing.rules([((PLOT[0], _y(step, floor)), (PLOT[1], _y(step, floor))) for step in steps], LINE, 0.8)
    drawing.rules([((PLOT[0], BOTTOM), (PLOT[1], BOTTOM))], LINE_STRONG, 0.8)
    for step in steps:
        drawing.write((PLOT[0] - 8, _y(step, floor)), f"{step}", size=NOTE, colour=INK_2, across="right")
    drawing.write((LEFT, TOP - 20), "%", size=NOTE, colour=INK_2)
    if plan.line is not None and plan.line >= floor:
        y = _y(float(plan.line), floor)
        drawing.rules([((PLOT[0], y), (PLOT[1], y))], INK, 1.1, dashed=True)
        # No number of the first round reaches so far to the left.
        drawing.write((PLOT[0] + 4, y - 7), fitted(f"{plan.labels.line} {float(plan.line):g}", _NAMED / NOTE), size=NOTE, colour=INK_2)


def _under(drawing: Drawing, plan: Trend, xs: Sequence[float]) -> None:
    """The name of each round, and its base or why there is none."""
    steps = [right - left for left, right in pairwise(xs)]
    room = min([*steps, *(2 * (x - LEFT) for x in xs), *(2 * (WIDTH - LEFT - x) for x in xs)], default=0.0) - 6
    chips = []
    for x, turn in zip(xs, plan.turns, strict=True):
        for place, text in enumerate(wrapped(turn.label, room / NOTE, 2)):
            drawing.write((x, BOTTOM + 14 + 12 * place), text, size=NOTE, across="center")
        # The chip says “too few”; what is not to be compared has its word alone.
        if turn.share is None and turn.word in ("", plan.labels.too_few):
            chips.append((x - CHIP / 2, BOTTOM - 11))
        word = _word(turn, plan) if turn.share is None else f"{plan.labels.valid} {turn.share.valid}"
        drawing.write((x, BOTTOM + 40), fitted(word, max(2.0, room / NOTE)), size=NOTE, colour=INK_2, across="center")
    drawing.chips(chips)


def _points(plan: Trend, xs: Sequence[float], floor: int, *, is_narrow: bool) -> list[tuple[Turn, Point]]:
    return [
        (turn, (x, _y(at(turn.share.satisfied if is_narrow else turn.share.wide, turn.share.valid), floor)))
        for x, turn in zip(xs, plan.turns, strict=True) if turn.share is not None and turn.share.valid
    ]


def _pieces(plan: Trend, xs: Sequence[float], floor: int, *, is_narrow: bool) -> list[list[Point]]:
    """The line, broken where a round is hidden, has no answers, or is not to be compared with the one before."""
    pieces: list[list[Point]] = [[]]
    spots = {x: point for _turn, (x, y) in _points(plan, xs, floor, is_narrow=is_narrow) for point in [(x, y)]}
    for x, turn in zip(xs, plan.turns, strict=True):
        if x not in spots or turn.is_apart:
            pieces.append([])
        if x in spots:
            pieces[-1].append(spots[x])
    return [piece for piece in pieces if len(piece) > 1]


def _intervals(drawing: Drawing, plan: Trend, xs: Sequence[float], floor: int) -> None:
    rules = []
    for x, turn in zip(xs, plan.turns, strict=True):
        if turn.share is not None and turn.share.interval is not None:
            low, high = (_y(edge, floor) for edge in turn.share.interval)
            rules += [((x, low), (x, high)), ((x - 4, low), (x + 4, low)), ((x - 4, high), (x + 4, high))]
    drawing.rules(rules, INK, 0.9)


def _numbers(drawing: Drawing, plan: Trend, xs: Sequence[float], floor: int) -> None:
    """The wide rate above its mark, the narrow one below its own, or below its interval."""
    every = 1 if len(xs) < 2 else max(1, round(_WRITTEN / (xs[1] - xs[0]) + 0.49))
    last = len(xs) - 1
    room: list[Sequence[Point]] = []
    for place, (x, turn) in enumerate(zip(xs, plan.turns, strict=True)):
        share = turn.share
        if share is None or not share.valid or (last - place) % every:
            continue
        narrow, wide = at(share.satisfied, share.valid), at(share.wide, share.valid)
        low, high = share.interval or (narrow, narrow)
        above = _y(max(wide, high), floor) - 11
        below = _y(low, floor) + 12
        for y, part in ((above, share.wide), (below, share.satisfied)):
            text = printed(part, share.valid, plan.decimals)
            half = (SIZE - 1) * width(text) / 2 + 1
            room.append(box(x - half, y - 5, x + half, y + 5))
            drawing.write((x, y), text, size=SIZE - 1, across="center")
    drawing.ground(room)


def _ends(drawing: Drawing, ends: Sequence[tuple[float, str, Mark]]) -> None:
    """The name of each line where it ends; two that end close together are moved apart."""
    (low, narrow, circle), (high, wide, square) = ends
    if low - high < _APART:
        middle = (low + high) / 2
        low, high = middle + _APART / 2, middle - _APART / 2
    for y, name, mark in ((low, narrow, circle), (high, wide, square)):
        drawing.marks([(PLOT[1] + 16, y)], mark)
        drawing.write((PLOT[1] + 25, y), fitted(name, min(width(name), (WIDTH - PLOT[1] - 40) / SIZE)))
