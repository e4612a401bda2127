"""Refusals become sentences: one table maps each key to a status and the words people read."""

import errno
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey.domain.meetings import Stage
from survey.domain.refusals import NoRoom, Refused
from survey.web import account_errors, ballot_errors, key_errors, paper_errors, round_errors, scheme_errors, surveys
from survey.web.elections import fields as election_fields
from survey.web.unit_words import fields as unit_fields
from survey.web.unit_words import stale, stays
from survey.web.words import form_text, group_name, stages


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is so, and what to do."""

    status: int
    title: str
    text: str


Facts = dict[str, Any]
_Words = Callable[[Facts], tuple[str, str]]
# Fields whose value is the name of a group of evaluators.
_OF_GROUPS = frozenset({"group", "present", "weight", "leftover"})


def sentence(refused: Refused) -> Sentence:
    """The words for a refusal, in the language of the request."""
    status, words = TABLE.get(refused.key, (400, _plain))
    title, text = words(refused.facts)
    return Sentence(status, title, text)


def shortage(fault: Exception) -> NoRoom | None:
    """The refusal for a fault that is no fault of the program: memory or disk ran out outside the database."""
    if isinstance(fault, MemoryError):
        return NoRoom(what="memory")
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NoRoom(what="disk")
    return None


def _plain(_facts: Facts) -> tuple[str, str]:
    return _("这一步没有做成"), _("什么也没有改动。请返回上一页再试一次。")


def _not_found(_facts: Facts) -> tuple[str, str]:
    return _("这里没有这个页面"), _("可能已经删除，也可能不在您的管理范围内。请从首页重新进入。")


def _not_allowed(_facts: Facts) -> tuple[str, str]:
    return _("您的账号不能做这一步"), _("请联系管理员，或者换一个账号登录。")


def _missing(f: Facts) -> tuple[str, str]:
    return (
        _("有一题必须回答"),
        _("%(target)s：%(question)s 还没有选。票还没有投出，选好再提交。", target=f.get("target"), question=f.get("question")),
    )


def _long(f: Facts) -> tuple[str, str]:
    return (
        _("意见写得太长了"),
        _("全部意见合起来最多 %(most)s 字，现在有 %(length)s 字。票还没有投出，删短一些再提交。", **f),
    )


def _unknown_code(f: Facts) -> tuple[str, str]:
    if f.get("code"):
        return _("没有这张票签"), _("“%(code)s”不是这场评议会的票签。请对照票签再输一次。", code=f["code"])
    return (
        _("查不到这张票签"),
        _("请对照票签，看看有没有输错。如果这场评议会已经计票，票签已随票一并销毁，不能再用。"),
    )


def _used(f: Facts) -> tuple[str, str]:
    if f.get("code"):
        return _("这张票签已经用过"), _("“%(code)s”的票已经在票箱里，不能作废。", code=f["code"])
    if f.get("entry") in ("screen", "link"):
        return _("这部手机已经投过"), _("一部手机投一次，这部手机的票已经在票箱里。")
    return _("这张票签已经用过"), _("一张票签投一次，这张的票已经在票箱里。")


def _void(f: Facts) -> tuple[str, str]:
    if f.get("meeting") and f.get("survey"):
        return surveys.void()
    if f.get("meeting"):
        return _("这场评议会已经作废"), _("票和钥匙都已销毁，没有计票，谁也看不到您怎么选。是否重开，请问工作人员。")
    return _("这张票签已经作废"), _("请向工作人员另领一张。")


def _stage(f: Facts) -> tuple[str, str]:
    if f.get("survey"):
        return surveys.stage(f)
    if f.get("wanted") == Stage.OPEN.value and "title" in f:
        if f.get("stage") == Stage.DRAFT.value:
            return _("评议还没有开始"), _("请等主持人宣布开始，再扫一次码。")
        return _("评议已经结束"), _("票箱已经封存，不再收票。")
    stage = stages()[Stage(str(f["stage"]))] if f.get("stage") else ""
    return (
        _("现在不能做这一步"),
        _("这场评议会现在是“%(stage)s”。可能别人刚刚操作过，请刷新页面看下一步。", stage=stage),
    )


def _few(f: Facts) -> tuple[str, str]:
    if f.get("group"):
        f = {**f, "group": group_name(str(f["group"]))}
        return (
            _("有一类人数不足"),
            _("“%(group)s”实到 %(present)s 人，不到 %(fewest)s 人，容易推出个人的选择。请把它和别的类别合并成一类，再开始评议。", **f),
        )
    return (
        _("人数不足，不能开始"),
        _("实到 %(present)s 人，不到 %(fewest)s 人，容易推出个人的选择。请等人到齐，或者和别的支部合开。", **f),
    )


def _many(f: Facts) -> tuple[str, str]:
    if f.get("survey"):
        return surveys.many()
    if f.get("way") == "screen":
        return _("这一类的票已经领完"), _("“%(group)s”按实到人数领票，已经领完。您若没有领到，请告诉工作人员。", **f)
    return _("票签不能比人多"), _("“%(group)s”最多还能发 %(most)s 张。人到多了，请先改实到人数。", **f)


def _sheet(f: Facts) -> tuple[str, str]:
    title = _("票数对不上，没有计票")
    if f.get("why") == "leftover_missing":
        return title, _("“%(group)s”剩余票签还没有清点。请数一数没有发出的票签，填上张数。", **f)
    if f.get("why") == "leftover_over_codes":
        return title, _("“%(group)s”剩余 %(leftover)s 张，比做出的 %(codes)s 张还多。请重新清点。", **f)
    return title, _(
        "“%(group)s”发出 %(issued)s 张，收回却有 %(returned)s 张。请重新清点剩余票签；若确实如此，这场评议会只能作废。", **f
    )


def _scrutineer(_facts: Facts) -> tuple[str, str]:
    return _("监票码不对"), _("请监票人对照监票签，重新输入 12 位监票码。")


def _differs(f: Facts) -> tuple[str, str]:
    if f.get("why") == "scheme":
        return _("计票规则被人改过，没有计票"), _("现在的计票规则和评议票上写明的不一样，可能有人改动过数据库。请管理员从备份里查明原来的规则；查不明，只能作废重评。")
    return (
        _("票箱和票签对不上，没有计票"),
        _("票箱里应有的票和实有的票不一致（应有 %(expected)s，实有 %(found)s），可能有人改动过数据库。可以再试一次；若仍然不一致，只能作废重评。", expected=f.get("expected"), found=f.get("found")),
    )


def _no_key(_facts: Facts) -> tuple[str, str]:
    return _("这台机器上没有票箱的钥匙"), _("请在开会时用的那台服务器上计票，那里的钥匙目录才有这把钥匙。若数据库是从备份恢复的，备份里没有钥匙，这个票箱永远不能计票，只能作废重评。")


def _exchanged(_facts: Facts) -> tuple[str, str]:
    return (
        _("票箱的锁被人换过"),
        _("数据库里票箱的公钥不是开箱时的那一把，投进去的票可能被别人看到，所以不收票，也不计票。票签还可以用。请马上告诉工作人员和监票人。"),
    )


def _not_empty(f: Facts) -> tuple[str, str]:
    return _("票箱里已经有票"), _("已经收回 %(ballots)s 张，不能再退回或整批作废。单张票签可以输入票签码作废。", **f)


def _stale(_facts: Facts) -> tuple[str, str]:
    return _("二维码已经更换"), _("请抬头再扫一次大屏幕上的二维码。")


def _login(f: Facts) -> tuple[str, str]:
    if f.get("wait"):
        return _("登录名或密码不对"), _("连续输错多次，请等 %(wait)s 秒再试。", **f)
    return _("登录名或密码不对"), _("请再输一次。忘记密码请联系管理员。")


def _away(_facts: Facts) -> tuple[str, str]:
    return _("数据库暂时用不上"), _("数据库没有回答，或者正被别的程序占用。什么也没有丢，请等一会儿再试一次。")


def _no_room(f: Facts) -> tuple[str, str]:
    if f.get("what") == "memory":
        return (
            _("服务器的内存不够"),
            _("什么也没有改动，票和钥匙都还在。请管理员关掉别的程序，或者加大内存，再做一次。"),
        )
    if f.get("what") == "keyroom":
        return (
            _("钥匙写不进钥匙目录"),
            _("评议没有开始，什么也没有改动。钥匙目录所在的磁盘可能满了，或者不能写入。请管理员处理好，再做一次。"),
        )
    return _("数据写不进磁盘"), _("什么也没有改动。服务器的磁盘可能满了。请管理员腾出空间，再做一次。")


def _key_stays(_facts: Facts) -> tuple[str, str]:
    return (
        _("这一步已经做完，但钥匙还没有销毁"),
        _("钥匙目录现在不能写入。请管理员处理好，再重新启动服务，启动时会把钥匙销毁。"),
    )


def _section(f: Facts) -> tuple[str, str]:
    return _("问卷不适合这个对象"), _("问卷里没有适合“%(target)s”的部分。请换一份问卷，或者改正他的类型。", **f)


def _field(f: Facts) -> tuple[str, str]:
    why = str(f.get("why"))
    if f.get("field") == "password":
        return _("有一处要改"), account_errors.password(f)
    if f.get("field") in _OF_GROUPS:
        f = {**f, "value": group_name(str(f.get("value", "")))}
    elif f.get("field") == "candidates":
        f = {**f, "value": form_text(str(f.get("value", "")))}
    words = {
        ("groups", "none"): _("请至少填一类评议人。"),
        ("group", "empty"): _("有一类评议人没有写名称。"),
        ("group", "twice"): _("“%(value)s”写了两次，请合并成一行。", value=f.get("value")),
        ("group", "frozen"): _("评议已经开始，类别不能再改，只能调高人数。"),
        ("present", "present_over_due"): _("“%(value)s”的实到不能多于应到，也不能是负数。", value=f.get("value")),
        ("present", "lowered"): _("评议已经开始，“%(value)s”的人数只能调高。", value=f.get("value")),
        ("group", "too_long"): _("合并以后的名称超过 %(most)s 个字，请在“改类别和人数”里另起一个短的名称。", most=f.get("most")),
        ("group", "unknown"): _("要并在一起的两类不在这场评议会里，请刷新后再选。"),
        ("weight", "range"): _("“%(value)s”的权重要填 0 到 %(most)s 的整数。", value=f.get("value"), most=f.get("most")),
        ("weight", "nothing"): _("至少有一类的权重要大于 0。都不填，就不加权。"),
        ("weight", "frozen"): _("这一轮已经有评议会开始，权重不能再改。"),
        ("weight", "shared"): _("这一轮还有您管不到的单位的评议会，规则是一起用的。请管着这些单位的上级来定。"),
        ("weight", "missing"): _(
            "这一轮有权重的是：%(known)s，没有“%(value)s”。请给它定权重，或者把它并入其中一类。",
            known=f.get("known"), value=f.get("value"),
        ),
        ("leftover", "range"): _("“%(value)s”的剩余张数要填 0 到 %(most)s 的整数。", value=f.get("value"), most=f.get("most")),
        ("reason", "empty"): _("请写明作废的原因。"),
        ("second", "same"): _("第二个人不能是您自己，请另一位工作人员来登录。"),
        ("second", "stranger"): _("“%(value)s”管不到这个单位，请另找一位工作人员。", value=f.get("value")),
        ("reason", "too_long"): _("原因写得太长了，最多 %(most)s 个字。", most=f.get("most")),
        ("entry", "only_survey"): _("公开网址只用于调查。评议会请用票签或大屏幕二维码。"),
        ("questionnaire", "unknown"): _("没有这份问卷，请重新选择。"),
        ("questionnaire", "selection"): _("推荐和票决不能按调查做：调查会留下每一份回答。请给这份问卷加上评单位或评人的部分，用来开会。"),
        ("title", "too_long"): _("名称或地点太长，最多 %(most)s 个字。", most=f.get("most")),
        ("targets", "none"): _("这个单位还没有党员名单，这份问卷没有人可评。请先导入名单，或者换一份评支部的问卷。"),
        ("login", "empty"): _("请填登录名。"),
        ("login", "too_long"): _("登录名太长，最多 %(most)s 个字。", most=f.get("most")),
        ("name", "too_long"): _("姓名太长，最多 %(most)s 个字。", most=f.get("most")),
        ("login", "twice"): _("登录名“%(value)s”已经有人用了。", value=f.get("value")),
        ("login", "unknown"): _("没有登录名“%(value)s”。", value=f.get("value")),
        ("unit", "unknown"): _("没有这个单位。"),
    }
    key = (str(f.get("field")), why)
    if key in (more := unit_fields() | election_fields() | scheme_errors.fields()):
        return _("有一处要改"), more[key] % f
    return _("有一处要改"), words.get(key, _("“%(value)s”不能用。", value=f.get("value")))


TABLE: dict[str, tuple[int, _Words]] = {
    "not_found": (404, _not_found),
    "not_allowed": (403, _not_allowed),
    "bad_field": (400, _field),
    "bad_answer": (400, ballot_errors.bad_answer),
    "missing_answer": (400, _missing),
    "text_too_long": (400, _long),
    "unknown_code": (404, _unknown_code),
    "used_code": (409, _used),
    "void_slip": (410, _void),
    "wrong_stage": (409, _stage),
    "no_section": (409, _section),
    "too_few": (409, _few),
    "too_many": (409, _many),
    "bad_sheet": (409, _sheet),
    "stale": (409, stale),
    "unit_stays": (409, stays),
    "wrong_scrutineer": (403, _scrutineer),
    "box_differs": (409, _differs),
    "no_key": (409, _no_key),
    "exchanged_key": (409, _exchanged),
    "box_not_empty": (409, _not_empty),
    "stale_turn": (410, _stale),
    "bad_login": (403, _login),
    "locked": (403, account_errors.locked),
    "bad_invitation": (404, account_errors.invitation),
    "last_admin": (409, account_errors.last),
    "repeated": (409, account_errors.repeated),
    "away": (503, _away),
    "no_room": (503, _no_room),
    "key_stays": (503, _key_stays),
    **paper_errors.TABLE,
    **key_errors.TABLE,
    **round_errors.TABLE,
}
