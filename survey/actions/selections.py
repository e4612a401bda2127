"""Selections: their steps, and the second ballot among those who are tied."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from survey.actions.house import House
from survey.actions.meetings import NewMeeting, create
from survey.actions.rights import check_meeting
from survey.domain.papers import read_paper
from survey.domain.refusals import BadField, NotFound
from survey.domain.selections import Step, check_steps, run_off, ties
from survey.domain.staff import Staff
from survey.domain.titles import again
from survey.store import journal, meetings, questionnaires, results, selections


def write_steps(house: House, meeting_id: int, steps: Sequence[Step], *, by: Staff, now: datetime) -> None:
    """Write the steps of a selection; at any time, since the last ones come after the count.

    Raises
    ------
    BadField
        Steps that cannot be kept, a meeting that is not of this unit, or a meeting that selects nobody.
    """
    check_steps(steps)
    with house.store.write() as db:
        meeting = meetings.get(db, meeting_id)
        check_meeting(by, meeting)
        if not questionnaires.get(db, meeting.questionnaire).is_selection:
            raise BadField(field="steps", value="", why="no_selection")
        there = {each.id for each in meetings.of_units(db, [meeting.unit])}
        for step in steps:
            if step.meeting is not None and step.meeting not in there:
                raise BadField(field="steps", value=step.name, why="meeting")
        selections.replace_steps(db, meeting_id, steps)
        journal.note(db, "steps", by=by.id, now=now, meeting=meeting_id, n=len(steps))


def vote_again(house: House, meeting_id: int, number: int, held_on: date, *, by: Staff, now: datetime) -> int:
    """A draft in which those who are tied at one election stand alone, with the same groups. Returns its id.

    Raises
    ------
    NotFound
        The meeting is not counted, or nobody is tied at that election.
    """
    with house.store.read() as db:
        meeting = meetings.get(db, meeting_id)
        check_meeting(by, meeting)
        sealed = results.seal(db, meeting_id)
        bodies = meetings.papers(db, meeting_id)
    if sealed is None or not bodies:
        raise NotFound(what="poll")
    seal = json.loads(sealed[0])
    if number not in ties(seal):
        raise NotFound(what="poll")
    paper = read_paper(next(iter(bodies.values())))
    left = next(section for section in paper.sections if section.key == seal["elections"][number - 1]["section"])
    form = run_off(seal, number, title=paper.questionnaire, left=left)
    groups = [(group.name, group.due, group.present) for group in meeting.groups]
    title = again(meeting.title)
    new = NewMeeting(meeting.unit, held_on, meeting.place, meeting.entry, groups, title, form, meeting.one_officer)
    return create(house, new, by=by, now=now)
