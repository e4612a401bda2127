"""How a question elects, in words."""

from collections.abc import Mapping

from flask_babel import gettext as _

from survey.domain.elections import Election, Majority, Order, Pool


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
