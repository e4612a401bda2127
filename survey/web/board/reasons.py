"""Why a unit is worth a look: a question far below its others, groups that are of two minds, and how that was in the rounds before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from flask_babel import gettext as _

from analysis import standouts
from analysis.satisfaction import percent
from survey.web.board.branches import Branch, Group, groups_of
from survey.web.board.changes import Then
from survey.web.board.figures import Rate
from survey.web.board.roll_ups import Line, Part

# As many of the rounds before stand beside it.
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


def rule_said() -> str:
    """When a question or two groups stand out, in words: the same for whoever says it."""
    return _(
        "一题比本单位其余各题合在一起低 %(far)s 个百分点以上，而且多半不是碰巧，才算这里说的低；两类评议人相差 %(apart)s 个百分点以上，才算看法不一。",
        far=standouts.FAR, apart=standouts.APART,
    )  # fmt: skip


def weak(own: Branch) -> tuple[Weak, ...]:
    """The questions to a unit that stand out, in the order of the form."""
    return tuple(_weak(own, line, rate) for line, rate in weak_of(own.part)) if own.part is not None else ()


def weak_of(part: Part) -> tuple[tuple[Line, Rate], ...]:
    """The questions of a part that stand out."""
    return tuple(part.rated[place] for place in standouts.weak([_counts(rate) for _line, rate in part.rated]))


def divided(own: Branch) -> Divided | None:
    """The two groups that lie farthest apart, if that is far."""
    found = divided_of(own.groups)
    if found is None:
        return None
    bad, good = found
    apart = Decimal(_whole(good).narrow) - Decimal(_whole(bad).narrow)
    return Divided(good, bad, apart, _groups_before(own, good, bad))


def divided_of(groups: Sequence[Group]) -> tuple[Group, Group] | None:
    """The group that said least and the one that said most, each shown by itself, if they are of two minds."""
    told = [each for each in groups if each.sheet is not None and each.sheet.whole is not None]
    found = standouts.divided([_counts(_whole(each)) for each in told])
    return None if found is None else (told[found[0]], told[found[1]])


def interval(rate: Rate) -> tuple[int, int]:
    """Where the 满意率 of a single question lies with 95 %, if who came is read as a sample (Wilson); whole per cent, outwards."""
    low, high = rate.figures.low, rate.figures.high
    assert low is not None and high is not None, "a single question with answers has one"
    return floor(100 * low), ceil(100 * high)


def _counts(rate: Rate) -> tuple[int, int]:
    return rate.figures.satisfied, rate.valid


def _weak(own: Branch, line: Line, rate: Rate) -> Weak:
    assert own.part is not None and own.part.whole is not None
    whole = own.part.whole
    others = percent(whole.figures.satisfied - rate.figures.satisfied, whole.valid - rate.valid, len(rate.narrow.partition(".")[2]))
    assert others is not None, "what stands out stands out of others"
    return Weak(line, rate, others, *interval(rate), _asked_before(own, line))


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
        told = {each.names: _whole(each) for each in groups_of(then.reading, own.key) if each.sheet is not None and each.sheet.whole is not None}
        if all(each.names in told and told[each.names].valid for each in (good, bad)):
            found.append((then, told[good.names].narrow, told[bad.names].narrow))
    return tuple(found)


def _whole(group: Group) -> Rate:
    assert group.sheet is not None and group.sheet.whole is not None
    return group.sheet.whole
