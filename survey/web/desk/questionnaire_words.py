"""A questionnaire in words: what it is for, how a question is answered, when it is asked, whom a section is for."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from survey.domain.catalogue import counted
from survey.domain.questionnaires import Audience, Kind, Purpose, Question, Questionnaire, Section
from survey.web.elections import rule_words
from survey.web.questionnaires import said


def purposes() -> Mapping[Purpose, str]:
    """What a form can be for."""
    return {
        Purpose.EVALUATION: pgettext("purpose", "评议"),
        Purpose.SELECTION: _("推荐和票决"),
        Purpose.COMMENT: _("点评和整改"),
        Purpose.SURVEY: _("调查和征求意见"),
    }


def targets() -> Mapping[Audience, str]:
    """Whom a form can be about."""
    return {Audience.UNIT: _("评单位"), Audience.MEMBER: _("评党员"), Audience.GENERAL: _("不针对谁")}


def sizes(form: Questionnaire) -> str:
    """How much is asked about whom."""
    found = counted(form)
    unit, member, general = (found.get(each, 0) for each in (Audience.UNIT, Audience.MEMBER, Audience.GENERAL))
    words = {
        Audience.UNIT: ngettext("评单位 %(n)s 题", "评单位 %(n)s 题", unit, n=unit),
        Audience.MEMBER: ngettext("评每名党员 %(n)s 题", "评每名党员 %(n)s 题", member, n=member),
        Audience.GENERAL: ngettext("不针对谁 %(n)s 题", "不针对谁 %(n)s 题", general, n=general),
    }
    return _("，").join(words[audience] for audience in words if audience in found)


def answers(question: Question, form: Questionnaire) -> str:
    """How a question is answered, and how it elects."""
    rule = rule_words(question.election)
    return _("；").join(each for each in (_answers(question, form), rule) if each)


def _answers(question: Question, form: Questionnaire) -> str:
    if question.kind is Kind.RATING:
        labels = next((s.options for s in form.scales if s.key == question.scale), ())
        return " / ".join(said(option.label) for option in labels)
    if question.kind is Kind.CHOICE:
        return _choice(question)
    low, high = ("" if bound is None else _bound(question, bound) for bound in (question.low, question.high))
    if question.kind.is_wide and low and high:
        return _("填数字，%(low)s 到 %(high)s", low=low, high=high) if question.kind is Kind.NUMBER else _("填日期，%(low)s 到 %(high)s", low=low, high=high)
    plain = {Kind.SCORE: _("打分，0 到 100"), Kind.NUMBER: _("填数字"), Kind.DATE: _("填日期"), Kind.OPINION: _("写意见")}
    return plain[question.kind]


def asked_when(question: Question, section: Section, form: Questionnaire) -> str:
    """Under which condition a question is asked; "" is always."""
    if question.show_if is None:
        return ""
    before = next((each for each in section.questions if each.key == question.show_if.question), None)
    if before is None:
        return ""
    chosen = " / ".join(picked(before, question.show_if.options, form))
    return _("“%(question)s”选了“%(chosen)s”时才问", question=said(before.text), chosen=chosen)


def picked(question: Question, options: Sequence[int], form: Questionnaire) -> list[str]:
    """The labels behind codes of a scale or places of candidates."""
    if question.kind is Kind.CHOICE:
        return [said(text) for place, text in enumerate(question.candidates) if place in options]
    labels = next((s.options for s in form.scales if s.key == question.scale), ())
    return [said(option.label) for option in labels if option.code in options]


def whom(section: Section, sectors: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    """Whom a section is for."""
    if section.audience is Audience.GENERAL:
        return _("不针对谁")
    is_unit = section.audience is Audience.UNIT
    labels = sectors if is_unit else kinds
    if not section.only:
        return _("评单位") if is_unit else _("评党员")
    names = _("、").join(labels.get(key, key) for key in section.only)
    return _("评单位：%(names)s", names=names) if is_unit else _("评党员：%(names)s", names=names)


def _choice(question: Question) -> str:
    offered = " / ".join(said(each) for each in question.candidates) or "…"
    if question.choose == 1:
        return _("选一个：%(offered)s", offered=offered)
    if question.choose >= question.offered:
        return _("可选多个：%(offered)s", offered=offered)
    return _("最多选 %(most)s 个：%(offered)s", most=question.choose, offered=offered)


def _bound(question: Question, bound: int) -> str:
    return date.fromordinal(bound).isoformat() if question.kind is Kind.DATE else str(bound)
