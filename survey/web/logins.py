"""Logins of staff: a signed cookie with id and stamp; the stamp changes with the password and ends old logins."""

from flask import Flask, g, request
from flask_login import LoginManager, UserMixin, current_user

from survey.domain.refusals import Away
from survey.domain.staff import Staff
from survey.store import staff
from survey.web.doors import house


class Login(UserMixin):
    """A person of staff as the login manager wants to see him."""

    def __init__(self, person: Staff, stamp: str) -> None:
        self.staff = person
        self._stamp = stamp

    def get_id(self) -> str:
        """What the cookie holds."""
        return login_id(self.staff.id, self._stamp)


def login_id(staff_id: int, stamp: str) -> str:
    """Id and stamp as the cookie holds them."""
    return f"{staff_id}.{stamp}"


def load(kept: str) -> Login | None:
    """The person behind a cookie, unless the password changed since."""
    number, _, stamp = kept.partition(".")
    if not number.isdigit():
        return None
    with house().store.read() as db:
        person = staff.staff(db, int(number), stamp=stamp)
    return Login(person, stamp) if person else None


class Logins(LoginManager):
    """flask-login without its cookie of long memory: nobody was ever given one, so whatever comes as one is not read."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None


def register_logins(app: Flask) -> None:
    """Let the app know its staff. No page of the booth asks who is logged in: not even a member of staff is one there."""
    manager = Logins(app, add_context_processor=False)
    manager.user_loader(_load)
    app.context_processor(lambda: {} if request.blueprint == "booth" else {"current_user": current_user})


def _load(kept: str) -> Login | None:
    """As `load`; the page that says that the database is away must not ask it again who reads it."""
    if g.get("nobody_knows"):
        return None
    try:
        return load(kept)
    except Away:
        g.nobody_knows = True
        raise
