"""日期和地点: of a draft, which the office may have made before anybody knew."""

from datetime import date

from flask import Response, request
from flask_babel import gettext as _

from survey.actions import places
from survey.domain.meetings import Stage
from survey.domain.refusals import WrongStage
from survey.domain.texts import line
from survey.web.desk.halls import Hall, back_to, found, page, section
from survey.web.doors import Who, admits, house, now, staff, today

BLUEPRINT = section("desk_places")
_DAYS_AWAY = 370


@BLUEPRINT.get("/<int:meeting_id>/place")
@admits(Who.SECRETARY)
def ask(meeting_id: int) -> Response:
    """The form of day and place."""
    hall = _draft(meeting_id)
    return page("place", hall, day_typed=hall.meeting.held_on.isoformat(), place=hall.meeting.place, wrong={})


@BLUEPRINT.post("/<int:meeting_id>/place")
@admits(Who.SECRETARY)
def settle(meeting_id: int) -> Response:
    """Write them, or say what to change."""
    hall = _draft(meeting_id)
    day, place = line(request.form.get("day", "")), line(request.form.get("place", ""))
    wrong = {}
    read = _day(day)
    if read is None:
        wrong["day"] = _("请填开会的日期，例如 %(day)s。", day=today().isoformat())
    elif abs((read - today()).days) > _DAYS_AWAY:
        wrong["day"] = _("这一天离今天太远，请看看年份有没有填错。")
    if len(place) > places.LONGEST_PLACE:
        wrong["place"] = _("写得太长了，最多 %(most)s 个字。", most=places.LONGEST_PLACE)
    if wrong or read is None:
        return page("place", hall, day_typed=day, place=place, wrong=wrong, status=400)
    places.settle(house(), meeting_id, read, place, by=staff(), now=now())
    return back_to(meeting_id)


def _draft(meeting_id: int) -> Hall:
    hall = found(meeting_id)
    if hall.meeting.stage is not Stage.DRAFT:
        raise WrongStage(stage=hall.meeting.stage.value, wanted=Stage.DRAFT.value)
    return hall


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
