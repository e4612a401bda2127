"""A4 pages for Word: paragraphs, tables whose head stands again on every page, and which page of how many at the foot."""

import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from survey.office.words import PAGE, Say

INNER = 178.0
FONT, HEAVY = "宋体", "黑体"
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_LATIN = "Times New Roman"
_MARGIN = 16
# Rows of a table that stand alone on neither side of a turned page; a table of no more rows than the second is not broken at all.
_FEWEST, _SHORT = 3, 12
# XML has no letters for these.
_NO_LETTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = datetime(2000, 1, 1)


class WordPages:
    """A document being written."""

    def __init__(self, title: str) -> None:
        self.file = Document()
        # Who made it on which day is nobody's business.
        core = self.file.core_properties
        core.author = core.last_modified_by = core.comments = ""
        core.created = core.modified = _EPOCH
        core.title = title
        page = self.file.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(_MARGIN)
        style = self.file.styles["Normal"]
        style.font.size = Pt(10.5)
        _face(style, FONT)
        style.paragraph_format.space_after = Pt(3)

    def text(
        self, text: str, *, size: float = 10.5, face: str = FONT, before: float = 0, keep: bool = False, align: Any = None
    ) -> None:  # fmt: skip
        """A paragraph; `keep` keeps it on the page of what follows."""
        line = self.file.add_paragraph()
        line.alignment = align
        line.paragraph_format.space_before = Pt(before)
        line.paragraph_format.keep_with_next = keep
        _run(line, text, size, face)

    def space(self, *, high: float | None = None, keep: bool = False) -> None:
        """An empty line after a table; Word makes one table of two that touch."""
        line = self.file.add_paragraph()
        line.paragraph_format.keep_with_next = keep
        line.paragraph_format.space_after = Pt(0)
        line.paragraph_format.line_spacing = None if high is None else Pt(high)

    def table(self, widths: Sequence[float], *, is_headed: bool = True) -> Any:
        """A table of fixed widths in millimetres whose first row, if it is a head, stands again on every page."""
        table = self.file.add_table(rows=1, cols=len(widths))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        if is_headed:
            repeat(table.rows[0])
        return table

    def cells(self, row: Any, texts: Sequence[str], *, size: float = 10.5, centred: bool = True) -> None:
        """Texts into a row, all but the first centred where told; the row is not broken between pages."""
        whole(row)
        # row.cells walks the whole table each time; the cells of the row itself do not.
        for place, (cell, text) in enumerate(zip(row._tr.tc_lst, texts, strict=True)):
            self.cell(cell, text, size, centred=centred and place > 0)

    def cell(self, cell: Any, text: str, size: float, *, centred: bool = True, face: str = FONT) -> None:
        """A text into one cell."""
        line = Paragraph(cell.p_lst[0], self.file)
        if centred:
            line.alignment = CENTRE
        line.paragraph_format.space_after = Pt(0)
        _run(line, text, size, face)

    def foot(self, title: str, say: Say) -> None:
        """The title, and which page of how many: fields that Word counts."""
        line = self.file.sections[0].footer.paragraphs[0]
        line.alignment = CENTRE
        _run(line, f"{title}    ", 8.5, FONT)
        rest = say(PAGE)
        for piece in rest.replace("%(n)s", "\0PAGE\0").replace("%(all)s", "\0NUMPAGES\0").split("\0"):
            if piece in ("PAGE", "NUMPAGES"):
                _field(line, piece)
            else:
                _run(line, piece, 8.5, FONT)

    def bytes(self) -> bytes:
        """The finished document; the same bytes for the same pages, as the packing does not keep the minute either."""
        made, out = BytesIO(), BytesIO()
        self.file.save(made)
        with zipfile.ZipFile(made) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
            for part in packed.infolist():
                again.writestr(zipfile.ZipInfo(part.filename, _EPOCH.timetuple()[:6]), packed.read(part), zipfile.ZIP_DEFLATED)
        return out.getvalue()


def whole(row: Any) -> None:
    """Never be broken between two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def bind(table: Any, *, has_note: bool = False) -> None:
    """Break a finished table only where some of its rows stand on either side; its end stays with a note on it."""
    rows = table._tbl.tr_lst
    last = len(rows) - 1
    for place, row in enumerate(rows):
        is_bound = len(rows) <= _SHORT or place < _FEWEST or place > last - _FEWEST
        if is_bound if place < last else has_note:
            for cell in row.tc_lst:
                for line in cell.p_lst:
                    Paragraph(line, table).paragraph_format.keep_with_next = True


def repeat(row: Any) -> None:
    """Stand at the head of every page the table goes on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _run(line: Any, text: str, size: float, face: str) -> None:
    run = line.add_run(_NO_LETTERS.sub("", text))
    run.font.size = Pt(size)
    # The heavy face has Chinese letters alone; the others are made heavy as Word does it.
    run.font.bold = True if face == HEAVY and text.isascii() else None
    _face(run, face)


def _face(styled: Any, face: str) -> None:
    """Word chooses the Chinese letters by eastAsia, the others by ascii."""
    styled.font.name = _LATIN
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), face)


def _field(line: Any, name: str) -> None:
    run = line.add_run()
    run.font.size = Pt(8.5)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run._r.addnext(field)
    run._r.getparent().remove(run._r)
    field.append(run._r)
    run.text = "1"
