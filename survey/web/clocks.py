"""Moments as the people of the house read them: where the meetings are, to the minute."""

from datetime import datetime

from flask_babel import format_date
from flask_babel import gettext as _

from survey.web.doors import config


def minute(moment: datetime) -> str:
    """Day and minute."""
    there = moment.astimezone(config().zone)
    # The day alone: given a moment, format_date would turn it back into the day of UTC.
    return f"{format_date(there.date(), _('y 年 M 月 d 日'))} {there:%H:%M}"
