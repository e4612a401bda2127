"""Quiet advice on a questionnaire in whole sentences: what may be a slip, and what to do if it is one."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask_babel import gettext as _

from survey.domain.advice import LONG_MINUTES, Advice
from survey.web.questionnaires import said


def advice_sentence(each: Advice) -> str:
    """One piece of advice as a sentence that names the text it is about; a ready text in the language of the page."""
    return WORDS[each.why](replace(each, text=said(each.text)))


def _time(each: Advice) -> str:
    plain, older, members = (int(number) for number in each.numbers)
    facts = {"plain": plain, "older": older, "members": members}
    if members:
        return _("评 1 个单位，党员 %(members)s 名：用手机填大约 %(plain)s 分钟，年纪大的人大约 %(older)s 分钟。", **facts)
    return _("用手机填大约 %(plain)s 分钟，年纪大的人大约 %(older)s 分钟。", **facts)


def _long(each: Advice) -> str:
    plain, older, members = (int(number) for number in each.numbers)
    facts = {"plain": plain, "older": older, "members": members, "most": LONG_MINUTES}
    if members:
        return _("评 1 个单位，党员 %(members)s 名：用手机填大约 %(plain)s 分钟，年纪大的人大约 %(older)s 分钟。超过 %(most)s 分钟，后面的题容易随手选；可以少问几题，或者分几场评。", **facts)
    return _("用手机填大约 %(plain)s 分钟，年纪大的人大约 %(older)s 分钟。超过 %(most)s 分钟，后面的题容易随手选；可以少问几题。", **facts)


def _earns(each: Advice) -> str:
    return _("最低一档“%(text)s”也得 %(points)s 分。谁都不满意时，分数仍然不低；一般最低一档记 0 分。",
             text=each.text, points=f"{each.numbers[0]:g}")


def _points(each: Advice) -> str:
    return _("等次“%(text)s”的分值不是从高到低。请看看是不是写错了位置。", text=each.text)


def _roles(each: Advice) -> str:
    return _("等次“%(text)s”不是按满意、基本满意、不满意排的。统计以每一档的含义为准，请看看含义选对了没有。", text=each.text)


def _double(each: Advice) -> str:
    return _("“%(text)s”像是一题问了两件事。一件好、一件不好时，评的人没法选；可以拆成两题。", text=each.text)


def _negative(each: Advice) -> str:
    return _("“%(text)s”里有两个否定，容易看反。可以换成正面的问法。", text=each.text)


def _loaded(each: Advice) -> str:
    return _("“%(text)s”像是已经说出了答案。可以换成不带倾向的问法。", text=each.text)


def _same(each: Advice) -> str:
    return _("“%(text)s”在同一部分问了两次。可以删去一题，或者把区别写明白。", text=each.text)


def _open(_each: Advice) -> str:
    return _("没有一题是必答的。没选的题记为弃权，一般这样就好；哪一题一定要答，可以勾上“必答”。")


def _unknown(each: Advice) -> str:
    return _("“%(text)s”没有“不了解”一档。不熟悉这名党员的人只能猜，或者空着；可以加一档“不了解”。", text=each.text)


def _unreached(each: Advice) -> str:
    return _("“%(text)s”不会有人看到，排在前面的部分已经包括了这些单位或党员。请把它移到前面，或者改前面的部分评谁。", text=each.text)


def _rest(each: Advice) -> str:
    return _("这些部分只评某几类，别的领域的单位或别的类型的党员没有题目，有他们的评议会开不了。“%(text)s”可以改成评所有的。", text=each.text)


def _unused(each: Advice) -> str:
    return _("等次“%(text)s”没有哪一题用到。不需要时可以删去。", text=each.text)


def _placeholder(each: Advice) -> str:
    return _("“%(text)s”只是占位的名字。请在开会前换成真正的名字。", text=each.text)


WORDS: Mapping[str, Callable[[Advice], str]] = {
    "minutes": _time,
    "too_long": _long,
    "lowest_earns": _earns,
    "points_order": _points,
    "roles_order": _roles,
    "double": _double,
    "double_negative": _negative,
    "loaded": _loaded,
    "same_text": _same,
    "nothing_required": _open,
    "no_unknown": _unknown,
    "unreached": _unreached,
    "no_rest": _rest,
    "unused_scale": _unused,
    "placeholder": _placeholder,
}
