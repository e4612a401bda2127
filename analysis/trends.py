"""Draw a unit or member over rounds: the narrow and the wide rate as two lines in ink, the base under each round."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Final

from matplotlib.figure import Figure

from analysis.drawings import (
    CHIP,
    LEFT,
    PHONE,
    PHONE_LEFT,
    WIDTH,
    Drawing,
    Mark,
    Point,
    box,
    fitted,
    noted,
    titled,
    wrapped,
)
from analysis.letters import width
from analysis.shares import Share, at, printed
from analysis.style import INK, INK_2, LINE, LINE_STRONG, NOTE, SIZE
from analysis.trend_plans import Trend as Trend
from analysis.trend_plans import Turn as Turn
from analysis.trend_plans import lines, weighted, word
from analysis.trend_plans import told as told

PLOT: Final = (58.0, 600.0)
TOP: Final = 66.0
BOTTOM: Final = 246.0
# The lowest line of the scale lies so far above the foot: there is room for a number, and for the chip of a hidden round.
_UP: Final = 22.0
FOOT: Final = BOTTOM - _UP
# The lowest rate stands so far above the foot of the picture, in per cent; no fewer per cent are shown.
_ROOM: Final = 5
_FEWEST: Final = 30
_APART: Final = 14.0
# So wide may be what names the threshold.
_NAMED: Final = 70.0
# From one line of letters under a round, or of the legend of a phone, to the next.
_LINE: Final = 12.0
_LEGEND: Final = 16.0


@dataclass(frozen=True)
class _Frame:
    """Where the picture stands. `edges`: room before the first round, where the threshold is named, and after the last; numbers
    are `written` at so wide a distance at least, else at every other round; `labels`, `words`: so many lines under a round."""

    wide: float = WIDTH
    left: float = LEFT
    plot: tuple[float, float] = PLOT
    top: float = TOP
    edges: tuple[float, float] = (100.0, 30.0)
    written: float = 36.0
    labels: int = 2
    words: int = 1

    @property
    def is_narrow(self) -> bool:
        return self.wide < WIDTH

    @property
    def bottom(self) -> float:
        return self.top + BOTTOM - TOP

    @property
    def foot(self) -> float:
        return self.bottom - _UP


@dataclass(frozen=True)
class _Sheet:
    """A plan on its drawing: where each round stands, and the foot of the scale in per cent."""

    drawing: Drawing
    plan: Trend
    frame: _Frame
    xs: Sequence[float]
    floor: int

    def y(self, share: float) -> float:
        """How deep a share in per cent stands."""
        return self.frame.foot - (self.frame.foot - self.frame.top) * (share - self.floor) / (100 - self.floor)


def trend(plan: Trend) -> Figure:
    """The picture. Intervals stand where a single question is shown."""
    seen = [turn.share for turn in plan.turns if turn.share is not None and turn.share.valid]
    legend, frame = _legend(plan) if plan.is_narrow else ([], _Frame())
    xs = _places(len(plan.turns), frame)
    under = _under(plan, frame, xs)
    height = _height(plan, frame, under)
    sheet = _Sheet(Drawing(plan.title, height, wide=frame.wide), plan, frame, xs, _floor(seen, plan))
    _grid(sheet)
    _write(sheet, under)
    if seen:
        ends = []
        for mark, name, share in lines(plan):
            points = _points(sheet, share)
            sheet.drawing.rules(_pieces(sheet, points), INK, 1.7 if mark is Mark.CIRCLE else 1.0)
            sheet.drawing.marks([point for _turn, point in points], mark)
            ends += [(points[-1][1][1], name, mark)] if points else []
        _intervals(sheet)
        _numbers(sheet)
        if plan.is_narrow:
            _named(sheet, legend)
        else:
            _ends(sheet.drawing, ends)
    else:
        middle = ((frame.plot[0] + frame.plot[1]) / 2, (frame.top + frame.bottom) / 2)
        sheet.drawing.write(middle, plan.labels.nothing, colour=INK_2, across="center")
    sheet.drawing.note(plan.note, height)
    return sheet.drawing.finished()


def _legend(plan: Trend) -> tuple[list[tuple[Point, str, Mark | None]], _Frame]:
    """What each line is called, above the picture of a phone; the threshold has no mark. The picture begins below."""
    names: list[tuple[str, Mark | None]] = [(name, mark) for mark, name, _share in lines(plan)]
    names += [(f"{plan.labels.line} {float(plan.line):g}", None)] if plan.line is not None else []
    x, y, found = PHONE_LEFT, 22.0 + 16 * len(titled(plan.title, PHONE)), []
    for name, mark in names:
        wide = 16 + SIZE * width(name)
        if x > PHONE_LEFT and x + wide > PHONE - PHONE_LEFT:
            x, y = PHONE_LEFT, y + _LEGEND
        found.append(((x, y), name, mark))
        x += wide + 12
    plot = (30.0, PHONE - PHONE_LEFT)
    return found, _Frame(PHONE, PHONE_LEFT, plot, y + 34, edges=(22.0, 20.0), written=30.0, labels=5, words=3)


def _named(sheet: _Sheet, legend: Sequence[tuple[Point, str, Mark | None]]) -> None:
    for (x, y), name, mark in legend:
        if mark is None:
            sheet.drawing.rules([((x, y), (x + 11, y))], INK, 1.1, dashed=True)
        else:
            sheet.drawing.marks([(x + 5, y)], mark)
        sheet.drawing.write((x + 15, y), name)


def _floor(seen: Sequence[Share], plan: Trend) -> int:
    """The foot of the picture in per cent: a whole ten, or a whole twenty where much is shown."""
    lowest = min([100.0, *(at(each.satisfied, each.valid) for each in seen), *(each.interval[0] for each in seen if each.interval),
                  *([float(plan.line)] if plan.line is not None and seen else []),
                  *(100 * float(turn.weighted) for turn in plan.turns if turn.weighted is not None)])
    floor = max(0, min(100 - _FEWEST, int((lowest - _ROOM) // 10) * 10))
    return floor if floor >= 50 or not seen else floor // 20 * 20


def _places(many: int, frame: _Frame) -> list[float]:
    left, right = frame.plot
    if many < 2:
        return [(left + right) / 2] * many
    step = (right - left - sum(frame.edges)) / (many - 1)
    return [left + frame.edges[0] + step * place for place in range(many)]


def _grid(sheet: _Sheet) -> None:
    drawing, plan, frame, (left, right) = sheet.drawing, sheet.plan, sheet.frame, sheet.frame.plot
    steps = range(sheet.floor, 101, 10 if sheet.floor >= 50 else 20)
    drawing.rules([((left, sheet.y(step)), (right, sheet.y(step))) for step in steps], LINE, 0.8)
    drawing.rules([((left, frame.bottom), (right, frame.bottom))], LINE_STRONG, 0.8)
    for step in steps:
        drawing.write((left - 8, sheet.y(step)), f"{step}", size=NOTE, colour=INK_2, across="right")
    drawing.write((frame.left, frame.top - (14 if frame.is_narrow else 20)), "%", size=NOTE, colour=INK_2)
    if plan.line is not None and plan.line >= sheet.floor:
        y = sheet.y(float(plan.line))
        drawing.rules([((left, y), (right, y))], INK, 1.1, dashed=True)
        if not frame.is_narrow:
            # No number of the first round reaches so far to the left.
            drawing.write((left + 4, y - 7), fitted(f"{plan.labels.line} {float(plan.line):g}", _NAMED / NOTE), size=NOTE, colour=INK_2)


def _under(plan: Trend, frame: _Frame, xs: Sequence[float]) -> list[tuple[list[str], list[str]]]:
    """By round the lines of its name, and those of its base or of why there is none; then its weighted rate."""
    steps = [right - left for left, right in pairwise(xs)]
    room = min([*steps, *(2 * (x - frame.left) for x in xs), *(2 * (frame.wide - frame.left - x) for x in xs)], default=0.0) - (3 if frame.is_narrow else 6)
    ems, found = max(2.0, room / NOTE), []
    for turn in plan.turns:
        words = [word(turn, plan)] if turn.share is None else [plan.labels.valid, f"{turn.share.valid}"] if frame.is_narrow else [f"{plan.labels.valid} {turn.share.valid}"]
        if turn.weighted is not None:
            words.append(f"{plan.labels.weighted.removesuffix(' %')} {weighted(turn.weighted, plan)}")
        found.append((wrapped(turn.label, room / NOTE, frame.labels), [line for word in words for line in wrapped(word, ems, frame.words)]))
    return found


def _write(sheet: _Sheet, under: Sequence[tuple[Sequence[str], Sequence[str]]]) -> None:
    drawing, plan, bottom, first = sheet.drawing, sheet.plan, sheet.frame.bottom, _first(sheet.frame, under)
    for x, (labels, words) in zip(sheet.xs, under, strict=True):
        for place, text in enumerate(labels):
            drawing.write((x, bottom + 14 + _LINE * place), text, size=NOTE, across="center")
        for place, text in enumerate(words):
            drawing.write((x, first + _LINE * place), text, size=NOTE, colour=INK_2, across="center")
    # The chip says “too few”; what is not to be compared has its word alone.
    few = [x for x, turn in zip(sheet.xs, plan.turns, strict=True) if turn.share is None and turn.word in ("", plan.labels.too_few)]
    drawing.chips([(x - CHIP / 2, bottom - 11) for x in few])


def _first(frame: _Frame, under: Sequence[tuple[Sequence[str], Sequence[str]]]) -> float:
    """How deep the base stands: below the names, which take two lines on a page and as many as they need on a phone."""
    lines = max([1, *(len(labels) for labels, _words in under)]) if frame.is_narrow else 2
    return frame.bottom + 14 + _LINE * lines + (4 if frame.is_narrow else 2)


def _height(plan: Trend, frame: _Frame, under: Sequence[tuple[Sequence[str], Sequence[str]]]) -> float:
    more = max([1, *(len(words) for _labels, words in under)]) - 1
    notes = 24.0 + _LINE * len(noted(plan.note, frame.wide)) if frame.is_narrow else 38.0
    return _first(frame, under) + _LINE * more + notes


def _points(sheet: _Sheet, share: Callable[[Turn, Share], float | None]) -> list[tuple[Turn, Point]]:
    some = [(turn, x, share(turn, turn.share)) for x, turn in zip(sheet.xs, sheet.plan.turns, strict=True) if turn.share is not None and turn.share.valid]
    return [(turn, (x, sheet.y(found))) for turn, x, found in some if found is not None]


def _pieces(sheet: _Sheet, points: Sequence[tuple[Turn, Point]]) -> list[list[Point]]:
    """The line, broken where a round is hidden, has no answers, or is not to be compared with the one before."""
    pieces: list[list[Point]] = [[]]
    spots = {x: (x, y) for _turn, (x, y) in points}
    for x, turn in zip(sheet.xs, sheet.plan.turns, strict=True):
        if x not in spots or turn.is_apart:
            pieces.append([])
        if x in spots:
            pieces[-1].append(spots[x])
    return [piece for piece in pieces if len(piece) > 1]


def _intervals(sheet: _Sheet) -> None:
    rules = []
    for x, turn in zip(sheet.xs, sheet.plan.turns, strict=True):
        if turn.share is not None and turn.share.interval is not None:
            low, high = (sheet.y(edge) for edge in turn.share.interval)
            rules += [((x, low), (x, high)), ((x - 4, low), (x + 4, low)), ((x - 4, high), (x + 4, high))]
    sheet.drawing.rules(rules, INK, 0.9)


def _numbers(sheet: _Sheet) -> None:
    """The wide rate above its mark, the narrow one below its own, or below its interval."""
    xs, plan = sheet.xs, sheet.plan
    every = 1 if len(xs) < 2 else max(1, round(sheet.frame.written / (xs[1] - xs[0]) + 0.49))
    last = len(xs) - 1
    room: list[Sequence[Point]] = []
    for place, (x, turn) in enumerate(zip(xs, plan.turns, strict=True)):
        share = turn.share
        if share is None or not share.valid or (last - place) % every:
            continue
        narrow, wide = at(share.satisfied, share.valid), at(share.wide, share.valid)
        low, high = share.interval or (narrow, narrow)
        above = sheet.y(max(wide, high)) - 11
        below = sheet.y(low) + 12
        for y, part in ((above, share.wide), (below, share.satisfied)):
            text = printed(part, share.valid, plan.decimals)
            half = (SIZE - 1) * width(text) / 2 + 1
            room.append(box(x - half, y - 5, x + half, y + 5))
            sheet.drawing.write((x, y), text, size=SIZE - 1, across="center")
    sheet.drawing.ground(room)


def _ends(drawing: Drawing, ends: Sequence[tuple[float, str, Mark]]) -> None:
    """The name of each line where it ends; those that end close together are moved apart."""
    found = sorted(ends, key=lambda each: (each[0], each[2] is Mark.CIRCLE))
    for y, (_at, name, mark) in reversed([*zip(_moved([each[0] for each in found]), found, strict=True)]):
        drawing.marks([(PLOT[1] + 16, y)], mark)
        drawing.write((PLOT[1] + 25, y), fitted(name, min(width(name), (WIDTH - PLOT[1] - 40) / SIZE)))


def _moved(ys: Sequence[float]) -> list[float]:
    """Heights from the top down, none nearer to the next than letters need, and together where they were."""
    crowds: list[list[float]] = []
    for y in ys:
        crowds.append([y])
        while len(crowds) > 1 and fmean(crowds[-1]) - fmean(crowds[-2]) < _APART * (len(crowds[-1]) + len(crowds[-2])) / 2:
            last = crowds.pop()
            crowds[-1] += last
    return [fmean(crowd) + _APART * (place - (len(crowd) - 1) / 2) for crowd in crowds for place in range(len(crowd))]
