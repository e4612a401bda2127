"""A report as a Word document: the words and figures of the PDF, its bars as a picture."""

from collections.abc import Sequence
from io import BytesIO
from itertools import zip_longest
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from survey.office.faces import Face, width_of
from survey.office.pages import MM_PER_POINT
from survey.office.reports import INNER, Bar, Cell, Column, Content, Figures, Part, Picture, Report, Table, Words
from survey.office.word_pages import FONT, HEAVY, WordPages, bind, whole
from survey.office.words import Say, chinese

# Around the letters of a cell, in twentieths of a point: in this order.
_ROOM = {"top": 12, "left": 40, "bottom": 12, "right": 40}
# Points of the smallest letters of a head; bold letters are so much wider than plain ones.
_LEAST, _BOLD = 5.5, 1.08
# Points between a table and what follows.
_GAP = 6.0
# How wide pictures are, of the room there is; on a sheet that is meant for one page less.
_WIDE, _SMALL = 0.85, 0.6


def report_docx(report: Report, say: Say = chinese) -> bytes:
    """The whole report."""
    pages = WordPages(report.title)
    pages.text(report.title, size=18, face=HEAVY)
    pages.text(report.under, size=10)
    pages.text(report.sentence, size=12, before=4)
    size, wide = (8, _SMALL * INNER) if report.is_one_page else (9, _WIDE * INNER)
    for part in report.parts:
        _part(pages, part, size, wide)
    pages.foot(report.foot, say)
    return pages.bytes()


def _part(pages: WordPages, part: Part, size: float, wide: float) -> None:
    if part.heading:
        pages.text(part.heading, size=12, face=HEAVY, before=4, keep=True)
    for block, following in zip_longest(part.blocks, part.blocks[1:]):
        match block:
            case Words():
                pages.text(block.text, size=size if block.small else 10.5, keep=block.leads)
            case Figures():
                _figures(pages, block)
            case Picture():
                _picture(pages, block, wide, keep=following is not None)
            case Table():
                _table(pages, block, size, has_note=isinstance(following, Words) and following.small)


def _figures(pages: WordPages, block: Figures) -> None:
    """What it is, the number, what it is of: three rows."""
    table = pages.table([INNER / len(block.each)] * len(block.each), is_headed=False)
    rows = [table.rows[0], table.add_row(), table.add_row()]
    for row, size, texts in zip(rows, (9, 16, 9), zip(*((f.label, f.number, f.note) for f in block.each), strict=True), strict=True):
        pages.cells(row, list(texts), size=size, centred=False)
    bind(table)
    pages.space(high=_GAP)


def _picture(pages: WordPages, block: Picture, wide: float, *, keep: bool) -> None:
    line = pages.file.add_paragraph()
    line.paragraph_format.keep_with_next = keep
    drawn = line.add_run().add_picture(BytesIO(block.draw()), width=Mm(wide))
    for names in drawn._inline.iter(qn("wp:docPr")):
        names.set("descr", block.told)


def _table(pages: WordPages, block: Table, size: float, *, has_note: bool) -> None:
    kept = [place for place, column in enumerate(block.columns) if not column.is_bar]
    factor = INNER / sum(block.columns[place].width for place in kept)
    columns = [block.columns[place] for place in kept]
    table = pages.table([column.width * factor for column in columns])
    _narrow(table)
    _row(pages, table.rows[0], [Cell(column.head, heavy=True) for column in columns], columns, _head_size(columns, factor, size))
    for row in block.rows:
        made = table.add_row()
        _row(pages, made, [row[place] for place in kept if place < len(row)], columns, size)
        if len(row) < len(block.columns):
            # A row may end early: what it says last goes on over the columns it leaves.
            made.cells[1].merge(made.cells[-1])
    bind(table, has_note=has_note)
    pages.space(high=_GAP, keep=has_note)


def _head_size(columns: Sequence[Column], factor: float, size: float) -> float:
    """Letters for all heads of a table, in which the longest word is not broken as far as it can be read at all."""
    room = (_ROOM["left"] + _ROOM["right"]) / 20
    while size > _LEAST and any(
        max(width_of(word, Face.SANS) for word in column.head.split()) * _BOLD * size + room > column.width * factor / MM_PER_POINT
        for column in columns
        if column.head.isascii() and column.head.strip()
    ):
        size -= 0.5
    return size


def _narrow(table: Any) -> None:
    """Less room beside the letters, so that a rate stands on one line also in a narrow column."""
    room = OxmlElement("w:tblCellMar")
    for side, wide in _ROOM.items():
        each = OxmlElement(f"w:{side}")
        each.set(qn("w:w"), str(wide))
        each.set(qn("w:type"), "dxa")
        room.append(each)
    table._tbl.tblPr.append(room)


def _row(pages: WordPages, made: Any, cells: Sequence[Content], columns: Sequence[Column], size: float) -> None:
    whole(made)
    for place, cell, column in zip(made._tr.tc_lst, cells, columns, strict=False):
        text, is_heavy = (cell.text, cell.heavy) if isinstance(cell, Cell) else ("" if isinstance(cell, Bar) else cell, False)
        pages.cell(place, text, size, centred=column.is_number, face=HEAVY if is_heavy else FONT)
        if isinstance(cell, Cell) and cell.ground:
            _ground(place, cell.ground)


def _ground(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour.removeprefix("#"))
    cell.get_or_add_tcPr().append(shade)
