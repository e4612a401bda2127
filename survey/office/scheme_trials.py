"""What a published round says under other rules: only from what it shows by itself, by the hands that make its figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from analysis import satisfaction, standings, trials
from analysis.satisfaction import mean, percent
from analysis.trials import Answers, Outcome, Roles
from analysis.weights import effective, far_apart, nominal, weighted
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publication_sums import rating_scales
from survey.domain.publications import Held, Publication, audience_of
from survey.domain.questionnaires import Audience, Option, Role, Scale
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Base, Scheme
from survey.office.figures import given, middle, rated
from survey.office.weighings import Groups, Weighed, weigh

# Of fewer units it is chance what moves them; of more it takes long to look, and nothing new is seen.
_FEWEST_UNITS, _MOST_UNITS = 5, 60
_PLACES = {Role.SATISFIED: 0, Role.BASIC: 1, Role.UNSATISFIED: 2, Role.UNKNOWN: 3}
_KNOWN = (Role.SATISFIED, Role.BASIC, Role.UNSATISFIED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures that rules are tried on.

    Attributes
    ----------
    units, members : Answers
    whole : Roles
        The answers about all units of the round together, as its page shows them; about all members where no unit was rated.
    answers : tuple of (Scale, mapping of code to answers), over the whole round
    scores : tuple of (question, mapping of points to how often they were given), of the questions for points
    groups : tuple of mapping of group to Roles, one for each unit whose groups are all shown by themselves
    sizes : tuple of int
        Members shown in each unit that has some.
    made, parts : the round, and all its answers by groups as far as these are shown by themselves
    """

    units: Answers
    members: Answers
    whole: Roles
    answers: tuple[tuple[Scale, Mapping[int, int]], ...] = ()
    scores: tuple[tuple[str, Mapping[int, int]], ...] = ()
    groups: tuple[Mapping[str, Roles], ...] = ()
    sizes: tuple[int, ...] = ()
    made: Publication | None = None
    parts: Groups = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a scheme makes of the evidence; rates in per cent as printed, None without answers. `indices` are means of points by
    scale, `scores` those of the questions for points; `weighed` are both rates by the weights, None where there are none."""

    units: Outcome
    members: Outcome
    narrow: Decimal | None
    wide: Decimal | None
    indices: tuple[Decimal | None, ...]
    scores: tuple[Decimal | None, ...]
    weighed: tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Lacking:
    """The meetings a quorum would have kept from being counted, of how many, and what share of them that is in per cent.

    Only meetings are told of, by what their pages say of who came. Rates without them are not: the difference to the rates that
    are published would be what those ballots said, and they may be too few to show it.
    """

    meetings: tuple[Held, ...]
    all: int
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left to tell of ballots that were not filled in or were spoiled: answers asked for and those left open; ballots that
    came back and forms spoiled as a whole, which of meetings too small to show anything are told of nobody."""

    asked: int
    open: int
    open_share: Decimal | None
    returned: int
    spoiled: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a group weighs by the rule, and how much of the differences between units it really makes; in per cent."""

    group: str
    nominal: Decimal
    effective: Decimal
    is_far: bool


def evidence(roll: FrozenRoll) -> Evidence:
    """The evidence of a published round: its table of counts, the sheet of its root, those of some units for their groups."""
    table, keys = roll.table, roll.keys
    columns = standings.columns(table.body, targets=table.targets + 2 * len(roll.made.places), rows=table.rows, word=table.word)
    roles = [[_at(scale, *some) for scale in roll.scales] for some in ((Role.SATISFIED,), (Role.BASIC,), _KNOWN, tuple(_PLACES))]
    every = trials.of_columns(columns, *roles)
    units = [at for at, key in enumerate(keys) if audience_of(key) is Audience.UNIT]
    # Behind everybody who is shown by himself stand the units with all below them, the root first.
    of_units, of_members = every.one(len(keys)), every.one(len(keys) + 1)
    root = roll.sums(roll.atoms(roll.made.root.id))
    sizes = Counter(roll.units[at] for at, key in enumerate(keys) if audience_of(key) is Audience.MEMBER)
    return Evidence(
        every.of(units), every.of([at for at, key in enumerate(keys) if audience_of(key) is Audience.MEMBER]), of_units if any(of_units) else of_members,
        _answers(roll, columns), _points(roll, root), tuple(_groups(roll)), tuple(sizes.values()), roll.made,
        {names: roll.sums(atoms) for names, atoms in roll.groups(roll.atoms(roll.made.root.id)).items()},
    )  # fmt: skip


def lacking(found: Evidence, scheme: Scheme) -> Lacking | None:
    """What a quorum would do; None where the figures are nobody's."""
    if found.made is None:
        return None
    some, asked = found.made.meetings, replace(scheme, quorum=True)
    few = tuple(each for each in some if asked.lacks(due=each.due, present=each.present))
    return Lacking(few, len(some), percent(len(few), len(some), scheme.decimals))


def kept(found: Evidence, scheme: Scheme) -> Kept | None:
    """What is left of the ballots of a round; None where the figures are nobody's."""
    if found.made is None:
        return None
    sums = [each for some in found.parts.values() for each in some.values()]
    asked, left = sum(each.slots for each in sums), sum(each.blank for each in sums)
    held = found.made.meetings
    return Kept(asked, left, percent(left, asked, scheme.decimals), sum(each.returned for each in held), sum(each.spoiled for each in held))


def answers_of(rows: Sequence[Roles]) -> Answers:
    """The answers about somebody or something, one row each."""
    return trials.answers(rows)


def trial(found: Evidence, scheme: Scheme) -> Trial:
    """The evidence read by a scheme."""
    return Trial(
        outcome(found.units, scheme), outcome(found.members, scheme), *rates(found.whole, scheme),
        tuple(index(scale, counts, scheme) for scale, counts in found.answers),
        tuple(middle(given(each, scheme), scheme) for _question, each in found.scores), _weighed(found, scheme),
    )  # fmt: skip


def valid(roles: Roles, scheme: Scheme) -> int:
    """The denominator of the rates."""
    return sum(roles[:3]) + (roles[3] if scheme.base is Base.VALID else 0)


def rates(roles: Roles, scheme: Scheme) -> tuple[Decimal | None, Decimal | None]:
    """满意率 and 基本满意以上率 in per cent, rounded as the scheme says."""
    of = valid(roles, scheme)
    return percent(roles[0], of, scheme.decimals), percent(roles[0] + roles[1], of, scheme.decimals)


def outcome(some: Answers, scheme: Scheme) -> Outcome:
    """How many are rated how."""
    satisfied_at, basic_at = (Fraction(str(each)) for each in (scheme.satisfied_at, scheme.basic_at))
    return trials.outcome(some, satisfied_at=satisfied_at, basic_at=basic_at, known_only=scheme.base is Base.KNOWN)


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
    """What each group's weight does, over the units that all groups answered about; () where these are too few to say it."""
    names = [name for name, weight in weights if weight]
    rows = [each for each in found.groups if all(sum(each.get(name, ())) for name in names)]
    table = [[Fraction(each[name][0], sum(each[name])) for name in names] for each in rows]
    known = dict(weights)
    made = effective(table, [known[name] for name in names]) if len(names) > 1 and len(table) >= _FEWEST_UNITS else None
    if made is None:
        return ()
    shares, moved = nominal({name: known[name] for name in names}), dict(zip(names, made, strict=True))
    far = far_apart(shares, moved)
    return tuple(Effect(name, _percent(shares[name]), _percent(each), name in far) for name, each in moved.items())


def _percent(share: Fraction) -> Decimal:
    found = percent(share.numerator, share.denominator, 1)
    # A share has a denominator.
    assert found is not None
    return found


def _at(scale: Scale, *roles: Role) -> list[int]:
    """Where the answers with these roles stand in a scale."""
    return [at for at, option in enumerate(scale.options) if option.role in roles]


def _groups(roll: FrozenRoll) -> Iterable[Mapping[str, Roles]]:
    """The answers about some units themselves by group, where every group is shown by itself."""
    scales = dict(zip(roll.asks, rating_scales(roll.made.forms), strict=True))
    for unit in [roll.unit_of(key) for key in roll.keys if audience_of(key) is Audience.UNIT][:_MOST_UNITS]:
        parts = roll.groups(roll.about(unit))
        if len(parts) > 1 and all(len(names) == 1 for names in parts):
            yield {names[0]: _roles(roll.sums(atoms, targets={f"u{unit}"}), scales) for names, atoms in parts.items()}


def _roles(sums: Mapping[Ask, Sum], scales: Mapping[Ask, Scale | None]) -> Roles:
    found = [0, 0, 0, 0]
    for ask, each in sums.items():
        scale = scales[ask]
        options: Sequence[Option] = scale.options if scale is not None else ()
        for option in options:
            if option.role in _PLACES:
                found[_PLACES[option.role]] += each.counts[option.code]
    return found[0], found[1], found[2], found[3]


def _answers(roll: FrozenRoll, columns: standings.Columns) -> tuple[tuple[Scale, Mapping[int, int]], ...]:
    root = (len(roll.keys), len(roll.keys) + 1)
    found = []
    for number, _slots, counts in standings.sums(columns, root):
        scale = roll.scales[number]
        found.append((scale, {option.code: n for option, n in zip(scale.options, counts, strict=False)}))
    return tuple(found)


def _points(roll: FrozenRoll, sums: Mapping[Ask, Sum]) -> tuple[tuple[str, Mapping[int, int]], ...]:
    """What was given where points are asked for and no answer of a scale."""
    scales = dict(zip(roll.asks, rating_scales(roll.made.forms), strict=True))
    forms = roll.made.forms
    return tuple((forms[ask.form].question(ask.section, ask.question).text, each.counts) for ask, each in sums.items() if scales[ask] is None)


def _weighed(found: Evidence, scheme: Scheme) -> tuple[Decimal | None, Decimal | None]:
    """Both rates of all units by the weights, as the page of the round says them."""
    if found.made is None or not scheme.weights:
        return None, None
    whole = weigh(replace(found.made, scheme=scheme), found.parts).get(Audience.UNIT, Weighed()).whole
    both = (None, None) if whole is None else (whole.narrow, whole.wide)
    narrow, wide = (None if each is None else percent(each.numerator, each.denominator, scheme.decimals) for each in both)
    return narrow, wide
