"""The meeting's pages in a real browser: what the scripts add, what axe finds, what a camera reads off the wall."""

from collections.abc import Callable
from io import BytesIO

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import APIResponse, BrowserContext, Dialog, Page, Route, expect

from survey.actions import meetings, units
from survey.domain.meetings import Entry
from survey.domain.units import Unit, UnitKind
from survey.store import meetings as kept
from tests.browser.conftest import DESK, PHONE, Served
from tests.conftest import NOW, logged_in, make_meeting, make_people, on_sqlite

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WALLS = ({"width": 1280, "height": 800}, {"width": 1920, "height": 1080})


def enter(served: Served, context: BrowserContext) -> Page:
    """A page of the secretary."""
    client = served.app.test_client()
    with client.session_transaction("/desk") as session:
        session["_user_id"] = logged_in(served.house, "secretary")
    cookie = client.get_cookie("pingyi_desk")
    assert cookie is not None
    context.add_cookies([{"name": "pingyi_desk", "value": cookie.value, "url": served.url}])
    return context.new_page()


def test_rows_come_and_go_and_a_unit_is_found_by_typing(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_people(served.house)
    for number in range(8):
        units.found(served.house, Unit(0, hall.root, UnitKind.BRANCH, f"第{number}村党支部"), now=NOW)
    page = enter(served, new_phone(viewport=DESK))
    page.goto(f"{served.url}/desk/meetings/new")
    page.get_by_label("输入几个字找单位").fill("小学")
    expect(page.get_by_label("单位", exact=False).locator("option:checked")).to_contain_text("青山小学党支部")
    page.get_by_role("button", name="加一类").click()
    page.get_by_label("第 2 类的名称").fill("党员")
    page.get_by_role("button", name="加一类").click()
    page.get_by_role("button", name="去掉第 1 类").click()
    expect(page.locator("[name=group]")).to_have_count(2)
    expect(page.get_by_label("第 1 类的名称")).to_have_value("党员")
    page.get_by_label("第 1 类应到人数").fill("9")
    page.get_by_label("第 1 类实到人数").fill("8")
    page.get_by_label("第 1 类实到人数").press("Enter")
    expect(page.get_by_role("heading", name="青山小学党支部", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="开始评议")).to_be_visible()


@on_sqlite
def test_the_scrutineers_slip_is_not_left_by_accident_and_slips_are_printed_once(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_meeting(served.house, open_box=False)
    page = enter(served, new_phone(viewport=DESK, accept_downloads=True))
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"{served.url}/desk/meetings/{hall.meeting}/open")
    page.get_by_role("button", name="开始评议").click()
    page.get_by_text("打印不了").click()
    page.get_by_role("link", name="结果").click()
    expect(page.get_by_role("button", name="打印监票签")).to_be_visible()
    assert asked == ["beforeunload"]
    with page.expect_download():
        page.get_by_role("button", name="打印监票签").click()
    page.get_by_role("link", name="监票人已收好").click()
    # The codes are in this document alone: a page that loads itself anew must not break it off, however long it takes.
    slow: list[tuple[Route, APIResponse]] = []
    page.route("**/slips", lambda route: slow.append((route, route.fetch())))
    with page.expect_download() as sheet:
        page.get_by_role("button", name="打印全部票签").dblclick(no_wait_after=True)
        for _ in range(2):
            page.wait_for_event("response", lambda answer: answer.url.endswith("/box"))
        slow[0][0].fulfill(response=slow[0][1])
    assert sheet.value.suggested_filename == "票签 机修车间党支部第三季度评议会 全部.pdf"
    # The page notices by itself that slips were made.
    expect(page.get_by_role("heading", name="还有 12 张票没有收回")).to_be_visible()
    with served.house.store.read() as db:
        assert kept.get(db, hall.meeting).codes == 12


def test_the_number_grows_without_reloading_and_a_link_is_copied(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_meeting(served.house)
    context = new_phone(viewport=DESK, permissions=["clipboard-read", "clipboard-write"])
    page, complaints = enter(served, context), list[str]()
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(f"{served.url}/desk/meetings/{hall.meeting}")
    page.evaluate("window.sign = 'the same page'")
    hall.vote(next(iter(hall.codes.values()))[0])
    expect(page.get_by_role("heading", name="还有 11 张票没有收回")).to_be_visible()
    expect(page.locator("[data-returned]")).to_have_text("1")
    assert page.evaluate("window.sign") == "the same page"
    page.get_by_role("button", name="复制下一个链接").click()
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_text("已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("链接").input_value()
    assert complaints == []


def test_a_number_that_does_not_come_any_more_is_said_to_be_old(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_meeting(served.house)
    context = new_phone(viewport=DESK)
    page = enter(served, context)
    page.clock.install()
    page.goto(f"{served.url}/desk/meetings/{hall.meeting}")
    context.set_offline(True)
    page.clock.run_for(13_000)
    expect(page.get_by_text("收回的张数暂时没有更新")).to_be_visible()
    context.set_offline(False)
    hall.vote(next(iter(hall.codes.values()))[0])
    page.clock.run_for(5_000)
    expect(page.get_by_text("收回的张数暂时没有更新")).to_be_hidden()
    expect(page.locator("[data-returned]")).to_have_text("1")


@on_sqlite
@pytest.mark.parametrize("wall", WALLS, ids=["1280", "1920"])
def test_a_camera_reads_the_wall_and_nothing_runs_off_it(
    served: Served, new_phone: Callable[..., BrowserContext], wall: dict[str, int]
) -> None:
    hall = make_meeting(served.house, entry=Entry.SCREEN)
    page = enter(served, new_phone(viewport=wall, color_scheme="dark"))
    page.goto(f"{served.url}/desk/meetings/{hall.meeting}/screen")
    page.wait_for_load_state("networkidle")
    seen = Image.open(BytesIO(page.screenshot()))
    with served.house.store.read() as db:
        door = kept.get(db, hall.meeting).door
    assert zxingcpp.read_barcodes(seen)[0].text.startswith(f"http://127.0.0.1:8000/m/{door}/")
    assert seen.getpixel((4, 4))[:3] == (0xF7, 0xF4, 0xEE), "the wall is always light"
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    left = page.locator("[data-left]").inner_text()
    expect(page.locator("[data-left]")).not_to_have_text(left)
    meetings.close(served.house, hall.meeting, by=hall.secretary, now=NOW)
    expect(page.get_by_text("票箱已经封存")).to_be_visible(timeout=15_000)


@on_sqlite
@pytest.mark.parametrize("wall", WALLS, ids=["1280", "1920"])
@pytest.mark.parametrize("length", [16, 22, 23, 100])
def test_a_long_title_stays_on_the_wall(
    served: Served, new_phone: Callable[..., BrowserContext], wall: dict[str, int], length: int
) -> None:
    hall = make_meeting(served.house, open_box=False)
    with served.house.store.write() as db:
        kept.change(db, hall.meeting, {"title": ("党员公开承诺兑现情况群众满意度评议" * 6)[:length]})
    meetings.open_box(served.house, hall.meeting, by=hall.secretary, now=NOW)
    page = enter(served, new_phone(viewport=wall))
    page.goto(f"{served.url}/desk/meetings/{hall.meeting}/screen")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@on_sqlite
@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone in light", "desk in dark"])
def test_every_page_of_a_meeting_reads_well(
    served: Served, new_phone: Callable[..., BrowserContext], size: dict[str, int], theme: str
) -> None:
    hall = make_meeting(served.house, open_box=False)
    # axe is brought in from outside, which the pages themselves forbid.
    page = enter(served, new_phone(viewport=size, color_scheme=theme, bypass_csp=True))
    page.on("dialog", Dialog.accept)
    here = f"{served.url}/desk/meetings/{hall.meeting}"

    def look(*ends: str) -> None:
        for end in ends:
            page.goto(here + end)
            reads_well(page)

    page.goto(f"{served.url}/desk/meetings/new")
    page.locator("summary").click()
    reads_well(page)
    look("", "/groups", "/open", "/screen", "/void")
    page.goto(f"{here}/open")
    page.get_by_role("button", name="开始评议").click()
    expect(page.get_by_role("button", name="打印监票签")).to_be_visible()
    reads_well(page)
    with served.house.store.read() as db:
        group = kept.get(db, hall.meeting).groups[0].id
    look("", "/draft", "/close", "/void-slips", "/screen", f"/groups/{group}/reprint", "/void", "/count")
    page.goto(here)
    page.get_by_role("button", name="复制下一个链接").click()
    reads_well(page)
    meetings.close(served.house, hall.meeting, by=hall.secretary, now=NOW)
    look("", "/reopen", "/screen")
    left = dict.fromkeys((each.id for each in _groups(served, hall.meeting)), 0)
    meetings.set_leftovers(served.house, hall.meeting, left, by=hall.secretary, now=NOW)
    look("", "/count")
    page.get_by_label("监票码").fill("0000")
    page.get_by_role("button", name="开始计票").click()
    expect(page.get_by_text("请监票人对照监票签，重新输入")).to_be_visible()
    reads_well(page)


def _groups(served: Served, meeting: int) -> tuple[kept.Group, ...]:
    with served.house.store.read() as db:
        return kept.get(db, meeting).groups


def reads_well(page: Page) -> None:
    """axe finds nothing and nothing runs off the page."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    assert found["passes"], "axe has looked"
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
