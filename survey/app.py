"""Joins the rooms: settings, house, faces."""

import logging
from datetime import timedelta
from pathlib import Path
from random import Random, SystemRandom

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from survey.actions.house import House
from survey.actions.results import sweep
from survey.config import Config, Unsafe
from survey.domain.refusals import Refused
from survey.packers import Packers
from survey.store.engine import Store
from survey.urn.keyroom import KeyRoom
from survey.web import board, booth, desk
from survey.web.doors import check_routes
from survey.web.faults import refuse_plainly
from survey.web.forms import lend_form_keys
from survey.web.headers import set_headers
from survey.web.health import health
from survey.web.hosts import guard_hosts
from survey.web.languages import speak
from survey.web.limits import set_limits
from survey.web.logins import register_logins
from survey.web.sessions import StaffSessions
from survey.web.words import lend_words

_HERE = Path(__file__).parent


def open_house(config: Config, *, random: Random | None = None) -> House:
    """Store, key room and pepper by the settings; migrates nothing."""
    return House(Store(config.database), KeyRoom(config.keyroom), config.pepper, random or SystemRandom())


def create_app(config: Config, *, random: Random | None = None, testing: bool = False, packers: Packers | None = None) -> Flask:
    """The web application over one house.

    Parameters
    ----------
    packers : Packers or None
        Starts whoever puts sheets into one file; without, what was asked for waits for `pingyi bundle`.

    Raises
    ------
    Unsafe
        Another randomness than the system's outside tests, or a database of another release.
    UnmarkedRoute
        A route does not say who may enter.
    """
    if random is not None and not testing:
        raise Unsafe("Only tests may bring their own randomness.")
    app = Flask("survey", template_folder=str(_folder("templates")), static_folder=str(_folder("static")))
    app.config.update(
        SECRET_KEY=config.secret,
        TESTING=testing,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_NAME="pingyi_desk",
        WTF_I18N_ENABLED=False,
        WTF_CSRF_TIME_LIMIT=None,
        # Under https it would want a Referer, which our own Referrer-Policy keeps every browser from sending.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="zh",
    )
    house = open_house(config, random=random)
    _finish_what_was_left(house)
    app.extensions["house"] = house
    app.extensions["config"] = config
    app.extensions["packers"] = packers
    # The desk shows the booth's own page beside its editor; the faces do not import each other.
    app.extensions["booth_preview"] = booth.preview
    app.logger.setLevel(logging.WARNING)
    app.session_interface = StaffSessions()
    guard_hosts(app, config)
    if config.proxies:
        # The scheme alone: which address a phone has, the proxy keeps to itself; the name comes in the Host header.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=config.proxies)  # type: ignore[method-assign]
    speak(app)
    lend_words(app)
    lend_form_keys(app)
    set_limits(app)
    csrf = CSRFProtect(app)
    register_logins(app)
    for blueprint in (*booth.BLUEPRINTS, *desk.BLUEPRINTS, *board.BLUEPRINTS):
        app.register_blueprint(blueprint)
    for blueprint in booth.BLUEPRINTS:
        csrf.exempt(blueprint)
    app.add_url_rule("/health", "health", health, methods=["GET"])
    refuse_plainly(app)
    set_headers(app, config)
    check_routes(app)
    return app


def _finish_what_was_left(house: House) -> None:
    """Sweep, if this is our database. One that is away stops nobody.

    A worker may be born while the database is away; gunicorn takes a worker that cannot boot for a reason to stop them all.
    It says so on every page, and goes on when the database is back.
    """
    try:
        if not house.store.is_current():
            raise Unsafe("The database is of another release. Run: pingyi migrate")
        sweep(house)
    except Refused as refused:
        logging.getLogger("pingyi").warning("At the start: %s", refused.key)


def _folder(name: str) -> Path:
    """In the wheel beside this file, in a checkout beside the package."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parent / name
