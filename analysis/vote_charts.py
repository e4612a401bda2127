"""Draw the votes of an election: a bar for each candidate and the line of the majority; reads the same in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from analysis.drawings import DPI, LEFT, ROW, THICK, WIDTH
from analysis.letters import Writing, Writings, legible, paper, shortened
from analysis.style import GROUND, INK, INK_2, LINE_STRONG, NOTE, SIZE, TITLE

BAR: Final = (186.0, 520.0)
VOTES: Final = 556.0
SHARE: Final = 610.0
WORD: Final = 628.0
HEAD: Final = 78.0
FOOT: Final = 46.0
# Elected is full, the others are open: a photocopier keeps that.
_FULL: Final = INK
_OPEN: Final = GROUND

_Side = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Votes:
    """One row: a candidate, whole votes, the printed share, the word for the outcome, and whether the bar is full."""

    label: str
    votes: int
    share: str
    word: str
    is_full: bool


@dataclass(frozen=True)
class Plan:
    """Everything a picture shows. `needed` is where the line of the majority stands; `longest` what the axis ends with."""

    title: str
    heads: tuple[str, str, str]
    rows: tuple[Votes, ...]
    needed: int | None
    longest: int
    needed_word: str
    note: str


def votes(plan: Plan) -> Figure:
    """The picture of one election, rows in the order given."""
    height = HEAD + ROW * len(plan.rows) + FOOT
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=DPI, facecolor=GROUND)
    figure.set_label(legible(plan.title))
    place = paper(height, figure.dpi_scale_trans)
    lines = [Writing(LEFT, 24, shortened(plan.title, 44), TITLE, INK, "left")]
    heads: tuple[tuple[float, _Side], ...] = ((LEFT, "left"), (VOTES, "right"), (SHARE, "right"))
    lines += [Writing(x, HEAD - 12, text, NOTE, INK_2, side) for (x, side), text in zip(heads, plan.heads, strict=True)]
    bottom = HEAD + ROW * len(plan.rows)
    for at, row in enumerate(plan.rows):
        middle = HEAD + ROW * (at + 0.5)
        lines.append(Writing(LEFT, middle, shortened(row.label, 15), SIZE, INK, "left"))
        lines.append(Writing(VOTES, middle, f"{row.votes}", SIZE, INK, "right"))
        lines.append(Writing(SHARE, middle, row.share, SIZE, INK, "right"))
        lines.append(Writing(WORD, middle, shortened(row.word, 8), NOTE, INK, "left"))
    lines.append(Writing(LEFT, bottom + 28, shortened(plan.note, 74), NOTE, INK_2, "left"))
    marks: list[Artist] = [_bars(plan)]
    marks.append(LineCollection([((LEFT, y), (WIDTH - LEFT, y)) for y in (HEAD - 2, bottom + 2)], colors=LINE_STRONG, linewidths=0.8))
    if plan.needed is not None:
        x = _x(plan.needed, plan)
        marks.append(LineCollection([((x, HEAD - 4), (x, bottom + 4))], colors=INK, linewidths=1.2, linestyles="dashed"))
        lines.append(Writing(x, HEAD - 12, plan.needed_word, NOTE, INK, "center"))
    for mark in marks:
        mark.set_transform(place)
        figure.add_artist(mark)
    figure.add_artist(Writings(lines, place))
    return figure


def _x(number: int, plan: Plan) -> float:
    return BAR[0] + (BAR[1] - BAR[0]) * number / max(1, plan.longest)


def _bars(plan: Plan) -> PolyCollection:
    shapes: list[Sequence[tuple[float, float]]] = []
    half = THICK / 2
    for at, row in enumerate(plan.rows):
        y, end = HEAD + ROW * (at + 0.5), _x(row.votes, plan)
        shapes.append(((BAR[0], y - half), (end, y - half), (end, y + half), (BAR[0], y + half)))
    fills = [_FULL if row.is_full else _OPEN for row in plan.rows]
    return PolyCollection(shapes, facecolors=fills, edgecolors=INK, linewidths=0.9, zorder=2)
