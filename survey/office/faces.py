"""The two faces of print, read once a process and lent to one document at a time."""

from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from io import BytesIO

import pylopdf_fonts_zh_cn
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import SubsetMap, TTFFont

# Tables of a font that say how letters change and stand in columns, of which no page of ours has any.
_OF_COLUMNS = frozenset({"GSUB", "vhea", "vmtx", "VORG", "BASE"})


# To cut a font takes longer the more letters it is to have: so many documents that lack one get a cut of their own before what all
# of them lacked is cut for good, and with more letters than so many it begins again.
_PATIENCE, _MOST = 8, 2_000


class Face(StrEnum):
    """The two faces: sans for what is read, Song for titles."""

    SANS = "sans"
    SERIF = "serif"


def lend(pdf: FPDF, face: Face) -> None:
    """A face for one document: what is true of the font in any of them is shared, what is drawn with it begins anew."""
    font = copy(_opened(face))
    font.i = len(pdf.fonts) + 1
    font.desc, font.missing_glyphs = copy(font.desc), []
    font.subset = SubsetMap(font)
    pdf.fonts[face] = font
    if font.is_cff and font.is_cid_keyed:
        pdf._set_min_pdf_version("1.6")


def cut(pdf: FPDF) -> None:
    """Right before a document is finished: of each of its faces the letters that this process had to draw so far, where these are
    enough. The document keeps those of its own, and finds them among hundreds instead of thirty thousand."""
    for face in Face:
        font = pdf.fonts.get(face)
        if isinstance(font, TTFFont):
            font.ttfont = TTFont(BytesIO(_found(font, face).file), recalcTimestamp=False, recalcBBoxes=False, lazy=True)


def width_of(text: str, face: Face) -> float:
    """How wide a text is, in em."""
    widths = _opened(face).cw
    return sum(widths[ord(letter)] for letter in text) / 1000


@dataclass(frozen=True, slots=True)
class _Cut:
    """A font with some of its glyphs only, by their names; which documents lacked since it was made, and how many did."""

    glyphs: frozenset[str] = frozenset()
    file: bytes = b""
    lacked: frozenset[str] = frozenset()
    times: int = _PATIENCE


# What was drawn so far; of two threads that change it at once the second wins, and nothing but time is lost.
_known: dict[Face, _Cut] = {}


def _found(font: TTFFont, face: Face) -> _Cut:
    """A cut that has every glyph that was drawn. A document is the same from any of them."""
    known, drawn = _known.get(face, _Cut()), frozenset(font.subset.get_all_glyph_names())
    if drawn <= known.glyphs:
        return known
    lacked, times = known.lacked | drawn, known.times + 1
    if times <= _PATIENCE:
        _known[face] = replace(known, lacked=lacked, times=times)
        return _cut(font, drawn)
    every = known.glyphs | lacked
    found = _known[face] = _cut(font, every if len(every) <= _MOST else drawn)
    return found


def _cut(font: TTFFont, glyphs: frozenset[str]) -> _Cut:
    """A font with these glyphs, each under the number it has in the whole."""
    file, subsetter = BytesIO(), Subsetter(Options(notdef_outline=True, recommended_glyphs=True, desubroutinize=True))
    subsetter.populate(glyphs=glyphs)
    with TTFont(font.ttffile, recalcTimestamp=False, recalcBBoxes=False, lazy=True) as whole:
        # To follow what only columns from top to bottom need is a third of the work.
        for table in _OF_COLUMNS & set(whole.keys()):
            del whole[table]
        subsetter.subset(whole)
        whole.save(file)
    return _Cut(glyphs, file.getvalue(), times=0)


@cache
def _opened(face: Face) -> TTFFont:
    """A font as fpdf2 reads it; its thirty thousand letters and their widths take a fifth of a second, so once a process."""
    pdf = FPDF()
    pdf.add_font(face, fname={Face.SANS: pylopdf_fonts_zh_cn.sans_path, Face.SERIF: pylopdf_fonts_zh_cn.serif_path}[face]())
    font = pdf.fonts[face]
    assert isinstance(font, TTFFont), "only fonts brought along are used"
    font.close()
    return font


@cache
def letters(face: Face) -> frozenset[int]:
    """The characters a font can draw."""
    return frozenset(_opened(face).cmap)
