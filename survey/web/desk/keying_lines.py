"""The lines of a paper form as they are keyed: what may be typed, what was typed, what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from survey.actions.keyings import Keying
from survey.domain.keyings import EMPTY, ILLEGIBLE, NOTHING, Asked, Reading, lines, shown
from survey.domain.papers import Paper
from survey.domain.questionnaires import Audience, Kind
from survey.web.paper_words import reason_words
from survey.web.words import day

_MOST_KEYS = 9


@dataclass(frozen=True, slots=True)
class Row:
    """One line.

    Attributes
    ----------
    head : the name of the target, where its first line stands
    keys : what may be typed, and what it says
    single : whether one key is the whole answer
    """

    field: str
    head: str
    note: str
    title: str
    keys: tuple[tuple[str, str], ...]
    single: bool
    is_text: bool
    typed: str
    wrong: str
    first: str = ""
    second: str = ""


def rows(
    paper: Paper, asked: Sequence[Asked], typed: Mapping[str, str], wrong: Mapping[str, str]
) -> tuple[Row, ...]:
    """The lines of a form in their order."""
    before = ""
    made = []
    for each in asked:
        head = each.target.label if each.target.key != before else ""
        before = each.target.key
        made.append(_row(paper, each, head, typed=typed.get(each.field, ""), wrong=wrong.get(each.field, "")))
    return tuple(made)


def settling(
    paper: Paper, done: Keying, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> tuple[Row, ...]:
    """The lines two readings differ in, each with what both say."""
    assert done.first is not None and done.second is not None
    apart = [each for each in lines(paper) if each.field in done.apart]
    made = []
    for each in apart:
        said = [_said(paper, reading, each) for reading in (done.first, done.second)]
        row = _row(
            paper, each, each.target.label, typed=typed.get(each.field, ""), wrong=wrong.get(each.field, ""), said=said
        )
        made.append(row)
    return tuple(made)


def _row(
    paper: Paper, each: Asked, head: str, *, typed: str, wrong: str, said: Sequence[str] = ("", "")
) -> Row:
    question = each.question
    keys = _keys(paper, each)
    boxes = paper.scale(question).options if question.kind is Kind.RATING else ()
    return Row(
        field=each.field,
        head=head,
        note=each.target.note if each.target.audience is Audience.MEMBER else "",
        title=f"{each.number}. {question.text}",
        keys=keys,
        single=bool(boxes) and len(boxes) <= _MOST_KEYS,
        is_text=question.kind is Kind.OPINION,
        typed=typed,
        wrong=_wrong(each, wrong, sum(key.isdecimal() and key != NOTHING for key, _label in keys)),
        first=said[0],
        second=said[1],
    )


def _keys(paper: Paper, each: Asked) -> tuple[tuple[str, str], ...]:
    question, unclear = each.question, (ILLEGIBLE, _("多选或看不清"))
    if question.kind is Kind.OPINION:
        return ()
    if question.kind is Kind.RATING:
        labels = [option.label for option in paper.scale(question).options]
    elif question.kind is Kind.CHOICE:
        labels = list(question.candidates)
    else:
        low, high = (0, 100) if question.kind is Kind.SCORE else question.bounds
        if question.kind is Kind.DATE:
            return (("2026-11-21", _("照着写")), (EMPTY, _("没填")), (ILLEGIBLE, _("看不清")))
        return ((f"{low}–{high}", _("照着写")), (EMPTY, _("没填")), (ILLEGIBLE, _("看不清")))
    places = tuple((str(place), label) for place, label in enumerate(labels, start=1))
    names = ((_("周八"), _("另写的姓名，录在号后面")),) if paper.write_ins(question) else ()
    return (*places, (NOTHING, _("未选")), unclear, *names)


def _wrong(each: Asked, why: str, boxes: int) -> str:
    """What to type instead."""
    if not why:
        return ""
    if why == "empty":
        return _("还没有录。表上空着，也要录一个键。")
    if why == "name":
        return _("另写的姓名太长、写了两次，或者就在候选人里。在候选人里的请录他的号。")
    if why == "option":
        return _("表上没有这一格，只有 1 到 %(n)s。", n=boxes)
    return _("不在能填的范围里，请再看一眼；看不清就录 x。")


def _said(paper: Paper, reading: Reading, each: Asked) -> str:
    why = reading.spoiled.get(each.field)
    if why is not None:
        return reason_words()[why]
    parts = shown(paper, reading, each)
    if each.question.kind is Kind.DATE:
        parts = tuple(day(date.fromordinal(int(part))) for part in parts)
    return _("、").join(parts) or _("未选")
