"""The sentences of `web/errors` about rounds and their publication."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.web import bundle_errors, grade_errors

_Facts = Mapping[str, Any]


def _not_published(f: _Facts) -> tuple[str, str]:
    n = int(f.get("n") or 0)
    why = {
        "yet": (_("这一轮还没有公布"), _("公布以后才有这一页和它的文件。由办这一轮的人在轮次里公布。")),
        "done": (_("这一轮已经公布"), _("结果已经定下来，不能再公布一次。请到看板里看。")),
        "running": (
            _("还有评议会没有结束"),
            ngettext(
                "有 %(n)s 场评议会还在进行，或者封了箱没有计票。公布以后它们就进不了这一轮。请先计票，或者作废。",
                "有 %(n)s 场评议会还在进行，或者封了箱没有计票。公布以后它们就进不了这一轮。请先计票，或者作废。",
                n,
                n=n,
            ),
        ),
        "nothing": (_("这一轮还没有可以公布的结果"), _("没有哪一场评议会已经计票，并且收回了 5 张以上评议票。请先把评议会开完。")),
        "altered": (
            _("有一场的结果被人改过"),
            _("“%(title)s”在数据库里的票数和计票时的封存记录不一样，所以没有公布。请管理员从备份里查明。", title=f.get("title")),
        ),
    }
    changed = (_("结果和您刚才看的不一样了"), _("您看的时候，又有评议会计了票或者作废了。什么也没有公布。请再看一遍，再公布。"))
    return why.get(str(f.get("why")), changed)


def _altered_round(f: _Facts) -> tuple[str, str]:
    return _("有一轮的数字被人改过"), _(
        "“%(name)s”公布以后，数据库里存的数字被人改过，和公布时的摘要对不上，所以这一页不显示。请管理员在服务器上运行 pingyi sums，查明并照公布的文件重做。",
        name=f.get("name"),
    )


TABLE: Mapping[str, tuple[int, Callable[[_Facts], tuple[str, str]]]] = {
    "not_published": (409, _not_published),
    "altered_round": (409, _altered_round),
    **grade_errors.TABLE,
    **bundle_errors.TABLE,
}
