"""What is no rating: ticks, scores, numbers and days, as pages and files print them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from flask_babel import format_date
from flask_babel import gettext as _

from analysis.satisfaction import mean, percent
from analysis.spreads import spread
from survey.domain.classes import Class, classes
from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import Kind, Question
from survey.domain.results import ANSWERED
from survey.domain.rounds import FEWEST, Scheme

NO_DATA = "–"


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate, or one class of numbers or days: its ballots, and their share of all that answered."""

    label: str
    ballots: int
    share: str
    width: Decimal


@dataclass(frozen=True, slots=True)
class Spread:
    """What is said about numbers and days: en dashes where too few were given; days have no mean."""

    mean: str
    median: str
    quartiles: str
    is_shown: bool


def chosen(question: Question, counts: Mapping[int, int], *, ballots: int, scheme: Scheme) -> tuple[int, tuple[Choice, ...]]:
    """How many ballots answered, and every candidate. Meetings counted by older releases did not keep how many ticked
    anything: there the base is every ballot returned."""
    ticked = {place: n for place, n in counts.items() if place != ANSWERED}
    plain = sum(ticked.values()) if question.choose == 1 else ballots if ticked else 0
    n = counts.get(ANSWERED, plain)
    marks = [(name, ticked.get(place, 0)) for place, name in enumerate(question.candidates)]
    return n, _choices(marks, n, scheme)


def spreads(question: Question, counts: Mapping[int, int], scheme: Scheme) -> tuple[Spread, tuple[Choice, ...]]:
    """Numbers or days: in the middle, and in classes. Never the ends, and never by group: few answers would be somebody's."""
    found = spread(counts, fewest=FEWEST)
    made = classes(question, counts)
    names = [_day_class(each) if question.kind is Kind.DATE else _number_class(each) for each in made]
    bars = _choices([(name, each.ballots) for name, each in zip(names, made, strict=True)], found.n, scheme)
    if question.kind is Kind.DATE:
        return Spread(NO_DATA, NO_DATA, NO_DATA, bool(made)), bars
    quartiles = NO_DATA
    if found.lower is not None and found.upper is not None:
        quartiles = f"{_printed(found.lower, scheme)}–{_printed(found.upper, scheme)}"
    return Spread(_printed(found.mean, scheme), _printed(found.median, scheme), quartiles, bool(made)), bars


def only(paper: Paper, target: Target, question: Question) -> str:
    """Of whom a question was asked; "" when of everybody."""
    condition = question.show_if
    if condition is None:
        return ""
    asked = next(each for each in paper.questions(target) if each.key == condition.question)
    labels = dict(enumerate(asked.candidates))
    if asked.kind is Kind.RATING:
        labels = {option.code: option.label for option in paper.scale(asked).options}
    answers = _("”或“").join(labels[code] for code in condition.options)
    return _("只问“%(question)s”选“%(answers)s”的", question=asked.text, answers=answers)


def share(part: int, whole: int, *, scheme: Scheme) -> str:
    """Per cent as printed everywhere; an en dash where nothing was counted."""
    return said(percent(part, whole, scheme.decimals))


def said(number: Decimal | None) -> str:
    """A figure, or an en dash for none."""
    return NO_DATA if number is None else f"{number}"


def _choices(marks: list[tuple[str, int]], n: int, scheme: Scheme) -> tuple[Choice, ...]:
    return tuple(Choice(name, m, share(m, n, scheme=scheme), percent(m, n) or Decimal(0)) for name, m in marks)


def _printed(number: Fraction | None, scheme: Scheme) -> str:
    return NO_DATA if number is None else said(mean(number, 1, scheme.decimals))


def _number_class(one: Class) -> str:
    low, high = one.low, one.high
    if low is None or high is None:
        if low is None and high is None:
            return _("全部回答")
        return _("%(n)s 及以下", n=high) if low is None else _("%(n)s 及以上", n=low)
    return str(low) if low == high else _("%(low)s 到 %(high)s", low=low, high=high)


def _day_class(one: Class) -> str:
    """A month, a year or several years, told by the ends: both are days where classes meet."""
    if one.low is None and one.high is None:
        return _("全部回答")
    if one.low is None or one.high is None:
        day = date.fromordinal(one.high or one.low or 1)
        return _("%(month)s及以前", month=_month(day)) if one.low is None else _("%(month)s及以后", month=_month(day))
    low, high = date.fromordinal(one.low), date.fromordinal(one.high)
    if (low.year, low.month) == (high.year, high.month):
        return _month(low)
    return _("%(n)s 年", n=low.year) if low.year == high.year else _("%(low)s–%(high)s 年", low=low.year, high=high.year)


def _month(day: date) -> str:
    return str(format_date(day, _("y 年 M 月")))
