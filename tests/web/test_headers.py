"""The headers of every answer of every face, the names the server answers to, and what it believes of a proxy."""

import re
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from random import Random

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey.actions import screens
from survey.actions.house import House
from survey.app import create_app, open_house
from survey.config import Config
from survey.domain.meetings import Entry
from survey.server import options
from survey.store import meetings
from survey.web.doors import Who, admits, now
from survey.web.headers import UNDER_HTTPS
from tests.conftest import PASSWORD, make_meeting, on_sqlite

HTTPS = "https://vote.example.org"


@pytest.fixture
def secure(make_config: Callable[..., Config], house: House) -> Flask:
    """The application as its phones reach it by https, behind one proxy."""
    config = make_config(house.store.url.render_as_string(hide_password=False), HTTPS)
    return create_app(config_with(config, proxies=1), random=Random(8), testing=True)


def config_with(config: Config, **changes: object) -> Config:
    fields = {name: getattr(config, name) for name in Config.__dataclass_fields__}
    return Config(**{**fields, **changes})


def log_in(app: Flask, login: str | None, base: str = "http://localhost") -> FlaskClient:
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = base.partition(":")[0]
    if login:
        page = client.get("/desk/login", base_url=base).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        fields = {"login": login, "password": PASSWORD, "csrf_token": token[1]}
        done = client.post("/desk/login", data=fields, base_url=base)
        assert done.status_code == 303, done.text
    return client


def addresses(app: Flask, meeting: int, code: str) -> Iterator[tuple[str, str]]:
    """Every rule with things there are and things there are not, by every method it knows."""
    for rule in app.url_map.iter_rules():
        for values in ({"code": code, "meeting_id": meeting}, {}):
            path = _filled(rule, values)
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                yield method, path
    yield from (
        ("GET", "/nowhere"),
        ("DELETE", "/"),
        ("PUT", "/desk/"),
        ("OPTIONS", "/"),
        ("HEAD", "/desk/login"),
        ("GET", "/static/nothing.css"),
    )


def _filled(rule: Rule, values: dict[str, object]) -> str:
    numbers = {name for name, converter in rule._converters.items() if type(converter).__name__ == "IntegerConverter"}
    known = {"filename": "tokens.css", **values}
    return re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda m: str(known.get(m[1], 1 if m[1] in numbers else "x1")), rule.rule)


def check(answer: TestResponse, where: str, *, https: bool) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy, where
    assert "unsafe" not in policy and "*" not in policy and "http:" not in policy, where
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer", where
    assert headers["X-Frame-Options"] == "DENY" and "geolocation=()" in headers["Permissions-Policy"], where
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin", where
    kept = headers["Cache-Control"]
    assert kept == "no-store" or (answer.request.path == "/static/tokens.css" and kept == "no-cache"), where
    assert ({*UNDER_HTTPS} <= {*headers.keys()}) is https, where
    assert len(headers.getlist("Content-Security-Policy")) == len(headers.getlist("Cache-Control")) == 1, where


@pytest.mark.parametrize(
    ("login", "base"),
    [(None, "http://localhost"), ("leader", "http://localhost"), (None, HTTPS), ("admin", HTTPS)],
)
@on_sqlite
def test_every_answer_of_every_route_carries_every_header(
    app: Flask, secure: Flask, house: House, login: str | None, base: str
) -> None:
    """Guards: web.headers.set_headers and web.booth.pages.sealed, over the url_map, for every role, with and without https."""
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    served = secure if base == HTTPS else app
    client = log_in(served, login, base)
    seen = set()
    for method, path in addresses(served, hall.meeting, code):
        if path == "/desk/logout":
            continue
        with client.open(path, method=method, base_url=base) as answer:
            check(answer, f"{method} {path} as {login}", https=base == HTTPS)
            seen.add(answer.status_code)
    assert {200, 400, 404, 405} <= seen and (login is not None or 303 in seen)


@on_sqlite
def test_a_fault_of_ours_carries_the_headers_too(app: Flask, secure: Flask) -> None:
    for served, base in ((app, "http://localhost"), (secure, HTTPS)):
        served.testing = False
        served.config["PROPAGATE_EXCEPTIONS"] = False
        served.add_url_rule("/broken", "broken", admits(Who.ANYONE)(_broken))
        answer = served.test_client().get("/broken", base_url=base)
        assert answer.status_code == 500
        check(answer, "/broken", https=base == HTTPS)


def _broken() -> str:
    raise ZeroDivisionError


@on_sqlite
def test_the_cookie_of_staff_is_for_https_and_for_no_script(app: Flask, secure: Flask, house: House) -> None:
    """Guards: SESSION_COOKIE_* in create_app. Logging in under https also needs no Referer, which no page of ours sends."""
    make_meeting(house)
    for served, base, login in ((app, "http://localhost", "secretary"), (secure, HTTPS, "secretary")):
        with log_in(served, None, base) as client:
            page = client.get("/desk/login", base_url=base)
        (cookie,) = SimpleCookie(page.headers["Set-Cookie"]).values()
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"]
        assert bool(cookie["secure"]) is (base == HTTPS)
        assert log_in(served, login, base).get("/desk", base_url=base).status_code == 200


@on_sqlite
def test_the_cookie_of_open_mode_is_for_https_and_for_no_script(app: Flask, secure: Flask, house: House) -> None:
    """Guards: set_cookie in web.booth.screens.take."""
    hall = make_meeting(house, entry=Entry.SCREEN)
    with house.store.read() as db:
        meeting = meetings.get(db, hall.meeting)
    for served, base in ((app, "http://localhost"), (secure, HTTPS)):
        path = f"/m/{meeting.door}/{screens.turn(house, meeting.door, now())}"
        taken = served.test_client().post(path, data={"group": str(meeting.groups[0].id)}, base_url=base)
        (cookie,) = SimpleCookie(taken.headers["Set-Cookie"]).values()
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == f"/m/{meeting.door}"
        assert bool(cookie["secure"]) is (base == HTTPS)


@on_sqlite
def test_a_file_is_kept_under_its_digest_and_asked_for_again_without_it(app: Flask) -> None:
    """Guards: web.headers.digest in every address of a file and in its Cache-Control."""
    client = app.test_client()
    page = client.get("/desk/login").text
    marked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(marked) >= 2
    for path in marked:
        assert re.fullmatch(r"/static/[\w./-]+\?v=[0-9a-f]{12}", path)
        with client.get(path) as answer:
            assert (
                answer.status_code == 200 and answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            )
            assert "Set-Cookie" not in answer.headers
    for path in (marked[0].partition("?")[0], marked[0][:-1], marked[0] + "0"):
        with client.get(path) as answer:
            assert answer.headers["Cache-Control"] == "no-cache", path


FOREIGN = (
    "evil.example", "8.8.8.8", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:8000", "[2001:db8::g]",
    "[2606:4700::1]", "localhost@evil.example", "localhost, evil.example", "a b", "", "x" * 300, "[::", "127.0.0.1:99999999",
)  # fmt: skip


@on_sqlite
def test_a_foreign_name_gets_one_sentence_and_nothing_else(app: Flask, house: House) -> None:
    """Guards: web.hosts; no foreign name comes near a view, an address or a page."""
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    client = app.test_client()
    for host in FOREIGN:
        for method in ("GET", "POST"):
            for path in ("/", f"/b/{code}", "/desk/login", "/health", "/static/tokens.css"):
                fields = {"0.0": "0", "go": "cast"} if method == "POST" else None
                answer = client.open(path, method=method, headers={"Host": host}, data=fields)
                assert answer.status_code == 400, f"{method} {path} at {host!r}"
                assert (
                    "网址不对" in answer.text and "http://127.0.0.1:8000" in answer.text and "evil" not in answer.text
                )
                assert "Set-Cookie" not in answer.headers
                check(answer, path, https=False)
    assert hall.vote(code), "the slip was not spent"


OWN = (
    "localhost",
    "127.0.0.1:8000",
    "[::1]:8000",
    "192.168.1.5:8000",
    "10.0.0.8",
    "[fe80::1]",
    "LOCALHOST",
    "localhost.",
)


@on_sqlite
def test_the_hall_reaches_the_server_by_its_address(app: Flask) -> None:
    statuses = {host: app.test_client().get("/", headers={"Host": host}).status_code for host in OWN}
    assert set(statuses.values()) == {200}, statuses


@on_sqlite
def test_under_https_only_names_of_the_settings_are_good(make_config: Callable[..., Config], house: House) -> None:
    config = make_config(house.store.url.render_as_string(hide_password=False), HTTPS)
    app = create_app(config_with(config, hosts=("pingyi.example.cn",)), random=Random(7), testing=True)
    statuses = {
        host: app.test_client().get("/", headers={"Host": host}).status_code
        for host in (
            "vote.example.org",
            "VOTE.example.org:443",
            "pingyi.example.cn",
            "127.0.0.1",
            "192.168.1.5",
            "x.example.org",
        )
    }
    assert [host for host, status in statuses.items() if status != 200] == ["192.168.1.5", "x.example.org"]


@pytest.mark.parametrize(("proxies", "believed"), [(0, False), (1, True)])
@on_sqlite
def test_a_proxy_is_believed_only_when_the_settings_say_so_and_never_about_addresses(
    config: Config, house: House, proxies: int, believed: bool
) -> None:
    """Guards: ProxyFix in create_app, for the scheme alone."""
    app = create_app(config_with(config, proxies=proxies), random=Random(7), testing=True)
    app.add_url_rule("/seen", "seen", admits(Who.ANYONE)(_seen))
    told = {
        "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "1", "Forwarded": "for=198.51.100.7;host=evil.example;proto=https",
    }  # fmt: skip
    seen = app.test_client().get("/seen", headers=told).json
    assert seen == {"secure": believed, "address": "127.0.0.1", "host": "localhost", "root": ""}


def _seen() -> dict[str, object]:
    return {
        "secure": request.is_secure,
        "address": request.remote_addr,
        "host": request.host,
        "root": request.script_root,
    }


def test_gunicorn_believes_no_proxy_by_itself() -> None:
    """Guards: options in survey.server. By default it takes X-Forwarded-Proto from everybody on the same machine."""
    given = options("127.0.0.1:0", workers=1, threads=1)
    assert (
        given["forwarded_allow_ips"] == "" and given["secure_scheme_headers"] == {} and not given["forwarder_headers"]
    )


@on_sqlite
def test_health_says_whether_the_database_answers_and_nothing_else(config: Config) -> None:
    opened = open_house(config)
    opened.store.upgrade()
    opened.store.close()
    app = create_app(config)
    client = app.test_client()
    answer = client.get("/health")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")
    app.extensions["house"].store.close()
    config.instance.rename(config.instance.with_name("unplugged"))
    answer = client.get("/health")
    assert (answer.status_code, answer.text, answer.mimetype) == (503, "away\n", "text/plain")
