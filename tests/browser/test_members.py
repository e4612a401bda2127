"""Members at a real desk: a list with its bar and the way back, one who moves, and a unit found by typing; wide and narrow."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import BrowserContext, Page, expect

from survey.store import members
from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.test_access import faults
from tests.browser.test_board import cookie
from tests.conftest import make_people, on_sqlite

WORDS = {
    "zh-CN": {"look": "看预览", "write": "确认写入", "undo": "撤销这一步", "undone": "已经撤销", "preview": "导入预览",
              "tick": "选中李四", "move": "把选中的人转到别的单位", "next": "下一步：看看会怎样", "sure": "确认转过去", "find": "查找"},
    "en-GB": {"look": "See the preview", "write": "Confirm and write", "undo": "Undo this step", "undone": "Undone", "preview": "Import preview",
              "tick": "Choose 李四", "move": "Move those chosen to another unit", "next": "Next: see what will happen", "sure": "Move them", "find": "Search"},
}  # fmt: skip


def a_list(path: Path, *, rows: int = 6000) -> Path:
    """Long enough for a bar to be seen."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("名单")
        page.write_row(0, 0, ("姓名", "所在党支部", "编号"))
        page.write_row(1, 0, ("张三", "机修车间党支部", ""))
        for number in range(2, rows):
            page.write_row(number, 0, (f"新人{chr(0x4E00 + number)}", f"第{number // 60}党支部", f"N{number}"))
    return path


def desk(served: Served, new_phone: Callable[..., BrowserContext], language: str, size: dict[str, int]) -> Page:
    """A browser in which the secretary is logged in."""
    context = new_phone(locale=language, viewport=size)
    context.add_cookies([{"name": "pingyi_desk", "value": cookie(served, "secretary"), "url": served.url}])
    return context.new_page()


def people(served: Served) -> int:
    with served.house.store.read() as db:
        return sum(members.counts(db).values())


@on_sqlite
@pytest.mark.parametrize(("language", "size"), [("zh-CN", DESK), ("en-GB", PHONE)])
def test_a_long_list_shows_its_bar_is_written_and_taken_back(
    served: Served, new_phone: Callable[..., BrowserContext], tmp_path: Path, language: str, size: dict[str, int]
) -> None:
    make_people(served.house)
    says = WORDS[language]
    page = desk(served, new_phone, language, size)
    page.goto(f"{served.url}/desk/units/import")
    page.set_input_files("input[type=file]", a_list(tmp_path / "名单.xlsx"))
    page.get_by_role("button", name=says["look"]).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("h1")).to_have_text(says["preview"])
    expect(page.locator("#missing")).to_be_visible()
    assert faults(page) == []
    page.locator("[name=whole]").check()
    page.get_by_role("button", name=says["write"]).click()
    expect(page.get_by_role("button", name=says["undo"])).to_be_visible()
    assert people(served) == 5998 + 5 and faults(page) == []
    page.get_by_role("button", name=says["undo"]).click()
    expect(page.locator("h1")).to_have_text(says["undone"])
    assert people(served) == 8 and faults(page) == []


@on_sqlite
@pytest.mark.parametrize(("language", "size", "script"), [("zh-CN", PHONE, True), ("en-GB", DESK, False)])
def test_members_are_ticked_moved_and_taken_back_also_without_a_script(
    served: Served, new_phone: Callable[..., BrowserContext], language: str, size: dict[str, int], script: bool
) -> None:
    hall = make_people(served.house)
    says = WORDS[language]
    page = desk(served, lambda **more: new_phone(java_script_enabled=script, **more), language, size)
    page.goto(f"{served.url}/desk/units/{hall.branch}")
    page.get_by_label(says["tick"]).check()
    page.get_by_role("button", name=says["move"]).click()
    page.locator("[name=q]").fill("青山镇")
    page.locator("[name=q]").press("Enter")
    page.locator("label", has_text="青山镇党委").click()
    page.get_by_role("button", name=says["next"]).click()
    expect(page.locator("table")).to_contain_text("李四")
    page.get_by_role("button", name=says["sure"]).click()
    with served.house.store.read() as db:
        assert [member.name for member in members.of_units(db, [hall.root])] == ["李四"]
    page.get_by_role("button", name=says["undo"]).click()
    expect(page.locator("h1")).to_have_text(says["undone"])
    with served.house.store.read() as db:
        assert members.of_units(db, [hall.root]) == ()
