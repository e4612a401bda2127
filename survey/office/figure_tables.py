"""Every figure of a published round as one long table: what `pingyi verify` redoes and what the board hands out."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from analysis.cells import Cell
from analysis.satisfaction import mean, percent
from survey.domain.publication_rolls import Roll
from survey.domain.publications import Place, pooled_key
from survey.domain.questionnaires import Audience
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import JOINT, Scheme
from survey.office.figures import Rated, Whole, reckon, verdict

HEADER = (
    "unit", "unit_name", "reach", "target", "target_name", "group", "form", "section", "question", "text",
    "slots", "valid", "blank", "satisfied", "basic", "narrow", "wide", "narrow_percent", "wide_percent", "score", "verdict",
)  # fmt: skip
# What is about one unit and its members alone, and the sums over all at or below it.
OWN, BELOW = "own", "below"
_Row = tuple[Cell, ...]


def rows(roll: Roll) -> Iterator[_Row]:
    """One row for every unit, its own or all at or below it, target or all units or members, group, and question.

    An empty group is all of them together, an empty question is all ratings together. Units stand in the order of the file.
    """
    for place in roll.made.places:
        own, below = roll.about(place.id), roll.atoms(place.id)
        for group, atoms in _groups(roll, own):
            yield from _own(roll, place, group, atoms)
        # Of a unit that has none below it both are the same.
        for group, atoms in _groups(roll, below) if set(own) != set(below) else ():
            for audience, whole in reckon(roll.made, roll.sums(atoms)).items():
                yield from _rows((place.id, place.name, BELOW, pooled_key(audience), "", group), whole, roll.made.scheme)


def _own(roll: Roll, place: Place, group: str, atoms: Iterable[int]) -> Iterator[_Row]:
    found = roll.by_target(atoms)
    for key in (each for each in roll.own(place.id) if each in found):
        label = roll.made.targets[key].label
        for whole in reckon(roll.made, found[key]).values():
            yield from _rows((place.id, place.name, OWN, key, label, group), whole, roll.made.scheme)
    members = reckon(roll.made, _members(found)).get(Audience.MEMBER)
    if members is not None:
        who = (place.id, place.name, OWN, pooled_key(Audience.MEMBER), "", group)
        yield from _rows(who, members, roll.made.scheme)


def _members(found: Mapping[str, Mapping[Ask, Sum]]) -> Mapping[Ask, Sum]:
    sums: dict[Ask, Sum] = {}
    for of in found.values():
        for ask, total in of.items():
            if ask.audience is Audience.MEMBER:
                whole = sums.setdefault(ask, Sum())
                whole.slots += total.slots
                whole.counts.update(total.counts)
    return sums


def _groups(roll: Roll, atoms: Iterable[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """All groups together, then each as far as it is shown by itself or joined with others."""
    every = tuple(atoms)
    if every:
        yield "", every
    groups = roll.groups(every)
    for names, some in groups.items() if len(groups) > 1 else ():
        yield JOINT.join(names), some


def _rows(who: _Row, whole: Whole, scheme: Scheme) -> Iterator[_Row]:
    for item in whole.items:
        what = (item.ask.form, item.ask.section, item.ask.question, item.question.text, item.slots)
        if item.rated is not None:
            yield (*who, *what, *_cells(item.rated, scheme), "")
        else:
            score = None if item.mean is None else str(item.mean)
            yield (*who, *what, item.n, item.blank, *((None,) * 6), score, "")
    if whole.rated is not None:
        found = verdict(whole.rated, scheme)
        yield (*who, "", "", "", "", whole.slots, *_cells(whole.rated, scheme), found.value if found else "")


def _cells(one: Rated, scheme: Scheme) -> _Row:
    found = one.figures
    wide = found.satisfied + found.basic
    shares = (_text(percent(each, found.valid, 4), -2) for each in (found.satisfied, wide))
    rates = (_text(percent(each, found.valid, scheme.decimals)) for each in (found.satisfied, wide))
    score = None if found.earned is None else _text(mean(found.earned, found.known, scheme.decimals))
    return (found.valid, found.blank, found.satisfied, found.basic, *shares, *rates, score)


def _text(number: Decimal | None, power: int = 0) -> str | None:
    return None if number is None else f"{number.scaleb(power)}"
