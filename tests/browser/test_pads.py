"""A tablet that goes from hand to hand: nothing of the last voter in history, form, storage or behind the back button."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import ballots
from tests.browser.conftest import Served
from tests.browser.test_ballots import fill_in, in_box, send, to_review
from tests.conftest import Hall, on_sqlite
from tests.web.booth.halls import make_hall

TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def tablet(new_phone: Callable[..., BrowserContext]) -> Page:
    return new_phone(viewport=TABLET).new_page()


def type_code(page: Page, code: str) -> None:
    page.locator("#code").fill(code)
    page.get_by_role("button", name="开始评议").click()


def entries(page: Page) -> list[str]:
    """Every address this tab could go back or forward to."""
    wire: Any = page.context.new_cdp_session(page)
    return [entry["url"] for entry in wire.send("Page.getNavigationHistory")["entries"]]


def remembered(page: Page) -> list[str]:
    """What a next voter could find: storage, what history carries, cookies, what stands in the field."""
    left: list[str] = page.evaluate(
        """async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), JSON.stringify(history.state),
        document.cookie, ...await caches.keys().catch(() => []), document.getElementById('code').value].filter(each => each && each !== 'null')"""
    )
    return left + [str(cookie) for cookie in page.context.cookies()]


def two_codes(hall: Hall) -> tuple[str, str]:
    first, second, *_ = next(iter(hall.codes.values()))
    return first, second


def test_two_voters_share_a_tablet_and_the_second_finds_nothing_of_the_first(served: Served, tablet: Page) -> None:
    hall = make_hall(served.house, n=3)
    codes = two_codes(hall)
    tablet.goto(f"{served.url}/pad")
    for number, code in enumerate(codes, start=1):
        type_code(tablet, code)
        expect(tablet.locator(".far p")).to_contain_text("已评 0 / 4")
        assert tablet.locator(":checked").count() == 0
        assert tablet.url == f"{served.url}/pad", "the code is not in the address"
        tablet.get_by_role("link", name="长辈版").click()
        tablet.get_by_role("link", name="标准版").click()
        fill_in(tablet)
        tablet.locator("textarea").fill("路灯坏了")
        assert tablet.evaluate("Object.keys(localStorage)") == ["pingyi-big"], "no draft on a shared device"
        to_review(tablet)
        send(tablet)
        expect(tablet.get_by_role("heading", name="已投入票箱，谢谢您")).to_be_visible()
        tracker = ballots.look(hall.house, code).tracker or ""
        expect(tablet.locator(".ticket code")).to_have_text(f"{tracker[:5]}-{tracker[5:]}")
        expect(tablet.locator(".ticket")).to_contain_text("请抄下")
        assert "截屏" not in tablet.locator("main").inner_text(), "a picture would stay for the next one"
        assert tablet.url == f"{served.url}/pad" and in_box(hall) == number
        assert tablet.locator("a:not([data-big])").count() == 0, "nothing leads away from here but the button"
        tablet.get_by_role("button", name="换下一位").click()
        expect(tablet.locator("#code")).to_be_focused()
        assert remembered(tablet) == []
        assert {*entries(tablet)} <= {"about:blank", f"{served.url}/pad"}
    # Behind the back button there is the code page, however far one goes.
    for _ in range(4):
        tablet.evaluate("history.back()")
        tablet.wait_for_load_state()
        if tablet.url == "about:blank":
            break
        expect(tablet.locator("#code")).to_be_visible()
        assert remembered(tablet) == []
        assert tablet.locator(".ticket, #ballot").count() == 0


def test_a_reload_in_the_middle_asks_for_the_code_again_and_the_slip_is_still_good(served: Served, tablet: Page) -> None:
    hall = make_hall(served.house, n=2)
    code, _ = two_codes(hall)
    tablet.goto(f"{served.url}/pad")
    type_code(tablet, code)
    fill_in(tablet)
    tablet.reload()
    expect(tablet.locator("#code")).to_have_value("")
    type_code(tablet, code)
    expect(tablet.locator(".far p")).to_contain_text("已评 0 / 3")
    assert in_box(hall) == 0


@on_sqlite
def test_the_thanks_go_by_themselves_and_a_touch_gives_more_time(served: Served, tablet: Page) -> None:
    hall = make_hall(served.house, n=1)
    tablet.clock.install()
    tablet.goto(f"{served.url}/pad")
    type_code(tablet, two_codes(hall)[0])
    to_review(tablet)
    send(tablet)
    expect(tablet.locator(".ticket")).to_be_visible()
    tablet.clock.run_for(30_000)
    expect(tablet.locator("main")).to_contain_text("15 秒后回到输入票签码")
    tablet.locator(".ticket").click()
    tablet.clock.run_for(30_000)
    expect(tablet.locator(".ticket")).to_be_visible()
    tablet.clock.run_for(16_000)
    expect(tablet.locator("#code")).to_be_visible()
    assert remembered(tablet) == []


@on_sqlite
def test_a_ballot_left_lying_is_cleared_after_a_warning(served: Served, tablet: Page) -> None:
    hall = make_hall(served.house, n=2)
    tablet.clock.install()
    tablet.goto(f"{served.url}/pad")
    type_code(tablet, two_codes(hall)[0])
    fill_in(tablet)
    tablet.clock.run_for(170_000)
    expect(tablet.locator("#hand")).to_be_hidden()
    tablet.clock.run_for(15_000)
    expect(tablet.locator("#hand")).to_contain_text("一分钟后清空")
    tablet.get_by_role("button", name="我还在填").click()
    expect(tablet.locator("#hand")).to_be_hidden()
    assert tablet.locator(":checked").count() == 15
    tablet.clock.run_for(245_000)
    expect(tablet.locator("#code")).to_have_value("")
    assert remembered(tablet) == [] and in_box(hall) == 0


@on_sqlite
def test_while_a_ballot_is_on_its_way_nothing_is_cleared(served: Served, tablet: Page) -> None:
    hall = make_hall(served.house, n=1)
    tablet.clock.install()
    tablet.goto(f"{served.url}/pad")
    type_code(tablet, two_codes(hall)[0])
    to_review(tablet)
    tablet.context.set_offline(True)
    send(tablet)
    expect(tablet.locator("#say")).to_contain_text("会自动再试")
    tablet.clock.run_for(600_000)
    expect(tablet.locator("#say")).to_contain_text("会自动再试")
    tablet.context.set_offline(False)
    tablet.clock.run_for(20_000)
    expect(tablet.locator(".ticket")).to_be_visible()
    assert in_box(hall) == 1


@on_sqlite
def test_a_used_code_and_a_wrong_one_lead_back_to_the_code_page(served: Served, tablet: Page) -> None:
    hall = make_hall(served.house, n=1)
    code, _ = two_codes(hall)
    hall.vote(code)
    tablet.goto(f"{served.url}/pad")
    type_code(tablet, "7K4M")
    expect(tablet.get_by_role("alert")).to_contain_text("这里有 4 位")
    expect(tablet.locator("#code")).to_have_value("7K4M")
    type_code(tablet, code)
    expect(tablet.get_by_role("heading", name="这张票签已经用过")).to_be_visible()
    tablet.get_by_role("button", name="换下一位").click()
    expect(tablet.locator("#code")).to_have_value("")
    assert {*entries(tablet)} <= {"about:blank", f"{served.url}/pad"}


@on_sqlite
def test_one_tap_turns_the_ballot_to_english_and_the_next_voter_finds_the_tablets_own_language(served: Served, tablet: Page) -> None:
    """Guards: `home` in survey.web.booth.pages and hand.js: neither the address, the history nor the next page keeps a voter's language."""
    hall = make_hall(served.house, n=3)
    first, second = two_codes(hall)
    addresses = {"about:blank", f"{served.url}/pad", f"{served.url}/pad?lang=zh"}
    tablet.goto(f"{served.url}/pad?lang=zh")
    type_code(tablet, first)
    fill_in(tablet)
    tablet.locator("textarea").fill("路灯坏了")
    chosen = tablet.locator(":checked").count()
    tablet.get_by_role("button", name="English").click()
    expect(tablet.get_by_role("button", name="Check and submit")).to_be_visible()
    assert tablet.locator(":checked").count() == chosen > 0, "what was chosen came along"
    expect(tablet.locator("textarea")).to_have_value("路灯坏了")
    assert tablet.evaluate("document.documentElement.lang") == "en" and {*entries(tablet)} <= addresses
    tablet.get_by_role("button", name="中文").click()
    tablet.get_by_role("button", name="English").click()
    tablet.get_by_role("button", name="Check and submit").click()
    tablet.get_by_role("button", name="Submit ballot").click()
    expect(tablet.get_by_role("heading", name="Your ballot is in the box. Thank you.")).to_be_visible()
    tablet.get_by_role("button", name="Next voter").click()
    expect(tablet.get_by_role("button", name="开始评议")).to_be_visible()
    assert remembered(tablet) == [] and {*entries(tablet)} <= addresses and in_box(hall) == 1
    # On the code page it is one voter's, too, until somebody says it is the tablet's.
    tablet.get_by_role("link", name="English").click()
    tablet.locator("#code").fill(second)
    tablet.get_by_role("button", name="Begin").click()
    expect(tablet.get_by_role("button", name="Check and submit")).to_be_visible()
    tablet.reload()
    expect(tablet.get_by_role("button", name="开始评议")).to_be_visible()
    tablet.get_by_role("link", name="English").click()
    tablet.get_by_role("link", name="Use English from now on").click()
    expect(tablet.locator("#hand")).to_have_attribute("data-home", "?lang=en")
    tablet.reload()
    expect(tablet.get_by_role("button", name="Begin")).to_be_visible()
