"""A published round as a workbook: one's own part of the tree, its figures as numbers, its counts, nothing of what is hidden."""

import io
from collections import Counter
from typing import Any

from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import update

from survey.actions.house import House
from survey.domain.rounds import Scheme
from survey.domain.staff import StaffRole
from survey.store.office_tables import UnitRow
from survey.web.board.round_workbooks import workbook
from tests.conftest import hire, on_sqlite
from tests.readings_for_tests import BRANCH, publication, reading
from tests.townships_for_tests import Branch, published, rates
from tests.web.board.test_round_results import all_of, client_of, text_of
from tests.web.board.test_round_sheets import FRAME, said

__all__ = ["said"]


def rows_of(book: Workbook, name: str) -> list[dict[str, Any]]:
    """A sheet that is only a table, by its heads."""
    heads, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def counted_in(book: Workbook, unit: str) -> Counter[str]:
    """How often each answer stands beside a unit."""
    found = Counter[str]()
    for row in rows_of(book, "原始票数"):
        found[str(row["答案"])] += int(row["票数"]) if row["单位"] == unit and row["答案"] != "未选" else 0
    return +found


def cast_in(branches: list[Branch]) -> Counter[str]:
    """How often each answer was cast."""
    found = Counter[str]()
    for (_target, _question, code), n in all_of(branches).items():
        found[("满意", "基本满意", "不满意", "不了解")[code]] += n
    return found


@on_sqlite
def test_a_workbook_holds_the_askers_part_of_the_tree_and_what_was_cast_there(app: Flask, house: House) -> None:
    town = published(house)
    (first, head), (second, _other) = town.tree.heads.items()
    hire(house, "below", "王总支", role=StaffRole.LEADER, unit=head)
    client = client_of(app, house, "below")
    answer = client.get(f"/board/rounds/{town.round}/results.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    assert f"round-{town.round}-unit-{head}.xlsx" in answer.headers["Content-Disposition"]
    named = {row["单位"]: row for row in rows_of(book, "单位")}
    beside = {name for name, own in town.tree.branches.items() if own.above == second} | {second}
    everything = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert first in named and not beside & set(named) and not any(name in everything for name in beside)
    shown = next(each for each in town.branches if each.above == first and each.returned >= 5)
    narrow, wide, valid = rates(all_of([shown]), "u")
    label = next(name for name, own in town.tree.branches.items() if own.unit == shown.unit)
    assert (named[label]["满意率 %"], named[label]["基本满意以上率 %"], named[label]["有效答案"]) == (float(narrow), float(wide), valid)
    hidden = [name for name, own in town.tree.branches.items() if own.above == first and own.unit != shown.unit]
    assert all(named[name]["说明"] == "人数不足" and named[name]["满意率 %"] is None for name in hidden)
    assert {str(row["单位"]) for row in rows_of(book, "原始票数")} == {label, first}, "the small ones are joined with others that lie outside"
    assert counted_in(book, label) == counted_in(book, first) == cast_in([shown])
    assert client.get(f"/board/rounds/{town.round}/units/{town.tree.root}/results.xlsx").status_code == 404
    whole = load_workbook(io.BytesIO(client_of(app, house, "secretary").get(f"/board/rounds/{town.round}/results.xlsx").data))
    (root,) = {row["单位"] for row in rows_of(whole, "单位")} - set(town.tree.heads) - set(town.tree.branches)
    assert counted_in(whole, root) == cast_in(town.branches), "those joined among them"


@on_sqlite
def test_a_unit_that_hangs_elsewhere_since_is_in_nobodys_files_but_its_own(app: Flask, house: House) -> None:
    town = published(house)
    first, second = town.tree.heads.values()
    hire(house, "below", "王总支", role=StaffRole.LEADER, unit=second)
    client, base = client_of(app, house, "below"), f"/board/rounds/{town.round}"
    gone, stays = town.branches[5], town.branches[3]
    name = next(each for each, own in town.tree.branches.items() if own.unit == gone.unit)

    def everything() -> str:
        book = load_workbook(io.BytesIO(client.get(f"{base}/results.xlsx").data))
        return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)

    beside = f"{base}/units/{stays.unit}"
    assert name in everything() and "同级 2 个单位" in text_of(client.get(beside).text)
    with house.store.write() as db:
        db.execute(update(UnitRow).where(UnitRow.id == gone.unit).values(parent_id=first))
    assert client.get(f"{base}/units/{gone.unit}").status_code == 404
    assert name not in everything(), "neither its line nor its members nor its counts"
    assert "同级 2 个单位" not in text_of(client.get(beside).text)


def test_a_workbook_has_charts_and_nothing_that_runs(said: None) -> None:
    made = publication(members=30, name="=HYPERLINK(1)")
    bodies = [workbook(reading(made), unit, FRAME) for unit in (1, BRANCH, BRANCH)]
    assert bodies[1] == bodies[2]
    for body in bodies[:2]:
        book = load_workbook(io.BytesIO(body))
        assert sum(len(sheet._charts) for sheet in book) >= 4, "questions about units, about members, and two pictures of members"
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert any(cell.value == "=HYPERLINK(1)" for cell in cells) or any("=HYPERLINK(1)" in str(cell.value) for cell in cells)
        assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith("=")), "Excel takes what is quoted for text"


def test_without_answers_and_without_members_a_workbook_says_so(said: None) -> None:
    empty = load_workbook(io.BytesIO(workbook(reading(publication(members=0, marked=(), questions=1)), BRANCH)))
    (row,) = rows_of(empty, "单位")
    assert row["满意率 %"] is None and row["有效答案"] == 0 and "党员" not in empty.sheetnames
    assert {each["票数"] for each in rows_of(empty, "原始票数") if each["答案"] != "未选"} == {0}


def test_every_figure_in_a_workbook_is_the_printed_one(said: None) -> None:
    """Marks of 8, 3, 1 and 1 in each of three groups, worth 2.25, 1, 0 and nothing: 63 : 36 = 1.75, half up 1.8."""
    points = tuple(("satisfaction", code, earned) for code, earned in enumerate((2.25, 1.0, 0.0)))
    made = publication(members=5, scheme=Scheme(decimals=1, points=points))
    ours = reading(made)
    book = load_workbook(io.BytesIO(workbook(ours, 1, FRAME)))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(round(cell, 1) == cell for cell in cells if isinstance(cell, float))
    heads, *rows = list(book["对单位的题"].iter_rows(min_row=3, values_only=True))
    whole = ours.target(f"u{BRANCH}").whole
    assert whole is not None and (whole.narrow, whole.wide, whole.score) == ("61.5", "84.6", "1.8")
    line = dict(zip(heads, rows[0], strict=True))
    assert (line["满意率 %"], line["基本满意以上率 %"], line["得分"]) == (61.5, 84.6, 1.8)
