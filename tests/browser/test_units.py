"""The tree of units in a real browser: by keyboard, by dragging, on a phone, in both languages, with and without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import trees
from survey.actions.trees import Ask
from survey.domain.units import Unit, UnitKind
from survey.store import units
from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.test_desk_meetings import reads_well
from tests.browser.test_story import log_in
from tests.conftest import NOW, TODAY, Hall, make_people, on_sqlite, person


def grow(hall: Hall, n: int, parent: int) -> list[int]:
    asked = Ask(person(hall.house, "secretary"), NOW, TODAY)
    return [trees.add(hall.house, Unit(0, parent, UnitKind.BRANCH, f"分支{number:02}"), asked) for number in range(n)]


def parent_of(hall: Hall, unit: int) -> int | None:
    with hall.house.store.read() as db:
        return units.get(db, unit).parent


@on_sqlite
def test_a_unit_dropped_on_another_moves_after_the_page_that_asks_and_can_be_taken_back(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_people(served.house)
    page = new_phone(viewport=DESK).new_page()
    log_in(page, served.url, "secretary")
    page.goto(f"{served.url}/desk/units")
    line = "[data-unit='{}']"
    page.locator(line.format(hall.branch)).drag_to(page.locator(line.format(hall.other_branch)))
    expect(page.get_by_role("heading", level=1)).to_have_text("把“机修车间党支部”移到“青山小学党支部”下面")
    assert parent_of(hall, hall.branch) == hall.root
    page.get_by_role("button", name="移动").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("机修车间党支部")
    assert parent_of(hall, hall.branch) == hall.other_branch
    page.get_by_role("button", name="撤回这一步").click()
    expect(page.get_by_role("button", name="撤回这一步")).to_have_count(0)
    assert parent_of(hall, hall.branch) == hall.root
    # The page that offered it is still in the browser's memory: it says what is so and undoes nothing twice.
    page.go_back()
    if page.get_by_role("button", name="撤回这一步").count():
        page.get_by_role("button", name="撤回这一步").click()
        expect(page.get_by_role("heading", name="刚才有人改过")).to_be_visible()
    assert parent_of(hall, hall.branch) == hall.root


@on_sqlite
def test_a_large_outline_is_unfolded_walked_and_a_unit_moved_by_keyboard_alone(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_people(served.house)
    made = grow(hall, 61, hall.branch)
    page = new_phone(viewport=DESK).new_page()
    log_in(page, served.url, "secretary")
    page.goto(f"{served.url}/desk/units")
    page.locator(f"[data-unit='{hall.root}'] .name").focus()
    page.keyboard.press("ArrowDown")
    assert focused(page) == "机修车间党支部"
    with page.expect_navigation():
        page.keyboard.press("ArrowRight")
    expect(page.locator(f"[data-unit='{hall.branch}'] .name")).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert focused(page) == "分支00"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "移动")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "", role="searchbox")
    page.keyboard.type("青山小学")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "青山小学党支部")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "移动")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert parent_of(hall, made[0]) == hall.other_branch


def focused(page: Page) -> str:
    return str(page.evaluate("(document.activeElement.textContent || '').trim()"))


def tab_to(page: Page, name: str, *, role: str = "") -> None:
    """Tab into the page's own part until the thing with this name, or the search, has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        inside = page.evaluate("!!document.activeElement.closest('main')")
        if inside and (page.evaluate("document.activeElement.type") == "search" if role else focused(page) == name):
            return
    raise AssertionError(f"no way to {name or role} by keyboard")


@on_sqlite
@pytest.mark.parametrize(("size", "language", "scripts"), [(PHONE, "zh", True), (DESK, "en", True), (PHONE, "en", False)])
def test_a_unit_is_added_edited_and_closed_and_every_page_reads_well(
    served: Served, new_phone: Callable[..., BrowserContext], size: dict[str, int], language: str, scripts: bool
) -> None:
    hall = make_people(served.house)
    words = dict(zip(("添加", "保存", "撤销这个单位", "恢复"), WORDS[language], strict=True))
    page = new_phone(viewport=size, bypass_csp=True, java_script_enabled=scripts).new_page()
    log_in(page, served.url, "admin")
    page.goto(f"{served.url}/desk/units/{hall.root}/add?lang={language}")
    page.locator("[name=name]").fill("The new branch")
    look(page, scripts)
    page.get_by_role("button", name=words["添加"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The new branch")
    made = int(page.url.rpartition("/")[2])
    for what in ("edit", "move", f"move?to={hall.branch}", "merge", f"merge?to={hall.branch}", "close", "contacts?q=李"):
        page.goto(f"{served.url}/desk/units/{made}/{what}")
        look(page, scripts)
    page.goto(f"{served.url}/desk/units/{made}/edit")
    page.locator("[name=name]").fill("机修车间党支部")
    page.get_by_role("button", name=words["保存"], exact=True).click()
    expect(page.locator("#name-wrong")).to_be_visible()
    look(page, scripts)
    page.goto(f"{served.url}/desk/units/{made}/close")
    page.get_by_role("button", name=words["撤销这个单位"]).click()
    expect(page.locator(".badge.look")).to_be_visible()
    look(page, scripts)
    for path in ("/desk/units?closed=1", "/desk/units?kind=branch&sector=school", "/desk/units?q=李四", "/desk/lists"):
        page.goto(served.url + path)
        look(page, scripts)
    page.goto(f"{served.url}/desk/units/{made}/reopen")
    page.get_by_role("button", name=words["恢复"], exact=True).click()
    expect(page.locator(".badge.look")).to_have_count(0)


WORDS = {"zh": ("添加", "保存", "撤销这个单位", "恢复"), "en": ("Add", "Save", "Close this unit", "Reopen")}


def look(page: Page, scripts: bool) -> None:
    """axe needs a script; without one it is enough that nothing runs off the page, which another round sees."""
    if scripts:
        reads_well(page)


@on_sqlite
def test_a_word_is_dragged_to_its_place_or_put_there_by_its_buttons(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    make_people(served.house)
    page = new_phone(viewport=DESK, has_touch=False).new_page()
    log_in(page, served.url, "admin")
    page.goto(f"{served.url}/desk/lists")
    rows = page.locator("#sector [data-term]")
    with page.expect_navigation():
        rows.nth(3).locator("[data-grip]").drag_to(rows.nth(0))
    assert rows.nth(0).locator("[name=label]").input_value() == "中小学校"
    with page.expect_navigation():
        page.get_by_role("button", name="下移：中小学校").press("Enter")
    assert rows.nth(1).locator("[name=label]").input_value() == "中小学校"
    rows.nth(0).locator("[name=label]").fill("乡村")
    with page.expect_navigation():
        rows.nth(0).locator("[name=label]").press("Enter")
    assert rows.nth(0).locator("[name=label]").input_value() == "乡村"
    page.get_by_role("button", name="恢复原名：农村").click()
    expect(rows.nth(0).locator("[name=label]")).to_have_value("农村")
