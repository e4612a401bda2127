"""The shipped nginx.conf, run: whole votes through it, and whatever a phone sends, no log and no disk knows of it."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.actions.house import House
from survey.app import open_house
from survey.config import Config, from_environment
from survey.store import results
from survey.web.headers import ALWAYS, UNDER_HTTPS
from tests.attacks.proxies import NAME, OFFICE, SHIPPED, Proxy, proxying
from tests.attacks.servers import AGENT, Server, serving
from tests.attacks.test_logs import CAST, WORD, Hearing, ill_meant, malformed, secrets, well_meant
from tests.conftest import PASSWORD, make_meeting, on_sqlite


@dataclass(frozen=True)
class Street:
    """nginx, the server behind it, and a meeting; the papers of its second group are spoiled, so that views raise."""

    proxy: Proxy
    server: Server
    hearing: Hearing

    @property
    def codes(self) -> list[str]:
        return self.hearing.codes


@contextmanager
def standing(folder: Path) -> Iterator[Street]:
    """A house of its own on SQLite; which database lies behind, no proxy can see."""
    config = from_environment(
        {
            "PINGYI_INSTANCE": str(folder / "instance"),
            "PINGYI_URL": f"https://{NAME}",
            "PINGYI_PROXIES": "1",
        }
    )
    house = open_house(config)
    house.store.upgrade()
    hall = make_meeting(house)
    first, second = hall.codes
    with house.store.write() as db:
        db.execute(text("UPDATE papers SET body = '{' WHERE group_id = :group"), {"group": second})
    with serving(config, workers=1) as server, proxying(folder / "nginx", server.port) as proxy:
        hearing = Hearing(proxy, hall, hall.codes[first], hall.codes[second])  # type: ignore[arg-type]
        yield Street(proxy, server, hearing)
    house.store.close()


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """For the tests that leave it standing."""
    with standing(tmp_path_factory.mktemp("street")) as made:
        yield made


def test_the_configuration_that_is_run_is_the_shipped_one_but_for_paths_and_ports(street: Street) -> None:
    """Guards: this file against testing something else than what people install."""
    back = street.proxy.configuration.read_text("utf-8")
    for old, new in reversed(street.proxy.exchanged.items()):
        assert re.fullmatch(r"(listen )?[\w./:-]+ ?", old) and re.fullmatch(r"(listen )?[\w./:-]+ ?", new)
        back = back.replace(new, old)
    assert back == SHIPPED.read_text("utf-8")


@on_sqlite
def test_a_whole_meeting_votes_through_it_and_no_log_has_a_line_of_it(
    config: Config, house: House, tmp_path: Path
) -> None:
    """Guards: access_log and error_log at the top of nginx.conf; the logs of staff show that they would work."""
    hall = make_meeting(house)
    served = replace(config, url=f"https://{NAME}", proxies=1)
    with serving(served, workers=1) as server, proxying(tmp_path / "nginx", server.port) as proxy:
        for code in [code for each in hall.codes.values() for code in each]:
            _vote(proxy, code)
        _log_in(proxy)
        # A line is written after its answer was sent, so the logs are read when nginx has ended.
        proxy.stop()
        said, log = proxy.said(), server.stop()
    assert len(_lines_of_staff(said)) == 3
    hall.close()
    hall.count()
    with house.store.read() as db:
        assert sum(row.returned for row in results.returned(db, hall.meeting)) == 12
    hearing = Hearing(server, hall, [code for each in hall.codes.values() for code in each], [])
    for name, data in {**said, "gunicorn": log.encode()}.items():
        assert [secret for secret in secrets(hearing) if secret in data] == [], name


def _lines_of_staff(said: dict[str, bytes]) -> list[bytes]:
    """Every line in any log, after it was seen that each of them speaks of the office's address."""
    lines = [line for data in said.values() for line in data.splitlines()]
    assert [line for line in lines if OFFICE.encode() not in line] == []
    return lines


def _vote(proxy: Proxy, code: str) -> None:
    """All that a phone asks for, by plain http first."""
    line = f"GET /b/{code} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()
    sent_on = proxy.raw(line, port=proxy.plain_port)
    assert b" 301 " in sent_on and f"Location: https://{NAME}/b/{code}".encode() in sent_on
    assert proxy.ask("POST", "/", {"code": code}).headers["Location"] == f"/b/{code}"
    page = proxy.ask("GET", f"/b/{code}")
    assert page.status == 200 and "<form" in page.body
    assert {**ALWAYS, **UNDER_HTTPS}.keys() <= page.headers.keys(), "what the application says passes"
    done = proxy.ask("POST", f"/b/{code}", CAST)
    assert (done.status, done.headers["Location"]) == (303, f"/b/{code}/in")
    assert proxy.ask("GET", f"/b/{code}/in").status == 200
    assert proxy.ask("POST", f"/b/{code}", CAST).status == 409


def _log_in(proxy: Proxy) -> None:
    page = proxy.ask("GET", "/desk/login", origin=OFFICE)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.body)
    assert token is not None
    cookie = {"Cookie": page.headers["Set-Cookie"].partition(";")[0]}
    fields = {"login": "secretary", "password": PASSWORD, "csrf_token": token[1]}
    done = proxy.ask("POST", "/desk/login", fields, cookie, origin=OFFICE)
    assert done.status == 303 and "; Secure" in done.headers["Set-Cookie"]
    cookie = {"Cookie": done.headers["Set-Cookie"].partition(";")[0]}
    assert proxy.ask("GET", "/desk", headers=cookie, origin=OFFICE).status == 200


def test_whatever_a_phone_sends_no_log_of_the_proxy_has_a_line_of_it(tmp_path: Path) -> None:
    """Guards: the same for requests nobody can read, bodies that are too large, foreign names, and an upstream that fails."""
    with standing(tmp_path) as street:
        _send_everything(street)


def _send_everything(street: Street) -> None:
    proxy = street.proxy
    statuses = {proxy.ask(*each).status for each in [*well_meant(street.hearing), *ill_meant(street.hearing)]}
    assert {200, 303, 400, 404, 405, 409, 413, 500} <= statuses
    for pieces in malformed(street.hearing):
        for port in (0, proxy.port, proxy.plain_port):
            proxy.raw(*pieces, port=port)
            proxy.raw(*pieces, read=False, port=port)
    log = street.server.stop()
    down = [proxy.ask(method, f"/b/{street.codes[4]}", CAST) for method in ("GET", "POST")]
    for answer in down:
        assert answer.status == 503 and "您投过的票都在票箱里" in answer.body and "nginx" not in answer.body
    assert proxy.ask("GET", "/desk/login", origin=OFFICE).status == 503
    proxy.stop()
    said = proxy.said()
    assert len(_lines_of_staff(said)) == 1
    assert b"Connection refused" in said["pingyi-staff-error.log"], "where staff are concerned it is told"
    for name, data in {**said, "gunicorn": log.encode()}.items():
        assert [secret for secret in secrets(street.hearing) if secret in data] == [], name


def test_what_the_proxy_says_itself_is_a_sentence_with_every_header(street: Street) -> None:
    """Guards: error_page and add_header; a page of nginx's own would come without them."""
    path = f"/b/{street.codes[0]}"
    asked = {
        404: ("GET", "/health", None, {}),
        413: ("POST", path, b"0.0=" + b"x" * 300_000, {}),
        400: ("GET", path, None, {"X-Long": "x" * 40_000}),
    }
    for status, each in asked.items():
        answer = street.proxy.ask(*each)
        assert answer.status == status and "。</p>" in answer.body and "<hr>" not in answer.body
        wanted = set(ALWAYS) - {"Permissions-Policy", "Cross-Origin-Resource-Policy"} | {"Strict-Transport-Security"}
        assert wanted <= answer.headers.keys() and "unsafe" not in answer.headers["Content-Security-Policy"]
    for line in (b"GET / HTTP/9.9\r\n\r\n", b"G{T / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"):
        assert b"<hr>" not in street.proxy.raw(line)


def test_no_body_touches_a_disk_on_its_way(street: Street) -> None:
    """Guards: client_body_buffer_size over client_max_body_size, proxy_max_temp_file_size 0: the folders are shut here."""
    large = {"0.0": "0", "5.0": WORD * 1000, "go": "cast"}
    for code in street.codes[:2]:
        answer = street.proxy.ask("POST", f"/b/{code}", large)
        assert answer.status == 400 and "全部意见合起来" in answer.body
    pieces = b"4\r\n5.0=\r\n" + (b"4000\r\n" + b"x" * 0x4000 + b"\r\n") * 15 + b"0\r\n\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close"
    head = f"POST /b/{street.codes[2]} HTTP/1.1\r\nHost: {NAME}\r\n{kind}\r\n\r\n".encode()
    with street.proxy.connect() as line:
        line.sendall(head + pieces)
        assert "全部意见合起来" in line.makefile("rb").read().decode(), "the program has read it all and answers"
    upload = street.proxy.ask("POST", "/desk/units/preview", b"x" * 300_000, origin=OFFICE)
    assert upload.status == 503, "a body that is larger than its buffer fails here, so the folders are shut indeed"


def test_a_hall_behind_one_address_is_not_held_back_but_passwords_are(street: Street) -> None:
    """Guards: limit_req stands at the login alone."""
    connection = HTTPSConnection(NAME, context=street.proxy.context)
    connection.sock = street.proxy.connect()
    statuses = set()
    for _ in range(150):
        connection.request("GET", f"/b/{street.codes[0]}", headers={"User-Agent": AGENT})
        with connection.getresponse() as response:
            response.read()
            statuses.add(response.status)
    connection.close()
    assert statuses == {200}
    # On a slow machine some seconds pass and give new tries; whoever guesses in a row is stopped all the same.
    tries = (street.proxy.ask("POST", "/desk/login", {"login": "x"}, origin=OFFICE) for _ in range(200))
    stopped = next(answer for answer in tries if answer.status != 400)
    assert stopped.status == 429 and "请等一分钟再登录" in stopped.body


def test_recorded_traffic_cannot_be_read_with_the_key_of_the_certificate(street: Street) -> None:
    """Guards: ssl_ciphers and ssl_session_tickets: only key agreements that leave nothing to steal."""
    for ciphers, is_taken in (("ECDHE-RSA-AES128-GCM-SHA256", True), ("AES128-GCM-SHA256", False)):
        context = ssl.create_default_context(cadata=ssl.DER_cert_to_PEM_cert(_certificate(street.proxy)))
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(ciphers)
        if is_taken:
            with street.proxy.connect(context=context) as line:
                assert line.session is None or not line.session.has_ticket
        else:
            with pytest.raises(ssl.SSLError):
                street.proxy.connect(context=context)


def _certificate(proxy: Proxy) -> bytes:
    with proxy.connect() as line:
        found = line.getpeercert(binary_form=True)
    assert found is not None
    return found


def test_the_application_learns_nothing_of_the_phone(street: Street) -> None:
    """Guards: proxy_set_header in nginx.conf: forged forwarding headers end at the proxy, true ones are not made."""
    told = dict.fromkeys(
        ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Host", "X-Forwarded-Prefix"), "evil"
    )
    answer = street.proxy.ask("GET", "/", headers=told)
    assert answer.status == 200 and "evil" not in answer.body
    foreign = street.proxy.ask("GET", "/", headers={"Host": "evil.example"})
    assert foreign.status == 400 and f"https://{NAME}" in foreign.body
    sent = re.findall(r"proxy_set_header (\S+) (.+);", SHIPPED.read_text("utf-8"))
    assert {name for name, value in sent if value != '""'} == {"Host", "X-Forwarded-Proto", "Connection"}
    assert {"User-Agent", "Referer", *told} <= {name for name, value in sent if value == '""'}
