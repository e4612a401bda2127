"""Contact-point leaders (联系点领导) of a unit: who looks after it, found by name."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from survey.actions import contacts
from survey.actions.rights import check_sees
from survey.domain.refusals import NotFound, Refused
from survey.store import contacts as kept
from survey.store import outlines, units
from survey.store.meetings import MOST_ID
from survey.web.desk.fields import number
from survey.web.desk.units import MOST_FOUND, refused, searched
from survey.web.doors import Who, admits, house, now, staff

BLUEPRINT = Blueprint("desk_contacts", __name__, url_prefix="/desk/units")
BLUEPRINT.register_error_handler(Refused, refused)


@BLUEPRINT.get("/<int:unit_id>/contacts")
@admits(Who.SECRETARY)
def leaders(unit_id: int) -> Response:
    """Who looks after a unit, and a search for others."""
    by = staff()
    check_sees(by, unit_id)
    with house().store.read() as db:
        trail = [each for each in units.path(db, unit_id) if by.sees(each.id)]
        here = kept.leaders_of(db, unit_id)
        wanted = searched(by)
        found = outlines.find_members(db, wanted, most=MOST_FOUND + 1) if wanted.text else ()
        names = units.some(db, {each.unit for each in (*found, *here)})
    known = {each.id for each in here}
    text = render_template(
        "desk/units/contacts.html",
        unit=trail[-1],
        trail=trail,
        leaders=here,
        found=[each for each in found[:MOST_FOUND] if each.id not in known],
        more=len(found) > MOST_FOUND,
        wanted=wanted,
        names={unit: names[unit].name for unit in names if by.sees(unit)},
    )
    return make_response(text)


@BLUEPRINT.post("/<int:unit_id>/contacts")
@admits(Who.SECRETARY)
def change_leaders(unit_id: int) -> Response:
    """Let somebody look after it, or no longer."""
    asked = request.form
    member = number(asked.get("member", ""), most=MOST_ID)
    act = {"add": contacts.appoint, "remove": contacts.dismiss}.get(asked.get("act", ""))
    if member is None or act is None:
        raise NotFound(what="member")
    act(house(), unit_id, member, by=staff(), now=now())
    return make_response(redirect(url_for("desk_contacts.leaders", unit_id=unit_id), 303))
