"""Keys of sections, questions and scales: given once, so that answers of two versions can be laid side by side."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from survey.domain.questionnaires import Question, Questionnaire, Scale, Section

_NUMBERED = re.compile(r"[a-z](\d{1,9})", re.ASCII)


def begun(form: Questionnaire, key: str) -> Questionnaire:
    """A form to begin with, under a key of its own: a key that is missing or there twice is given anew."""
    sections: list[Section] = []
    scales: list[Scale] = []
    known = set(_all(form))
    for scale in form.scales:
        twice = not scale.key or scale.key in {each.key for each in scales}
        scales.append(replace(scale, key=fresh("r", known)) if twice else scale)
        known.add(scales[-1].key)
    for section in form.sections:
        twice = not section.key or section.key in {each.key for each in sections}
        section = replace(section, key=fresh("s", known)) if twice else section
        questions: list[Question] = []
        for question in section.questions:
            twice = not question.key or question.key in {each.key for each in questions}
            questions.append(replace(question, key=fresh("q", known)) if twice else question)
            known.add(questions[-1].key)
        sections.append(replace(section, questions=tuple(questions)))
        known.add(section.key)
    return replace(form, key=key, scales=tuple(scales), sections=tuple(sections))


def keys(form: Questionnaire) -> frozenset[str]:
    """Every key of sections, questions and scales."""
    return frozenset(_all(form))


def fresh(prefix: str, taken: Collection[str]) -> str:
    """A key nobody has had: its number is above every other one's."""
    numbers = (found[1] for found in map(_NUMBERED.fullmatch, taken) if found)
    return f"{prefix}{1 + max(map(int, numbers), default=0)}"


def _all(form: Questionnaire) -> Iterable[str]:
    yield from (scale.key for scale in form.scales)
    for section in form.sections:
        yield section.key
        yield from (question.key for question in section.questions)
