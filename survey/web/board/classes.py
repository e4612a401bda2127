"""Units and members of a published round by classes of their 满意率: the same on the page and in the picture."""

from collections.abc import Iterable

from flask_babel import gettext as _

from analysis.distributions import Class
from analysis.shares import Share
from survey.office.figures import Rated
from survey.web.board.roll_ups import Reading

# In per cent. Below the lowest class of ten all is one class.
EDGES = (0, 60, 70, 80, 90, 100)


def share(rate: Rated, *, is_single: bool = False) -> Share:
    """A rate as pictures take it."""
    found = rate.figures
    return Share(found.satisfied, found.satisfied + found.basic, found.valid, is_single)


def classes(reading: Reading, keys: Iterable[str]) -> tuple[Class, ...]:
    """Some units, or members, that are shown by themselves, the highest class first."""
    numbers = reading.standings.spread(keys, EDGES)
    found = [Class(_label(low, high), low, high, n) for low, high, n in zip(EDGES, EDGES[1:], numbers, strict=False)]
    return tuple(reversed(found))


def _label(low: int, high: int) -> str:
    if not low:
        return _("%(at)s 以下", at=high)
    return f"{low}–{high}" if high == EDGES[-1] else _("%(low)s 到不满 %(high)s", low=low, high=high)
