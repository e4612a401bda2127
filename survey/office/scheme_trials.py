"""What a published round says under other rules: only from what it shows by itself, by the hands that make its figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis import satisfaction
from analysis.satisfaction import mean, percent
from analysis.weights import FAR_APART, effective, nominal, weighted
from survey.domain.publication_rolls import Roll
from survey.domain.publications import Publication
from survey.domain.questionnaires import Audience, Kind, Role, Scale
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Base, Scheme
from survey.office.figures import Verdict, given, judged, middle, rated

# How often the four answers were given about somebody or something: satisfied, basic, unsatisfied, don't know.
Roles = tuple[int, int, int, int]
_PLACES = {Role.SATISFIED: 0, Role.BASIC: 1, Role.UNSATISFIED: 2, Role.UNKNOWN: 3}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures that rules are tried on.

    Attributes
    ----------
    units, members : mapping of Roles to how many units, or members, have them
    whole : Roles
        The answers about all units of the round together, as its page shows them; about all members where no unit was rated.
    answers : tuple of (Scale, mapping of code to answers), over the whole round
    scores : tuple of mapping of points to how often they were given, one for each question for points
    groups : tuple of mapping of group to Roles, one for each unit whose groups are all shown by themselves
    sizes : tuple of int
        Members rated in each unit that has some.
    """

    units: Mapping[Roles, int]
    members: Mapping[Roles, int]
    whole: Roles
    answers: tuple[tuple[Scale, Mapping[int, int]], ...] = ()
    scores: tuple[Mapping[int, int], ...] = ()
    groups: tuple[Mapping[str, Roles], ...] = ()
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many are rated how: `basic` are all from 基本满意 upwards; those nobody answered about are not among `all`."""

    all: int
    satisfied: int
    basic: int

    @property
    def below(self) -> int:
        """Those below both lines."""
        return self.all - self.basic


@dataclass(frozen=True, slots=True)
class Trial:
    """What a scheme makes of the evidence; rates in per cent as printed, None without answers. `scores` are means of points by scale."""

    units: Outcome
    members: Outcome
    narrow: Decimal | None
    wide: Decimal | None
    indices: tuple[Decimal | None, ...]
    scores: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a group weighs by the rule, and how much of the differences between units it really makes; in per cent."""

    group: str
    nominal: Decimal
    effective: Decimal
    is_far: bool


def evidence(roll: Roll) -> Evidence:
    """The evidence of a published round."""
    made = roll.made
    scales = _scales(made)
    units, members = Counter[Roles](), Counter[Roles]()
    groups, sizes = [], []
    for place in made.places:
        found = {key: _roles(sums, scales) for key, sums in roll.by_target(roll.about(place.id)).items()}
        units.update(each for key, each in found.items() if key.startswith("u"))
        own = [each for key, each in found.items() if key.startswith("m")]
        members.update(own)
        if own:
            sizes.append(len(own))
        if each := _groups(roll, place.id, scales):
            groups.append(each)
    whole = roll.sums(roll.atoms(made.root.id))
    by_audience = [{ask: each for ask, each in whole.items() if ask.audience is audience} for audience in (Audience.UNIT, Audience.MEMBER)]
    about_units, about_members = (_roles(each, scales) for each in by_audience)
    return Evidence(units, members, about_units if any(about_units) else about_members, _answers(whole, scales), _points(made, whole), tuple(groups), tuple(sizes))


def trial(found: Evidence, scheme: Scheme) -> Trial:
    """The evidence read by a scheme."""
    return Trial(
        outcome(found.units, scheme), outcome(found.members, scheme), *rates(found.whole, scheme),
        tuple(index(scale, counts, scheme) for scale, counts in found.answers), tuple(middle(given(each, scheme), scheme) for each in found.scores),
    )  # fmt: skip


def valid(roles: Roles, scheme: Scheme) -> int:
    """The denominator of the rates."""
    return sum(roles[:3]) + (roles[3] if scheme.base is Base.VALID else 0)


def rates(roles: Roles, scheme: Scheme) -> tuple[Decimal | None, Decimal | None]:
    """满意率 and 基本满意以上率 in per cent, rounded as the scheme says."""
    of = valid(roles, scheme)
    return percent(roles[0], of, scheme.decimals), percent(roles[0] + roles[1], of, scheme.decimals)


def outcome(some: Mapping[Roles, int], scheme: Scheme) -> Outcome:
    """How many are rated how."""
    found = Counter[Verdict | None]()
    for roles, n in some.items():
        found[judged(roles[0], roles[0] + roles[1], valid(roles, scheme), scheme)] += n
    good = found[Verdict.SATISFIED]
    return Outcome(found.total() - found[None], good, good + found[Verdict.BASIC])


def index(scale: Scale, counts: Mapping[int, int], scheme: Scheme) -> Decimal | None:
    """The mean of the points of a scale; None where its answers earn none."""
    found = rated(counts, scale, slots=sum(counts.values()), scheme=scheme).figures
    return None if found.earned is None else mean(found.earned, found.known, scheme.decimals)


def weighed(groups: Mapping[str, Roles], scheme: Scheme) -> Decimal | None:
    """满意率 of a unit in per cent, its groups weighed by the scheme; None where no group with a weight answered."""
    levels = tuple(satisfaction.Level(role.value, "", satisfaction.Role(role.value)) for role in _PLACES)
    scale = satisfaction.Scale(levels, satisfaction.Base(scheme.base.value))
    each = {name: satisfaction.figures(dict(zip(_PLACES, roles, strict=True)), scale=scale) for name, roles in groups.items()}
    found = weighted(each, dict(scheme.weights)).narrow
    return None if found is None else percent(found.numerator, found.denominator, scheme.decimals)


def effects(found: Evidence, weights: Sequence[tuple[str, int]]) -> tuple[Effect, ...]:
    """What each group's weight does, over the units that all groups answered about; () where that cannot be said."""
    names = [name for name, weight in weights if weight]
    rows = [each for each in found.groups if all(sum(each.get(name, ())) for name in names)]
    table = [[Fraction(each[name][0], sum(each[name])) for name in names] for each in rows]
    known = dict(weights)
    made = effective(table, [known[name] for name in names]) if len(names) > 1 else None
    shares = nominal({name: known[name] for name in names})
    return tuple(
        Effect(name, _percent(shares[name]), _percent(each), abs(each - shares[name]) > FAR_APART)
        for name, each in zip(names, made or (), strict=bool(made))
    )


def _percent(share: Fraction) -> Decimal:
    return percent(share.numerator, share.denominator, 1) or Decimal(0)


def _scales(made: Publication) -> Mapping[tuple[int, str, str], Scale]:
    """The scales of all ratings, by form, section and question."""
    return {
        (key, section.key, question.key): form.scale(question)
        for key, form in made.forms.items()
        for section in form.sections
        for question in section.questions
        if question.kind is Kind.RATING
    }


def _roles(sums: Mapping[Ask, Sum], scales: Mapping[tuple[int, str, str], Scale]) -> Roles:
    found = [0, 0, 0, 0]
    for ask, each in sums.items():
        scale = scales.get((ask.form, ask.section, ask.question))
        for option in scale.options if scale is not None else ():
            if option.role in _PLACES:
                found[_PLACES[option.role]] += each.counts[option.code]
    return found[0], found[1], found[2], found[3]


def _groups(roll: Roll, unit: int, scales: Mapping[tuple[int, str, str], Scale]) -> Mapping[str, Roles]:
    """The answers about a unit itself by group; {} where not every group is shown by itself."""
    parts = roll.groups(roll.about(unit))
    if len(parts) < 2 or any(len(names) > 1 for names in parts):
        return {}
    return {names[0]: _roles(roll.sums(atoms, targets={f"u{unit}"}), scales) for names, atoms in parts.items()}


def _answers(sums: Mapping[Ask, Sum], scales: Mapping[tuple[int, str, str], Scale]) -> tuple[tuple[Scale, Mapping[int, int]], ...]:
    found: dict[Scale, Counter[int]] = {}
    for ask, each in sums.items():
        scale = scales.get((ask.form, ask.section, ask.question))
        if scale is not None:
            found.setdefault(scale, Counter()).update(each.counts)
    return tuple(found.items())


def _points(made: Publication, sums: Mapping[Ask, Sum]) -> tuple[Mapping[int, int], ...]:
    asked: Iterable[tuple[Ask, Sum]] = sums.items()
    kinds = {
        (key, section.key, question.key): question.kind
        for key, form in made.forms.items()
        for section in form.sections
        for question in section.questions
    }
    return tuple(each.counts for ask, each in asked if kinds[ask.form, ask.section, ask.question] is Kind.SCORE)
