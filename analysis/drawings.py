"""A sheet to draw on: boxes, rules, lines, marks and letters in points from its top left corner, as every picture has them."""

from collections.abc import Sequence
from enum import StrEnum
from math import cos, pi, sin
from typing import Final, Literal

from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.transforms import Transform

from analysis.letters import Writing, Writings, legible, paper, shortened, width
from analysis.style import GROUND, INK, INK_2, NOTE, PALE_EDGE, SIZE, TITLE, UNKNOWN_EDGE, UNKNOWN_HATCH, Look

# Points (1/72 inch) from the left and, for heights, from the top.
WIDTH: Final = 720.0
LEFT: Final = 18.0
# As wide as a phone: there a point is drawn as large as on a page.
PHONE: Final = 228.0
PHONE_LEFT: Final = 10.0
ROW: Final = 22.0
THICK: Final = 13.0
DPI: Final = 144
CHIP: Final = 22.0
# A name that is too long for its line stands on two, in smaller letters.
_SMALLER: Final = 8.5
_LEADING: Final = 10.0
_PHONE_TITLE: Final = 12.0

Side = Literal["left", "center", "right"]
Point = tuple[float, float]


class Mark(StrEnum):
    """What tells lines and rows in ink apart. The open ones have the ground inside."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    OPEN_CIRCLE = "open circle"
    OPEN_SQUARE = "open square"


MARKS: Final = tuple(Mark)


class Drawing:
    """A figure without axes, whose ticks cost more than all the bars. `finished` gives it away."""

    def __init__(self, title: str, height: float, *, wide: float = WIDTH) -> None:
        self.figure = Figure(figsize=(wide / 72, height / 72), dpi=DPI, facecolor=GROUND)
        self.figure.set_label(legible(title))
        self.place: Transform = paper(height, self.figure.dpi_scale_trans)
        self.wide = wide
        self.lines: list[Writing] = []
        if wide < WIDTH:
            for down, line in enumerate(titled(title, wide)):
                self.write((PHONE_LEFT, 16 + 16 * down), line, size=_PHONE_TITLE)
        else:
            self.write((LEFT, 24), shortened(title, 44 + (wide - WIDTH) / TITLE), size=TITLE)

    def write(self, spot: Point, text: str, *, size: float = SIZE, colour: str = INK, across: Side = "left") -> None:
        """One line of text; its middle stands at the height of `spot`."""
        self.lines.append(Writing(*spot, text, size, colour, across))

    def name(self, spot: Point, text: str, room: float) -> None:
        """What a row is called, in so many points: on one line, or on two as far as they hold it."""
        x, y = spot
        if SIZE * width(legible(text)) <= room:
            self.write(spot, legible(text))
            return
        lines = wrapped(text, room / _SMALLER, 2)
        for place, line in enumerate(lines):
            self.write((x, y + _LEADING * (place - (len(lines) - 1) / 2)), line, size=_SMALLER)

    def note(self, text: str, height: float) -> None:
        """The last line of a picture so high, or its last few."""
        for up, line in enumerate(reversed(noted(text, self.wide))):
            self.write((_left(self.wide), height - 18 - 12 * up), line, size=NOTE, colour=INK_2)

    def boxes(self, pieces: Sequence[tuple[float, float, float]], look: Look, *, thick: float = THICK) -> None:
        """Segments of bars: each from one x to another, at the height of its middle."""
        if not pieces:
            return
        edge = look.edge if look.hatch is None or look.edge != GROUND else PALE_EDGE
        # An edged segment keeps clear of its neighbour, as the white edges of the others do.
        room = 0.0 if edge == GROUND else 0.9
        half = thick / 2 - room / 2
        shapes = [box(x0 + room, y - half, max(x0, x1 - room), y + half) for x0, x1, y in pieces]
        self.shapes(shapes, look.colour, edge=edge, hatch=look.hatch, stroke=1.2 if edge == GROUND else 0.7)

    def shapes(self, corners: Sequence[Sequence[Point]], colour: str, *, edge: str, hatch: str | None = None,
               stroke: float = 0.7) -> None:
        """Closed shapes of one colour."""
        if corners:
            self._add(PolyCollection(corners, facecolors=colour, edgecolors=edge, hatch=hatch, linewidths=stroke, zorder=2))

    def ground(self, corners: Sequence[Sequence[Point]]) -> None:
        """Room for letters: over the rules, under everything else."""
        if corners:
            self._add(PolyCollection(corners, facecolors=GROUND, edgecolors="none", zorder=1.5))

    def chips(self, middles: Sequence[Point]) -> None:
        """The hatched chip that stands where something is hidden; `middles` are of its left edge."""
        half = THICK / 2 - 0.45
        shapes = [box(x + 0.9, y - half, x + CHIP - 0.9, y + half) for x, y in middles]
        self.shapes(shapes, GROUND, edge=UNKNOWN_EDGE, hatch=UNKNOWN_HATCH)

    def rules(self, ends: Sequence[Sequence[Point]], colour: str, stroke: float, *, dashed: bool = False) -> None:
        """Lines, straight or through several points."""
        if ends:
            style = "dashed" if dashed else "solid"
            self._add(LineCollection(ends, colors=colour, linewidths=stroke, linestyles=style, zorder=1))

    def marks(self, middles: Sequence[Point], mark: Mark, *, size: float = 3.6) -> None:
        """The same mark at several places."""
        is_open = mark in (Mark.OPEN_CIRCLE, Mark.OPEN_SQUARE)
        shapes = [[(x + size * dx, y + size * dy) for dx, dy in _OUTLINES[mark]] for x, y in middles]
        self.shapes(shapes, GROUND if is_open else INK, edge=INK, stroke=1.1)

    def finished(self) -> Figure:
        """The figure with its letters."""
        self.figure.add_artist(Writings(self.lines, self.place))
        return self.figure

    def _add(self, artist: Artist) -> None:
        artist.set_transform(self.place)
        self.figure.add_artist(artist)


def titled(title: str, wide: float) -> list[str]:
    """The lines of the title of a picture as narrow as a phone."""
    return wrapped(title, (wide - 2 * PHONE_LEFT) / _PHONE_TITLE, 3)


def noted(text: str, wide: float) -> list[str]:
    """The last lines of a picture so wide."""
    return wrapped(text, (wide - 2 * _left(wide)) / NOTE, 7 if wide < WIDTH else 2)


def _left(wide: float) -> float:
    return PHONE_LEFT if wide < WIDTH else LEFT


def box(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    """The corners of a rectangle."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def wrapped(text: str, ems: float, most: int) -> list[str]:
    """A text on at most so many lines, none wider than `ems`; what does not fit is cut in the middle of its last line."""
    rest = legible(text)
    lines: list[str] = []
    while rest and width(rest) > ems and len(lines) < most - 1:
        cut = len(rest)
        while cut > 1 and width(rest[:cut]) > ems:
            cut -= 1
        space = rest.rfind(" ", 0, cut + 1)
        # A space near the beginning would leave the line half empty.
        cut = space if 2 * space > cut else cut
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, fitted(rest, ems)] if rest else lines


def fitted(text: str, ems: float) -> str:
    """The text cut in its middle, or where not even that leaves room, at its end."""
    short = shortened(text, ems)
    if width(short) <= ems:
        return short
    head = legible(text)
    while head and width(head + "…") > ems:
        head = head[:-1]
    return head + "…"


_ROUND: Final = tuple((cos(2 * pi * part / 20), sin(2 * pi * part / 20)) for part in range(20))
_SQUARE: Final = ((-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88))
_OUTLINES: Final = {
    Mark.CIRCLE: _ROUND,
    Mark.SQUARE: _SQUARE,
    Mark.TRIANGLE: ((0.0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    Mark.DIAMOND: ((0.0, -1.3), (1.15, 0.0), (0.0, 1.3), (-1.15, 0.0)),
    Mark.OPEN_CIRCLE: _ROUND,
    Mark.OPEN_SQUARE: _SQUARE,
}
