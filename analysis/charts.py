"""Draw: stacked bars per question, members side by side; as SVG and PNG that read the same everywhere, also in grey."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final
from xml.sax.saxutils import escape

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.drawings import CHIP, DPI, LEFT, ROW, THICK, Drawing, Mark
from analysis.labels import CHINESE, Labels
from analysis.letters import legible, shortened, width
from analysis.satisfaction import Base, Figures, Role, Scale, figures, mean, percent, pooled
from analysis.style import INK, INK_2, LINE, LINE_STRONG, NOTE, SIZE, Look, looks

A_PAGE: Final = 25
NO_DATA: Final = "–"

# Points from the left and, for heights, from the top.
BAR: Final = (186.0, 486.0)
COLUMNS: Final = (548.0, 606.0, 656.0, 702.0)
HEAD: Final = 92.0
FOOT: Final = 44.0
# A row's own mark moves its label so far; so far a label keeps from the bars, and an interval from the bar above it.
_MARKED: Final = 15.0
_APART: Final = 8.0
_BELOW: Final = 2.4


@dataclass(frozen=True)
class Bar:
    """One row of a picture: a question, or a member. `counts` None: too few people, hidden. `mark` tells rows of several
    units or rounds apart."""

    label: str
    counts: Mapping[str, int] | None
    blank: int = 0
    total: bool = False
    mark: Mark | None = None


@dataclass(frozen=True)
class Words:
    """What stands in a picture beside the bars: its title, the heading of the labels, a last line."""

    title: str
    head: str = ""
    note: str = ""
    decimals: int = 1
    labels: Labels = CHINESE


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
    height = HEAD + ROW * len(rows) + FOOT
    drawing = Drawing(words.title, height)
    painted = looks(scale.levels)
    _legend(drawing, painted)
    _heads(drawing, words, scale, len(rows))
    segments: dict[str, list[tuple[float, float, float]]] = {look.level.code: [] for look in painted}
    chips: list[tuple[float, float]] = []
    ranges: list[list[tuple[float, float]]] = []
    for place, row in enumerate(rows):
        middle = HEAD + ROW * (place + 0.5)
        if isinstance(row, str):
            drawing.write((LEFT, middle), shortened(row, 64))
            drawing.rules([((LEFT, middle - ROW / 2), (COLUMNS[-1], middle - ROW / 2))] if place else [], LINE, 0.8)
            continue
        _label(drawing, row, middle)
        if row.counts is None:
            chips.append((BAR[0], middle))
            drawing.write((BAR[0] + CHIP + 6, middle), words.labels.too_few, colour=INK_2)
            continue
        found = figures(row.counts, scale=scale, blank=row.blank)
        told = pooled([found]) if row.total else found
        _numbers(drawing, middle, told, words=words)
        ranges += _range(told, middle)
        for code, piece in _segments(found, painted, middle):
            segments[code].append(piece)
    for look in painted:
        drawing.boxes(segments[look.level.code], look)
    drawing.chips(chips)
    drawing.rules(ranges, INK, 0.9)
    note = words.note or rates_are(scale, words.labels) + words.labels.bars
    drawing.note(f"{note}{words.labels.ranges}" if ranges else note, height)
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


def _label(drawing: Drawing, bar: Bar, middle: float) -> None:
    if bar.mark is not None:
        drawing.marks([(LEFT + 6, middle)], bar.mark)
    left = LEFT + (_MARKED if bar.mark is not None else 0.0)
    drawing.name((left, middle), bar.label, BAR[0] - _APART - left)


def _range(found: Figures, middle: float) -> list[list[tuple[float, float]]]:
    """Below a bar its interval, from end to end, with the rate in it; none where several questions are one bar."""
    if found.low is None or found.high is None or found.narrow is None:
        return []
    y = middle + THICK / 2 + _BELOW
    low, rate, high = (BAR[0] + (BAR[1] - BAR[0]) * share for share in (found.low, found.narrow, found.high))
    ticks = [[(x, y - half), (x, y + half)] for x, half in ((low, 1.5), (rate, 2.3), (high, 1.5))]
    return [[(low, y), (high, y)], *ticks]


def _legend(drawing: Drawing, painted: Sequence[Look]) -> None:
    x = LEFT
    for look in painted:
        label = shortened(look.level.label, 10)
        drawing.boxes([(x, x + 18, 50.0)], look, thick=10.0)
        drawing.write((x + 23, 50), label, size=SIZE - 0.5)
        x += 23 + (SIZE - 0.5) * width(label) + 16


def _heads(drawing: Drawing, words: Words, scale: Scale, rows: int) -> None:
    said = words.labels
    names = [said.narrow, said.wide, said.valid, *([said.score] if scale.scored else [])]
    drawing.write((LEFT, HEAD - 14), shortened(words.head or said.question, 15), size=NOTE, colour=INK_2)
    for x, text in zip(COLUMNS, names, strict=False):
        drawing.write((x, HEAD - 14), text, size=NOTE, colour=INK_2, across="right")
    bottom = HEAD + ROW * rows
    for share in (0, 25, 50, 75, 100):
        x = BAR[0] + (BAR[1] - BAR[0]) * share / 100
        drawing.write((x, HEAD - 14), f"{share}", size=NOTE - 1, colour=INK_2, across="center")
    grid = [((x, HEAD - 4), (x, bottom)) for x in (BAR[0] + (BAR[1] - BAR[0]) * part / 4 for part in range(5))]
    drawing.rules(grid, LINE, 0.8)
    drawing.rules([((LEFT, HEAD - 4), (COLUMNS[-1], HEAD - 4)), ((LEFT, bottom), (COLUMNS[-1], bottom))], LINE_STRONG, 0.8)


def _numbers(drawing: Drawing, middle: float, found: Figures, *, words: Words) -> None:
    texts = [_said(percent(found.satisfied, found.valid, words.decimals)),
             _said(percent(found.satisfied + found.basic, found.valid, words.decimals)), f"{found.valid}"]
    if found.earned is not None:
        texts.append(_said(mean(found.earned, found.known, words.decimals)))
    for x, text in zip(COLUMNS, texts, strict=False):
        drawing.write((x, middle), text, across="right")


def _segments(found: Figures, painted: Sequence[Look], middle: float) -> list[tuple[str, tuple[float, float, float]]]:
    total = sum(found.counts[look.level.code] for look in painted)
    if not total:
        return []
    pieces, before, wide = [], 0, BAR[1] - BAR[0]
    for look in painted:
        number = found.counts[look.level.code]
        if number:
            ends = (BAR[0] + wide * before / total, BAR[0] + wide * (before + number) / total)
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
