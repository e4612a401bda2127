"""What is not taken from a list, row by row and sheet by sheet, and what is told about it."""

import io
from datetime import date

import openpyxl
import pytest
import xlsxwriter
import xlwt

from survey.domain.roster_plans import Books, plan
from survey.domain.units import Member, Unit, UnitKind
from survey.office.files import BadFile
from survey.office.sheets import Aside, Reading, SheetRead, read_list

TODAY = date(2026, 9, 18)
ROOT = Unit(1, None, UnitKind.COMMITTEE, "青山镇党委")
HEADER = ("姓名", "单位", "编号")


def book(*sheets: tuple[str, list[tuple[object, ...]]], hidden: str = "") -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        sheet.sheet_state = "hidden" if title == hidden else "visible"
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(*rows: tuple[object, ...], title: str = "名单") -> Reading:
    return read_list(book((title, list(rows))), "名单.xlsx")


def reasons(reading: Reading) -> list[tuple[int, str, str]]:
    return [(each.number, each.why, each.text) for each in plan(reading.lines, Books([ROOT], [], ROOT, TODAY)).refused]


def test_a_formula_is_read_by_the_value_it_had_and_refused_with_its_row_when_it_has_none() -> None:
    # openpyxl saves formulas without values: such a file has never been through Excel.
    assert reasons(read(HEADER, ("张三", "一支部", "1"), ('="李"&"四"', "一支部", "2"), ("王五", "=A1", "3"))) == [
        (3, "formula_empty", "姓名"), (4, "formula_empty", "单位"),
    ]  # fmt: skip
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("名单")
        sheet.write_row(0, 0, HEADER)
        for number, value in enumerate(("李四", "#REF!", 0), start=1):
            sheet.write_formula(number, 0, "=Sheet9!A1", None, value)
            sheet.write_string(number, 1, "一支部")
    reading = read_list(out.getvalue(), "a.xlsx")
    assert reading.lines[0].name == "李四"
    assert reasons(reading) == [(3, "formula_error", "姓名"), (4, "no_name", "0")]


def test_a_formula_in_a_text_file_is_no_name() -> None:
    text = "姓名,单位\n=1+1,一支部\n＝甲,一支部\n#N/A,一支部\n".encode()
    assert [why for _, why, _ in reasons(read_list(text, "a.csv"))] == ["formula_text", "formula_text", "formula_error"]


def test_a_code_that_excel_has_rounded_is_refused_and_not_written() -> None:
    assert reasons(read(HEADER, ("张三", "一支部", 330106199001011234))) == [(2, "code_rounded", "编号")]
    assert reasons(read(HEADER, ("张三", "一支部", "330106199001011234"))) == []


def test_a_row_without_name_or_unit_is_refused_when_it_says_something() -> None:
    reading = read((*HEADER, "职务"), ("", "一支部", "", "书记"), ("张三", "", "", ""), ("", "二支部", "", ""), ("12", "一支部"))
    assert reasons(reading) == [(2, "name_missing", ""), (3, "no_unit", "张三"), (5, "no_name", "12")]


def test_totals_and_signatures_are_told_and_people_who_look_like_them_are_kept() -> None:
    reading = read(
        HEADER, ("张三", "一支部"), ("合计", "1"), ("总 计：2人",), ("小计", ""), ("填表人", "李四"), ("备注：以上无误",), ("共 1 人",),
        ("2026.9.1",), ("以下空白",), ("说明", ""), ("计一", "一支部"), ("时间", "一支部"), ("总小平", "二支部"), ("页正合", "共建党支部"),
    )  # fmt: skip
    assert [line.name for line in reading.lines] == ["张三", "计一", "时间", "总小平", "页正合"]
    assert [each.number for each in reading.aside] == list(range(3, 12))
    assert reading.aside[3] == Aside(6, "填表人 李四", "名单")


def test_every_sheet_is_told_of_and_the_people_of_each_branch_are_read() -> None:
    data = book(
        ("封面", [("党员名册",)]), ("机修党支部", [("姓名",), ("张三",)]), ("2.小学党支部名单", [("姓名",), ("张三",)]),
        ("去年", [HEADER, ("走了", "一支部")]), ("单位", [("名称", "领域"), ("机修党支部", "国有企业")]), ("空", []), ("只有表头", [HEADER]),
        ("汇总", [HEADER, ("张三", "机修党支部")]), ("其他", [("姓名",), ("无处",)]),
        hidden="去年",
    )  # fmt: skip
    reading = read_list(data, "a.xlsx")
    assert [(line.sheet, line.unit, line.name) for line in reading.lines] == [
        ("机修党支部", "机修党支部", "张三"), ("2.小学党支部名单", "小学党支部", "张三"),
    ]  # fmt: skip
    assert reading.sheets == (
        SheetRead("封面", why="no_header"), SheetRead("机修党支部", 1), SheetRead("2.小学党支部名单", 1), SheetRead("去年", why="hidden"),
        SheetRead("单位", why="units_only"), SheetRead("空", why="blank"), SheetRead("只有表头", why="no_rows"),
        SheetRead("汇总", why="repeated", other="机修党支部"), SheetRead("其他", why="no_unit"),
    )  # fmt: skip
    assert plan(reading.lines, Books([ROOT], [], ROOT, TODAY)).refused == ()


def test_equal_row_numbers_of_two_sheets_are_two_rows() -> None:
    reading = read_list(book(("一支部", [("姓名",), ("甲",), ("甲",)]), ("二支部", [("姓名",), ("甲",), ("",)])), "a.xlsx")
    refused = plan(reading.lines, Books([ROOT], [], ROOT, TODAY)).refused
    assert [(each.sheet, each.number, each.other_sheet, each.other) for each in refused] == [
        ("一支部", 2, "一支部", 3), ("一支部", 3, "一支部", 2),
    ]  # fmt: skip


def test_a_file_whose_only_list_is_hidden_says_which_sheet_to_show() -> None:
    with pytest.raises(BadFile) as caught:
        read_list(book(("封面", [("名册",)]), ("名单", [HEADER, ("张三", "一支部")]), hidden="名单"), "a.xlsx")
    assert caught.value.why == "only_hidden" and "“名单”" in caught.value.zh and "取消隐藏" in caught.value.zh


def test_a_list_without_units_takes_them_from_its_caption_or_its_sheet_and_else_refuses_each_row() -> None:
    assert read(("姓名", "职务"), ("张三", "书记"), title="机修车间").lines[0].unit == "机修车间"
    assert read(("单位：", "机修党支部"), ("姓名", "职务"), ("张三", "书记")).lines[0].unit == "机修党支部"
    assert reasons(read(("姓名", "职务"), ("张三", "书记"), title="Sheet1")) == [(2, "no_unit", "张三")]


def test_one_person_over_several_merged_rows_is_one_person() -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in ((*HEADER, "电话"), ("张三", "一支部", "1", "5551"), ("", "", "", "5552"), ("李四", "一支部", "2", "5553")):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    sheet["C3"] = "9"
    out = io.BytesIO()
    made.save(out)
    assert [line.name for line in read_list(out.getvalue(), "a.xlsx").lines] == ["张三", "李四"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_cut_off_within_a_letter_is_called_incomplete(encoding: str) -> None:
    whole = "姓名,单位\n张三,一支部\n李四,二支部".encode(encoding)
    with pytest.raises(BadFile) as caught:
        read_list(whole[:-1], "a.csv")
    assert caught.value.why == "cut_off"


def test_an_old_workbook_reads_or_is_refused_wherever_it_is_cut_off() -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("名单")
    for number in range(150):
        for column, cell in enumerate(HEADER if number == 0 else (f"张{chr(0x4E00 + number)}", "一支部", f"{number:03}")):
            sheet.write(number, column, cell)
    out = io.BytesIO()
    made.save(out)
    whole = out.getvalue()
    assert len(read_list(whole, "a.xls").lines) == 149
    for length in range(100, len(whole), 1999):
        with pytest.raises(BadFile) as caught:
            read_list(whole[:length], "a.xls")
        assert caught.value.why == "cut_off"
    for place in range(0, len(whole), 499):
        hurt = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        try:
            read_list(hurt, "a.xls")
        except BadFile as fault:
            assert fault.zh.endswith("。")


def test_members_of_the_same_name_are_told_apart_by_code_alone() -> None:
    known = [Member(7, 1, "张三"), Member(8, 1, "李四", code="5")]
    found = plan(read(HEADER, ("张三", ROOT.name, "1"), ("张三", ROOT.name, "2"), ("李四", ROOT.name, "")).lines, Books([ROOT], known, ROOT, TODAY))
    # The one who was there gets the first code, the other is new; who has a code already is the one we know.
    assert [(change.before.id, change.after.code) for change in found.changed] == [(7, "1")]
    assert [(member.name, member.code) for _, member in found.added] == [("张三", "2")]
    assert found.unchanged == 1 and found.refused == ()
