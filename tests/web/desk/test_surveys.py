"""A survey at the desk, from the form to the count: its own words, its cap, its link, its poster."""

import re
from dataclasses import replace
from http import HTTPStatus

import pytest
from flask import Flask

from survey.actions import drafts
from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.domain.questionnaires import Purpose
from survey.store import meetings as kept
from survey.store import strips
from tests.conftest import NOW, Hall, make_people, on_sqlite
from tests.office.test_posters import codes_on
from tests.surveys_for_tests import survey_form
from tests.web.desk.desks_for_tests import Desk, acts, codes_in, sit_down, stage, text_in, words

FORM = "service_window"


def new(desk: Desk, hall: Hall, **changes: object):
    fields = {"unit": hall.branch, "questionnaire": FORM, "title": "", "entry": "link", "most": "6", "until": "2100-01-31"}
    return desk.client.post("/desk/surveys/new", data={"csrf_token": desk.token(), **fields, **changes})


def made(desk: Desk, hall: Hall, **changes: object) -> str:
    answer = new(desk, hall, **changes)
    assert answer.status_code == HTTPStatus.SEE_OTHER, words(answer)
    return str(answer.location.removeprefix("/desk/meetings"))


def opened(desk: Desk, path: str) -> str:
    """Open; the scrutineer's code."""
    page = desk.send(f"{path}/open")
    found = re.search(r'name="scrutineer" value="(\w+)"', page.text)
    assert found, words(page)
    return found.group(1)


def test_a_survey_goes_from_the_form_over_its_link_to_its_rows(app: Flask, house: House) -> None:
    hall = make_people(house, members=2)
    desk = sit_down(app, house, "secretary")
    path = made(desk, hall)
    page = desk.open(path).text
    address = re.search(r'readonly value="[^"]*(/d/\w+)"', page)
    assert "发放" in page and "发票" not in page, "a link hands out no slip"
    assert address and "开始调查" in page and "评议会" not in words(desk.open(path)).replace("评议会 轮次 单位和党员", "")
    assert app.test_client().get(address.group(1)).status_code == HTTPStatus.CONFLICT, "a draft takes nobody"
    scrutineer = opened(desk, path)
    for place in range(6):
        phone = app.test_client()
        form = phone.get(address.group(1))
        group = re.search(r'name="group" value="(\d+)"', form.text)
        assert group
        sheet = phone.post(address.group(1), data={"group": group.group(1)}).location
        fields = dict.fromkeys(re.findall(r'type="radio" name="([\d.]+)"', phone.get(sheet).text), "0")
        if place < 5:
            assert phone.post(sheet, data={**fields, "go": "cast"}).status_code == HTTPStatus.SEE_OTHER
    assert app.test_client().get(address.group(1)).status_code == HTTPStatus.CONFLICT
    assert 'value="soon"' in desk.open(f"{path}/close").text, "whoever is answering gets a minute"
    desk.send(f"{path}/close", how="soon")
    assert "秒封箱" in desk.read(path)
    desk.send(f"{path}/closing", how="now")
    assert "可以计票了" in desk.read(path), "nothing was printed: there is nothing to reconcile"
    counted = desk.send(f"{path}/count", scrutineer=scrutineer)
    assert counted.status_code == HTTPStatus.SEE_OTHER, words(counted)
    assert stage(house, path) is Stage.COUNTED
    assert acts(house, path) == ["create", "open", "close_soon", "close", "count"]
    with house.store.read() as db:
        assert strips.get(db, int(path.strip("/")))
    said = desk.read(path)
    assert "新建调查" in said and "开始调查，最多 6 份" in said and "评议会" not in said.replace("评议会 轮次 单位和党员", "")


@on_sqlite
@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("unit", "999", "请选择是哪个单位的调查。"),
        ("unit", "x", "请选择是哪个单位的调查。"),
        ("questionnaire", "five_goods_five_leads", "请选择一份问卷。"),
        ("entry", "carrier pigeon", "请选择大家怎么答问卷。"),
        ("most", "4", "份数要填 5 到 9999 的整数"),
        ("most", "很多", "份数要填 5 到 9999 的整数"),
        ("until", "2001-01-01", "请填今天或以后的日期"),
        ("until", "明天", "请填今天或以后的日期"),
        ("title", "长" * 101, "写得太长了"),
    ],
)
def test_a_field_that_cannot_be_is_named_and_nothing_typed_is_lost(
    app: Flask, house: House, field: str, typed: str, said: str
) -> None:
    hall = make_people(house, members=2)
    desk = sit_down(app, house, "secretary")
    page = new(desk, hall, **{"title": "出行", "most": "77", field: typed})
    assert page.status_code == HTTPStatus.BAD_REQUEST and said in page.text
    assert ('value="77"' in page.text) is (field != "most") and ("出行" in page.text) is (field != "title")
    with house.store.read() as db:
        assert kept.of_units(db, hall.secretary.units) == ()


@on_sqlite
def test_the_number_is_free_in_a_draft_and_only_rises_while_open(app: Flask, house: House) -> None:
    hall = make_people(house, members=2)
    desk = sit_down(app, house, "secretary")
    path = made(desk, hall, one_officer="1")
    number = int(path.strip("/"))

    def most(n: str) -> int:
        with house.store.read() as db:
            group = kept.get(db, number).groups[0].id
        fields = {"csrf_token": desk.token(), f"most_{group}": n}
        return desk.client.post(f"/desk/surveys/{number}/most", data=fields).status_code

    assert desk.open(f"{path}/groups").location == f"/desk/surveys/{number}/most"
    assert [most("4"), most("9"), most("8")] == [400, 303, 303]
    desk.send(f"{path}/open")
    assert [most("7"), most(""), most("12")] == [400, 400, 303]
    with house.store.read() as db:
        assert (kept.get(db, number).present, kept.get(db, number).due) == (12, 12)


@on_sqlite
def test_poster_screen_and_slips_say_what_is_kept(app: Flask, house: House) -> None:
    hall = make_people(house, members=2)
    desk = sit_down(app, house, "secretary")
    path = made(desk, hall)
    poster = desk.client.get(f"/desk/surveys{path}/poster").data
    with house.store.read() as db:
        door = kept.get(db, int(path.strip("/"))).door
    assert codes_on(poster) == [f"http://127.0.0.1:8000/d/{door}"]
    by_slips = made(desk, hall, entry="slips", one_officer="1")
    desk.send(f"{by_slips}/open")
    sheet = desk.send(f"{by_slips}/slips", group="all").data
    assert len(codes_in(sheet)) == 6
    for document in (poster, sheet, desk.open(f"{by_slips}/poster").data):
        text = text_in(document).replace("\r", "").replace("\n", "")
        assert "按份保留" in text and "只留下每题" not in text and "查不到您怎么选" not in text
    assert "全部回答按份保留" in desk.read(f"{by_slips}/screen")
    assert desk.client.get(f"/desk/surveys{by_slips}/poster").status_code == HTTPStatus.NOT_FOUND


@on_sqlite
def test_home_tells_surveys_from_meetings_and_neither_offers_the_others_forms(app: Flask, house: House) -> None:
    hall = make_people(house, members=2)
    desk = sit_down(app, house, "secretary")
    path = made(desk, hall, title="食堂问卷", entry="slips", one_officer="1")
    desk.send(f"{path}/open")
    home = words(desk.client.get("/desk"))
    assert "食堂问卷 调查" in home and "进行中" in home and "食堂问卷 正在进行" not in home
    assert f'value="{FORM}"' not in desk.open("/new").text
    assert 'value="five_goods_five_leads"' not in desk.client.get("/desk/surveys/new").text
    refused = desk.send("/new", unit=hall.branch, day="2026-11-21", place="", entry="link", questionnaire=FORM, group="a", due="9", present="9")
    assert refused.status_code == HTTPStatus.BAD_REQUEST


@on_sqlite
def test_another_secretarys_survey_is_not_there_and_a_meeting_is_no_survey(app: Flask, house: House) -> None:
    hall = make_people(house, members=2)
    desk = sit_down(app, house, "secretary")
    path = made(desk, hall)
    leader = sit_down(app, house, "leader")
    assert leader.client.get(f"/desk/surveys{path}/most").status_code == HTTPStatus.FORBIDDEN
    assert desk.client.get("/desk/surveys/99999/most").status_code == HTTPStatus.NOT_FOUND
    assert desk.client.get(f"/desk/surveys/{2**40}/poster").status_code == HTTPStatus.NOT_FOUND


@on_sqlite
def test_a_finished_questionnaire_of_ones_own_can_be_asked(app: Flask, house: House) -> None:
    hall = make_people(house, members=2)
    desk = sit_down(app, house, "secretary")
    draft = drafts.begin(house, survey_form(), by=hall.secretary, now=NOW)
    assert "职工出行问卷" not in desk.client.get("/desk/surveys/new").text, "it is not finished"
    assert new(desk, hall, questionnaire=f"d{draft}").status_code == HTTPStatus.BAD_REQUEST
    with house.store.read() as db:
        seen = drafts.look(db, draft, by=hall.secretary).revision
    drafts.finish(house, draft, seen=seen, by=hall.secretary, now=NOW)
    assert "职工出行问卷" in desk.client.get("/desk/surveys/new").text
    path = made(desk, hall, questionnaire=f"d{draft}")
    with house.store.read() as db:
        meeting = kept.get(db, int(path.strip("/")))
    assert meeting.is_survey and meeting.title == "机修车间党支部 职工出行问卷"
    vote = drafts.begin(house, replace(survey_form(), purpose=Purpose.SELECTION), by=hall.secretary, now=NOW)
    with house.store.read() as db:
        seen = drafts.look(db, vote, by=hall.secretary).revision
    drafts.finish(house, vote, seen=seen, by=hall.secretary, now=NOW)
    refused = new(desk, hall, questionnaire=f"d{vote}")
    assert refused.status_code == HTTPStatus.BAD_REQUEST and "推荐和票决不能按调查做" in refused.text, "its rows would be kept"
