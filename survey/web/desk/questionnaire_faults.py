"""What keeps a questionnaire from being used, in whole sentences: where it is, what is wrong, what to do."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from survey.domain.questionnaire_checks import Fault
from survey.domain.questionnaires import Kind, Question, Questionnaire, Section

_SHORT = 20
_Facts = dict[str, Any]


def fault_sentence(fault: Fault, form: Questionnaire) -> str:
    """One fault as a sentence that names its place in the words of the form.

    A reason nobody has words for yet still names its place.
    """
    section = next((each for each in form.sections if each.key == fault.section), None)
    question = next((each for each in section.questions if each.key == fault.question), None) if section else None
    facts = {"where": place(form, fault), "text": fault.text, "most": fault.most}
    if fault.scale:
        words = _SCALE
    elif question is not None:
        special = _of_question(fault, question)
        if special:
            return special(facts)
        words = _QUESTION
    else:
        words = _SECTION if section is not None else _FORM
    return words.get(fault.why, _plain)(facts)


def place(form: Questionnaire, fault: Fault) -> str:
    """Where a fault is: the scale, the question, the section or the whole form."""
    if fault.scale:
        label = next((each.label for each in form.scales if each.key == fault.scale), "") or fault.scale
        return _("等次“%(label)s”", label=_short(label))
    number, section = _find(form, fault.section)
    if section is None:
        return _("这份问卷")
    where = (
        _("第 %(n)s 部分“%(title)s”", n=number, title=_short(section.title))
        if section.title.strip()
        else _("第 %(n)s 部分", n=number)
    )
    for count, question in enumerate(section.questions, 1):
        if question.key == fault.question and fault.question:
            if question.text.strip():
                return _("%(part)s第 %(n)s 题“%(text)s”", part=where, n=count, text=_short(question.text))
            return _("%(part)s第 %(n)s 题", part=where, n=count)
    return where


def _find(form: Questionnaire, key: str) -> tuple[int, Section | None]:
    for number, section in enumerate(form.sections, 1):
        if section.key == key and key:
            return number, section
    return 0, None


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"


def _of_question(fault: Fault, question: Question) -> Callable[[_Facts], str] | None:
    """The reasons that read otherwise from kind to kind."""
    if fault.why == "empty" and question.text.strip():
        return lambda f: _("%(where)s有一个选项空着。请写上，或者删去这个选项。", **f)
    if fault.why == "choose" and len(question.candidates) > fault.most:
        return lambda f: _("%(where)s的选项太多，最多 %(most)s 个。请删去一些。", **f)
    if fault.why == "bounds" and question.kind is Kind.DATE:
        return lambda f: _("%(where)s里，最早的日期比最晚的还晚。请改正其中一个。", **f)
    return None


def _plain(facts: _Facts) -> str:
    return _("%(where)s有一处不能用：%(text)s。请检查一下。", **facts)


def _long(f: _Facts) -> str:
    return _("%(where)s里的“%(text)s…”太长，最多 %(most)s 个字。请缩短。", **f)


def _unseen(f: _Facts) -> str:
    return _("%(where)s里的“%(text)s”夹着看不见的字符。请重新打一遍。", **f)


def _shape(f: _Facts) -> str:
    return _("%(where)s有一处不是文字。请重新填写。", **f)


_EVERYWHERE: Mapping[str, Callable[[_Facts], str]] = {"long": _long, "unseen": _unseen, "shape": _shape}

_FORM: Mapping[str, Callable[[_Facts], str]] = {
    **_EVERYWHERE,
    "empty": lambda f: _("问卷还没有名称。请写上名称。"),
    "none": lambda f: _("问卷里还没有内容。请加一个部分，再加题目。"),
    "many": lambda f: _("问卷的部分太多，最多 %(most)s 个。请合并几个部分。", **f),
    "twice": lambda f: _("有两处用了同一个编号“%(text)s”。请改掉其中一个。", **f),
}
_SECTION: Mapping[str, Callable[[_Facts], str]] = {
    **_EVERYWHERE,
    "empty": lambda f: _("%(where)s还没有标题。请写上标题。", **f),
    "none": lambda f: _("%(where)s还没有题目。请加一题，或者删去这个部分。", **f),
    "many": lambda f: _("%(where)s的题目太多，最多 %(most)s 题。请分成几个部分。", **f),
    "twice": lambda f: _("%(where)s里有两道题用了同一个编号“%(text)s”。请改掉其中一个。", **f),
}
_QUESTION: Mapping[str, Callable[[_Facts], str]] = {
    **_EVERYWHERE,
    "empty": lambda f: _("%(where)s还没有写题目。请写上题目，或者删去这一题。", **f),
    "twice": lambda f: _("%(where)s的选项“%(text)s”写了两次。请改掉一个。", **f),
    "no_scale": lambda f: _("%(where)s还没有等次。请选一组等次。", **f),
    "few_options": lambda f: _("%(where)s的选项不够。请至少写两个选项。", **f),
    "choose": lambda f: _("%(where)s最多选几个，要填 1 到 %(most)s 的整数。", **f),
    "least": lambda f: _("%(where)s至少选几个，要填 0 到 %(most)s 的整数。", **f),
    "seats": lambda f: _("%(where)s应选几名，要填 0 到 %(most)s 的整数。", **f),
    "election_kind": lambda f: _("%(where)s不是选择也不是评等次，定不出谁当选。请去掉选举规则，或者换一种题型。", **f),
    "election_choice": lambda f: _("%(where)s是评等次的题，候选人就是评议对象，不能另写姓名，也不能排次序。请去掉这几项。", **f),
    "write_ins": lambda f: _("%(where)s可以另写几个姓名，要填 0 到 %(most)s 的整数，不能多过最多选几个。", **f),
    "election_scale": lambda f: _("%(where)s定了选举规则，可是等次里没有算作“满意”的一档，数不出赞成票。请把“同意”算作“满意”，或者去掉规则。", **f),
    "bounds": lambda f: _("%(where)s的最小数要不大于最大数，两个都不能超过 %(most)s。请改正。", **f),
    "condition_unknown": lambda f: _("%(where)s要看前面一题的回答才出现，可是前面没有那一题。请重新选，或者改成总是出现。", **f),
    "condition_kind": lambda f: _("%(where)s要看前面一题的回答才出现，可是那一题没有可选的答案。请换一题，或者改成总是出现。", **f),
    "condition_options": lambda f: _("%(where)s要看前面一题的回答才出现，可是没有选好是哪个回答。请选上，或者改成总是出现。", **f),
}
_SCALE: Mapping[str, Callable[[_Facts], str]] = {
    **_EVERYWHERE,
    "empty": lambda f: _("%(where)s有一档没有名称。请写上，或者删去这一档。", **f),
    "twice": lambda f: _("%(where)s里的“%(text)s”写了两次。请改掉一个。", **f),
    "few_options": lambda f: _("%(where)s的档数不够。请至少写两档。", **f),
    "code": lambda f: _("%(where)s里“%(text)s”的编号不能用。每一档要有自己的编号，是 0 到 %(most)s 的整数。", **f),
    "points": lambda f: _("%(where)s里“%(text)s”的分值太大或太小。分值在 −%(most)s 和 %(most)s 之间。", **f),
}
