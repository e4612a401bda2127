"""Moments as the people of the house read them: where the meetings are, to the minute."""

from datetime import datetime

from flask_babel import format_date
from flask_babel import gettext as _

from survey.web.doors import config


def minute(moment: datetime) -> str:
    """Day and minute."""
    there = moment.astimezone(config().zone)
    return f"{format_date(there, _('y 年 M 月 d 日'))} {there:%H:%M}"
