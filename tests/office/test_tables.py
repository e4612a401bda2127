"""Tables to take away: no cell becomes a formula, nothing is lost."""

import csv
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pytest

from analysis.cells import csv_bytes, neutral
from analysis.charts import Bar
from analysis.report import Plain, workbook
from analysis.report import Sheet as Charted
from analysis.satisfaction import Level, Role, Scale
from survey.office.tables import Sheet, xlsx_bytes

SCALE = Scale((Level("1", "满意", Role.SATISFIED), Level("2", "不满意", Role.UNSATISFIED)))


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


@pytest.mark.parametrize("make", [
    lambda foot: (xlsx_bytes([Sheet("表", ("姓名", "票"), (("张三", 1), ("李四", 2)))], foot=foot), 1),
    lambda foot: (workbook([Plain("表", ("姓名", "票"), [("张三", 1), ("李四", 2)])], foot=foot), 1),
    lambda foot: (workbook([Charted("表", "题", (Bar("张三", {"1": 5}), Bar("李四", {"1": 4}), Bar("合计", {"1": 9}, total=True)), SCALE)], foot=foot), 3),
])  # fmt: skip
def test_a_printed_table_has_its_head_on_every_page_one_page_wide_with_its_number(make: Callable[[str], tuple[bytes, int]]) -> None:
    """Guards: `lay_out` of analysis.cells.Book. The total of a table is not filtered away, and no text is a code of Excel's own."""
    body, head = make("10 月 A&B")
    (page,) = openpyxl.load_workbook(io.BytesIO(body))
    assert page.print_title_rows == f"$1:${head}" and page.freeze_panes in (f"A{head + 1}", f"B{head + 1}")
    filtered = page.auto_filter.ref.replace("$", "")
    assert filtered.startswith(f"A{head}:") and filtered.endswith(f"{head + 2}")
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == ("landscape", 9, 1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    written = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml"))
    (foot,) = [each.text for each in written.iter() if each.tag.endswith("}oddFooter")]
    assert foot == "&L&8 10 月 A&&B&C&8 &A&R&8 &P / &N"


def test_a_figure_keeps_the_digits_it_is_printed_with() -> None:
    cells = (Decimal("100.00"), Decimal("87.5"), Decimal("3"), 7)
    (page,) = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("表", ("a",), tuple((cell,) for cell in cells))])))
    assert [(cell.value, cell.number_format) for cell in page["A"][1:]] == [(100, "0.00"), (87.5, "0.0"), (3, "0"), (7, "General")]
