"""Voting in a real browser: with a script, without one, with a bad network, twice, by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import text

from survey.actions import ballots, meetings
from survey.actions.house import House
from survey.store import ballots as box
from tests.browser.conftest import Served
from tests.conftest import NOW, Hall, on_sqlite
from tests.web.booth.halls import every_kind, make_hall

MOST_REQUESTS = 3
MOST_BYTES = 30 * 1024
WORDS = "东门的路灯坏了。\n公示再早一点。"


def first_code(hall: Hall) -> str:
    return next(iter(hall.codes.values()))[0]


def in_box(hall: Hall) -> int:
    with hall.house.store.read() as db:
        return box.in_box(db, hall.meeting)


def fill_in(page: Page, *, but: int = -1) -> None:
    """Every card by its shortcut, one answer changed; card `but` is left out."""
    # Whoever lists cards does not wait for the page they are on.
    page.locator("section.card[data-rated]").first.wait_for()
    for card in page.locator("section.card[data-rated]").all():
        if card.get_attribute("id") != f"t{but}":
            card.locator(".same button").first.click()
    page.locator("#t1 .scale").first.locator("label").nth(1).click()


def to_review(page: Page) -> None:
    page.get_by_role("button", name="检查并提交").click()
    expect(page.get_by_role("heading", name="提交前请看一遍")).to_be_visible()


def send(page: Page) -> None:
    page.get_by_role("button", name="提交评议票").click()


def see_thanks(page: Page, hall: Hall, code: str) -> None:
    """The thanks with the right tracker, and one ballot in the box."""
    expect(page.get_by_role("heading", name="已投入票箱，谢谢您")).to_be_visible()
    tracker = ballots.look(hall.house, code).tracker or ""
    expect(page.locator(".ticket code")).to_have_text(f"{tracker[:5]}-{tracker[5:]}")
    assert in_box(hall) == 1


def kept(page: Page) -> list[str]:
    """What this device has kept of ballots."""
    return page.evaluate("Object.keys(localStorage).filter(key => key !== 'pingyi-big')")


@on_sqlite
def test_a_whole_vote_is_three_requests_and_at_most_30_kilobytes(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=24)
    code = first_code(hall)
    asked: list[str] = []
    sizes: list[float] = []
    complaints: list[str] = []
    phone.on("console", lambda message: complaints.append(message.text))
    phone.on("pageerror", lambda fault: complaints.append(str(fault)))
    wire = phone.context.new_cdp_session(phone)
    wire.send("Network.enable")
    # The clock of the meeting, asked three times a minute, is not part of the vote.
    clocks: set[str] = set()
    wire.on(
        "Network.requestWillBeSent",
        lambda event: clocks.add(event["requestId"]) if event["request"]["url"].endswith("/clock") else asked.append(event["request"]["method"]),
    )
    wire.on("Network.responseReceived", lambda event: None)
    wire.on("Network.loadingFinished", lambda event: None if event["requestId"] in clocks else sizes.append(event["encodedDataLength"]))
    phone.goto(served.ballot(code))
    expect(phone.locator(".far p")).to_contain_text("已评 0 / 25")
    fill_in(phone)
    expect(phone.locator(".far p")).to_contain_text("已评 25 / 25")
    phone.locator("textarea").fill(WORDS)
    to_review(phone)
    expect(phone.locator("#rows li").nth(1)).to_contain_text("满意 4，基本满意 1")
    send(phone)
    see_thanks(phone, hall, code)
    assert phone.url == served.ballot(code) + "/in"
    assert asked == ["GET", "POST", "GET"] and len(asked) <= MOST_REQUESTS
    print(f"{len(asked)} requests, {sum(sizes):.0f} bytes with headers")
    assert sum(sizes) <= MOST_BYTES
    assert complaints == []
    assert kept(phone) == []


def test_what_is_missing_is_shown_jumped_to_and_never_forced(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=8)
    code = first_code(hall)
    phone.goto(served.ballot(code))
    assert phone.locator(":checked").count() == 0
    fill_in(phone, but=5)
    to_review(phone)
    expect(phone.locator("#care")).to_contain_text("还有 1 处没有评完")
    expect(phone.locator("#care")).to_contain_text("还有 5 项没选")
    phone.locator("#care a").click()
    missed = phone.locator("#t5 .q").first
    expect(missed).to_be_in_viewport()
    expect(missed).to_have_class("q missed")
    phone.keyboard.press("Space")
    expect(missed).to_have_class("q")
    to_review(phone)
    expect(phone.locator("#rows li").nth(5)).to_contain_text("满意 1，还有 4 项没选")
    send(phone)
    see_thanks(phone, hall, code)


def test_without_javascript_the_same_ballot_reads_the_same_and_is_cast(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_hall(served.house, n=3, form=every_kind())
    code = first_code(hall)
    rows = []
    for script in (True, False):
        page = new_phone(java_script_enabled=script).new_page()
        page.goto(served.ballot(code))
        for name, value in (("0.0", "1"), ("0.1", "1"), ("0.2", "0"), ("1.0", "5"), ("4.0", "0"), ("4.0", "3")):
            page.locator(f"label:has([name='{name}'][value='{value}'])").click()
        page.locator("[name='0.3']").fill("88")
        page.locator("[name='1.1']").fill("７")
        page.locator("[name='0.4']").fill(WORDS)
        page.get_by_role("button", name="检查并提交").click()
        expect(page.get_by_role("heading", name="提交前请看一遍")).to_be_visible()
        rows.append([each.inner_text().split() for each in page.locator(".rows li").all()])
    assert rows[0] == rows[1]
    assert rows[0][0] == ["机修车间党支部", "满意", "2，是", "1", "总体打分", "88", "分", *WORDS.split(), "修改"]
    page.locator(".rows button").nth(2).click()
    assert page.url.endswith("#t2")
    assert page.locator(":checked").count() == 6
    assert page.locator("[name='0.4']").input_value() == WORDS
    page.get_by_role("button", name="检查并提交").click()
    page.get_by_role("button", name="提交评议票").click()
    see_thanks(page, hall, code)


def test_offline_while_sending_it_waits_and_delivers_one_ballot(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    phone.goto(served.ballot(code))
    fill_in(phone)
    to_review(phone)
    phone.context.set_offline(True)
    send(phone)
    expect(phone.locator("#say")).to_contain_text("网络不好，会自动再试")
    assert in_box(hall) == 0
    phone.context.set_offline(False)
    see_thanks(phone, hall, code)
    assert kept(phone) == []


def test_an_answer_lost_on_its_way_is_asked_for_again_and_there_is_one_ballot(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    posts: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        posts.append(route.request.url)
        if len(posts) == 1:
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    phone.goto(served.ballot(code))
    phone.route("**/b/*", lose_the_first)
    fill_in(phone)
    to_review(phone)
    send(phone)
    see_thanks(phone, hall, code)
    assert len(posts) == 2
    assert kept(phone) == []


def test_with_the_database_away_for_a_while_the_ballot_goes_in_by_itself(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    phone.goto(served.ballot(code))
    fill_in(phone)
    to_review(phone)
    rename(served.house, "slips", "slips_away")
    send(phone)
    expect(phone.locator("#say")).to_contain_text("会自动再试")
    rename(served.house, "slips_away", "slips")
    see_thanks(phone, hall, code)


def rename(house: House, table: str, into: str) -> None:
    with house.store.write() as db:
        db.execute(text(f"ALTER TABLE {table} RENAME TO {into}"))


def test_a_reload_restores_the_draft_and_sending_removes_it(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=3)
    code = first_code(hall)
    phone.goto(served.ballot(code))
    fill_in(phone, but=2)
    phone.locator("textarea").fill(WORDS)
    marked = phone.locator(":checked").count()
    phone.reload()
    expect(phone.locator("#back")).to_contain_text("您上次选的都还在")
    assert phone.locator(":checked").count() == marked
    assert phone.locator("textarea").input_value() == WORDS
    assert kept(phone) == [f"pingyi:{code}"]
    other = phone.context.new_page()
    other.goto(served.ballot(hall.codes[next(iter(hall.codes))][1]))
    assert other.locator(":checked").count() == 0
    to_review(phone)
    send(phone)
    see_thanks(phone, hall, code)
    assert kept(phone) == []


def test_a_device_that_keeps_nothing_can_still_vote(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    phone.add_init_script("Object.defineProperty(window, 'localStorage', {get: function () { throw new Error('no') }})")
    phone.goto(served.ballot(code))
    fill_in(phone)
    to_review(phone)
    send(phone)
    see_thanks(phone, hall, code)


def test_two_taps_on_send_give_one_ballot_and_a_second_phone_is_told(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    one, other = new_phone().new_page(), new_phone().new_page()
    posts: list[str] = []
    one.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    for page in (one, other):
        page.goto(served.ballot(code))
        fill_in(page)
        to_review(page)
    one.get_by_role("button", name="提交评议票").dblclick()
    see_thanks(one, hall, code)
    assert len(posts) == 1
    send(other)
    expect(other.get_by_role("heading", name="这张票签已经用过")).to_be_visible()
    assert in_box(hall) == 1
    one.go_back()
    one.reload()
    expect(one.get_by_role("heading", name="这张票签已经用过")).to_be_visible()


def test_a_box_closed_meanwhile_says_so_and_keeps_the_draft(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    phone.goto(served.ballot(code))
    fill_in(phone)
    to_review(phone)
    meetings.close(served.house, hall.meeting, by=hall.secretary, now=NOW)
    send(phone)
    expect(phone.get_by_role("heading", name="评议已经结束")).to_be_visible()
    assert in_box(hall) == 0
    assert kept(phone) == [f"pingyi:{code}"]


def test_what_must_be_mended_is_told_before_anything_is_sent(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=1, form=every_kind())
    phone.goto(served.ballot(first_code(hall)))
    choices = phone.locator("#t2 .list label")
    for i in range(3):
        choices.nth(i).click()
    expect(phone.locator("#t2 .ticks")).to_contain_text("最多选 2 个")
    assert phone.locator("#t2 :checked").count() == 2
    phone.locator("[name='0.3']").fill("101")
    phone.locator("[name='0.4']").fill("长" * 600)
    phone.locator("[name='2.1']").fill("长" * 600)
    expect(phone.locator("#letters")).to_contain_text("多了 200 字")
    to_review(phone)
    notice = phone.locator("#care")
    for sentence in ("“承诺是否兑现”必须回答", "“总体打分”要填 0 到 100 的整数", "最多 1000 字，现在有 1200 字"):
        expect(notice).to_contain_text(sentence)
    expect(phone.locator("#send")).to_be_hidden()
    notice.get_by_role("link").first.click()
    expect(phone.locator("#t0 .q").nth(2)).to_be_in_viewport()
    phone.locator("label:has([name='0.2'][value='0'])").click()
    phone.locator("[name='0.3']").fill("100")
    phone.locator("[name='2.1']").fill("短")
    to_review(phone)
    send(phone)
    see_thanks(phone, hall, first_code(hall))


def test_the_keyboard_alone_can_vote(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    phone.goto(served.ballot(code))
    for _ in range(200):
        phone.keyboard.press("Tab")
        here = phone.evaluate("[document.activeElement.type, document.activeElement.textContent]")
        if here[0] == "radio":
            phone.keyboard.press("Space")
        if here[1] == "检查并提交":
            break
    assert phone.locator(":checked").count() == 15
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="提交前请看一遍")).to_be_focused()
    phone.keyboard.press("Shift+Tab")
    phone.locator("#send").focus()
    phone.keyboard.press("Enter")
    see_thanks(phone, hall, code)


def test_the_back_button_leads_from_the_review_to_the_ballot(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    phone.goto(served.ballot(first_code(hall)))
    fill_in(phone)
    to_review(phone)
    phone.go_back()
    expect(phone.get_by_role("button", name="检查并提交")).to_be_visible()
    assert phone.locator(":checked").count() == 15
    phone.go_forward()
    expect(phone.get_by_role("heading", name="提交前请看一遍")).to_be_visible()
    phone.locator("#rows a").nth(2).click()
    expect(phone.locator("#t2")).to_be_in_viewport()


@on_sqlite
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_scrolls_sideways_and_everything_tapped_is_large_enough(
    served: Served, new_phone: Callable[..., BrowserContext], width: int
) -> None:
    hall = make_hall(served.house, n=2, form=every_kind())
    page = new_phone(viewport={"width": width, "height": 740}).new_page()
    address = served.ballot(first_code(hall))
    for path in (address, address + "?big=1", served.url + "/"):
        for size in ("100%", "200%"):
            page.goto(path)
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, size)
            small = page.evaluate(
                "[...document.querySelectorAll('.scale label, button, textarea, .score, #code, a.size')]"
                ".filter(e => e.offsetParent).map(e => [e.textContent, e.getBoundingClientRect().height, e.getBoundingClientRect().width])"
                ".filter(e => e[1] < 44 || e[2] < 24)"
            )
            assert small == []


def test_large_letters_stay_on_this_device(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    phone.goto(served.ballot(first_code(hall)))
    phone.get_by_role("link", name="长辈版").click()
    expect(phone.locator("html")).to_have_class("elder js")
    phone.reload()
    expect(phone.locator("html")).to_have_class("elder js")
    assert phone.locator("#t0 .scale label").first.bounding_box()["height"] >= 60  # type: ignore[index]
    phone.get_by_role("link", name="标准版").click()
    expect(phone.locator("html")).to_have_class("js")
