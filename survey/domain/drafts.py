"""Editing a questionnaire: pure steps on a form that may be unfinished. Keys are given once and never to another thing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from survey.domain.deletions import Deleted
from survey.domain.draft_keys import fresh, keys
from survey.domain.elections import NO_ELECTION
from survey.domain.keyed import behind, find, in_order, into, moved, place_of, put
from survey.domain.questionnaire_checks import MOST_QUESTIONS, MOST_SECTIONS
from survey.domain.questionnaire_json import (
    question_json,
    read_question,
    read_scale,
    read_section,
    scale_json,
    section_json,
)
from survey.domain.questionnaires import Condition, Kind, Question, Questionnaire, Scale, Section
from survey.domain.refusals import BadField, NotFound

MOST_SCALES = 60
MOST_DELETED = 20


@dataclass(frozen=True, slots=True)
class Work:
    """A form under work. `deleted` is what was taken out and may come back, the last one last; `fresh` is the key of what the last
    step added; `taken` are keys that were given before."""

    form: Questionnaire
    deleted: tuple[Deleted, ...] = ()
    taken: frozenset[str] = frozenset()
    fresh: str = field(default="", compare=False)


def section_of(form: Questionnaire, key: str) -> Section:
    """A section by its key.

    Raises
    ------
    NotFound
        There is none.
    """
    return find(form.sections, key)


def question_of(form: Questionnaire, part: str, key: str) -> Question:
    """A question by the keys of its section and its own.

    Raises
    ------
    NotFound
        There is none.
    """
    return find(section_of(form, part).questions, key)


def scale_of(form: Questionnaire, key: str) -> Scale:
    """A scale by its key.

    Raises
    ------
    NotFound
        There is none.
    """
    return find(form.scales, key)


def add_section(work: Work, section: Section) -> Work:
    """One more section at the end, its key given here.

    Raises
    ------
    BadField
        There are as many as a form may have.
    """
    _check_room(len(work.form.sections), MOST_SECTIONS, "many_sections")
    made = replace(section, key=_given(work, "s"))
    return replace(work, form=replace(work.form, sections=(*work.form.sections, made)), fresh=made.key)


def change_section(work: Work, section: Section) -> Work:
    """A section in the place of the one with its key."""
    return _with_sections(work, put(work.form.sections, section))


def remove_section(work: Work, key: str) -> Work:
    """Take a section out; it can be put back."""
    place, gone = place_of(work.form.sections, key), section_of(work.form, key)
    left = tuple(each for each in work.form.sections if each.key != key)
    return _without(_with_sections(work, left), Deleted("section", place, section_json(gone)))


def move_section(work: Work, key: str, steps: int) -> Work:
    """A section some places up (below 0) or down."""
    return _with_sections(work, moved(work.form.sections, key, steps))


def order_sections(work: Work, order: Sequence[str]) -> Work:
    """The sections in the order of these keys; those not named follow the one they followed before."""
    return _with_sections(work, in_order(work.form.sections, order))


def duplicate_section(work: Work, key: str) -> Work:
    """A section once more behind itself. Its questions keep their keys, which are theirs within a section."""
    _check_room(len(work.form.sections), MOST_SECTIONS, "many_sections")
    made = replace(section_of(work.form, key), key=_given(work, "s"))
    return replace(_with_sections(work, behind(work.form.sections, key, made)), fresh=made.key)


def add_question(work: Work, part: str, question: Question, *, after: str = "") -> Work:
    """One more question of a section, at the end or behind another, its key given here.

    Raises
    ------
    BadField
        The section has as many as it may have.
    """
    section = section_of(work.form, part)
    _check_room(len(section.questions), MOST_QUESTIONS, "many_questions")
    made = replace(question, key=_given(work, "q"))
    found = behind(section.questions, after, made) if after else (*section.questions, made)
    return replace(change_section(work, replace(section, questions=found)), fresh=made.key)


def change_question(work: Work, part: str, question: Question) -> Work:
    """A question in the place of the one with its key. Conditions that name its candidates go on naming the same ones."""
    section = section_of(work.form, part)
    before = find(section.questions, question.key)
    if {before.kind, question.kind} & {Kind.DATE} and before.kind is not question.kind:
        # A day is no number: bounds of the one mean nothing to the other.
        question = replace(question, low=None, high=None)
    found = put(section.questions, question)
    if before.kind is Kind.CHOICE and question.kind is Kind.CHOICE and before.candidates != question.candidates:
        found = tuple(_follow(each, question.key, before.candidates, question.candidates) for each in found)
    return change_section(work, replace(section, questions=found))


def remove_question(work: Work, part: str, key: str) -> Work:
    """Take a question out; it can be put back."""
    section = section_of(work.form, part)
    gone = Deleted("question", place_of(section.questions, key), question_json(find(section.questions, key)), part)
    left = tuple(each for each in section.questions if each.key != key)
    return _without(change_section(work, replace(section, questions=left)), gone)


def move_question(work: Work, part: str, key: str, steps: int) -> Work:
    """A question some places up (below 0) or down within its section."""
    section = section_of(work.form, part)
    return change_section(work, replace(section, questions=moved(section.questions, key, steps)))


def order_questions(work: Work, part: str, order: Sequence[str]) -> Work:
    """The questions of a section in the order of these keys; those not named follow the one they followed before."""
    section = section_of(work.form, part)
    return change_section(work, replace(section, questions=in_order(section.questions, order)))


def send_question(work: Work, part: str, key: str, to: str) -> Work:
    """A question into another section, at its end. What it hung on stays behind, so it is asked always."""
    question, target = question_of(work.form, part, key), section_of(work.form, to)
    if part == to:
        return work
    _check_room(len(target.questions), MOST_QUESTIONS, "many_questions")
    name = key if key not in {each.key for each in target.questions} | _lost(work) else _given(work, "q")
    section = section_of(work.form, part)
    left = tuple(each for each in section.questions if each.key != key)
    without = change_section(work, replace(section, questions=left))
    sent = replace(target, questions=(*target.questions, replace(question, key=name, show_if=None)))
    return replace(change_section(without, sent), fresh=name)


def duplicate_question(work: Work, part: str, key: str) -> Work:
    """A question once more behind itself."""
    return add_question(work, part, question_of(work.form, part, key), after=key)


def add_scale(work: Work, scale: Scale) -> Work:
    """One more scale, its key given here.

    Raises
    ------
    BadField
        There are as many as a form may have.
    """
    _check_room(len(work.form.scales), MOST_SCALES, "many_scales")
    made = replace(scale, key=_given(work, "r"))
    return replace(work, form=replace(work.form, scales=(*work.form.scales, made)), fresh=made.key)


def change_scale(work: Work, scale: Scale) -> Work:
    """A scale in the place of the one with its key."""
    return replace(work, form=replace(work.form, scales=put(work.form.scales, scale)))


def remove_scale(work: Work, key: str) -> Work:
    """Take a scale out; questions that used it are told as faults."""
    place, gone = place_of(work.form.scales, key), scale_of(work.form, key)
    left = tuple(each for each in work.form.scales if each.key != key)
    return _without(replace(work, form=replace(work.form, scales=left)), Deleted("scale", place, scale_json(gone)))


def bring_back(work: Work, key: str, *, part: str = "") -> Work:
    """The section with this key, or the question of `part`, whatever was taken out after it.

    Raises
    ------
    NotFound
        It is not among what was taken out.
    """
    for place in reversed(range(len(work.deleted))):
        if (work.deleted[place].key, work.deleted[place].part) == (key, part):
            back = replace(work, deleted=(*work.deleted[:place], *work.deleted[place + 1 :], work.deleted[place]))
            return put_back(back)
    raise NotFound(what="deleted")


def put_back(work: Work) -> Work:
    """What was taken out last, where it was; what was taken out before it is next.

    Raises
    ------
    NotFound
        Nothing was taken out.
    """
    if not work.deleted:
        raise NotFound(what="deleted")
    gone, form = work.deleted[-1], work.form
    work = replace(work, deleted=work.deleted[:-1], fresh=gone.key)
    if gone.what == "question":
        # The section is there: taken out after its question, it came back before it.
        section = section_of(form, gone.part)
        return change_section(work, replace(section, questions=into(section.questions, gone.place, read_question(gone.body))))
    if gone.what == "section":
        return _with_sections(work, into(form.sections, gone.place, read_section(gone.body)))
    return replace(work, form=replace(form, scales=into(form.scales, gone.place, read_scale(gone.body))))


def fitting(form: Questionnaire) -> Questionnaire:
    """The form without what its questions kept from kinds they had before, as it is frozen."""
    parts = (replace(part, questions=tuple(map(_plain, part.questions))) for part in form.sections)
    return replace(form, sections=tuple(parts))


def _plain(question: Question) -> Question:
    if question.kind is not Kind.RATING:
        question = replace(question, scale="")
    if question.kind is not Kind.CHOICE:
        votes = question.election.of_votes if question.kind is Kind.RATING else NO_ELECTION
        question = replace(question, candidates=(), choose=0, least=0, election=votes)
    elif question.election.pool:
        question = replace(question, candidates=())
    return question if question.kind.is_wide else replace(question, low=None, high=None)


def _follow(question: Question, asked: str, before: Sequence[str], after: Sequence[str]) -> Question:
    condition = question.show_if
    if condition is None or condition.question != asked:
        return question
    kept = []
    for place in condition.options:
        if 0 <= place < len(before) and before[place] in after:
            kept.append(after.index(before[place]))
        elif len(before) == len(after):
            kept.append(place)
    return replace(question, show_if=Condition(asked, tuple(dict.fromkeys(kept))))


def _with_sections(work: Work, sections: tuple[Section, ...]) -> Work:
    return replace(work, form=replace(work.form, sections=sections))


def _given(work: Work, prefix: str) -> str:
    return fresh(prefix, keys(work.form) | work.taken | _lost(work))


def _lost(work: Work) -> set[str]:
    """Keys of what was taken out and may come back."""
    return {key for gone in work.deleted for key in gone.keys}


def _without(work: Work, gone: Deleted) -> Work:
    return replace(work, deleted=(*work.deleted, gone)[-MOST_DELETED:])


def _check_room(there: int, most: int, why: str) -> None:
    if there >= most:
        raise BadField(field="draft", value="", why=why, most=most)
