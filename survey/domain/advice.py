"""Quiet advice on a questionnaire: what may be meant that way and still is worth a look. Nothing here keeps anybody from
using the form; what does is in `questionnaire_checks`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from survey.domain.minutes import minutes, older_minutes
from survey.domain.questionnaires import Audience, Kind, Option, Question, Questionnaire, Role, Scale, Section
from survey.domain.wordings import is_double, is_double_negative, is_loaded

LONG_MINUTES = 10
_LEVELS = (Role.SATISFIED, Role.BASIC, Role.UNSATISFIED)
_PLACEHOLDER = re.compile(r"(候选人|候选单位|选项|人选|Candidate|Option)\s*([甲乙丙丁戊己庚辛壬癸]|[一二三四五六七八九十]|[A-Z]|\d{1,2})", re.IGNORECASE)
_TRIVIA = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing worth a look: a key for the reason, keys of section, question or scale ("" is the whole form), the text it
    is about, and figures where there are some."""

    why: str
    section: str = ""
    question: str = ""
    scale: str = ""
    text: str = ""
    numbers: tuple[float, ...] = ()


def advice(form: Questionnaire, *, members: int) -> tuple[Advice, ...]:
    """What is worth a look, in the order of the form; the time it takes always comes first.

    The reasons: minutes, too_long (both with minutes of an ordinary and of an older reader, and the members),
    lowest_earns (points), points_order, roles_order, double, double_negative, loaded, same_text, nothing_required,
    no_unknown, unreached, no_rest (a unit or member without a section would keep the meeting from opening), unused_scale,
    placeholder.

    Parameters
    ----------
    members : int
        Members on one paper, for the time it takes.
    """
    return tuple(_advice(form, members))


def is_placeholder(candidate: str) -> bool:
    """Whether this name only holds the place of another, like 候选人甲."""
    return bool(_PLACEHOLDER.fullmatch(candidate.strip()))


def _advice(form: Questionnaire, members: int) -> Iterator[Advice]:
    if not any(section.audience is Audience.MEMBER for section in form.sections):
        members = 0
    needed = (minutes(form, members=members), older_minutes(form, members=members))
    yield Advice("too_long" if needed[0] > LONG_MINUTES else "minutes", numbers=(*needed, members))
    questions = [question for section in form.sections for question in section.questions]
    if questions and not any(question.required for question in questions):
        yield Advice("nothing_required")
    scales = {scale.key: scale for scale in form.scales}
    used = {question.scale for question in questions if question.kind is Kind.RATING}
    for scale in form.scales:
        yield from _scale(scale)
        if scale.key not in used:
            yield Advice("unused_scale", scale=scale.key, text=scale.label)
    yield from _reach(form)
    for section in form.sections:
        yield from _section(section, scales)


def _scale(scale: Scale) -> Iterator[Advice]:
    levels = [option for option in scale.options if option.role in _LEVELS]
    roles = [_LEVELS.index(option.role) for option in levels]
    if roles != sorted(roles):
        yield Advice("roles_order", scale=scale.key, text=scale.label)
    points = [option.points for option in levels if option.points is not None]
    if points != sorted(points, reverse=True):
        yield Advice("points_order", scale=scale.key, text=scale.label)
    lowest = _lowest(levels)
    if lowest is not None and lowest.points is not None and lowest.points > 0:
        yield Advice("lowest_earns", scale=scale.key, text=lowest.label, numbers=(lowest.points,))


def _lowest(levels: list[Option]) -> Option | None:
    """The level nobody wants: the one with the worst role, of several the one with the fewest points."""
    return max(levels, key=lambda each: (_LEVELS.index(each.role), -(each.points or 0)), default=None)


def _reach(form: Questionnaire) -> Iterator[Advice]:
    """Sections that an earlier one leaves nobody, and targets that no section takes."""
    for audience in (Audience.UNIT, Audience.MEMBER):
        sections = [section for section in form.sections if section.audience is audience]
        taken: set[str] = set()
        everybody = False
        for section in sections:
            if everybody or (section.only and set(section.only) <= taken):
                yield Advice("unreached", section.key, text=section.title)
            taken |= set(section.only)
            everybody = everybody or not section.only
        if sections and not everybody:
            yield Advice("no_rest", sections[-1].key, text=sections[-1].title)


def _section(section: Section, scales: dict[str, Scale]) -> Iterator[Advice]:
    ratings = [q for q in section.questions if q.kind is Kind.RATING and q.scale in scales]
    for key in dict.fromkeys(q.scale for q in ratings) if section.audience is Audience.MEMBER else ():
        if not {option.role for option in scales[key].options} & {Role.UNKNOWN, Role.ABSTAIN}:
            yield Advice("no_unknown", section.key, scale=key, text=section.title)
    seen: set[str] = set()
    for question in section.questions:
        yield from (Advice(why, section.key, question.key, text=text) for why, text in _question(question))
        plain = _TRIVIA.sub("", question.text).casefold()
        if plain and plain in seen:
            yield Advice("same_text", section.key, question.key, text=question.text)
        seen.add(plain)


def _question(question: Question) -> Iterator[tuple[str, str]]:
    if question.kind in (Kind.RATING, Kind.SCORE) and is_double(question.text):
        yield "double", question.text
    if is_double_negative(question.text):
        yield "double_negative", question.text
    if is_loaded(question.text):
        yield "loaded", question.text
    left = [candidate for candidate in question.candidates if is_placeholder(candidate)]
    if left:
        yield "placeholder", left[0]
