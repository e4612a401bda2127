"""What a published round comes to is decided unit by unit: results by hand arithmetic, reasons, quota, what is taken back and ended."""

import html
import re
from collections import Counter
from fractions import Fraction

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.actions.house import House
from survey.domain.rounds import Scheme
from survey.domain.staff import StaffRole
from survey.store import grades as kept
from tests.conftest import hire, on_sqlite
from tests.townships_for_tests import Branch, Township, published
from tests.web.desk.desks_for_tests import Desk, sit_down, words

POINTS = {0: 100, 1: 80, 2: 0}
GRADES = (("优秀", 65.0), ("良好", 55.0), ("一般", 0.0))
RULES = Scheme(grades=GRADES, quota=(1, 3))


def exact(branch: Branch, key: str) -> Fraction:
    """Points earned per answer that says something, by hand."""
    counted = Counter[int]()
    for marks in branch.marks.values():
        for (target, _question, answer), n in marks.items():
            counted[answer] += n if target == key else 0
    known = sum(counted[answer] for answer in POINTS)
    return Fraction(sum(points * counted[answer] for answer, points in POINTS.items()), known)


def earned(score: Fraction) -> str:
    """The grade of a score."""
    return next(label for label, lowest in GRADES if score >= lowest)


def printed(score: Fraction) -> str:
    """Two decimals, halves up."""
    whole = (2 * score.numerator * 100 + score.denominator) // (2 * score.denominator)
    return f"{whole // 100}.{whole % 100:02}"


def fields(desk: Desk, path: str) -> dict[str, list[str]]:
    """The rows of the form as the page has them."""
    page = desk.client.get(path).text
    rows = re.findall(r'name="target" value="([^"]+)"><input type="hidden" name="was" value="([^"]*)"(.*?)</select>.*?name="reason" list="reasons" value="([^"]*)"', page, re.DOTALL)
    chosen = [re.search(r'value="([^"]*)" selected', body) for _target, _was, body, _reason in rows]
    return {
        "target": [row[0] for row in rows], "was": [html.unescape(row[1]) for row in rows],
        "grade": [html.unescape(each[1]) if each else "" for each in chosen], "reason": [html.unescape(row[3]) for row in rows],
    }  # fmt: skip


def save(desk: Desk, path: str, **more: object) -> TestResponse:
    return desk.client.post(path, data={"csrf_token": desk.token(), **fields(desk, path), **more})


@pytest.fixture
def town(house: House) -> Township:
    return published(house, RULES)


@on_sqlite
def test_results_are_decided_with_a_reason_where_they_differ_within_the_quota_and_frozen_at_the_end(app: Flask, house: House, town: Township) -> None:
    desk, branch = sit_down(app, house, "secretary"), town.branches[3]
    base = f"/desk/rounds/{town.round}/grades"
    here = f"{base}/{branch.unit}"
    members = sorted(key for marks in branch.marks.values() for key, _q, _a in marks if key.startswith("m"))
    scores = {key: exact(branch, key) for key in members}
    assert len(scores) == 3
    said = words(desk.client.get(here))
    for score in scores.values():
        assert f" {printed(score)} {earned(score)} " in said, "score and grade by hand"
    assert "优秀 0 / 3，名额最多 1" in said
    # What differs needs a reason; nothing is written, and what was chosen stands there again.
    results = [earned(scores[key]) for key in fields(desk, here)["target"]]
    other = ["良好" if result != "良好" else "一般" for result in results]
    refused = save(desk, here, grade=other)
    assert refused.status_code == 409 and words(refused).count("和算出的等次不同，请写明原因。") == 3 and refused.text.count('value="良好" selected') == other.count("良好")
    with house.store.read() as db:
        assert not kept.decisions(db, town.round)
    # Three of the best are two too many.
    reasons = [""if result == "优秀" else "带头抗洪" for result in results]
    over = save(desk, here, grade=["优秀"] * 3, reason=reasons)
    assert over.status_code == 409 and "“优秀”选了 3 名，共 3 名，名额最多 1 名" in words(over)
    assert save(desk, here, grade=["优秀"] * 3, reason=reasons, over="三个都上了堤").status_code == 303
    page = words(desk.client.get(here))
    assert "优秀 3 / 3，名额最多 1" in page and "三个都上了堤" in desk.client.get(here).text
    # One is taken back, the others go down.
    assert save(desk, here, grade=["", "一般", "一般"], reason=["", "x", "x"], over="").status_code == 303
    with house.store.read() as db:
        found = kept.decisions(db, town.round)
        assert kept.overrun(db, town.round, branch.unit) == "" and len(found) == 2
    assert {each.grade for each in found.values()} == {"一般"} and all(each.result == earned(scores[key]) for key, each in found.items())
    assert save(desk, here, adopt="1").status_code == 303
    first = fields(desk, here)
    assert first["grade"] == [results[0], "一般", "一般"]
    # Somebody else was faster.
    stale = save(desk, here, was=["", "", ""])
    assert stale.status_code == 409 and "刚才有人改过" in words(stale)
    ask = words(desk.client.get(f"{base}/end"))
    assert "定了等次的 3 个" in ask and "没有定等次。" in ask and "现在结束，就没有等次。" in ask
    assert desk.client.post(f"{base}/end", data={"csrf_token": desk.token()}).location == base
    page = desk.client.get(here).text
    assert "评定已经结束" in page and "<select" not in page
    late = desk.client.post(here, data={"csrf_token": desk.token(), **first, "grade": ["", "", ""]})
    assert late.status_code == 409 and "评定已经结束" in words(late)
    refused = desk.client.post(f"{base}/reopen", data={"csrf_token": desk.token(), "reason": " "})
    assert refused.status_code == 409 and "请写明原因" in words(refused)
    assert desk.client.post(f"{base}/reopen", data={"csrf_token": desk.token(), "reason": "漏了一个"}).status_code == 303
    assert "<select" in desk.client.get(here).text
    told = words(sit_down(app, house, "admin").client.get("/desk/journal"))
    assert "重新开始轮次“2026 年第三季度评议”的评定：漏了一个" in told and "：带头抗洪）" in told and "超过名额：三个都上了堤" in told


@on_sqlite
def test_only_who_runs_the_round_decides_and_only_what_is_shown_by_itself(app: Flask, house: House, town: Township) -> None:
    base = f"/desk/rounds/{town.round}/grades"
    hire(house, "below", "书记", role=StaffRole.SECRETARY, unit=town.branches[3].unit)
    for login in ("below", "other", "leader"):
        assert sit_down(app, house, login).client.get(base).status_code in (403, 404), login
    desk = sit_down(app, house, "secretary")
    few = next(branch for branch in town.branches if branch.returned < 5)
    page = desk.client.get(f"{base}/{few.unit}").text
    assert "人数不足" in page and "<select" not in page
    head = next(each for each in town.tree.heads.values())
    listed = fields(desk, f"{base}/{head}")["target"]
    shown = {f"u{branch.unit}" for branch in town.branches if branch.returned >= 5}
    assert set(listed) <= shown and listed
    # A target of another page is not taken from this one.
    foreign = desk.client.post(f"{base}/{head}", data={"csrf_token": desk.token(), "target": f"u{few.unit}", "grade": "优秀", "reason": "", "was": ""})
    assert foreign.status_code == 303
    with house.store.read() as db:
        assert not kept.decisions(db, town.round)


@on_sqlite
def test_a_scheme_without_grades_decides_by_its_two_thresholds(app: Flask, house: House) -> None:
    town = published(house)
    desk, branch = sit_down(app, house, "secretary"), town.branches[3]
    here = f"/desk/rounds/{town.round}/grades/{branch.unit}"
    assert save(desk, here, adopt="1").status_code == 303
    with house.store.read() as db:
        found = kept.decisions(db, town.round)
    assert len(found) == 3 and all(each.grade == each.result and each.grade in ("satisfied", "basic", "below") for each in found.values())
    assert "名额" not in words(desk.client.get(here))


@on_sqlite
def test_all_below_a_unit_are_decided_by_result_but_those_without_room_are_left_open(app: Flask, house: House, town: Township) -> None:
    desk, root = sit_down(app, house, "secretary"), town.tree.root
    here = f"/desk/rounds/{town.round}/grades/{root}/adopt"
    wanted: dict[str, str] = {}
    crowded = 0
    for branch in (each for each in town.branches if each.returned >= 5):
        keys = {key for marks in branch.marks.values() for key, _q, _a in marks}
        scores = {key: exact(branch, key) for key in keys}
        best = sorted((scores[key] for key in keys if key.startswith("m") and earned(scores[key]) == "优秀"), reverse=True)
        room = sum(key.startswith("m") for key in keys) // 3
        border = best[room] if len(best) > room else Fraction(-1)
        for key, score in scores.items():
            if key.startswith("m") and earned(score) == "优秀" and score <= border:
                crowded += 1
            else:
                wanted[key] = earned(score)
    asked = words(desk.client.get(here))
    assert f"有 {len(wanted)} 个单位和党员没有定等次" in asked and (f"{crowded} 名的综合得分够最好的等次" in asked) == bool(crowded)
    assert desk.client.post(here, data={"csrf_token": desk.token()}).location == f"/desk/rounds/{town.round}/grades/{root}"
    with house.store.read() as db:
        found = kept.decisions(db, town.round)
    assert {key: each.grade for key, each in found.items()} == wanted and all(each.grade == each.result for each in found.values())
    assert "没有可以按结果定的" in words(desk.client.get(here))
