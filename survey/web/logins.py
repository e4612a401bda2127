"""Logins of staff: a signed cookie with the key of one login, which the database can end at any moment."""

from flask import Flask, g, request
from flask_login import LoginManager, UserMixin, current_user

from survey.actions.staff import Entered, entered
from survey.domain.refusals import Away
from survey.domain.staff import Staff
from survey.web.doors import house, now


class Login(UserMixin):
    """A person of staff as the login manager wants to see him."""

    def __init__(self, key: str, by: Entered) -> None:
        self.staff = by.person
        self.entered = by
        self._key = key

    def get_id(self) -> str:
        """What the cookie holds."""
        return self._key


class Looker(UserMixin):
    """Somebody a job outside every request looks for: no account, no login, only what may be seen."""

    def __init__(self, person: Staff) -> None:
        self.staff = person


def look_as(person: Staff) -> None:
    """From here on this context is this person's; nothing of it goes into a session."""
    g._login_user = Looker(person)


def load(key: str) -> Login | None:
    """The person behind a cookie, unless this login has ended."""
    by = entered(house(), key, now=now())
    return Login(key, by) if by is not None else None


class Logins(LoginManager):
    """flask-login without its cookie of long memory: nobody was ever given one, so whatever comes as one is not read."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None


def register_logins(app: Flask) -> None:
    """Let the app know its staff. No page of the booth asks who is logged in: not even a member of staff is one there."""
    manager = Logins(app, add_context_processor=False)
    manager.user_loader(_load)
    app.context_processor(lambda: {} if request.blueprint == "booth" else {"current_user": current_user})


def _load(key: str) -> Login | None:
    """As `load`; the page that says that the database is away must not ask it again who reads it."""
    if g.get("nobody_knows"):
        return None
    try:
        return load(key)
    except Away:
        g.nobody_knows = True
        raise
