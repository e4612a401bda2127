"""The page behind a one-time link: whoever holds it chooses a login name and a password. No login is needed."""

from flask import Blueprint, Response, make_response, redirect, render_template, request

from survey.actions import invitations
from survey.actions.invitations import Chosen
from survey.actions.staff import SHORTEST_PASSWORD
from survey.domain.refusals import BadField, BadInvitation
from survey.domain.texts import line
from survey.store.invitations import Invitation
from survey.web.desk.staff import take_seat
from survey.web.devices import device
from survey.web.doors import Who, admits, house, now
from survey.web.errors import sentence
from survey.web.words import staff_roles

BLUEPRINT = Blueprint("desk_invitations", __name__, url_prefix="/desk/invitation")


@BLUEPRINT.get("/<token>")
@admits(Who.ANYONE)
def look(token: str) -> Response:
    """The form; looking changes nothing, and a chat program that looks first uses nothing up."""
    return _page(invitations.look(house(), token, now=now()), "", {})


@BLUEPRINT.post("/<token>")
@admits(Who.ANYONE)
def accept(token: str) -> Response:
    """Make the account or set the password, and go on logged in."""
    login = request.form.get("login", "")
    passwords = (request.form.get("new_password", ""), request.form.get("again_password", ""))
    chosen = Chosen(login, *passwords, device=device(request.user_agent.string))
    try:
        key = invitations.accept(house(), token, chosen, now=now())
    except BadField as fault:
        found = invitations.look(house(), token, now=now())
        return _page(found, line(login), {str(fault.facts["field"]): sentence(fault).text})
    take_seat(key)
    return make_response(redirect("/desk", 303))


@BLUEPRINT.errorhandler(BadInvitation)
def gone(fault: BadInvitation) -> Response:
    """One answer for all links that open nothing."""
    said = sentence(fault)
    return make_response(render_template("desk/accounts/gone.html", said=said), said.status)


def _page(invitation: Invitation, login: str, wrong: dict[str, str]) -> Response:
    more = {"invitation": invitation, "login": login, "wrong": wrong, "roles": staff_roles(), "least": SHORTEST_PASSWORD}
    return make_response(render_template("desk/accounts/invitation.html", **more), 400 if wrong else 200)
