"""The steps of a meeting at the desk: what is asked, what is refused, what is destroyed."""

import pytest
from flask import Flask

from survey.actions import units
from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.domain.units import Unit, UnitKind
from tests.conftest import NOW, make_meeting, make_people
from tests.web.desk.desks_for_tests import (
    TWO_GROUPS,
    codes_in,
    groups,
    new_meeting,
    sit_down,
    stage,
    words,
)


def test_too_few_people_are_told_before_and_at_the_door(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, present=["4", "6"])
    assert "“群众代表”实到 4 人，不到 5 人" in desk.read(path)
    asked = desk.open(f"{path}/open")
    assert "请把它和别的类别合并成一类" in words(asked) and '<button class="button seal">' not in asked.text
    forced = desk.send(f"{path}/open")
    assert forced.status_code == 409 and "请把它和别的类别合并成一类" in words(forced)
    assert stage(house, path) is Stage.DRAFT


def test_a_questionnaire_that_fits_nobody_says_so_instead_of_opening(app: Flask, house: House) -> None:
    hall = make_people(house)
    empty = units.found(house, Unit(0, hall.root, UnitKind.BRANCH, "新建支部"), now=NOW)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, unit=empty, questionnaire="five_leads")
    assert "这个单位还没有党员名单" in desk.read(f"{path}/open")
    assert desk.send(f"{path}/open").status_code == 409
    assert stage(house, path) is Stage.DRAFT


def test_opening_twice_says_where_the_scrutineers_slip_was(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    answer = sit_down(app, house, "secretary").send(f"/{hall.meeting}/open")
    assert answer.status_code == 409
    assert "监票签在开始时只给一次" in words(answer)
    assert f'href="/desk/meetings/{hall.meeting}"' in answer.text


@pytest.mark.parametrize("act", ["close", "count", "reopen", "draft", "void", "leftovers", "slips", "links", "groups"])
def test_an_act_at_the_wrong_stage_changes_nothing_and_leads_back(app: Flask, house: House, act: str) -> None:
    hall = make_meeting(house)
    for codes in hall.codes.values():
        for code in codes:
            hall.vote(code)
    hall.close()
    hall.count()
    answer = sit_down(app, house, "secretary").send(f"/{hall.meeting}/{act}", reason="试一试", **TWO_GROUPS)
    assert answer.status_code == 409
    assert "这场评议会现在是“已计票”" in words(answer)
    assert f'href="/desk/meetings/{hall.meeting}"' in answer.text
    assert stage(house, f"/{hall.meeting}") is Stage.COUNTED


def test_voiding_says_what_it_destroys_and_keeps_the_reason(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    hall.vote(next(iter(hall.codes.values()))[0])
    asked = desk.read(f"/{hall.meeting}/void")
    assert "票箱里的 1 张票" in asked and "做出的 12 张票签" in asked and "打开票箱的钥匙" in asked
    no_reason = desk.send(f"/{hall.meeting}/void", reason=" ", scrutineer=hall.scrutineer)
    assert no_reason.status_code == 400 and "请写明作废的原因。" in words(no_reason)
    alone = desk.send(f"/{hall.meeting}/void", reason="发错了票签", scrutineer="0000-0000-0000")
    assert alone.status_code == 403 and "发错了票签" in alone.text
    assert stage(house, f"/{hall.meeting}") is Stage.OPEN
    assert desk.send(f"/{hall.meeting}/void", reason="发错了票签", scrutineer=hall.scrutineer).status_code == 303
    page = desk.read(f"/{hall.meeting}")
    assert "这场评议会已经作废" in page and "作废这场评议会：发错了票签" in page


def test_going_back_to_the_draft_works_until_somebody_voted(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    assert "已经做出的 12 张票签全部作废" in desk.read(f"/{hall.meeting}/draft")
    assert desk.send(f"/{hall.meeting}/draft").status_code == 303
    assert stage(house, f"/{hall.meeting}") is Stage.DRAFT
    desk.send(f"/{hall.meeting}/open")
    code = codes_in(desk.send(f"/{hall.meeting}/slips", group="all").data)[0]
    hall.vote(code)
    assert "已经收回 1 张" in desk.read(f"/{hall.meeting}/draft", 409)
    refused = desk.send(f"/{hall.meeting}/draft")
    assert refused.status_code == 409 and "票箱里已经有票" in words(refused)


def test_with_one_officer_there_is_no_scrutineer_to_ask(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, one_officer="1")
    assert desk.send(f"{path}/open").status_code == 303
    for code in codes_in(desk.send(f"{path}/slips", group="all").data):
        hall.vote(code)
    assert "票都收回了" in desk.read(path)
    desk.send(f"{path}/close")
    desk.send(f"{path}/leftovers", **{f"left_{group}": "0" for group in groups(house, path)})
    assert "监票码" not in desk.read(f"{path}/count")
    assert desk.send(f"{path}/count").status_code == 303
    assert stage(house, path) is Stage.COUNTED
