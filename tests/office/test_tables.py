"""Tables to take away: no cell becomes a formula, nothing is lost."""

import csv
import io

import openpyxl
import pytest

from analysis.cells import csv_bytes, neutral
from survey.office.tables import Sheet, xlsx_bytes


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠a", " =1", "\u3000=1"])
def test_text_that_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("cell", ["张三", "", "a=b", -3, 0.5, None])
def test_other_cells_are_left_alone(cell: str | int | float | None) -> None:
    assert neutral(cell) == cell


def test_csv_opens_in_excel_with_its_chinese_and_reads_back() -> None:
    data = csv_bytes(["姓名", "意见"], [["张三", '他说 "好",\n再见'], ["=cmd|' /C calc'!A0", None], [-3, 0.25]])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["姓名", "意见"], ["张三", '他说 "好",\n再见'], ["'=cmd|' /C calc'!A0", ""], ["-3", "0.25"]]


def test_a_workbook_keeps_text_as_text_and_numbers_as_numbers() -> None:
    sheet = Sheet("结果", ("姓名", "满意率"), (("=1+1", 0.5), ("http://a.cn", None), ("007", 12), ("{=A1}", float("nan"))))
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([sheet])))
    page = book["结果"]
    assert page["A2"].value == "=1+1"
    assert page["A2"].data_type in {"s", "f"}
    assert page["A3"].hyperlink is None
    assert page["A4"].value == "007"
    assert page["B2"].value == 0.5
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["A"].width > 8


def test_no_formula_is_written_to_the_file_itself() -> None:
    data = xlsx_bytes([Sheet("表", ("a",), (("=1+1",), ("@x",), ("{=A1}",)))])
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert [cell.value for cell in book["表"]["A"]] == ["a", "=1+1", "@x", "{=A1}"]


def test_sheets_get_names_excel_takes() -> None:
    titles = ["第一/第二:支部", "第一/第二:支部", "很" * 40, "", "'x'"]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet(title, ("a",), ()) for title in titles])))
    assert book.sheetnames == ["第一 第二 支部", "第一 第二 支部-2", "很" * 28, "表", "x"]


def test_equal_tables_make_equal_files() -> None:
    sheet = Sheet("表", ("a",), (("x",),))
    assert xlsx_bytes([sheet]) == xlsx_bytes([sheet])
