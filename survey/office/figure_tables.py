"""Every figure of a published round as one long table: what `pingyi verify` redoes and what the board hands out."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from analysis.cells import Cell, csv_line, csv_parts
from analysis.satisfaction import mean, percent
from analysis.weights import Weighted
from survey.domain.publication_rolls import Roll
from survey.domain.publications import Place, pooled_key
from survey.domain.questionnaires import Audience
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import JOINT, Scheme
from survey.office.figures import Rated, Told, asked, together, told, verdict
from survey.office.weighings import Weighed, weigh

HEADER = (
    "unit", "unit_name", "reach", "target", "target_name", "group", "form", "section", "question", "text",
    "slots", "valid", "blank", "satisfied", "basic", "narrow", "wide", "narrow_percent", "wide_percent", "score", "verdict",
    "weighted_narrow", "weighted_wide", "weighted_narrow_percent", "weighted_wide_percent", "weighted_score",
)  # fmt: skip
# What is about one unit and its members alone, and the sums over all at or below it.
OWN, BELOW = "own", "below"
# So many answers to a question are remembered as they were told: most branches are small, and their answers few and alike.
_TOLD_KEPT, _PIECES_KEPT = 1 << 15, 1_000
_Row = tuple[Cell, ...]
_Targets = Mapping[str, Mapping[Ask, Sum]]
_T = TypeVar("_T")
# The name of a unit or member stands in line after line.
_piece = lru_cache(_PIECES_KEPT)(csv_line)
_NOT_WEIGHED = csv_line((None,) * 5)


def table(roll: Roll) -> Iterator[bytes]:
    """All of it as a .csv, piece by piece."""
    return csv_parts(HEADER, _Lines(roll))


class _Lines:
    """One line for every unit, its own or all at or below it, target or all units or members, group, and question.

    An empty group is all of them together, an empty question is all ratings together. Units stand in the order of the file.
    What is weighted stands beside all groups together, where each group with a weight is shown by itself.
    """

    def __init__(self, roll: Roll) -> None:
        self._roll, self._made = roll, roll.made
        self._asked = tuple(asked(roll.made))
        self._told = lru_cache(_TOLD_KEPT)(self._tell)

    def __iter__(self) -> Iterator[str]:
        for place in self._made.places:
            own, below = self._roll.about(place.id), self._roll.atoms(place.id)
            if own:
                yield from self._own(place, own)
            # Of a unit that has none below it both are the same.
            if below and set(own) != set(below):
                yield from self._below(place, below)

    def _own(self, place: Place, atoms: tuple[int, ...]) -> Iterator[str]:
        roll = self._roll
        groups = {names: _with_members(roll.by_target(some)) for names, some in roll.groups(atoms).items()}
        for group, found in _every(groups, _with_members(roll.by_target(atoms))):
            keys = [each for each in roll.own(place.id) if each in found]
            for key in (*keys, *(each for each in found if each == pooled_key(Audience.MEMBER))):
                label = self._made.targets[key].label if key in self._made.targets else ""
                # The weighted figures stand with all groups together.
                weighed = weigh(self._made, {names: each[key] for names, each in groups.items() if key in each}) if not group else {}
                who = (_piece((place.id, place.name, OWN)), _piece((key, label)), _piece((group,)))
                yield from self._lines(",".join(who), found[key], weighed)

    def _below(self, place: Place, atoms: tuple[int, ...]) -> Iterator[str]:
        groups = {names: self._roll.sums(some) for names, some in self._roll.groups(atoms).items()}
        for group, sums in _every(groups, self._roll.sums(atoms)):
            weighed = weigh(self._made, groups) if not group else {}
            for audience in Audience:
                some = {ask: total for ask, total in sums.items() if ask.audience is audience}
                who = csv_line((place.id, place.name, BELOW, pooled_key(audience), "", group))
                yield from self._lines(who, some, weighed)

    def _lines(self, who: str, sums: Mapping[Ask, Sum], weighed: Mapping[Audience, Weighed]) -> Iterator[str]:
        scheme, parts, slots = self._made.scheme, list[Rated](), 0
        by = Weighed()
        for at, (ask, _question) in enumerate(self._asked):
            if (total := sums.get(ask)) is not None:
                by = weighed.get(ask.audience, by)
                line, rated = self._told(at, total.slots, tuple(sorted(total.counts.items())))
                yield f"{who},{line},{_weighted(by.items.get(ask), scheme)}"
                if rated is not None:
                    parts.append(rated)
                    slots += total.slots
        whole = together(parts, scheme=scheme)
        if whole is not None:
            found = verdict(whole, scheme)
            line = csv_line(("", "", "", "", slots, *_cells(whole, scheme), found.value if found else ""))
            yield f"{who},{line},{_weighted(by.whole, scheme)}"

    def _tell(self, at: int, slots: int, counts: tuple[tuple[int, int], ...]) -> tuple[str, Rated | None]:
        """The question of a line and what was answered, and the same as figures."""
        ask, question = self._asked[at]
        item: Told = told(self._made, ask, question, Sum(slots, Counter(dict(counts))))
        what = (ask.form, ask.section, ask.question, question.text, slots)
        if item.rated is not None:
            return csv_line((*what, *_cells(item.rated, self._made.scheme), "")), item.rated
        return csv_line((*what, item.n, item.blank, *((None,) * 6), None if item.mean is None else str(item.mean), "")), None


def _every(groups: Mapping[tuple[str, ...], _T], every: _T) -> Iterator[tuple[str, _T]]:
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
                if (whole := sums.get(ask)) is None:
                    whole = sums[ask] = Sum()
                whole.slots += total.slots
                whole.counts.update(total.counts)
    return {**found, pooled_key(Audience.MEMBER): sums} if sums else found


def _cells(one: Rated, scheme: Scheme) -> _Row:
    found = one.figures
    wide = found.satisfied + found.basic
    shares = (_percent(each, found.valid, 4, -2) for each in (found.satisfied, wide))
    rates = (_percent(each, found.valid, scheme.decimals) for each in (found.satisfied, wide))
    score = None if found.earned is None else _text(mean(found.earned, found.known, scheme.decimals))
    return (found.valid, found.blank, found.satisfied, found.basic, *shares, *rates, score)


def _weighted(found: Weighted | None, scheme: Scheme) -> str:
    if found is None:
        return _NOT_WEIGHED
    both = (found.narrow, found.wide)
    shares = (None if each is None else _percent(each.numerator, each.denominator, 4, -2) for each in both)
    rates = (None if each is None else _percent(each.numerator, each.denominator, scheme.decimals) for each in both)
    return csv_line((*shares, *rates, None if found.score is None else _text(mean(found.score, 1, scheme.decimals))))


@lru_cache(_TOLD_KEPT)
def _percent(part: int, whole: int, places: int, power: int = 0) -> str | None:
    return _text(percent(part, whole, places), power)


def _text(number: Decimal | None, power: int = 0) -> str | None:
    return None if number is None else f"{number.scaleb(power)}"
