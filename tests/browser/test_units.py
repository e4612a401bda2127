"""The tree of units in a real browser: by keyboard, by dragging, on a phone, in both languages, with and without a script."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import trees
from survey.actions.trees import Ask
from survey.domain.units import Unit, UnitKind
from survey.store import members, units
from tests.browser.conftest import Face, Served, sit_down
from tests.browser.test_desk_meetings import reads_well
from tests.conftest import NOW, TODAY, Hall, make_people, on_sqlite, person


def grow(hall: Hall, n: int, parent: int) -> list[int]:
    asked = Ask(person(hall.house, "secretary"), NOW, TODAY)
    return [trees.add(hall.house, Unit(0, parent, UnitKind.BRANCH, f"分支{number:02}"), asked) for number in range(n)]


def unit_of(hall: Hall, unit: int) -> Unit:
    with hall.house.store.read() as db:
        return units.get(db, unit)


def names_in(hall: Hall, unit: int) -> set[str]:
    with hall.house.store.read() as db:
        return {member.name for member in members.of_units(db, [unit])}


@on_sqlite
def test_a_unit_dropped_on_another_moves_after_the_page_that_asks_and_can_be_taken_back(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    hall = make_people(served.house)
    (below,) = grow(hall, 1, hall.branch)
    page = sit_down(served, new_phone(**face.window), "secretary")
    page.goto(f"{served.url}/desk/units")
    line = "[data-unit='{}']"
    # Nothing scrolls while something is held.
    page.locator(".outline-units").evaluate("tree => tree.scrollIntoView()")
    page.locator(line.format(hall.branch)).drag_to(page.locator(line.format(hall.other_branch)))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        face.say("把“%(unit)s”移到“%(other)s”下面", unit="机修车间党支部", other="青山小学党支部")
    )
    told = face.say("“%(unit)s”连同下面的 %(n)s 个单位、%(m)s 名党员一起移过去。", unit="机修车间党支部", n=1, m=4)
    expect(page.get_by_text(told)).to_be_visible()
    assert unit_of(hall, hall.branch).parent == hall.root
    page.get_by_role("button", name=face.say("移动"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("机修车间党支部")
    assert unit_of(hall, hall.branch).parent == hall.other_branch and unit_of(hall, below).parent == hall.branch
    back = page.get_by_role("button", name=face.say("撤回这一步"))
    back.click()
    expect(back).to_have_count(0)
    assert unit_of(hall, hall.branch).parent == hall.root
    # The page that offered it is still in the browser's memory: it leads where it led and undoes nothing twice.
    page.go_back()
    if back.count():
        back.click()
        expect(back).to_have_count(0)
    assert unit_of(hall, hall.branch).parent == hall.root


@on_sqlite
def test_a_unit_is_merged_into_another_with_its_members_and_comes_back(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    hall = make_people(served.house)
    (below,) = grow(hall, 1, hall.branch)
    page = sit_down(served, new_phone(**face.window, bypass_csp=True), "secretary")
    page.goto(f"{served.url}/desk/units/{hall.branch}")
    page.get_by_role("link", name=face.say("合并"), exact=True).click()
    page.locator("[name=q]").fill("小学")
    page.get_by_role("button", name=face.say("查找")).click()
    page.get_by_role("link", name="青山小学党支部").click()
    asked = face.say("把“%(unit)s”并入“%(other)s”", unit="机修车间党支部", other="青山小学党支部")
    expect(page.get_by_role("heading", level=1)).to_have_text(asked)
    reads_well(page)
    page.get_by_role("button", name=face.say("合并"), exact=True).click()
    expect(page.get_by_role("button", name=face.say("撤回这一步"))).to_be_visible()
    reads_well(page)
    assert unit_of(hall, hall.branch).is_closed and unit_of(hall, below).parent == hall.other_branch
    assert not names_in(hall, hall.branch)
    with served.house.store.read() as db:
        assert len(members.of_units(db, [hall.other_branch])) == 8
    page.goto(f"{served.url}/desk/units/{hall.branch}")
    expect(page.get_by_text(face.say("已并入："))).to_be_visible()
    page.go_back()
    page.get_by_role("button", name=face.say("撤回这一步")).click()
    expect(page.get_by_role("button", name=face.say("撤回这一步"))).to_have_count(0)
    assert not unit_of(hall, hall.branch).is_closed and unit_of(hall, below).parent == hall.branch
    assert names_in(hall, hall.branch) == {"张三", "李四", "王五", "赵六"}


@on_sqlite
def test_a_large_outline_is_unfolded_walked_and_a_unit_moved_by_keyboard_alone(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    hall = make_people(served.house)
    made = grow(hall, 61, hall.branch)
    page = sit_down(served, new_phone(**face.window), "secretary")
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
    tab_to(page, face.say("移动"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "", role="searchbox")
    page.keyboard.type("青山小学")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "青山小学党支部")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, face.say("移动"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert unit_of(hall, made[0]).parent == hall.other_branch


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
def test_a_unit_is_added_edited_and_closed_and_every_page_reads_well(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face, scripts: bool
) -> None:
    hall = make_people(served.house)
    page = sit_down(served, new_phone(**face.window, bypass_csp=True, java_script_enabled=scripts), "admin")
    page.goto(f"{served.url}/desk/units/{hall.root}/add")
    page.locator("[name=name]").fill("The new branch")
    look(page, scripts)
    page.get_by_role("button", name=face.say("添加"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The new branch")
    made = int(page.url.partition("?")[0].rpartition("/")[2])
    for what in ("edit", "move", f"move?to={hall.branch}", "merge", f"merge?to={hall.branch}", "close", "contacts?q=李"):
        page.goto(f"{served.url}/desk/units/{made}/{what}")
        look(page, scripts)
    page.get_by_role("button", name=f"{face.say('添加')} 李四").first.click()
    page.get_by_role("button", name=f"{face.say('不再联系')} 李四").click()
    expect(page.get_by_role("button", name=f"{face.say('不再联系')} 李四")).to_have_count(0)
    page.goto(f"{served.url}/desk/units/{made}/edit")
    page.locator("[name=name]").fill("机修车间党支部")
    page.get_by_role("button", name=face.say("保存"), exact=True).click()
    expect(page.locator("#name-wrong")).to_be_visible()
    look(page, scripts)
    page.locator("[name=name]").fill("The renamed branch")
    page.get_by_role("button", name=face.say("保存"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The renamed branch")
    page.goto(f"{served.url}/desk/units/{made}/close")
    page.get_by_role("button", name=face.say("撤销这个单位")).click()
    expect(page.locator(".badge.look")).to_be_visible()
    look(page, scripts)
    for path in ("/desk/units?closed=1", "/desk/units?kind=branch&sector=school", "/desk/units?q=李四", "/desk/lists"):
        page.goto(served.url + path)
        look(page, scripts)
    page.goto(f"{served.url}/desk/units/{made}/reopen")
    page.get_by_role("button", name=face.say("恢复"), exact=True).click()
    expect(page.locator(".badge.look")).to_have_count(0)
    assert not unit_of(hall, made).is_closed


def look(page: Page, scripts: bool) -> None:
    """axe needs a script; without one it is enough that nothing runs off the page, which another round sees."""
    if scripts:
        reads_well(page)


@on_sqlite
def test_a_word_is_dragged_to_its_place_or_put_there_by_its_buttons_added_and_set_aside(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    make_people(served.house)
    page = sit_down(served, new_phone(**face.window, has_touch=False), "admin")
    page.goto(f"{served.url}/desk/lists")
    rows = page.locator("#sector [data-term]")
    school = face.say("中小学校")
    # Nothing scrolls while something is held.
    page.locator("#sector").evaluate("list => list.scrollIntoView()")
    with page.expect_navigation():
        rows.nth(3).locator("[data-grip]").drag_to(rows.nth(0))
    assert rows.nth(0).locator("[name=label]").input_value() == "中小学校"
    with page.expect_navigation():
        page.get_by_role("button", name=face.say("下移：%(label)s", label=school)).press("Enter")
    assert rows.nth(1).locator("[name=label]").input_value() == "中小学校"
    rows.nth(0).locator("[name=label]").fill("乡村")
    with page.expect_navigation():
        rows.nth(0).locator("[name=label]").press("Enter")
    assert rows.nth(0).locator("[name=label]").input_value() == "乡村"
    page.get_by_role("button", name=face.say("恢复原名：%(label)s", label="农村")).click()
    expect(rows.nth(0).locator("[name=label]")).to_have_value("农村")
    for which in ("member_kind", "group"):
        part = page.locator(f"#{which}")
        part.locator("form.search [name=label]").fill("Guests")
        part.get_by_role("button", name=face.say("添加"), exact=True).click()
        part.get_by_role("button", name=face.say("停用：%(label)s", label="Guests")).click()
        expect(part.locator("[data-term]").last).to_contain_text(face.say("已停用"))
        part.get_by_role("button", name=face.say("启用：%(label)s", label="Guests")).click()
        expect(part.locator("[data-term]").last).not_to_contain_text(face.say("已停用"))
