"""The weighted side of a published round: of a unit or member by itself, and of a unit with all below it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from analysis.weights import effective
from survey.domain.publications import audience_of
from survey.domain.questionnaires import Audience
from survey.domain.roll_ups import Ask, Sum
from survey.office.figures import reckon
from survey.office.weighings import Groups, Weighed, weigh, weights_of
from survey.web.board.changes import Change
from survey.web.board.roll_ups import Reading, ballots_of
from survey.web.board.weights import Mean, Weighing, mean_of, shares

_Told = Mapping[tuple[str, ...], Mapping[str, Mapping[Ask, Sum]]]


@dataclass(frozen=True, slots=True)
class Below:
    """A unit with all below it: all ratings of units, and of members, weighted; `merged` groups keep that from being said."""

    units: Mean | None
    members: Mean | None
    merged: tuple[str, ...]


def weighing_of(reading: Reading, key: str) -> Weighing | None:
    """The weighted side of one unit or member; None when the round has no weights, or nothing was rated."""
    if not reading.scheme.weights:
        return None
    found = reading.roll.groups(reading.roll.about(reading.made.targets[key].unit))
    told = {names: reading.roll.by_target(atoms) for names, atoms in found.items()}
    groups = {names: each[key] for names, each in told.items() if key in each}
    weighed = _about(reading, groups, audience_of(key))
    if weighed.whole is None and not weighed.merged:
        return None
    weights = weights_of((name for names in groups for name in names), reading.scheme)
    missing = tuple(name for name, weight in weights.items() if weight and (name,) not in groups)
    wholes = {} if weighed.whole is None else {key: mean_of(weighed.whole, reading.scheme)}
    ballots = {names[0]: ballots_of(groups[names]) for names in groups if len(names) == 1}
    effects = {} if weighed.merged else _effects(reading, told, weights)
    return Weighing(shares(ballots, weights, effects, reading.scheme), wholes, {}, weighed.merged, missing)


def weighed_whole(reading: Reading, key: str) -> Mean | None:
    """All ratings of a unit or member together, weighted; None where that is not said."""
    found = weighing_of(reading, key) if key in reading.standings else None
    mean = None if found is None else found.wholes.get(key)
    return None if mean is None or mean.is_withheld else mean


def weighed_over(reading: Reading, key: str, past: Iterable[Change]) -> Mapping[int, Mean]:
    """The same by round: of this one, and of those before that may be compared and weigh their groups alike."""
    alike = [each.then.reading for each in past if each.why is None and _weighs(each.then.reading) == _weighs(reading)]
    return {one.made.round: mean for one in (reading, *alike) if (mean := weighed_whole(one, key)) is not None}


def _weighs(reading: Reading) -> tuple[object, ...]:
    return reading.scheme.weights, reading.scheme.missing


def weighed_below(reading: Reading, unit: int) -> Below | None:
    """The weighted side of a unit with all below it; None when the round has no weights."""
    if not reading.scheme.weights:
        return None
    groups = {names: reading.roll.sums(atoms) for names, atoms in reading.roll.groups(reading.roll.atoms(unit)).items()}
    units, members = (_about(reading, groups, audience) for audience in (Audience.UNIT, Audience.MEMBER))
    ours, theirs = (None if each.whole is None else mean_of(each.whole, reading.scheme) for each in (units, members))
    return Below(ours, theirs, units.merged or members.merged)


def _about(reading: Reading, groups: Groups, audience: Audience) -> Weighed:
    return weigh(reading.worded, groups).get(audience, Weighed())


def _effects(reading: Reading, told: _Told, weights: Mapping[str, int]) -> Mapping[str, Fraction]:
    """Effective weights over the members of the unit about whom every group has answered."""
    names = [each[0] for each in told if weights.get(each[0])]
    keys = dict.fromkeys(key for each in told.values() for key in each if key.startswith("m"))
    rows = [row for key in keys if (row := _rates(reading, (told[name,].get(key, {}) for name in names)))]
    found = effective(rows, [weights[name] for name in names])
    return {} if found is None else dict(zip(names, found, strict=True))


def _rates(reading: Reading, groups: Iterable[Mapping[Ask, Sum]]) -> list[Fraction] | None:
    """The narrow rate of a member by group; None unless each of them has answered."""
    rates = []
    for sums in groups:
        whole = reckon(reading.worded, sums).get(Audience.MEMBER)
        rate = None if whole is None or whole.rated is None else whole.rated.figures.exact
        if rate is None:
            return None
        rates.append(rate)
    return rates
