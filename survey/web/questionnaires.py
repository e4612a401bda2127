"""The ready questionnaires in the language of the page.

A paper is frozen as it was opened, in Chinese. What the library brought along has its English in a catalogue of its own,
said when the page is made; what people typed themselves stands as they typed it, in either language.
"""

from dataclasses import replace

from survey.domain.papers import Paper, Target
from survey.domain.publications import Form
from survey.domain.questionnaires import Audience, Question, Questionnaire, Scale, Section
from survey.domain.units import MEMBER_KINDS
from survey.web.words import form_text, group_name, meeting_title, member_kinds


def said(text: str) -> str:
    """A text of a questionnaire."""
    return form_text(text)


def named(target: Target) -> Target:
    """A target as it is shown: the general part and the kind of a member in the language of the page."""
    if target.audience is Audience.GENERAL:
        return replace(target, label=said(target.label))
    return replace(target, note=noted(target.note))


def noted(note: str) -> str:
    """What stands beside a member: a kind that comes with the house in the language of the page, else as it was typed."""
    kind = next((kind for kind, label in MEMBER_KINDS.items() if label == note), None)
    return member_kinds()[kind] if kind else note


def in_words(paper: Paper) -> Paper:
    """The paper to be shown. Keys and codes are those of the frozen one; never count or seal by this one."""
    return replace(
        paper,
        title=meeting_title(paper.title),
        group_name=group_name(paper.group_name),
        questionnaire=said(paper.questionnaire),
        targets=tuple(named(each) for each in paper.targets),
        sections=tuple(_section(each) for each in paper.sections),
        scales=tuple(_scale(each) for each in paper.scales),
    )


def form_in_words(form: Questionnaire) -> Questionnaire:
    """A whole form to be shown or printed."""
    return replace(
        form,
        title=said(form.title),
        sections=tuple(_section(each) for each in form.sections),
        scales=tuple(_scale(each) for each in form.scales),
    )


def published_form(form: Form) -> Form:
    """What was asked in a published round, to be shown."""
    scales = tuple(_scale(each) for each in form.scales)
    return Form(said(form.title), tuple(_section(each) for each in form.sections), scales)


def _section(section: Section) -> Section:
    questions = tuple(_question(each) for each in section.questions)
    return replace(section, title=said(section.title), help=said(section.help), questions=questions)


def _question(question: Question) -> Question:
    candidates = tuple(said(each) for each in question.candidates)
    return replace(question, text=said(question.text), help=said(question.help), candidates=candidates)


def _scale(scale: Scale) -> Scale:
    options = tuple(replace(each, label=said(each.label)) for each in scale.options)
    return replace(scale, label=said(scale.label), options=options)
