"""The paper form as a Word document, for those who want to change a word before they print it."""

import re
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

from survey.office.paper_parts import Ask, PaperForm, Part, People, Ratings
from survey.office.paper_pdf import HOW, NAME, PAGE, ROW, UNIT
from survey.office.words import Say, chinese

_BOX = "□"
_FONT, _HEAVY, _LATIN = "宋体", "黑体", "Times New Roman"
_INNER = 178.0
_NAME_WIDTH = 34.0
_MOST_COLUMNS = 20
# XML has no letters for these.
_NO_LETTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = datetime(2000, 1, 1)


def paper_docx(form: PaperForm, say: Say = chinese) -> bytes:
    """The whole form."""
    made = _Form(say)
    made.head(form)
    for part in form.parts:
        made.part(part)
    made.foot(form.title)
    return made.bytes()


class _Form:
    def __init__(self, say: Say) -> None:
        self.say = say
        self.file = Document()
        # Who made it on which day is nobody's business.
        core = self.file.core_properties
        core.author = core.last_modified_by = core.comments = ""
        core.created = core.modified = _EPOCH
        page = self.file.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(16)
        style = self.file.styles["Normal"]
        style.font.size = Pt(10.5)
        _face(style, _FONT)
        style.paragraph_format.space_after = Pt(3)

    def head(self, form: PaperForm) -> None:
        self.file.core_properties.title = form.title
        self._text(form.title, size=18, face=_HEAVY, align=WD_ALIGN_PARAGRAPH.CENTER)
        if form.has_unit:
            self._text(self.say(UNIT) % {"name": form.unit or "_" * 24})
        self._text(self.say(HOW), size=9)

    def part(self, part: Part) -> None:
        self._text(part.heading, size=12, face=_HEAVY, before=8, keep=True)
        if part.note:
            self._text(part.note, size=9, keep=True)
        for block in part.blocks:
            match block:
                case People():
                    self._people(block)
                case Ratings():
                    self._ratings(block)
                case Ask():
                    self._ask(block)

    def foot(self, title: str) -> None:
        """The title, and which page of how many: fields that Word counts."""
        line = self.file.sections[0].footer.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(line, f"{title}    ", 8.5, _FONT)
        rest = self.say(PAGE)
        for piece in rest.replace("%(n)s", "\0PAGE\0").replace("%(all)s", "\0NUMPAGES\0").split("\0"):
            if piece in ("PAGE", "NUMPAGES"):
                _field(line, piece)
            else:
                _run(line, piece, 8.5, _FONT)

    def bytes(self) -> bytes:
        out = BytesIO()
        self.file.save(out)
        return out.getvalue()

    def _text(
        self, text: str, *, size: float = 10.5, face: str = _FONT, before: float = 0, keep: bool = False, align: Any = None
    ) -> None:  # fmt: skip
        line = self.file.add_paragraph()
        line.alignment = align
        line.paragraph_format.space_before = Pt(before)
        line.paragraph_format.keep_with_next = keep
        _run(line, text, size, face)

    def _ask(self, ask: Ask) -> None:
        self._text(_whole(ask), before=4, keep=True)
        if ask.answers:
            self._text("    ".join(f"{_BOX} {answer}" for answer in ask.answers))
        elif ask.lines:
            for _ in range(ask.lines):
                self._text("_" * 78)
        else:
            self._text(ask.unit if "_" in ask.unit else f"______________ {ask.unit}".rstrip())

    def _ratings(self, block: Ratings) -> None:
        step = min(18.0, 100.0 / len(block.answers))
        table = self._table([_INNER - step * len(block.answers), *[step] * len(block.answers)])
        self._cells(table.rows[0], [self.say(ROW), *block.answers], size=9)
        for ask in block.asks:
            self._cells(table.add_row(), [_whole(ask), *[_BOX] * len(block.answers)])
        self.file.add_paragraph().paragraph_format.space_after = Pt(0)

    def _people(self, block: People) -> None:
        if block.title:
            self._text(block.title, keep=True)
        for ask in block.asks:
            self._text(_whole(ask), size=9, keep=True)
        for some in _packed(block.asks):
            answers = [answer for ask in some for answer in ask.answers or ("",)]
            step = (_INNER - _NAME_WIDTH) / len(answers)
            table = self._table([_NAME_WIDTH, *[step] * len(answers)])
            place = 1
            for ask in some:
                last = place + len(ask.answers or ("",)) - 1
                self._line(table.rows[0].cells[place].merge(table.rows[0].cells[last])._tc, str(ask.number), 9)
                place = last + 1
            second = table.add_row()
            _repeat(second)
            self._cells(second, [self.say(NAME), *answers], size=7.5)
            marks = [_BOX if answer else "" for answer in answers]
            for name, note in block.rows:
                self._cells(table.add_row(), ["\n".join(part for part in (name, note) if part), *marks], size=9)
            self.file.add_paragraph().paragraph_format.space_after = Pt(0)

    def _table(self, widths: Sequence[float]) -> Any:
        """A table of fixed widths whose first row stands again on every page."""
        table = self.file.add_table(rows=1, cols=len(widths))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        _repeat(table.rows[0])
        return table

    def _cells(self, row: Any, texts: Sequence[str], *, size: float = 10.5) -> None:
        keep = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(keep)
        # row.cells walks the whole table each time; the cells of the row itself do not.
        for place, (cell, text) in enumerate(zip(row._tr.tc_lst, texts, strict=True)):
            self._line(cell, text, size, centred=place > 0)

    def _line(self, cell: Any, text: str, size: float, *, centred: bool = True) -> None:
        line = Paragraph(cell.p_lst[0], self.file)
        if centred:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_after = Pt(0)
        _run(line, text, size, _FONT)


def _packed(asks: Sequence[Ask]) -> list[list[Ask]]:
    """Questions side by side, as many as a page is wide; about equally many in each table."""
    tables: list[list[Ask]] = []
    used = _MOST_COLUMNS + 1
    for ask in asks:
        needed = len(ask.answers) or (6 if ask.lines else 3)
        if used + needed > _MOST_COLUMNS:
            tables.append([])
            used = 0
        tables[-1].append(ask)
        used += needed
    return tables


def _whole(ask: Ask) -> str:
    return ask.title + "".join(ask.hints)


def _run(line: Any, text: str, size: float, face: str) -> None:
    run = line.add_run(_NO_LETTERS.sub("", text))
    run.font.size = Pt(size)
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


def _repeat(row: Any) -> None:
    """Stand at the head of every page the table goes on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
