"""Member lists out of the files an office really has."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from survey.domain.roster_plans import Books, plan
from survey.domain.rosters import RosterLine
from survey.domain.units import Unit, UnitKind
from survey.office.blanks import template_xlsx
from survey.office.files import BadFile
from survey.office.sheets import SheetRead, read_list

HEADER = ("姓名", "所在党支部", "党员类型", "职务", "编号")


def workbook(*sheets: list[tuple[object, ...]]) -> bytes:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lines(text: str, encoding: str = "utf-8") -> tuple[RosterLine, ...]:
    return read_list(text.encode(encoding), "名单.csv").lines


def why(data: bytes, filename: str = "名单.xlsx") -> str:
    with pytest.raises(BadFile) as caught:
        read_list(data, filename)
    assert caught.value.key == "bad_file"
    assert caught.value.zh.endswith("。")
    assert caught.value.en.endswith(".")
    assert "{" not in caught.value.zh + caught.value.en
    return caught.value.why


def test_a_plain_member_list_is_read_row_by_row() -> None:
    data = workbook([HEADER, ("张三", "机修党支部", "在职党员", "书记", "001"), ("李四", "机修党支部", None, None, None)])
    assert read_list(data, "名单.xlsx").lines == (
        RosterLine(2, "张三", "机修党支部", code="001", kind="在职党员", position="书记"),
        RosterLine(3, "李四", "机修党支部"),
    )


def test_titles_above_the_header_and_empty_rows_are_passed_over_and_rows_keep_their_numbers() -> None:
    data = workbook([("2026 年党员名单",), ("填报单位", "机修车间"), (), HEADER, (), ("张三", "机修党支部"), (), ("李四", "机修党支部")])
    assert [(line.number, line.name) for line in read_list(data, "a.xlsx").lines] == [(6, "张三"), (8, "李四")]


def test_cells_are_read_as_people_see_them() -> None:
    seen = {12.0: "12", 1.5: "1.5", date(2001, 7, 1): "2001-07-01", datetime(2026, 9, 1, 9, 30): "2026-09-01 09:30", True: "是"}
    data = workbook([HEADER, *[(f"张{n}", "一支部", "", value) for n, value in enumerate(seen)]])
    assert [line.position for line in read_list(data, "a.xlsx").lines] == list(seen.values())


def test_a_number_shown_with_leading_zeros_keeps_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(("张三", "一支部", "", "", 7))
    sheet["E2"].number_format = "000"
    out = io.BytesIO()
    book.save(out)
    assert read_list(out.getvalue(), "a.xlsx").lines[0].code == "007"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_files_are_read_in_the_encodings_offices_use(encoding: str) -> None:
    assert lines("姓名,单位\r\n张三,机修党支部\r\n", encoding) == (RosterLine(2, "张三", "机修党支部"),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，"])
def test_text_files_may_be_parted_by_comma_semicolon_or_tab(delimiter: str) -> None:
    assert lines(f"姓名{delimiter}单位\n张三{delimiter}机修党支部\n") == (RosterLine(2, "张三", "机修党支部"),)


def test_quoted_cells_keep_their_commas_and_line_ends_do_not_matter() -> None:
    assert lines('姓名,单位,职务\r张三,一支部,"书记,主任"\r') == (RosterLine(2, "张三", "一支部", position="书记,主任"),)


@pytest.mark.parametrize(
    ("column", "field"),
    [("党员姓名", "name"), ("名字", "name"), ("姓 名*（必填）", "name"), ("支部名称", "unit"), ("部门", "unit"), ("单位", "unit"),
     ("类别", "kind"), ("党员类型", "kind"), ("岗位", "position"), ("工号", "code"), ("代码", "code"), ("上级", "parent"),
     ("上级组织", "parent"), ("行业", "sector"), ("领域", "sector"), ("单位类型", "unit_kind")],
)
def test_columns_go_by_many_names(column: str, field: str) -> None:
    other = "" if field == "name" else "姓名,"
    line = lines(f"{other}{column}\n{'张三,' if other else ''}值\n")[0]
    assert getattr(line, field) == "值"


def test_a_list_of_units_is_read_as_units_without_members() -> None:
    data = workbook([("名称", "类型", "上级单位", "领域", "编号"), ("机修党支部", "党支部", "一总支", "国有企业", 12)])
    line = RosterLine(2, "", "机修党支部", unit_code="12", parent="一总支", sector="国有企业", unit_kind="党支部")
    assert read_list(data, "a.xlsx").lines == (line,)


def test_a_list_of_members_on_a_later_sheet_is_found() -> None:
    data = workbook([("填写说明",), ("单位", "领域")], [HEADER, ("张三", "一支部")])
    found = read_list(data, "a.xlsx")
    assert found.lines == (RosterLine(2, "张三", "一支部"),)
    assert found.sheets == (SheetRead("Sheet", why="no_rows"), SheetRead("Sheet1", 1))


def test_spread_names_and_odd_spaces_become_plain_but_names_of_several_words_stay() -> None:
    found = lines("姓名,单位\n张　三, 机修 党支部\u200b\n阿依古丽·买买提,一支部\nMary Ann,一支部\n")
    assert [line.name for line in found] == ["张三", "阿依古丽·买买提", "Mary Ann"]
    assert found[0].unit == "机修党支部"


def test_a_wrong_size_written_in_the_file_loses_no_rows() -> None:
    right = workbook([HEADER, ("张三", "一支部"), ("李四", "一支部")])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(right)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:E3"', b'<dimension ref="A1:A2"'))
    assert b'ref="A1:A2"' in out.getvalue()
    assert [line.name for line in read_list(out.getvalue(), "a.xlsx").lines] == ["张三", "李四"]


def test_a_unit_merged_over_several_rows_is_meant_for_all_of_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows = [("名单", None), ("单位", "姓名"), ("一支部", "张三"), (None, "李四"), (None, "王五"), ("二支部", "赵六"), (None, "钱七"), (None, None)]
    for row in rows:
        sheet.append(row)
    for merged in ("A1:B1", "A3:A5", "A6:A8"):
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    found = [(line.number, line.unit, line.name) for line in read_list(out.getvalue(), "a.xlsx").lines]
    assert found == [(3, "一支部", "张三"), (4, "一支部", "李四"), (5, "一支部", "王五"), (6, "二支部", "赵六"), (7, "二支部", "钱七")]


def test_a_header_of_two_rows_makes_no_member_of_its_own_name() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("姓名", "单位", "其他", None), (None, None, "电话", "备注"), ("张三", "一支部", "1", "2")):
        sheet.append(row)
    for merged in ("A1:A2", "B1:B2", "C1:D1"):
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    assert [line.name for line in read_list(out.getvalue(), "a.xlsx").lines] == ["张三"]


def test_what_is_missing_is_named() -> None:
    assert why(workbook([("甲", "乙"), (1, 2)])) == "no_header"
    assert why(workbook([HEADER])) == "no_rows"
    assert why("甲,乙\n1,2\n".encode(), "a.csv") == "no_header"
    assert why('姓名,单位\n"张三,一支部\n'.encode(), "a.csv") == "quotes"
    assert why(workbook([("姓名", "单位", "单位"), ("张三", "一支部", "二支部")])) == "twice"


def test_a_list_that_is_too_long_is_refused_and_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.office.sheets.MOST_ROWS", 5)
    rows = [HEADER, *[(f"张{n}", "一支部") for n in range(6)]]
    assert why(workbook(rows)) == "too_many_rows"
    assert len(read_list(workbook([*rows[:3], (), *rows[3:-1]]), "a.xlsx").lines) == 5


def test_the_template_reads_back_and_its_words_are_known_to_the_domain() -> None:
    data = template_xlsx()
    found = read_list(data, "模板.xlsx").lines
    assert [line.name for line in found] == ["张三", "李四"]
    root = Unit(1, None, UnitKind.COMMITTEE, "示例党委")
    done = plan(found, Books([root], [], root, date(2026, 9, 18)))
    assert not done.refused
    assert len(done.added) == 2
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["党员名单", "填写说明"]
    choices = [str(each.formula1) for each in book["党员名单"].data_validations.dataValidation]
    assert any("离退休党员" in each for each in choices)
    assert any("两新组织" in each for each in choices)
    assert template_xlsx() == data
