"""A protocol as A4 PDF: ruled tables whose head stands again on every page, room to sign, which page of how many."""

from collections.abc import Sequence
from dataclasses import replace

from survey.office.pages import HEIGHT, WIDTH, Block, Box, Face, Letter, Pages
from survey.office.paper_flow import Item, room, sheets, together
from survey.office.protocols import DAY, SIGN, Codes, Facts, Grid, Part, Protocol
from survey.office.words import PAGE, Say, chinese

_MARGIN = 16.0
_INNER = WIDTH - 2 * _MARGIN
_LABEL = 44.0
_PAD = 1.4
_CODES = 6
_HIGHEST = 60.0
_TITLE = Letter(Face.SERIF, 20, 11, heavy=True, even=True)
_HEAD = Letter(Face.SANS, 12, 9, heavy=True)
_CELL = Letter(Face.SANS, 9, 6)
_PLAIN = Letter(Face.SANS, 10.5, 7)
_FOOT = Letter(Face.SANS, 8.5, 7)


def protocol_pdf(protocol: Protocol, say: Say = chinese) -> bytes:
    """The whole protocol."""
    pages = Pages(protocol.title)
    drawn = _Drawn(pages)
    items = [drawn.text(protocol.title, _TITLE, align="centre"), room(2)]
    for part in protocol.parts:
        items += drawn.part(part)
    signed = [drawn.signature(say(SIGN) % {"who": who}, say(DAY)) for who in protocol.signers]
    # All sign on one sheet, and the end of the list stands on it, so that no other sheet can be laid before the names.
    end = [replace(each, with_next=True) for each in (*items[-2:], *signed[:-1])]
    items = [*items[:-2], *end, *signed[-1:]]
    found = sheets(items)
    for number, sheet in enumerate(found, start=1):
        pages.add()
        for item, top in sheet:
            item.draw(top)
        foot = say(PAGE) % {"n": number, "all": len(found)}
        pages.write(protocol.title, _FOOT, Box(_MARGIN, HEIGHT - 12, _INNER * 0.7, 4.6))
        pages.write(foot, _FOOT, Box(_MARGIN, HEIGHT - 12, _INNER, 4.6), align="right")
    return pages.done()


class _Drawn:
    """Every piece knows its height before it is placed."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def text(self, text: str, letter: Letter, *, align: str = "left", with_next: bool = False) -> Item:
        block = self.pages.fit(text, letter, width=_INNER, height=_HIGHEST)
        return Item(
            block.height + 2,
            lambda top: self.pages.draw(block, _MARGIN, top + 1, align=align, width=_INNER),
            with_next=with_next,
        )

    def part(self, part: Part) -> list[Item]:
        items = [room(3), self.text(part.heading, _HEAD, with_next=True)]
        for block in part.blocks:
            match block:
                case Facts():
                    items += together([self._row(row, [_LABEL, _INNER - _LABEL], centred=False) for row in block.rows])
                case Grid():
                    rest = (_INNER - block.first) / (len(block.heads) - 1)
                    widths = [block.first, *[rest] * (len(block.heads) - 1)]
                    head = self._row(block.heads, widths)
                    items += [replace(head, with_next=True), *together([self._row(row, widths, head=head) for row in block.rows])]
                case Codes():
                    some = [block.codes[n : n + _CODES] for n in range(0, len(block.codes), _CODES)]
                    items += together([self._row(each, [_INNER / _CODES] * _CODES) for each in some])
        return [*items, self.text(part.note, _CELL)] if part.note else items

    def signature(self, who: str, day: str) -> Item:
        """Who signs, a line to write on, the day."""

        def draw(top: float) -> None:
            at = top + 12
            self.pages.write(who, _PLAIN, Box(_MARGIN, at, 36, 6))
            self.pages.rule((_MARGIN + 36, at + 6), (_MARGIN + 100, at + 6))
            self.pages.write(day, _PLAIN, Box(_MARGIN + 108, at, 18, 6))
            self.pages.rule((_MARGIN + 126, at + 6), (_MARGIN + _INNER, at + 6))

        return Item(20, draw)

    def _row(
        self, texts: Sequence[str], widths: Sequence[float], *, head: Item | None = None, centred: bool = True
    ) -> Item:
        """One ruled row, as high as its highest cell; all cells but the first are centred where told."""
        blocks = [
            self.pages.fit(text, _CELL, width=width - 2 * _PAD, height=_HIGHEST)
            for text, width in zip(texts, widths, strict=False)
        ]
        high = max(block.height for block in blocks) + 2 * _PAD

        def draw(top: float) -> None:
            left = _MARGIN
            for place, (block, width) in enumerate(zip(blocks, widths, strict=False)):
                self._cell(block, Box(left, top, width, high), centred=centred and place > 0)
                left += width

        return Item(high, draw, head)

    def _cell(self, block: Block, box: Box, *, centred: bool) -> None:
        right, bottom = box.left + box.width, box.top + box.height
        for start, end in (
            ((box.left, box.top), (right, box.top)),
            ((box.left, bottom), (right, bottom)),
            ((box.left, box.top), (box.left, bottom)),
            ((right, box.top), (right, bottom)),
        ):
            self.pages.rule(start, end)
        align = "centre" if centred else "left"
        top = box.top + (box.height - block.height) / 2
        self.pages.draw(block, box.left + _PAD, top, align=align, width=box.width - 2 * _PAD)
