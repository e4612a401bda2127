"""The 100-point composite of a published round: what the boxes say, what the office typed, bonus points, the units below."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from analysis.composites import Composite, by_kind, composite, with_below, with_bonus
from analysis.grades import grade, ranks
from analysis.satisfaction import mean
from survey.domain.publication_rolls import Roll
from survey.domain.publications import Place
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Scheme, parts_of
from survey.domain.scheme_parts import Missing, Source, Ties
from survey.office.figures import Whole, reckon


class Why(StrEnum):
    """Why a source has no score: nobody answered (or nothing earns points), its groups are only shown with others, or nobody
    typed one yet."""

    NONE = "none"
    MERGED = "merged"
    UNTYPED = "untyped"


@dataclass(frozen=True, slots=True)
class Boxed:
    """What the box says for one source about one target, out of 100: the score and how many answers earned it."""

    score: Fraction | None
    n: int = 0
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A composite as it is printed.

    Attributes
    ----------
    composite : Composite
        The sources, exact, before bonus points.
    bonus : Fraction
        The bonus points that count.
    exact : Fraction or None
    score : Decimal or None
        Rounded half up by the scheme: grades, ranks and quotas go by it, so that equal figures are treated alike.
    grade : str or None
    why : mapping of source name to Why
        Of those without a score.
    """

    composite: Composite
    bonus: Fraction
    exact: Fraction | None
    score: Decimal | None
    grade: str | None
    why: Mapping[str, Why]


def boxed(roll: Roll, unit: int) -> Mapping[str, Mapping[str, Boxed]]:
    """What the boxes say of a unit and its members, by target key and name of the source; typed sources are left out.

    A source is a sum of whole atoms that hold its groups and no others. With weights its groups are weighed against each
    other, and each must be shown by itself.
    """
    found: dict[str, dict[str, Boxed]] = {key: {} for key in roll.own(unit)}
    groups = roll.groups(roll.about(unit))
    for source in roll.made.scheme.sources:
        if not source.is_typed:
            for key, said in _source(roll, source, groups).items():
                found.setdefault(key, {})[source.name] = said
    return found


def earned(whole: Whole) -> tuple[Fraction, int]:
    """Points of all answers that earn any, and how many these are: ratings by the points of their scale, scores as they were
    given (without their ends where the scheme says so). Answers on a scale without points do not count."""
    sums = [(each.rated.figures.earned, each.rated.figures.known) for each in whole.items if each.rated is not None]
    sums += [(each.points.earned, each.points.used) for each in whole.items if each.points is not None]
    known = [(points, n) for points, n in sums if points is not None]
    return sum((points for points, _n in known), Fraction(0)), sum(n for _points, n in known)


def total(
    scheme: Scheme, boxes: Mapping[str, Boxed], typed: Mapping[str, Fraction], bonuses: Iterable[Fraction] = ()
) -> Total:
    """The composite of one target.

    Parameters
    ----------
    boxes : mapping of source name to Boxed
        Of the target, as `boxed` gives them.
    typed : mapping of source name to score out of 100
        What the office typed.
    bonuses : iterable of Fraction
        Those that were approved.
    """
    said = {each.name: _said(each, boxes, typed) for each in scheme.sources}
    weighed = {each.name for each in scheme.sources if each.weight}
    why = {name: each.why for name, each in said.items() if each.why is not None and name in weighed}
    rows = [(each.name, each.weight, said[each.name].score) for each in scheme.sources]
    # Without a source that is only shown together with others the rest would tell what it says.
    withhold = scheme.missing is Missing.WITHHOLD or Why.MERGED in why.values()
    found = composite(rows, withhold=withhold)
    whole = None if found.score is None else with_bonus(found.score, bonuses, most=scheme.bonus)
    printed = None if whole is None else mean(whole, 1, scheme.decimals)
    bonus = Fraction(0) if whole is None or found.score is None else whole - found.score
    return Total(found, bonus, whole, printed, graded(printed, scheme), why)


def graded(score: Decimal | None, scheme: Scheme) -> str | None:
    """The grade of a score as it is printed."""
    return grade(score, [(label, Decimal(str(lowest))) for label, lowest in scheme.grades])


def ranked(scores: Mapping[str, Decimal | None], scheme: Scheme) -> Mapping[str, int | None]:
    """Places by the scheme: 1-1-3 or 1-1-2."""
    return ranks(scores, dense=scheme.ties is Ties.DENSE)


def up_the_tree(places: Iterable[Place], own: Mapping[int, Fraction | None], scheme: Scheme) -> Mapping[int, Composite]:
    """Every unit's score with what comes from the units below it, from the leaves up.

    Parameters
    ----------
    places : iterable of Place
        Every parent before its children.
    own : mapping of unit to score out of 100, or None
        Of each by itself.
    """
    withhold = scheme.missing is Missing.WITHHOLD
    inside: dict[int, dict[str, list[Fraction]]] = {}
    found: dict[int, Composite] = {}
    for place in reversed(tuple(places)):
        # A unit with none below it stands for itself, and a kind of which it has none is not missed.
        here = inside.get(place.id, {})
        weights = {kind: weight for kind, weight in scheme.kinds if kind in here}
        below = by_kind(here, weights, withhold=withhold).score if weights or not scheme.kinds else None
        found[place.id] = with_below(own.get(place.id), below, percent=scheme.below if here else 0, withhold=withhold)
        score = found[place.id].score
        if place.parent is not None:
            scores = inside.setdefault(place.parent, {}).setdefault(kind_of(place, scheme), [])
            scores += [] if score is None else [score]
    return found


def kind_of(place: Place, scheme: Scheme) -> str:
    """What a unit counts as: its sector where that has a weight, else its kind."""
    return place.sector if place.sector in dict(scheme.kinds) else place.kind


def _said(source: Source, boxes: Mapping[str, Boxed], typed: Mapping[str, Fraction]) -> Boxed:
    if source.is_typed:
        return Boxed(typed[source.name], 1) if source.name in typed else Boxed(None, why=Why.UNTYPED)
    return boxes.get(source.name, Boxed(None, why=Why.NONE))


def _source(roll: Roll, source: Source, groups: Mapping[tuple[str, ...], tuple[int, ...]]) -> Mapping[str, Boxed]:
    wanted = set(source.groups)
    parts = {names: {part for name in names for part in parts_of(name, wanted)} for names in groups}
    inside = {names: atoms for names, atoms in groups.items() if parts[names] <= wanted}
    mixed = {names: atoms for names, atoms in groups.items() if parts[names] & wanted and names not in inside}
    weighs = bool(roll.made.scheme.weights) and len(wanted) > 1
    if weighs:
        # A group that voted by itself here and merged with another there cannot be weighed against that.
        times = Counter(part for names in inside for part in parts[names])
        mixed |= {names: atoms for names, atoms in inside.items() if len(names) > 1 or any(times[part] > 1 for part in parts[names])}
    merged = {key for atoms in mixed.values() for key in roll.by_target(atoms)}
    found = _weighed(roll, inside, wanted) if weighs else _pooled(roll, [at for atoms in inside.values() for at in atoms])
    return {**found, **{key: Boxed(None, why=Why.MERGED) for key in merged}}


def _pooled(roll: Roll, atoms: Iterable[int]) -> Mapping[str, Boxed]:
    sums = {key: _earned(roll, each) for key, each in roll.by_target(atoms).items()}
    return {key: Boxed(points / n, n) if n else Boxed(None, why=Why.NONE) for key, (points, n) in sums.items()}


def _weighed(roll: Roll, inside: Mapping[tuple[str, ...], tuple[int, ...]], wanted: set[str]) -> Mapping[str, Boxed]:
    scheme = roll.made.scheme
    by_group = {names[0]: _pooled(roll, atoms) for names, atoms in inside.items()}
    # Those that voted, and those of the source that did not.
    absent = wanted - {part for name in by_group for part in parts_of(name, wanted)}
    weights = {name: scheme.weight(name) or 0 for name in (*by_group, *sorted(absent))}
    found = {}
    for key in dict.fromkeys(key for each in by_group.values() for key in each):
        said = {name: each[key] for name, each in by_group.items() if key in each}
        rows = [(name, weight, said[name].score if name in said else None) for name, weight in weights.items()]
        whole = composite(rows, withhold=scheme.missing is Missing.WITHHOLD)
        found[key] = Boxed(whole.score, sum(each.n for each in said.values()), Why.NONE if whole.score is None else None)
    return found


def _earned(roll: Roll, sums: Mapping[Ask, Sum]) -> tuple[Fraction, int]:
    """One target was asked as a unit or as a member, never as both."""
    parts = [earned(whole) for whole in reckon(roll.made, sums).values()]
    return sum((points for points, _n in parts), Fraction(0)), sum(n for _points, n in parts)
