"""Write on a picture: every character an outline of our own font, laid out once, cheap to draw by the thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform
from numpy.typing import NDArray
from pylopdf_fonts_zh_cn import sans_path

EM: Final = 1000
# Half the height of a digit: a line is centred on its figures, so that labels and numbers of a row agree.
MIDDLE: Final = 0.37
ACROSS: Final = {"left": 0.0, "center": 0.5, "right": 1.0}


@dataclass(frozen=True)
class Writing:
    """One line of text at a place, in points from the top left corner; `y` is its middle."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    across: Literal["left", "center", "right"] = "left"


@dataclass(frozen=True, eq=False)
class _Glyph:
    """One character's outline in thousandths of its size, y upwards."""

    name: str
    points: NDArray[np.float64]
    codes: NDArray[np.uint8]
    advance: float
    d: str


def legible(text: str) -> str:
    """The text on one line, with a box for each character the font does not have."""
    plain = "".join(c if c.isprintable() else " " for c in text).strip()
    return "".join(c if ord(c) in _known() else "□" for c in plain)


def width(text: str) -> float:
    """Width in ems of a legible text."""
    return sum(_glyph(c).advance for c in text) / EM


def shortened(text: str, ems: float) -> str:
    """The legible text, cut in the middle so that it is at most so many ems wide."""
    short = whole = legible(text)
    head, tail = min(len(whole), 200), whole[-4:]
    while head > 1 and width(short) > ems:
        head -= 1
        short = f"{whole[:head]}…{tail}"
    return short


class Writings(Artist):
    """All the text of a picture as one artist.

    matplotlib's own Text lays every string out anew for each format: two thirds of the time of a chart. In SVG
    each character is defined once and used where it stands; elsewhere one path holds all of one colour.
    """

    def __init__(self, lines: Sequence[Writing], place: Transform) -> None:
        super().__init__()
        self.lines = list(lines)
        self.place = place
        self.set_zorder(3)

    def draw(self, renderer: Any) -> None:
        """Draw every line, as matplotlib asks."""
        if hasattr(renderer, "writer"):
            self._define(renderer.writer)
            return
        by_colour: dict[str, list[Writing]] = {}
        for line in self.lines:
            by_colour.setdefault(line.colour, []).append(line)
        for colour, lines in by_colour.items():
            brush = renderer.new_gc()
            brush.set_linewidth(0)
            renderer.draw_path(brush, _compound(lines), self.place, to_rgba(colour))
            brush.restore()

    def _define(self, writer: Any) -> None:
        glyphs = {glyph.name: glyph for line in self.lines for glyph in map(_glyph, line.text) if glyph.d}
        writer.start("defs")
        for name, glyph in glyphs.items():
            writer.element("path", id=name, d=glyph.d)
        writer.end("defs")
        for line in self.lines:
            scale = line.size / EM
            start, base = _start(line)
            writer.start("g", fill=line.colour, transform=f"translate({start:.2f} {base:.2f}) scale({scale:.5g} {-scale:.5g})")
            at = 0.0
            for glyph in map(_glyph, line.text):
                if glyph.d:
                    writer.element("use", **{"xlink:href": f"#{glyph.name}", "x": f"{at:.4g}"})
                at += glyph.advance
            writer.end("g")


def _start(line: Writing) -> tuple[float, float]:
    return line.x - ACROSS[line.across] * width(line.text) * line.size, line.y + MIDDLE * line.size


def _compound(lines: Sequence[Writing]) -> Path:
    points, codes = [np.zeros((0, 2))], [np.zeros(0, dtype=np.uint8)]
    for line in lines:
        scale = line.size / EM
        at, base = _start(line)
        for glyph in map(_glyph, line.text):
            if glyph.d:
                points.append(glyph.points * (scale, -scale) + (at, base))
                codes.append(glyph.codes)
            at += glyph.advance * scale
    return Path(np.concatenate(points), np.concatenate(codes))


@cache
def _font() -> FT2Font:
    font = FT2Font(str(sans_path()))
    font.set_size(EM, 72)
    return font


@cache
def _known() -> frozenset[int]:
    return frozenset(_font().get_charmap())


@cache
def _glyph(character: str) -> _Glyph:
    font = _font()
    glyph = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    outline, kinds = font.get_path()
    # The font is set EM points high at 72 dots per inch: a dot is a thousandth of the size, the font's own unit.
    points, codes = np.asarray(np.round(outline), dtype=np.float64), np.asarray(kinds, dtype=np.uint8)
    return _Glyph(f"u{ord(character):x}", points, codes,
                  glyph.linearHoriAdvance / 65536, _d(points, codes))


def _d(points: NDArray[np.float64], codes: NDArray[np.uint8]) -> str:
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    takes = {Path.CURVE3: 2, Path.CURVE4: 3}
    parts, at = [], 0
    while at < len(codes):
        code = codes[at]
        size = takes.get(code, 1)
        numbers = " ".join(f"{x:.0f} {y:.0f}" for x, y in points[at : at + size])
        parts.append("Z" if code == Path.CLOSEPOLY else letters[code] + numbers)
        at += size
    return "".join(parts)


def paper(height: float, scale: Transform) -> Transform:
    """Points from the top left corner, y downwards, to the figure's own inches."""
    return Affine2D().scale(1 / 72, -1 / 72).translate(0, height / 72) + scale
