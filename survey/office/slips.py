"""Sheets of slips: ten to an A4 page, to cut and hand out at random."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.domain.slips import pretty
from survey.office.pages import HEIGHT, WIDTH, Block, Box, Face, Letter, Pages
from survey.office.words import Say, chinese, mark

COLUMNS = 2
ROWS = 5
QR_SIDE = 34.0

_CELL_WIDTH = WIDTH / COLUMNS
_CELL_HEIGHT = HEIGHT / ROWS
# Left of the code a printer's own margin, right of it the four white modules the standard asks for.
_QR_LEFT, _QR_TOP = 9.0, 4.8
_WORDS_LEFT = _QR_LEFT + QR_SIDE + 5.0
_WORDS_WIDTH = _CELL_WIDTH - _WORDS_LEFT - 5.0
_FOOT_WIDTH = _CELL_WIDTH - _QR_LEFT - 5.0
_CODE_TOP = 41.2
_HERE_TOP, _LINK_TOP = 47.9, 51.3
# Beyond this the sentence about the address would be set too small to read, and says less.
_LONG_HERE = 60
# Least room between the blocks beside the code, and what the frame adds around the group's name.
_GAP, _FRAME = 1.5, 1.2

_TITLE = Letter(Face.SERIF, 12.5, 7, heavy=True, even=True)
_GROUP = Letter(Face.SANS, 20, 6.5, heavy=True, even=True)
_HOW = Letter(Face.SANS, 8, 7)
_CODE = Letter(Face.SANS, 15, 12, heavy=True)
_ONCE = Letter(Face.SANS, 8, 7)
_HERE = Letter(Face.SANS, 7.5, 4.5)
_LINK = Letter(Face.SANS, 7, 4)


HOW = mark("微信扫码，逐项选择，提交。\n不记姓名，计票后谁也查不到您怎么选。")
SURVEY_HOW = mark("微信扫码，逐项回答，提交。\n不记姓名，全部回答按份保留。")


@dataclass(frozen=True, slots=True)
class SlipSheet:
    """One group's slips. `site` is the address of the code page; a slip's link is `site`/b/code; `how` says what to do."""

    title: str
    group: str
    codes: tuple[str, ...]
    site: str
    how: str = HOW


@dataclass(frozen=True, slots=True)
class _Words:
    """What all slips of a sheet have in common, fitted once."""

    title: Block
    group: Block
    how: Block
    once: Block
    here: Block


def slips_pdf(*sheets: SlipSheet, say: Say = chinese) -> bytes:
    """The slips of one group or of several; each group begins a new page."""
    pages = Pages(say("评议票签"))
    for sheet in sheets:
        words = _fit(pages, sheet, say)
        site = sheet.site.rstrip("/")
        each = COLUMNS * ROWS
        for start in range(0, len(sheet.codes), each):
            pages.add()
            pages.cuts([_CELL_HEIGHT * row for row in range(1, ROWS)], [_CELL_WIDTH])
            for place, code in enumerate(sheet.codes[start : start + each]):
                row, column = divmod(place, COLUMNS)
                _draw(pages, words, (f"{site}/b/{code}", pretty(code)), (column * _CELL_WIDTH, row * _CELL_HEIGHT))
    return pages.done()


def bare_host(site: str) -> str:
    """An address as people type it: http:// is what a browser puts in front by itself."""
    return site.removeprefix("http://").rstrip("/")


def _fit(pages: Pages, sheet: SlipSheet, say: Say) -> _Words:
    """The group's name takes what it needs, the title the rest of the height of the code."""
    how = pages.fit(say(sheet.how), _HOW, width=_WORDS_WIDTH, height=7.6)
    group = pages.fit(sheet.group, _GROUP, width=_WORDS_WIDTH - 4.0, height=12.2)
    rest = QR_SIDE - how.height - group.height - _FRAME - 2 * _GAP
    address = {"address": bare_host(sheet.site)}
    here = say("扫不了码？在浏览器打开 %(address)s，输入上面的票码。") % address
    if len(here) > _LONG_HERE:
        here = say("或打开 %(address)s 输入票码。") % address
    return _Words(
        title=pages.fit(sheet.title, _TITLE, width=_WORDS_WIDTH, height=rest),
        group=group,
        how=how,
        once=pages.fit(say("只能用一次，用后撕掉"), _ONCE, width=36.0, height=4.2),
        here=pages.fit(here, _HERE, width=_FOOT_WIDTH, height=3.8),
    )


def _draw(pages: Pages, words: _Words, texts: Sequence[str], corner: tuple[float, float]) -> None:
    link, code = texts
    x, y = corner
    pages.qr(link, x + _QR_LEFT, y + _QR_TOP, side=QR_SIDE)
    left = x + _WORDS_LEFT
    framed = words.group.height + _FRAME
    spare = QR_SIDE - words.title.height - framed - words.how.height
    gap = min(2.6, spare / 2)
    top = y + _QR_TOP + (spare - 2 * gap) / 2
    pages.draw(words.title, left, top)
    top += words.title.height + gap
    pages.frame(Box(left, top, words.group.width + 4.0, framed))
    pages.draw(words.group, left + 2.0, top + _FRAME / 2)
    pages.draw(words.how, left, top + framed + gap)
    foot = x + _QR_LEFT
    pages.write(code, _CODE, Box(foot, y + _CODE_TOP, 58.0, 7.1))
    pages.draw(words.once, foot, y + _CODE_TOP + 2.0, align="right", width=_FOOT_WIDTH)
    pages.draw(words.here, foot, y + _HERE_TOP)
    pages.write(link, _LINK, Box(foot, y + _LINK_TOP, _FOOT_WIDTH, 3.4))
