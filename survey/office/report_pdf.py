"""A report as A4 PDF: the sentence first, figures in large letters, tables whose bars are drawn in them."""

from collections.abc import Sequence
from dataclasses import replace

from survey.office.pages import HEIGHT, MM_PER_POINT, WIDTH, Block, Box, Face, Letter, Pages
from survey.office.paper_flow import Item, room, sheets, together
from survey.office.reports import INNER, Bar, Cell, Column, Content, Figures, Part, Picture, Piece, Report, Table, Words
from survey.office.words import PAGE, Say, chinese

_MARGIN = (WIDTH - INNER) / 2
_PAD = 1.1
_HIGHEST = 60.0
_TITLE = Letter(Face.SANS, 18, 11, heavy=True, even=True)
_LEAD = Letter(Face.SANS, 11.5, 9)
_HEAD = Letter(Face.SANS, 11.5, 9, heavy=True)
_PLAIN = Letter(Face.SANS, 9.5, 7)
_CELL = Letter(Face.SANS, 9, 6)
_HEAVY = replace(_CELL, heavy=True)
_NAMES = Letter(Face.SANS, 8, 5)
_SMALL = Letter(Face.SANS, 8, 6)
_NUMBER = Letter(Face.SANS, 17, 9, heavy=True)
_GREY, _PALE = "#877D70", "#DFD8CC"
_BAR = 3.4
# What has to fit on one page is set in these parts of the usual size, one after the other; its pictures are left out before
# letters become small: their figures are in the tables. So is what a shorter report leaves out.
_TRIES = ((0.92, True), (0.84, True), (1.0, False), (0.92, False), (0.84, False))
_TINY = ((0.76, False), (0.7, False), (0.64, False))
# Down to the smallest of `_TRIES` no letter has fewer points than these.
_READABLE, _LEAST, _CLOSER = 0.84, 7.5, (0.92, 0.88)


def report_pdf(report: Report, say: Say = chinese) -> bytes:
    """The whole report."""
    pages = Pages(report.title, lang=report.lang)
    found = sheets(_items(_Drawn(pages), report))
    if report.is_one_page and len(found) > 1:
        found = _on_one(pages, report)
    elif len(found) > 1 and _foot(found[-1]) < HEIGHT / 2:
        # A last page with little on it is saved where letters that are a little smaller can save it.
        closer = (sheets(_items(_Drawn(pages, size), report)) for size in _CLOSER)
        found = next((each for each in closer if len(each) < len(found)), found)
    for number, sheet in enumerate(found, start=1):
        pages.add()
        for item, top in sheet:
            item.draw(top)
        page = say(PAGE) % {"n": number, "all": len(found)}
        pages.write(report.foot, _SMALL, Box(_MARGIN, HEIGHT - 12, INNER * 0.8, 4.6))
        pages.write(page, _SMALL, Box(_MARGIN, HEIGHT - 12, INNER, 4.6), align="right")
    return pages.done()


def _on_one(pages: Pages, report: Report) -> list[list[tuple[Item, float]]]:
    """All of it on one page, or what is left of it when the smallest letters are too large as well."""
    tries = list(_TRIES)
    while True:
        for size, has_pictures in tries:
            found = sheets(_items(_Drawn(pages, size, has_pictures=has_pictures), report))
            if len(found) == 1:
                return found
        if report.shorter is not None:
            report, tries = report.shorter(), [_TRIES[-1]]
        elif tries != list(_TINY):
            tries = list(_TINY)
        else:
            return found


def _foot(sheet: list[tuple[Item, float]]) -> float:
    """Where the last of a page ends."""
    item, top = sheet[-1]
    return top + item.height


def _items(drawn: "_Drawn", report: Report) -> list[Item]:
    items = [drawn.text(report.title, _TITLE), drawn.text(report.under, _PLAIN), room(1.5 * drawn.size)]
    items.append(drawn.text(report.sentence, _LEAD))
    for part in report.parts:
        items += drawn.part(part)
    return items


class _Drawn:
    """Every piece knows its height before it is placed."""

    def __init__(self, pages: Pages, size: float = 1.0, *, has_pictures: bool = True) -> None:
        self.pages, self.size, self.has_pictures = pages, size, has_pictures

    def letter(self, letter: Letter) -> Letter:
        """A letter in the size of this drawing."""
        if self.size == 1:
            return letter
        floor = min(letter.size, _LEAST) if self.size >= _READABLE else 0.0
        return replace(letter, size=max(letter.size * self.size, floor), least=max(letter.least * self.size, floor))

    def text(self, text: str, letter: Letter, *, with_next: bool = False) -> Item:
        block = self.pages.fit(text, self.letter(letter), width=INNER, height=_HIGHEST)
        return Item(block.height + 1.2 * self.size, lambda top: self.pages.draw(block, _MARGIN, top + 0.6 * self.size), with_next=with_next)

    def part(self, part: Part) -> list[Item]:
        items = [room(2.6 * self.size), self.text(part.heading, _HEAD, with_next=True)] if part.heading else [room(2)]
        for block in part.blocks:
            match block:
                case Words():
                    items.append(self.text(block.text, _SMALL if block.small else _PLAIN, with_next=block.leads))
                case Figures():
                    items += [self._figures(block), room(1)]
                case Picture():
                    items += [self._picture(block)] if self.has_pictures and not block.is_bars else []
                case Table():
                    items += self._table(block)
        return items

    def _figures(self, block: Figures) -> Item:
        """Figures side by side, a line between them."""
        wide = INNER / len(block.each)
        size, small, large = self.size, self.letter(_SMALL), self.letter(_NUMBER)
        # Notes and labels of one line leave no room for a second.
        heads, notes = (
            max((self.pages.fit(text, small, width=wide - 2.6, height=8.4 * size).height for text in texts), default=0.0) / size
            for texts in zip(*((each.label, each.note) for each in block.each), strict=True)
        )
        heads = max(4.4, heads + 0.1)
        texts = [((each.label, small, heads), (each.number, large, 8.6), (each.note, small, notes + 0.1)) for each in block.each]

        def draw(top: float) -> None:
            for place, some in enumerate(texts):
                left, at = _MARGIN + place * wide, top + 1
                for text, letter, high in some:
                    self.pages.write(text, letter, Box(left + (2.4 if place else 0), at, wide - 2.6, high * size))
                    at += high * size
                if place:
                    self.pages.shade(Box(left, top + 1, 0.25, (8.6 + heads + notes) * size), _PALE)

        return Item((10.6 + heads + notes) * size, draw)

    def _picture(self, block: Picture) -> Item:
        wide = INNER * self.size
        high = wide * block.high / block.wide

        def draw(top: float) -> None:
            self.pages.picture(block.draw(), Box(_MARGIN, top, wide, high), told=block.told)

        return Item(high, draw)

    def _table(self, block: Table) -> list[Item]:
        heads = self._heads(block.columns)
        key = [self._key(block.key)] if block.key else []
        return [*key, replace(heads, with_next=True), *together([self._row(row, block.columns, heads) for row in block.rows]), room(0.8)]

    def _key(self, pieces: Sequence[Piece]) -> Item:
        """What each ground means."""
        blocks = [self.pages.fit(piece.label, self.letter(_SMALL), width=40, height=4.4) for piece in pieces]

        def draw(top: float) -> None:
            left = _MARGIN
            for piece, block in zip(pieces, blocks, strict=True):
                self.pages.shade(Box(left, top + 1.3, 6, 2.4), piece.colour, edge=piece.edge, slant=piece.slant)
                self.pages.draw(block, left + 7.2, top + 0.6)
                left += 7.2 + block.width + 5

        return Item(5.2, draw, with_next=True)

    def _heads(self, columns: Sequence[Column]) -> Item:
        letter = self._names(columns)
        blocks = [self.pages.fit(each.head, letter, width=each.width - 2 * _PAD, height=_HIGHEST / 4) for each in columns]
        high = max(block.height for block in blocks) + 1.6

        def draw(top: float) -> None:
            for (left, column), block in zip(_places(columns), blocks, strict=True):
                at = top + high - 0.8 - block.height
                self.pages.draw(block, left + _PAD, at, align=_align(column), width=column.width - 2 * _PAD)
            self.pages.shade(Box(_MARGIN, top + high - 0.3, INNER, 0.3), _GREY)

        return Item(high, draw)

    def _names(self, columns: Sequence[Column]) -> Letter:
        """Letters for all heads of a table, in which the longest word is not broken as far as it can be read at all."""
        letter = self.letter(_NAMES)
        while letter.size > letter.least and any(
            self.pages.widest(each.head.split(), letter, letter.size) > each.width - 2 * _PAD for each in columns if each.head.isascii()
        ):
            letter = replace(letter, size=letter.size - 0.5)
        return letter

    def _row(self, cells: Sequence[Content], columns: Sequence[Column], head: Item) -> Item:
        columns = _spread(columns, len(cells))
        blocks = [self._fit(cell, column) for cell, column in zip(cells, columns, strict=True)]
        high = max(_BAR * self.size, *(block.height for block in blocks if block is not None)) + 1.3 * self.size

        def draw(top: float) -> None:
            for (left, column), cell, block in zip(_places(columns), cells, blocks, strict=True):
                if isinstance(cell, Bar):
                    self._bar(cell, Box(left + _PAD, top + (high - _BAR * self.size) / 2, column.width - 2 * _PAD, _BAR * self.size))
                if isinstance(cell, Cell) and cell.ground:
                    self.pages.shade(Box(left + 0.3, top + 0.3, column.width - 0.6, high - 0.7), cell.ground)
                if block is not None:
                    at = top + (high - block.height) / 2
                    self.pages.draw(block, left + _PAD, at, align=_align(column), width=column.width - 2 * _PAD)
            self.pages.shade(Box(_MARGIN, top + high - 0.1, INNER, 0.1), _PALE)

        return Item(high, draw, head)

    def _fit(self, cell: Content, column: Column) -> Block | None:
        if isinstance(cell, Bar):
            return None
        text, letter = (cell.text, _HEAVY if cell.heavy else _CELL) if isinstance(cell, Cell) else (cell, _CELL)
        letter, width = self.letter(letter), column.width - 2 * _PAD
        # A number is never broken in two: it is set smaller.
        while column.is_number and letter.size > letter.least and self.pages.widest([text], letter, letter.size) > width:
            letter = replace(letter, size=letter.size - 0.5)
        return self.pages.fit(text, letter, width=width, height=_HIGHEST)

    def _bar(self, bar: Bar, box: Box) -> None:
        if not bar.pieces:
            self.pages.shade(box, "#EEE9DF")
        for piece in bar.pieces:
            left, wide = box.left + box.width * piece.start / 100, box.width * piece.width / 100
            self.pages.shade(Box(left, box.top, wide, box.height), piece.colour, edge=piece.edge, slant=piece.slant)
            if piece.start:
                self.pages.shade(Box(left - MM_PER_POINT / 2, box.top, MM_PER_POINT, box.height), "#FFFFFF")


def _places(columns: Sequence[Column]) -> list[tuple[float, Column]]:
    found, left = [], _MARGIN
    for column in columns:
        found.append((left, column))
        left += column.width
    return found


def _spread(columns: Sequence[Column], many: int) -> Sequence[Column]:
    """The columns of a row that ends early: what it says last has the room of all it leaves."""
    if many == len(columns):
        return columns
    return (*columns[: many - 1], Column("", sum(each.width for each in columns[many - 1 :]), is_number=False))


def _align(column: Column) -> str:
    return "right" if column.is_number else "left"
