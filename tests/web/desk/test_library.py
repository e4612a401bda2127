"""The library at the desk: everything one may use is found, read through, used and copied, and nothing else is."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from survey.actions import drafts, meetings
from survey.actions.house import House
from survey.actions.questionnaires import DEFAULT, library
from survey.domain.meetings import Entry
from survey.domain.questionnaires import Audience, Kind, Question, Questionnaire, Section
from tests.conftest import NOW, TODAY, logged_in, make_people, on_sqlite, person
from tests.web.desk.desks_for_tests import words

CARD = re.compile(r'<h3><a href="/desk/library/([^"?]+)')
SAY = Question("say", Kind.OPINION, "灯亮不亮")
OWN = Questionnaire("own", "夜班问卷", (), (Section("g", "总的", Audience.GENERAL, (SAY,)),))


@pytest.fixture
def desk(app: Flask, house: House) -> FlaskClient:
    make_people(house)
    return seat(app, house, "secretary")


def seat(app: Flask, house: House, login: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction("/desk") as session:
        session["_user_id"] = logged_in(house, login)
    return client


def found(desk: FlaskClient, query: str = "") -> list[str]:
    page = desk.get(f"/desk/library?{query}")
    assert page.status_code == 200
    return CARD.findall(page.text)


def own(house: House, form: Questionnaire = OWN) -> int:
    by = person(house, "secretary")
    made = drafts.begin(house, form, by=by, now=NOW)
    drafts.finish(house, made, seen=1, by=by, now=NOW)
    return made


def test_every_ready_form_is_there_once_and_has_a_page_of_its_own(desk: FlaskClient) -> None:
    assert sorted(found(desk)) == sorted(library())
    for key, form in library().items():
        read = words(desk.get(f"/desk/library/{key}"))
        assert all(question.text in read for section in form.sections for question in section.questions)
        assert form.source in read and "照着改一份" in read


@on_sqlite
def test_a_search_looks_through_titles_practices_and_questions(desk: FlaskClient) -> None:
    assert found(desk, "q=带头弘扬正气&purpose=evaluation")[0] == "five_goods_five_leads"
    assert found(desk, "q=背对背") == ["opinion_box"]
    assert "没有找到" in words(desk.get("/desk/library?q=%3Cscript%3E"))
    assert found(desk, "q=street lamps&lang=en") == ["satisfaction_survey"]


@on_sqlite
def test_the_sieve_keeps_what_is_meant(desk: FlaskClient) -> None:
    rural = found(desk, "sector=rural")
    assert rural[:2] == ["six_sectors", "rural_prosperity"], "made for it, so first"
    assert "school_five_goods" not in rural and "five_leads" not in rural and "five_goods" in rural
    assert set(found(desk, "kind=retired&target=member")) >= {"retired_members", "by_member_kind", "five_leads"}
    assert "mobile_members" not in found(desk, "kind=retired")
    assert found(desk, "purpose=selection") == ["recommend_members", "recommend_units", "vote_on_members", "vote_on_unit"]
    surveys = found(desk, "target=general")
    assert surveys and all(library()[key].is_survey for key in surveys)
    assert "six_sectors" not in found(desk, "sector=nowhere") and found(desk, "purpose=never") == found(desk, "target=x") == []


@on_sqlite
def test_a_form_of_ones_own_stands_first_and_is_found_by_its_words(desk: FlaskClient, house: House) -> None:
    made = own(house)
    unfinished = drafts.begin(house, OWN, by=person(house, "secretary"), now=NOW)
    assert found(desk)[0] == f"d{made}" and found(desk, "q=灯亮") == [f"d{made}"]
    assert "夜班问卷" in words(desk.get(f"/desk/library/d{made}"))
    assert f"d{unfinished}" not in found(desk) and desk.get(f"/desk/library/d{unfinished}").status_code == 404
    drafts.shelve(house, made, True, by=person(house, "secretary"), now=NOW)
    assert f"d{made}" not in found(desk)


@on_sqlite
@pytest.mark.parametrize("ref", ["nothing", "d0", "d99999999999999999999", "d-1", "d１", "..", "%00", "d"])
def test_an_address_of_nothing_says_so(desk: FlaskClient, ref: str) -> None:
    assert desk.get(f"/desk/library/{ref}").status_code == 404


@on_sqlite
def test_the_minutes_follow_the_number_of_members(desk: FlaskClient) -> None:
    assert "约 2 分钟" in words(desk.get("/desk/library?q=四问&members=0"))
    few, many = (words(desk.get(f"/desk/library?q=五看&members={n}")) for n in (2, 200))
    assert few != many and "members=999" not in many
    assert "党员人数要填 0 到 999 的整数，现在按 24 名算。" in words(desk.get("/desk/library?members=-1"))
    assert desk.get("/desk/library?members=-1").status_code == 200 and desk.get("/desk/library/virtues?members=1e9").status_code == 200


@on_sqlite
def test_the_library_asks_the_store_few_times(desk: FlaskClient, house: House) -> None:
    for _ in range(5):
        own(house)
    asked: list[str] = []

    def note(*call: object) -> None:
        asked.append(str(call[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert found(desk)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert 0 < len([each for each in asked if each.startswith(("SELECT", "WITH"))]) <= 10


@on_sqlite
def test_the_form_of_a_new_meeting_offers_what_was_used_last_first_and_each_once(desk: FlaskClient, house: House) -> None:
    by = person(house, "secretary")
    made = own(house, replace(OWN, sections=(replace(OWN.sections[0], audience=Audience.UNIT),)))
    survey = own(house)
    for key in ("virtues", "four_questions"):
        new = meetings.NewMeeting(by.unit, TODAY, "", Entry.SLIPS, [("群众代表", 9, 9)], questionnaire=key)
        meetings.create(house, new, by=by, now=NOW)
    page = desk.get("/desk/meetings/new?questionnaire=six_aspects").text
    folded, shown = '<details class="more"><summary>', '<details class="more" open><summary>'
    assert shown in page and shown in desk.get(f"/desk/meetings/new?questionnaire={DEFAULT}").text, "she sees which one it is"
    assert folded in desk.get("/desk/meetings/new").text
    chooser = page[page.index('<select name="questionnaire">') :].partition("</select>")[0]
    assert re.findall(r'optgroup label="([^"]+)"', chooser) == ["最近用过的", "自己的和上级共享的", "评议", "推荐和票决", "点评和整改"]
    values = re.findall(r'value="([^"]+)"', chooser)
    assert values[:3] == ["four_questions", "virtues", f"d{made}"] and f"d{survey}" not in values
    assert sorted(values[3:] + values[:2]) == sorted(key for key, form in library().items() if not form.is_survey)
    assert '"six_aspects" selected' in chooser and chooser.count(" selected") == 1


@on_sqlite
def test_the_preview_of_a_ready_form_speaks_the_language_of_the_page(desk: FlaskClient) -> None:
    page = desk.get("/desk/library/recommend_members/preview?lang=en")
    assert "<h1>Recommend members: at most three</h1>" in page.text and "推荐" not in page.text
