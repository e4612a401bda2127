"""Forms on paper for a meeting: each with a code of its own to be keyed by, and a strip to tear off with its tracker.

All forms of a group ask the same, so the first one is drawn and the others are laid over it: 300 take a second, not a minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.domain.ballots import pretty_tracker
from survey.domain.slips import pretty
from survey.office.pages import HEIGHT, WIDTH, Block, Box, Face, Letter, Pages
from survey.office.paper_flow import BOTTOM, Item, sheets
from survey.office.paper_parts import PaperForm
from survey.office.paper_pdf import form_items
from survey.office.words import PAGE, Say, chinese, mark

HOW = mark("填好投进纸票箱。结束后工作人员照着表录入两遍，再计票。编码只认表，不认人。")
STRIP = mark("撕下留着。计票后在 %(address)s 的名单里找得到这个查验码，您的票就在里面。")
TRACKER = mark("查验码")

_MARGIN = 16.0
_INNER = WIDTH - 2 * _MARGIN
_QR = 20.0
_BAND = _QR + 5
_CUT = HEIGHT - 25.0
# What the strip and the foot above it take from the first page.
_STRIP = BOTTOM - (_CUT - 9)
_FOOT_TOP = HEIGHT - 12
_CODE = Letter(Face.SANS, 22, 16, heavy=True)
_GROUP = Letter(Face.SANS, 12, 7, heavy=True)
_HOW = Letter(Face.SANS, 9, 7)
_FOOT = Letter(Face.SANS, 8.5, 7)
_SMALL_CODE = Letter(Face.SANS, 11, 8, heavy=True)
_MARK = Letter(Face.SANS, 15, 10, heavy=True)


@dataclass(frozen=True, slots=True)
class FormSheet:
    """The forms of one group: each its code and its tracker; `address` is where the list of trackers will be."""

    form: PaperForm
    group: str
    codes: tuple[tuple[str, str], ...]
    address: str


def forms_pdf(*groups: FormSheet, say: Say = chinese) -> bytes:
    """The forms of one group or of several, each beginning on a sheet of its own, also where both sides are printed."""
    pages = Pages(say("纸质评议表"))
    for group in groups:
        _Forms(pages, group, say).draw()
    return pages.done()


class _Forms:
    """The forms of one group; what they have in common is drawn once."""

    def __init__(self, pages: Pages, group: FormSheet, say: Say) -> None:
        self.pages, self.group, self.say = pages, group, say
        self.how = pages.fit(say(HOW), _HOW, width=_INNER - _QR - 8, height=9)
        self.strip = pages.fit(say(STRIP) % {"address": group.address}, _HOW, width=_INNER - 62, height=13)
        band = Item(_BAND, self._band, with_next=True)
        self.sheets = sheets([band, *form_items(pages, group.form, say)], strip=_STRIP)

    def draw(self) -> None:
        """Every form, page after page."""
        kept: list[bytes] = []
        for code, tracker in self.group.codes:
            for number, sheet in enumerate(self.sheets):
                self.pages.add()
                if len(kept) == number:
                    self._common(sheet, number)
                    kept.append(self.pages.drawn())
                else:
                    self.pages.lay(kept[number])
                self._own(code, tracker, number)
            # Printed on both sides, the next form would begin on the back of this one.
            if len(self.sheets) > 1 and len(self.sheets) % 2:
                self.pages.add()

    def _band(self, top: float) -> None:
        group: Block = self.pages.fit(self.group.group, _GROUP, width=70, height=6)
        self.pages.frame(Box(_MARGIN + 84, top + 1.2, group.width + 4, group.height + 1))
        self.pages.draw(group, _MARGIN + 86, top + 1.7)
        self.pages.draw(self.how, _MARGIN, top + 11.5)

    def _common(self, sheet: Sequence[tuple[Item, float]], number: int) -> None:
        for item, top in sheet:
            item.draw(top)
        foot = self.say(PAGE) % {"n": number + 1, "all": len(self.sheets)}
        at = _CUT - 7 if number == 0 else _FOOT_TOP
        self.pages.write(self.group.form.title, _FOOT, Box(_MARGIN, at, _INNER * 0.5, 4.6))
        self.pages.write(foot, _FOOT, Box(_MARGIN, at, _INNER, 4.6), align="right")
        if number == 0:
            self.pages.cuts([_CUT], [])
            self.pages.write(self.say(TRACKER), _HOW, Box(_MARGIN, _CUT + 4, 50, 4))
            self.pages.draw(self.strip, _MARGIN + 62, _CUT + 5.5)

    def _own(self, code: str, tracker: str, number: int) -> None:
        """What is this form's alone: the code large and to be scanned, on further pages small; the tracker on the strip."""
        if number:
            self.pages.write(pretty(code), _SMALL_CODE, Box(_MARGIN, _FOOT_TOP - 0.8, _INNER, 5.5), align="centre")
            return
        top = self.sheets[0][0][1]
        self.pages.write(pretty(code), _CODE, Box(_MARGIN, top - 0.5, 82, 11))
        self.pages.qr(code, WIDTH - _MARGIN - _QR, top, side=_QR)
        self.pages.write(pretty_tracker(tracker), _MARK, Box(_MARGIN, _CUT + 8, 58, 8))
