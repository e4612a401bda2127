"""The sentences of `web/errors` about grading a round."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from survey.web.grade_words import grade_word

_Facts = Mapping[str, Any]
_MOST_NAMED = 3


def row(why: str, most: object = "") -> str:
    """What is wrong with one row, beside its fields."""
    return {
        "unknown": _("请从列出的等次里选。"),
        "long": _("原因最多 %(most)s 个字，请写短些。", most=most),
    }.get(why, _("和算出的等次不同，请写明原因。"))


def named(names: Sequence[str]) -> str:
    """A few of several people."""
    said = _("、").join(names[:_MOST_NAMED])
    return _("%(names)s等", names=said) if len(names) > _MOST_NAMED else said


def _not_graded(f: _Facts) -> tuple[str, str]:
    why = str(f.get("why"))
    if why == "quota":
        said = _(
            "“%(grade)s”选了 %(n)s 名，共 %(of)s 名，名额最多 %(most)s 名。请改几个；确实要超，就在下面写明原因。",
            grade=grade_word(str(f.get("grade"))), n=f.get("n"), of=f.get("of"), most=f.get("most"),
        )  # fmt: skip
        return _("超过名额，没有保存"), said
    if why == "decided":
        return _("等次已经定了，分数不能再改"), _("%(who)s的等次已经定了，是照现在的分数定的。要改分数，请先把等次改回“未定”。", who=f.get("who"))
    return {
        "own": (_("您申请的加分，要由别人同意"), _("申请和同意不能是同一个人。能同意的还有：%(names)s。", names=named(f.get("names") or ()))),
        "no_reason": (_("请写明原因"), _("加分要写明为什么。")),
        "ended": (_("评定已经结束"), _("等次已经定下来，不能再改。确实要改，请先重新开始评定，写明原因。")),
        "open": (_("评定没有结束"), _("不用重新开始，可以直接改。")),
        "nothing": (_("还没有定任何等次"), _("一个等次都没有定，不能结束。请先定等次。")),
        "rows": (_("有几行还不能保存"), _("什么也没有写入。请看标出的几行，改好再保存。")),
        "reason": (_("请写明原因"), _("重新开始评定要写明原因，原因留在操作记录里。")),
        "long": (_("原因写得太长了"), _("最多 %(most)s 个字，请写短些。", most=f.get("most"))),
    }.get(why, (_("刚才有人改过"), _("您打开这一页以后，有人定了这里的等次。什么也没有写入，请看清现在的样子再做。")))


TABLE: Mapping[str, tuple[int, Callable[[_Facts], tuple[str, str]]]] = {"not_graded": (409, _not_graded)}
