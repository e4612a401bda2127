"""What the page of a meeting says when it selects people: the steps, and who is tied."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey.domain.advice import is_placeholder
from survey.domain.candidates import typed_choices
from survey.domain.elections import NO_ELECTION, Pool
from survey.domain.meetings import Meeting
from survey.domain.questionnaires import Audience, Kind, Questionnaire
from survey.domain.selections import Step, ties, usual
from survey.store import meetings, questionnaires, results, selections
from survey.store.engine import Connection
from survey.web.elections import contest_words
from survey.web.words import form_text


@dataclass(frozen=True, slots=True)
class Selection:
    """What the page of a meeting that selects shows: its steps, the meetings some were held as, and who is tied.

    Attributes
    ----------
    asked : tuple of (words, what is asked there)
        Each choice or vote of a draft: how many stand, for how many seats.
    is_typed : bool
        Somebody types who stands.
    is_rated : bool
        Members or units of the meeting stand or are rated, so that it matters who they are.
    unnamed : bool
        A name only holds the place of another.
    """

    steps: tuple[Step, ...]
    held: Mapping[int, Meeting]
    tied: Mapping[int, tuple[str, ...]]
    asked: tuple[tuple[str, str], ...] = ()
    is_typed: bool = False
    is_rated: bool = False
    unnamed: bool = False


def selection_of(db: Connection, meeting: Meeting) -> Selection | None:
    """The selection of a meeting; None when it selects nobody."""
    form = None if meeting.is_survey else questionnaires.get(db, meeting.questionnaire)
    if form is None or not form.is_selection:
        return None
    steps = selections.steps(db, meeting.id)
    ids = sorted({step.meeting for step in steps if step.meeting is not None})
    held = {each.id: each for each in meetings.some(db, ids)}
    sealed = results.seal(db, meeting.id)
    return replace(_asked(form), steps=steps or usual(), held=held, tied=ties(json.loads(sealed[0])) if sealed else {})


def _asked(form: Questionnaire) -> Selection:
    """What a form that selects asks, without anything of the meeting."""
    choices = [question for _section, question in typed_choices(form)]
    every = [question for section in form.sections for question in section.questions]
    polls = [question for question in every if question in choices or question.election != NO_ELECTION]
    names = [name for question in choices for name in question.candidates]
    about = [q for section in form.sections if section.audience is not Audience.GENERAL for q in section.questions]
    rated = any(question.kind in (Kind.RATING, Kind.SCORE) for question in about)
    pools = any(question.election.pool is not Pool.TYPED for question in polls)
    return Selection(
        (), {}, {},
        asked=tuple((form_text(question.text), contest_words(question)) for question in polls),
        is_typed=bool(choices), is_rated=rated or pools, unnamed=any(map(is_placeholder, names)),
    )  # fmt: skip
