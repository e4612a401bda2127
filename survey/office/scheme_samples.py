"""Small invented cases for rules that no round shows by itself, reckoned by the hands that make real figures; and what is odd in rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from analysis import satisfaction
from analysis.advice import bottom_earns, calls_rate, off_hundred
from analysis.composites import Composite, composite, with_below
from analysis.grades import grade, quota
from analysis.satisfaction import Level, Role, mean
from survey.domain.questionnaires import Scale
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Missing
from survey.office.figures import given, middle

# Six people gave points; the sources of somebody have these scores, one after the other.
GIVEN = (60, 85, 88, 90, 92, 100)
SCORES = (95, 90, 85, 80, 75)
OWN, BELOW, SHARE = 90, 80, 30
MEMBERS = (2, 8, 25)


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and the scores it is made of; `rest` is the total when the first of them is missing. None: none is said."""

    scores: tuple[int, ...]
    total: Decimal | None
    rest: Decimal | None


def ends(scheme: Scheme) -> tuple[Decimal | None, Decimal | None]:
    """The mean of the points given, with all of them and without the two ends."""
    counts = dict.fromkeys(GIVEN, 1)
    every, without = (middle(given(counts, replace(scheme, trim_ends=each)), scheme) for each in (False, True))
    return every, without


def below(scheme: Scheme) -> tuple[int, Decimal | None]:
    """How much the units below count, and the score of a unit that has 90 itself and 80 below it."""
    share = scheme.below or SHARE
    return share, _said(with_below(Fraction(OWN), Fraction(BELOW), percent=share), scheme)


def total(scheme: Scheme) -> Sum:
    """The total of somebody's sources."""
    scores = tuple(SCORES[at % len(SCORES)] for at in range(len(scheme.sources)))
    rows = [(each.name, each.weight, Fraction(score)) for each, score in zip(scheme.sources, scores, strict=True)]
    some: list[tuple[str, int, Fraction | None]] = [(name, weight, None if at == 0 else score) for at, (name, weight, score) in enumerate(rows)]
    withhold = scheme.missing is Missing.WITHHOLD
    return Sum(scores, _said(composite(rows), scheme), _said(composite(some, withhold=withhold), scheme))


def graded(scheme: Scheme, scores: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Scores with their grades."""
    steps = [(label, Decimal(str(lowest))) for label, lowest in scheme.grades]
    return tuple((score, found) for score in scores if (found := grade(Decimal(score), steps)) is not None)


def places(scheme: Scheme) -> tuple[tuple[int, int], ...]:
    """How many of the members of a branch may get the best grade."""
    share = scheme.quota
    return tuple((n, quota({}, Decimal(0), members=n, share=share).most) for n in MEMBERS) if share is not None else ()


def first_with_a_place(part: int, whole: int, *, sizes: Sequence[int]) -> bool:
    """Whether any branch of these sizes has a place for the best grade."""
    return any(quota({}, Decimal(0), members=n, share=(part, whole)).most for n in sizes)


def bottom(scale: Scale, scheme: Scheme) -> tuple[str, float] | None:
    """The lowest answer and its points when it earns some; None when it earns none."""
    levels = (Level(str(o.code), o.label, Role(o.role.value), _points(scale, o.code, o.points, scheme)) for o in scale.options)
    found = bottom_earns(satisfaction.Scale(tuple(levels)))
    return None if found is None or found.points is None else (found.label, float(found.points))


def odd_sum(rows: Iterable[tuple[str, int]]) -> int | None:
    """What weights sum to when that is not 100."""
    return off_hundred(weight for _name, weight in rows)


def is_called_rate(name: str) -> bool:
    """Whether what holds points is called a rate."""
    return calls_rate(name)


def _points(scale: Scale, code: int, own: float | None, scheme: Scheme) -> Decimal | None:
    earned = scheme.earns(scale.key, code, own)
    return None if earned is None else Decimal(str(earned))


def _said(found: Composite, scheme: Scheme) -> Decimal | None:
    return None if found.score is None else mean(found.score, 1, scheme.decimals)
