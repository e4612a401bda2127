"""Member lists as offices hand them about: one plain list, written with any set of messy traits by four programs."""

import csv
import io
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum

import openpyxl
import xlsxwriter
import xlwt

from survey.domain.rosters import RosterLine

PEOPLE = (
    ("张三", "机修党支部", "在职党员", "支部书记", "001"),
    ("李四", "机修党支部", "离退休党员", "", "002"),
    ("阿依古丽·买买提", "机修党支部", "在职党员", "", "010"),
    ("王五", "青山小学党支部", "流动党员", "组织委员", "003"),
    ("赵六", "青山小学党支部", "在职党员", "", "004"),
)
SECOND = ("李四", "机修党支部", "在职党员", "", "020")


class Trait(StrEnum):
    """What is messy about a list."""

    SYNONYMS = "other column names"
    TITLES = "a title and a note above the header"
    TWO_ROWS = "a header of two rows"
    MERGED = "the unit merged over its members"
    GAPS = "blank rows, and rows that hold a number only"
    TOTALS = "subtotals, a total and signatures"
    SHEETS = "a sheet for each branch"
    CAPTION = "the unit in a line above the header"
    OTHERS = "sheets that are no list, hidden, or say the same"
    WIDE = "full-width digits and spaces in names"
    NUMBERS = "codes that are numbers shown with zeros"
    MORE = "columns nobody asked for, in another order"
    NAMESAKE = "two of the same name with codes"
    AGAIN = "the header once more in the middle"
    BROKEN_HEADS = "line breaks, stars and remarks in column names"
    FORMULAS = "formulas with the value they had"


class Program(StrEnum):
    """What wrote the file."""

    OPENPYXL = "openpyxl.xlsx"
    XLSXWRITER = "xlsxwriter.xlsx"
    XLWT = "xlwt.xls"
    CSV = "utf-8.csv"
    EXCEL_CSV = "utf-8-sig.csv"
    OLD_CSV = "gb18030.csv"
    UNICODE_TEXT = "utf-16.txt"


# What a text file cannot say, and what a program cannot write.
_NOT_IN_TEXT = {Trait.MERGED, Trait.SHEETS, Trait.OTHERS, Trait.NUMBERS, Trait.FORMULAS}
_EITHER = ({Trait.SHEETS, Trait.CAPTION}, {Trait.CAPTION, Trait.TOTALS}, {Trait.SHEETS, Trait.OTHERS}, {Trait.WIDE, Trait.NUMBERS})


@dataclass
class Page:
    """One sheet to write."""

    title: str
    rows: list[list[object]] = field(default_factory=list)
    merges: list[tuple[int, int, int]] = field(default_factory=list)
    hidden: bool = False


def fits(traits: Set[Trait], program: Program) -> bool:
    """Whether the traits make sense together and the program can write them."""
    if any(pair <= traits for pair in _EITHER):
        return False
    if program.value.endswith((".csv", ".txt")):
        return not traits & _NOT_IN_TEXT
    return Trait.FORMULAS not in traits or program is Program.XLSXWRITER


def expected(traits: Set[Trait]) -> list[RosterLine]:
    """The rows as they must be read."""
    return [line for _, lines in _pages(traits) for line in lines]


def written(traits: Set[Trait], program: Program) -> bytes:
    """The file."""
    pages = [page for page, _ in _pages(traits)]
    if Trait.OTHERS in traits:
        pages = [Page("填写说明", [["姓名", "必填，一人一行"], ["编号", "可以不填"]]), *pages, _hidden(pages[0]), _copy(pages[0]), Page("空")]
    match program:
        case Program.OPENPYXL:
            return _openpyxl(pages)
        case Program.XLSXWRITER:
            return _xlsxwriter(pages, formulas=Trait.FORMULAS in traits)
        case Program.XLWT:
            return _xlwt(pages)
    return _text(pages[0], program)


def _hidden(page: Page) -> Page:
    return Page("去年", [[str(cell).replace("张三", "离开的人") for cell in row] for row in page.rows], hidden=True)


def _copy(page: Page) -> Page:
    return Page("打印用", page.rows[:-1], page.merges)


def _people(traits: Set[Trait]) -> list[tuple[str, ...]]:
    people = [PEOPLE[0], PEOPLE[1], *([SECOND] if Trait.NAMESAKE in traits else []), *PEOPLE[2:]]
    return [person for person in people if Trait.CAPTION not in traits or person[1] == "机修党支部"]


def _pages(traits: Set[Trait]) -> Iterator[tuple[Page, list[RosterLine]]]:
    people = _people(traits)
    if Trait.SHEETS not in traits:
        yield _page("名单", people, traits)
        return
    for unit in dict.fromkeys(person[1] for person in people):
        yield _page(unit, [person for person in people if person[1] == unit], traits)


def _columns(traits: Set[Trait]) -> list[tuple[str, str]]:
    """Field and column name, in the order of the file."""
    labels = {"name": "姓名", "unit": "所在党支部", "kind": "党员类型", "position": "职务", "code": "编号"}
    if Trait.SYNONYMS in traits:
        labels = {"name": "党员姓名", "unit": "支部名称", "kind": "类别", "position": "岗位", "code": "工号"}
    if Trait.BROKEN_HEADS in traits:
        labels = {key: f" *{label[0]}\n　{label[1:]}（必填）：" for key, label in labels.items()}
    if Trait.SHEETS in traits or Trait.CAPTION in traits:
        del labels["unit"]
    columns = list(labels.items())
    if Trait.MORE in traits:
        columns = [("", "序号"), *reversed(columns), ("phone", "联系电话"), ("note", "备注")]
    if Trait.TWO_ROWS in traits:
        # The upper row says what the lower one is about; position and code stand in the lower one.
        columns.sort(key=lambda column: column[0] in ("position", "code"))
    return columns


def _page(title: str, people: Sequence[tuple[str, ...]], traits: Set[Trait]) -> tuple[Page, list[RosterLine]]:
    page = Page(title)
    columns = _columns(traits)
    if Trait.TITLES in traits:
        page.rows += [["青山镇 2026 年党员名单"], [], ["说明：本表由组织委员填写，2026-09-01"]]
    if Trait.CAPTION in traits:
        page.rows.append(["填报单位（盖章）：机修党支部"])
    heads: list[list[object]] = [[label for _, label in columns]]
    if Trait.TWO_ROWS in traits:
        lower = [label if key in ("position", "code") else "" for key, label in columns]
        upper = ["" if key == "code" else "党内情况" if key == "position" else label for key, label in columns]
        heads = [list(upper), list(lower)]
    page.rows += heads
    lines = []
    last_unit = ""
    for place, person in enumerate(people):
        if place == 2 and Trait.AGAIN in traits:
            page.rows.append([label for _, label in columns])
        if place and Trait.GAPS in traits:
            page.rows += [[], ["" if key else place for key, _ in columns]]
        if last_unit and person[1] != last_unit and Trait.TOTALS in traits:
            page.rows.append([f"{last_unit}小计", *[""] * (len(columns) - 2), place])
        cells = dict(zip(("name", "unit", "kind", "position", "code"), person, strict=True))
        page.rows.append([_cell(key, cells, place, traits) for key, _ in columns])
        lines.append(_line(len(page.rows), cells, title if {Trait.SHEETS, Trait.OTHERS} & traits else ""))
        last_unit = person[1]
    if Trait.TOTALS in traits:
        page.rows += [["合 计", *[""] * (len(columns) - 2), len(people)], [], ["填表人：周八", "", "审核人：吴九"], ["2026年9月1日"]]
    if Trait.MERGED in traits and "unit" in dict(columns):
        _merge(page, [key for key, _ in columns].index("unit"), lines)
    return page, lines


def _line(number: int, cells: dict[str, str], sheet: str) -> RosterLine:
    return RosterLine(number, cells["name"], cells["unit"], cells["code"], cells["kind"], cells["position"], sheet=sheet)


def _cell(key: str, cells: dict[str, str], place: int, traits: Set[Trait]) -> object:
    value = cells.get(key, {"": place + 1, "phone": "13800000000", "note": ""}.get(key))
    if Trait.WIDE in traits and isinstance(value, str):
        if key == "code":
            return "".join(chr(ord(each) + 0xFEE0) for each in value) + "\u3000"
        if key == "name" and len(value) == 2:
            return f"\u3000{value[0]}　{value[1]}\u200b "
    if Trait.NUMBERS in traits and key == "code":
        return int(str(value))
    return value


def _merge(page: Page, column: int, lines: Sequence[RosterLine]) -> None:
    """Each unit once, over all rows from its first member to its last."""
    for unit in dict.fromkeys(line.unit for line in lines):
        numbers = [line.number for line in lines if line.unit == unit]
        for number in range(numbers[0] + 1, numbers[-1] + 1):
            row = page.rows[number - 1]
            row[column:] = ["", *row[column + 1 :]] if column < len(row) else []
        if len(numbers) > 1:
            page.merges.append((numbers[0], numbers[-1], column))


def _openpyxl(pages: Sequence[Page]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        sheet = book.create_sheet(page.title)
        sheet.sheet_state = "hidden" if page.hidden else "visible"
        for row in page.rows:
            sheet.append([None if cell == "" else cell for cell in row])
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int) and cell.row > 1:
                    cell.number_format = "000"
        for first, last, column in page.merges:
            sheet.merge_cells(start_row=first, end_row=last, start_column=column + 1, end_column=column + 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsxwriter(pages: Sequence[Page], *, formulas: bool) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        zeros = book.add_format({"num_format": "000"})
        for page in pages:
            sheet = book.add_worksheet(page.title)
            for number, row in enumerate(page.rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(number, column, cell, zeros)
                    elif formulas and cell in ("张三", "王五", "001"):
                        sheet.write_formula(number, column, '=TRIM("x")', None, cell)
                    elif cell != "":
                        sheet.write_string(number, column, str(cell))
            for first, last, column in page.merges:
                value = page.rows[first - 1][column]
                sheet.merge_range(first - 1, column, last - 1, column, value)
            if page.hidden:
                sheet.hide()
    return out.getvalue()


def _xlwt(pages: Sequence[Page]) -> bytes:
    book = xlwt.Workbook()
    zeros = xlwt.easyxf(num_format_str="000")
    for page in pages:
        sheet = book.add_sheet(page.title)
        sheet.visibility = 1 if page.hidden else 0
        merged = {(first, column): last for first, last, column in page.merges}
        for number, row in enumerate(page.rows, start=1):
            for column, cell in enumerate(row):
                if (number, column) in merged:
                    sheet.write_merge(number - 1, merged[number, column] - 1, column, column, cell)
                elif cell != "":
                    sheet.write(number - 1, column, cell, zeros if isinstance(cell, int) else xlwt.Style.default_style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(page: Page, program: Program) -> bytes:
    out = io.StringIO()
    tabs = program is Program.UNICODE_TEXT
    csv.writer(out, delimiter="\t" if tabs else ",", lineterminator="\r\n").writerows(page.rows)
    return out.getvalue().encode(program.value.rpartition(".")[0])
