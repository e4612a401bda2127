"""Trying the key on the scrutineer's slip before anybody gets a ballot."""

from flask import Response, request
from flask_babel import gettext as _

from survey.actions import rehearsals
from survey.domain.meetings import Stage
from survey.domain.refusals import BadKey, NotFound
from survey.web.desk.halls import Hall, at, back_to, found, page, section
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import sentence
from survey.web.forms import BOX_KEY

BLUEPRINT = section("desk_rehearsals")


@BLUEPRINT.get("/<int:meeting_id>/rehearse")
@admits(Who.SECRETARY)
def ask(meeting_id: int) -> Response:
    """Why the key is tried, and the field for it."""
    return page("rehearse", _waiting(found(meeting_id)), said="")


@BLUEPRINT.post("/<int:meeting_id>/rehearse")
@admits(Who.SECRETARY)
def rehearse(meeting_id: int) -> Response:
    """Try it; what was typed is given back on no page."""
    hall = _waiting(found(meeting_id))
    try:
        rehearsals.rehearse(house(), meeting_id, request.form.get(BOX_KEY, ""), by=staff(), now=now())
    except BadKey as refused:
        said = sentence(refused)
        text = _("%(title)s。%(text)s", title=said.title, text=said.text)
        return page("rehearse", hall, said=text, status=said.status)
    return back_to(meeting_id)


def _waiting(hall: Hall) -> Hall:
    """Refuse where there is no key to be tried."""
    if not hall.meeting.key_on_slip:
        raise NotFound(what="meeting")
    return at(hall, Stage.OPEN)
