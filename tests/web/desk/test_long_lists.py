"""A list of 100,000 rows, in a process of its own, on both databases: how much memory, how large a page, what is written."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from survey.actions.house import House
from survey.config import Config
from survey.store import members
from tests.conftest import PASSWORD, make_people

ROOT = Path(__file__).parent.parent.parent.parent
ROWS = 100_000
# The program alone takes 244 of them.
MOST_MB = 400
MOST_PAGE = 40_000


def rows() -> Iterator[tuple[str, ...]]:
    """A city: 1,000 branches of 100 members, every name of two or three letters."""
    for number in range(ROWS):
        name = f"张{chr(0x4E00 + number % 5000)}{chr(0x4E00 + number // 5000)}"
        yield str(number + 1), name, f"第{number // 100 + 1}党支部", "在职党员", "", f"{number:06}", "13800000000"


def workbook(path: Path) -> Path:
    """The rows as Excel would save them: texts in a table of their own."""
    small = io.BytesIO()
    with xlsxwriter.Workbook(small) as book:
        book.add_worksheet("名单").write_row(0, 0, ("序号",))
    texts: dict[str, int] = {}
    heads = ("序号", "姓名", "所在党支部", "类别", "职务", "编号", "电话")
    lines = []
    for number, row in enumerate((heads, *rows()), start=1):
        cells = (f'<c r="{"ABCDEFG"[place]}{number}" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>' for place, text in enumerate(row))
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = {
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{''.join(lines)}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {space}>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>",
    }
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
    return path


def text(path: Path) -> Path:
    """The rows as Excel in China saves a text."""
    heads = ("序号", "姓名", "所在党支部", "类别", "职务", "编号", "电话")
    path.write_text("".join(",".join(row) + "\r\n" for row in (heads, *rows())), "gb18030", newline="")
    return path


@pytest.mark.long
def test_a_long_list_fits_into_memory_and_a_second_import_changes_nothing(house: House, config: Config, tmp_path: Path) -> None:
    make_people(house)
    # A workbook takes most of the time; one of the two databases may have the same rows as a text.
    made = workbook(tmp_path / "名单.xlsx") if house.store.is_sqlite else text(tmp_path / "名单.csv")
    command = [sys.executable, "-m", "tests.web.desk.import_in_a_child", config.database, str(tmp_path), str(made), PASSWORD]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    print(json.dumps(said))
    assert said["status"] == 200 and said["done"] and said["nothing"], said
    assert max(said["preview"], said["write"], said["again"]) < MOST_MB, said
    assert said["page"] < MOST_PAGE, said
    with house.store.read() as db:
        counts = members.counts(db)
    assert sum(counts.values()) == ROWS + 8 and len(counts) == 1002
