"""Why answers and forms on paper are spoiled, in words."""

from flask_babel import gettext as _

from survey.domain.keyings import Spoil


def reason_words() -> dict[Spoil, str]:
    """Why an answer or a form was spoiled."""
    return {
        Spoil.MARKS: _("多选或看不清"),
        Spoil.TICKS: _("选的人数不合规定"),
        Spoil.TORN: _("撕坏、涂毁，没法读"),
        Spoil.UNREADABLE: _("编码读不出来"),
        Spoil.FOREIGN: _("不是本场印的表"),
    }
