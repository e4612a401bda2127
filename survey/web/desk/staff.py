"""Logging in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, session
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from survey.actions.staff import log_in, log_out
from survey.domain.refusals import Away, BadLogin, Locked
from survey.web.devices import device
from survey.web.doors import Who, admits, house, now
from survey.web.errors import Sentence, sentence
from survey.web.languages import keep_language_only
from survey.web.logins import load

BLUEPRINT = Blueprint("desk_staff", __name__, url_prefix="/desk")


class LoginForm(FlaskForm):
    """Login name and password."""

    login = StringField()
    password = PasswordField()


@BLUEPRINT.get("/login")
@admits(Who.ANYONE)
def login() -> Response:
    """The form; who is logged in already goes on."""
    if current_user.is_authenticated:
        return make_response(redirect(_next(), 303))
    return _page(LoginForm(), None)


@BLUEPRINT.post("/login")
@admits(Who.ANYONE)
def enter() -> Response:
    """Log in, or show the form again with the name as it was typed."""
    form = LoginForm()
    agent = device(request.user_agent.string)
    try:
        key = log_in(house(), form.login.data or "", form.password.data or "", now=now(), device=agent)
    except (BadLogin, Locked) as refused:
        return _page(form, sentence(refused))
    take_seat(key)
    return make_response(redirect(_next(), 303))


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
    session.permanent = True
    assert person is not None
    login_user(person)


def _page(form: LoginForm, said: Sentence | None) -> Response:
    text = render_template("desk/staff/login.html", form=form, said=said, next=request.values.get("next", ""))
    return make_response(text, said.status if said else 200)


def _next() -> str:
    """Where the person was going: an address of the desk or the board, never another site."""
    asked = request.values.get("next", "")
    parts = urlsplit(asked)
    is_ours = not parts.scheme and not parts.netloc and asked.startswith(("/desk", "/board")) and "\\" not in asked
    # urlsplit leaves line breaks out before it looks; in a header they would be another header.
    is_ours = is_ours and asked.isprintable()
    return asked if is_ours else "/desk"
