"""Sentences about the tree of units: what is in the way, and what to do about it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

Facts = dict[str, Any]


def stays(f: Facts) -> tuple[str, str]:
    """Why the tree cannot be changed like this."""
    title = _("这一步还不能做")
    if f["why"] == "in_the_way":
        return title, _("%(unit)s%(things)s。%(help)s", unit=f["unit"], things=_("，").join(_things(f)), help="".join(_help(f)))
    f = {"other": "", **f}
    return title, {
        "closed": _("“%(unit)s”已经撤销。请先恢复它，或者选别的单位。", **f),
        "top": _("“%(unit)s”是您账号管理的最上面一级，不能由您移动、合并或撤销。请联系上级的管理员。", **f),
        "there": _("“%(unit)s”已经在“%(other)s”下面。", **f),
        "itself": _("“%(unit)s”不能和自己合并，请选另一个单位。", **f),
        "below": _("“%(other)s”就在“%(unit)s”下面，不能把“%(unit)s”放进去。请先把“%(other)s”移到别处。", **f),
        "closed_above": _("“%(other)s”已经撤销，下面不能再放单位。请另选一个上级。", **f),
        "open": _("“%(unit)s”没有撤销，不用恢复。", **f),
    }[str(f["why"])]


def stale(_facts: Facts) -> tuple[str, str]:
    """Somebody else was first."""
    return _("刚才有人改过"), _("您打开这一页以后，有人改了这里。什么也没有写入，请看清现在的样子再做。")


def fields() -> dict[tuple[str, str], str]:
    """Why a field of a unit, a word of a list or a contact cannot be used; %(value)s and the like are filled in by the caller."""
    return {
        ("unit_name", "empty"): _("请填单位名称。"),
        ("unit_name", "too_long"): _("单位名称最多 %(most)s 个字。"),
        ("unit_name", "twice"): _("“%(other)s”下面已经有一个“%(value)s”。同一个上级下面的单位不能同名，请换一个名称。"),
        ("unit_code", "too_long"): _("编号最多 %(most)s 个字。"),
        ("unit_sector", "unknown"): _("没有这个领域，请从列表中选。"),
        ("unit_kind", "unknown"): _("没有这种单位，请从列表中选。"),
        ("contact", "left"): _("%(value)s已经离开了，不能再作联系点领导。"),
        ("units", "too_many"): _("选了 %(value)s 个单位，一场最多评 %(most)s 个。请少选几个，或者分几场开。"),
        ("only", "elsewhere"): _("打钩的单位里，有的已经不在办这一轮的单位下面，或者超过了 %(most)s 个。请再看一遍。"),
        ("email", "wrong"): _("这不像一个邮箱，请写成 name@example.org 这样，不要有空格和汉字。"),
        ("term", "empty"): _("请填一个名称。"),
        ("term", "too_long"): _("名称最多 %(most)s 个字。"),
        ("term", "twice"): _("列表里已经有“%(value)s”。"),
        ("term", "retired"): _("“%(value)s”在列表里，已经停用。要用它，请按“启用”。"),
        ("term", "needed"): _("名单里没有写类型的人算“%(value)s”，所以它不能停用，可以改名。"),
        ("term", "last"): _("“%(value)s”是最后一个，不能停用。请先添加别的。"),
        ("term", "full"): _("一个列表最多 %(most)s 个名称，请先用已有的。"),
        ("term", "unknown"): _("列表里没有这一个，请刷新后再做。"),
    }


def _things(f: Facts) -> list[str]:
    said = []
    if f["members"]:
        said.append(ngettext("还有 %(n)s 名党员", "还有 %(n)s 名党员", f["members"], n=f["members"]))
    if f["units"]:
        said.append(ngettext("下面还有 %(n)s 个单位", "下面还有 %(n)s 个单位", f["units"], n=f["units"]))
    if f["meetings"]:
        said.append(_("有 %(n)s 场评议会没有结束", n=f["meetings"]))
    return said


def _help(f: Facts) -> list[str]:
    said = []
    if f["members"] or f["units"]:
        said.append(_("请先把党员和下面的单位转到别处，或者把它并入另一个单位。"))
    if f["meetings"]:
        said.append(_("请先把评议会计票，或者作废。"))
    return said
