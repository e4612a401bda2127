"""A hall that stops for a while, and the minute before the box is sealed."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from survey.actions import meetings, pauses
from survey.domain.meetings import Stage
from survey.web.desk.halls import back_to, found, may, page, section
from survey.web.doors import Who, admits, house, now, staff

BLUEPRINT = section("desk_closings")
# The buttons beside the countdown.
_ACTS: Mapping[str, Callable[..., Any]] = {"more": pauses.close_soon, "open": pauses.go_on, "now": meetings.close}


@BLUEPRINT.get("/<int:meeting_id>/pause")
@admits(Who.SECRETARY)
def ask_pause(meeting_id: int) -> Response:
    """What stops, and what stays as it is."""
    return page("pause", may(found(meeting_id), Stage.PAUSED))


@BLUEPRINT.post("/<int:meeting_id>/pause")
@admits(Who.SECRETARY)
def pause(meeting_id: int) -> Response:
    """Nothing is taken from now on."""
    pauses.pause(house(), meeting_id, by=staff(), now=now())
    return back_to(meeting_id)


@BLUEPRINT.post("/<int:meeting_id>/resume")
@admits(Who.SECRETARY)
def resume(meeting_id: int) -> Response:
    """And taken again."""
    pauses.resume(house(), meeting_id, by=staff(), now=now())
    return back_to(meeting_id)


@BLUEPRINT.post("/<int:meeting_id>/closing")
@admits(Who.SECRETARY)
def closing(meeting_id: int) -> Response:
    """A minute more, no end after all, or at once; whatever else is sent changes nothing."""
    act = _ACTS.get(request.form.get("how", ""))
    if act is None:
        found(meeting_id)
    else:
        act(house(), meeting_id, by=staff(), now=now())
    return back_to(meeting_id)
