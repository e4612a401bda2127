"""The big screen: one large code, the title, how many ballots are back. And the numbers that keep pages fresh."""

from typing import Any

from flask import Response, jsonify
from flask_babel import gettext as _

from survey.actions import screens
from survey.domain.meetings import Entry, Meeting, Stage
from survey.office.qr import QrPath, qr_path
from survey.web.desk.halls import Hall, found, page, section
from survey.web.doors import Who, admits, config, house, now
from survey.web.words import meeting_title

BLUEPRINT = section("desk_screens")
REFRESH_SECONDS = 5


@BLUEPRINT.get("/<int:meeting_id>/box")
@admits(Who.SECRETARY)
def box(meeting_id: int) -> Response:
    """The one number there is while the box is open, and the stage."""
    return jsonify(_numbers(found(meeting_id)))


@BLUEPRINT.get("/<int:meeting_id>/screen")
@admits(Who.SECRETARY)
def screen(meeting_id: int) -> Response:
    """The page for the projector; without JavaScript it loads itself anew."""
    hall = found(meeting_id)
    code, left = _code(hall)
    who, title = _names(hall)
    return page(
        "screen",
        hall,
        code=code,
        left=left,
        who=who,
        heading=title,
        numbers=_numbers(hall),
        refresh=REFRESH_SECONDS,
        address=_address(hall.meeting).removeprefix("http://"),
        is_https=config().is_https,
    )


@BLUEPRINT.get("/<int:meeting_id>/screen/code")
@admits(Who.SECRETARY)
def code(meeting_id: int) -> Response:
    """The code as it is now, how long it stays, and the number."""
    hall = found(meeting_id)
    drawn, left = _code(hall)
    numbers = _numbers(hall)
    if drawn is not None:
        numbers |= {"size": drawn.size, "path": drawn.path, "seconds": left}
    return jsonify(numbers)


def _numbers(hall: Hall) -> dict[str, Any]:
    """Never by group: with a few ballots that would point at people."""
    # Nobody waits for a form while the box is open: it comes in after closing.
    written = sum(each.in_hall - each.slips for each in hall.meeting.groups)
    closed = hall.meeting.stage is Stage.CLOSED
    return {
        "stage": hall.meeting.stage.value,
        "returned": hall.inside + hall.forms.spoiled,
        "people": hall.standing.people - (0 if closed else written),
        "paper": written if closed else 0,
        "waiting": hall.standing.waiting,
        "codes": hall.meeting.codes,
        "seconds_open": hall.seconds,
    }


def _code(hall: Hall) -> tuple[QrPath | None, int | None]:
    """The code page for those who hold a slip, else the door that turns over; nothing while no ballot could come."""
    meeting = hall.meeting
    if meeting.stage is not Stage.OPEN or meeting.unrehearsed:
        return None, None
    if meeting.entry is not Entry.SCREEN:
        link = _address(meeting)
        return qr_path(link if meeting.entry is Entry.LINK else f"{link}/"), None
    moment = now()
    mark = screens.turn(house(), meeting.door, moment)
    return qr_path(f"{config().url}/m/{meeting.door}/{mark}"), screens.seconds_left(moment)


def _address(meeting: Meeting) -> str:
    """What to type who cannot scan: the public link, or where codes are typed."""
    return f"{config().url}/d/{meeting.door}" if meeting.entry is Entry.LINK else config().url


def _names(hall: Hall) -> tuple[str, str]:
    """Unit and title for the wall: a title that begins with the unit does not say it twice."""
    rest = hall.meeting.title.removeprefix(hall.unit.name).strip()
    return hall.unit.name, meeting_title(rest) or (_("问卷调查") if hall.meeting.is_survey else _("群众评议"))
