"""Logging in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from survey.actions.staff import log_in
from survey.domain.refusals import BadLogin
from survey.web.doors import Who, admits, house, now
from survey.web.errors import Sentence, sentence
from survey.web.languages import keep_language_only
from survey.web.logins import load, login_id

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
    try:
        staff_id, stamp = log_in(house(), form.login.data or "", form.password.data or "", now=now())
    except BadLogin as refused:
        return _page(form, sentence(refused))
    person = load(login_id(staff_id, stamp))
    # A session begun before the login, by whomever, must not go on after it.
    keep_language_only()
    session.permanent = True
    assert person is not None
    login_user(person)
    return make_response(redirect(_next(), 303))


@BLUEPRINT.post("/logout")
@admits(Who.ANYONE)
def logout() -> Response:
    """End this login."""
    logout_user()
    keep_language_only()
    return make_response(redirect("/desk/login", 303))


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
