"""Selections at the desk: their named and dated steps, and the second ballot among those who are tied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, make_response, redirect, request, url_for

from survey.actions import selections
from survey.domain.refusals import BadField
from survey.domain.selections import LONGEST_STEP, MOST_STEPS, STEPS, Step
from survey.domain.texts import line
from survey.store import meetings
from survey.web.desk.halls import Hall, back_to, find, found, page, section
from survey.web.desk.selecting import selection_of
from survey.web.doors import Who, admits, house, now, staff, today
from survey.web.errors import sentence
from survey.web.words import step_name

BLUEPRINT = section("desk_selections")
_SPARE = 2


@dataclass(frozen=True, slots=True)
class TypedStep:
    """A step as it was typed."""

    name: str
    day: str
    note: str
    meeting: str

    @property
    def is_blank(self) -> bool:
        """A row that was left empty, whatever meeting it offers."""
        return not (self.name or self.day or self.note)


@BLUEPRINT.get("/<int:meeting_id>/selection")
@admits(Who.SECRETARY)
def ask(meeting_id: int) -> Response:
    """The steps to write; before any were, the usual ones."""
    with house().store.read() as db:
        hall = find(db, meeting_id)
        selection = selection_of(db, hall.meeting)
    if selection is None:
        return back_to(meeting_id)
    typed = [
        TypedStep(step_name(step.name), step.day.isoformat() if step.day else "", step.note, str(step.meeting or ""))
        for step in selection.steps
    ]
    return _page(hall, typed, "")


@BLUEPRINT.post("/<int:meeting_id>/selection")
@admits(Who.SECRETARY)
def write(meeting_id: int) -> Response:
    """Write the steps, or say what to change."""
    columns = [request.form.getlist(name) for name in ("name", "day", "note", "meeting")]
    typed = [TypedStep(*(line(cell) for cell in row)) for row in zip(*columns, strict=False)][:MOST_STEPS]
    typed = [each for each in typed if not each.is_blank]
    try:
        steps = [_step(number, each) for number, each in enumerate(typed, start=1)]
        selections.write_steps(house(), meeting_id, steps, by=staff(), now=now())
    except BadField as fault:
        return _page(found(meeting_id), typed, sentence(fault).text, status=400)
    return back_to(meeting_id)


@BLUEPRINT.post("/<int:meeting_id>/run-off/<int:number>")
@admits(Who.SECRETARY)
def vote_again(meeting_id: int, number: int) -> Response:
    """Make the draft of the second ballot, and go there."""
    found(meeting_id)
    made = selections.vote_again(house(), meeting_id, number, today(), by=staff(), now=now())
    return make_response(redirect(url_for("desk_meetings.meeting", meeting_id=made), 303))


def _step(number: int, typed: TypedStep) -> Step:
    try:
        day = date.fromisoformat(typed.day) if typed.day else None
    except ValueError as fault:
        raise BadField(field="steps", value=typed.name or str(number), why="day") from fault
    at = typed.meeting if typed.meeting.isascii() and typed.meeting.isdecimal() and len(typed.meeting) < 10 else ""
    # Saved from an English page a usual step stays the usual one.
    name = {step_name(each): each for each in STEPS}.get(typed.name, typed.name)
    return Step(name, day, typed.note, int(at) if at else None)


def _page(hall: Hall, typed: Sequence[TypedStep], wrong: str, *, status: int = 200) -> Response:
    with house().store.read() as db:
        there = meetings.of_units(db, [hall.meeting.unit])
    spare = [TypedStep("", "", "", "")] * min(_SPARE, MOST_STEPS - len(typed))
    more = {"rows": [*typed, *spare], "there": there, "wrong": wrong, "longest": LONGEST_STEP}
    return page("selection", hall, status=status, **more)
