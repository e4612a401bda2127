"""Why a unit is worth a look: a question far below its others, groups that are of two minds, and how that was in the rounds before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from analysis.satisfaction import percent
from survey.web.board.branches import Branch, Group, groups_of
from survey.web.board.changes import Then
from survey.web.board.figures import Rate
from survey.web.board.needs import APART, interval
from survey.web.board.others import NO_DATA
from survey.web.board.roll_ups import Line

# From so many points on it is told of a question (of groups as the overview does); as many of the rounds before stand beside it.
FAR = 20
MOST_BACK = 3


@dataclass(frozen=True, slots=True)
class Weak:
    """A question whose 满意率 lies far below that of the others, by more than chance: its interval ends below it.

    Attributes
    ----------
    others : Decimal
        All other questions together, in per cent.
    low, high : int
        Ends of the 95 % interval of `rate`, in whole per cent, as the overview prints them.
    before : tuple of (round, 满意率)
        Earlier rounds that may be compared, the first of them first.
    """

    line: Line
    rate: Rate
    others: Decimal
    low: int
    high: int
    before: tuple[tuple[Then, str], ...]

    @property
    def apart(self) -> Decimal:
        """The difference of what is printed."""
        return self.others - Decimal(self.rate.narrow)


@dataclass(frozen=True, slots=True)
class Divided:
    """Two groups that think unlike of a unit: that with the higher and that with the lower 满意率, all questions together."""

    good: Group
    bad: Group
    apart: Decimal
    before: tuple[tuple[Then, str, str], ...]


def weak(own: Branch) -> tuple[Weak, ...]:
    """The questions to a unit that stand out, in the order of the form."""
    if own.part is None or own.part.whole is None or len(own.part.rated) < 2:
        return ()
    whole, found = own.part.whole, []
    for line, rate in own.part.rated:
        decimals = len(rate.narrow.partition(".")[2])
        others = percent(whole.figures.satisfied - rate.figures.satisfied, whole.valid - rate.valid, decimals)
        high = rate.figures.high
        if others is not None and high is not None and others - Decimal(rate.narrow) >= FAR and 100 * high < others:
            found.append(Weak(line, rate, others, *interval(rate), _asked_before(own, line)))
    return tuple(found)


def divided(own: Branch) -> Divided | None:
    """The two groups that lie farthest apart, if that is far."""
    told = [each for each in own.groups if _narrow(each) is not None]
    if len(told) < 2:
        return None
    bad, *_between, good = sorted(told, key=lambda each: _narrow(each) or Decimal(0))
    apart = (_narrow(good) or Decimal(0)) - (_narrow(bad) or Decimal(0))
    return Divided(good, bad, apart, _groups_before(own, good, bad)) if apart >= APART else None


def _back(own: Branch) -> Sequence[Then]:
    return [each.then for each in reversed(own.past) if each.why is None][-MOST_BACK:]


def _asked_before(own: Branch, line: Line) -> tuple[tuple[Then, str], ...]:
    found = []
    for then in _back(own):
        rates = [rate for each, rate in then.reading.target(own.key).rated if each.question.text == line.question.text]
        found += [(then, rates[0].narrow)] if rates else []
    return tuple(found)


def _groups_before(own: Branch, good: Group, bad: Group) -> tuple[tuple[Then, str, str], ...]:
    found = []
    for then in _back(own):
        told = {each.names: narrow for each in groups_of(then.reading, own.key) if (narrow := _narrow(each)) is not None}
        if good.names in told and bad.names in told:
            found.append((then, str(told[good.names]), str(told[bad.names])))
    return tuple(found)


def _narrow(group: Group) -> Decimal | None:
    whole = None if group.sheet is None else group.sheet.whole
    return None if whole is None or whole.narrow == NO_DATA else Decimal(whole.narrow)
