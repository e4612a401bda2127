"""Points that come back in a table: everybody stands in it, each wrong cell is named, and nothing is half written."""

import io
import re

import openpyxl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.actions.house import House
from survey.domain.scores import Filled, Known, compared, read_points
from survey.office.score_sheets import read_scores, score_xlsx
from survey.store import scores as kept
from tests.conftest import on_sqlite
from tests.townships_for_tests import Township, published
from tests.web.desk.desks_for_tests import Desk, sit_down, words
from tests.web.desk.test_grades import save
from tests.web.desk.test_scores import RULES


def bring(desk: Desk, town: Township, book: openpyxl.Workbook, name: str = "分数.xlsx") -> TestResponse:
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return desk.client.post(f"/desk/rounds/{town.round}/grades/file", data={"csrf_token": desk.token(), "file": (out, name)})


@pytest.fixture
def town(house: House) -> Township:
    return published(house, RULES)


@on_sqlite
def test_a_table_goes_out_with_names_and_comes_back_whole_or_not_at_all(app: Flask, house: House, town: Township) -> None:
    desk, base = sit_down(app, house, "secretary"), f"/desk/rounds/{town.round}/grades"
    book = openpyxl.load_workbook(io.BytesIO(desk.client.get(f"{base}/scores.xlsx").data))
    sheet = book.active
    head, *rows = sheet.iter_rows(values_only=True)
    shown = {key for branch in town.branches if branch.returned >= 5 for marks in branch.marks.values() for key, _q, _a in marks}
    assert head == ("编号", "单位", "名称", "班子", "自评") and {row[0] for row in rows} == shown
    for at, _row in enumerate(rows, start=2):
        sheet.cell(at, 4, 80 + at / 2)
        sheet.cell(at, 5, "九十" if at == 3 else "90")
    sheet.cell(4, 3, "别人")
    sheet.cell(5, 1, "m99999")
    sheet.cell(6, 4, "100.5")
    refused = bring(desk, town, book)
    said = words(refused)
    assert refused.status_code == 400 and "有 4 处不能用，什么也没有写入" in said
    for sentence in ("第 3 行“自评”列：“九十”", "第 4 行：“别人”和编号对不上", "第 5 行：编号“m99999”不在", "第 6 行“班子”列：“100.5”"):
        assert sentence in said
    with house.store.read() as db:
        assert kept.typed(db, town.round) == {}
    for at, row in enumerate(rows, start=2):
        for column, cell in enumerate((*row[:3], 80.5, ""), start=1):
            sheet.cell(at, column, cell)
    seen = bring(desk, town, book)
    key = re.search(r'name="key" value="(\w+)"', seen.text)
    assert key is not None and f"会改 {len(rows)} 个分数" in words(seen)
    with house.store.read() as db:
        assert kept.typed(db, town.round) == {}, "a preview writes nothing"
    for _again in range(2):
        done = desk.client.post(f"{base}/file/confirm", data={"csrf_token": desk.token(), "key": key[1]})
    assert done.status_code == 400 and "预览已经失效" in words(done)
    with house.store.read() as db:
        assert kept.typed(db, town.round) == {target: {"班子": 8050} for target in shown}
    assert "没有要写入的" in words(bring(desk, town, book))
    # Once a grade is decided its points stay.
    branch = town.branches[3]
    assert save(desk, f"{base}/{branch.unit}", adopt="1").status_code == 303
    for at in range(2, len(rows) + 2):
        sheet.cell(at, 4, 70)
    late = bring(desk, town, book)
    assert late.status_code == 400 and words(late).count("的等次已经定了，分数不能再改") == 3


@on_sqlite
def test_a_file_that_is_no_such_table_is_refused_with_what_to_do(app: Flask, house: House, town: Township) -> None:
    desk, here = sit_down(app, house, "secretary"), f"/desk/rounds/{town.round}/grades/file"
    nothing = desk.client.post(here, data={"csrf_token": desk.token()})
    assert nothing.status_code == 400 and "还没有选文件" in words(nothing)
    for data, said in ((b"%PDF-1.7", "不是表格"), ("姓名,单位\n张三,机修\n".encode(), "没有找到可以读的分数"), (b"", "这个文件是空的")):
        wrong = desk.client.post(here, data={"csrf_token": desk.token(), "file": (io.BytesIO(data), "a.csv")})
        assert wrong.status_code == 400 and said in words(wrong), said
    key = next(f"u{branch.unit}" for branch in town.branches if branch.returned >= 5)
    text = desk.client.post(here, data={"csrf_token": desk.token(), "file": (io.BytesIO(f"编号,班子\n{key},88\n".encode()), "a.csv")})
    assert text.status_code == 200 and "会改 1 个分数" in words(text)
    for login in ("leader", "other"):
        assert sit_down(app, house, login).client.get(here).status_code == 404


def test_a_source_may_be_called_as_a_column_of_ours_and_what_excel_reckoned_is_what_it_shows() -> None:
    sources = ("单位", "名称", "编号")
    book = openpyxl.load_workbook(io.BytesIO(score_xlsx(sources, [("u7", "机修支部", "机修支部", "90", "80.5", "")])))
    assert book.active is not None
    book.active.cell(2, 6, 92.30000000000001)
    out = io.BytesIO()
    book.save(out)
    (row,) = read_scores(out.getvalue(), "分数.xlsx", sources)
    assert (row.key, row.name, dict(row.cells)) == ("u7", "机修支部", {"单位": "90", "名称": "80.5", "编号": "92.3"})
    # A nought too many is no full mark; and of a story in a cell no more is said than a sentence takes.
    assert [read_points(text) for text in ("1000", "0900", "92.50", "92.5000", "92.505")] == [None, None, 9250, 9250, None]
    _some, wrong = compared([Filled(2, "u" * 30_000, "", {}), Filled(3, "u7", "机" * 30_000, {})], {"u7": Known("机修支部", 7, {}, is_locked=False)})
    assert [(each.why, len(each.value)) for each in wrong] == [("unknown", 60), ("name", 60)]
