"""The steps of a meeting at the desk: what is asked, what is refused, what is destroyed."""

import pytest
from flask import Flask

from survey.actions import units
from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.domain.units import Unit, UnitKind
from survey.store import meetings as kept
from tests.conftest import NOW, PASSWORD, make_meeting, make_people, on_sqlite
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


@on_sqlite
def test_names_that_only_hold_a_place_do_not_open_and_lead_to_where_names_are_typed(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, questionnaire="recommend_members")
    draft = desk.open(path)
    assert "先写上候选人" in words(draft) and f'href="/desk/meetings{path}/candidates"' in draft.text
    assert "您推荐谁6 名候选人；应选 3 名；每人最多选 3 名" in words(draft).replace(" 您推荐谁 ", "您推荐谁") and "评议对象" not in words(draft)
    for page in (desk.open(f"{path}/open"), desk.send(f"{path}/open")):
        assert "候选人还没有换成真名" in words(page) and "候选人甲" in words(page) and "只评支部，不评党员" not in words(page)
        assert f'href="/desk/meetings{path}/candidates"' in page.text and "开始评议</button>" not in page.text
    assert page.status_code == 409 and stage(house, path) is Stage.DRAFT
    rated = words(desk.open(f"{new_meeting(desk, hall, questionnaire='five_goods', title='只评支部')}/open"))
    assert "候选人" not in rated and "只评支部，不评党员" in rated


@on_sqlite
def test_a_committee_without_members_holds_a_meeting_for_the_units_below_it(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    offered = desk.open("/new").text
    assert f'<option value="{hall.root}">' in offered, "nobody is a member of the committee itself"
    path = new_meeting(desk, hall, unit=hall.root, questionnaire="five_goods")
    assert desk.send(f"{path}/rated/units", shown=[hall.branch], unit=[hall.branch], act="save").status_code == 303
    assert "机修车间党支部" in desk.read(f"{path}/open")


@on_sqlite
def test_nobody_here_yet_is_no_fault(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    page = desk.read(new_meeting(desk, hall, present=["", ""]))
    assert "填上到了多少人" in page and "人数不足" not in page


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
    assert "监票人" not in desk.read(f"{path}/close")
    desk.send(f"{path}/close")
    desk.send(f"{path}/leftovers", **{f"left_{group}": "0" for group in groups(house, path)})
    assert "监票码" not in desk.read(f"{path}/count")
    assert desk.send(f"{path}/count").status_code == 303
    assert stage(house, path) is Stage.COUNTED


def test_a_box_whose_key_is_not_here_says_so_and_leads_to_voiding(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    path = f"/{hall.meeting}"
    assert "没有票箱的钥匙" not in desk.read(path)
    for name in house.keys.names():
        house.keys.destroy(name)
    hall.vote(next(iter(hall.codes.values()))[0])
    for _stage in ("open", "closed"):
        page = desk.read(path)
        assert "这里没有票箱的钥匙" in page and "永远不能计票" in page and "去作废这场评议会" in page
        desk.send(f"{path}/close")
    desk.send(f"{path}/leftovers", **{f"left_{group}": "0" for group in hall.codes})
    assert "永远不能计票，只能作废" in words(desk.send(f"{path}/count", scrutineer=hall.scrutineer))
    assert desk.send(f"{path}/void", reason="钥匙丢了", scrutineer=hall.scrutineer).status_code == 303
    assert stage(house, path) is Stage.VOID and "没有票箱的钥匙" not in desk.read(path)


def test_a_box_whose_lock_was_exchanged_says_so_and_leads_to_voiding(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    path = f"/{hall.meeting}"
    assert "被人换过" not in desk.read(path)
    with house.store.write() as db:
        kept.change(db, hall.meeting, {"public_key": b"x" * 32})
    assert "票箱的锁被人换过" in desk.read(path) and "去作废这场评议会" in desk.read(path)
    assert desk.send(f"{path}/void", reason="锁被换过", scrutineer=hall.scrutineer).status_code == 303
    assert house.keys.names() == () and "被人换过" not in desk.read(path)


def test_without_the_scrutineers_slip_another_person_of_staff_voids_with_the_secretary(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    hall.vote(next(iter(hall.codes.values()))[0])
    desk = sit_down(app, house, "secretary")
    path = f"/{hall.meeting}"
    assert "监票签丢了" in desk.read(f"{path}/void") and "另一位的密码" in desk.read(f"{path}/void?lost=1")

    def void(login: str, password: str = PASSWORD, reason: str = "监票签丢了") -> str:
        sent = {"reason": reason, "lost": "1", "second_login": login, "second_password": password}
        answer = desk.send(f"{path}/void", **sent)
        return words(answer) if answer.status_code != 303 else ""

    assert "登录名或密码不对" in void("admin", "another password")
    assert "不能是您自己" in void("secretary")
    assert "管不到这个单位" in void("other")
    assert "请写明作废的原因" in void("admin", reason=" ")
    assert stage(house, path) is Stage.OPEN
    assert void("admin") == ""
    assert stage(house, path) is Stage.VOID and house.keys.names() == ()
    assert "监票签丢失，管管在场" in desk.read(path)
