"""Who may enter which route, and what every view reaches for. The app refuses to start with an unmarked route."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from flask_login import current_user

from survey.actions.house import House
from survey.actions.rights import check_sees
from survey.config import Config
from survey.domain.refusals import NotAllowed, NotFound, Refused
from survey.domain.staff import Staff, StaffRole
from survey.store import meetings
from survey.web.forms import answer
from survey.web.kept import ask_to_log_in

View = TypeVar("View", bound=Callable[..., Any])


class Who(StrEnum):
    """Who may enter a route."""

    ANYONE = "anyone"
    STAFF = "staff"
    SECRETARY = "secretary"
    ADMIN = "admin"


_ROLES = {
    Who.STAFF: frozenset(StaffRole),
    Who.SECRETARY: frozenset({StaffRole.ADMIN, StaffRole.SECRETARY}),
    Who.ADMIN: frozenset({StaffRole.ADMIN}),
}


class UnmarkedRoute(Exception):
    """A route does not say who may enter."""


def admits(who: Who) -> Callable[[View], View]:
    """Mark a view with who may enter; staff who are not logged in are sent to the login and back."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if who is not Who.ANYONE:
                if not current_user.is_authenticated:
                    return ask_to_log_in()
                if staff().role not in _ROLES[who]:
                    raise _refusal(request.view_args or {})
                return answer(lambda: view(*args, **kwargs), by=staff().id)
            return view(*args, **kwargs)

        guarded.admits = who  # type: ignore[attr-defined]
        return cast(View, guarded)

    return mark


def check_routes(app: Flask) -> None:
    """Refuse to start when a route does not say who may enter.

    Raises
    ------
    UnmarkedRoute
        Names the route.
    """
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "admits"):
            raise UnmarkedRoute(f"{rule.rule} ({rule.endpoint}) does not say who may enter; use @admits.")


def _refusal(asked: Mapping[str, Any]) -> Refused:
    """What an account may not do is said of its own subtree only: elsewhere nothing exists for it."""
    try:
        if "meeting_id" in asked:
            with house().store.read() as db:
                check_sees(staff(), meetings.get(db, asked["meeting_id"]).unit)
        elif "unit_id" in asked and "round_id" not in asked:
            check_sees(staff(), asked["unit_id"])
        elif asked:
            # Whatever else has a key of its own belongs to one person, and not to this one.
            return NotFound(what="page")
    except NotFound as unseen:
        return unseen
    return NotAllowed()


def house() -> House:
    """The house this app serves; while a form is being answered that may work only once, the one that sees to that."""
    return cast(House, g.get("house") or current_app.extensions["house"])


def config() -> Config:
    """The settings this app runs with."""
    return cast(Config, current_app.extensions["config"])


def staff() -> Staff:
    """The person who is logged in; only behind a door that asks for staff."""
    return cast(Staff, current_user.staff)


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today where the meetings are."""
    return now().astimezone(config().zone).date()
