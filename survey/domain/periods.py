"""Half-years and years (半年一小结, 年终一总评): which rounds lie in one, and which of their questions are one and the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from survey.domain.plans import Rhythm, days, rhythm
from survey.domain.publications import Publication
from survey.domain.questionnaires import Audience, Kind, Option, Scale
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import PARTS, Scheme

_SUMMED = (Rhythm.HALF, Rhythm.YEAR)
_YEARS = range(1000, 10_000)


@dataclass(frozen=True, slots=True)
class Same:
    """What makes questions of several rounds one: whom they are about, how they are answered, their words, their scale."""

    audience: Audience
    kind: Kind
    text: str
    options: tuple[Option, ...]


@dataclass(slots=True)
class Total:
    """A question over several rounds: `first` is a round that asked it, by its place, and how it is called there; `turns`
    are the places of all rounds that did."""

    first: tuple[int, Ask]
    turns: list[int] = field(default_factory=list)
    sum: Sum = field(default_factory=Sum)


def is_summed(text: str) -> bool:
    """Whether a text is the key of a half-year or a year, as 2026H1 and 2026Y are."""
    year, part = text[:4], text[4:]
    return part in PARTS and year.isascii() and year.isdecimal() and int(year) in _YEARS and rhythm(text) in _SUMMED


def covers(whole: str, part: str) -> bool:
    """Whether one period lies in another: a quarter in its half-year, both in their year, each in itself."""
    (begin, end), (first, last) = days(whole), days(part)
    return begin <= first and last <= end


def within(whole: str) -> tuple[str, ...]:
    """All periods that lie in one."""
    return tuple(key for key in (f"{whole[:4]}{part}" for part in PARTS) if covers(whole, key))


def around(periods: Iterable[str]) -> tuple[str, ...]:
    """The half-years and years that hold some periods, the latest first, and a year before its halves."""
    found = {f"{key[:4]}{part}" for key in periods for part in PARTS if is_summed(f"{key[:4]}{part}") and covers(f"{key[:4]}{part}", key)}
    return tuple(sorted(found, key=lambda key: (key[:4], rhythm(key) is Rhythm.YEAR, key), reverse=True))


def totals(turns: Iterable[tuple[Publication, Mapping[Ask, Sum]]]) -> Mapping[Same, Total]:
    """The sums of several rounds added up, question by question, in the order in which they are met.

    Every one of them is a sum of whole atoms as its round shows it, so this one is, too; so is every difference.
    """
    found: dict[Same, Total] = {}
    for place, (made, sums) in enumerate(turns):
        for ask, each in sums.items():
            total = found.setdefault(_same(made, ask), Total((place, ask)))
            total.sum.slots += each.slots
            total.sum.counts.update(each.counts)
            total.turns += [place] if place not in total.turns else []
    return found


def _same(made: Publication, ask: Ask) -> Same:
    form = made.forms[ask.form]
    question = form.question(ask.section, ask.question)
    return Same(ask.audience, question.kind, question.text, _earning(made.scheme, form.scale(question)) if question.kind is Kind.RATING else ())


def _earning(scheme: Scheme, scale: Scale) -> tuple[Option, ...]:
    """The answers of a scale with the points they earn by the rules of their round."""
    return tuple(replace(each, points=scheme.earns(scale.key, each.code, each.points)) for each in scale.options)
