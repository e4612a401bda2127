"""What keeps a questionnaire from being used: every fault with its place, in the order of the form. Nothing is raised."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from survey.domain.elections import MOST_SEATS, MOST_WRITE_INS, NO_ELECTION
from survey.domain.questionnaires import MOST_CODE, MOST_NUMBER, Kind, Question, Questionnaire, Role, Scale, Section
from survey.domain.texts import line

LONGEST_TITLE = 100
LONGEST_TEXT = 500
LONGEST_LABEL = 60
LONGEST_CANDIDATE = 100
LONGEST_KEY = 60
MOST_SECTIONS = 60
MOST_QUESTIONS = 200
MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where: keys of section, question or scale ("" is the whole form), a key for the reason, the text
    at fault, and a limit where there is one."""

    why: str
    section: str = ""
    question: str = ""
    scale: str = ""
    text: str = ""
    most: int = 0


def faults(form: Questionnaire) -> tuple[Fault, ...]:
    """Every fault of a form; () when it can be frozen and put before people.

    The reasons: empty, long, unseen (a character nobody can see), twice, none, many, no_scale, few_options, code, points,
    choose, least, bounds, seats, write_ins, election_kind, election_choice, election_scale,
    condition_unknown, condition_kind, condition_options.
    """
    return tuple(_faults(form))


def _faults(form: Questionnaire) -> Iterator[Fault]:
    yield from (Fault(why, text=text, most=most) for why, text, most in _words(form.title, LONGEST_TITLE))
    yield from (Fault(why, text=text, most=most) for why, text, most in _words(form.key, LONGEST_KEY))
    yield from (Fault(why, text=text, most=most) for why, text, most in _words(form.source, LONGEST_TEXT, blank=True))
    if not form.sections:
        yield Fault("none")
    if len(form.sections) > MOST_SECTIONS:
        yield Fault("many", most=MOST_SECTIONS)
    yield from (Fault("twice", text=key) for key in _twice(section.key for section in form.sections))
    yield from (Fault("twice", text=key) for key in _twice(scale.key for scale in form.scales))
    for scale in form.scales:
        yield from _scale(scale)
    scales = {scale.key: scale for scale in form.scales}
    for section in form.sections:
        yield from _section(section)
        for place, question in enumerate(section.questions):
            yield from _question(section, question)
            if question.kind is Kind.RATING and question.scale not in scales:
                yield Fault("no_scale", section.key, question.key, text=question.scale)
            yield from _condition(section, question, section.questions[:place], scales)
            yield from _election(section, question, scales)


def _scale(scale: Scale) -> Iterator[Fault]:
    for value, longest, blank in ((scale.key, LONGEST_KEY, False), (scale.label, LONGEST_LABEL, True)):
        for why, text, most in _words(value, longest, blank=blank):
            yield Fault(why, scale=scale.key, text=text, most=most)
    for option in scale.options:
        for why, text, most in _words(option.label, LONGEST_LABEL):
            yield Fault(why, scale=scale.key, text=text, most=most)
        if not isinstance(option.code, int) or not 0 <= option.code <= MOST_CODE:
            yield Fault("code", scale=scale.key, text=option.label, most=MOST_CODE)
        if option.points is not None and not -MOST_POINTS <= option.points <= MOST_POINTS:
            yield Fault("points", scale=scale.key, text=option.label, most=MOST_POINTS)
    if len(scale.options) < 2:
        yield Fault("few_options", scale=scale.key, text=scale.label)
    yield from (Fault("twice", scale=scale.key, text=label) for label in _twice(o.label for o in scale.options))
    yield from (Fault("code", scale=scale.key, text=str(code), most=MOST_CODE) for code in _twice(o.code for o in scale.options))


def _section(section: Section) -> Iterator[Fault]:
    texts = ((section.title, LONGEST_TITLE, False), (section.help, LONGEST_TEXT, True), (section.key, LONGEST_KEY, False))
    for value, longest, blank in texts:
        for why, text, most in _words(value, longest, blank=blank):
            yield Fault(why, section.key, text=text, most=most)
    if not section.questions:
        yield Fault("none", section.key, text=section.title)
    if len(section.questions) > MOST_QUESTIONS:
        yield Fault("many", section.key, text=section.title, most=MOST_QUESTIONS)
    yield from (Fault("twice", section.key, text=key) for key in _twice(q.key for q in section.questions))


def _question(section: Section, question: Question) -> Iterator[Fault]:
    place = (section.key, question.key)
    texts = [(question.text, LONGEST_TEXT, False), (question.help, LONGEST_TEXT, True), (question.key, LONGEST_KEY, False)]
    texts += [(candidate, LONGEST_CANDIDATE, False) for candidate in question.candidates]
    for value, longest, blank in texts:
        for why, text, most in _words(value, longest, blank=blank):
            yield Fault(why, *place, text=text, most=most)
    if question.kind is Kind.CHOICE:
        # Who comes from a pool is there only when the meeting opens.
        many = question.offered
        if many < 2:
            yield Fault("few_options", *place, text=question.text)
        elif not 1 <= question.choose <= many <= MOST_CODE:
            yield Fault("choose", *place, text=question.text, most=min(many, MOST_CODE))
        if not 0 <= question.least <= question.choose:
            yield Fault("least", *place, text=question.text, most=question.choose)
        yield from (Fault("twice", *place, text=candidate) for candidate in _twice(question.candidates))
    if question.kind.is_wide:
        low, high = question.bounds
        if low > high or (question.kind is Kind.NUMBER and max(-low, high) > MOST_NUMBER):
            yield Fault("bounds", *place, text=question.text, most=MOST_NUMBER)


def _election(section: Section, question: Question, scales: dict[str, Scale]) -> Iterator[Fault]:
    election = question.election
    if election == NO_ELECTION:
        return
    place = (section.key, question.key)
    if question.kind not in (Kind.CHOICE, Kind.RATING):
        yield Fault("election_kind", *place, text=question.text)
    elif question.kind is Kind.RATING and election != election.of_votes:
        yield Fault("election_choice", *place, text=question.text)
    named = question.kind is Kind.CHOICE and not election.pool
    most = len(question.candidates) + election.write_ins if named else MOST_SEATS
    if not 0 <= election.seats <= most:
        yield Fault("seats", *place, text=question.text, most=most)
    room = min(MOST_WRITE_INS, max(question.choose, 0))
    if not 0 <= election.write_ins <= room:
        yield Fault("write_ins", *place, text=question.text, most=room)
    scale = scales.get(question.scale) if question.kind is Kind.RATING else None
    if scale is not None and Role.SATISFIED not in {option.role for option in scale.options}:
        yield Fault("election_scale", *place, text=question.text)


def _condition(
    section: Section, question: Question, before: Iterable[Question], scales: dict[str, Scale]
) -> Iterator[Fault]:
    condition = question.show_if
    if condition is None:
        return
    place = (section.key, question.key)
    asked = next((each for each in before if each.key == condition.question), None)
    if asked is None:
        yield Fault("condition_unknown", *place, text=question.text)
    elif asked.kind not in (Kind.RATING, Kind.CHOICE):
        yield Fault("condition_kind", *place, text=question.text)
    else:
        offered = set() if asked.election.pool else set(range(len(asked.candidates)))
        if asked.kind is Kind.RATING:
            offered = {option.code for option in scales[asked.scale].options} if asked.scale in scales else set()
        if not condition.options or not set(condition.options) <= offered:
            yield Fault("condition_options", *place, text=question.text)


def _words(text: str, longest: int, *, blank: bool = False) -> Iterator[tuple[str, str, int]]:
    """Reasons why a text cannot stand: (reason, the text's beginning, the limit)."""
    if not isinstance(text, str):
        yield "shape", "", 0
    elif not text.strip() and not blank:
        yield "empty", "", 0
    elif len(text) > longest:
        yield "long", text[:20], longest
    elif line(text) != text:
        yield "unseen", line(text)[:20], 0


def _twice(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(value for value, times in Counter(values).items() if times > 1)
