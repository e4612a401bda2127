"""Points that the office types: they count by weight as hand arithmetic has it, are refused with a sentence, and stay once a grade is decided."""

import html
import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from survey.actions.house import House
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Missing, Source
from survey.store import scores as kept
from tests.conftest import on_sqlite
from tests.townships_for_tests import GROUPS, Township, published
from tests.web.desk.desks_for_tests import Desk, sit_down, words
from tests.web.desk.test_grades import GRADES, exact, printed, save

RULES = Scheme(grades=GRADES, sources=(Source("群众", 60, GROUPS), Source("班子", 30), Source("自评", 10)), bonus=5)


def fields(desk: Desk, path: str) -> dict[str, list[str]]:
    """The form as the page has it."""
    page = desk.client.get(path).text
    return {
        "target": re.findall(r'name="target" value="([^"]+)"', page), "was": re.findall(r'name="was" value="([^"]*)"', page),
        "points": [html.unescape(each) for each in re.findall(r'name="points" value="([^"]*)"', page)],
    }  # fmt: skip


def write(desk: Desk, path: str, points: list[str], **more: object) -> TestResponse:
    return desk.client.post(path, data={"csrf_token": desk.token(), **fields(desk, path), "points": points, **more})


@pytest.fixture
def town(house: House) -> Township:
    return published(house, RULES)


@on_sqlite
def test_typed_points_count_by_weight_and_stay_once_a_grade_is_decided(app: Flask, house: House, town: Township) -> None:
    desk, branch = sit_down(app, house, "secretary"), town.branches[3]
    grades = f"/desk/rounds/{town.round}/grades/{branch.unit}"
    here = f"{grades}/scores"
    first, *others = fields(desk, here)["target"]
    box = exact(branch, first)
    # Nothing typed yet: the box has all the weight.
    assert f" {printed(box)} " in words(desk.client.get(grades))
    wrong = write(desk, here, ["101", "90", "abc", "", "", "7,5"])
    assert wrong.status_code == 400 and words(wrong).count("请填 0 到 100 的数") == 3 and 'value="7,5"' in wrong.text
    with house.store.read() as db:
        assert kept.typed(db, town.round) == {}
    twice = {"target": [first, first], "points": ["90", "80.5", "70", "60"], "was": [""] * 4}
    assert desk.client.post(here, data={"csrf_token": desk.token(), **twice}).location == grades, "a row that comes twice counts once"
    total = (60 * box + 30 * 90 + 10 * Fraction("80.5")) / 100
    assert f" {printed(total)} " in words(desk.client.get(grades))
    told = words(desk.client.get(f"/board/rounds/{town.round}/scores/{first}"))
    assert "答案的分值：满意 100，基本满意 80，不满意 0。“不了解”没有分值，不算在平均分里。" in told
    assert f"群众 {printed(box)} 60.00 60.00 {printed(box * 60 / 100)} 班子 90.00 30.00 30.00 27.00 自评 80.50 10.00 10.00 8.05 合计 {printed(total)}" in told
    # One source is missing: its weight is shared by the others.
    assert write(desk, here, ["", "80.5", "", "", "", ""]).status_code == 303
    shared = (60 * box + 10 * Fraction("80.5")) / 70
    told = words(desk.client.get(f"/board/rounds/{town.round}/scores/{first}"))
    assert f"自评 80.50 10.00 14.29 11.50 合计 {printed(shared)}" in told and "“班子”还没有填。" in told and "按比例分担" in told
    # Somebody else typed meanwhile.
    stale = write(desk, here, ["70", "70", "", "", "", ""], was=["90", "80.5", "", "", "", ""])
    assert stale.status_code == 409 and "刚才有人改过" in words(stale)
    assert save(desk, grades, adopt="1").status_code == 303
    page = desk.client.get(here)
    assert "等次已定" in words(page) and 'name="points"' not in page.text
    late = desk.client.post(here, data={"csrf_token": desk.token(), "target": first, "was": ["", "80.5"], "points": ["1", "1"]})
    assert late.status_code == 409 and "先把等次改回“未定”" in words(late)
    with house.store.read() as db:
        assert kept.typed(db, town.round) == {first: {"自评": 8050}}
    assert others


@on_sqlite
def test_where_the_rules_withhold_a_missing_source_leaves_no_score(app: Flask, house: House) -> None:
    town = published(house, replace(RULES, missing=Missing.WITHHOLD))
    desk, branch = sit_down(app, house, "secretary"), town.branches[3]
    here = f"/desk/rounds/{town.round}/grades/{branch.unit}/scores"
    key = fields(desk, here)["target"][0]
    assert write(desk, here, ["90", "", "", "", "", ""]).status_code == 303
    told = words(desk.client.get(f"/board/rounds/{town.round}/scores/{key}"))
    assert "没有综合得分。" in told and "缺一项就不算总分" in told and "合计 –" in told


@on_sqlite
def test_a_source_that_is_only_shown_with_others_leaves_no_score(app: Flask, house: House) -> None:
    """Nine and two came back: the two are shown with the nine, and a score of one of the groups would tell them apart."""
    town = published(house, replace(RULES, sources=(Source("群众", 60, GROUPS[:1]), Source("班子", 40))))
    desk, branch = sit_down(app, house, "secretary"), town.branches[3]
    here = f"/desk/rounds/{town.round}/grades/{branch.unit}/scores"
    key = fields(desk, here)["target"][0]
    assert write(desk, here, ["90", "", ""]).status_code == 303
    told = words(desk.client.get(f"/board/rounds/{town.round}/scores/{key}"))
    assert "人数不足" in told and "没有综合得分。" in told and "合计 –" in told
    apart = town.branches[0]
    assert "没有综合得分" not in words(desk.client.get(f"/board/rounds/{town.round}/scores/u{apart.unit}"))


@on_sqlite
def test_bonus_points_count_when_they_are_approved_and_no_more_than_the_rules_allow(app: Flask, house: House, town: Township) -> None:
    desk, branch, other = sit_down(app, house, "secretary"), town.branches[0], sit_down(app, house, "admin")
    head = next(place for name, place in town.tree.heads.items() if name == branch.above)
    here, key = f"/desk/rounds/{town.round}/grades/{head}/bonuses", f"u{branch.unit}"
    score, box = f"/board/rounds/{town.round}/scores/{key}", exact(branch, key)

    def ask(points: str, reason: str = "救灾有功", who: str = key) -> TestResponse:
        return desk.client.post(here, data={"csrf_token": desk.token(), "who": who, "bonus": points, "reason": reason})

    def settle(number: int, how: str) -> TestResponse:
        return other.client.post(f"{here}/{number}", data={"csrf_token": other.token(), "how": how})

    for points, reason, who, said in (("6", "救灾", key, "最多 5 分"), ("0", "救灾", key, "大于 0"), ("3", "", key, "加分要写明为什么"), ("3", "救灾", "m1", "请选给谁")):
        wrong = ask(points, reason, who)
        assert wrong.status_code in (400, 409) and said in words(wrong) and f'value="{points}"' in wrong.text, said
    assert ask("3").status_code == 303 and ask("4").status_code == 303
    assert f"综合得分 {printed(box)} 分" in words(desk.client.get(score)), "nothing counts before it is approved"
    assert settle(1, "approve").location == here
    assert f"综合得分 {printed(box + 3)} 分" in words(desk.client.get(score)) and "加分 3.00" in words(desk.client.get(score))
    assert settle(2, "approve").status_code == 303
    assert f"综合得分 {printed(box + 5)} 分" in words(desk.client.get(score)), "together five at most"
    assert "刚才有人改过" in words(settle(2, "approve"))
    assert settle(1, "refuse").status_code == 303 and settle(2, "refuse").status_code == 303
    assert f"综合得分 {printed(box)} 分" in words(desk.client.get(score))
    assert settle(9, "approve").status_code == 404
    told = words(sit_down(app, house, "admin").client.get("/desk/journal"))
    assert "加分 3：救灾有功" in told and "里同意给" in told and "里不同意给" in told and "同一人" not in told


@on_sqlite
def test_whoever_applied_for_bonus_points_approves_them_only_where_nobody_else_may_and_that_stays_written(app: Flask, house: House, town: Township) -> None:
    """Guards: `approvers` in actions.scores.settle, and `alone` on every page and file a score with such points stands in."""
    desk, branch = sit_down(app, house, "secretary"), town.branches[0]
    head = next(place for name, place in town.tree.heads.items() if name == branch.above)
    grades, key = f"/desk/rounds/{town.round}/grades/{head}", f"u{branch.unit}"
    here, base = f"{grades}/bonuses", f"/board/rounds/{town.round}"

    def settle(how: str = "approve") -> TestResponse:
        return desk.client.post(f"{here}/1", data={"csrf_token": desk.token(), "how": how})

    assert desk.client.post(here, data={"csrf_token": desk.token(), "who": key, "bonus": "3", "reason": "救灾"}).status_code == 303
    page = desk.client.get(here)
    assert "您申请的，要由" in words(page)
    assert 'value="approve"' not in page.text and 'value="approve"' in sit_down(app, house, "admin").client.get(here).text
    refused = settle()
    assert refused.status_code == 409 and "要由别人同意" in words(refused)
    with house.store.write() as db:
        db.execute(text("UPDATE staff SET locked = :yes WHERE login <> 'secretary'"), {"yes": True})
    page = desk.client.get(here)
    assert "现在只有您一个账号能同意加分" in words(page) and 'value="approve"' in page.text
    assert settle().status_code == 303
    said = "申请与核准为同一人"
    assert f"；{said}）" in words(desk.client.get(here))
    assert save(desk, grades, adopt="1").status_code == 303
    for path in (f"{base}/scores/{key}", f"{base}/units/{head}/grades", grades):
        assert said in words(desk.client.get(path)), path
    with house.store.write() as db:
        db.execute(text("UPDATE decisions SET grade = :best WHERE target = :key"), {"best": GRADES[0][0], "key": key})
    assert said in words(desk.client.get(f"{base}/lists"))
    for kind in ("docx", "xlsx"):
        archive = zipfile.ZipFile(io.BytesIO(desk.client.get(f"{base}/lists.{kind}").data))
        assert any(said in archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")), kind
    pdf = desk.client.get(f"{base}/lists.pdf").data
    assert said in "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)).replace("\r\n", "")
