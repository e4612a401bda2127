"""What is wrong with a field about a member, in whole sentences, and what was done to members."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.domain.refusals import BadField


def field_fault(fault: BadField) -> Mapping[str, str]:
    """The sentence for the field it belongs to."""
    facts = fault.facts
    field, why, value = (str(facts.get(name, "")) for name in ("field", "why", "value"))
    field = {"member_name": "name"}.get(field, field)
    days = {"day", "since"}
    if field in days:
        return {field: _day(why, facts)}
    said = {
        ("name", "empty"): _("请填姓名，里面至少要有一个字。"),
        ("name", "too_long"): _("姓名太长，最多 %(most)s 个字。", most=facts.get("most")),
        ("name", "twice"): _("这个单位已经有一位“%(value)s”。若是两个人，请给两个人都填上编号，用来分清是谁。", value=value),
        ("position", "too_long"): _("职务太长，最多 %(most)s 个字。", most=facts.get("most")),
        ("code", "too_long"): _("编号太长，最多 %(most)s 个字。", most=facts.get("most")),
        ("code", "twice"): _("编号“%(value)s”是%(other)s的。一个编号只能有一个人，请换一个。", value=value, other=facts.get("other")),
        ("kind", "unknown"): _("没有这种类别，请从列表中选。"),
        ("unit", "closed"): _("“%(value)s”已经撤销，不能再进人。请选别的单位。", value=value),
        ("members", "none"): _("选的人都已经在这个单位，或者已经离开，没有人要转。请选别的单位。"),
        ("members", "gone"): _("%(value)s已经离开了，不用再记。", value=value),
        ("members", "here"): _("%(value)s没有离开，不用恢复。", value=value),
    }  # fmt: skip
    place = {"members": "unit" if why == "none" else "day"}.get(field, field)
    return {place: said.get((field, why), _("这一格不能用，请改一改。"))}


def _day(why: str, facts: Mapping[str, Any]) -> str:
    if why == "future":
        return _("%(value)s 还没有到。请填今天或者以前的日期。", value=facts.get("value"))
    if why == "before":
        return _("%(value)s 早于 %(after)s，那时他还没有到这个单位。请填 %(after)s 或者以后的日期。", value=facts.get("value"), after=facts.get("after"))
    return _("%(value)s 太早了，请看看年份有没有填错。", value=facts.get("value"))
