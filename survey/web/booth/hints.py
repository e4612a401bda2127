"""The small print of a question: how many may be ticked, which numbers and days may be given, after which answer it is asked."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from survey.domain.papers import Paper
from survey.domain.questionnaires import Kind, Question
from survey.web.words import day


def options(paper: Paper, question: Question) -> tuple[tuple[str, str], ...]:
    """What may be chosen: (code, label)."""
    if question.kind is Kind.RATING:
        return tuple((str(option.code), option.label) for option in paper.scale(question).options)
    return tuple((str(c), candidate) for c, candidate in enumerate(question.candidates))


def after(asked: Sequence[Question], question: Question, number: int) -> str:
    """The form field of the question that decides whether this one is asked."""
    keys = [each.key for each in asked]
    return f"{number}.{keys.index(question.show_if.question)}" if question.show_if else ""


def when(paper: Paper, asked: Sequence[Question], place: int) -> str:
    """After which answer a question is asked, for who sees it all the same."""
    condition = asked[place].show_if
    if condition is None:
        return ""
    q = next(q for q, each in enumerate(asked) if each.key == condition.question)
    labels = dict(options(paper, asked[q]))
    answers = _("”或“").join(labels[str(code)] for code in condition.options)
    if q == place - 1:
        return _("上一题选“%(answers)s”时才答。", answers=answers)
    return _("“%(question)s”选“%(answers)s”时才答。", question=asked[q].text, answers=answers)


def bounds(question: Question) -> str:
    """How many may be ticked, or which numbers and days may be given."""
    least, most = question.least, question.choose
    if question.kind is Kind.CHOICE and most > 1:
        if least > 1:
            return _("选 %(n)s 个", n=most) if least == most else _("选 %(least)s 到 %(n)s 个", least=least, n=most)
        return _("可以选几个") if most == len(question.candidates) else _("最多选 %(n)s 个", n=most)
    if question.kind is Kind.NUMBER:
        return _said(
            question, _("%(low)s 到 %(high)s 的整数"), _("不小于 %(low)s 的整数"), _("不大于 %(high)s 的整数")
        ) or _("整数")
    return (
        _said(question, _("%(low)s 到 %(high)s"), _("%(low)s或以后"), _("%(high)s或以前"))
        if question.kind is Kind.DATE
        else ""
    )


def _said(question: Question, both: str, low: str, high: str) -> str:
    """The bounds a question gives, in the sentence that fits; "" when it gives none."""
    chosen = {(True, True): both, (True, False): low, (False, True): high}.get(
        (question.low is not None, question.high is not None), ""
    )
    ends = question.bounds
    said = (
        [day(date.fromordinal(each)) for each in ends] if question.kind is Kind.DATE else [str(each) for each in ends]
    )
    return chosen.replace("%(low)s", said[0]).replace("%(high)s", said[1])
