"""The sentences of `web/errors` about bundles of sheets."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

_Facts = Mapping[str, Any]


def _no_bundle(f: _Facts) -> tuple[str, str]:
    why = {
        "unfinished": (_("压缩包还没有做好"), _("请在打包的页上看做到了哪里，做好以后再下载。")),
        "moved": (_("这个压缩包不能再下载"), _("做好以后，里面的单位有了变动，有的已经不归这里管。请重新做一份。")),
    }
    gone = (_("压缩包已经不在了"), _("它放满了期限，或者是在另一台服务器上做的。请重新做一份。"))
    return why.get(str(f.get("why")), gone)


TABLE: Mapping[str, tuple[int, Callable[[_Facts], tuple[str, str]]]] = {"no_bundle": (409, _no_bundle)}
