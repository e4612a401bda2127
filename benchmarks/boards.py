"""The leader's side: a result page warm, a chart of 25 members cold and cached, over real HTTP."""

import re
import time
from http.cookiejar import CookieJar
from random import Random
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

from benchmarks.town import PASSWORD, Town, box, close_and_count, median_and_range, served, town
from survey import township
from survey.actions import ballots

PORT = 8793
MEMBERS = 25
PEOPLE = 42


def main() -> None:
    """Print the pages and charts of item 18."""
    with town(PORT) as place:
        first, *others = [_counted(place, f"第{number}党支部", number) for number in range(1, 6)]
        with served(place, PORT, workers=1) as server:
            url = server.url
            browser = logged_in(url)
            _ask(browser, f"{url}/board/meetings/{first}")
            warm = [_ask(browser, f"{url}/board/meetings/{first}") for _ in range(15)]
            print(f"18 result page of {MEMBERS} members, warm: {median_and_range(warm, 'ms', scale=1e3)}")
            _ask(browser, f"{url}/board/meetings/{first}/members.svg")
            for kind in ("svg", "png"):
                cold = [_ask(browser, f"{url}/board/meetings/{meeting}/members.{kind}") for meeting in others]
                print(f"18 chart of {MEMBERS} members, {kind}, cold: {median_and_range(cold, 'ms', scale=1e3)}")
                kept = [_ask(browser, f"{url}/board/meetings/{others[0]}/members.{kind}") for _ in range(15)]
                print(f"18 chart of {MEMBERS} members, {kind}, cached: {median_and_range(kept, 'ms', scale=1e3)}")


def _counted(place: Town, branch: str, seed: int) -> int:
    opened = box(place, branch, members=MEMBERS, people=PEOPLE)
    random = Random(seed)
    for code in opened.codes:
        ballots.cast(place.house, code, township.answers(opened.paper, random))
    close_and_count(place, opened)
    return opened.meeting


def logged_in(url: str) -> OpenerDirector:
    """A browser in which the secretary is logged in."""
    browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{url}/desk/login").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if token is None:
        raise SystemExit("The login page has no token.")
    fields = {"login": "secretary", "password": PASSWORD, "csrf_token": token[1]}
    browser.open(Request(f"{url}/desk/login", urlencode(fields).encode())).read()
    return browser


def _ask(browser: OpenerDirector, address: str) -> float:
    begun = time.perf_counter()
    with browser.open(address) as response:
        response.read()
    return time.perf_counter() - begun
