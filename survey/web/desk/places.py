"""日期和地点: of a draft, which the office may have made before anybody knew."""

from flask import Response, request

from survey.actions import places
from survey.domain.meetings import Stage
from survey.domain.texts import line
from survey.web.desk.fields import Errors, check_length, meeting_day
from survey.web.desk.halls import at, back_to, found, page, section
from survey.web.doors import Who, admits, house, now, staff, today

BLUEPRINT = section("desk_places")


@BLUEPRINT.get("/<int:meeting_id>/place")
@admits(Who.SECRETARY)
def ask(meeting_id: int) -> Response:
    """The form of day and place."""
    hall = at(found(meeting_id), Stage.DRAFT)
    return page("place", hall, day_typed=hall.meeting.held_on.isoformat(), place=hall.meeting.place, wrong={})


@BLUEPRINT.post("/<int:meeting_id>/place")
@admits(Who.SECRETARY)
def settle(meeting_id: int) -> Response:
    """Write them, or say what to change."""
    hall = at(found(meeting_id), Stage.DRAFT)
    day, place = line(request.form.get("day", "")), line(request.form.get("place", ""))
    wrong: Errors = {}
    read = meeting_day(day, wrong, today=today())
    check_length("place", place, wrong)
    if wrong or read is None:
        return page("place", hall, day_typed=day, place=place, wrong=wrong, status=400)
    places.settle(house(), meeting_id, read, place, by=staff(), now=now())
    return back_to(meeting_id)
