"""Commendation and deadline: who stands on which list by hand arithmetic, since when, in pages and files alike, and who sees it."""

import io
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import openpyxl
import pypdfium2
import pytest
from docx import Document
from flask import Flask
from sqlalchemy import update

from survey.actions import grades
from survey.actions.house import House
from survey.domain.grades import Choice
from survey.domain.staff import StaffRole
from survey.store.office_tables import MemberRow
from survey.web.deadlines import remaining
from tests.conftest import NOW, TODAY, hire, on_sqlite
from tests.rounds_for_tests import GRADED, heard
from tests.townships_for_tests import BASIC, SATISFIED, Branch, Township, published
from tests.web.desk.desks_for_tests import sit_down, text_in, words


def below(branch: Branch, key: str) -> bool:
    """Neither 80 % narrow nor 60 % wide, by hand."""
    counted = Counter[int]()
    for marks in branch.marks.values():
        for (target, _question, answer), n in marks.items():
            counted[answer] += n if target == key else 0
    narrow, wide = counted[SATISFIED], counted[SATISFIED] + counted[BASIC]
    return Fraction(narrow, counted.total()) < Fraction(8, 10) and Fraction(wide, counted.total()) < Fraction(6, 10)


def satisfied(branch: Branch, key: str) -> bool:
    """The line of 满意 of the scheme, from every mark about one target."""
    given = [(answer, n) for marks in branch.marks.values() for (target, _question, answer), n in marks.items() if target == key]
    return Fraction(sum(n for answer, n in given if answer == SATISFIED), sum(n for _answer, n in given)) >= Fraction(8, 10)


def shown(town: Township) -> dict[str, Branch]:
    """Every target that is shown by itself."""
    return {key: branch for branch in town.branches if branch.returned >= 5 for marks in branch.marks.values() for key, _q, _a in marks}


@pytest.fixture
def town(house: House) -> Township:
    return published(house, GRADED)


@on_sqlite
def test_both_lists_are_as_hand_arithmetic_and_decisions_say_on_page_and_in_every_file(app: Flask, house: House, town: Township) -> None:
    every, names = shown(town), {own.unit: name for name, own in town.tree.branches.items()}
    poor = {key for key, branch in every.items() if below(branch, key)}
    good = sorted(key for key in every if key.startswith("u"))[0]
    assert poor and good in poor
    desk, base = sit_down(app, house, "secretary"), f"/board/rounds/{town.round}/lists"
    before = words(desk.client.get(base))
    assert f"“A” 0 个，限期整改 {len(poor)} 个。" in before
    units, members = ([key for key in every if key.startswith(kind)] for kind in ("u", "m"))
    assert f"还有 {len(units)} 个单位没有定等次。" in before and f"还有 {len(members)} 名党员没有定等次。" in before
    for of, some in (("unit", units), ("member", members)):
        left = desk.client.get(f"/board/rounds/{town.round}/units/{town.tree.root}/undecided?of={of}").text
        assert re.findall(r'<th scope="row"><a href="[^"]*/(?:units/|members/m)(\d+)"', left) == [key[1:] for key in some]
    choice = Choice(good, "", int(good[1:]), "A", "B", "带头抗洪")
    grades.decide(house, town.round, grades.Deciding(town.tree.root, "", [choice], ["A", "B", "C"]), by=town.by, now=NOW)
    with heard() as asked:
        page = words(desk.client.get(base))
    assert len(asked) <= 10
    assert f"还有 {len(units) - 1} 个单位没有定等次。" in page and f"“A” 1 个，限期整改 {len(poor) - 1} 个。" in page and "（算出来是B：带头抗洪）" in page
    short = words(desk.client.get(f"/board/rounds/{town.round}/units/{town.tree.root}/short"))
    members = [(key, branch) for key, branch in every.items() if key.startswith("m")]
    assert f"{len(members)} 名党员里，没有达到满意的有 {sum(not satisfied(branch, key) for key, branch in members)} 名。" in short
    few = [names[branch.unit] for branch in town.branches if branch.returned < 5]
    assert f"收回的票不到 5 张，人数不足，不在任何一张名单上：{'、'.join(few)}。" in page
    for head in dict.fromkeys(branch.above for branch in town.branches):
        without = [names[branch.unit] for branch in town.branches if branch.returned < 5 and branch.above == head]
        graded = words(desk.client.get(f"/board/rounds/{town.round}/units/{town.tree.heads[head]}/grades"))
        assert f"收回的票不到 5 张，人数不足，没有等次：{'、'.join(without)}。" in graded and without
    assert "没有等次" not in words(desk.client.get(f"/board/rounds/{town.round}/units/{town.tree.root}/grades")), "the heads were not rated"
    assert "请在 2026 年 10 月 18 日前改好。" in page, "published on 18 September, thirty days"
    book = openpyxl.load_workbook(io.BytesIO(desk.client.get(f"{base}.xlsx").data))
    (best,), late, neither = (list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book)
    assert best[0] == names[int(good[1:])] and best[3:6] == ("A", "B", "带头抗洪")
    assert len(late) == len(poor) - 1 and {row[11] for row in late} == {"2026-10-18"}
    assert all(row[3] == "–" and row[4] in {"A", "B", "C"} and row[9] is not None for row in late), "not decided, but it comes to something"
    assert f"收回的票不到 5 张，人数不足，不在任何一张名单上：{'、'.join(few)}。" in {row[0] for row in neither}
    pdf = desk.client.get(f"{base}.pdf").data
    document = Document(io.BytesIO(desk.client.get(f"{base}.docx").data))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    told = "".join(text_in(pdf).split())
    for row in (best, *late):
        for rate in row[6:8]:
            assert f"{rate:.2f}" in cells and f"{rate:.2f}" in told and f" {rate:.2f} " in page
    why = f"{best[0]}：算出来是“B”，定为“A”。原因：带头抗洪"
    assert why in told and why in {line.text for line in document.paragraphs}
    assert pypdfium2.PdfDocument(pdf)[0].get_size() == pytest.approx((595, 842), abs=1)


@on_sqlite
def test_a_leader_sees_the_lists_and_grades_of_his_own_units_alone(app: Flask, house: House, town: Township) -> None:
    first, second = town.tree.heads.values()
    hire(house, "partly", "领导", role=StaffRole.LEADER, unit=first)
    names = {own.unit: name for name, own in town.tree.branches.items()}
    client, base = sit_down(app, house, "partly").client, f"/board/rounds/{town.round}"
    for path in ("lists", f"units/{first}/grades"):
        page = client.get(f"{base}/{path}")
        assert page.status_code == 200
        assert not [name for unit, name in names.items() if town.tree.branches[name].above == "第2总支" and name.encode() in page.data]
    for path in (f"lists?unit={second}", f"lists.pdf?unit={second}", f"units/{second}/grades", "lists?unit=1e3"):
        assert client.get(f"{base}/{path}").status_code == 404, path
    assert "评定等次" not in client.get(f"{base}/lists").text


@on_sqlite
def test_since_goes_back_over_rounds_without_a_break(app: Flask, house: House, town: Township) -> None:
    was, there = ({key: told(branch, key) for key, branch in shown(town).items()} for told in (below, lambda branch, _key: branch.unit))
    # Those of one branch go over to another: what was said of them there is for that branch to know.
    with house.store.write() as db:
        db.execute(update(MemberRow).where(MemberRow.unit_id == town.branches[5].unit).values(unit_id=town.branches[0].unit))
    # What makes no rate keeps no two rounds apart.
    town.scheme = replace(town.scheme, bonus=9, quota=None)
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    town.hold()
    town.publish()
    every = shown(town)
    now = {key: below(branch, key) for key, branch in every.items()}
    assert [key for key, late in now.items() if late and was[key] and there[key] != every[key].unit]
    both = sum(late and was[key] and there[key] == every[key].unit for key, late in now.items())
    page = sit_down(app, house, "secretary").client.get(f"/board/rounds/{town.round}/lists.xlsx")
    _best, late, *_neither = openpyxl.load_workbook(io.BytesIO(page.data))
    since = Counter(row[10] for row in late.iter_rows(min_row=2, values_only=True))
    assert since == +Counter({"2026 年第三季度评议": both, "这一轮": sum(now.values()) - both}) and both


@on_sqlite
def test_the_day_to_put_right_by_is_set_by_who_runs_the_round(app: Flask, house: House, town: Township) -> None:
    desk, here = sit_down(app, house, "secretary"), f"/desk/rounds/{town.round}/grades/put-right"
    for typed, said in (("2026-02-30", "这里要填一个日期"), ("2126-01-01", "这一天离今天太远")):
        wrong = desk.client.post(here, data={"csrf_token": desk.token(), "day": typed})
        assert wrong.status_code == 400 and said in words(wrong) and f'value="{typed}"' in wrong.text
    led = desk.client.post(here, data={"csrf_token": desk.token(), "day": "2026-12-01"})
    assert led.location == f"/board/rounds/{town.round}/lists"
    assert "请在 2026 年 12 月 1 日前改好。" in words(desk.client.get(led.location))
    for login in ("leader", "other"):
        assert sit_down(app, house, login).client.get(here).status_code == 404


@on_sqlite
def test_a_last_day_that_has_passed_says_since_when_wherever_it_stands(app: Flask, house: House, town: Township) -> None:
    for days, said in ((-1, "已逾期 1 天"), (0, "今天是最后一天"), (7, "还有 7 天"), (8, "")):
        with app.test_request_context(headers={"Accept-Language": "zh"}):
            assert remaining(TODAY + timedelta(days=days), TODAY) == said
    grades.put_right(house, town.round, date(2020, 1, 1), by=town.by, now=NOW)
    desk, base = sit_down(app, house, "secretary"), f"/board/rounds/{town.round}"
    poor = sorted(key for key, branch in shown(town).items() if below(branch, key))
    unit, member = (next(key for key in poor if key.startswith(kind)) for kind in ("u", "m"))
    for path in ("lists", "results", f"units/{unit[1:]}", f"members/{member}"):
        assert re.search(r"请在 2020 年 1 月 1 日前改好。 已逾期 \d+ 天", words(desk.client.get(f"{base}/{path}"))), path
    assert re.search(rf"按规则限期整改： {sum(key[0] == 'u' for key in poor)} 个单位、{sum(key[0] == 'm' for key in poor)} 名党员 ，满意率和以上率都没到。请在 2020 年 1 月 1 日前改好。 已逾期 \d+ 天", words(desk.client.get("/board")))
    assert re.search(r"请在2020年1月1日前改好。到.*?：已逾期\d+天。", "".join(text_in(desk.client.get(f"{base}/lists.pdf").data).split()))
    _best, late, *_neither = openpyxl.load_workbook(io.BytesIO(desk.client.get(f"{base}/lists.xlsx").data))
    assert all(re.fullmatch(r"已逾期 \d+ 天", str(row[12])) for row in late.iter_rows(min_row=2, values_only=True))
    choice = Choice(member, "", shown(town)[member].unit, "A", "C", "带头抗洪")
    grades.decide(house, town.round, grades.Deciding(town.tree.root, "", [choice], ["A", "B", "C"]), by=town.by, now=NOW)
    assert "列入限期整改" not in words(desk.client.get(f"{base}/members/{member}")), "taken off by a decision"
