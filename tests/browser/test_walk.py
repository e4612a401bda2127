"""Quick: the next person by itself, one tap for all of one, a list of who is done, and no lag with sixty members."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_ballots import WORDS, first_code
from tests.conftest import on_sqlite
from tests.web.booth.halls import every_kind, make_hall

# Longer than the page waits before it goes on.
LONGER = 1500
# Milliseconds of script after one tap, at a sixth of the speed, on sixty members: measured 3 with a longest of 16.
MOST_SCRIPT = 40
TAPS = """async n => { const took = [], labels = [...document.querySelectorAll('.card .scale label')];
    for (let i = 0; i < n; i++) { const box = labels[i * 37 % labels.length].querySelector('input'), begun = performance.now();
        box.click(); took.push(performance.now() - begun); await new Promise(done => requestAnimationFrame(done)); }
    return took.sort((a, b) => a - b); }"""


def tap(page: Page, card: int, *answers: int) -> None:
    """These answers of a card, one question after the other."""
    for question, answer in enumerate(answers):
        page.locator(f"#t{card} .scale").nth(question).locator("label").nth(answer).click()


def top(page: Page, card: int) -> float:
    return float(page.locator(f"#t{card}").evaluate("node => node.getBoundingClientRect().top"))


def test_the_next_person_comes_by_the_last_tap_and_only_by_that(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    phone = new_phone(reduced_motion="reduce").new_page()
    phone.goto(served.ballot(first_code(make_hall(served.house, n=4))))
    phone.clock.install()
    tap(phone, 1, 0, 0, 0, 0)
    phone.clock.run_for(LONGER)
    expect(phone.locator("#t1")).not_to_be_focused()
    tap(phone, 1, 0, 0, 0, 0, 3)
    phone.clock.run_for(LONGER)
    expect(phone.locator("#t2")).to_be_focused()
    expect(phone.locator("#heard")).to_have_text("张三评完了，下面是张建国。")
    assert 40 <= top(phone, 2) <= 140, "under the bar that stays on top"
    # Who was done is only changed; and where the one after is done already, nobody is carried there.
    tap(phone, 1, 1)
    tap(phone, 3, 0, 0, 0, 0, 0)
    tap(phone, 2, 0, 0, 0, 0, 0)
    phone.clock.run_for(LONGER)
    assert phone.evaluate("document.activeElement.closest('.card').id") == "t2"
    expect(phone.locator("#heard")).to_have_text("张三评完了，下面是张建国。")


@on_sqlite
def test_neither_the_keyboard_nor_typing_nor_a_second_touch_is_carried_away(served: Served, phone: Page) -> None:
    phone.goto(served.ballot(first_code(make_hall(served.house, n=3))))
    phone.clock.install()
    tap(phone, 1, 0, 0, 0, 0)
    phone.locator("#t1 .scale").nth(4).locator("input").first.focus()
    for key in ("Space", "ArrowRight"):
        phone.keyboard.press(key)
        phone.clock.run_for(LONGER)
    assert phone.evaluate("document.activeElement.name") == "1.4"
    tap(phone, 2, 0, 0, 0, 0, 0)
    phone.locator("#t2 h3").click()
    phone.clock.run_for(LONGER)
    expect(phone.locator("#heard")).to_have_text("")


@on_sqlite
def test_a_number_that_completes_a_person_leaves_the_focus_where_it_is_typed(served: Served, phone: Page) -> None:
    phone.goto(served.ballot(first_code(make_hall(served.house, n=3, form=every_kind()))))
    phone.clock.install()
    tap(phone, 1, 0)
    phone.locator("[name='1.1']").fill("90")
    phone.clock.run_for(LONGER)
    expect(phone.locator("[name='1.1']")).to_be_focused()
    expect(phone.locator("#heard")).to_have_text("")


@on_sqlite
@pytest.mark.parametrize("is_still", [True, False])
def test_who_wants_no_motion_gets_none(served: Served, new_phone: Callable[..., BrowserContext], is_still: bool) -> None:
    page = new_phone(reduced_motion="reduce" if is_still else "no-preference").new_page()
    page.goto(served.ballot(first_code(make_hall(served.house, n=3))))
    page.evaluate("""() => { const own = Element.prototype.scrollIntoView; window.ways = [];
        Element.prototype.scrollIntoView = function (how) { window.ways.push(how && how.behavior); own.call(this, how); }; }""")
    page.locator("#t1 .same button").first.click()
    expect(page.locator("#t2")).to_be_focused()
    assert page.evaluate("window.ways.pop()") == (None if is_still else "smooth")


def test_one_tap_rates_a_person_at_any_level_and_the_same_tap_takes_it_back(served: Served, phone: Page) -> None:
    phone.goto(served.ballot(first_code(make_hall(served.house, n=3))))
    phone.clock.install()
    tap(phone, 1, 1, 2)
    chosen = "[...document.querySelectorAll('#t1 :checked')].map(n => n.name + n.value)"
    before = phone.evaluate(chosen)
    levels = phone.locator("#t1 .same button")
    assert levels.all_inner_texts() == ["满意", "基本满意", "不满意", "不了解"]
    for level in (0, 1, 2, 3):
        levels.nth(level).click()
        assert phone.evaluate(chosen) == [f"1.{q}{level}" for q in range(5)]
        expect(levels.nth(level)).to_have_attribute("aria-pressed", "true")
        assert phone.locator("#t1 [aria-pressed='true']").count() == 1
    levels.nth(3).click()
    assert phone.evaluate(chosen) == before, "what was there before the shortcut is there again"
    phone.clock.run_for(LONGER)
    expect(phone.locator("#heard")).to_have_text("")
    levels.nth(3).click()
    tap(phone, 1, 0)
    expect(levels.nth(3)).to_have_attribute("aria-pressed", "false")


@on_sqlite
def test_the_list_says_who_is_done_and_leads_to_everybody(served: Served, phone: Page) -> None:
    phone.goto(served.ballot(first_code(make_hall(served.house, n=9))))
    phone.locator("#t2 .same button").first.click()
    tap(phone, 3, 0)
    opener = phone.get_by_role("button", name="看谁没评完")
    opener.click()
    heard = phone.locator("#map").aria_snapshot()
    for line in ('button "张三，还有 5 项没选"', 'button "张建国，已评"', 'button "李志强，还有 4 项没选"', 'button "意见建议"'):
        assert line in heard, heard
    phone.get_by_role("button", name="李志强").click()
    expect(phone.locator("#map")).to_be_hidden()
    assert phone.evaluate("document.activeElement.name") == "3.1", "at the first that is open"
    # By keyboard: open, on to a name, there; and Escape leaves the list as it was.
    opener.focus()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    phone.keyboard.press("Enter")
    for _ in range(3):
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    assert phone.evaluate("document.activeElement.name") == "2.0"
    opener.click()
    phone.locator("#map .last button").click()
    expect(phone.get_by_role("heading", name="提交前请看一遍")).to_be_focused()


@on_sqlite
@pytest.mark.parametrize("size", [(320, 640), (740, 360), (1280, 800)])
def test_on_its_side_and_very_narrow_everything_is_in_reach(
    served: Served, new_phone: Callable[..., BrowserContext], size: tuple[int, int]
) -> None:
    width, height = size
    page = new_phone(viewport={"width": width, "height": height}).new_page()
    codes = next(iter(make_hall(served.house, n=2).codes.values()))
    for code, path in zip(codes, ("", "?big=1", "?big=3"), strict=False):
        page.goto(served.ballot(code) + path)
        page.locator("#t0 .same button").last.click()
        page.locator(".list-of").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.locator("#map button").first).to_be_in_viewport()
        page.keyboard.press("Escape")
        page.locator(".bar .seal:visible").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@on_sqlite
def test_a_tap_among_sixty_members_costs_no_more_than_its_own_card(served: Served, phone: Page) -> None:
    """At a sixth of the speed. The same script among three members is the yardstick for what depends on their number."""
    wire = phone.context.new_cdp_session(phone)
    phone.goto(served.ballot(first_code(make_hall(served.house, n=60))))
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    took = phone.evaluate(TAPS, 40)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    assert phone.locator(":checked").count() >= 30
    print(f"script after a tap, 60 members, 6x: median {took[20]:.1f} ms, longest {took[-1]:.1f} ms")
    assert took[20] < MOST_SCRIPT


@on_sqlite
def test_words_are_kept_when_the_way_goes_back_and_forth(served: Served, phone: Page) -> None:
    phone.goto(served.ballot(first_code(make_hall(served.house, n=2))) + "?big=1")
    phone.locator(".list-of").click()
    phone.get_by_role("button", name="意见建议").click()
    phone.locator("textarea").fill(WORDS)
    for _ in range(3):
        phone.get_by_role("button", name="上一位").click()
    phone.locator("#t0 .same button").last.click()
    expect(phone.locator("#t1")).to_be_focused()
    phone.reload()
    assert phone.locator("textarea").input_value() == WORDS
    assert phone.locator("#t0 :checked").count() == 5
