"""The list of trackers on a phone: looked through without a word to the server."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from survey.store import meetings
from tests.browser.conftest import DESK, PHONE, Served
from tests.conftest import make_meeting, on_sqlite


@on_sqlite
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["360", "1280"])
@pytest.mark.parametrize(("language", "there", "wrong"), [("zh-CN", "已经计入", "不在里面"), ("en-US", "was counted", "not there")])
def test_a_voter_finds_his_tracker_and_the_server_hears_nothing(
    served: Served, new_phone: Callable[..., BrowserContext], screen: dict[str, int], language: str, there: str, wrong: str
) -> None:
    hall = make_meeting(served.house)
    own, *others = (hall.vote(code) for each in hall.codes.values() for code in each)
    hall.close()
    hall.count()
    with served.house.store.read() as db:
        door = meetings.get(db, hall.meeting).door
    page = new_phone(viewport=screen, locale=language).new_page()
    page.goto(f"{served.url}/t/{door}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    rows, told = page.locator(".codes li:visible"), page.locator("#told")
    assert rows.count() == 1 + len(others)
    # As somebody types it who noted it by hand: small letters, the digit for the letter.
    page.locator("#find").fill(own.replace("O", "0").lower())
    expect(rows).to_have_count(1)
    expect(rows).to_have_text(f"{own[:5]}-{own[5:]}")
    expect(told).to_contain_text(there)
    page.locator("#find").fill("ZZZZZ-ZZZZZ")
    expect(told).to_contain_text(wrong)
    page.locator("#find").fill("")
    expect(rows).to_have_count(1 + len(others))
    assert not asked
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert not found.response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
