"""The paper form as A4 PDF: boxes to tick, tables of members, lines to write on, which page of how many."""

from collections.abc import Sequence
from math import ceil

from survey.domain.scheme_parts import Validity
from survey.office.pages import HEIGHT, WIDTH, Block, Box, Face, Letter, Pages
from survey.office.paper_flow import Item, room, sheets
from survey.office.paper_parts import Ask, PaperForm, Part, People, Ratings
from survey.office.words import PAGE, Say, chinese, mark

HOW = mark("请在方框里打钩。不写姓名，不做记号。")
RULES = {
    Validity.HALF: mark("对谁答的不到一半，对他答的就都不算。"),
    Validity.ALL: mark("对谁有一题没答，对他答的就都不算。"),
}
UNIT = mark("单位：%(name)s")
NAME = mark("姓名")
ROW = mark("题目")

_MARGIN = 16.0
_INNER = WIDTH - 2 * _MARGIN
_NAME_WIDTH = 34.0
_BOX = 3.4
_ROW = 7.6
_TITLE = Letter(Face.SERIF, 20, 11, heavy=True, even=True)
_PLAIN = Letter(Face.SANS, 10.5, 7)
_SMALL = Letter(Face.SANS, 9, 6)
_CELL = Letter(Face.SANS, 9, 5, even=True)
_HEAD = Letter(Face.SANS, 12, 9, heavy=True)
_FOOT = Letter(Face.SANS, 8.5, 7)
# Narrower than this no mark can be set into a column; wider is waste.
_LEAST_COLUMN, _WORD_COLUMN, _WRITE_COLUMN, _NUMBER_COLUMN = 7.2, 20.0, 40.0, 22.0


def paper_pdf(form: PaperForm, say: Say = chinese) -> bytes:
    """The whole form."""
    pages = Pages(form.title)
    found = sheets(form_items(pages, form, say))
    for number, sheet in enumerate(found, start=1):
        pages.add()
        for item, top in sheet:
            item.draw(top)
        foot = say(PAGE) % {"n": number, "all": len(found)}
        pages.write(form.title, _FOOT, Box(_MARGIN, HEIGHT - 12, _INNER * 0.7, 4.6))
        pages.write(foot, _FOOT, Box(_MARGIN, HEIGHT - 12, _INNER, 4.6), align="right")
    return pages.done()


def form_items(pages: Pages, form: PaperForm, say: Say) -> list[Item]:
    """The pieces of a form in their order, title first."""
    drawn = _Form(pages, say)
    return [drawn.title(form), *(item for part in form.parts for item in drawn.part(part))]


class _Form:
    """Draws the parts; every piece knows its height before it is placed."""

    def __init__(self, pages: Pages, say: Say) -> None:
        self.pages, self.say = pages, say

    def title(self, form: PaperForm) -> Item:
        title = self.pages.fit(form.title, _TITLE, width=_INNER, height=20)
        how = self.say(HOW)
        unit = self.say(UNIT) % {"name": form.unit or "_" * 24} if form.has_unit else ""
        line = self.pages.fit(unit, _PLAIN, width=_INNER, height=9)
        rule = self.say(RULES[form.validity]) if form.validity in RULES else ""

        def draw(top: float) -> None:
            self.pages.draw(title, _MARGIN, top, align="centre", width=_INNER)
            at = top + title.height + 3
            self.pages.draw(line, _MARGIN, at)
            self.pages.write(how, _SMALL, Box(_MARGIN, at + line.height + 0.8, _INNER, 5))
            if rule:
                self.pages.write(rule, _SMALL, Box(_MARGIN, at + line.height + 5.8, _INNER, 5))

        return Item(title.height + line.height + (15 if rule else 10), draw)

    def part(self, part: Part) -> list[Item]:
        items = [self._text(part.heading, _HEAD, before=3.5, with_next=True)]
        if part.note:
            items.append(self._text(part.note, _SMALL, with_next=True))
        for block in part.blocks:
            match block:
                case People():
                    items += self._people(block)
                case Ratings():
                    items += self._ratings(block)
                case Ask():
                    items += self._ask(block)
        return items

    def _text(
        self, text: str, letter: Letter, *, before: float = 1.0, with_next: bool = False, left: float = 0.0
    ) -> Item:
        block = self.pages.fit(text, letter, width=_INNER - left, height=80)
        return Item(
            block.height + before + 0.8,
            lambda top: self.pages.draw(block, _MARGIN + left, top + before),
            with_next=with_next,
        )

    def _ask(self, ask: Ask) -> list[Item]:
        """A question with its answers or its lines below."""
        hints = self._hints(ask)
        items = [self._text(ask.title + hints, _PLAIN, before=2, with_next=True)]
        if ask.answers:
            rows = self._answer_rows(ask.answers)
            return items + [self._answer_row(row, with_next=n + 1 < len(rows)) for n, row in enumerate(rows)]
        if ask.lines:
            return items + [self._line(with_next=n + 1 < ask.lines) for n in range(ask.lines)]
        room = ask.unit if "_" in ask.unit else "_" * 14 + " " + ask.unit
        return [*items, self._text(room, _PLAIN, left=6)]

    def _hints(self, ask: Ask) -> str:
        return "".join(ask.hints)

    def _answer_rows(self, answers: Sequence[str]) -> list[list[tuple[float, str]]]:
        """Boxes with their words, as many in a row as there is room for, in columns of equal width."""
        wide = max(self.pages.fit(each, _PLAIN, width=_INNER - 14, height=5).width for each in answers) + _BOX + 7
        columns = max(1, min(len(answers), int((_INNER - 6) / wide)))
        step = (_INNER - 6) / columns
        rows = [answers[n : n + columns] for n in range(0, len(answers), columns)]
        return [[(6 + step * n, each) for n, each in enumerate(row)] for row in rows]

    def _answer_row(self, row: Sequence[tuple[float, str]], *, with_next: bool) -> Item:
        width = _INNER - 6 if len(row) == 1 else row[1][0] - row[0][0]
        blocks = [(left, self.pages.fit(words, _PLAIN, width=width - _BOX - 3, height=14)) for left, words in row]

        def draw(top: float) -> None:
            for left, block in blocks:
                self._tick(_MARGIN + left, top + 1.9)
                self.pages.draw(block, _MARGIN + left + _BOX + 1.6, top + 1)

        return Item(max(block.height for _, block in blocks) + 1.6, draw, with_next=with_next)

    def _line(self, *, with_next: bool) -> Item:
        return Item(
            8.5, lambda top: self.pages.rule((_MARGIN + 6, top + 8), (WIDTH - _MARGIN, top + 8)), with_next=with_next
        )

    def _ratings(self, block: Ratings) -> list[Item]:
        """Questions as rows, answers as columns."""
        step = max(self._column(block.answers), min(18.0, 72.0 / len(block.answers)))
        if step * len(block.answers) > _INNER - 50:
            return [item for ask in block.asks for item in self._ask(ask)]
        lefts = [_INNER - step * (len(block.answers) - n) for n in range(len(block.answers))]
        head = self._cells(
            [
                (0.0, lefts[0], self.say(ROW)),
                *((left, step, each) for left, each in zip(lefts, block.answers, strict=True)),
            ]
        )
        items = [head]
        for ask in block.asks:
            words = self.pages.fit(ask.title + self._hints(ask), _PLAIN, width=lefts[0] - 3, height=40)
            items.append(self._row(words, [(left, step) for left in lefts], head))
        return [room(2.0), *items]

    def _people(self, block: People) -> list[Item]:
        """Members as rows; questions side by side as far as there is room, the rest in further tables."""
        items = [self._text(block.title, _PLAIN, before=2.5, with_next=True)] if block.title else []
        tables = self._packed(block.asks)
        # Words that are too long for the head of their columns stand above the table, and their numbers in it.
        long = any(
            len(ask.title + self._hints(ask)) * 3.2 > wide * max(1, len(ask.answers)) * 3
            for some in tables
            for ask, wide in some
        )
        if long:
            items += [self._text(ask.title + self._hints(ask), _SMALL, with_next=True) for ask in block.asks]
        for some in tables:
            items += [room(2.5), *self._table(block.rows, some, numbers=long)]
        return items

    def _packed(self, asks: Sequence[Ask]) -> list[list[tuple[Ask, float]]]:
        """Questions with the least width of a column of theirs, in as few tables as fit the page, about equally many in each."""
        widths = [
            (ask, self._column(ask.answers) if ask.answers else _WRITE_COLUMN if ask.lines else _NUMBER_COLUMN)
            for ask in asks
        ]
        room = _INNER - _NAME_WIDTH + 1e-6
        tables: list[list[tuple[Ask, float]]] = []
        left = 0.0
        for ask, wide in widths:
            needed = wide * max(1, len(ask.answers))
            if needed > left:
                tables.append([])
                left = room
            tables[-1].append((ask, wide))
            left -= needed
        size = ceil(len(widths) / max(1, len(tables)))
        even = [widths[n : n + size] for n in range(0, len(widths), size)]
        fits = all(sum(wide * max(1, len(ask.answers)) for ask, wide in some) <= room for some in even)
        return even if fits else tables

    def _table(
        self, rows: Sequence[tuple[str, str]], asks: Sequence[tuple[Ask, float]], *, numbers: bool
    ) -> list[Item]:
        least = sum(each * max(1, len(ask.answers)) for ask, each in asks)
        stretch = min((_INNER - _NAME_WIDTH) / least, 2.2)
        columns: list[tuple[float, float, str]] = []
        heads: list[tuple[float, float, str]] = []
        left = _NAME_WIDTH
        for ask, each in asks:
            wide = each * stretch
            answers = ask.answers or ((ask.unit if "_" not in ask.unit else "").strip(),)
            heads.append((left, wide * len(answers), str(ask.number) if numbers else ask.title + self._hints(ask)))
            for answer in answers:
                columns.append((left, wide, answer if ask.answers else ""))
                left += wide
        cells = [(0.0, _NAME_WIDTH, ""), *heads]
        upper = self._cells(cells)
        lower = self._cells([(0.0, _NAME_WIDTH, self.say(NAME)), *columns], height=None)

        def draw(top: float) -> None:
            upper.draw(top)
            lower.draw(top + upper.height)

        head = Item(upper.height + lower.height, draw, with_next=True)
        ticks = [(start, wide, words != "") for start, wide, words in columns]
        heavy = [start for start, *_ in heads]
        return [head, *(self._member((name, note), ticks, head, heavy) for name, note in rows)]

    def _member(
        self, who: tuple[str, str], columns: Sequence[tuple[float, float, bool]], head: Item, heavy: Sequence[float]
    ) -> Item:
        name, note = who
        words = self.pages.fit(name, _CELL, width=_NAME_WIDTH - 2, height=8.4)
        under = self.pages.fit(note, Letter(Face.SANS, 7, 5), width=_NAME_WIDTH - 2, height=5.6)
        height = max(_ROW, words.height + under.height + 1.4)

        def draw(top: float) -> None:
            self.pages.draw(words, _MARGIN + 1, top + (height - words.height - under.height) / 2)
            self.pages.draw(under, _MARGIN + 1, top + (height + words.height - under.height) / 2)
            self._borders([(0.0, _NAME_WIDTH), *((left, wide) for left, wide, _ in columns)], top, height, heavy=heavy)
            for left, wide, is_tick in columns:
                if is_tick:
                    self._tick(_MARGIN + left + (wide - _BOX) / 2, top + (height - _BOX) / 2)

        return Item(height, draw, head)

    def _row(self, words: Block, columns: Sequence[tuple[float, float]], head: Item) -> Item:
        height = max(_ROW, words.height + 2.6)

        def draw(top: float) -> None:
            self.pages.draw(words, _MARGIN + 1.2, top + (height - words.height) / 2)
            self._borders([(0.0, columns[0][0]), *columns], top, height)
            for left, wide in columns:
                self._tick(_MARGIN + left + (wide - _BOX) / 2, top + (height - _BOX) / 2)

        return Item(height, draw, head)

    def _cells(self, cells: Sequence[tuple[float, float, str]], *, height: float | None = None) -> Item:
        """A row of words in frames."""
        blocks = [(left, wide, self.pages.fit(words, _CELL, width=wide - 1, height=15)) for left, wide, words in cells]
        tall = height or max(6.0, max(block.height for *_, block in blocks) + 1.6)

        def draw(top: float) -> None:
            for left, wide, block in blocks:
                self.pages.draw(
                    block, _MARGIN + left + 0.5, top + (tall - block.height) / 2, align="centre", width=wide - 1
                )
            self._borders([(left, wide) for left, wide, _ in blocks], top, tall)

        return Item(tall, draw, with_next=True)

    def _borders(
        self, cells: Sequence[tuple[float, float]], top: float, height: float, *, heavy: Sequence[float] = ()
    ) -> None:
        left, right = _MARGIN + cells[0][0], _MARGIN + cells[-1][0] + cells[-1][1]
        for y in (top, top + height):
            self.pages.rule((left, y), (right, y), width=0.15)
        for x in (*(_MARGIN + cell[0] for cell in cells), right):
            self.pages.rule((x, top), (x, top + height), width=0.15)
        for x in heavy:
            self.pages.rule((_MARGIN + x, top), (_MARGIN + x, top + height), width=0.5)

    def _tick(self, left: float, top: float) -> None:
        self.pages.square(left, top, side=_BOX)

    def _column(self, answers: Sequence[str]) -> float:
        """How wide a column must be for its words: two characters beside each other, or the longest word of letters."""
        longest = max((self._wide(each) for each in answers), default=_LEAST_COLUMN)
        return max(_LEAST_COLUMN, longest)

    def _wide(self, words: str) -> float:
        if words.isascii():
            return (
                max(
                    self.pages.fit(word, Letter(Face.SANS, 7, 7), width=60, height=4).width
                    for word in words.split() or [""]
                )
                + 1.6
            )
        # Up to four characters stand two by two.
        return _LEAST_COLUMN if len(words) <= 4 else min(_WORD_COLUMN, 2.6 * ceil(len(words) / 3) + 2)
