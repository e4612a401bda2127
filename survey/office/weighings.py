"""Weighted figures above a meeting: the groups of all its ballots by weight, only where each of them is shown by itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from analysis.composites import composite
from analysis.satisfaction import Figures
from analysis.weights import Weighted, weighted
from survey.domain.publications import Publication
from survey.domain.questionnaires import Audience
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Scheme, parts_of
from survey.domain.scheme_parts import Missing
from survey.office.figures import Told, Whole, reckon

Groups = Mapping[tuple[str, ...], Mapping[Ask, Sum]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What groups say of units, or of members, each by its weight.

    Attributes
    ----------
    whole : Weighted or None
        All ratings together.
    items : mapping of Ask to Weighted
        Each question; of points the score alone.
    merged : tuple of str
        Groups with a weight that are only shown together with others: then nothing is said.
    """

    whole: Weighted | None = None
    items: Mapping[Ask, Weighted] = field(default_factory=dict)
    merged: tuple[str, ...] = ()


def weigh(made: Publication, groups: Groups) -> Mapping[Audience, Weighed]:
    """The weighted figures of some atoms; {} when the round has no weights.

    A figure is made of the rates of whole groups, all of which are shown: whoever takes it apart learns what stands beside it.

    Parameters
    ----------
    groups : mapping of group names to sums
        As `RollUp.groups` tells atoms apart: names of several are shown together only.
    """
    scheme = made.scheme
    if not scheme.weights:
        return {}
    merged = mixed(groups, scheme)
    wholes = {names: reckon(made, sums) for names, sums in groups.items()}
    audiences = dict.fromkeys(audience for each in wholes.values() for audience in each)
    if merged:
        return {audience: Weighed(merged=merged) for audience in audiences}
    weights = weights_of((name for names in groups for name in names), scheme)
    return {
        audience: _weighed({names[0]: each[audience] for names, each in wholes.items() if audience in each and weights.get(names[0])}, weights, scheme)
        for audience in audiences
    }


def mixed(groups: Iterable[tuple[str, ...]], scheme: Scheme) -> tuple[str, ...]:
    """Groups with a weight that are not told apart everywhere: shown with others, or merged with others in some meetings and
    not in all of them."""
    times: Counter[str] = Counter()
    found: list[str] = []
    known = dict(scheme.weights)
    for names in groups:
        weighing = [part for name in names for part in parts_of(name, known) if scheme.weight(part)]
        times.update(weighing)
        if len(names) > 1:
            found += weighing
    return tuple(dict.fromkeys([*found, *(part for part, n in times.items() if n > 1)]))


def weights_of(names: Iterable[str], scheme: Scheme) -> dict[str, int]:
    """The weights of the groups that voted, then of those of the round that did not."""
    here = {name: scheme.weight(name) or 0 for name in names}
    covered = {part for name in here for part in (name, *parts_of(name, dict(scheme.weights)))}
    return here | {name: weight for name, weight in scheme.weights if name not in covered}


def _weighed(wholes: Mapping[str, Whole], weights: Mapping[str, int], scheme: Scheme) -> Weighed:
    withhold = scheme.missing is Missing.WITHHOLD
    items: dict[Ask, dict[str, Told]] = {}
    for name, whole in wholes.items():
        for told in whole.items:
            items.setdefault(told.ask, {})[name] = told
    figures: dict[str, Figures] = {name: whole.rated.figures for name, whole in wholes.items() if whole.rated is not None}
    return Weighed(
        weighted(figures, weights, withhold=withhold) if figures else None,
        {ask: _item(each, weights, withhold=withhold) for ask, each in items.items()},
    )


def _item(told: Mapping[str, Told], weights: Mapping[str, int], *, withhold: bool) -> Weighted:
    rated = {name: each.rated.figures for name, each in told.items() if each.rated is not None}
    if rated:
        return weighted(rated, weights, withhold=withhold)
    means: dict[str, Fraction | None] = {name: each.points.mean for name, each in told.items() if each.points is not None}
    found = composite([(name, weight, means.get(name)) for name, weight in weights.items()], withhold=withhold)
    return Weighted(None, None, found.score, found.missing)
