"""Units about which nobody said anything but 满意: what else of their meeting is worth a look before the figure is believed."""

from collections.abc import Callable, Iterator

from flask_babel import gettext as _

from analysis.quality import TURNOUT
from survey.domain.roll_ups import Accounting
from survey.web.board.figures import Rate
from survey.web.board.needs import is_spotless
from survey.web.board.others import share
from survey.web.board.roll_ups import Reading
from survey.web.board.sisters import lies_apart


def doubtful(*readings: Reading) -> Callable[[str], bool]:
    """Whether a unit is to be looked into first, in any of some rounds."""
    return lambda key: key.startswith("u") and any(is_spotless(each, key) for each in readings if key in each.standings)


def doubts(reading: Reading, unit: int, rate: Rate, sees: Callable[[int], bool]) -> str:
    """Of how many answers all are of the best; and who stayed away, and how far its sisters lie, where the page of its meeting says so."""
    return _("；").join([_("有效答案 %(n)s", n=rate.valid), *_others(reading, unit, sees)])


def is_half_missing(account: Accounting) -> bool:
    """Whether of those due fewer than half gave a ballot."""
    return 2 * account.returned < account.due


def _others(reading: Reading, unit: int, sees: Callable[[int], bool]) -> Iterator[str]:
    account = reading.roll.accounting(unit)
    # Where others hang below, their meetings are in it.
    if not reading.roll.children.get(unit) and account.returned < TURNOUT * account.due:
        turnout = share(account.returned, account.due, scheme=reading.scheme)
        yield _("来的人少：应到 %(due)s 人，收回 %(back)s 张票，参评率 %(rate)s%%", due=account.due, back=account.returned, rate=turnout)
    apart = lies_apart(reading, unit, sees)
    if apart is not None:
        yield _("离同级单位远：同级中间一半的满意率在 %(lower)s%% 到 %(upper)s%%", lower=apart.lower, upper=apart.upper)
