"""A4 pages: Chinese type that always fits its box, QR codes as paths, black on white."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

from fpdf import FPDF

from survey.office.faces import Face as Face
from survey.office.faces import cut, lend, letters, width_of
from survey.office.qr import matrix, runs

WIDTH = 210.0
HEIGHT = 297.0
MM_PER_POINT = 25.4 / 72
LEADING = 1.32
# The mark of type for a character the font does not have.
MISSING = "〓"
# A sheet of slips tells no one when it was made; fpdf2 insists on a date and hashes it into the file's id.
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)

_STEP = 0.5
# Of coloured boxes: the line around them, and how far their hatching lies apart.
_HAIR, _HATCH = 0.15, 1.1
# Width of the outline of heavy type, in em.
_OUTLINE = 0.032
# What may not begin a line hangs on to what stands before it, and an opening bracket to what follows.
_PIECES = re.compile(r"[（《“‘【〈「(]*(?:[A-Za-z0-9.:/_@%+\x22'-]+|.)[，。、；：？！）》”’】〉」)…,;]*", re.DOTALL)
# The fonts draw these as wide as a Chinese letter, which tears an English sentence apart.
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


@dataclass(frozen=True, slots=True)
class Letter:
    """How a text is set: from `size` points down to `least` until it fits.

    `heavy` is drawn with an outline, as the fonts have no bold; `even` makes lines about equally long, for titles.
    """

    face: Face
    size: float
    least: float
    heavy: bool = False
    even: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the page, in millimetres from its top left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Block:
    """A text that has been fitted: its size in points, its lines, how wide and high they are in millimetres."""

    letter: Letter
    size: float
    lines: tuple[str, ...]
    width: float
    height: float


class Pages:
    """A document being drawn."""

    def __init__(self, title: str, *, lang: str = "zh-CN") -> None:
        self._pdf = FPDF(format="A4", unit="mm")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margins(0, 0, 0)
        self._is_wide = lang.startswith("zh")
        self._known = {face: letters(face) for face in Face}
        self._pdf.set_title(self.clean(title.replace("\n", " "), Face.SANS))
        self._pdf.set_lang(lang)
        self._pdf.set_creation_date(NO_DATE)

    def add(self) -> None:
        """Begin a new page."""
        self._pdf.add_page()

    def drawn(self) -> bytes:
        """All that was drawn on this page so far, to be laid on others."""
        contents = self._pdf.pages[self._pdf.page].contents
        assert isinstance(contents, bytearray)
        return bytes(contents)

    def lay(self, drawn: bytes) -> None:
        """Draw again what was drawn on another page of this document, a hundred times faster than the first time."""
        # The letters it uses belong to this page too, and a face is noted for a page only where it is set anew.
        for face in Face:
            self._font(face, 8)
            self._pdf.text(-20, -20, " ")
        # fpdf2 does not learn what colours and widths are set in there: they end with it.
        self._pdf._out(b"q " + drawn + b" Q")

    def done(self) -> bytes:
        """The finished document."""
        cut(self._pdf)
        return bytes(self._pdf.output())

    def clean(self, text: str, face: Face) -> str:
        """The text without control characters; what the font lacks becomes 〓 rather than an empty box."""
        whole = unicodedata.normalize("NFC", text if self._is_wide else text.translate(_STRAIGHT))
        kept = (letter for letter in whole if letter == "\n" or unicodedata.category(letter)[0] != "C")
        return "".join(letter if letter == "\n" or ord(letter) in self._known[face] else MISSING for letter in kept)

    def fit(self, text: str, letter: Letter, *, width: float, height: float) -> Block:
        """Set a text into a box: smaller and in more lines until it fits, at the smallest size cut off with …"""
        clean = self.clean(text, letter.face)
        size = letter.size
        while True:
            lines = self._wrap(clean, letter, size, width)
            tall = len(lines) * size * LEADING * MM_PER_POINT
            if tall <= height + 1e-6 or size <= letter.least:
                break
            size = max(letter.least, size - _STEP)
        most = max(1, int(height / (size * LEADING * MM_PER_POINT) + 1e-6))
        if len(lines) > most:
            lines = self._wrap(clean, replace(letter, even=False), size, width)
            lines = [*lines[: most - 1], self._cut("".join(lines[most - 1 :]), letter, size, width)]
        wide = max((self._measure(line, letter, size) for line in lines), default=0.0)
        return Block(letter, size, tuple(lines), wide, len(lines) * size * LEADING * MM_PER_POINT)

    def draw(self, block: Block, left: float, top: float, *, align: str = "left", width: float = 0.0) -> None:
        """Draw a fitted text with its upper left corner at a place; centred or right within `width` when told."""
        self._font(block.letter.face, block.size)
        self._pdf.set_text_color(0)
        self._pdf.set_draw_color(0)
        high = block.size * MM_PER_POINT
        # A context of fpdf2's own: what is set in there, the face too, is forgotten behind it and set again for what follows.
        with self._pdf.local_context() if block.letter.heavy else nullcontext():
            if block.letter.heavy:
                # Fill and stroke by hand: fpdf2's text() leaves its text_mode behind in the page and scales the line wrongly.
                self._pdf._out(f"2 Tr {block.size * _OUTLINE:.3f} w")
            for number, line in enumerate(block.lines):
                slack = width - self._measure(line, block.letter, block.size) if align != "left" else 0.0
                x = left + (slack / 2 if align == "centre" else slack)
                # 0.88 em is where this font's letters stand in a line of one em; half the leading goes above.
                y = top + high * (LEADING * number + (LEADING - 1) / 2 + 0.88)
                self._pdf.text(x, y, line)

    def write(self, text: str, letter: Letter, box: Box, *, align: str = "left") -> Block:
        """Fit a text into a box and draw it there."""
        block = self.fit(text, letter, width=box.width, height=box.height)
        self.draw(block, box.left, box.top, align=align, width=box.width)
        return block

    def qr(self, text: str, left: float, top: float, *, side: float) -> None:
        """A code as one filled path: it stays sharp at any size, and no seams show between its rows."""
        modules = matrix(text)
        module = side / len(modules) / MM_PER_POINT
        x = left / MM_PER_POINT
        y = (HEIGHT - top) / MM_PER_POINT
        parts = [
            f"{x + run.left * module:.3f} {y - run.top * module:.3f} {run.length * module:.3f} {-module:.3f} re"
            for run in runs(modules)
        ]
        self._pdf.set_fill_color(0)
        # fpdf2 has no public call for a ready path; one rect() per run would take most of the time of a sheet.
        self._pdf._out(" ".join(parts) + " f")

    def rule(self, start: tuple[float, float], end: tuple[float, float], *, width: float = 0.2) -> None:
        """A thin black line."""
        self._pdf.set_draw_color(0)
        self._pdf.set_line_width(width)
        self._pdf.line(*start, *end)

    def cuts(self, across: Iterable[float], down: Iterable[float]) -> None:
        """Dashed lines over the whole page, to cut along."""
        self._pdf.set_draw_color(110)
        self._pdf.set_line_width(0.2)
        self._pdf.set_dash_pattern(dash=1.2, gap=1.2)
        for y in across:
            self._pdf.line(0, y, WIDTH, y)
        for x in down:
            self._pdf.line(x, 0, x, HEIGHT)
        self._pdf.set_dash_pattern()

    def frame(self, box: Box, *, width: float = 0.35) -> None:
        """A rounded frame."""
        self._pdf.set_draw_color(0)
        self._pdf.set_line_width(width)
        self._pdf.rect(box.left, box.top, box.width, box.height, style="D", round_corners=True, corner_radius=1.2)

    def square(self, left: float, top: float, *, side: float) -> None:
        """A box to tick."""
        self._pdf.set_draw_color(0)
        self._pdf.set_line_width(0.25)
        self._pdf.rect(left, top, side, side, style="D")

    def picture(self, png: bytes, box: Box, *, told: str) -> None:
        """A picture, and what it says for who cannot see it."""
        self._pdf.image(BytesIO(png), box.left, box.top, box.width, box.height, alt_text=told or None)

    def shade(self, box: Box, colour: str, *, edge: str = "", slant: int = 0) -> None:
        """A filled box; `slant` hatches it in the colour of its edge, upwards (1) or downwards (-1)."""
        self._pdf.set_fill_color(colour)
        self._pdf.set_line_width(_HAIR)
        self._pdf.set_draw_color(edge or colour)
        self._pdf.rect(box.left, box.top, box.width, box.height, style="DF" if edge else "F")
        if slant:
            with self._pdf.rect_clip(box.left, box.top, box.width, box.height):
                for step in range(int((box.width + box.height) / _HATCH) + 1):
                    left = box.left - box.height + step * _HATCH
                    ends = (left, left + box.height)
                    self._pdf.line(ends[slant < 0], box.top + box.height, ends[slant > 0], box.top)

    def widest(self, pieces: Iterable[str], letter: Letter, size: float) -> float:
        """How wide the widest of some texts is that must not be broken."""
        return max((self._measure(self.clean(piece, letter.face), letter, size) for piece in pieces), default=0.0)

    def _font(self, face: Face, size: float) -> None:
        # Lent when it is first set: to cut a face down to its letters takes most of the time, also where there are none.
        if face not in self._pdf.fonts:
            lend(self._pdf, face)
        self._pdf.set_font(face, size=size)

    def _measure(self, text: str, letter: Letter, size: float) -> float:
        return width_of(text, letter.face) * size * MM_PER_POINT

    def _wrap(self, text: str, letter: Letter, size: float, width: float) -> list[str]:
        """Lines no wider than `width`; even ones are narrowed as far as their number allows, so no character stands alone."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            pieces = list(self._pieces(paragraph.strip(), letter, size, width))
            ends = _break([wide for _, wide in pieces], width)
            narrow, wide = 0.0, width
            while letter.even and len(ends) > 1 and wide - narrow > 0.5:
                middle = (narrow + wide) / 2
                tried = _break([each for _, each in pieces], middle)
                narrow, wide = (narrow, middle) if len(tried) == len(ends) else (middle, wide)
                ends = tried if len(tried) == len(ends) else ends
            starts = [0, *ends]
            lines += ["".join(piece for piece, _ in pieces[a:b]).strip() for a, b in pairwise(starts)]
        return [line for line in lines if line]

    def _pieces(self, text: str, letter: Letter, size: float, width: float) -> Iterable[tuple[str, float]]:
        """What a line may be broken between, with widths; a piece wider than a line is broken anywhere."""
        for piece in _PIECES.findall(text):
            wide = self._measure(piece, letter, size)
            if wide <= width:
                yield piece, wide
            else:
                yield from ((each, self._measure(each, letter, size)) for each in piece)

    def _cut(self, text: str, letter: Letter, size: float, width: float) -> str:
        while text and self._measure(text + "…", letter, size) > width:
            text = text[:-1]
        return text + "…"


def _break(widths: Sequence[float], width: float) -> list[int]:
    """Where lines end when each takes as many pieces as it can; a piece too wide stands alone."""
    ends: list[int] = []
    used = 0.0
    for place, wide in enumerate(widths):
        if used and used + wide > width:
            ends.append(place)
            used = 0.0
        used += wide
    return [*ends, len(widths)] if widths else []
