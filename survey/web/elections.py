"""How a question elects, in words, and what is wrong with candidates and steps."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.domain.elections import Election, Majority, Order, Pool
from survey.domain.questionnaires import Kind, Question


def majorities() -> Mapping[str, str]:
    """Every majority as one chooses it."""
    return {
        Majority.NONE.value: _("得票多的当选"),
        Majority.HALF_VALID.value: _("得票要超过有效票数的一半"),
        Majority.HALF_PRESENT.value: _("得票要超过实到人数的一半"),
        Majority.HALF_DUE.value: _("得票要超过应到人数的一半"),
        Majority.TWO_THIRDS_VALID.value: _("得票要到有效票数的三分之二"),
        Majority.TWO_THIRDS_PRESENT.value: _("得票要到实到人数的三分之二"),
        Majority.TWO_THIRDS_DUE.value: _("得票要到应到人数的三分之二"),
    }


def orders() -> Mapping[str, str]:
    """Every order of candidates as one chooses it."""
    return {
        Order.LISTED.value: _("按写的次序"),
        Order.STROKES.value: _("按姓氏笔画"),
        Order.RANDOM.value: _("开会时抽一次签"),
    }


def pools() -> Mapping[str, str]:
    """Where candidates come from as one chooses it."""
    return {
        Pool.TYPED.value: _("自己写"),
        Pool.MEMBERS.value: _("本单位参加评议的党员"),
        Pool.UNITS.value: _("评议的单位，只评一个时是它的下级单位"),
    }


def rule_words(election: Election) -> str:
    """All of the rule in a line, for whoever makes the form."""
    parts = [
        _("候选人是%(pool)s", pool=pools()[election.pool.value]) if election.pool else "",
        _("候选人%(order)s排列", order=orders()[election.order.value]) if election.order else "",
        _("可以另写 %(n)s 个姓名", n=election.write_ins) if election.write_ins else "",
        election_words(election),
    ]
    return _("；").join(each for each in parts if each)


def election_words(election: Election) -> str:
    """Seats and majority in a line, as a voter wants to know them; "" where nobody is elected."""
    seats = _("应选 %(n)s 名", n=election.seats) if election.seats else ""
    needed = majorities()[election.majority.value] if election.majority else ""
    return _("；").join(each for each in (seats, needed) if each)


def contest_words(question: Question) -> str:
    """What a choice or a vote asks of the people who hold it: who stands, for how many seats, how many ticks there may be."""
    election = question.election
    if question.kind is not Kind.CHOICE:
        stands, most = _("逐个同意或者不同意"), ""
    else:
        n = len(question.candidates)
        pool = pools()[election.pool.value]
        stands = ngettext("%(n)s 名候选人", "%(n)s 名候选人", n, n=n) if not election.pool else _("候选人是%(pool)s", pool=pool)
        most = ngettext("每人最多选 %(n)s 名", "每人最多选 %(n)s 名", question.choose, n=question.choose)
    return _("；").join(each for each in (stands, election_words(election), most) if each)


def fields() -> dict[tuple[str, str], str]:
    """Why candidates or steps of a selection cannot be used; %(value)s and the like are filled in by the caller."""
    return {
        ("candidates", "placeholder"): _("“%(value)s”只是占个位置，不是真的候选人。请先写上候选人，再开始评议。"),
        ("candidates", "few"): _("“%(value)s”至少要写两名候选人，一行写一名。"),
        ("candidates", "many"): _("“%(value)s”的候选人最多写 %(most)s 名。"),
        ("candidates", "long"): _("“%(value)s…”太长，每一行最多 %(most)s 个字。"),
        ("candidates", "twice"): _("候选人“%(value)s”写了两次。同名的请加上单位或者职务，让大家分得清。"),
        ("candidates", "seats"): _("“%(value)s”的应选名额要填 0 到 %(most)s 的整数，不能比候选人多。"),
        ("candidates", "choose"): _("“%(value)s”每人最多选几名，要填 %(least)s 到 %(most)s 的整数，不能比候选人多。"),
        ("candidates", "stale"): _("您打开这一页以后，有人改过候选人，所以还没有保存。请对照现在的样子看一遍，再保存。"),
        ("candidates", "members"): _("“%(value)s”的候选人是本单位的党员，可是要评的党员不到两名。请先导入名单，或者换一份问卷。"),
        ("candidates", "units"): _("“%(value)s”的候选单位不到两个：这个单位下面没有两个单位。请换一份问卷，或者由上级来开这场会。"),
        ("steps", "many"): _("步骤太多，最多 %(most)s 步。"),
        ("steps", "empty"): _("第 %(value)s 步还没有名称。"),
        ("steps", "too_long"): _("“%(value)s”这一步写得太长，名称最多 40 个字，说明最多 %(most)s 个字。"),
        ("steps", "day"): _("“%(value)s”的日期要写成 2026-11-21 这样。"),
        ("steps", "meeting"): _("“%(value)s”选的会不是这个单位的，请重新选。"),
        ("steps", "no_selection"): _("这场评议会不推荐也不票决，没有评选的步骤。"),
    }
