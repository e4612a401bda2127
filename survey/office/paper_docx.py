"""The paper form as a Word document, for those who want to change a word before they print it."""

from collections.abc import Sequence

from survey.office.paper_parts import Ask, PaperForm, Part, People, Ratings
from survey.office.paper_pdf import HOW, NAME, ROW, RULES, UNIT
from survey.office.word_pages import CENTRE, HEAVY, INNER, WordPages, repeat
from survey.office.words import Say, chinese

_BOX = "□"
_NAME_WIDTH = 34.0
_MOST_COLUMNS = 20


def paper_docx(form: PaperForm, say: Say = chinese) -> bytes:
    """The whole form."""
    made = _Form(form.title, say)
    made.head(form)
    for part in form.parts:
        made.part(part)
    made.pages.foot(form.title, say)
    return made.pages.bytes()


class _Form:
    def __init__(self, title: str, say: Say) -> None:
        self.say = say
        self.pages = WordPages(title)

    def head(self, form: PaperForm) -> None:
        self.pages.text(form.title, size=18, face=HEAVY, align=CENTRE)
        if form.has_unit:
            self.pages.text(self.say(UNIT) % {"name": form.unit or "_" * 24})
        self.pages.text(self.say(HOW), size=9)
        if form.validity in RULES:
            self.pages.text(self.say(RULES[form.validity]), size=9)

    def part(self, part: Part) -> None:
        self.pages.text(part.heading, size=12, face=HEAVY, before=8, keep=True)
        if part.note:
            self.pages.text(part.note, size=9, keep=True)
        for block in part.blocks:
            match block:
                case People():
                    self._people(block)
                case Ratings():
                    self._ratings(block)
                case Ask():
                    self._ask(block)

    def _ask(self, ask: Ask) -> None:
        self.pages.text(_whole(ask), before=4, keep=True)
        if ask.answers:
            self.pages.text("    ".join(f"{_BOX} {answer}" for answer in ask.answers))
        elif ask.lines:
            for _ in range(ask.lines):
                self.pages.text("_" * 78)
        else:
            self.pages.text(ask.unit if "_" in ask.unit else f"______________ {ask.unit}".rstrip())

    def _ratings(self, block: Ratings) -> None:
        step = min(18.0, 100.0 / len(block.answers))
        table = self.pages.table([INNER - step * len(block.answers), *[step] * len(block.answers)])
        self.pages.cells(table.rows[0], [self.say(ROW), *block.answers], size=9)
        for ask in block.asks:
            self.pages.cells(table.add_row(), [_whole(ask), *[_BOX] * len(block.answers)])
        self.pages.space()

    def _people(self, block: People) -> None:
        if block.title:
            self.pages.text(block.title, keep=True)
        for ask in block.asks:
            self.pages.text(_whole(ask), size=9, keep=True)
        for some in _packed(block.asks):
            answers = [answer for ask in some for answer in ask.answers or ("",)]
            step = (INNER - _NAME_WIDTH) / len(answers)
            table = self.pages.table([_NAME_WIDTH, *[step] * len(answers)])
            place = 1
            for ask in some:
                last = place + len(ask.answers or ("",)) - 1
                self.pages.cell(table.rows[0].cells[place].merge(table.rows[0].cells[last])._tc, str(ask.number), 9)
                place = last + 1
            second = table.add_row()
            repeat(second)
            self.pages.cells(second, [self.say(NAME), *answers], size=7.5)
            marks = [_BOX if answer else "" for answer in answers]
            for name, note in block.rows:
                self.pages.cells(table.add_row(), ["\n".join(part for part in (name, note) if part), *marks], size=9)
            self.pages.space()

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
