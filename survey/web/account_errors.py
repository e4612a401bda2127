"""The sentences of `web/errors` about accounts, logins and passwords."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _


def locked(_facts: Mapping[str, Any]) -> tuple[str, str]:
    """The password fits, and that is all."""
    return _("这个账号已经锁定"), _("密码没有错，但管理员锁定了这个账号。请联系管理员解锁。")


def invitation(_facts: Mapping[str, Any]) -> tuple[str, str]:
    """One answer for every link that opens nothing: nobody learns which there have been."""
    return (
        _("这个链接不能用"),
        _("它可能已经用过、过期、撤回，或者没有复制完整。如果您已经用它设好了密码，请直接登录；否则请管理员再发一个。"),
    )


def last(_facts: Mapping[str, Any]) -> tuple[str, str]:
    """Somebody must be able to let the others in."""
    return _("至少要留一个总管理员"), _("这是最上级单位最后一个能登录的管理员，不能锁定，也不能改角色和单位。请先给另一个人管理员的角色。")


def repeated(_facts: Mapping[str, Any]) -> tuple[str, str]:
    """A second click."""
    return _("这张表已经提交过"), _("第一次提交已经做成，没有再做第二次。请从首页进去看结果。")


def password(f: Mapping[str, Any]) -> str:
    """Why a new password cannot be, and which one can."""
    words = {
        "short": _(
            "密码至少 %(least)s 个字符。把三个不相干的词连起来最好记，也最难猜，例如用它们的拼音。", least=f.get("least")
        ),
        "common": _(
            "这个密码太容易猜。名字、单位、生日、电话、常用的词和键盘上连着的键都不行。请用三个不相干的词，例如它们的拼音。"
        ),
        "long": _("密码太长，最多 %(most)s 个字符。", most=f.get("most")),
        "same": _("新密码和旧密码一样，请换一个。"),
    }
    return words.get(str(f.get("why")), _("两次输入的密码不一样，请再输一次。"))
