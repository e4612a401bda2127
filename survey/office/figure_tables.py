"""Every figure of a published round as one long table: what `pingyi verify` redoes and what the board hands out."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from analysis.cells import Cell
from analysis.satisfaction import mean, percent
from analysis.weights import Weighted
from survey.domain.publication_rolls import Roll
from survey.domain.publications import Place, pooled_key
from survey.domain.questionnaires import Audience
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import JOINT, Scheme
from survey.office.figures import Rated, Whole, reckon, verdict
from survey.office.weighings import Weighed, weigh

HEADER = (
    "unit", "unit_name", "reach", "target", "target_name", "group", "form", "section", "question", "text",
    "slots", "valid", "blank", "satisfied", "basic", "narrow", "wide", "narrow_percent", "wide_percent", "score", "verdict",
    "weighted_narrow", "weighted_wide", "weighted_narrow_percent", "weighted_wide_percent", "weighted_score",
)  # fmt: skip
# What is about one unit and its members alone, and the sums over all at or below it.
OWN, BELOW = "own", "below"
_Row = tuple[Cell, ...]
_Targets = Mapping[str, Mapping[Ask, Sum]]
_T = TypeVar("_T")
_NOT_WEIGHED: _Row = (None,) * 5


def rows(roll: Roll) -> Iterator[_Row]:
    """One row for every unit, its own or all at or below it, target or all units or members, group, and question.

    An empty group is all of them together, an empty question is all ratings together. Units stand in the order of the file.
    What is weighted stands beside all groups together, where each group with a weight is shown by itself.
    """
    for place in roll.made.places:
        own, below = roll.about(place.id), roll.atoms(place.id)
        if own:
            yield from _own(roll, place, own)
        # Of a unit that has none below it both are the same.
        if below and set(own) != set(below):
            yield from _below(roll, place, below)


def _own(roll: Roll, place: Place, atoms: Iterable[int]) -> Iterator[_Row]:
    every = tuple(atoms)
    groups = {names: _with_members(roll.by_target(some)) for names, some in roll.groups(every).items()}
    for group, found in _told(groups, _with_members(roll.by_target(every))):
        keys = [each for each in roll.own(place.id) if each in found]
        for key in (*keys, *(each for each in found if each == pooled_key(Audience.MEMBER))):
            label = roll.made.targets[key].label if key in roll.made.targets else ""
            # The weighted figures stand with all groups together.
            weighed = weigh(roll.made, {names: each[key] for names, each in groups.items() if key in each}) if not group else {}
            for audience, whole in reckon(roll.made, found[key]).items():
                who = (place.id, place.name, OWN, key, label, group)
                yield from _rows(who, whole, roll.made.scheme, weighed.get(audience))


def _below(roll: Roll, place: Place, atoms: Iterable[int]) -> Iterator[_Row]:
    every = tuple(atoms)
    groups = {names: roll.sums(some) for names, some in roll.groups(every).items()}
    for group, sums in _told(groups, roll.sums(every)):
        weighed = weigh(roll.made, groups) if not group else {}
        for audience, whole in reckon(roll.made, sums).items():
            who = (place.id, place.name, BELOW, pooled_key(audience), "", group)
            yield from _rows(who, whole, roll.made.scheme, weighed.get(audience))


def _told(groups: Mapping[tuple[str, ...], _T], every: _T) -> Iterator[tuple[str, _T]]:
    """All groups together, then each as far as it is shown by itself or joined with others."""
    yield "", every
    for names, some in groups.items() if len(groups) > 1 else ():
        yield JOINT.join(names), some


def _with_members(found: _Targets) -> _Targets:
    """The targets, and all members together."""
    sums: dict[Ask, Sum] = {}
    for of in found.values():
        for ask, total in of.items():
            if ask.audience is Audience.MEMBER:
                whole = sums.setdefault(ask, Sum())
                whole.slots += total.slots
                whole.counts.update(total.counts)
    return {**found, pooled_key(Audience.MEMBER): sums} if sums else found


def _rows(who: _Row, whole: Whole, scheme: Scheme, weighed: Weighed | None) -> Iterator[_Row]:
    by = weighed or Weighed()
    for item in whole.items:
        what = (item.ask.form, item.ask.section, item.ask.question, item.question.text, item.slots)
        mean_of = _weighted(by.items.get(item.ask), scheme)
        if item.rated is not None:
            yield (*who, *what, *_cells(item.rated, scheme), "", *mean_of)
        else:
            score = None if item.mean is None else str(item.mean)
            yield (*who, *what, item.n, item.blank, *((None,) * 6), score, "", *mean_of)
    if whole.rated is not None:
        found = verdict(whole.rated, scheme)
        yield (*who, "", "", "", "", whole.slots, *_cells(whole.rated, scheme), found.value if found else "", *_weighted(by.whole, scheme))


def _cells(one: Rated, scheme: Scheme) -> _Row:
    found = one.figures
    wide = found.satisfied + found.basic
    shares = (_text(percent(each, found.valid, 4), -2) for each in (found.satisfied, wide))
    rates = (_text(percent(each, found.valid, scheme.decimals)) for each in (found.satisfied, wide))
    score = None if found.earned is None else _text(mean(found.earned, found.known, scheme.decimals))
    return (found.valid, found.blank, found.satisfied, found.basic, *shares, *rates, score)


def _weighted(found: Weighted | None, scheme: Scheme) -> _Row:
    if found is None:
        return _NOT_WEIGHED
    both = (found.narrow, found.wide)
    shares = (None if each is None else _text(percent(each.numerator, each.denominator, 4), -2) for each in both)
    rates = (None if each is None else _text(percent(each.numerator, each.denominator, scheme.decimals)) for each in both)
    return (*shares, *rates, None if found.score is None else _text(mean(found.score, 1, scheme.decimals)))


def _text(number: Decimal | None, power: int = 0) -> str | None:
    return None if number is None else f"{number.scaleb(power)}"
