"""Under which names this server answers: those of the settings, itself, and without https the addresses of the hall's network."""

import re
from ipaddress import ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request
from flask_babel import gettext as _

from survey.config import Config
from survey.web.errors import Sentence
from survey.web.faults import page

_FOREIGN = "pingyi.foreign_host"
_ITSELF = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(:[0-9]{1,5})?", re.IGNORECASE)


def is_own(config: Config, header: str) -> bool:
    """Whether a Host header names this server.

    A foreign name means that somebody has pointed his own name at this server, to let browsers in the hall's network talk
    to it for his pages (DNS rebinding), or plays with addresses. An address of a private network needs no name and no
    list; so phones reach a server whose owner forgot to set PINGYI_URL. Under https only names on the list are good.
    """
    parts = _HOST.fullmatch(header)
    if parts is None:
        return False
    host = parts[1].lower().rstrip(".")
    if host in _ITSELF or host in config.names:
        return True
    try:
        return not config.is_https and not ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


class HostGuard:
    """Stands before the application: a foreign name must not reach what builds addresses, nor fail in it."""

    def __init__(self, app: WSGIApplication, config: Config) -> None:
        self._app = app
        self._config = config

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> object:
        """The request as it is, or marked as foreign and under our own name, so that it gets a page like any other."""
        if not is_own(self._config, environ.get("HTTP_HOST", "")):
            environ = {**environ, "HTTP_HOST": self._config.url.partition("://")[2], _FOREIGN: True}
        return self._app(environ, start_response)


def guard_hosts(app: Flask, config: Config) -> None:
    """Refuse every request under a foreign name with a sentence. To be called before anything else looks at requests."""
    app.wsgi_app = HostGuard(app.wsgi_app, config)  # type: ignore[method-assign, assignment]

    @app.before_request
    def refuse() -> Response | None:
        if _FOREIGN not in request.environ:
            return None
        where = _("请扫会场的二维码，或者输入工作人员给的网址：%(url)s。", url=config.url)
        return page(Sentence(400, _("网址不对"), where + _("管理员可以用 PINGYI_URL 和 PINGYI_HOSTS 设定网址。")))
