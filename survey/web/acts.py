"""The journal in words: what staff did at a meeting, by the minute where the meeting was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from survey.domain.meetings import Meeting
from survey.store.journal import Entry
from survey.web.words import group_name

_Detail = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the journal as it is read."""

    minute: datetime
    name: str
    words: str


def acts(entries: tuple[Entry, ...], meeting: Meeting, *, zone: ZoneInfo) -> tuple[Act, ...]:
    """The acts of a meeting, the last one first. An act nobody has words for yet keeps its own name."""
    names = {group.id: group_name(group.name) for group in meeting.groups}
    words = WORDS | (OF_SURVEYS if meeting.is_survey else {})
    return tuple(
        Act(each.minute.astimezone(zone), each.name, words.get(each.act, _plain)(each, names))
        for each in reversed(entries)
    )


def _plain(entry: Entry, _names: Mapping[int, str]) -> str:
    return entry.act


def _create(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("新建评议会")


def _in_order(entry: Entry, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Groups by name with their numbers, in the order of the meeting; those it has no more come last. Kept they are sorted."""
    detail: _Detail = entry.detail
    written = ((group_name(group), str(numbers)) for group, numbers in detail.get("groups", {}).items())
    order = list(names.values())
    return sorted(written, key=lambda each: order.index(each[0]) if each[0] in order else len(order))


def _groups(entry: Entry, names: Mapping[int, str]) -> str:
    said = _("，").join(
        _("%(group)s 应到 %(due)s 人、实到 %(present)s 人", group=group, due=due, present=present)
        for group, numbers in _in_order(entry, names)
        for present, _slash, due in [numbers.partition("/")]
    )
    return _("填写人数：%(said)s", said=said)


def _merge_groups(entry: Entry, _names: Mapping[int, str]) -> str:
    return _("合并成一类：%(group)s", group=group_name(str(entry.detail.get("group", ""))))


def _weigh(entry: Entry, _names: Mapping[int, str]) -> str:
    detail: _Detail = entry.detail
    said = _("，").join(f"{group_name(group)} {weight}" for group, weight in detail.get("weights", ()))
    return _("定权重：%(said)s", said=said) if said else _("不再加权")


def _leave_out(entry: Entry, _names: Mapping[int, str]) -> str:
    detail: _Detail = entry.detail
    if detail.get("rated") == 0:
        return _("选定评议对象：只评单位，不评党员")
    return _("选定评议对象：评 %(n)s 名党员，不评 %(out)s 名", n=detail.get("rated", ""), out=detail.get("out", ""))


def _settle(entry: Entry, _names: Mapping[int, str]) -> str:
    day, place = entry.detail.get("day", ""), entry.detail.get("place", "")
    return _("定在 %(day)s，%(place)s", day=day, place=place) if place else _("定在 %(day)s", day=day)


def _rate_units(entry: Entry, _names: Mapping[int, str]) -> str:
    n = int(entry.detail.get("n") or 1)  # type: ignore[call-overload]
    return _("选定要评的单位，共 %(n)s 个", n=n) if n > 1 else _("选定只评一个单位")


def _open(entry: Entry, _names: Mapping[int, str]) -> str:
    return _("开始评议，实到 %(n)s 人", n=entry.detail.get("present", ""))


def _rehearse(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("试过监票签上的钥匙，打得开票箱")


def _stand(entry: Entry, _names: Mapping[int, str]) -> str:
    return _("写候选人，共 %(n)s 名", n=entry.detail.get("n", ""))


def _steps(entry: Entry, _names: Mapping[int, str]) -> str:
    return _("写评选的步骤，共 %(n)s 步", n=entry.detail.get("n", ""))


def _back(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("退回准备，做出的票签全部作废")


def _issue(entry: Entry, names: Mapping[int, str]) -> str:
    detail: _Detail = entry.detail
    group = names.get(detail.get("group", 0), "")
    return _("做出“%(group)s”票签 %(n)s 张", group=group, n=detail.get("n", ""))


def _issue_forms(entry: Entry, names: Mapping[int, str]) -> str:
    detail: _Detail = entry.detail
    group = names.get(detail.get("group", 0), "")
    return _("做出“%(group)s”纸质评议表 %(n)s 张", group=group, n=detail.get("n", ""))


def _quorum_rule(entry: Entry, _names: Mapping[int, str]) -> str:
    return _("定到会人数：实到超过应到的一半才能计票") if entry.detail.get("on") else _("定到会人数：不作要求")


def _spoil_rule(entry: Entry, _names: Mapping[int, str]) -> str:
    whole = entry.detail.get("rule") == "form"
    return _("纸表有一题多选或看不清，整张无效") if whole else _("纸表多选或看不清的，只那一题无效")


def _key_forms(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("录入纸质评议表")


def _void_slips(entry: Entry, names: Mapping[int, str]) -> str:
    detail: _Detail = entry.detail
    group = names.get(detail.get("group", 0), "")
    if group:
        return _("作废“%(group)s”票签 %(n)s 张", group=group, n=detail.get("n", ""))
    return _("作废票签 %(n)s 张", n=detail.get("n", ""))


def _close(entry: Entry, _names: Mapping[int, str]) -> str:
    links = entry.detail.get("links")
    return _("结束评议，共做出链接 %(n)s 个", n=links) if links else _("结束评议，票箱封存")


def _pause(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("暂停投票")


def _resume(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("恢复投票")


def _close_soon(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("宣布一分钟后封箱")


def _extend(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("再给一分钟")


def _go_on(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("先不封箱，接着投票")


def _time_up(entry: Entry, _names: Mapping[int, str]) -> str:
    links = entry.detail.get("links")
    return _("时间到，票箱封存，共做出链接 %(n)s 个", n=links) if links else _("时间到，票箱封存")


def _reopen(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("监票人在场，重新开放")


def _leftovers(entry: Entry, _names: Mapping[int, str]) -> str:
    return _("清点剩余票签，共 %(n)s 张", n=entry.detail.get("n", ""))


def _count(entry: Entry, _names: Mapping[int, str]) -> str:
    return _("计票，收回 %(n)s 张", n=entry.detail.get("ballots", ""))


def _void(entry: Entry, _names: Mapping[int, str]) -> str:
    reason, second = entry.detail.get("reason", ""), entry.detail.get("second")
    if second:
        return _("作废这场评议会（监票签丢失，%(second)s在场）：%(reason)s", second=second, reason=reason)
    return _("作废这场评议会：%(reason)s", reason=reason)


def _create_survey(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("新建调查")


def _most(entry: Entry, names: Mapping[int, str]) -> str:
    numbers = (each.partition("/")[0] for _group, each in _in_order(entry, names))
    return _("最多收的份数：%(n)s", n=_("，").join(numbers))


def _open_survey(entry: Entry, _names: Mapping[int, str]) -> str:
    return _("开始调查，最多 %(n)s 份", n=entry.detail.get("present", ""))


def _close_survey(_entry: Entry, _names: Mapping[int, str]) -> str:
    return _("结束调查，票箱封存")


def _void_survey(entry: Entry, _names: Mapping[int, str]) -> str:
    reason, second = entry.detail.get("reason", ""), entry.detail.get("second")
    if second:
        return _("作废这次调查（监票签丢失，%(second)s在场）：%(reason)s", second=second, reason=reason)
    return _("作废这次调查：%(reason)s", reason=reason)


OF_SURVEYS: dict[str, Callable[[Entry, Mapping[int, str]], str]] = {
    "create": _create_survey,
    "change_groups": _most,
    "open": _open_survey,
    "close": _close_survey,
    "void": _void_survey,
}
WORDS: dict[str, Callable[[Entry, Mapping[int, str]], str]] = {
    "create": _create,
    "change_groups": _groups,
    "merge_groups": _merge_groups,
    "weigh": _weigh,
    "leave_out": _leave_out,
    "stand": _stand,
    "steps": _steps,
    "settle": _settle,
    "rate_units": _rate_units,
    "open": _open,
    "rehearse": _rehearse,
    "back_to_draft": _back,
    "issue": _issue,
    "issue_forms": _issue_forms,
    "key_forms": _key_forms,
    "spoil_rule": _spoil_rule,
    "quorum_rule": _quorum_rule,
    "void_slips": _void_slips,
    "close": _close,
    "pause": _pause,
    "resume": _resume,
    "close_soon": _close_soon,
    "extend": _extend,
    "go_on": _go_on,
    "time_up": _time_up,
    "reopen": _reopen,
    "leftovers": _leftovers,
    "count": _count,
    "void": _void,
}
