"""The sentences of `web/errors` about forms on paper."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

_Facts = Mapping[str, Any]


def _on_paper(_facts: _Facts) -> tuple[str, str]:
    return _("这是纸质评议表"), _("这张表用笔填：在方框里打钩，填好交给工作人员。手机上不能填，也不用扫码。")


def _bad_form(f: _Facts) -> tuple[str, str]:
    why = {
        "typed": (_("有的行要改一改"), _("还没有存。标出来的行改好，再按一次。")),
        "length": (_("位数不对"), _("表上的编码有 %(most)s 位，这里有 %(n)s 位。请对照表头再输一次。", most=f.get("most"), n=f.get("n"))),
        "other": (_("这是另一场评议会的表"), _("请把它放到那一场评议会去录。")),
        "slip": (_("这是票签，不是纸质评议表"), _("票签在手机上用，不用录入。没有发出去的算剩余票签。")),
        "used": (_("这张表已经在票箱里"), _("它录过两遍，已经投进票箱。请拿下一张。")),
        "void": (_("这张表已经作废"), _("它已经记为无效或者作废，不用再录。请拿下一张。")),
        "once": (_("没有第一遍可以丢掉"), _("这张表还没有录过。输入编码就可以录第一遍。")),
        "again": (_("第一遍已经变了"), _("别人刚刚录过这张表，或者丢掉了第一遍。请再输一次编码。")),
        "group": (_("还没有选类别"), _("编码读不出来的表，请选它是哪一类评议人交的。")),
        "reason": (_("还没有选原因"), _("请选这张表为什么无效。")),
        "many": (_("交回的表比发出的还多"), _("再记一张，收回的就比发出的多了。请先核对发出的张数。")),
        "none": (_("没有记过这样的表"), _("页面可能已经过时，请刷新再看。")),
    }  # fmt: skip
    unknown = _("查不到这张表"), _("这场评议会没有编码是“%(code)s”的表。请对照表头再输一次。", code=f.get("code", ""))
    return why.get(str(f.get("why")), unknown)


def _half(f: _Facts) -> tuple[str, str]:
    n = int(f.get("waiting", 0))
    text = ngettext(
        "还有 %(n)s 张纸质评议表只录了一遍，所以没有计票。请到“录入纸质评议表”再录一遍，或者丢掉第一遍。",
        "还有 %(n)s 张纸质评议表只录了一遍，所以没有计票。请到“录入纸质评议表”再录一遍，或者丢掉第一遍。",
        n,
        n=n,
    )
    return _("有的表只录了一遍"), text


TABLE: Mapping[str, tuple[int, Callable[[_Facts], tuple[str, str]]]] = {
    "on_paper": (409, _on_paper),
    "bad_form": (409, _bad_form),
    "half_keyed": (409, _half),
}
