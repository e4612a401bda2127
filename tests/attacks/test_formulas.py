"""No file that leaves the house can run anything in a spreadsheet: not a cell, not a chart, not a sheet's name."""

import ast
import csv
import io
import re
import zipfile
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cells import Book, csv_bytes, is_risky, neutral
from analysis.charts import Bar
from analysis.command import main
from analysis.report import Plain, Sheet, workbook
from analysis.satisfaction import Level, Role, Scale
from survey.office import tables
from survey.office.blanks import template_xlsx

ROOT = Path(__file__).parent.parent.parent
STARTS = tuple("=+-@\t\r\n＝＋－＠")
BEFORE = ("", " ", "\u3000", "\u00a0", '"', "'", "\u200b", "\ufeff", "“", ' "', "\u202e", "\x00")
WILD = [f"{before}{start}cmd|'/C calc'!A0" for before, start in product(BEFORE, STARTS)]
NUMBERS = ["-3", "-3.5", "0", "12", "95.04", "-0.000001"]
HARMLESS = ["张三", "", "a=b", "满意", "–", "一－二", "2026-09-18", "http://a.cn", "100%", "<script>", "#N/A", "{=1+1}"]
MARKUP = ["<r>&</r>", "<r></t></si><si><t>x</t></r>", "</t></si>", "_x0041_", "\x01", "\ufffe", "&#0;", "]]>", "支部!A1", "=x!A1"]
# All names a workbook may define: rows that are printed on every page, rows that are filtered. And what they and charts point to.
NAMED = {"_xlnm.Print_Titles", "_xlnm._FilterDatabase"}
OWN = re.compile(r"'?(?P<sheet>.+?)'?!(\$?[A-Z]+\$?\d+(:\$?[A-Z]+\$?\d+)?|\$\d+:\$\d+)")


@pytest.mark.parametrize("text", WILD)
def test_text_that_a_spreadsheet_might_run_starts_with_an_apostrophe(text: str) -> None:
    assert is_risky(text)
    (row,) = csv.reader(io.StringIO(csv_bytes([text], []).decode("utf-8-sig"), newline=""))
    assert row[0].startswith("'") and row[0].lstrip("'").startswith(text[:1].lstrip("'"))


@pytest.mark.parametrize("cell", [*NUMBERS, *HARMLESS, -3, -3.5, 0, None, 1e30])
def test_numbers_and_plain_words_are_left_alone(cell: str | float | None) -> None:
    assert neutral(cell) == cell


@pytest.mark.parametrize(
    ("text", "kept"),
    [("好;=1+1", "好;'=1+1"), ("一\n=1+1", "一\n'=1+1"), ("a\t @x", "a\t' @x"), ('x"\r"-1+1', "x\"\r'\"-1+1"), ("a;b", "a;b")],
)
def test_a_cell_that_begins_inside_a_text_is_neutral_too(text: str, kept: str) -> None:
    assert neutral(text) == kept


@given(st.text(max_size=30))
def test_nothing_neutral_is_risky_but_for_its_apostrophe(text: str) -> None:
    kept = neutral(text)
    assert isinstance(kept, str)
    assert kept == text or kept.startswith("'") or kept.replace("'", "") == text.replace("'", "")
    for part in re.split("[;\t\r\n]", kept):
        assert not part.startswith(STARTS) or re.fullmatch(r"-?\d+(\.\d+)?", kept)


def sheets_of(data: bytes) -> dict[str, list[list[object]]]:
    """Every cell of a workbook; fails on a formula, a link, a connection or XML that cannot be read."""
    pointed = set[str]()
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            root = ElementTree.fromstring(parts.read(name)) if name.endswith((".xml", ".rels")) else None
            assert not re.search(r"externalLink|connections|vbaProject|activeX|embeddings", name)
            for each in root.iter() if root is not None else ():
                tag = each.tag.rsplit("}", 1)[-1]
                own = OWN.fullmatch(each.text or "")
                # A quotation mark is doubled, and what looks like an escaped letter is escaped itself.
                pointed |= {own["sheet"].replace("''", "'").replace("_x005F_", "_")} if own and tag in ("f", "definedName") else set()
                if tag == "f":
                    assert "/charts/" in name and own, (name, each.text)
                assert tag not in ("hyperlink", "ddeLink", "oleLink"), name
                # Which rows are printed on every page and which are filtered, by their places alone.
                assert tag != "definedName" or (each.get("name") in NAMED and own), (name, each.text)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert pointed <= set(book.sheetnames)
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    assert cell.hyperlink is None
                    # openpyxl guesses a formula from the letters alone; what the file says is the shared string.
                    text = cell.value.replace("_x000D_", "\r")
                    assert cell.quotePrefix is is_risky(text), (page.title, cell.coordinate, cell.value)
    return {page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in book}


def test_text_in_a_workbook_stays_text_and_is_marked_with_the_apostrophe_excel_keeps_itself() -> None:
    texts = [*WILD, *HARMLESS[2:], *NUMBERS, *MARKUP, "x" * 40_000]
    data = tables.xlsx_bytes([tables.Sheet("=表", ("=头",), (*((text,) for text in texts), (-3.5,), (7,)))])
    (cells,) = sheets_of(data).values()
    back = [row[0] for row in cells[1:]]
    for text, kept in zip(texts, back, strict=False):
        # Excel's own spelling of what XML has no letter for; openpyxl reads line breaks as XML does.
        plain = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", "\ufffd", text)[:32_767]
        assert str(kept).replace("\r", "\n").replace("_x000D_", "\n") == plain.replace("\r", "\n"), text
    assert back[-2:] == [-3.5, 7]


@pytest.mark.parametrize("name", [*WILD[:12], *MARKUP, "𠮷" * 40, "'x'", "[a]*?/\\:", "History", "", "\ud800", "a" * 40])
def test_any_name_makes_a_sheet_a_title_and_a_chart_that_opens(name: str) -> None:
    scale = Scale((Level("1", name or "空", Role.SATISFIED), Level("2", "不满意", Role.UNSATISFIED)))
    bars = (Bar(name, {"1": 5, "2": 1}), Bar(name, {"1": 1, "2": 5}))
    data = workbook([Sheet(name, name, bars, scale, head=name), Plain(name, (name, "n"), [(name, -3.5)])])
    found = sheets_of(data)
    assert len(found) == 2
    assert all(len(title.encode("utf-16-le")) <= 62 for title in found)
    assert list(found.values())[1][1][1] == -3.5


def test_the_command_writes_nothing_that_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "=1+1.csv"
    rows = [["unit", "member", "group", "=Q1"]]
    rows += [[f"=u{i % 2}", f"@m{i % 3}", f"+g{i % 2}", "-好" if i % 4 else "=差"] for i in range(60)]
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    asked = [str(source), "--out", str(tmp_path / "out"), "--items", "=Q*", "--levels=-好,=差", "--satisfied=-好"]
    assert main([*asked, "--points=-2.5,-10", "--unit", "unit", "--member", "member", "--group", "group"]) == 0, capsys.readouterr()
    with (tmp_path / "out" / "satisfaction.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *cells = csv.reader(file)
    assert {"n_-好", "n_=差"} <= set(header)
    assert not [cell for row in [header, *cells] for cell in row if is_risky(cell) and not cell.startswith("'")]
    assert {"'=u0", "'@m0", "'+g0"} <= {cell for row in cells for cell in row[:3]}
    scores = [row[header.index("score")] for row in cells if row[header.index("shown")] == "1"]
    assert scores and all(float(score) < 0 for score in scores), "true numbers stay numbers"
    found = sheets_of((tmp_path / "out" / "satisfaction.xlsx").read_bytes())
    assert any("=u0" in row for row in list(found.values())[-1])


def test_the_empty_list_people_fill_in_has_nothing_that_runs() -> None:
    assert set(sheets_of(template_xlsx())) == {"党员名单", "填写说明"}


def calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_every_writer_of_tables_goes_through_the_one_place() -> None:
    """Who writes a .csv or .xlsx by other means would not be caught by the tests above, so nobody does."""
    makers = re.compile(
        r"\bcsv\.(writer|DictWriter)$|\bWorkbook$|\.(to_csv|to_excel|write_string|write_row|write_rich_string|write_formula"
        r"|write_array_formula|write_url|writerow|writerows|add_table|savetxt|ExcelWriter)$"
    )
    found: dict[str, set[str]] = {}
    for path in sorted(each for top in ("survey", "analysis") for each in (ROOT / top).rglob("*.py")):
        used = {call for call in calls(ast.parse(path.read_text("utf-8"))) if makers.search(call)}
        if used:
            found[path.relative_to(ROOT).as_posix()] = used
    # The table of a Word file holds words and boxes to tick: nothing in it is ever calculated.
    assert found.pop("survey/office/word_pages.py") == {"self.file.add_table"}
    assert set(found) == {"analysis/cells.py"}, found
    assert "xlsxwriter.Workbook" in found["analysis/cells.py"] and "csv.writer" in found["analysis/cells.py"]


def test_a_book_leaves_what_is_missing_empty() -> None:
    book = Book()
    page = book.sheet("a")
    for column, cell in enumerate((None, float("nan"), float("inf"), "", 0)):
        book.write(page, 0, column, cell)
    assert sheets_of(book.bytes()) == {"a": [[None, None, None, None, 0]]}
