"""A day by which something must be done, in words: that it has passed, and since how many days; or that it is near."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

# So many days before the last one it is said how many are left.
NEAR = 7


def remaining(until: date, today: date) -> str:
    """How many days ago the last day was, or how many are left; "" while it is far."""
    days = (until - today).days
    if days < 0:
        return str(ngettext("已逾期 %(n)s 天", "已逾期 %(n)s 天", -days, n=-days))
    if days == 0:
        return str(_("今天是最后一天"))
    return str(ngettext("还有 %(n)s 天", "还有 %(n)s 天", days, n=days)) if days <= NEAR else ""
