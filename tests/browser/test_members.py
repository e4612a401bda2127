"""Members at a real desk and phone: a list with its bar and the way back, what is exported, who comes, moves and leaves."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import xlsxwriter
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, expect

from survey.store import members
from tests.browser.conftest import Face, Served, sit_down
from tests.browser.test_access import faults
from tests.conftest import make_people, on_sqlite


def a_list(path: Path, *, rows: int = 6000) -> Path:
    """Long enough for a bar to be seen."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("名单")
        page.write_row(0, 0, ("姓名", "所在党支部", "编号"))
        page.write_row(1, 0, ("张三", "机修车间党支部", ""))
        for number in range(2, rows):
            page.write_row(number, 0, (f"新人{chr(0x4E00 + number)}", f"第{number // 60}党支部", f"N{number}"))
    return path


def people(served: Served) -> int:
    with served.house.store.read() as db:
        return sum(members.counts(db).values())


@on_sqlite
def test_a_long_list_shows_its_bar_is_written_and_taken_back(
    served: Served, new_phone: Callable[..., BrowserContext], tmp_path: Path, face: Face
) -> None:
    make_people(served.house)
    page = sit_down(served, new_phone(**face.window), "secretary")
    page.goto(f"{served.url}/desk/units/import")
    page.set_input_files("input[type=file]", a_list(tmp_path / "名单.xlsx"))
    page.get_by_role("button", name=face.say("看预览")).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("h1")).to_have_text(face.say("导入预览"))
    expect(page.locator("#missing")).to_be_visible()
    assert faults(page) == []
    page.locator("[name=whole]").check()
    page.get_by_role("button", name=face.say("确认写入")).click()
    expect(page.get_by_role("button", name=face.say("撤回这一步"))).to_be_visible()
    assert people(served) == 5998 + 5 and faults(page) == []
    page.get_by_role("button", name=face.say("撤回这一步")).click()
    expect(page.locator("h1")).to_have_text(face.say("已经撤回"))
    assert people(served) == 8 and faults(page) == []


@on_sqlite
def test_the_list_that_is_exported_comes_back_and_changes_nothing_and_differences_are_reported(
    served: Served, new_phone: Callable[..., BrowserContext], tmp_path: Path, face: Face
) -> None:
    make_people(served.house)
    page = sit_down(served, new_phone(**face.window), "secretary")
    for kind in (".xlsx", ".csv"):
        page.goto(f"{served.url}/desk/units/import")
        with page.expect_download() as exported:
            page.get_by_role("link", name=face.say(f"导出名单（{kind}）")).click()
        exported.value.save_as(tmp_path / f"list{kind}")
        page.set_input_files("input[type=file]", tmp_path / f"list{kind}")
        page.get_by_role("button", name=face.say("看预览")).click()
        expect(page.get_by_text(face.say("这份名单和已有的完全一样。"))).to_be_visible()
    page.goto(f"{served.url}/desk/units/import")
    page.set_input_files("input[type=file]", a_list(tmp_path / "more.xlsx", rows=5))
    page.get_by_role("button", name=face.say("看预览")).click()
    with page.expect_download() as report:
        page.get_by_role("link", name=face.say("下载差异表")).click()
    assert load_workbook(BytesIO(report.value.path().read_bytes())).worksheets[0].max_row == 3 + 1
    assert people(served) == 8


@on_sqlite
def test_members_are_ticked_moved_and_taken_back_also_without_a_script(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face, scripts: bool
) -> None:
    hall = make_people(served.house)
    page = sit_down(served, new_phone(**face.window, java_script_enabled=scripts), "secretary")
    page.goto(f"{served.url}/desk/units/{hall.branch}")
    for name in ("李四", "王五"):
        page.get_by_label(face.say("选中%(name)s", name=name)).check()
    page.get_by_role("button", name=face.say("把选中的人转到别的单位")).click()
    page.locator("[name=q]").fill("青山镇")
    page.locator("[name=q]").press("Enter")
    page.locator("label", has_text="青山镇党委").click()
    page.get_by_role("button", name=face.say("下一步：看看会怎样")).click()
    for name in ("李四", "王五"):
        expect(page.locator("table")).to_contain_text(name)
    page.get_by_role("button", name=face.say("确认转过去")).click()
    with served.house.store.read() as db:
        assert [member.name for member in members.of_units(db, [hall.root])] == ["李四", "王五"]
    page.get_by_role("button", name=face.say("撤回这一步")).click()
    expect(page.locator("h1")).to_have_text(face.say("已经撤回"))
    with served.house.store.read() as db:
        assert members.of_units(db, [hall.root]) == ()


@on_sqlite
def test_a_member_comes_is_changed_leaves_and_comes_back(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    hall = make_people(served.house)
    page = sit_down(served, new_phone(**face.window), "secretary")

    def press(text: str) -> None:
        word = face.say(text)
        page.get_by_role("button", name=word, exact=True).or_(page.get_by_role("link", name=word, exact=True)).click()

    page.goto(f"{served.url}/desk/units/{hall.branch}")
    press("添加党员")
    page.locator("[name=name]").fill("新来的")
    page.locator("[name=kind]").select_option("retired")
    page.locator("[name=since]").fill("2026-03-01")
    assert faults(page) == []
    press("添加")
    expect(page.locator("h1")).to_have_text(face.say("已经把%(name)s加到“%(unit)s”", name="新来的", unit="机修车间党支部"))
    press("回到单位")
    page.get_by_role("link", name="新来的").click()
    press("修改")
    page.locator("[name=position]").fill("组织委员")
    press("保存")
    expect(page.locator("h1")).to_have_text(face.say("已经保存“%(name)s”", name="新来的"))
    press("回到单位")
    page.get_by_role("link", name="新来的").click()
    press("记为离开")
    assert faults(page) == []
    press("记为离开")
    expect(page.locator("h1")).to_have_text(face.say("%(name)s已经记为离开", name="新来的"))
    press("回到单位")
    page.locator("details.more summary").click()
    page.get_by_role("link", name="新来的").click()
    press("重新列入")
    page.locator("label", has_text="青山小学党支部").click()
    assert faults(page) == []
    press("重新列入")
    expect(page.locator("h1")).to_have_text(face.say("%(name)s已经恢复，在“%(unit)s”", name="新来的", unit="青山小学党支部"))
    with served.house.store.read() as db:
        (found,) = (member for member in members.of_units(db, [hall.other_branch]) if member.name == "新来的")
    assert found.position == "组织委员" and found.kind == "retired" and found.left_on is None
