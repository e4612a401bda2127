"""What the page of a meeting says when it selects people: the steps, and who is tied."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from survey.domain.meetings import Meeting
from survey.domain.selections import Step, ties, usual
from survey.store import meetings, questionnaires, results, selections
from survey.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Selection:
    """What the page of a meeting that selects shows: its steps, the meetings some were held as, and who is tied."""

    steps: tuple[Step, ...]
    held: Mapping[int, Meeting]
    tied: Mapping[int, tuple[str, ...]]


def selection_of(db: Connection, meeting: Meeting) -> Selection | None:
    """The selection of a meeting; None when it selects nobody."""
    if meeting.is_survey or not questionnaires.get(db, meeting.questionnaire).is_selection:
        return None
    steps = selections.steps(db, meeting.id)
    ids = sorted({step.meeting for step in steps if step.meeting is not None})
    held = {each.id: each for each in meetings.some(db, ids)}
    sealed = results.seal(db, meeting.id)
    return Selection(steps or usual(), held, ties(json.loads(sealed[0])) if sealed else {})
