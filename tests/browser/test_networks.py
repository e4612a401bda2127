"""A bad network: a ballot begun on ten kilobytes, a dead minute, a crash, and what is left on the phone after sending."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, expect

from survey.actions import ballots
from tests.browser.conftest import Served
from tests.browser.test_ballots import WORDS, fill_in, first_code, in_box, kept, see_thanks, send, to_review
from tests.conftest import on_sqlite
from tests.web.booth.halls import make_hall

FIRST_BYTES = 10 * 1024


@contextmanager
def trickling(served: Served, code: str) -> Iterator[tuple[str, threading.Event]]:
    """A server that sends the first ten kilobytes of the ballot and the rest when it is told to."""
    answer = served.app.test_client().get(f"/b/{code}", headers={"Accept-Encoding": "gzip", "Accept-Language": "zh-CN"})
    head = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items() if name != "Connection")
    whole = f"HTTP/1.1 200 OK\r\n{head}Connection: close\r\n\r\n".encode() + answer.data
    assert len(whole) > FIRST_BYTES
    rest, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))

    def answer_to(line: socket.socket) -> None:
        with line:
            # A browser opens a connection in reserve and never asks on it.
            if line.recv(65536):
                line.sendall(whole[:FIRST_BYTES])
                rest.wait(60)
                line.sendall(whole[FIRST_BYTES:])

    def listen() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer_to, args=(line,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/b/{code}", rest
    rest.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@on_sqlite
def test_ten_kilobytes_are_enough_to_begin_and_what_was_chosen_then_counts(served: Served, phone: Page) -> None:
    with trickling(served, first_code(make_hall(served.house, n=24))) as (address, rest):
        phone.goto(address, wait_until="commit")
        for question in range(5):
            phone.locator("#t0 .scale").nth(question).locator("label").first.click()
        phone.locator("#t5 .scale").first.locator("label").nth(2).click()
        assert phone.locator(":checked").count() == 6
        assert phone.locator("#t0 .scale label").first.bounding_box()["height"] >= 48, "with its style"  # type: ignore[index]
        assert phone.locator(".same").count() == 0, "the script is not here yet"
        rest.set()
        expect(phone.locator(".far p")).to_contain_text("已评 1 / 25")
        assert phone.locator(":checked").count() == 6


@on_sqlite
def test_what_was_chosen_is_kept_at_once_whatever_ends_the_page(served: Served, phone: Page) -> None:
    """A locked screen, an app that is swept away, an empty battery: the page is not told, and had nothing left to do."""
    code = first_code(make_hall(served.house, n=3))
    phone.goto(served.ballot(code))
    fill_in(phone, but=2)
    phone.locator("textarea").fill(WORDS)
    phone.wait_for_function("words => (localStorage.getItem(Object.keys(localStorage)[0]) || '').includes(JSON.stringify(words))", arg=WORDS)
    phone.evaluate("window.addEventListener('pagehide', event => event.stopImmediatePropagation(), true)")
    marked = phone.locator(":checked").count()
    after = phone.context.new_page()
    after.goto(served.ballot(code))
    assert after.locator(":checked").count() == marked
    assert after.locator("textarea").input_value() == WORDS


def test_a_dead_minute_while_sending_ends_with_the_same_tracker(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    phone.clock.install()
    phone.goto(served.ballot(code))
    fill_in(phone)
    to_review(phone)
    phone.context.set_offline(True)
    send(phone)
    for _ in range(4):
        phone.clock.run_for(15_000)
        expect(phone.locator("#say")).to_contain_text("会自动再试")
    assert in_box(hall) == 0 and kept(phone) == [f"pingyi:{code}"]
    phone.context.set_offline(False)
    phone.clock.run_for(15_000)
    see_thanks(phone, hall, code)
    shown = phone.locator(".ticket code").inner_text()
    phone.reload()
    expect(phone.locator(".ticket code")).to_have_text(shown)
    assert shown.replace("-", "") == ballots.look(hall.house, code).tracker


@on_sqlite
def test_after_sending_nothing_of_the_ballot_can_be_read_on_the_device(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    wire: Any = phone.context.new_cdp_session(phone)
    phone.goto(served.ballot(code))
    fill_in(phone)
    phone.locator("textarea").fill(WORDS)
    to_review(phone)
    send(phone)
    see_thanks(phone, hall, code)
    assert phone.evaluate("[localStorage.length, sessionStorage.length, document.cookie, JSON.stringify(history.state)]") == [0, 0, "", "null"]
    assert phone.evaluate("caches.keys().catch(() => [])") == []
    usage = wire.send("Storage.getUsageAndQuota", {"origin": served.url})
    assert [each for each in usage["usageBreakdown"] if each["storageType"] in ("indexeddb", "cache_storage", "service_workers") and each["usage"]] == []
    said = WORDS.split("\n", maxsplit=1)[0]
    assert said not in phone.content()
    for way in ("back", "forward", "back"):
        phone.evaluate(f"history.{way}()")
        expect(phone.locator("main[data-page]")).to_be_visible()
        assert phone.locator("#ballot, :checked, textarea").count() == 0
        assert said not in phone.content()
    for each in wire.send("Page.getNavigationHistory")["entries"]:
        assert each["url"] == "about:blank" or each["url"].startswith(served.ballot(code)), each
        assert said not in str(each)
