"""Counts become what pages, pictures and files print: every number is made by `analysis`, once, from whole counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from flask_babel import gettext as _

from analysis.satisfaction import Base, Figures, Level, Role, Scale, figures, mean, percent, pooled
from analysis.style import ORDER, SHADES, looks
from survey.domain import questionnaires
from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import Audience, Kind, Question
from survey.domain.results import Count
from survey.domain.rounds import Scheme
from survey.web.words import roles

NO_DATA = "–"
# One class per shade of the palette: `satisfied`, `satisfied-2` for the second of two satisfied answers, and so on.
_CLASSES = {
    shade: role.value + (f"-{place + 1}" if place else "") for role in ORDER for place, shade in enumerate(SHADES[role])
}


class Verdict(StrEnum):
    """How a target as a whole is rated by the scheme's two thresholds."""

    SATISFIED = "satisfied"
    BASIC = "basic"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Segment:
    """One answer in a bar: its class, its label, its ballots, and where it lies, in per cent of the bar."""

    css: str
    label: str
    ballots: int
    start: Decimal
    width: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """The figures of one rating question or of several together, as numbers and as printed."""

    figures: Figures
    scale: Scale
    is_pooled: bool
    narrow: str
    wide: str
    score: str
    segments: tuple[Segment, ...]

    @property
    def valid(self) -> int:
        """The denominator of the rates."""
        return self.figures.valid

    @property
    def is_by_role(self) -> bool:
        """Whether several scales were pooled, so that only the four roles are left of their answers."""
        return all(level.code == level.role.value for level in self.scale.levels)

    @property
    def said(self) -> str:
        """Every answer with its ballots, for who cannot see the bar."""
        return _("，").join(f"{each.label} {each.ballots}" for each in self.segments)


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate: his ballots, and their share of all ballots returned."""

    label: str
    ballots: int
    share: str
    width: Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """One question about one target; `rate` for ratings, `mean` and `n` for scores, `choices` for choices."""

    question: Question
    rate: Rate | None = None
    mean: str = NO_DATA
    n: int = 0
    blank: int = 0
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All figures of one target: its questions, and its rating questions together."""

    target: Target
    section: str
    ballots: int
    items: tuple[Item, ...]
    whole: Rate | None
    verdict: Verdict | None

    @property
    def rated(self) -> tuple[tuple[Item, Rate], ...]:
        """The rating questions with their figures."""
        return tuple((item, item.rate) for item in self.items if item.rate is not None)

    @property
    def others(self) -> tuple[Item, ...]:
        """Scores and choices."""
        return tuple(item for item in self.items if item.rate is None)


def sheets(
    paper: Paper, counts: Iterable[Count], *, ballots: int, scheme: Scheme, only: Audience | None = None
) -> tuple[Sheet, ...]:
    """The figures of every target of a paper, or only of units (say), in the paper's order; opinions are no figures.

    Parameters
    ----------
    counts : iterable of Count
        Of one atom or of all groups; the same code may stand several times and is added up.
    ballots : int
        Ballots returned by these groups; what the counts leave of them is blank.
    """
    sums: dict[tuple[str, str], dict[int, int]] = {}
    for count in counts:
        marks = sums.setdefault((count.target, count.question), {})
        marks[count.option] = marks.get(count.option, 0) + count.ballots
    chosen = [target for target in paper.targets if only is None or target.audience is only]
    return tuple(_sheet(paper, target, sums, ballots=ballots, scheme=scheme) for target in chosen)


def rate(counts: Mapping[int, int], scale: questionnaires.Scale, *, ballots: int, scheme: Scheme) -> Rate:
    """Figures of one rating question from how often each code was marked."""
    blank = ballots - sum(counts.values())
    read = _scale(scale, scheme)
    found = figures({str(code): n for code, n in counts.items()}, scale=read, blank=blank)
    return _rate(found, read, is_pooled=False, decimals=scheme.decimals)


def together(rates: Sequence[Rate], *, scheme: Scheme) -> Rate | None:
    """Several questions pooled: sums of whole counts; by role where their scales differ. None without any."""
    if not rates:
        return None
    scale = shared_scale(rates, scheme=scheme)
    found = pooled([as_scale(each, scale) for each in rates])
    return _rate(found, scale, is_pooled=True, decimals=scheme.decimals)


def shared_scale(rates: Sequence[Rate], *, scheme: Scheme) -> Scale:
    """The one scale of all these questions, or the four roles when they have several."""
    if len({each.scale for each in rates}) == 1:
        return rates[0].scale
    levels = tuple(Level(role.value, label, Role(role.value)) for role, label in roles().items())
    return Scale(levels, Base(scheme.base.value))


def as_scale(one: Rate, scale: Scale) -> Figures:
    """The figures of a question under `scale`: its own, or the four roles."""
    if one.scale == scale:
        return one.figures
    counts: dict[str, int] = {}
    for level in one.scale.levels:
        counts[level.role.value] = counts.get(level.role.value, 0) + one.figures.counts[level.code]
    return figures(counts, scale=scale, blank=one.figures.blank)


def verdict(whole: Rate | None, scheme: Scheme) -> Verdict | None:
    """满意 from the narrow rate, 基本满意以上 from the wide one, compared in whole numbers; None without answers."""
    if whole is None or not whole.valid:
        return None
    found = whole.figures
    if found.satisfied >= Fraction(str(scheme.satisfied_at)) * found.valid:
        return Verdict.SATISFIED
    if found.satisfied + found.basic >= Fraction(str(scheme.basic_at)) * found.valid:
        return Verdict.BASIC
    return Verdict.BELOW


def heat(one: Rate, scheme: Scheme) -> int:
    """Step of the heat map: 3 at the threshold, 2 and 1 below it, 4 and 5 above; 0 without answers."""
    if not one.valid:
        return 0
    share = Fraction(one.figures.satisfied, one.figures.valid)
    return 1 + sum(share >= edge for edge in _edges(scheme))


def heat_edges(scheme: Scheme) -> tuple[str, ...]:
    """The four edges between the steps, in per cent, for the legend."""
    return tuple(f"{100 * float(edge):g}" for edge in _edges(scheme))


def share(part: int, whole: int, *, scheme: Scheme) -> str:
    """Per cent as printed everywhere; an en dash where nothing was counted."""
    return _said(percent(part, whole, scheme.decimals))


def line(at: float) -> str:
    """A threshold as people say it: 0.8 is 80."""
    return f"{float(100 * Fraction(str(at))):g}"


def _sheet(
    paper: Paper, target: Target, sums: Mapping[tuple[str, str], Mapping[int, int]], *, ballots: int, scheme: Scheme
) -> Sheet:
    items = tuple(
        _item(paper, question, sums.get((target.key, question.key), {}), ballots=ballots, scheme=scheme)
        for question in paper.questions(target)
        if question.kind is not Kind.OPINION
    )
    whole = together([item.rate for item in items if item.rate is not None], scheme=scheme)
    return Sheet(target, paper.section(target).title, ballots, items, whole, verdict(whole, scheme))


def _item(paper: Paper, question: Question, counts: Mapping[int, int], *, ballots: int, scheme: Scheme) -> Item:
    if question.kind is Kind.RATING:
        return Item(question, rate(counts, paper.scale(question), ballots=ballots, scheme=scheme))
    if question.kind is Kind.SCORE:
        n = sum(counts.values())
        said = _said(mean(Fraction(sum(points * times for points, times in counts.items())), n, scheme.decimals))
        return Item(question, mean=said, n=n, blank=ballots - n)
    # How many chose at all is not kept, only how often each candidate was; so the base is every ballot returned.
    choices = tuple(
        Choice(name, counts.get(place, 0), share(counts.get(place, 0), ballots, scheme=scheme),
               percent(counts.get(place, 0), ballots) or Decimal(0))
        for place, name in enumerate(question.candidates)
    )
    return Item(question, n=ballots, choices=choices)


def _scale(scale: questionnaires.Scale, scheme: Scheme) -> Scale:
    levels = tuple(
        Level(str(o.code), o.label, Role(o.role.value), None if o.points is None else Decimal(str(o.points)))
        for o in scale.options
    )
    return Scale(levels, Base(scheme.base.value))


def _rate(found: Figures, scale: Scale, *, is_pooled: bool, decimals: int) -> Rate:
    return Rate(
        figures=found,
        scale=scale,
        is_pooled=is_pooled,
        narrow=_said(percent(found.satisfied, found.valid, decimals)),
        wide=_said(percent(found.satisfied + found.basic, found.valid, decimals)),
        score=NO_DATA if found.earned is None else _said(mean(found.earned, found.known, decimals)),
        segments=tuple(_segments(found, scale)),
    )


def _segments(found: Figures, scale: Scale) -> Iterable[Segment]:
    total, before = sum(found.counts.values()), 0
    for look in looks(scale.levels):
        ballots = found.counts[look.level.code]
        start, width = (percent(part, total) or Decimal(0) for part in (before, ballots))
        yield Segment(_CLASSES[look.colour], look.level.label, ballots, start, width)
        before += ballots


def _edges(scheme: Scheme) -> tuple[Fraction, ...]:
    at, step = Fraction(str(scheme.satisfied_at)), Fraction(5, 100)
    return (at - 2 * step, at, *(edge for edge in (at + step, at + 2 * step) if edge <= 1))


def _said(number: Decimal | None) -> str:
    return NO_DATA if number is None else f"{number}"
