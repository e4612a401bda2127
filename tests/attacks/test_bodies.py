"""Too much, too odd, too slow: refused at once with a 4xx and a sentence, in process and on the real server."""

import socket
import time
from contextlib import ExitStack, suppress
from http.client import HTTPConnection

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions.house import House
from survey.config import Config
from survey.server import LONGEST_SILENCE
from survey.web.desk.imports import MOST_UPLOAD
from survey.web.limits import MOST_BODY, MOST_FIELDS, MOST_PARTS, MOST_QUERY
from tests.attacks.servers import PATIENCE, PHONE, Server, serving
from tests.attacks.visitors import Visitor
from tests.conftest import Hall, make_meeting, on_sqlite
from tests.web.desk.desks_for_tests import sit_down

pytestmark = on_sqlite
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
# Generous: a machine that runs ten other tests. What is parsed to the end takes many times longer.
AT_ONCE = 3.0
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'


def parts(n: int) -> bytes:
    return PART * n + b"--x--\r\n"


BODIES = {
    "one megabyte": (b"0.0=" + b"a" * (1 << 20), URLENCODED, 413),
    "one megabyte of words": ("3.0=长".encode() * 150_000, URLENCODED, 413),
    "100,000 fields": (b"&".join(b"%d=1" % i for i in range(100_000)), URLENCODED, 413),
    "100,000 fields without names": (b"&" * 100_000, URLENCODED, 413),
    "just too many fields": (b"a&" * MOST_FIELDS, URLENCODED, 413),
    "100,000 parts": (parts(100_000), MULTIPART, 413),
    "just too many parts": (parts(MOST_PARTS + 1), MULTIPART, 413),
    "a part without an end": (PART[:-2] + b"a" * 1000, MULTIPART, 400),
    "no boundary": (parts(2), "multipart/form-data", 400),
    "a boundary in Chinese": (parts(2), "multipart/form-data; boundary=界", 400),
    "a name of 200 KB": (b"a" * 200_000 + b"=1", URLENCODED, 400),
    "GB 18030": ("0.0=好".encode("gb18030"), URLENCODED, 400),
    "GB 18030 in percents": (b"0.0=%BA%C3", URLENCODED, 400),
    "said to be UTF-16": ("0.0=好".encode("utf-16"), URLENCODED + "; charset=utf-16", 415),
    "half a letter": (b"0.0=%ED%A0%80", URLENCODED, 400),
    "JSON": (b'{"0.0": "0"}', "application/json", 415),
    "plain text": (b"0.0=0", "text/plain", 415),
    "no type": (b"0.0=0", "", 415),
    "XML": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml", 415),
}


@pytest.fixture
def hall(house: House) -> Hall:
    return make_meeting(house)


def code(hall: Hall) -> str:
    return hall.codes[min(hall.codes)][0]


@pytest.mark.parametrize("name", BODIES)
def test_a_body_no_form_sends_is_refused_at_once(app: Flask, house: House, hall: Hall, name: str) -> None:
    body, kind, status = BODIES[name]
    clerk = sit_down(app, house, "secretary").client
    for client, path in (
        (app.test_client(), f"/b/{code(hall)}"), (app.test_client(), "/"), (app.test_client(), "/desk/login"),
        (clerk, "/desk/meetings/new"), (clerk, f"/desk/meetings/{hall.meeting}/void"), (clerk, "/desk/units/import/confirm"),
    ):  # fmt: skip
        start = time.monotonic()
        page = client.post(path, data=body, content_type=kind or None)
        assert time.monotonic() - start < AT_ONCE, path
        fits = {status} if name != "a name of 200 KB" or path.startswith("/b/") else {200, 303, 400, 413}
        if path == "/desk/login":
            # It takes along what was typed when a login ran out, and so takes more; a form without its token is a 400.
            fits = {status, 400}
        assert page.status_code in fits, (path, page.status)
        assert "。" in page.text and "<h1" in page.text
        if name.startswith(("GB 18030", "half")):
            assert "这个请求看不明白" in page.text, "refused for its letters, not for what they happen to say"
    assert hall.vote(code(hall)), "the slip is still good"


def test_the_upload_alone_takes_more_and_no_more_than_it_must(app: Flask, house: House, hall: Hall) -> None:
    clerk = sit_down(app, house, "secretary")
    token = Visitor("secretary", clerk.client, hall.secretary.role).token.encode()
    head = PART.replace(b'"a"\r\n\r\n1', b'"csrf_token"\r\n\r\n' + token) + PART.replace(b'"a"\r\n\r\n1\r\n', b'"file"; filename="a.csv"\r\n\r\n')
    for size, status, said in ((33 << 20, 400, "32 MB"), (MOST_UPLOAD + 1, 413, "内容太大")):
        start = time.monotonic()
        page = clerk.client.post("/desk/units/import", data=head + b"a" * size + b"\r\n--x--\r\n", content_type=MULTIPART)
        assert page.status_code == status and said in page.text
        assert time.monotonic() - start < 2 * AT_ONCE
    large = {name: most for name, view in app.view_functions.items() if (most := getattr(view, "most_body", MOST_BODY)) > MOST_BODY}
    lists = {"desk_units.preview", "desk_questionnaires.read_file", "board.checked", "desk_rounds.preview_scores"}
    assert {name for name, most in large.items() if most > 4 << 20} == lists
    assert large.keys() - lists == {
        "desk_staff.enter", "desk_questionnaires.save", "desk_questionnaires.save_question", "desk_questionnaires.save_scale",
        "desk_questionnaires.read_text", "desk_questionnaires.take",
    }  # fmt: skip


def odd(client: FlaskClient, **headers: str) -> int:
    return client.get("/desk/login", headers=headers).status_code


def test_long_addresses_and_odd_headers_are_no_fault(app: Flask, house: House, hall: Hall) -> None:
    client = app.test_client()
    for path in ("/", "/desk", "/desk/login", f"/b/{code(hall)}", "/board"):
        for query in ("a" * (MOST_QUERY + 1), "q=" + "%E8" * 100_000, "&" * 10_000):
            page = client.get(f"{path}?{query}")
            assert page.status_code == 414 and "。" in page.text, path
        assert client.get(path, query_string="lang=%ff&big=%00&page=" + "9" * 3000).status_code < 500
    wild = ("", "\xff\xfe", "a" * 8000, "=", ";;;", "*/*;q=nan", "gzip;q=1e999", "bytes=0-,-1", '"', "W/\"x\", *", "en;q=-1,zh;q=x", "1|\xe9")
    for name in (
        "Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range", "Cookie", "Referer", "Origin",
        "Content-Type", "X-Forwarded-For", "X-Forwarded-Proto", "X-HTTP-Method-Override", "X-CSRFToken", "Authorization", "User-Agent",
    ):  # fmt: skip
        for value in wild:
            assert odd(client, **{name: value}) == 200, (name, value)
    for value in wild:
        for cookie in ("remember_token", "pingyi_desk", "pingyi_ballot", "session"):
            other = app.test_client()
            assert other.get("/desk", headers={"Cookie": f"{cookie}={value}|{value}"}).status_code == 303, (cookie, value)
            assert other.get("/", headers={"Cookie": f"{cookie}={value}.{value}"}).status_code == 200
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "💥", "A" * 500):
        assert client.open("/desk/meetings/1", method=method).status_code in (303, 405), method


def test_a_remembered_login_that_nobody_was_given_opens_nothing(app: Flask, hall: Hall) -> None:
    for value in ("1|é", "1|" + "0" * 128, "|", "1", "é|é"):
        client = app.test_client()
        client.set_cookie("remember_token", value)
        assert client.get("/desk").status_code == 303


def ask(server: Server, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str]:
    """A request to the real server; it may close the door before it has read everything."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE, source_address=(PHONE, 0))
    try:
        connection.putrequest(method, path)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.send(body or b"")
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def test_the_real_server_refuses_the_same_and_goes_on(config: Config, hall: Hall) -> None:
    with serving(config, workers=1, threads=4) as server:
        for name in ("one megabyte", "100,000 fields", "100,000 parts", "GB 18030", "JSON"):
            body, kind, status = BODIES[name]
            for path in (f"/b/{code(hall)}", "/desk/login"):
                start = time.monotonic()
                got, page = ask(server, "POST", path, body, {"Content-Type": kind})
                assert got in ({status} if path != "/desk/login" else {status, 400}) and "。" in page, (name, path)
                assert time.monotonic() - start < AT_ONCE
        for path, headers, fits in (
            ("/?" + "a" * (MOST_QUERY + 1), {}, {414}),
            ("/?" + "a" * 100_000, {}, {400, 414}),
            ("/", {"X-Long": "a" * 100_000}, {400, 431}),
            ("/", {f"X-{i}": "a" for i in range(5000)}, {400, 431}),
            ("/", {"Cookie": "pingyi_desk=" + "a" * 7000}, {200}),
            ("/desk", {"Cookie": "remember_token=1|\xe9"}, {303}),
        ):
            got, _page = ask(server, "GET", path, None, headers)
            assert got in fits, (path[:20], got)
        # Chunks without a length: the limit is the same.
        chunks = b"".join(b"10000\r\n" + b"a" * 65536 + b"\r\n" for _ in range(16)) + b"0\r\n\r\n"
        head = f"POST /b/{code(hall)} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Type: {URLENCODED}\r\n\r\n"
        assert b" 413 " in server.raw(head.encode(), chunks).split(b"\r\n", 1)[0]
        # Whoever connects and says nothing keeps nobody else from voting: three times as many as there are threads.
        with ExitStack() as silent:
            for _ in range(12):
                silent.enter_context(socket.create_connection(("127.0.0.1", server.port), PATIENCE))
            start = time.monotonic()
            assert ask(server, "GET", f"/b/{code(hall)}", None, {})[0] == 200
            assert time.monotonic() - start < AT_ONCE
        # Whoever stops in the middle of a request is let go of after a while, and a thread is free again.
        with ExitStack() as slow:
            for _ in range(4):
                line = slow.enter_context(socket.create_connection(("127.0.0.1", server.port), PATIENCE))
                line.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le")
            start = time.monotonic()
            assert ask(server, "GET", f"/b/{code(hall)}", None, {})[0] == 200
            assert time.monotonic() - start < LONGEST_SILENCE + AT_ONCE
    assert hall.vote(code(hall))
    assert code(hall).encode() not in server.output and b"Traceback" not in server.output
