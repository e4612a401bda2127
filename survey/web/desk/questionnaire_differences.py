"""The differences of two versions of a questionnaire in words: where, what happened, what it was and what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from survey.domain.differences import Change, Difference, Thing, differences
from survey.domain.elections import Election
from survey.domain.questionnaires import Audience, Condition, Kind, Purpose, Question, Questionnaire, Role, Section
from survey.web.desk.questionnaire_words import picked, purposes, targets
from survey.web.elections import rule_words
from survey.web.questionnaires import said
from survey.web.words import roles


@dataclass(frozen=True, slots=True)
class Told:
    """One difference as a row: where it is, what happened, and of a change what stood there and what stands there now."""

    where: str
    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two versions, and the labels its sectors and kinds have."""

    form: Questionnaire
    labels: Mapping[str, str]


def told(before: Questionnaire, after: Questionnaire, *, labels: Mapping[str, str]) -> Sequence[Told]:
    """Every difference in words. `labels` are those of sectors and member kinds."""
    sides = _Side(before, labels), _Side(after, labels)
    return [_told(each, *sides) for each in differences(before, after)]


def fields() -> Mapping[str, str]:
    """What a field is called."""
    return {
        "title": _("标题"), "source": _("出处"), "purpose": _("用途"), "key": _("代号"), "audience": _("评谁"), "only": _("只评哪几类"), "help": _("说明"),
        "text": _("文字"), "kind": _("题型"), "scale": _("等次"), "required": _("必答"), "candidates": _("选项"), "choose": _("最多选几个"),
        "least": _("至少选几个"), "low": _("最小"), "high": _("最大"), "show_if": _("什么时候问"), "election": _("选举规则"), "label": _("文字"), "role": _("算作"), "points": _("分值"),
    }  # fmt: skip


def kinds() -> Mapping[Kind, str]:
    """What a kind of question is called."""
    return {
        Kind.RATING: _("评等次"), Kind.SCORE: _("打分，0 到 100"), Kind.CHOICE: _("选择"), Kind.NUMBER: _("填数字"), Kind.DATE: _("填日期"),
        Kind.OPINION: _("写意见"),
    }  # fmt: skip


def _told(each: Difference, old: _Side, new: _Side) -> Told:
    where = _where(each, old if each.change is Change.REMOVED else new)
    if each.change is Change.CHANGED:
        what = _("改了%(field)s", field=fields()[each.field])
        return Told(where, what, _value(each, each.before, old), _value(each, each.after, new))
    if each.change is Change.MOVED:
        if isinstance(each.before, str):
            return Told(where, _("换了部分"), _part(each.before, old), _part(str(each.after), new))
        return Told(where, _("换了位置"), _("第 %(n)s 个", n=each.before), _("第 %(n)s 个", n=each.after))
    return Told(where, _("新加的") if each.change is Change.ADDED else _("删去的"))


def _where(each: Difference, side: _Side) -> str:
    text = said(each.text)
    if each.thing is Thing.FORM:
        return _("整份问卷")
    if each.thing is Thing.SECTION:
        return _("部分“%(title)s”", title=text)
    if each.thing is Thing.SCALE:
        return _("等次“%(label)s”", label=text)
    if each.thing is Thing.OPTION:
        scale = next((scale.label for scale in side.form.scales if scale.key == each.scale), "")
        return _("等次“%(label)s”的“%(text)s”", label=said(scale), text=text)
    return _("“%(title)s”里的“%(text)s”", title=_part(each.section, side), text=text)


def _part(key: str, side: _Side) -> str:
    return next((said(section.title) for section in side.form.sections if section.key == key), key)


def _value(each: Difference, value: Any, side: _Side) -> str:
    """A value of a field in words; an en dash for nothing."""
    if value is None or value == "" or value == ():
        return "–"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Election):
        return rule_words(value) or "–"
    if isinstance(value, Condition):
        return _condition(each, value, side)
    if each.field == "only":
        return _("、").join(side.labels.get(key, key) for key in value)
    if each.field == "candidates":
        return " / ".join(said(text) for text in value)
    if each.field == "scale":
        return next((said(scale.label) for scale in side.form.scales if scale.key == value), str(value))
    if each.field in ("low", "high") and _asked(each, side).kind is Kind.DATE:
        return date.fromordinal(value).isoformat()
    return f"{value:g}" if isinstance(value, float) else _word(value)


def _word(value: Any) -> str:
    """A word of a fixed list in the language of the page; what people typed as they typed it."""
    lists: dict[type, Mapping[Any, str]] = {
        Audience: targets(), Kind: kinds(), Role: {**roles(), Role.ABSTAIN: _("弃权")},
    }  # fmt: skip
    if type(value) in lists:
        return lists[type(value)][value]
    return purposes()[Purpose(value)] if value in set(Purpose) else said(str(value))


def _condition(each: Difference, condition: Condition, side: _Side) -> str:
    section = _section(each, side)
    asked = next((question for question in section.questions if question.key == condition.question), None)
    if asked is None:
        return condition.question
    chosen = " / ".join(picked(asked, condition.options, side.form))
    return _("“%(question)s”选了“%(chosen)s”时才问", question=said(asked.text), chosen=chosen)


def _section(each: Difference, side: _Side) -> Section:
    """Where the question stands on this side: a section that has it, since it may have come from another."""
    having = [s for s in side.form.sections if any(question.key == each.question for question in s.questions)]
    return next((section for section in having if section.key == each.section), having[0])


def _asked(each: Difference, side: _Side) -> Question:
    return next(question for question in _section(each, side).questions if question.key == each.question)
