"""For every hand, eye and ear: the tree a screen reader walks, the keyboard in the elder view, the focus, the other direction."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_ballots import first_code, see_thanks
from tests.conftest import on_sqlite
from tests.web.booth.halls import every_kind, make_hall

UNDER = """() => { const at = document.activeElement.getBoundingClientRect(), far = document.querySelector('.far'), bar = document.querySelector('#ballot .bar');
    if (far.contains(document.activeElement) || bar.contains(document.activeElement) || !document.activeElement.closest('#ballot')) return '';
    const top = getComputedStyle(far).position === 'sticky' ? far.getBoundingClientRect().bottom : 0;
    const bottom = getComputedStyle(bar).position === 'sticky' ? bar.getBoundingClientRect().top : innerHeight;
    return at.bottom <= top || at.top >= bottom ? document.activeElement.outerHTML.slice(0, 80) : ''; }"""


def tree(page: Page) -> list[tuple[str, str, str]]:
    """(role, name, whether it is checked or pressed) of everything a screen reader is told of."""
    wire: Any = page.context.new_cdp_session(page)
    found = []
    for node in wire.send("Accessibility.getFullAXTree")["nodes"]:
        if not node["ignored"]:
            states = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
            found.append((node["role"]["value"], "".join(node.get("name", {}).get("value", "").split()), str(states.get("checked", states.get("pressed", "")))))
    wire.detach()
    return found


@on_sqlite
@pytest.mark.parametrize("big", ["0", "1"])
def test_the_tree_of_a_screen_reader_says_whom_what_and_which(served: Served, phone: Page, big: str) -> None:
    phone.goto(f"{served.ballot(first_code(make_hall(served.house, n=3)))}{'?big=1' if big == '1' else ''}")
    if big == "1":
        phone.get_by_role("button", name="下一位").click()
    phone.locator("#t1 .scale").nth(1).locator("label").nth(2).click()
    heard = tree(phone)
    for line in (
        ("region", "张三", ""),
        ("group", "张三：五项选同一个答案", ""),
        ("group", "张三：带头争创佳绩", ""),
        ("radio", "不满意", "true"),
        ("button", "看谁没评完", ""),
    ):
        assert line in heard, line
    assert ("button", "满意", "false") in heard, "the shortcut says whether it is pressed"
    groups = [name for role, name, _ in heard if role == "group" and "：" in name]
    # One person a screen is one person for the ear too.
    assert any(name.startswith("张建国：") for name in groups) == (big == "0")
    assert all(name for role, name, _ in heard if role in ("button", "radio", "textbox", "link", "progressbar", "region")), heard
    phone.locator("#t1 .same button").first.click()
    assert ("button", "满意", "true") in tree(phone)


@on_sqlite
def test_the_elder_view_is_filled_and_sent_by_keyboard_alone(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2)
    code = first_code(hall)
    phone.goto(served.ballot(code) + "?big=1")
    for place in range(4):
        for _ in range(60):
            phone.keyboard.press("Tab")
            kind, words = phone.evaluate("[document.activeElement.type, document.activeElement.textContent]")
            if kind == "radio":
                phone.keyboard.press("Space")
            if words in ("下一位", "检查并提交"):
                break
        phone.keyboard.press("Enter")
        if place < 3:
            expect(phone.locator(f"#t{place + 1}")).to_be_focused()
    assert phone.locator(":checked").count() == 15
    expect(phone.get_by_role("heading", name="提交前请看一遍")).to_be_focused()
    for _ in range(20):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.id") == "send":
            break
    phone.keyboard.press("Enter")
    see_thanks(phone, hall, code)


@on_sqlite
@pytest.mark.parametrize("size", [(360, 740), (320, 256)])
def test_what_has_the_focus_is_never_wholly_under_a_bar(
    served: Served, new_phone: Callable[..., BrowserContext], size: tuple[int, int]
) -> None:
    page = new_phone(viewport={"width": size[0], "height": size[1]}).new_page()
    codes = next(iter(make_hall(served.house, n=2, form=every_kind()).codes.values()))
    for code, path in zip(codes, ("", "?big=1", "?big=3"), strict=False):
        page.goto(served.ballot(code) + path)
        for key in ("Tab", "Shift+Tab"):
            for _ in range(30):
                page.keyboard.press(key)
                assert page.evaluate(UNDER) == "", (path, key)


@on_sqlite
@pytest.mark.parametrize("path", ["", "?big=1", "?big=3"])
def test_a_page_that_runs_from_right_to_left_fits_and_turns_round(served: Served, phone: Page, path: str) -> None:
    """As Uyghur will: only `dir` differs, and nothing of the style names a side."""
    phone.goto(served.ballot(first_code(make_hall(served.house, n=3, form=every_kind()))) + path)
    assert phone.locator("html").get_attribute("dir") == "ltr"
    phone.evaluate("document.documentElement.dir = 'rtl'")
    phone.locator(".bar .seal:visible").click()
    if not path:
        phone.get_by_role("button", name="返回修改").click()
    for width in (320, 360, 820):
        phone.set_viewport_size({"width": width, "height": 740})
        assert phone.evaluate("[document.documentElement.scrollWidth <= innerWidth, scrollX]") == [True, 0]
    bar = [phone.locator("#ballot .bar button:visible").nth(i).bounding_box() for i in (0, 1)]
    assert bar[0]["x"] > bar[1]["x"], "what comes first stands on the right"  # type: ignore[index]
    mark, speak = phone.locator(".mark").bounding_box(), phone.locator(".speak").bounding_box()
    assert mark["x"] > speak["x"]  # type: ignore[index]


@on_sqlite
def test_the_readers_own_colours_show_what_is_chosen_and_how_large_it_is(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    page = new_phone(forced_colors="active").new_page()
    page.goto(served.ballot(first_code(make_hall(served.house, n=2))) + "?big=2")
    page.locator("#t0 .scale").first.locator("label").first.click()
    ground = "n => getComputedStyle(n).backgroundColor"
    words = page.locator("#t0 .scale").first.locator("span")
    assert words.nth(0).evaluate(ground) != words.nth(1).evaluate(ground)
    edges = page.locator(".zoom .size").evaluate_all("all => all.map(n => getComputedStyle(n).borderTopWidth + getComputedStyle(n).fontWeight)")
    assert edges[1] not in (edges[0], edges[2])
