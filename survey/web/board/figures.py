"""Figures become what pages, pictures and files print: every number is made by `analysis`, once, from whole counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext as _

from analysis.satisfaction import Figures, Role, Scale, mean, percent
from analysis.style import ORDER, SHADES, looks
from survey.domain import questionnaires
from survey.domain.elections import NO_ELECTION
from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import Audience, Kind, Question
from survey.domain.results import Count
from survey.domain.rounds import Scheme
from survey.office import figures
from survey.office.figures import Rated, Verdict, verdict
from survey.web.board.others import NO_DATA, Choice, Spread, chosen, said, spreads
from survey.web.board.others import only as only_of
from survey.web.words import roles

# One class per shade of the palette: `satisfied`, `satisfied-2` for the second of two satisfied answers, and so on.
_CLASSES = {
    shade: role.value + (f"-{place + 1}" if place else "") for role in ORDER for place, shade in enumerate(SHADES[role])
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One answer in a bar: its class, its label, its ballots, and where it lies, in per cent of the bar."""

    css: str
    label: str
    ballots: int
    start: Decimal
    width: Decimal


@dataclass(frozen=True, slots=True)
class Rate(Rated):
    """The figures of one rating question or of several together, as numbers and as printed."""

    narrow: str
    wide: str
    score: str
    segments: tuple[Segment, ...]

    @property
    def has_abstained(self) -> bool:
        """Whether the scale offers to abstain."""
        return bool(self.scale.codes(Role.ABSTAIN))

    @property
    def is_by_role(self) -> bool:
        """Whether several scales were pooled, so that only the roles are left of their answers."""
        return all(level.code == level.role.value for level in self.scale.levels)

    @property
    def said(self) -> str:
        """Every answer with its ballots, for who cannot see the bar."""
        return _("，").join(f"{each.label} {each.ballots}" for each in self.segments)


@dataclass(frozen=True, slots=True)
class Item:
    """One question about one target: `rate` for ratings, `mean` for scores (`is_trimmed`: without one highest and one lowest),
    `choices` for choices and, in classes, for numbers and days, `spread` for these two. `n` answered, `blank` did not; `only`
    says of whom it was asked."""

    question: Question
    rate: Rate | None = None
    mean: str = NO_DATA
    n: int = 0
    blank: int = 0
    choices: tuple[Choice, ...] = ()
    spread: Spread | None = None
    only: str = ""
    is_trimmed: bool = False

    @property
    def is_score(self) -> bool:
        """Whether its one figure is a mean of points."""
        return self.question.kind is Kind.SCORE


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
    def is_polled(self) -> bool:
        """Whether all its ratings are votes, of which there is no satisfaction to tell."""
        return bool(self.rated) and all(item.question.election != NO_ELECTION for item, _rate in self.rated)

    @property
    def unpolled(self) -> tuple[Item, ...]:
        """What is neither a rating nor an election."""
        return tuple(item for item in self.others if item.question.election == NO_ELECTION)

    @property
    def others(self) -> tuple[Item, ...]:
        """Scores, choices, numbers and days."""
        return tuple(item for item in self.items if item.rate is None)

    @property
    def scores(self) -> tuple[Item, ...]:
        """The questions for points."""
        return tuple(item for item in self.items if item.is_score)


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
    return printed(figures.rated(counts, scale, slots=ballots, scheme=scheme), scheme)


def together(rates: Sequence[Rated], *, scheme: Scheme) -> Rate | None:
    """Several questions pooled: sums of whole counts; by role where their scales differ. None without any."""
    found = figures.together(rates, scheme=scheme, labels=role_labels())
    return None if found is None else printed(found, scheme)


def shared_scale(rates: Sequence[Rated], *, scheme: Scheme) -> Scale:
    """The one scale of all these questions, or the roles when they have several."""
    return figures.shared_scale(rates, scheme=scheme, labels=role_labels())


def without_points(scale: Scale, scheme: Scheme) -> Scale:
    """The scale for pictures and tables of a round: where it has sources or grades and so a score out of 100, no other mean of points stands beside it."""
    if not (scheme.sources or scheme.grades):
        return scale
    return replace(scale, levels=tuple(replace(level, points=None) for level in scale.levels))


def role_labels() -> Mapping[Role, str]:
    """The roles in the words of the page, for questions with several scales."""
    return {Role(role.value): label for role, label in roles().items()}


def printed(one: Rated, scheme: Scheme) -> Rate:
    """Figures as a page prints them."""
    found = one.figures
    return Rate(
        figures=found,
        scale=one.scale,
        is_pooled=one.is_pooled,
        narrow=said(percent(found.satisfied, found.valid, scheme.decimals)),
        wide=said(percent(found.satisfied + found.basic, found.valid, scheme.decimals)),
        score=NO_DATA if found.earned is None else said(mean(found.earned, found.known, scheme.decimals)),
        segments=tuple(_segments(found, one.scale)),
    )


def heat(one: Rate, scheme: Scheme) -> int:
    """Step of the heat map: 3 at the threshold, 2 and 1 below it, 4 and 5 above; 0 without answers."""
    share = one.figures.exact
    if share is None:
        return 0
    return 1 + sum(share >= edge for edge in _edges(scheme))


def heat_edges(scheme: Scheme) -> tuple[str, ...]:
    """The four edges between the steps, in per cent, for the legend."""
    return tuple(f"{100 * float(edge):g}" for edge in _edges(scheme))


def _sheet(
    paper: Paper, target: Target, sums: Mapping[tuple[str, str], Mapping[int, int]], *, ballots: int, scheme: Scheme
) -> Sheet:
    items = tuple(
        _item(paper, target, question, counts=sums.get((target.key, question.key), {}), ballots=ballots, scheme=scheme)
        for question in paper.questions(target)
        if question.kind is not Kind.OPINION
    )
    whole = together([item.rate for item in items if item.rate is not None], scheme=scheme)
    return Sheet(target, paper.section(target).title, ballots, items, whole, verdict(whole, scheme))


def _item(
    paper: Paper, target: Target, question: Question, *, counts: Mapping[int, int], ballots: int, scheme: Scheme
) -> Item:
    asked = only_of(paper, target, question)
    if question.kind is Kind.RATING:
        return Item(question, rate(counts, paper.scale(question), ballots=ballots, scheme=scheme), only=asked)
    if question.kind is Kind.CHOICE:
        n, choices = chosen(question, counts, ballots=ballots, scheme=scheme)
        return Item(question, n=n, blank=ballots - n, choices=choices, only=asked)
    n = sum(counts.values())
    if question.kind is Kind.SCORE:
        points = figures.given(counts, scheme)
        mark = said(figures.middle(points, scheme))
        return Item(question, mean=mark, n=n, blank=ballots - n, only=asked, is_trimmed=points.is_trimmed)
    found, choices = spreads(question, counts, scheme)
    return Item(question, n=n, blank=ballots - n, choices=choices, spread=found, only=asked)


def _segments(found: Figures, scale: Scale) -> Iterable[Segment]:
    total, before = sum(found.counts[level.code] for level in scale.answers), 0
    for look in looks(scale.levels):
        ballots = found.counts[look.level.code]
        start, width = (percent(part, total) or Decimal(0) for part in (before, ballots))
        yield Segment(_CLASSES[look.colour], look.level.label, ballots, start, width)
        before += ballots
    # Counted and printed, but no answer: it has no part in the bar.
    for level in scale.levels:
        if level.role is Role.ABSTAIN:
            yield Segment(Role.ABSTAIN.value, level.label, found.counts[level.code], Decimal(100), Decimal(0))


def _edges(scheme: Scheme) -> tuple[Fraction, ...]:
    at, step = Fraction(str(scheme.satisfied_at)), Fraction(5, 100)
    return (at - 2 * step, at, *(edge for edge in (at + step, at + 2 * step) if edge <= 1))
