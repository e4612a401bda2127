"""The sentences of `web/errors` about a key that stands on the scrutineer's slip. None of them repeats what was typed."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

_Facts = Mapping[str, Any]


def _bad_key(f: _Facts) -> tuple[str, str]:
    most, n, group = f.get("most"), f.get("n"), f.get("group")
    why = {
        "missing": (_("还没有输入钥匙"), _("请照着监票签上“票箱的钥匙”一栏，输入全部 %(most)s 位，或者用扫码枪扫旁边的码。", most=most)),
        "length": (
            _("钥匙的位数不对"),
            _("钥匙有 %(most)s 位，这里有 %(n)s 位。什么也没有改动。请对照监票签，看哪一组漏了或者多了，再输一次。", most=most, n=n),
        ),
        "letter": (
            _("钥匙里有一个认不出的字"),
            _("第 %(group)s 组里有一个字，钥匙从来不用。什么也没有改动。请对照监票签上的第 %(group)s 组，再输一次。", group=group),
        ),
        "check": (
            _("钥匙抄错了一位"),
            _("位数够了，可是有一位不对，或者有两位换了位置。什么也没有改动。请一组一组对照监票签，再输一次。"),
        ),
        "alone": (
            _("钥匙不能只印在监票签上"),
            _("只有评议会、并且有监票人，才能把钥匙印在监票签上。请回到上一页，去掉这一项再开始。"),
        ),
    }  # fmt: skip
    other = (
        _("这把钥匙打不开这个票箱"),
        _("没有抄错，可它是另一个票箱的钥匙。什么也没有改动。请找出这场评议会的监票签；打印过两张的，用后来的那一张。"),
    )
    return why.get(str(f.get("why")), other)


def _not_rehearsed(_facts: _Facts) -> tuple[str, str]:
    return (
        _("钥匙还没有试过"),
        _("这场评议会的钥匙只印在监票签上。试过一次，知道它打得开票箱，才能发票、收票。请工作人员先和监票人试钥匙。"),
    )


TABLE: Mapping[str, tuple[int, Callable[[_Facts], tuple[str, str]]]] = {
    "bad_key": (400, _bad_key),
    "not_rehearsed": (409, _not_rehearsed),
}
