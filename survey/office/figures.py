"""Ratings as figures: one question, several together, all of a published round. Pages, pictures and files take them from here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from analysis.points import Points, points
from analysis.satisfaction import Base, Figures, Level, Role, Scale, figures, mean, pooled
from survey.domain import questionnaires
from survey.domain.publications import Publication
from survey.domain.questionnaires import Audience, Kind, Question
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Point

# The roles by their keys, where nobody reads them.
KEYS: Mapping[Role, str] = {role: role.value for role in Role}
_SCALES_KEPT = 256
_FIGURES_KEPT = 8_192
# A scale, the base of its rates, and the scheme's points.
_Read = tuple[questionnaires.Scale, Base, tuple[Point, ...]]


class Verdict(StrEnum):
    """How a target as a whole is rated by the scheme's two thresholds."""

    SATISFIED = "satisfied"
    BASIC = "basic"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Rated:
    """The figures of one rating question or of several together, and the scale they are read by."""

    figures: Figures
    scale: Scale
    is_pooled: bool

    @property
    def valid(self) -> int:
        """The denominator of the rates."""
        return self.figures.valid


@dataclass(frozen=True, slots=True)
class Told:
    """One question of a round: `rated` for ratings; for points themselves and their mean, None when nobody gave any. `n`
    answered, of as many as `slots` could have."""

    ask: Ask
    question: Question
    slots: int
    n: int
    rated: Rated | None = None
    mean: Decimal | None = None
    points: Points | None = None

    @property
    def blank(self) -> int:
        """Answers that were not given."""
        return self.slots - self.n

    @property
    def is_trimmed(self) -> bool:
        """Whether one highest and one lowest of the points are left out."""
        return self.points is not None and self.points.is_trimmed


@dataclass(frozen=True, slots=True)
class Whole:
    """What a round says of units or of members: every question in the order of the forms, and the ratings together."""

    items: tuple[Told, ...]
    rated: Rated | None

    @property
    def slots(self) -> int:
        """How many ratings there could have been."""
        return sum(item.slots for item in self.items if item.rated is not None)


def reckon(
    made: Publication, sums: Mapping[Ask, Sum], *, labels: Mapping[Role, str] = KEYS
) -> Mapping[Audience, Whole]:
    """The figures of a round from the sums of its roll-up; an audience that was asked nothing is left out.

    Parameters
    ----------
    sums : mapping of Ask to Sum
        As `RollUp.sums` gives them: of some atoms, of some targets or of all units and members.
    labels : mapping of Role to str
        What the roles are called where questions with several scales are pooled.
    """
    items: dict[Audience, list[Told]] = {}
    for ask, question in asked(made):
        if ask in sums:
            items.setdefault(ask.audience, []).append(told(made, ask, question, sums[ask]))
    return {
        audience: Whole(
            tuple(each), together([item.rated for item in each if item.rated is not None], scheme=made.scheme, labels=labels)
        )
        for audience, each in items.items()
    }


def rated(counts: Mapping[int, int], scale: questionnaires.Scale, *, slots: int, scheme: Scheme) -> Rated:
    """Figures of one rating question from how often each code was marked, of as many answers as there could have been."""
    read = (scale, Base(scheme.base.value), scheme.points)
    return _rated(read, tuple(sorted(counts.items())), slots - sum(counts.values()))


def together(parts: Sequence[Rated], *, scheme: Scheme, labels: Mapping[Role, str] = KEYS) -> Rated | None:
    """Several questions pooled: sums of whole counts; by role where their scales differ. None without any."""
    if not parts:
        return None
    scale = shared_scale(parts, scheme=scheme, labels=labels)
    return Rated(pooled([as_scale(each, scale) for each in parts]), scale, is_pooled=True)


def shared_scale(parts: Sequence[Rated], *, scheme: Scheme, labels: Mapping[Role, str] = KEYS) -> Scale:
    """The one scale of all these questions, or the roles when they have several."""
    if all(each.scale == parts[0].scale for each in parts):
        return parts[0].scale
    abstained = any(each.scale.codes(Role.ABSTAIN) for each in parts)
    levels = tuple(Level(role, label, role) for role, label in labels.items() if abstained or role is not Role.ABSTAIN)
    return Scale(levels, Base(scheme.base.value))


def as_scale(one: Rated, scale: Scale) -> Figures:
    """The figures of a question under `scale`: its own, or the roles."""
    if one.scale == scale:
        return one.figures
    counts: dict[str, int] = {}
    for level in one.scale.levels:
        counts[level.role.value] = counts.get(level.role.value, 0) + one.figures.counts[level.code]
    return figures(counts, scale=scale, blank=one.figures.blank)


def verdict(whole: Rated | None, scheme: Scheme) -> Verdict | None:
    """满意 from the narrow rate, 基本满意以上 from the wide one, compared in whole numbers; None without answers."""
    return None if whole is None else judged(whole.figures.satisfied, whole.figures.satisfied + whole.figures.basic, whole.valid, scheme)


def judged(satisfied: int, wide: int, valid: int, scheme: Scheme) -> Verdict | None:
    """The same from the answers that are 满意, those that are 基本满意 or better, and all of them."""
    if not valid:
        return None
    if satisfied >= Fraction(str(scheme.satisfied_at)) * valid:
        return Verdict.SATISFIED
    if wide >= Fraction(str(scheme.basic_at)) * valid:
        return Verdict.BASIC
    return Verdict.BELOW


def given(counts: Mapping[int, int], scheme: Scheme) -> Points:
    """Points that people gave, without one highest and one lowest of more than five where the scheme says so."""
    return points(counts, ends=scheme.trim_ends)


def middle(found: Points, scheme: Scheme) -> Decimal | None:
    """The mean of points as it is printed; None when nobody gave any."""
    return mean(found.earned, found.used, scheme.decimals)


def asked(made: Publication) -> Iterator[tuple[Ask, Question]]:
    """Every question of a round, in the order of its forms."""
    for key, form in made.forms.items():
        for section in form.sections:
            for question in section.questions:
                yield Ask(section.audience, key, section.key, question.key), question


def told(made: Publication, ask: Ask, question: Question, total: Sum) -> Told:
    """One of them, by its answers."""
    n = sum(total.counts.values())
    if question.kind is Kind.SCORE:
        found = given(total.counts, made.scheme)
        return Told(ask, question, total.slots, n, mean=middle(found, made.scheme), points=found)
    scale = made.forms[ask.form].scale(question)
    return Told(ask, question, total.slots, n, rated(total.counts, scale, slots=total.slots, scheme=made.scheme))


@lru_cache(_FIGURES_KEPT)
def _rated(read: _Read, counts: tuple[tuple[int, int], ...], blank: int) -> Rated:
    """In a city most branches are small, and their answers few and alike."""
    scale = _scale(*read)
    return Rated(figures({str(code): n for code, n in counts}, scale=scale, blank=blank), scale, is_pooled=False)


@lru_cache(_SCALES_KEPT)
def _scale(scale: questionnaires.Scale, base: Base, points: tuple[Point, ...]) -> Scale:
    """A scale as it is read: the scheme's points stand before the questionnaire's."""
    scheme = Scheme(points=points)
    levels = tuple(
        Level(str(o.code), o.label, Role(o.role.value), None if earned is None else Decimal(str(earned)))
        for o in scale.options
        for earned in [scheme.earns(scale.key, o.code, o.points)]
    )
    return Scale(levels, base)
