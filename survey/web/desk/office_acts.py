"""The journal in words, beyond what is done at a meeting: units, members, accounts, logins. Every act has its sentence."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from survey.domain.staff import StaffRole
from survey.web.grade_words import grade_word
from survey.web.words import staff_roles

_Detail = Mapping[str, Any]
_Words = Callable[[_Detail], str]
NO_RESULT = "–"


def said(act: str, detail: _Detail) -> str:
    """The sentence for an act; one of a release that nobody knows any more keeps its own name."""
    words = WORDS.get(act)
    return words(detail) if words is not None else act


def _role(key: object) -> str:
    return staff_roles()[StaffRole(str(key))] if key in set(StaffRole) else ""


def _name(detail: _Detail) -> str:
    return str(detail.get("name", ""))


def _import(d: _Detail) -> str:
    return _("导入名单：新单位 %(units)s 个，新党员 %(added)s 名，改动 %(changed)s 名",
             units=d.get("units", 0), added=d.get("added", 0), changed=d.get("changed", 0))  # fmt: skip


def _unit_move(d: _Detail) -> str:
    return _("把单位“%(name)s”移到“%(into)s”下面", name=_name(d), into=d.get("into", ""))


def _unit_merge(d: _Detail) -> str:
    before = d.get("before") or [{}]
    return _("把单位“%(name)s”并入“%(into)s”", name=before[0].get("name", _name(d)), into=d.get("into", ""))


def _members(d: _Detail) -> str:
    """One name, or the first of several and how many."""
    n = d.get("members", 1)
    return _("%(name)s等 %(n)s 名", name=_name(d), n=n) if isinstance(n, int) and n > 1 else _name(d)


def _member_add(d: _Detail) -> str:
    return _("加进党员%(who)s到“%(unit)s”", who=_members(d), unit=d.get("unit", ""))


def _member_move(d: _Detail) -> str:
    return _("把党员%(who)s转到“%(unit)s”", who=_members(d), unit=d.get("unit", ""))


def _member_back(d: _Detail) -> str:
    return _("让党员%(who)s回到名单", who=_members(d))


def _undo(d: _Detail) -> str:
    of = str(d.get("of", ""))
    return _("撤回：%(what)s", what=said(of, d) if of != "undo" else "")


def _staff_add(d: _Detail) -> str:
    return _("在服务器上加账号“%(login)s”（%(role)s）", login=d.get("login", ""), role=_role(d.get("role")))


def _change_staff(d: _Detail) -> str:
    role, was = _role(d.get("role")), _role(d.get("was"))
    if d.get("from"):
        return _("把%(name)s的账号从“%(was_unit)s”的%(was)s改为“%(unit)s”的%(role)s",
                 name=_name(d), was_unit=d["from"], was=was, unit=d.get("unit", ""), role=role)  # fmt: skip
    return _("把%(name)s的账号从%(was)s改为%(role)s", name=_name(d), was=was, role=role)


def _grade_round(d: _Detail) -> str:
    """Whom, what, and why it is another than the figures say."""
    told = []
    for label, was, grade, result, reason in d.get("rows", ()):
        now = grade_word(grade) if grade else _("撤销“%(grade)s”", grade=grade_word(was))
        why = _("（算出来是%(result)s：%(reason)s）", result=grade_word(result) or NO_RESULT, reason=reason) if grade and grade != result else ""
        told.append(f"{label} {now}{why}")
    said = _("在轮次“%(name)s”里给“%(unit)s”定等次：%(told)s", name=_name(d), unit=d.get("unit", ""), told=_("，").join(told))
    return _("%(said)s；超过名额：%(over)s", said=said, over=d["over"]) if d.get("over") else said


def _settle_bonus(d: _Detail) -> str:
    said = {"name": _name(d), "who": d.get("who", ""), "points": d.get("points", "")}
    if d.get("alone"):
        return _("在轮次“%(name)s”里同意给%(who)s加分 %(points)s（申请与核准为同一人）", **said)
    if d.get("state") == "approved":
        return _("在轮次“%(name)s”里同意给%(who)s加分 %(points)s", **said)
    return _("在轮次“%(name)s”里不同意给%(who)s加分 %(points)s", **said)


def _altered_round(d: _Detail) -> str:
    if d.get("unit"):
        return _("打开轮次“%(name)s”时发现：“%(unit)s”存在数据库里的数字被人改过", name=_name(d), unit=d["unit"])
    return _("打开轮次“%(name)s”时发现：存在数据库里的数字被人改过", name=_name(d))


def _logins_end(d: _Detail) -> str:
    return _("结束自己在别处的 %(n)s 个登录", n=d.get("n", 1))


WORDS: Mapping[str, _Words] = {
    "found": lambda d: _("建立最上级单位“%(name)s”", name=_name(d)),
    "import": _import,
    "unit_add": lambda d: _("新增单位“%(name)s”", name=_name(d)),
    "unit_edit": lambda d: _("修改单位“%(name)s”", name=_name(d)),
    "unit_move": _unit_move,
    "unit_merge": _unit_merge,
    "unit_close": lambda d: _("停用单位“%(name)s”", name=_name(d)),
    "unit_reopen": lambda d: _("重新启用单位“%(name)s”", name=_name(d)),
    "unit_undo": lambda d: _("撤回对单位“%(name)s”的改动", name=_name(d)),
    "member_add": _member_add,
    "member_edit": lambda d: _("修改党员%(who)s", who=_members(d)),
    "member_move": _member_move,
    "member_leave": lambda d: _("党员%(who)s转出", who=_members(d)),
    "member_back": _member_back,
    "undo": _undo,
    "term_add": lambda d: _("在词表里新增“%(name)s”", name=_name(d)),
    "term_rename": lambda d: _("在词表里改名为“%(name)s”", name=_name(d)),
    "term_retire": lambda d: _("在词表里停用“%(name)s”", name=_name(d)),
    "term_return": lambda d: _("在词表里恢复“%(name)s”", name=_name(d)),
    "term_order": lambda d: _("调整词表的次序"),
    "contact_add": lambda d: _("请%(member)s联系单位“%(name)s”", member=d.get("member", ""), name=_name(d)),
    "contact_remove": lambda d: _("%(member)s不再联系单位“%(name)s”", member=d.get("member", ""), name=_name(d)),
    "begin_draft": lambda d: _("新建问卷“%(title)s”", title=d.get("title", "")),
    "finish_draft": lambda d: _("把问卷“%(title)s”定为第 %(n)s 版", title=d.get("title", ""), n=d.get("version", "")),
    "share_draft": lambda d: _("把问卷“%(title)s”共享给下面的单位", title=d.get("title", "")),
    "unshare_draft": lambda d: _("不再共享问卷“%(title)s”", title=d.get("title", "")),
    "shelve_draft": lambda d: _("搁置问卷“%(title)s”", title=d.get("title", "")),
    "unshelve_draft": lambda d: _("恢复问卷“%(title)s”", title=d.get("title", "")),
    "plan_round": lambda d: _("定轮次“%(name)s”", name=_name(d)),
    "change_round": lambda d: _("修改轮次“%(name)s”", name=_name(d)),
    "change_scheme": lambda d: _("修改轮次“%(name)s”的计票规则，第 %(n)s 版", name=_name(d), n=d.get("version", "")),
    "make_meetings": lambda d: _("给轮次“%(name)s”建好 %(n)s 场评议会", name=_name(d), n=d.get("n", "")),
    "unmake_meetings": lambda d: _("收回轮次“%(name)s”里没有动过的 %(n)s 场评议会", name=_name(d), n=d.get("n", "")),
    "publish_round": lambda d: _("公布轮次“%(name)s”的结果，摘要 %(sha256)s", name=_name(d), sha256=str(d.get("sha256", ""))[:16]),
    "altered_round": _altered_round,
    "mend_round": lambda d: _("照公布的文件重做轮次“%(name)s”被人改过的数字 %(n)s 处", name=_name(d), n=d.get("n", "")),
    "grade_round": _grade_round,
    "end_grading_round": lambda d: _("结束轮次“%(name)s”的评定，定了等次的 %(n)s 个", name=_name(d), n=d.get("n", "")),
    "reopen_grading_round": lambda d: _("重新开始轮次“%(name)s”的评定：%(reason)s", name=_name(d), reason=d.get("reason", "")),
    "score_round": lambda d: _("在轮次“%(name)s”里给“%(unit)s”填分数，共 %(n)s 个", name=_name(d), unit=d.get("unit", ""), n=d.get("n", "")),
    "ask_bonus_round": lambda d: _("在轮次“%(name)s”里给%(who)s申请加分 %(points)s：%(reason)s",
                                   name=_name(d), who=d.get("who", ""), points=d.get("points", ""), reason=d.get("reason", "")),
    "settle_bonus_round": _settle_bonus,
    "put_right_round": lambda d: _("定轮次“%(name)s”的整改期限：%(day)s", name=_name(d), day=d.get("day") or _("公布后 30 天")),
    "bundle": lambda d: _("把轮次“%(name)s”的报告打包", name=_name(d)),
    "bundle_stop": lambda d: _("停止给轮次“%(name)s”的报告打包", name=_name(d)),
    "staff_add": _staff_add,
    "staff_reset": lambda d: _("在服务器上给账号“%(login)s”换密码", login=d.get("login", "")),
    "invite": lambda d: _("邀请%(name)s做%(role)s", name=_name(d), role=_role(d.get("role"))),
    "invite_back": lambda d: _("给%(name)s发换密码的链接", name=_name(d)),
    "withdraw": lambda d: _("撤回给%(name)s的链接", name=_name(d)),
    "join": lambda d: _("用%(by)s的邀请开通账号“%(login)s”", by=d.get("invited_by", ""), login=d.get("login", "")),
    "new_password": lambda d: _("用%(by)s发的链接设新密码", by=d.get("invited_by", "")),
    "lock": lambda d: _("锁定%(name)s的账号“%(login)s”", name=_name(d), login=d.get("login", "")),
    "unlock": lambda d: _("解锁%(name)s的账号“%(login)s”", name=_name(d), login=d.get("login", "")),
    "change_staff": _change_staff,
    "login": lambda d: _("登录"),
    "login_failed": lambda d: _("登录失败，密码不对"),
    "login_locked": lambda d: _("账号已锁定，没有让登录"),
    "logins_end": _logins_end,
    "email": lambda d: _("填自己的邮箱"),
    "email_gone": lambda d: _("去掉自己的邮箱"),
    "remind_round": lambda d: _("给轮次“%(name)s”发提醒邮件 %(n)s 封", name=_name(d), n=d.get("n", "")),
    "mail_lost_round": lambda d: _("轮次“%(name)s”的提醒邮件有 %(n)s 封没有发出", name=_name(d), n=d.get("n", "")),
    "password": lambda d: _("换自己的密码"),
}
