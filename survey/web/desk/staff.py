"""Logging in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, request, session
from flask_login import current_user, login_user, logout_user

from survey.actions.staff import log_in, log_out
from survey.domain.refusals import Away, BadLogin, Locked
from survey.web.devices import device
from survey.web.doors import Who, admits, house, now
from survey.web.errors import sentence
from survey.web.kept import MOST_KEPT, again_page, login_page, unpacked
from survey.web.languages import keep_language_only
from survey.web.limits import MOST_BODY, takes
from survey.web.logins import load

BLUEPRINT = Blueprint("desk_staff", __name__, url_prefix="/desk")
# Name, password, and what was typed before the login.
MOST_LOGIN = MOST_KEPT + MOST_BODY


@BLUEPRINT.get("/login")
@admits(Who.ANYONE)
def login() -> Response:
    """The form; who is logged in already goes on."""
    if current_user.is_authenticated:
        return make_response(redirect(_next(), 303))
    return login_page(None, kept=None, back=request.args.get("next", ""))


@BLUEPRINT.post("/login")
@admits(Who.ANYONE)
@takes(MOST_LOGIN)
def enter() -> Response:
    """Log in, or show the form again with the name as it was typed; what was typed before the login comes through it."""
    name, agent = request.form.get("login", ""), device(request.user_agent.string)
    kept = unpacked(request.form.get("kept", ""))
    try:
        key = log_in(house(), name, request.form.get("password", ""), now=now(), device=agent)
    except (BadLogin, Locked) as refused:
        return login_page(sentence(refused), kept=kept, back=request.form.get("next", ""), login=name)
    take_seat(key)
    return again_page(kept) if kept is not None else make_response(redirect(_next(), 303))


@BLUEPRINT.post("/logout")
@admits(Who.ANYONE)
def logout() -> Response:
    """End this login."""
    try:
        if current_user.is_authenticated:
            log_out(house(), current_user.entered)
    except Away:
        # The cookie goes whatever happens; the row ends by itself when nobody uses it.
        g.nobody_knows = True
    logout_user()
    keep_language_only()
    return make_response(redirect("/desk/login", 303))


def take_seat(key: str) -> None:
    """Let this browser go on with a login that was just made."""
    person = load(key)
    # A session begun before the login, by whomever, must not go on after it.
    keep_language_only()
    # The token of that session is no good any more, for a page in this answer either.
    g.pop("csrf_token", None)
    session.permanent = True
    assert person is not None
    login_user(person)


def _next() -> str:
    """Where the person was going: an address of the desk or the board, never another site."""
    asked = request.values.get("next", "")
    parts = urlsplit(asked)
    is_ours = not parts.scheme and not parts.netloc and asked.startswith(("/desk", "/board")) and "\\" not in asked
    # urlsplit leaves line breaks out before it looks; in a header they would be another header.
    is_ours = is_ours and asked.isprintable()
    return asked if is_ours else "/desk"
