"""Weighted figures of one meeting as pages and files print them, with what each group weighs in name and in effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.satisfaction import mean
from analysis.weights import Weighted, effective, far_apart, nominal, weighted
from survey.domain.meetings import Line
from survey.domain.questionnaires import Audience
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Missing
from survey.office.weighings import weights_of
from survey.web.board.figures import Rate, Sheet
from survey.web.board.others import NO_DATA, share


@dataclass(frozen=True, slots=True)
class Share:
    """What one group weighs: as it was set, as a share of those that voted, of the ballots, and in effect (per cent)."""

    name: str
    weight: int
    nominal: str
    ballots: str
    effective: str
    is_far: bool


@dataclass(frozen=True, slots=True)
class Mean:
    """Weighted figures of one target or question, as numbers and as printed; `missing` groups had no answer here, and where the
    scheme withholds then, nothing is said."""

    exact: Weighted
    narrow: str
    wide: str
    score: str

    @property
    def missing(self) -> tuple[str, ...]:
        """Groups with a weight and without an answer."""
        return self.exact.missing

    @property
    def is_withheld(self) -> bool:
        """Whether nothing is said."""
        return self.exact.narrow is None


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weighted side of a result.

    Attributes
    ----------
    shares : tuple of Share
        The groups of the meeting, and those of the round that were not there.
    wholes : mapping of target key to Mean
        All rating questions of a target together; {} while groups are shown merged.
    items : mapping of (target key, question key) to Mean
    merged : tuple of str
        Groups with a weight that are only shown together, so that no weighted figure may be shown.
    missing : tuple of str
        Groups with a weight that nobody voted in.
    """

    shares: tuple[Share, ...]
    wholes: Mapping[str, Mean]
    items: Mapping[tuple[str, str], Mean]
    merged: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def total(self) -> int:
        """What the weights sum to; 100 as a rule."""
        return sum(each.weight for each in self.shares)

    @property
    def far(self) -> tuple[Share, ...]:
        """Groups whose effect lies far from what was set."""
        return tuple(each for each in self.shares if each.is_far)


def weigh(lines: Sequence[Line], parts: Mapping[tuple[str, ...], Mapping[str, Sheet]], scheme: Scheme) -> Weighing | None:
    """The weighted side of a meeting; None when its round has no weights.

    Parameters
    ----------
    lines : sequence of Line
        The accounting of every group.
    parts : mapping of group names to sheets by target key
        The atoms: a weighted figure is shown only when every group in it is one by itself.
    """
    if not scheme.weights:
        return None
    weights = weights_of([line.name for line in lines], scheme)
    voted = [line.name for line in lines if line.valid and weights[line.name]]
    merged = tuple(name for name in voted if (name,) not in parts)
    missing = tuple(name for name, weight in weights.items() if weight and name not in voted)
    alone = {} if merged else {name: parts[name,] for name in voted}
    wholes: dict[str, Mean] = {}
    items: dict[tuple[str, str], Mean] = {}
    for key, sheet in next(iter(alone.values()), {}).items():
        if sheet.whole is not None:
            wholes[key] = _mean({name: sheets[key].whole for name, sheets in alone.items()}, weights, scheme)
        for at, (item, _) in enumerate(sheet.rated):
            rates = {name: sheets[key].rated[at][1] for name, sheets in alone.items()}
            items[key, item.question.key] = _mean(rates, weights, scheme)
    return Weighing(shares({line.name: line.valid for line in lines}, weights, _effects(alone, weights), scheme), wholes, items, merged, missing)


def _mean(rates: Mapping[str, Rate | None], weights: Mapping[str, int], scheme: Scheme) -> Mean:
    figures = {name: rate.figures for name, rate in rates.items() if rate is not None}
    return mean_of(weighted(figures, weights, withhold=scheme.missing is Missing.WITHHOLD), scheme)


def narrow_of(mean: Mean | None) -> Fraction | None:
    """The weighted 满意率 as a number, where there is one."""
    return None if mean is None else mean.exact.narrow


def mean_of(found: Weighted, scheme: Scheme) -> Mean:
    """Weighted figures as they are printed."""
    score = None if found.score is None else mean(found.score, 1, scheme.decimals)
    return Mean(found, _said(found.narrow, scheme), _said(found.wide, scheme), NO_DATA if score is None else f"{score}")


def _effects(alone: Mapping[str, Mapping[str, Sheet]], weights: Mapping[str, int]) -> Mapping[str, Fraction]:
    """Effective weights over the members every group has answered about."""
    rows = []
    for key, sheet in next(iter(alone.values()), {}).items():
        if sheet.target.audience is not Audience.MEMBER:
            continue
        wholes = [sheets[key].whole for sheets in alone.values()]
        rates = [rate for whole in wholes if whole is not None and (rate := whole.figures.exact) is not None]
        if len(rates) == len(wholes):
            rows.append(rates)
    found = effective(rows, [weights[name] for name in alone])
    return {} if found is None else dict(zip(alone, found, strict=True))


def shares(
    returned: Mapping[str, int], weights: Mapping[str, int], effects: Mapping[str, Fraction], scheme: Scheme
) -> tuple[Share, ...]:
    """What each group weighs, by its name: its ballots, its weight, its share in the differences between members."""
    names = nominal({name: weight for name, weight in weights.items() if returned.get(name)})
    every, far = sum(returned.values()), far_apart(names, effects)
    return tuple(
        Share(
            name, weight, _said(names.get(name), scheme), share(returned.get(name, 0), every, scheme=scheme),
            _said(effects.get(name), scheme), name in far,
        )
        for name, weight in weights.items()
    )


def _said(number: Fraction | None, scheme: Scheme) -> str:
    return NO_DATA if number is None else share(number.numerator, number.denominator, scheme=scheme)
