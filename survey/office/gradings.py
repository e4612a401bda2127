"""What units and members of a published round come to: their figures, their score, the grade it earns, their place where the
rules allow one. Sums of whole atoms alone, each group shown by itself where groups weigh differently."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from analysis.composites import Composite, composite, with_bonus
from analysis.grades import Quota as Quota
from analysis.grades import quota
from analysis.satisfaction import mean, percent
from survey.domain.grades import Limit
from survey.domain.publication_rolls import Roll
from survey.domain.publications import Named
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Missing
from survey.office.composites import Boxed, Total, boxed, earned, ranked, total, up_the_tree
from survey.office.composites import graded as grade_of
from survey.office.figures import Rated, Verdict, Whole, reckon, verdict
from survey.office.weighings import mixed, weights_of

# So many answers and all of them alike are worth a look at how they came about.
_MANY = 20


@dataclass(frozen=True, slots=True)
class Rates:
    """Both rates of all ratings together, as printed, the answers they are taken of, and whether these are many and all 满意."""

    narrow: str
    wide: str
    valid: int
    is_spotless: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What the office typed: scores by target and source, and the bonus points that were approved by target."""

    scores: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    bonuses: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Graded:
    """What one unit or member comes to.

    Attributes
    ----------
    rates : Rates or None
        None without a rating.
    score : Decimal or None
        As printed; None when there is none to speak of, or when a group in it is not shown by itself.
    result : str
        The grade it earns, one of `ladder`; "" without a score.
    total : Total or None
        Where the score comes from; None when the scheme has no sources.
    tree : Composite or None
        A unit's own score and that of the units below it; None when these do not count.
    rank : int or None
        The place among those on the same list; None where the scheme wants no league table.
    """

    key: str
    named: Named
    rates: Rates | None
    verdict: Verdict | None
    score: Decimal | None
    result: str
    total: Total | None = None
    tree: Composite | None = None
    rank: int | None = None


def containing(roll: Roll, keys: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The units whose scores contain that of a unit, where units below count."""
    if not roll.made.scheme.below:
        return {}
    return {key: tuple(f"u{place.id}" for place in roll.trail(int(key[1:]))[:-1]) for key in keys if key.startswith("u")}


@dataclass(frozen=True, slots=True)
class _About:
    """The answers about a unit and its members, of all groups, of each as it is shown, and by source."""

    all: Mapping[str, Whole]
    groups: Mapping[tuple[str, ...], Mapping[str, Whole]]
    boxes: Mapping[str, Mapping[str, Boxed]]


NOTHING = Typed()


def graded(roll: Roll, keys: Iterable[str], typed: Typed = NOTHING) -> tuple[Graded, ...]:
    """Some units, or some members of one unit, in the order they were asked for; places are among these."""
    some, scheme = tuple(keys), roll.made.scheme
    about = {unit: _about(roll, unit) for unit in dict.fromkeys(roll.made.targets[key].unit for key in some)}
    found = tuple(_graded(roll, key, about[roll.made.targets[key].unit], typed) for key in some)
    if scheme.below:
        found = tuple(_with_below(roll, each, typed) if each.key.startswith("u") else each for each in found)
    places = ranked({each.key: each.score for each in found}, scheme) if scheme.league else {}
    return tuple(replace(each, rank=places.get(each.key)) for each in found)


def below(roll: Roll, unit: int) -> tuple[str, ...]:
    """The units right below one that are shown by themselves; of the highest of all also that one."""
    children = [place.id for place in roll.children.get(unit, ())]
    own = [unit] if roll.place(unit).parent is None else []
    return tuple(f"u{each}" for each in [*own, *children] if f"u{each}" in roll.made.targets)


def members(roll: Roll, unit: int) -> tuple[str, ...]:
    """The members of a unit that are shown by themselves, in the order of its list."""
    return tuple(key for key in roll.own(unit) if key.startswith("m"))


def limit(scheme: Scheme, unit: int, some: Iterable[Graded]) -> tuple[Limit, Quota] | None:
    """How many of the members of a unit may get the best grade, and who has room; None without such a rule, or with nobody to grade."""
    scores = {each.key: each.score for each in some}
    if scheme.quota is None or not scheme.grades or not scores:
        return None
    label, lowest = scheme.grades[0]
    found = quota(scores, Decimal(str(lowest)), members=len(scores), share=scheme.quota)
    return Limit(unit, label, found.members, found.most), found


def _about(roll: Roll, unit: int) -> _About:
    atoms, scheme = roll.about(unit), roll.made.scheme
    groups = roll.groups(atoms) if scheme.weights and not scheme.sources else {}
    return _About(_wholes(roll, atoms), {names: _wholes(roll, some) for names, some in groups.items()}, boxed(roll, unit) if scheme.sources else {})


def _wholes(roll: Roll, atoms: Iterable[int]) -> Mapping[str, Whole]:
    found = roll.by_target(atoms)
    return {key: next(iter(reckon(roll.made, sums).values())) for key, sums in found.items() if sums}


def _graded(roll: Roll, key: str, about: _About, typed: Typed) -> Graded:
    scheme, whole = roll.made.scheme, about.all.get(key)
    rated = None if whole is None else whole.rated
    stands = verdict(rated, scheme)
    named, rates = roll.made.targets[key], _rates(rated, scheme)
    if scheme.sources:
        bonus = [typed.bonuses[key]] if key in typed.bonuses else []
        found = total(scheme, about.boxes.get(key, {}), typed.scores.get(key, {}), bonus)
        return Graded(key, named, rates, stands, found.score, _result(scheme, found.score, stands), found)
    exact = _own(about, key, scheme, typed)
    score = None if exact is None else mean(exact, 1, scheme.decimals)
    return Graded(key, named, rates, stands, score, _result(scheme, score, stands))


def _with_below(roll: Roll, one: Graded, typed: Typed) -> Graded:
    """The score of a unit with what comes from all units below it."""
    scheme, inside = roll.made.scheme, roll.inside(one.named.unit)
    shown = [unit for unit in inside if f"u{unit}" in roll.made.targets]
    own = {unit: _exact(roll, f"u{unit}", _about(roll, unit), typed) for unit in shown}
    found = up_the_tree([roll.place(unit) for unit in inside], own, scheme)[one.named.unit]
    score = None if found.score is None else mean(found.score, 1, scheme.decimals)
    return replace(one, score=score, result=_result(scheme, score, one.verdict), tree=found)


def _exact(roll: Roll, key: str, about: _About, typed: Typed) -> Fraction | None:
    if not roll.made.scheme.sources:
        return _own(about, key, roll.made.scheme, typed)
    found = _graded(roll, key, about, typed).total
    return None if found is None else found.exact


def is_all_best(satisfied: int, valid: int) -> bool:
    """Whether all of so many valid answers are 满意, and they are enough to wonder."""
    return satisfied == valid >= _MANY


def _rates(rated: Rated | None, scheme: Scheme) -> Rates | None:
    if rated is None or not rated.valid:
        return None
    found, decimals = rated.figures, scheme.decimals
    narrow, wide = (percent(each, found.valid, decimals) for each in (found.satisfied, found.satisfied + found.basic))
    return Rates(f"{narrow}", f"{wide}", found.valid, is_all_best(found.satisfied, found.valid))


def _result(scheme: Scheme, score: Decimal | None, stands: Verdict | None) -> str:
    """By the thresholds of the rates where the scheme has no grades."""
    if not scheme.grades:
        return stands.value if stands is not None else ""
    return grade_of(score, scheme) or ""


def _own(about: _About, key: str, scheme: Scheme, typed: Typed) -> Fraction | None:
    """The score of somebody where the scheme has no sources: what the box says, with his bonus points."""
    exact, bonus = _score(about, key, scheme), typed.bonuses.get(key)
    return exact if exact is None or bonus is None else with_bonus(exact, [bonus], most=scheme.bonus)


def _score(about: _About, key: str, scheme: Scheme) -> Fraction | None:
    """The points earned per answer; where groups weigh differently, their mean by weight when each of them is shown by itself."""
    if not scheme.weights:
        return _points(about.all.get(key))
    told = [names for names, found in about.groups.items() if key in found]
    if mixed(told, scheme):
        return None
    weights = weights_of((name for names in told for name in names), scheme)
    rows = [(name, weight, _points(about.groups.get((name,), {}).get(key))) for name, weight in weights.items()]
    return composite(rows, withhold=scheme.missing is Missing.WITHHOLD).score


def _points(whole: Whole | None) -> Fraction | None:
    points, n = earned(whole) if whole is not None else (Fraction(0), 0)
    return points / n if n else None

