"""The count: opened ballots become integer counts, opinions, and the few figures that need whole rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, pvariance

from survey.domain.ballots import Opened, value_of
from survey.domain.papers import Column, Paper, Target
from survey.domain.questionnaires import BLANK, UNRATED, WIDE, Kind, Scale
from survey.domain.rounds import Scheme
from survey.domain.valid_rows import valid_rows

# The option under which a question with several ticks keeps how many ballots ticked anything.
ANSWERED = -1


@dataclass(frozen=True, slots=True)
class Count:
    """How often one code was marked: target key, question key, code (a candidate's number for choices, the number or the
    ordinal of the day itself for numbers and dates; ANSWERED for how many ticked anything where several may), ballots."""

    target: str
    question: str
    option: int
    ballots: int


@dataclass(frozen=True, slots=True)
class Whole:
    """Figures of one target that need whole rows; None where too few rows carry them.

    Attributes
    ----------
    straight : share in [0, 1] of complete rows that give every question the same answer
    alpha : Cronbach's alpha over the points of complete rows, at most 1
    trimmed : points; mean of each ballot's mean, the scheme's share cut at both ends
    """

    target: str
    straight: float | None
    alpha: float | None
    trimmed: float | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """One written opinion; hangs on target and question, never on a group or a ballot."""

    target: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class GroupCount:
    """All that is kept of one group's ballots; `spoiled` answers as in `Marks`; `names` are written ones as (target,
    question, name), of which only what enough ballots of the whole meeting bear is kept by name."""

    returned: int
    abstained: int
    counts: tuple[Count, ...]
    wholes: tuple[Whole, ...]
    opinions: tuple[Opinion, ...]
    spoiled: tuple[int, int] = (0, 0)
    names: tuple[tuple[str, str, str], ...] = ()


def tally(paper: Paper, ballots: Sequence[Opened], scheme: Scheme) -> GroupCount:
    """Count opened ballots of one paper, the rows that count by the scheme. None of them is kept.

    Returns
    -------
    GroupCount
        Counts in the paper's order, zeros left out; blank is what `returned` leaves.
    """
    opened, ballots = ballots, valid_rows(paper, ballots, scheme.validity)
    counter: Counter[tuple[int, int]] = Counter()
    for place, column in enumerate(paper.columns):
        if not _kind(paper, column).is_wide:
            counter.update((place, ballot.marks.columns[place]) for ballot in ballots)
        elif column.candidate == 0:
            values = (value_of(ballot.marks.columns[place : place + WIDE]) for ballot in ballots)
            counter.update((place, value) for value in values if value is not None)
    counts = []
    for (place, code), ballots_marked in sorted(counter.items()):
        column = paper.columns[place]
        target = paper.targets[column.target]
        question = paper.questions(target)[column.question]
        if question.kind.is_wide:
            counts.append(Count(target.key, question.key, code, ballots_marked))
        elif code != BLANK:
            option = code if column.candidate is None else column.candidate
            counts.append(Count(target.key, question.key, option, ballots_marked))
    counts.extend(_answered(paper, ballots))
    said = tuple(_texts(paper, ballots))
    return GroupCount(
        returned=len(ballots),
        abstained=sum(ballot.marks.is_empty for ballot in opened),
        counts=tuple(counts),
        wholes=tuple(_whole(paper, target, ballots, scheme) for target in paper.targets),
        opinions=tuple(each for each, kind in said if kind is Kind.OPINION),
        names=tuple((each.target, each.question, each.text) for each, kind in said if kind is not Kind.OPINION),
        spoiled=(sum(each.marks.spoiled[0] for each in ballots), sum(each.marks.spoiled[1] for each in ballots)),
    )


def _answered(paper: Paper, ballots: Sequence[Opened]) -> Iterator[Count]:
    """How many ballots ticked or wrote anything at a question where several may be ticked or names be written: the sum of
    the ticks does not tell."""
    for place, column in enumerate(paper.columns):
        target = paper.targets[column.target]
        question = paper.questions(target)[column.question]
        is_open = question.choose > 1 or paper.write_ins(question) > 0
        if column.candidate == 0 and question.kind is Kind.CHOICE and is_open:
            end = place + question.columns
            spot = (column.target, column.question)
            n = sum(
                any(code != BLANK for code in ballot.marks.columns[place:end])
                or any((t, q) == spot for t, q, _text in ballot.marks.texts)
                for ballot in ballots
            )
            if n:
                yield Count(target.key, question.key, ANSWERED, n)


def _kind(paper: Paper, column: Column) -> Kind:
    return paper.questions(paper.targets[column.target])[column.question].kind


def _texts(paper: Paper, ballots: Iterable[Opened]) -> Iterator[tuple[Opinion, Kind]]:
    for ballot in ballots:
        for t, q, text in ballot.marks.texts:
            target = paper.targets[t]
            question = paper.questions(target)[q]
            yield Opinion(target.key, question.key, text), question.kind


def _whole(paper: Paper, target: Target, ballots: Sequence[Opened], scheme: Scheme) -> Whole:
    places, points = [], []
    for place, column in enumerate(paper.columns):
        question = paper.questions(paper.targets[column.target])[column.question]
        if paper.targets[column.target] is target and question.kind is Kind.RATING:
            places.append(place)
            points.append(_points(paper.scale(question), scheme))
    rows = [tuple(ballot.marks.columns[place] for place in places) for ballot in ballots]
    complete = [row for row in rows if row and BLANK not in row]
    scored = [
        tuple(given[code] for given, code in zip(points, row, strict=True))
        for row in complete
        if all(code in given for given, code in zip(points, row, strict=True))
    ]
    means = []
    for row in rows:
        values = [given[code] for given, code in zip(points, row, strict=True) if code in given]
        if values:
            means.append(fmean(values))
    return Whole(target.key, _straight(complete), alpha(scored), trimmed(means, scheme.trim))


def _points(scale: Scale, scheme: Scheme) -> dict[int, float]:
    """What the answers of a scale earn, by their codes."""
    known = ((o.code, scheme.earns(scale.key, o.code, o.points)) for o in scale.options if o.role not in UNRATED)
    return {code: earned for code, earned in known if earned is not None}


def _straight(rows: Sequence[tuple[int, ...]]) -> float | None:
    if not rows or len(rows[0]) < 2:
        return None
    return sum(len(set(row)) == 1 for row in rows) / len(rows)


def alpha(rows: Sequence[tuple[float, ...]]) -> float | None:
    """Cronbach's alpha of complete rows, shape (ballots, questions); None for fewer than two of either or no variance.

    References
    ----------
    Cronbach, L. J. (1951), Psychometrika 16, 297-334.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    items = len(rows[0])
    whole: float = pvariance([sum(row) for row in rows])
    if whole == 0:
        return None
    parts: float = sum(pvariance(column) for column in zip(*rows, strict=True))
    return items / (items - 1) * (1.0 - parts / whole)


def trimmed(values: Sequence[float], share: float) -> float | None:
    """Mean without the lowest and highest `share` of the values, rounded down; None without values."""
    if not values:
        return None
    cut = int(len(values) * share)
    return fmean(sorted(values)[cut : len(values) - cut])
