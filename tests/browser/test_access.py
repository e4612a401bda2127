"""axe finds nothing on any page of the booth, in light and in dark."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import meetings, screens
from survey.domain.meetings import Entry
from survey.web.doors import now
from tests.browser.conftest import Served
from tests.conftest import NOW, on_sqlite
from tests.web.booth.halls import every_kind, make_hall

RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page) -> list[str]:
    """What axe finds, in short; that it looked at all is asserted."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}).response
    assert len(found["passes"]) > 5
    return [f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"]]


@on_sqlite
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_slips_way(
    served: Served, new_phone: Callable[..., BrowserContext], scheme: str
) -> None:
    hall = make_hall(served.house, n=3, form=every_kind())
    code, closed, *_ = next(iter(hall.codes.values()))
    page = new_phone(color_scheme=scheme).new_page()
    page.goto(served.url)
    assert faults(page) == []
    page.locator("#code").fill("7K4M")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []
    page.goto(served.ballot(code))
    assert faults(page) == []
    page.locator("label:has([name='0.2'][value='0'])").click()
    page.get_by_role("button", name="检查并提交").click()
    assert faults(page) == []
    page.get_by_role("button", name="返回修改").click()
    page.get_by_role("button", name="下一处没选的").click()
    assert faults(page) == []
    # One card fits: what the bar at the thumb covers for a moment is not small.
    page.set_viewport_size({"width": 360, "height": 1600})
    page.goto(served.ballot(code) + "?big=1")
    assert faults(page) == []
    for _ in range(2):
        page.get_by_role("button", name="下一位").click()
        assert faults(page) == []
    page.locator(".list-of").click()
    assert faults(page) == []
    page.locator("#map .last button").click()
    page.get_by_role("button", name="返回修改").click()
    page.get_by_role("link", name="标准版").click()
    page.get_by_role("button", name="检查并提交").click()
    page.get_by_role("button", name="提交评议票").click()
    expect(page.get_by_role("heading", name="已投入票箱，谢谢您")).to_be_visible()
    assert faults(page) == []
    page.goto(served.ballot(code))
    assert faults(page) == []
    meetings.close(served.house, hall.meeting, by=hall.secretary, now=NOW)
    page.goto(served.ballot(closed))
    assert faults(page) == []


@on_sqlite
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_without_javascript(
    served: Served, new_phone: Callable[..., BrowserContext], scheme: str
) -> None:
    hall = make_hall(served.house, n=3)
    address = served.ballot(next(iter(hall.codes.values()))[0])
    plain = new_phone(color_scheme=scheme, java_script_enabled=False).new_page()
    looker = new_phone(color_scheme=scheme).new_page()
    plain.goto(address)
    plain.get_by_role("button", name="检查并提交").click()
    expect(plain.get_by_role("heading", name="提交前请看一遍")).to_be_visible()
    # axe itself needs scripts: what the plain phone got is laid before it.
    looker.goto(served.url + "/b/0000-0000-0000")
    looker.set_content(plain.content())
    assert faults(looker) == []


@on_sqlite
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_open_mode_and_a_group_is_taken_by_hand(
    served: Served, new_phone: Callable[..., BrowserContext], scheme: str
) -> None:
    groups = (("群众代表", 8, 6), ("党员", 6, 6))
    hall = make_hall(served.house, n=2, entry=Entry.SCREEN, groups=groups)
    with served.house.store.read() as db:
        door = meetings.meetings.get(db, hall.meeting).door
    page = new_phone(color_scheme=scheme).new_page()
    address = f"{served.url}/m/{door}/{screens.turn(served.house, door, now())}"
    page.goto(address)
    assert faults(page) == []
    page.get_by_role("button", name="领一张评议票").click()
    expect(page.get_by_role("alert")).to_contain_text("还没有选类别")
    assert faults(page) == []
    page.locator("label", has_text="党员").click()
    page.get_by_role("button", name="领一张评议票").click()
    expect(page.locator(".brand")).to_contain_text("党员")
    expect(page.locator("#kept")).to_contain_text("每部手机领一张票")
    ballot = page.url
    page.goto(address)
    assert page.url == ballot
    page.goto(f"{served.url}/m/{door}/old")
    assert page.url == ballot
