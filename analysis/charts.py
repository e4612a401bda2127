"""Draw: stacked bars per question, members side by side; as SVG and PNG that read the same everywhere, also in grey."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final
from xml.sax.saxutils import escape

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.drawings import CHIP, DPI, ROW, THICK, Drawing, Mark, fitted
from analysis.frames import Frame, frame_of
from analysis.labels import CHINESE, Labels
from analysis.letters import legible, shortened, width
from analysis.satisfaction import Base, Figures, Role, Scale, figures, mean, percent, pooled
from analysis.style import INK, INK_2, LINE, LINE_STRONG, NOTE, SIZE, Look, looks

A_PAGE: Final = 25
NO_DATA: Final = "–"

# A row's own mark moves its label so far; so far a label keeps from the bars, and an interval from the bar above it.
_MARKED: Final = 15.0
_APART: Final = 8.0
_BELOW: Final = 2.4
# From one line of the legend to the next.
_LEGEND: Final = 16.0


@dataclass(frozen=True)
class Bar:
    """One row of a picture: a question, or a member. `counts` None: too few people, hidden. `mark` tells rows of several
    units or rounds apart. `weighted` is the narrow rate by the weights of the groups, in [0, 1]."""

    label: str
    counts: Mapping[str, int] | None
    blank: int = 0
    total: bool = False
    mark: Mark | None = None
    weighted: Fraction | None = None


@dataclass(frozen=True)
class Words:
    """What stands in a picture beside the bars: its title, the heading of the labels, a last line. `is_narrow`: as wide as a
    phone, each label above its bar."""

    title: str
    head: str = ""
    note: str = ""
    decimals: int = 1
    labels: Labels = CHINESE
    is_narrow: bool = False


def stacked(bars: Sequence[Bar], *, scale: Scale, words: Words, whole: bool = True) -> Figure:
    """One bar per question and, when `whole` and more than one is shown, all of them together as the last.

    The questions together are left out when one of them is hidden: the difference would give it away.
    """
    rows = list(bars)
    seen = [bar for bar in rows if bar.counts is not None]
    if whole and len(seen) == len(rows) > 1:
        rows.append(_together(seen, words.labels.total))
    return drawn(rows, scale=scale, words=words)


def side_by_side(bars: Sequence[Bar], *, scale: Scale, words: Words, whole: Bar | None = None) -> Figure:
    """Up to 25 members, a bar each, in the order given; `whole`, if any, stands above them for comparison.

    Raises
    ------
    ValueError
        More than 25: use `pages`.
    """
    if len(bars) > A_PAGE:
        raise ValueError(f"{len(bars)} bars do not fit on one page of {A_PAGE}")
    return drawn([*([whole] if whole else []), *bars], scale=scale, words=words)


def pages(bars: Sequence[Bar], size: int = A_PAGE) -> list[Sequence[Bar]]:
    """The bars in pages, as even as can be, none longer than `size`; at least one page."""
    many = max(1, -(-len(bars) // size))
    cuts = [round(page * len(bars) / many) for page in range(many + 1)]
    return [bars[start:end] for start, end in pairwise(cuts)]


def drawn(rows: Sequence[Bar | str], *, scale: Scale, words: Words) -> Figure:
    """Rows under each other; a text alone is the heading of those after it."""
    is_weighted = any(not isinstance(row, str) and row.weighted is not None for row in rows)
    frame = frame_of(3 + scale.scored + is_weighted, is_narrow=words.is_narrow)
    painted = looks(scale.levels)
    legend = _legend(painted, frame, frame.legend(words.title))
    figured = [_figured(row, scale) for row in rows]
    said = words.note or rates_are(scale, words.labels) + words.labels.bars
    said += words.labels.ranges if any(found is not None and found.low is not None for found in figured) else ""
    head = frame.head(words.title, more=round((legend[-1][1][1] - legend[0][1][1]) / _LEGEND) if legend else 0)
    tall = [ROW if isinstance(row, str) else frame.row for row in rows]
    height = head + sum(tall) + frame.foot(said)
    drawing = Drawing(words.title, height, wide=frame.wide)
    for look, (x, y) in legend:
        drawing.boxes([(x, x + 18, y)], look, thick=10.0)
        drawing.write((x + 23, y), shortened(look.level.label, 10), size=SIZE - 0.5)
    names = [words.labels.narrow, words.labels.wide, words.labels.valid, *[words.labels.score] * scale.scored, *[words.labels.weighted] * is_weighted]
    _heads(drawing, words, names, frame=frame, ends=(head, head + sum(tall)))
    segments: dict[str, list[tuple[float, float, float]]] = {look.level.code: [] for look in painted}
    chips: list[tuple[float, float]] = []
    ranges: list[list[tuple[float, float]]] = []
    for place, (row, found) in enumerate(zip(rows, figured, strict=True)):
        middle = head + sum(tall[:place]) + tall[place] / 2
        if isinstance(row, str):
            drawing.write((frame.left, middle), shortened(row, frame.room))
            drawing.rules([((frame.left, middle - ROW / 2), (frame.columns[-1], middle - ROW / 2))] if place else [], LINE, 0.8)
            continue
        _label(drawing, row, middle - frame.lift, frame=frame)
        middle += frame.lift
        if found is None:
            chips.append((frame.bar[0], middle))
            drawing.write((frame.bar[0] + CHIP + 6, middle), words.labels.too_few, colour=INK_2)
            continue
        _numbers(drawing, found, words=words, frame=frame, middle=middle)
        if row.weighted is not None:
            text = _said(percent(row.weighted.numerator, row.weighted.denominator, words.decimals))
            drawing.write((frame.columns[2 + scale.scored + is_weighted], middle), text, across="right")
        ranges += _range(found, frame.bar, middle)
        for code, piece in _segments(found, painted, (frame.bar, middle)):
            segments[code].append(piece)
    for look in painted:
        drawing.boxes(segments[look.level.code], look)
    drawing.chips(chips)
    drawing.rules(ranges, INK, 0.9)
    drawing.note(said, height)
    return drawing.finished()


def svg(figure: Figure, told: str = "") -> bytes:
    """The picture as SVG, the same bytes for the same picture.

    Letters are outlines, each character once: a viewer without a Chinese font sees the same as any other. The
    picture's title, and what is `told` of it, are in the file as text, for screen readers and for search.
    """
    out = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "pingyi", "hatch.linewidth": 0.7}):
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None, "Title": figure.get_label()})
    # matplotlib writes 15 digits; a hundredth of a point is finer than any printer, and the file is half as long.
    # The scale of the letters (1/64) stays whole, or they shrink by a third.
    short = re.sub(rb"(scale\([^)]*\))|(\d+\.\d{2})\d+", rb"\1\2", out.getvalue())
    marked = short.replace(b"<svg ", b'<svg role="img" ', 1)
    return marked.replace(b"</title>", f"</title><desc>{escape(legible(told))}</desc>".encode(), 1) if told else marked


def png(figure: Figure) -> bytes:
    """The picture as PNG at 144 dots per inch, the same bytes for the same picture."""
    out = io.BytesIO()
    # To write a figure as SVG or PDF leaves it at 72.
    figure.set_dpi(DPI)
    with matplotlib.rc_context({"hatch.linewidth": 0.7}):
        FigureCanvasAgg(figure).print_png(out, metadata={"Software": None}, pil_kwargs={"compress_level": 2})
    return out.getvalue()


def pdf(figure: Figure) -> bytes:
    """The picture as a page of PDF of its own size, the same bytes for the same picture."""
    out = io.BytesIO()
    kept = {"Title": figure.get_label(), "CreationDate": None, "Creator": None, "Producer": None}
    with matplotlib.rc_context({"hatch.linewidth": 0.7}):
        FigureCanvasPdf(figure).print_pdf(out, metadata=kept)
    return out.getvalue()


def _together(bars: Sequence[Bar], label: str) -> Bar:
    counts: dict[str, int] = {}
    for bar in bars:
        for code, number in (bar.counts or {}).items():
            counts[code] = counts.get(code, 0) + number
    return Bar(label, counts, sum(bar.blank for bar in bars), total=True)


def _label(drawing: Drawing, bar: Bar, middle: float, *, frame: Frame) -> None:
    if bar.mark is not None:
        drawing.marks([(frame.left + 6, middle)], bar.mark)
    left = frame.left + (_MARKED if bar.mark is not None else 0.0)
    if frame.is_narrow:
        drawing.write((left, middle), fitted(bar.label, (frame.wide - frame.left - left) / SIZE))
    else:
        drawing.name((left, middle), bar.label, frame.bar[0] - _APART - left)


def _figured(row: Bar | str, scale: Scale) -> Figures | None:
    """What a row says; None of a heading, and where too few were asked."""
    if isinstance(row, str) or row.counts is None:
        return None
    found = figures(row.counts, scale=scale, blank=row.blank)
    return pooled([found]) if row.total else found


def _range(found: Figures, bar: tuple[float, float], middle: float) -> list[list[tuple[float, float]]]:
    """Below a bar its interval, from end to end, with the rate in it; none where several questions are one bar."""
    if found.low is None or found.high is None or found.narrow is None:
        return []
    y = middle + THICK / 2 + _BELOW
    low, rate, high = (bar[0] + (bar[1] - bar[0]) * share for share in (found.low, found.narrow, found.high))
    ticks = [[(x, y - half), (x, y + half)] for x, half in ((low, 1.5), (rate, 2.3), (high, 1.5))]
    return [[(low, y), (high, y)], *ticks]


def _legend(painted: Sequence[Look], frame: Frame, top: float) -> list[tuple[Look, tuple[float, float]]]:
    """Where each answer is named: in one line, on a phone in several."""
    x, y, found = frame.left, top, []
    for look in painted:
        wide = 23 + (SIZE - 0.5) * width(shortened(look.level.label, 10))
        if frame.is_narrow and x > frame.left and x + wide > frame.wide - frame.left:
            x, y = frame.left, y + _LEGEND
        found.append((look, (x, y)))
        x += wide + 16
    return found


def _heads(drawing: Drawing, words: Words, names: Sequence[str], *, frame: Frame, ends: tuple[float, float]) -> None:
    said, (head, bottom), (begin, end) = words.labels, ends, frame.bar
    if frame.is_narrow:
        rooms = [right - left - 3 for left, right in pairwise((end, *frame.columns))]
        names = [fitted(text.removesuffix(" %"), room / NOTE) for text, room in zip(names, rooms, strict=False)]
    else:
        drawing.write((frame.left, head - 14), shortened(words.head or said.question, 15), size=NOTE, colour=INK_2)
    for x, text in zip(frame.columns, names, strict=False):
        drawing.write((x, head - 14), text, size=NOTE, colour=INK_2, across="right")
    for share in (0, 50, 100) if frame.is_narrow else (0, 25, 50, 75, 100):
        drawing.write((begin + (end - begin) * share / 100, head - 14), f"{share}", size=NOTE - 1, colour=INK_2, across="center")
    grid = [((x, head - 4), (x, bottom)) for x in (begin + (end - begin) * part / 4 for part in range(5))]
    drawing.rules([] if frame.is_narrow else grid, LINE, 0.8)
    right = frame.columns[-1]
    drawing.rules([((frame.left, head - 4), (right, head - 4)), ((frame.left, bottom), (right, bottom))], LINE_STRONG, 0.8)


def _numbers(drawing: Drawing, found: Figures, *, words: Words, frame: Frame, middle: float) -> None:
    texts = [_said(percent(found.satisfied, found.valid, words.decimals)),
             _said(percent(found.satisfied + found.basic, found.valid, words.decimals)), f"{found.valid}"]
    if found.earned is not None:
        texts.append(_said(mean(found.earned, found.known, words.decimals)))
    for x, text in zip(frame.columns, texts, strict=False):
        drawing.write((x, middle), text, across="right")


def _segments(found: Figures, painted: Sequence[Look], spot: tuple[tuple[float, float], float]) -> list[tuple[str, tuple[float, float, float]]]:
    total = sum(found.counts[look.level.code] for look in painted)
    if not total:
        return []
    (begin, end), middle = spot
    pieces, before, wide = [], 0, end - begin
    for look in painted:
        number = found.counts[look.level.code]
        if number:
            ends = (begin + wide * before / total, begin + wide * (before + number) / total)
            pieces.append((look.level.code, (*ends, middle)))
        before += number
    return pieces


def rates_are(scale: Scale, said: Labels) -> str:
    """How the rates of a scale are made; the sentence has no end yet."""
    wide = said.wide_is if scale.codes(Role.BASIC) else said.no_basic
    unknown = scale.codes(Role.UNKNOWN)
    inside = "" if not unknown else said.with_unknown if scale.base is Base.VALID else said.without_unknown
    abstained = said.without_abstained if scale.codes(Role.ABSTAIN) else ""
    return f"{said.narrow_is}{inside}{wide}{abstained}"


def _said(number: Decimal | None) -> str:
    return NO_DATA if number is None else f"{number}"
