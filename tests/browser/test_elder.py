"""The elder view: one person a screen, large letters in three steps, large targets, read aloud; and all of it on this device."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import meetings, screens
from survey.domain.meetings import Entry
from survey.web.doors import now
from tests.browser.conftest import Served
from tests.browser.test_ballots import first_code, in_box, kept, see_thanks, send
from tests.conftest import NOW, on_sqlite
from tests.web.booth.halls import every_kind, make_hall

# The national guideline: letters of 18 px at least, large enough to grow to 30; nothing that is tapped lower than 60.
LEAST_LETTERS, LEAST_TARGET = 18, 60
SMALL_LETTERS = """least => [...new Set([...document.querySelectorAll('body *')].filter(node => node.offsetParent && !node.closest('.unseen,.mark')
    && [...node.childNodes].some(each => each.nodeType === 3 && each.data.trim()) && parseFloat(getComputedStyle(node).fontSize) < least)
    .map(node => node.tagName + '.' + node.className + ' ' + getComputedStyle(node).fontSize))]"""
SMALL_TARGETS = """least => [...document.querySelectorAll('a,button,.scale label,input:not([type=radio]):not([type=checkbox]),textarea')].filter(node => {
    const box = node.getBoundingClientRect();
    return node.offsetParent && !node.closest('.unseen') && (box.height < least - .5 || box.width < least - .5);
}).map(node => node.tagName + '.' + node.className + ' ' + node.textContent.trim().slice(0, 20))"""
VOICES = """voices => { window.said = []; class Line { constructor(text) { this.text = text; } };
    Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Line });
    Object.defineProperty(window, 'speechSynthesis', { value: { getVoices: () => voices, cancel: () => { window.said.push('hush'); },
        speak: line => { window.said.push(line.text); }, addEventListener: () => undefined } }); }"""
AT_ITS_TOP = """node => { const box = node.getBoundingClientRect(); return document.elementFromPoint(box.x + box.width / 2, box.y + 3) === node; }"""
OWN = {"lang": "zh-CN", "localService": True, "name": "own"}
FAR = {"lang": "zh-CN", "localService": False, "name": "far"}


def elder(page: Page, step: int = 1) -> None:
    """The switch at the head of the page, then the size of its letters."""
    page.get_by_role("link", name="长辈版").click()
    page.locator(f".zoom [data-big='{step}']").click()
    expect(page.locator(f".zoom [data-big='{step}']")).to_have_attribute("aria-current", "true")


def shown(page: Page) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('.card')].filter(n => n.offsetParent).map(n => n.id)")


def test_an_elder_rates_everybody_one_a_screen_and_nothing_more_is_asked_for(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=3)
    code = first_code(hall)
    asked: list[str] = []
    # The clock of the meeting is asked now and then, in any view.
    phone.on("request", lambda request: None if request.url.endswith("/clock") else asked.append(request.method))
    phone.goto(served.ballot(code))
    elder(phone)
    assert shown(phone) == ["t0"]
    expect(phone.locator(".far .page")).to_have_text("第 1 页，共 5 页")
    expect(phone.get_by_role("button", name="上一位")).to_be_disabled()
    for place in range(4):
        phone.locator(f"#t{place} .same button").nth(place).click()
        # The next one comes by itself, and hears the focus.
        expect(phone.locator(f"#t{place + 1}")).to_be_focused()
        assert shown(phone)[0] == f"t{place + 1}"
    expect(phone.locator("#heard")).to_contain_text("评完了，下面是")
    expect(phone.get_by_role("button", name="下一位")).to_be_hidden()
    phone.get_by_role("button", name="上一位").click()
    phone.locator("#t3 .scale").first.locator("label").nth(0).click()
    assert shown(phone) == ["t3"], "a change of who was done leaves him on the screen"
    phone.get_by_role("button", name="下一位").click()
    phone.get_by_role("button", name="检查并提交").click()
    expect(phone.locator("#rows li").nth(3)).to_contain_text("满意 1，不了解 4")
    phone.locator("#rows a").nth(1).click()
    assert shown(phone) == ["t1"]
    phone.get_by_role("button", name="检查并提交").click()
    send(phone)
    see_thanks(phone, hall, code)
    assert asked == ["GET", "POST", "GET"]
    assert kept(phone) == []


@on_sqlite
def test_twenty_four_people_take_one_tap_each_and_no_scrolling(served: Served, phone: Page) -> None:
    """A branch, 24 members, the opinions, the review: 27 taps, each on what is in sight."""
    hall = make_hall(served.house, n=24)
    code = first_code(hall)
    phone.clock.install()
    phone.goto(served.ballot(code))
    elder(phone)
    taps = 0
    for place in range(25):
        button = phone.locator(f"#t{place} .same button").first
        if place:
            expect(button).to_be_in_viewport(ratio=1)
        button.click()
        phone.clock.run_for(1200)
        expect(phone.locator(f"#t{place + 1}")).to_be_focused()
        phone.clock.run_for(500)
        taps += 1
    for name in ("检查并提交", "提交评议票"):
        phone.get_by_role("button", name=name).click()
        taps += 1
    see_thanks(phone, hall, code)
    assert taps == 27


def test_a_reload_in_the_elder_view_comes_back_to_whoever_is_open(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=3)
    phone.goto(served.ballot(first_code(hall)))
    elder(phone, 3)
    # Letters this large push the strip on top down to the bar at the thumb: the bar lies over it, and the list of names over the bar.
    assert phone.locator(".bar .button:visible").first.evaluate(AT_ITS_TOP)
    phone.get_by_role("button", name="看谁没评完").click()
    assert not phone.locator(".bar .button:visible").first.evaluate(AT_ITS_TOP)
    phone.keyboard.press("Escape")
    for place in (0, 1):
        phone.locator(f"#t{place} .same button").first.click()
        expect(phone.locator(f"#t{place + 1}")).to_be_focused()
    phone.reload()
    expect(phone.locator("#back")).to_contain_text("您上次选的都还在")
    assert shown(phone) == ["t2"]
    assert phone.locator("html").get_attribute("class") == "elder z3 js"
    phone.get_by_role("link", name="标准版").click()
    assert len(shown(phone)) == 6
    assert phone.evaluate("localStorage.getItem('pingyi-big')") == "0"


@on_sqlite
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_every_page_of_the_booth_is_large_in_every_step(
    served: Served, new_phone: Callable[..., BrowserContext], language: str
) -> None:
    hall = make_hall(served.house, n=2, form=every_kind(), groups=(("群众代表", 12, 10), ("党员", 6, 6)))
    code, other, *_ = next(iter(hall.codes.values()))
    page = new_phone(locale=language).new_page()
    hall.vote(other, f0_2="0")
    faults: list[str] = []

    def check(name: str, step: int) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults.extend([f"{name} {step}: {wide} px"] if wide > page.viewport_size["width"] else [])  # type: ignore[index]
        faults.extend(f"{name} {step}: {each}" for each in page.evaluate(SMALL_LETTERS, LEAST_LETTERS))
        faults.extend(f"{name} {step}: {each}" for each in page.evaluate(SMALL_TARGETS, LEAST_TARGET))
        assert page.locator(".zoom [data-big='0']").is_visible() and page.locator(".to-big").is_hidden(), name

    for step in (1, 2, 3):
        page.set_viewport_size({"width": 320 if step == 3 else 360, "height": 740})
        for name, path in (("code", "/"), ("thanks", f"/b/{other}/in"), ("used", f"/b/{other}"), ("trackers", "/t/none"), ("unknown", "/b/000000000000")):
            page.goto(f"{served.url}{path}?big={step}")
            check(name, step)
        page.goto(f"{served.ballot(code)}?big={step}")
        for place in range(4):
            check(f"card {place}", step)
            page.locator(".list-of").click()
            check("list", step)
            page.keyboard.press("Escape")
            if place < 3:
                page.locator(".bar .seal:visible").click()
        page.locator(".bar .seal:visible").click()
        body = page.locator("#review").evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
        assert body == {1: 20, 2: 25, 3: 30}[step]
        page.evaluate(SMALL_LETTERS, LEAST_LETTERS)
        faults.extend(f"review {step}: {each}" for each in page.evaluate(SMALL_LETTERS, LEAST_LETTERS) + page.evaluate(SMALL_TARGETS, LEAST_TARGET))
    assert faults == []


@on_sqlite
def test_without_a_script_the_elder_view_is_a_link_on_every_page(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_hall(served.house, n=1)
    page = new_phone(java_script_enabled=False).new_page()
    page.goto(served.ballot(first_code(hall)))
    page.get_by_role("link", name="长辈版").click()
    assert page.locator("html").get_attribute("class") == "elder"
    page.get_by_role("link", name="最大").click()
    assert page.locator("html").get_attribute("class") == "elder z3"
    page.locator("#t1 .scale").first.locator("label").first.click()
    page.get_by_role("button", name="检查并提交").click()
    assert page.locator("html").get_attribute("class") == "elder z3"
    page.get_by_role("button", name="标准版").click()
    assert page.locator("html").get_attribute("class") is None
    expect(page.locator(".rows li").nth(1)).to_contain_text("满意 1")
    page.get_by_role("button", name="提交评议票").click()
    expect(page.get_by_role("link", name="长辈版")).to_be_visible()
    assert in_box(hall) == 1


@on_sqlite
def test_a_card_is_read_aloud_by_the_voice_of_the_device_and_by_no_other(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    address = served.ballot(first_code(make_hall(served.house, n=2)))
    for voices, is_offered in (([FAR, OWN], True), ([FAR], False), ([{**OWN, "lang": "en-GB"}], False), ([], False)):
        page = new_phone().new_page()
        page.add_init_script(f"({VOICES})({str(voices).replace('True', 'true').replace('False', 'false')})")
        page.goto(address + "?big=1")
        button = page.get_by_role("button", name="念给我听")
        expect(button).to_be_visible(visible=is_offered)
        if not is_offered:
            continue
        page.locator(".bar .seal:visible").click()
        page.locator("#t1 .scale").nth(1).locator("label").nth(2).click()
        button.click()
        said = page.evaluate("window.said")
        assert said[:5] == ["张三", "带头学习提高", "可以选满意、基本满意、不满意、不了解。", "没选", "带头争创佳绩"]
        assert said[5:7] == ["您选了不满意。", "带头服务群众"]
        page.get_by_role("button", name="不念了").click()
        assert page.evaluate("window.said.pop()") == "hush"
        page.get_by_role("link", name="标准版").click()
        expect(button).to_be_hidden()


@on_sqlite
def test_the_page_where_a_ballot_is_taken_has_the_switch_too(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=1, entry=Entry.SCREEN, groups=(("群众代表", 8, 6), ("党员", 6, 6)))
    with served.house.store.read() as db:
        door = meetings.meetings.get(db, hall.meeting).door
    phone.goto(f"{served.url}/m/{door}/{screens.turn(served.house, door, now())}")
    elder(phone, 2)
    assert phone.evaluate(SMALL_LETTERS, LEAST_LETTERS) == [] and phone.evaluate(SMALL_TARGETS, LEAST_TARGET) == []
    phone.locator("label", has_text="党员").click()
    phone.get_by_role("button", name="领一张评议票").click()
    expect(phone.locator(".far .page")).to_have_text("第 1 页，共 3 页")
    meetings.close(served.house, hall.meeting, by=hall.secretary, now=NOW)
    phone.reload()
    assert phone.locator("html").get_attribute("class") == "elder z2 js"
    assert phone.evaluate(SMALL_LETTERS, LEAST_LETTERS) == []
