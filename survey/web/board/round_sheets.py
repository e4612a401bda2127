"""Sheets of a published round to take away: of a branch, of a member; the same words and figures in PDF and in Word.

The bytes follow from the publication, the frame and the language of the moment alone, so that a job outside a request makes the
same ones.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import get_locale
from flask_babel import gettext as _

from survey.domain.rounds import FEWEST
from survey.office.report_docx import report_docx
from survey.office.report_pdf import report_pdf
from survey.office.reports import Column, Figure, Figures, Part, Report, Table, Words, columns
from survey.web.board.branches import Branch, branch_of
from survey.web.board.changes import Then
from survey.web.board.others import share
from survey.web.board.roll_ups import Node, Reading
from survey.web.board.roll_ups import Part as Told
from survey.web.board.sheet_tables import beside_part, group_part, question_part, roll_part, trend_part, verdict_words
from survey.web.scheme_words import rules
from survey.web.words import day, meeting_title, quarter, round_name


@dataclass(frozen=True, slots=True)
class Frame:
    """What a sheet is told beside the publication.

    Attributes
    ----------
    sha256, day : str, date or None
        The digest and the day of the publication; left out where they are not given.
    then : tuple of Then
        Earlier rounds, the last first.
    sees : callable or None
        Which units its reader sees; None: the unit of the sheet and those below it, so that nothing is said of its sisters.
    """

    sha256: str = ""
    day: date | None = None
    then: tuple[Then, ...] = ()
    sees: Callable[[int], bool] | None = None


ALONE = Frame()


def branch_pdf(reading: Reading, unit: int, frame: Frame = ALONE) -> bytes:
    """A unit by itself with its members, as PDF."""
    return report_pdf(branch_report(reading, unit, frame), _)


def branch_word(reading: Reading, unit: int, frame: Frame = ALONE) -> bytes:
    """The same as a Word document."""
    return report_docx(branch_report(reading, unit, frame), _)


def branch_report(reading: Reading, unit: int, frame: Frame = ALONE) -> Report:
    """A unit by itself with its members; a unit that is not shown by itself has its accounting and the reason."""
    node = reading.node(unit)
    own = branch_of(reading, unit, frame.then, sees=frame.sees or frozenset(reading.inside(unit)).__contains__)
    parts = [_lead(reading, node, own), *(_told(reading, node, own, frame) if own is not None else ())]
    name = node.place.name
    return Report(name, _under(reading, frame), branch_sentence(reading, node, own), (*parts, how_part(reading, frame)), _foot(reading, name), _lang())


def branch_sentence(reading: Reading, node: Node, own: Branch | None) -> str:
    """What the page says first."""
    members, account = node.member_tally, node.account
    said = []
    if own is None:
        said.append(_("人数不足：收回的票不到 %(k)s 张，容易推出个人的选择，所以这里不显示任何结果。", k=FEWEST) if account.returned else _("这里没有收回票，没有结果。"))
    elif own.part is not None and own.part.whole is not None and own.part.whole.valid:
        rate = own.part.whole
        said.append(_("满意率 %(narrow)s%%，基本满意以上率 %(wide)s%%，有效答案 %(valid)s，评定为“%(verdict)s”。", narrow=rate.narrow, wide=rate.wide, valid=rate.valid, verdict=verdict_words(own.part.verdict)))  # fmt: skip
    if members.all:
        said.append(_("评定了 %(n)s 名党员，其中满意 %(satisfied)s 名，基本满意以上 %(basic)s 名。", n=members.all, satisfied=members.satisfied, basic=members.basic))
    if account.issued:
        rate_back = share(account.returned, account.issued, scheme=reading.scheme)
        said.append(_("发出 %(out)s 张票，收回 %(back)s 张，回收率 %(rate)s%%。", out=account.issued, back=account.returned, rate=rate_back))
    if node.left_out:
        text = _("%(n)s 票都计入上级。", n=node.left_out) if node.is_few else _("另有 %(n)s 票人数不足，计入上级。", n=node.left_out)
        said.append(text)
    return "".join(said)


def figures_of(part: Told, ballots: int) -> tuple[Figure, ...]:
    """Both rates with what they are of, and the ballots."""
    if part.whole is None:
        return ()
    found, sign = part.whole.figures, "%" if part.whole.valid else ""
    return (
        Figure(_("满意率"), f"{part.whole.narrow}{sign}", _("满意 %(n)s，有效答案 %(valid)s", n=found.satisfied, valid=found.valid)),
        Figure(_("基本满意以上率"), f"{part.whole.wide}{sign}", _("满意和基本满意 %(n)s，有效答案 %(valid)s", n=found.satisfied + found.basic, valid=found.valid)),
        Figure(_("评议票"), str(ballots), _("%(n)s 处未选", n=found.blank)),
    )


def how_part(reading: Reading, frame: Frame) -> Part:
    """By which rules the figures were made, and which publication they are of."""
    said = _("满意的也算在基本满意以上里。收回不到 %(k)s 张票的，不单独显示，和别的同样少的合在一起计入上级。", k=FEWEST)
    texts = [_("表里的“以上率”就是基本满意以上率。"), *rules(reading.scheme), said]
    blocks = [Words("".join(texts), small=True)]
    if frame.sha256:
        blocks.append(Words(_("这一轮公布的摘要（SHA-256）：") + frame.sha256, small=True))
    return Part(_("怎样评定"), tuple(blocks))


def _told(reading: Reading, node: Node, own: Branch, frame: Frame) -> Iterator[Part]:
    part, scheme = own.part, reading.scheme
    if part is not None:
        yield question_part(part, node.place.name, scheme=scheme)
        if part.whole is not None:
            if own.groups:
                yield group_part(own.groups, part.whole, own.ballots)
            if own.beside and part.whole.valid:
                yield beside_part(node.place.name, part.whole, own.beside)
            if own.past:
                yield trend_part(reading, own.key, own.past)
    yield from (roll_part(roll, scheme) for roll in own.rolls)
    if own.meetings:
        said = _("；").join(f"{meeting_title(each.title)} {each.held_on}" for each in own.meetings)
        yield Part(_("评议会"), (Words(said), Words(_("意见建议、计票报告单和封存记录在评议会自己的页上。"), small=True)))


def _lead(reading: Reading, node: Node, own: Branch | None) -> Part:
    """The figures to be seen first, and the accounting."""
    account, scheme = node.account, reading.scheme
    figures = figures_of(own.part, own.ballots) if own is not None and own.part is not None else ()
    heads = (_("评议会"), _("应到"), _("实到"), _("发出"), _("收回"), _("回收率 %(unit)s", unit="%"), _("参评率 %(unit)s", unit="%"))
    numbers = (account.meetings, account.due, account.present, account.issued, account.returned)
    rates = (share(account.returned, account.issued, scheme=scheme), share(account.returned, account.due, scheme=scheme))
    table = Table(columns((_("票数"), 30), others=[Column(each, 21) for each in heads]), ((node.place.name, *map(str, numbers), *rates),))
    return Part("", (Figures(figures), table) if figures else (table,))


def _under(reading: Reading, frame: Frame, *, before: str = "") -> str:
    made = reading.made
    name, period = round_name(made), quarter(made.period)
    parts = [before, name, "" if period in name else period, _("%(day)s公布", day=day(frame.day)) if frame.day else ""]
    return " · ".join(each for each in parts if each)


def _foot(reading: Reading, name: str) -> str:
    return f"{name} · {round_name(reading.made)}"


def _lang() -> str:
    return "en" if str(get_locale() or "zh").startswith("en") else "zh-CN"
