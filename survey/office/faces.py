"""The two faces of print, read once a process and lent to one document at a time."""

from copy import copy
from enum import StrEnum
from functools import cache

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import SubsetMap, TTFFont

# Tables of a font that say how letters change and stand in columns, of which no page of ours has any.
_OF_COLUMNS = frozenset({"GSUB", "vhea", "vmtx", "VORG", "BASE"})


class Face(StrEnum):
    """The two faces: sans for what is read, Song for titles."""

    SANS = "sans"
    SERIF = "serif"


def lend(pdf: FPDF, face: Face) -> None:
    """A face for one document: what is true of the font in any of them is shared, what is drawn with it begins anew."""
    font = copy(_opened(face))
    font.i = len(pdf.fonts) + 1
    # The file itself, which is opened in no time: the finished document cuts it down to the letters that were drawn.
    # To measure every letter of it again, and to follow what only columns from top to bottom need, is half of that work.
    font.ttfont = TTFont(font.ttffile, recalcTimestamp=False, recalcBBoxes=False, lazy=True)
    for table in _OF_COLUMNS & set(font.ttfont.keys()):
        del font.ttfont[table]
    font.desc, font.missing_glyphs = copy(font.desc), []
    font.subset = SubsetMap(font)
    pdf.fonts[face] = font
    if font.is_cff and font.is_cid_keyed:
        pdf._set_min_pdf_version("1.6")


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
