"""A half-year and a year: sums of what the rounds show, by hand; nobody else's; and nothing summed that was read by other rules."""

import csv
import io
import re
from collections import Counter
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from survey.actions.house import House
from survey.domain.staff import StaffRole
from survey.store.tables import RoundRow
from tests.analysis.pictures_for_tests import words
from tests.conftest import hire, on_sqlite
from tests.townships_for_tests import Branch, Township, published, rates
from tests.web.board.test_round_results import all_of, client_of, row_of, text_of
from tests.web.board.test_round_sheets import pdf_text

Turns = list[tuple[int, list[Branch]]]


def two_rounds(house: House) -> tuple[Township, Turns]:
    """The third and the fourth quarter; one branch has no meeting in the fourth, another had too few in the third alone."""
    town = published(house)
    turns = [(town.round, town.branches)]
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    for branch, sizes in zip(town.branches[1:], ((8, 1), (3, 1), (9, 2), (1, 2), (5, 5)), strict=True):
        town.hold_one(branch, sizes)
    town.publish()
    return town, [*turns, (town.round, town.branches)]


@pytest.fixture
def year(house: House) -> tuple[Township, Turns]:
    return two_rounds(house)


def enough(turns: Turns, *, above: str = "", unit: int = 0) -> Counter[tuple[str, str, int]]:
    """What was cast where a branch stands by itself, over all rounds."""
    chosen = [branch for _round, branches in turns for branch in branches if above in ("", branch.above) and unit in (0, branch.unit)]
    return all_of([branch for branch in chosen if branch.returned >= 5])


def names_of(town: Township) -> dict[int, str]:
    return {own.unit: name for name, own in town.tree.branches.items()}


@on_sqlite
def test_a_half_year_is_the_sum_of_what_its_rounds_show(app: Flask, house: House, year: tuple[Township, Turns]) -> None:
    town, turns = year
    client, base, names = client_of(app, house, "secretary"), "/board/periods/2026H2", names_of(town)
    listed = client.get("/board/rounds").text
    for path in ("/board", f"/board/rounds/{turns[0][0]}/results"):
        assert '/board/periods/2026H2' in client.get(path).text, path
    assert f'href="{base}"' in listed and 'href="/board/periods/2026Y"' in listed and "2026H1" not in listed
    whole = client.get(base).text
    assert "到 2026 年第四季度为止" not in whole and f"/board/rounds/{turns[1][0]}/units/{town.tree.root}#look" in whole and "最近一轮" in whole
    everything = all_of([branch for _round, branches in turns for branch in branches])
    assert "公布了 2 轮。评到 2 个下级单位" in text_of(whole)
    # The small meetings of each round are enough together, so at the top nothing about units is missing.
    narrow, wide, valid = rates(everything, "u")
    assert f"单位满意率 {narrow}% 基本满意以上率 {wide}%，有效答案 {valid}" in text_of(whole)
    about = re.compile(r"党员满意率 [\d.]+% 基本满意以上率 [\d.]+%，有效答案 (\d+)")
    each_of = [int(about.findall(text_of(client.get(f"/board/rounds/{number}/results").text))[0]) for number, _branches in turns]
    assert [sum(each_of)] == [int(each) for each in about.findall(text_of(whole))] and min(each_of) > 0
    for name, head in town.tree.heads.items():
        page = client.get(f"{base}/units/{head}").text
        for branch in [each for each in town.branches if each.above == name]:
            found = enough(turns, unit=branch.unit)
            stood = sum(each.unit == branch.unit and each.returned >= 5 for _round, branches in turns for each in branches)
            row = row_of(page, names[branch.unit])
            assert f" {stood}/2 " in row and (not stood or " ".join(map(str, rates(found, "u"))) in row)
            assert ("没有评到：2026 年第四季度评议" in row) == (branch is town.branches[0])
            newest = enough(turns[1:], unit=branch.unit)
            assert not newest or f" {rates(newest, 'u')[0]} " in row[row.index(f" {stood}/2 ") :], row
            assert ("人数不足：2026 年第三季度评议" in row) == any(each.unit == branch.unit and each.returned < 5 for each in turns[0][1])
            first_said, below = (" ".join(re.findall(r'<ul class="sentence">(.*?)</ul>', page)) + "每轮都没到满意线的").split("每轮都没到满意线的")[:2]
            both_turns = [Decimal(rates(enough([turn], unit=branch.unit), "u")[0]) for turn in turns] if stood == 2 else []
            assert (names[branch.unit] in first_said) == (stood == 2 and abs(both_turns[1] - both_turns[0]) >= 3)
            assert stood < 2 or names[branch.unit] not in first_said or f"{names[branch.unit]}的满意率从第一轮到最后一轮{'升' if both_turns[1] > both_turns[0] else '降'}了 {abs(both_turns[1] - both_turns[0])} 个" in first_said
            assert (names[branch.unit] in below) == (stood == 2 and max(both_turns) < 80)
    # A branch that stands by itself in both: each round, both together, the change between them, its questions.
    branch = next(each for each in town.branches if each.returned >= 10 and each.unit == town.branches[3].unit)
    page = client.get(f"{base}/units/{branch.unit}").text
    found = [rates(all_of([each for each in branches if each.unit == branch.unit]), "u") for _round, branches in turns]
    for name, cells in zip(("2026 年第三季度评议", "2026 年第四季度评议"), found, strict=True):
        assert " ".join(map(str, cells)) in row_of(page, name)
    both = enough(turns, unit=branch.unit)
    assert " ".join(map(str, rates(both, "u"))) in row_of(page, "2 轮合计") and "本单位比前一轮" in page
    for question in sorted({question for target, question, _a in both if target.startswith("u")}):
        narrow, wide, valid = rates(Counter({key: n for key, n in both.items() if key[1] == question}), "u")
        assert f"{narrow} {wide} {valid} 2/2" in text_of(page)
    drawn = words(client.get(f"{base}/units/{branch.unit}/trend.svg").data)
    assert [each for each in drawn if each.startswith("有效") and each != "有效"][:2] == [f"有效{valid}" for _n, _w, valid in found]
    keys = sorted({key for key, _q, _a in both if key.startswith("m")})
    for key in keys:
        cells = rates(Counter({each: n for each, n in both.items() if each[0] == key}))
        member = client.get(f"{base}/members/{key}?unit={branch.unit}").text
        assert " ".join(map(str, cells)) in row_of(member, "2 轮合计") and f"满意率 {cells[0]}%" in text_of(member)
        assert f"members/{key}?unit={branch.unit}" in page
    assert keys and client.get(f"{base}/members/{keys[0]}/trend.pdf?unit={branch.unit}").data.startswith(b"%PDF")
    files_as_by_hand(client, f"{base}/units/{branch.unit}", both, found)
    top = table_of(client, f"{base}/units/{town.tree.root}")
    assert top["合计", "河东党委", "单位"][-3:] == [*rates(everything, "u")[:2], str(valid_of(everything))] and f"{base}/units/{town.tree.root}/report.pdf" in whole


def valid_of(marks: Counter[tuple[str, str, int]]) -> int:
    return rates(marks, "u")[2]


def table_of(client: FlaskClient, base: str) -> dict[tuple[str, ...], list[str]]:
    """The lines of the table of a half-year by what they are of."""
    return {tuple(row[:3]): row for row in csv.reader(io.StringIO(client.get(f"{base}/results.csv").data.decode("utf-8-sig")))}


def files_as_by_hand(client: FlaskClient, base: str, both: Counter[tuple[str, str, int]], turns: list[tuple[str, str, int]]) -> None:
    """PDF, workbook and table of a branch say what its page says: each round, all of them, its members, its questions."""
    told = table_of(client, base)
    paper = pdf_text(client.get(f"{base}/report.pdf").data)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}/results.xlsx").data))
    cells = {sheet.title: [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book}
    named = [(name, "单位", found) for name, found in zip(("2026 年第三季度评议", "2026 年第四季度评议"), turns, strict=True)]
    for name, what, (narrow, wide, valid) in named:
        assert told["轮次", name, what][-3:] == [narrow, wide, str(valid)]
        assert re.search(rf"{name} \d+/\d+ {narrow} {wide} {valid}", paper)
        row = next(row for row in cells["各轮次"] if row[0] == name)
        assert [f"{float(each):.2f}" for each in row[3:5]] == [narrow, wide] and row[5] == str(valid)
    for kind, what in (("u", "单位"), ("m", "党员")):
        narrow, wide, valid = rates(Counter({key: n for key, n in both.items() if key[0].startswith(kind)}))
        (whole,) = [row for key, row in told.items() if key[0] == "合计" and key[2] == what]
        assert whole[-3:] == [narrow, wide, str(valid)] and f"{narrow} {wide} {valid}" in paper
        assert [f"{what} · 满意率 %", f"{float(narrow):g}"] in [[row[0], f"{float(row[1]):g}"] for row in cells["总览"] if "率 %" in row[0]]
    for key in {target for target, _question, _answer in both if target.startswith("m")}:
        narrow, wide, valid = rates(Counter({each: n for each, n in both.items() if each[0] == key}))
        assert f"2/2 {narrow} {wide} {valid}" in paper
    for question in {question for target, question, _answer in both if target.startswith("u")}:
        narrow, wide, valid = rates(Counter({key: n for key, n in both.items() if key[1] == question}), "u")
        assert [narrow, wide, str(valid)] in [row[-3:] for key, row in told.items() if key[0] == "题目"] and f"{narrow} {wide} {valid} 2/2" in paper


@on_sqlite
def test_a_period_is_told_to_nobody_else_and_sums_nothing_of_other_rules(app: Flask, house: House, year: tuple[Township, Turns]) -> None:
    town, turns = year
    (first, head), (_second, other) = town.tree.heads.items()
    hire(house, "below", "王总支", role=StaffRole.LEADER, unit=head)
    below, base = client_of(app, house, "below"), "/board/periods/2026Y"
    page = below.get(base).text
    narrow, wide, valid = rates(enough(turns, above=first), "u")
    assert f"单位满意率 {narrow}% 基本满意以上率 {wide}%，有效答案 {valid}" in text_of(page) and _second not in page and "河东党委" not in page
    beside = next(each for each in town.branches if each.above == _second and each.returned >= 5)
    member = next(key for key, _q, _a in all_of([beside]) if key.startswith("m"))
    for path in (f"units/{town.tree.root}", f"units/{other}", f"units/{beside.unit}/trend.svg", f"units/{other}/report.pdf", f"units/{beside.unit}/results.csv", f"units/{other}/results.xlsx", f"members/{member}", f"members/{member}?unit={beside.unit}", f"members/u{head}"):
        assert below.get(f"{base}/{path}").status_code == 404, path
    client = client_of(app, house, "secretary")
    for path in ("2026Q3", "2026", "20261H", "2026H1/units/99999", "2026H1/members/m1", "2026Y/members/x", f"2026Y?unit={'9' * 40}", "2026Y?unit=x"):
        assert client.get(f"/board/periods/{path}").status_code == 404, path
    empty = client.get("/board/periods/2026H1")
    assert empty.status_code == 200 and "还没有公布过" in empty.text
    # Somebody above the unit that ran the rounds is led down to it.
    assert "河东党委" in re.findall(r"<h1>[^<]*", client.get(base).text)[0]
    assert "这些下级单位自己公布过" in client.get(f"{base}/units/{town.tree.hall.root}").text
    rated = {branch.unit for _round, branches in turns for branch in branches if branch.returned < 5}
    for unit in rated:
        known = [int(each) for each in re.findall(r"有效答案 (\d+)", text_of(client.get(f"{base}/units/{unit}").text))]
        assert all(each == 0 or each >= 5 for each in known)


@on_sqlite
def test_rounds_of_different_rules_stand_side_by_side_and_are_not_summed(app: Flask, house: House) -> None:
    town = published(house)
    first = town.branches[3]
    assert "2026 年全年，到 2026 年第三季度为止" in text_of(client_of(app, house, "secretary").get("/board/periods/2026Y").text)
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    with house.store.write() as db:
        db.execute(update(RoundRow).where(RoundRow.id == town.round).values(scheme='{"satisfied_at": 0.9}'))
    town.hold_one(town.branches[3], (6, 7))
    town.publish()
    client = client_of(app, house, "secretary")
    for path in ("", f"/units/{first.unit}"):
        page = client.get(f"/board/periods/2026Y{path}").text
        assert "计票规则不一样" in page and "轮合计" not in page and "对单位的题" not in page
        unit = path.rpartition("/")[2] or town.tree.root
        lines = table_of(client, f"/board/periods/2026Y/units/{unit}")
        paper = pdf_text(client.get(f"/board/periods/2026Y/units/{unit}/report.pdf").data)
        assert {key[0] for key in lines} == {"范围", "轮次"} and "计票规则不一样" in paper and "轮合计" not in paper
        for branches in ([first], [town.branches[3]]):
            assert not path or " ".join(map(str, rates(all_of(branches), "u"))) in text_of(page)
    key = next(key for key, _question, _answer in all_of(town.branches) if key.startswith("m"))
    assert "计票规则不一样" in client.get(f"/board/periods/2026Y/members/{key}").text
    assert b"<svg" in client.get(f"/board/periods/2026Y/units/{first.unit}/trend.svg").data
