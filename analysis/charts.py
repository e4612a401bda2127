"""Draw: stacked bars per question, members side by side; as SVG and PNG that read the same everywhere, also in grey."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.transforms import Transform

from analysis.labels import CHINESE, Labels
from analysis.letters import Writing, Writings, legible, paper, shortened, width
from analysis.satisfaction import Base, Figures, Role, Scale, figures, mean, percent, pooled
from analysis.style import (
    GROUND,
    INK,
    INK_2,
    LINE,
    LINE_STRONG,
    NOTE,
    SIZE,
    TITLE,
    UNKNOWN_EDGE,
    UNKNOWN_HATCH,
    Look,
    looks,
)

A_PAGE: Final = 25
NO_DATA: Final = "–"

# Points (1/72 inch) from the left and, for heights, from the top.
WIDTH: Final = 720.0
LEFT: Final = 18.0
BAR: Final = (186.0, 486.0)
COLUMNS: Final = (548.0, 606.0, 656.0, 702.0)
ROW: Final = 22.0
THICK: Final = 13.0
HEAD: Final = 92.0
FOOT: Final = 44.0
DPI: Final = 144


@dataclass(frozen=True)
class Bar:
    """One row of a picture: a question, or a member. `counts` None: too few people, hidden."""

    label: str
    counts: Mapping[str, int] | None
    blank: int = 0
    total: bool = False


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
    return _picture(rows, scale=scale, words=words)


def side_by_side(bars: Sequence[Bar], *, scale: Scale, words: Words, whole: Bar | None = None) -> Figure:
    """Up to 25 members, a bar each, in the order given; `whole`, if any, stands above them for comparison.

    Raises
    ------
    ValueError
        More than 25: use `pages`.
    """
    if len(bars) > A_PAGE:
        raise ValueError(f"{len(bars)} bars do not fit on one page of {A_PAGE}")
    return _picture([*([whole] if whole else []), *bars], scale=scale, words=words)


def pages(bars: Sequence[Bar], size: int = A_PAGE) -> list[Sequence[Bar]]:
    """The bars in pages, as even as can be, none longer than `size`; at least one page."""
    many = max(1, -(-len(bars) // size))
    cuts = [round(page * len(bars) / many) for page in range(many + 1)]
    return [bars[start:end] for start, end in pairwise(cuts)]


def svg(figure: Figure) -> bytes:
    """The picture as SVG, the same bytes for the same picture.

    Letters are outlines, each character once: a viewer without a Chinese font sees the same as any other. The
    picture's title is in the file as text, for screen readers and for search.
    """
    out = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "pingyi", "hatch.linewidth": 0.7}):
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None, "Title": figure.get_label()})
    # matplotlib writes 15 digits; a hundredth of a point is finer than any printer, and the file is half as long.
    # The scale of the letters (1/64) stays whole, or they shrink by a third.
    short = re.sub(rb"(scale\([^)]*\))|(\d+\.\d{2})\d+", rb"\1\2", out.getvalue())
    return short.replace(b"<svg ", b'<svg role="img" ', 1)


def png(figure: Figure) -> bytes:
    """The picture as PNG at 144 dots per inch, the same bytes for the same picture."""
    out = io.BytesIO()
    with matplotlib.rc_context({"hatch.linewidth": 0.7}):
        FigureCanvasAgg(figure).print_png(out, metadata={"Software": None}, pil_kwargs={"compress_level": 2})
    return out.getvalue()


def _together(bars: Sequence[Bar], label: str) -> Bar:
    counts: dict[str, int] = {}
    for bar in bars:
        for code, number in (bar.counts or {}).items():
            counts[code] = counts.get(code, 0) + number
    return Bar(label, counts, sum(bar.blank for bar in bars), total=True)


def _picture(rows: Sequence[Bar], *, scale: Scale, words: Words) -> Figure:
    height = HEAD + ROW * len(rows) + FOOT
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=DPI, facecolor=GROUND)
    figure.set_label(legible(words.title))
    sheet = _Sheet(figure, height)
    sheet.write((LEFT, 24), shortened(words.title, 44), size=TITLE)
    painted = looks(scale.levels)
    _legend(sheet, painted)
    _heads(sheet, words, scale, len(rows))
    segments: dict[str, list[tuple[float, float, float]]] = {look.level.code: [] for look in painted}
    chips: list[tuple[float, float, float]] = []
    for place, bar in enumerate(rows):
        middle = HEAD + ROW * (place + 0.5)
        sheet.write((LEFT, middle), shortened(bar.label, 15), colour=INK)
        if bar.counts is None:
            chips.append((BAR[0], BAR[0] + 22, middle))
            sheet.write((BAR[0] + 28, middle), words.labels.too_few, colour=INK_2)
            continue
        found = figures(bar.counts, scale=scale, blank=bar.blank)
        _numbers(sheet, middle, pooled([found]) if bar.total else found, words=words)
        for code, piece in _segments(found, painted, middle):
            segments[code].append(piece)
    for look in painted:
        sheet.boxes(segments[look.level.code], look)
    if chips:
        sheet.boxes(chips, Look(painted[0].level, GROUND, UNKNOWN_EDGE, UNKNOWN_HATCH))
    sheet.write((LEFT, height - 18), legible(words.note or _base(scale, words.labels)), size=NOTE, colour=INK_2)
    figure.add_artist(Writings(sheet.lines, sheet.place))
    return figure


def _legend(sheet: "_Sheet", painted: Sequence[Look]) -> None:
    x = LEFT
    for look in painted:
        label = shortened(look.level.label, 10)
        sheet.boxes([(x, x + 18, 50.0)], look, thick=10.0)
        sheet.write((x + 23, 50), label, size=SIZE - 0.5)
        x += 23 + (SIZE - 0.5) * width(label) + 16


def _heads(sheet: "_Sheet", words: Words, scale: Scale, rows: int) -> None:
    said = words.labels
    names = [said.narrow, said.wide, said.valid, *([said.score] if scale.scored else [])]
    sheet.write((LEFT, HEAD - 14), shortened(words.head or said.question, 15), size=NOTE, colour=INK_2)
    for x, text in zip(COLUMNS, names, strict=False):
        sheet.write((x, HEAD - 14), text, size=NOTE, colour=INK_2, across="right")
    bottom = HEAD + ROW * rows
    for share in (0, 25, 50, 75, 100):
        x = BAR[0] + (BAR[1] - BAR[0]) * share / 100
        sheet.write((x, HEAD - 14), f"{share}", size=NOTE - 1, colour=INK_2, across="center")
    grid = [((x, HEAD - 4), (x, bottom)) for x in (BAR[0] + (BAR[1] - BAR[0]) * part / 4 for part in range(5))]
    sheet.rules(grid, LINE, 0.8)
    sheet.rules([((LEFT, HEAD - 4), (COLUMNS[-1], HEAD - 4)), ((LEFT, bottom), (COLUMNS[-1], bottom))], LINE_STRONG, 0.8)


def _numbers(sheet: "_Sheet", middle: float, found: Figures, *, words: Words) -> None:
    texts = [_said(percent(found.satisfied, found.valid, words.decimals)),
             _said(percent(found.satisfied + found.basic, found.valid, words.decimals)), f"{found.valid}"]
    if found.earned is not None:
        texts.append(_said(mean(found.earned, found.known, words.decimals)))
    for x, text in zip(COLUMNS, texts, strict=False):
        sheet.write((x, middle), text, across="right")


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


def _base(scale: Scale, said: Labels) -> str:
    wide = said.wide_is if scale.codes(Role.BASIC) else said.no_basic
    unknown = scale.codes(Role.UNKNOWN)
    inside = "" if not unknown else said.with_unknown if scale.base is Base.VALID else said.without_unknown
    abstained = said.without_abstained if scale.codes(Role.ABSTAIN) else ""
    return f"{said.narrow_is}{inside}{wide}{abstained}{said.bars}"


def _said(number: Decimal | None) -> str:
    return NO_DATA if number is None else f"{number}"


class _Sheet:
    """A figure to draw on in points from its top left corner: no axes, whose ticks cost more than all the bars."""

    def __init__(self, figure: Figure, height: float) -> None:
        self.figure = figure
        self.place: Transform = paper(height, figure.dpi_scale_trans)
        self.lines: list[Writing] = []

    def write(self, spot: tuple[float, float], text: str, *, size: float = SIZE, colour: str = INK,
              across: Literal["left", "center", "right"] = "left") -> None:
        self.lines.append(Writing(*spot, text, size, colour, across))

    def boxes(self, pieces: Sequence[tuple[float, float, float]], look: Look, *, thick: float = THICK) -> None:
        if not pieces:
            return
        edge = look.edge if look.hatch is None or look.edge != GROUND else "#6B3D12"
        # An edged segment keeps clear of its neighbour, as the white edges of the others do.
        room = 0.0 if edge == GROUND else 0.9
        half = thick / 2 - room / 2
        shapes = [((x0 + room, y - half), (max(x0, x1 - room), y - half), (max(x0, x1 - room), y + half),
                   (x0 + room, y + half)) for x0, x1, y in pieces]
        self._add(PolyCollection(shapes, facecolors=look.colour, edgecolors=edge, hatch=look.hatch,
                                 linewidths=1.2 if edge == GROUND else 0.7, zorder=2))

    def rules(self, ends: Sequence[tuple[tuple[float, float], tuple[float, float]]], colour: str, width: float) -> None:
        self._add(LineCollection(ends, colors=colour, linewidths=width, zorder=1))

    def _add(self, artist: Artist) -> None:
        artist.set_transform(self.place)
        self.figure.add_artist(artist)
