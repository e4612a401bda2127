"""A paper to look at while its questionnaire is being written: about people who are invented, and of what is asked so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from survey.domain.elections import Pool
from survey.domain.papers import Paper, Target, used
from survey.domain.questionnaires import Audience, Condition, Kind, Question, Questionnaire, Scale, Section


@dataclass(frozen=True, slots=True)
class Invented:
    """Who is evaluated in a preview, and what stands where nothing is written yet. `kinds` and `sectors` are labels."""

    unit: str
    people: Sequence[str]
    untitled: str
    kinds: Mapping[str, str]
    sectors: Mapping[str, str]


def preview_paper(form: Questionnaire, invented: Invented) -> Paper:
    """The paper of a form as far as it can be asked: a unit for each section about units, a member
    for each kind of every section about members. What is not finished is left out or says so."""
    scales = {scale.key: _shown(scale, invented.untitled) for scale in form.scales if scale.options}
    sections = tuple(each for each in (_section(section, scales, invented) for section in form.sections) if each.questions)
    shown = replace(form, sections=sections, scales=tuple(scales.values()))
    chosen = tuple(_targets(sections, invented))
    return Paper(0, 0, form.title or invented.untitled, "", form.title, "", chosen, *used(shown, chosen), texts=True)


def _targets(sections: Sequence[Section], invented: Invented) -> Sequence[Target]:
    """Units first, then members, general parts last, as on any paper."""
    found: list[Target] = []
    for audience in Audience:
        for section in (each for each in sections if each.audience is audience):
            labels = invented.sectors if audience is Audience.UNIT else invented.kinds
            for kind in (section.only or ("",))[:4] if audience is Audience.MEMBER else ("",):
                number = len(found)
                people = sum(target.audience is Audience.MEMBER for target in found)
                name = {
                    Audience.UNIT: invented.unit,
                    Audience.MEMBER: invented.people[people % len(invented.people)],
                    Audience.GENERAL: section.title or invented.untitled,
                }[audience]
                found.append(Target(f"p{number}", audience, name, labels.get(kind, kind), section.key))
    return found


def _section(section: Section, scales: Mapping[str, Scale], invented: Invented) -> Section:
    questions: list[Question] = []
    untitled = invented.untitled
    for question in (_standing(each, invented) for each in section.questions):
        if question.kind is Kind.RATING and question.scale not in scales:
            continue
        if question.kind is Kind.CHOICE and not any(question.candidates):
            continue
        questions.append(_question(question, questions, scales, untitled))
    return replace(section, title=section.title or untitled, questions=tuple(questions))


def _standing(question: Question, invented: Invented) -> Question:
    """A choice among whoever will be there, with people and units who are invented."""
    units = tuple(f"{invented.unit} {n}" for n in (1, 2, 3))
    pools = {Pool.MEMBERS: tuple(dict.fromkeys(invented.people)), Pool.UNITS: units}
    names = pools.get(question.election.pool)
    return replace(question, candidates=names) if names and question.kind is Kind.CHOICE else question


def _question(question: Question, before: Sequence[Question], scales: Mapping[str, Scale], untitled: str) -> Question:
    candidates = tuple(each or untitled for each in question.candidates) if question.kind is Kind.CHOICE else ()
    choose = max(1, min(question.choose or len(candidates), len(candidates))) if candidates else 0
    condition = question.show_if if question.show_if and _holds(question.show_if, before, scales) else None
    low, high = question.low, question.high
    if low is not None and high is not None and low > high:
        low = high = None
    return replace(
        question, text=question.text or untitled, candidates=candidates, choose=choose, least=min(question.least, choose), show_if=condition,
        low=low, high=high,
    )  # fmt: skip


def _holds(condition: Condition, before: Sequence[Question], scales: Mapping[str, Scale]) -> bool:
    asked = next((each for each in before if each.key == condition.question), None)
    if asked is None or asked.kind not in (Kind.RATING, Kind.CHOICE) or not condition.options:
        return False
    offered = set(range(len(asked.candidates)))
    if asked.kind is Kind.RATING:
        offered = {option.code for option in scales[asked.scale].options}
    return set(condition.options) <= offered


def _shown(scale: Scale, untitled: str) -> Scale:
    return replace(scale, options=tuple(replace(option, label=option.label or untitled) for option in scale.options))
