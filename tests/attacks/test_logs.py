"""Whatever a phone sends, and however the views fail: no code, address, path, device or word of it is in any log or file."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from gunicorn.config import Config as GunicornConfig
from sqlalchemy import text

from survey.actions.house import House
from survey.app import create_app, open_house
from survey.config import Config
from survey.domain.refusals import UnknownCode
from survey.domain.slips import pretty
from survey.server import QuietLogger
from survey.web.doors import Who, admits
from tests.attacks.servers import AGENT, PHONE, Server, serving
from tests.conftest import Hall, make_meeting, on_sqlite

WORD = "谁也不该看见的话"
CAST = {f"0.{q}": "0" for q in range(5)} | {"go": "cast"}


@dataclass(frozen=True)
class Hearing:
    """A served meeting of two groups; the papers of the second one are spoiled, so that its views raise."""

    server: Server
    hall: Hall
    codes: list[str]
    spoiled: list[str]

    @property
    def all_codes(self) -> list[str]:
        return [*self.codes, *self.spoiled]


@pytest.fixture
def hearing(config: Config, house: House) -> Iterator[Hearing]:
    hall = make_meeting(house)
    first, second = hall.codes
    with house.store.write() as db:
        db.execute(text("UPDATE papers SET body = '{' WHERE group_id = :group"), {"group": second})
    with serving(config) as server:
        yield Hearing(server, hall, hall.codes[first], hall.codes[second])


def well_meant(hearing: Hearing) -> Iterator[tuple[str, str, object, dict[str, str]]]:
    """What phones send every day, and what goes wrong by hand."""
    code, other = hearing.codes[:2]
    yield "GET", "/", None, {}
    yield "POST", "/", {"code": code}, {}
    yield "POST", "/", {"code": "0000-0000-0000"}, {}
    yield "GET", f"/b/{code}", None, {"Accept-Encoding": "gzip"}
    yield "POST", f"/b/{code}", {"0.0": "1"}, {}
    for _ in range(2):
        yield "POST", f"/b/{code}", {**CAST, "5.0": WORD}, {}
        yield "GET", f"/b/{code}/in", None, {}
    yield "GET", "/b/0000-0000-0000", None, {}
    yield "GET", f"/b/{other}/nothing/here", None, {}
    yield "PUT", f"/b/{other}", {"a": WORD}, {}
    yield "GET", f"/b//{other}", None, {}
    yield "GET", f"/m/{other}/{code}", None, {}
    yield "POST", f"/m/{other}/{code}", {"group": "1"}, {"Cookie": f"pingyi_ballot={code}"}
    yield "GET", f"/d/{other}", None, {}
    yield "POST", f"/d/{other}", {"group": "1"}, {"Cookie": f"pingyi_ballot={code}"}
    for spoiled in hearing.spoiled[:3]:
        yield "GET", f"/b/{spoiled}", None, {}
        yield "POST", f"/b/{spoiled}", CAST, {}


def ill_meant(hearing: Hearing) -> Iterator[tuple[str, str, object, dict[str, str]]]:
    """Bodies and headers that no browser sends, in requests that can still be read."""
    path = f"/b/{hearing.codes[2]}"
    kinds = ("text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "application/json; charset=\xff")
    for kind in kinds:
        for body in (b"", b"\xff\xfe\x00go=cast", b"--x\r\nContent-Disposition: form-data; name=", WORD.encode()):
            yield "POST", path, body, {"Content-Type": kind}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    yield "POST", path, b"0.0=%ff%fe&go=cast&\xed\xa0\x80=%zz", form
    yield "POST", path, b"0.0=" + b"x" * 300_000, form
    yield "POST", path, "&".join(f"{n}.0=1" for n in range(20_000)).encode(), form
    yield "GET", f"{path}?lang=%ed%a0%80&lang=xx&big=%00", None, {}
    yield "GET", f"/b/%ff%fe{hearing.codes[2]}%00", None, {}
    yield "GET", "/b/" + "0" * 3000, None, {}
    odd = ("gzip;q=abc", "gzip;q=1e400", ";;;q=,,", "\xff", "gzip;q=-1", "a" * 5000)
    for name in (
        "Accept-Encoding",
        "Accept-Language",
        "Cookie",
        "Range",
        "If-None-Match",
        "X-Forwarded-For",
        "Forwarded",
    ):
        for value in odd:
            yield "GET", path, None, {name: value}
    for host in ("", "[::", "a b", "\xff", "x" * 300, f"{hearing.codes[2]}.example:99999"):
        yield "GET", path, None, {"Host": host}


def malformed(hearing: Hearing) -> Iterator[tuple[bytes, ...]]:
    """Bytes that are hardly a request; the code stands in every one of them."""
    code = hearing.codes[3].encode()
    line = b"/b/" + code
    agent = b"User-Agent: " + AGENT.encode() + b"\r\n"
    host = b"Host: 127.0.0.1\r\n" + agent
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    yield (line + b"\r\n\r\n",)
    yield (b"GET " + line + b"\r\n\r\n",)
    yield (b"GET " + line + b" HTTP/9.9\r\n" + host + b"\r\n",)
    yield (b"G{T " + line + b" HTTP/1.1\r\n" + host + b"\r\n",)
    yield (b"GET " + line + b"?" + b"a" * 9000 + b" HTTP/1.1\r\n" + host + b"\r\n",)
    yield (b"GET " + line + b" HTTP/1.1\r\n" + host + b"X: " + b"a" * 20_000 + code + b"\r\n\r\n",)
    yield (b"GET " + line + b" HTTP/1.1\r\n" + b"".join(b"X-%d: " % n + code + b"\r\n" for n in range(300)) + b"\r\n",)
    yield (b"GET " + line + b" HTTP/1.1\r\n" + host + code + b"\r\n\r\n",)
    yield (b"GET " + line + b" HTTP/1.1\r\n" + host + b"X : " + code + b"\r\n\r\n",)
    yield (b"GET " + line + b"\x00\x01 HTTP/1.1\r\n" + host + b"\r\n",)
    yield (b"GET http://[" + code + line + b" HTTP/1.1\r\n" + host + b"\r\n",)
    yield (b"OPTIONS * HTTP/1.1\r\n" + host + b"\r\n",)
    yield (b"CONNECT " + code + b":443 HTTP/1.1\r\n" + host + b"\r\n",)
    yield (b"PROXY TCP4 " + PHONE.encode() + b" 127.0.0.1 1 2\r\nGET " + line + b" HTTP/1.1\r\n" + host + b"\r\n",)
    yield (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + code * 20,)
    post = b"POST " + line + b" HTTP/1.1\r\n" + host + form
    yield (post + b"Content-Length: abc\r\n\r\n" + code,)
    yield (post + b"Content-Length: -5\r\n\r\n" + code,)
    yield (post + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + code,)
    yield (post + b"Content-Length: 5000\r\n\r\n", b"0.0=0&go=cast&5.0=" + WORD.encode())
    yield (post + b"Transfer-Encoding: chunked\r\n\r\n", b"zz\r\n" + code + b"\r\n0\r\n\r\n")
    yield (post + b"Transfer-Encoding: chunked\r\n\r\n", b"50\r\n" + code)
    yield (post + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", b"5\r\n" + code)
    yield (post + b"Transfer-Encoding: " + code + b"\r\n\r\n",)
    yield (post + b"Expect: " + code + b"\r\nContent-Length: 3\r\n\r\n0.0",)


def secrets(hearing: Hearing) -> Iterator[bytes]:
    """What no file may hold."""
    for code in hearing.all_codes:
        for form in (code, pretty(code), code.lower(), pretty(code).lower()):
            yield form.encode()
    yield from (PHONE.encode(), AGENT.encode(), b"EvaluatorsPhone", b"/b/", b"/m/")
    yield from (WORD.encode(), WORD.encode("unicode_escape"))


def test_neither_logs_nor_files_know_anything_of_a_phone(hearing: Hearing, config: Config, tmp_path: Path) -> None:
    """Guards: survey.server.QuietLogger, web.booth.faults, web.faults; nothing else in this project may log a request."""
    server = hearing.server
    statuses = [server.ask(*each).status for each in well_meant(hearing)]
    assert {200, 303, 404, 405, 409, 500} <= set(statuses)
    for method, path, body, headers in ill_meant(hearing):
        server.ask(method, path, body, headers)
    for pieces in malformed(hearing):
        server.raw(*pieces)
        server.raw(*pieces, read=False)
    with away(config):
        statuses = [server.ask("POST", f"/b/{code}", CAST).status for code in hearing.codes[4:] for _ in range(3)]
        assert set(statuses) <= {500, 503}
    assert server.ask("GET", f"/b/{hearing.codes[5]}").status == 200
    log = server.stop()
    assert "Starting gunicorn" in log, "what the server says of itself is kept"
    assert "booth.ballot" in log and "JSONDecodeError" in log, "a raising view is named by its route and its type"
    assert "A request could not be handled" in log, "a malformed request is told by its kind"
    assert "Traceback" not in log
    (tmp_path / "log").write_text(log)
    for path in [tmp_path / "log", *(each for each in config.instance.rglob("*") if each.is_file())]:
        data = path.read_bytes()
        # The opinion's word is sealed and the meeting has not been counted, so the database may not hold it either.
        assert [secret for secret in secrets(hearing) if secret in data] == [], path.name


@contextmanager
def away(config: Config) -> Iterator[None]:
    """The table of slips is gone for a while, as when the database is being restored."""
    house = open_house(config)
    for old, new in (("slips", "slips_away"), ("slips_away", "slips")):
        with house.store.write() as db:
            db.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
        if new == "slips_away":
            yield
    house.store.close()


@on_sqlite
def test_a_database_that_is_rubbish_is_told_by_its_type_alone(config: Config, house: House) -> None:
    """Guards: the same, where the driver itself fails in every view and in the pages of the failures."""
    hall = make_meeting(house)
    made = [code for each in hall.codes.values() for code in each]
    house.store.close()
    with serving(config, workers=1) as server:
        assert server.ask("GET", f"/b/{made[0]}").status == 200
        for path in config.instance.glob("pingyi.db*"):
            shutil.copy(path, config.instance.parent)
            path.write_bytes(b"rubbish " * 4096)
        answers = [server.ask("POST", f"/b/{code}", CAST).status for code in made]
        answers += [server.ask("GET", f"/b/{code}").status for code in made]
        assert set(answers) <= {500, 503}
        log = server.stop().encode()
    hearing = Hearing(server, hall, made, [])
    assert [secret for secret in secrets(hearing) if secret in log] == []


def _raises(code: str = "") -> str:
    raise RuntimeError(f"something about {code}")


@pytest.mark.parametrize("handler", [None, UnknownCode])
def test_when_even_the_page_of_a_failure_fails_the_log_holds_no_address(
    config: Config, house: House, caplog: pytest.LogCaptureFixture, handler: type[Exception] | None
) -> None:
    """Guards: what Flask itself logs ("Exception on /b/… [GET]") when a handler or the last step of an answer raises."""
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    app: Flask = create_app(config, random=Random(1), testing=True)
    app.testing = False
    if handler is None:
        app.after_request(lambda _response: _raises(code))
    else:
        app.register_error_handler(handler, lambda _fault: _raises(code))
        app.add_url_rule("/x/<code>", "x", admits(Who.ANYONE)(_unknown))
    path = f"/b/{code}" if handler is None else f"/x/{code}"
    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get(path).status_code == 500
    assert "RuntimeError" in caplog.text
    assert code not in caplog.text and path not in caplog.text and "something about" not in caplog.text


def _unknown(code: str) -> str:
    raise UnknownCode(code=code)


def test_gunicorns_logger_says_nothing_of_a_request(capsys: pytest.CaptureFixture[str]) -> None:
    """Guards: survey.server.QuietLogger at every level, with the words gunicorn has for a request and its failures."""
    logger = QuietLogger(GunicornConfig())
    address = f"ip={PHONE} GET /b/SECRETCODE"
    for level in ("debug", "info", "warning", "error", "critical", "exception"):
        try:
            raise ValueError(address)
        except ValueError as fault:
            for words in ("Error handling request %s", "Invalid request from %s", "Socket error: %s"):
                getattr(logger, level)(words, address, exc_info=True)
            getattr(logger, level)(fault)
    logger.access(None, None, {"PATH_INFO": address}, None)
    logger.info("Booting worker with pid: %s", 7)
    said = "".join(capsys.readouterr())
    logger.error_log.handlers.clear()
    assert "SECRETCODE" not in said and PHONE not in said and "Traceback" not in said
    assert "ValueError" in said and "Booting worker with pid: 7" in said
