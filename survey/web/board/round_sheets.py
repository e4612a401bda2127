"""Sheets of a published round to take away: of a branch, of a member; the same words and figures in PDF and in Word.

The bytes follow from the publication, the frame and the language of the moment alone, so that a job outside a request makes the
same ones.
"""

from collections.abc import Iterator

from flask_babel import gettext as _

from survey.domain.rounds import FEWEST
from survey.office.report_docx import report_docx
from survey.office.report_pdf import report_pdf
from survey.office.reports import Column, Figures, Part, Report, Table, Words, columns
from survey.web.board.branches import Branch, branch_of
from survey.web.board.member_sheets import member_report
from survey.web.board.others import share
from survey.web.board.overview_sheets import overview_report
from survey.web.board.roll_ups import Node, Reading
from survey.web.board.sheet_frames import ALONE as ALONE
from survey.web.board.sheet_frames import Frame as Frame
from survey.web.board.sheet_frames import figures_of, foot, how_part, lang, sentences, under
from survey.web.board.sheet_needs import doubt_part, reason_part
from survey.web.board.sheet_opinions import opinion_parts
from survey.web.board.sheet_tables import (
    beside_part,
    group_part,
    question_part,
    roll_part,
    trend_part,
    trend_pictures,
    verdict_words,
)
from survey.web.words import meeting_title


def branch_pdf(reading: Reading, unit: int, frame: Frame = ALONE) -> bytes:
    """A unit by itself with its members, as PDF."""
    return report_pdf(branch_report(reading, unit, frame), _)


def branch_word(reading: Reading, unit: int, frame: Frame = ALONE) -> bytes:
    """The same as a Word document."""
    return report_docx(branch_report(reading, unit, frame), _)


def member_pdf(reading: Reading, key: str, frame: Frame = ALONE) -> bytes:
    """A member who is shown by himself, on one page."""
    return report_pdf(member_report(reading, key, frame), _)


def member_word(reading: Reading, key: str, frame: Frame = ALONE) -> bytes:
    """The same as a Word document."""
    return report_docx(member_report(reading, key, frame), _)


def overview_pdf(reading: Reading, unit: int, frame: Frame = ALONE) -> bytes:
    """A unit with all below it, on one page."""
    return report_pdf(overview_report(reading, unit, frame), _)


def overview_word(reading: Reading, unit: int, frame: Frame = ALONE) -> bytes:
    """The same as a Word document."""
    return report_docx(overview_report(reading, unit, frame), _)


def branch_report(reading: Reading, unit: int, frame: Frame = ALONE) -> Report:
    """A unit by itself with its members; a unit that is not shown by itself has its accounting and the reason."""
    node = reading.node(unit)
    own = branch_of(reading, unit, frame.then, sees=frame.sees or frozenset(reading.inside(unit)).__contains__)
    parts = [_lead(reading, node, own), *(_told(reading, node, own, frame) if own is not None else ())]
    name = node.place.name
    return Report(name, under(reading, frame), branch_sentence(reading, node, own), (*parts, how_part(reading, frame)), foot(reading, name), lang())


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
    return sentences(said)


def _told(reading: Reading, node: Node, own: Branch, frame: Frame) -> Iterator[Part]:
    part, scheme = own.part, reading.scheme
    yield from doubt_part(reading, own, frame)
    yield from reason_part(own)
    if part is not None:
        yield question_part(part, node.place.name, scheme=scheme)
        if part.whole is not None:
            if own.groups:
                yield group_part(own.groups, part.whole, own.ballots, key=own.key, weighing=own.weighing)
            if own.beside and part.whole.valid:
                yield beside_part(node.place.name, part.whole, own.beside)
            if own.past:
                yield trend_part(reading, own.key, own.past)
    yield from (roll_part(roll, scheme) for roll in own.rolls)
    # Behind the members, whose table may be turned over anywhere: a picture is not broken in two.
    drawn = trend_pictures(reading, own.key, own.past) if part is not None and part.whole is not None else ()
    if drawn:
        yield Part(_("各轮次的图"), drawn)
    yield from opinion_parts(frame, own.meetings, own.key)
    if own.meetings:
        said = _("；").join(f"{meeting_title(each.title)} {each.held_on}" for each in own.meetings)
        yield Part(_("评议会"), (Words(said), Words(_("意见建议、计票报告单和封存记录在评议会自己的页上。"), small=True)))


def _lead(reading: Reading, node: Node, own: Branch | None) -> Part:
    """The figures to be seen first, and the accounting."""
    account, scheme = node.account, reading.scheme
    figures = figures_of(own.part, own.ballots) if own is not None and own.part is not None else ()
    if not account.meetings and own is not None:
        return Part("", (Figures(figures), Words(_("这个单位在上级的评议会上评议，应到、发出和收回的票记在召开评议会的单位。"))))
    heads = (_("评议会"), _("应到"), _("实到"), _("发出"), _("收回"), _("回收率 %(unit)s", unit="%"), _("参评率 %(unit)s", unit="%"))
    numbers = (account.meetings, account.due, account.present, account.issued, account.returned)
    rates = (share(account.returned, account.issued, scheme=scheme), share(account.returned, account.due, scheme=scheme))
    table = Table(columns((_("票数"), 30), others=[Column(each, 21) for each in heads]), ((node.place.name, *map(str, numbers), *rates),))
    return Part("", (Figures(figures), table) if figures else (table,))
