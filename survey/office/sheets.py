"""Member lists out of .xlsx and .csv files, every cell as text, and the empty list people fill in."""

import csv
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

import openpyxl
import xlsxwriter
from openpyxl.cell.read_only import EMPTY_CELL

from survey.domain.rosters import RosterLine
from survey.domain.units import MEMBER_KINDS, SECTORS, UNIT_KINDS, MemberKind, Sector
from survey.office.columns import MEMBER_COLUMNS, doubled, fields
from survey.office.files import BadFile, is_workbook
from survey.office.merges import fill, spans

MOST_ROWS = 200_000
MOST_COLUMNS = 100
# A header stands below a title, a note and perhaps a date, never deeper.
HEADER_WITHIN = 30

# The last row Excel can have.
_LAST_ROW = 1 << 20
_DELIMITERS = (",", "\t", ";", "，", "；")
_FIELDS = tuple(RosterLine.__dataclass_fields__)
_CJK = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACED = re.compile(f"(?<=[{_CJK}])\\s+(?=[{_CJK}])")
_ZEROS = re.compile("0+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header; `number` is its number in the file, counted from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it stands in a file. Rows are as wide as the header; empty ones are left out."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str = ""


def read_table(data: bytes, filename: str) -> Table:
    """The first table in a file whose header we know, whatever stands above it.

    Raises
    ------
    BadFile
        The file is of a kind we do not read, harmful or broken, or there is no list in it.
    """
    sheets = _workbook(data, filename) if is_workbook(data, filename) else _text(data, filename)
    if not sheets:
        raise BadFile("no_header", file=filename)
    # A list of members wins over a list of units that stands on an earlier sheet.
    title, rows = max(sheets, key=lambda sheet: "name" in fields(sheet[1][0].cells))
    head, *below = rows
    width = max(place for place, cell in enumerate(head.cells) if cell) + 1
    header = head.cells[:width]
    twice = doubled(header)
    if twice:
        raise BadFile("twice", file=filename, column=twice)
    kept = tuple(Row(row.number, _width(row.cells, width)) for row in below if any(row.cells[:width]))
    if not kept:
        raise BadFile("no_rows", file=filename)
    if len(kept) > MOST_ROWS:
        raise BadFile("too_many_rows", file=filename, most=MOST_ROWS)
    return Table(header, kept, title)


def roster(table: Table) -> tuple[RosterLine, ...]:
    """The rows of a member list, or of a list of units, as the domain knows them; a column that is not there is ''."""
    places = fields(table.header)
    lines = []
    for row in table.rows:
        values = {field: row.cells[place] for field, place in places.items()}
        # Names of two characters are often spread with a space to the width of three.
        names = {field: _SPACED.sub("", values.get(field, "")) for field in ("name", "unit", "parent")}
        values = {field: values.get(field, "") for field in _FIELDS if field != "number"} | names
        lines.append(RosterLine(row.number, **values))
    return tuple(lines)


def template_xlsx() -> bytes:
    """An empty member list with two invented rows, choices to pick from, and a sheet that explains the columns."""
    out = io.BytesIO()
    quiet = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, quiet) as book:
        # Without a fixed date every download would be another file.
        book.set_properties({"title": "党员名单", "created": datetime(2000, 1, 1)})
        head = book.add_format({"bold": True, "bottom": 2, "bg_color": "#EEE9DF", "align": "left"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("党员名单")
        sheet.freeze_panes(1, 0)
        for place, (field, width) in enumerate(_TEMPLATE.items()):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, MEMBER_COLUMNS[field][0], head)
        for number, example in enumerate(_EXAMPLES, start=1):
            for place, field in enumerate(_TEMPLATE):
                sheet.write_string(number, place, example[field], text)
        for field, labels in (("kind", MEMBER_KINDS), ("unit_kind", UNIT_KINDS), ("sector", SECTORS)):
            place = list(_TEMPLATE).index(field)
            choice = {"validate": "list", "source": list(labels.values()), "ignore_blank": True,
                      "error_title": "请从列表中选", "error_message": "请从下拉列表中选一个，或者留空。"}
            sheet.data_validation(1, place, 5000, place, choice)
        guide = book.add_worksheet("填写说明")
        guide.set_column(0, 0, 14)
        guide.set_column(1, 1, 90)
        guide.write_row(0, 0, ("列", "怎么填"), head)
        for number, (field, words) in enumerate(_GUIDE, start=1):
            name = MEMBER_COLUMNS[field][0] if field in MEMBER_COLUMNS else field
            guide.write_row(number, 0, (name, words))
    return out.getvalue()


def _workbook(data: bytes, filename: str) -> list[tuple[str, list[Row]]]:
    """Sheets that have a header, each from it on. Formulas give the value they had when the file was saved."""
    try:
        with warnings.catch_warnings():
            # openpyxl warns of extensions it leaves out; none holds a cell's text.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                found = []
                for sheet in book.worksheets:
                    if sheet.sheet_state != "visible":
                        continue
                    # Bounds of our own: the size some programs write into the sheet is wrong and would hide rows,
                    # and rows left out are handed over as empty ones, however large the number that comes next.
                    cells = sheet.iter_rows(max_row=_LAST_ROW, max_col=MOST_COLUMNS)
                    rows = _from_header(
                        tuple("" if cell is EMPTY_CELL else _cell_text(cell) for cell in row) for row in cells
                    )
                    if rows:
                        # Below the header only: a header of two rows has merged cells of its own.
                        below = [(row.number, row.cells) for row in rows[1:]]
                        whole = fill(below, spans(data, sheet._worksheet_path))
                        found.append((sheet.title, [rows[0], *(Row(number, cells) for number, cells in whole)]))
                return found
            finally:
                book.close()
    except Exception as fault:
        # Inside is someone else's file: what openpyxl stumbles over has no end, and all of it means the same.
        raise BadFile("broken", file=filename) from fault


def _text(data: bytes, filename: str) -> list[tuple[str, list[Row]]]:
    """A text with commas, tabs or semicolons: the one that shows the widest header."""
    whole = _decode(data, filename)
    best: list[Row] = []
    unclosed = 0
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter, strict=True)
        try:
            rows = _from_header(tuple(_clean(cell) for cell in row[:MOST_COLUMNS]) for row in reader)
        except csv.Error:
            unclosed = unclosed or reader.line_num
            continue
        if rows and (not best or len(fields(rows[0].cells)) > len(fields(best[0].cells))):
            best = rows
    if not best and unclosed:
        raise BadFile("quotes", file=filename, row=unclosed)
    return [("", best)] if best else []


def _from_header(rows: Iterable[tuple[str, ...]]) -> list[Row]:
    """The header and what follows, empty rows left out; [] when no row near the top is a header."""
    numbered: Iterator[Row] = (Row(number, cells) for number, cells in enumerate(rows, start=1))
    for row in islice(numbered, HEADER_WITHIN):
        if fields(row.cells):
            # One more than allowed, so that too many can be told from just enough.
            return [row, *islice((below for below in numbered if any(below.cells)), MOST_ROWS + 1)]
    return []


def _decode(data: bytes, filename: str) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, or GB 18030, which Excel writes in China."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        names: tuple[str, ...] = ("utf-16",)
    else:
        names = ("utf-8-sig", "gb18030")
    for name in names:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise BadFile("encoding", file=filename)


def _cell_text(cell: object) -> str:
    """A cell as people see it: 12.0 is 12, a date is ISO, 7 shown as 007 is 007."""
    value = getattr(cell, "value", None)
    match value:
        case None:
            return ""
        case str():
            return _clean(value)
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            value = int(value)
    shown = str(value)
    form = str(getattr(cell, "number_format", ""))
    return shown.zfill(len(form)) if isinstance(value, int) and _ZEROS.fullmatch(form) else shown


def _clean(text: str) -> str:
    """One line without control or zero-width characters and without space around it."""
    kept = "".join(" " if each.isspace() else each for each in unicodedata.normalize("NFC", text)
                   if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf"))
    return " ".join(kept.split())


def _width(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells[:width], *("",) * (width - len(cells)))


_TEMPLATE = {"name": 12, "unit": 24, "kind": 16, "position": 16, "code": 12, "parent": 24, "sector": 14, "unit_kind": 12}
_EXAMPLES = (
    {"name": "张三", "unit": "示例第一党支部", "kind": MEMBER_KINDS[MemberKind.LEADING], "position": "书记", "code": "001",
     "parent": "", "sector": SECTORS[Sector.OFFICE], "unit_kind": "党支部"},
    {"name": "李四", "unit": "示例第一党支部", "kind": MEMBER_KINDS[MemberKind.RETIRED], "position": "", "code": "002",
     "parent": "", "sector": SECTORS[Sector.OFFICE], "unit_kind": "党支部"},
)
_GUIDE = (
    ("name", "必填。一人一行。只登记单位、不登记党员时留空。"),
    ("unit", "必填。还没有的单位会自动添加，同一个单位每行写法要一样。"),
    ("kind", f"从列表中选：{'、'.join(MEMBER_KINDS.values())}。留空算在职党员。"),
    ("position", "书记、副书记、委员排在前面，评议票按这个顺序列人。"),
    ("code", "同一个支部有同名的人时必填，用来分清是谁。不要填身份证号。"),
    ("parent", "单位还没有时用：写它的上级组织。留空就放在您管理的组织下面。"),
    ("sector", f"从列表中选：{'、'.join(SECTORS.values())}。可以留空。"),
    ("unit_kind", f"从列表中选：{'、'.join(UNIT_KINDS.values())}。留空算党支部。"),
    ("示例", "名单里的张三、李四是举例，导入前请删掉这两行。"),
    ("先看后写", "导入时先列出要添加、要改和不能用的行，您确认以后才写入。"),
)
