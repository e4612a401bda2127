"""A login or a page that runs out in the middle of typing: what was typed is still there, and nobody sends it unread."""

import html
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.actions import staff
from survey.actions.house import House
from survey.store import meetings as kept
from tests.attacks.forms import NAUGHTY, Form, forms, raw_markup
from tests.conftest import NOW, PASSWORD, Hall, make_people, on_sqlite, person
from tests.web.desk.desks_for_tests import Desk, five_fields, sit_down, words


@pytest.fixture
def hall(house: House) -> Hall:
    return make_people(house)


def token(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def expire(client: FlaskClient, house: House, login: str, *, cookie: bool) -> None:
    """The login ends: on the server, as when it is idle too long, or its cookie with it, as in the browser."""
    if cookie:
        client.delete_cookie("pingyi_desk")
    staff.reset(house, login, password=PASSWORD, now=NOW)


def log_in(client: FlaskClient, page: TestResponse, login: str = "secretary", password: str = PASSWORD) -> TestResponse:
    """By the form on a page, with all its hidden fields."""
    (form,) = (each for each in forms(page.text, "/desk/login") if each.action == "/desk/login")
    return client.post("/desk/login", data={**form.data(), "login": login, "password": password})


def again(page: TestResponse) -> Form:
    """The form of the page that offers to send it again."""
    return next(each for each in forms(page.text, "/") if each.action != "/desk/logout")


@pytest.mark.parametrize("cookie", [False, True], ids=["ended on the server", "cookie gone"])
def test_what_was_typed_comes_through_the_login_and_is_sent_once_more(app: Flask, house: House, hall: Hall, cookie: bool) -> None:
    desk = sit_down(app, house, "secretary")
    fields = {**five_fields(desk, hall), "title": "秋季“评议”<会>", "csrf_token": desk.token()}
    expire(desk.client, house, "secretary", cookie=cookie)
    page = desk.client.post("/desk/meetings/new", data=fields)
    assert page.status_code == 401 and "您刚才填的内容还在" in words(page)
    wrong = log_in(desk.client, page, password="not this one")
    assert wrong.status_code == 403 and 'name="kept"' in wrong.text, "a wrong password loses nothing"
    shown = log_in(desk.client, wrong)
    assert shown.status_code == 200 and "秋季“评议”<会>" in words(shown) and "如果这不是您填的，请不要提交" in words(shown)
    with house.store.read() as db:
        assert not kept.of_units(db, [hall.branch]), "nothing is sent before it was looked at"
    form = again(shown)
    assert form.action == "/desk/meetings/new"
    done = desk.client.post(form.action, data=form.data())
    assert done.status_code == 303
    with house.store.read() as db:
        (made,) = kept.of_units(db, [hall.branch])
        assert made.title == "秋季“评议”<会>" and len(kept.get(db, made.id).groups) == 2


def test_a_page_that_stood_open_too_long_offers_to_send_it_again(app: Flask, house: House, hall: Hall) -> None:
    desk = sit_down(app, house, "secretary")
    fields = {**five_fields(desk, hall), "title": "老页面", "csrf_token": "of yesterday"}
    page = desk.client.post("/desk/meetings/new", data=fields)
    assert page.status_code == 400 and "老页面" in words(page)
    form = again(page)
    assert desk.client.post(form.action, data=form.data()).status_code == 303


def test_passwords_codes_and_files_stay_behind_and_the_page_says_so(app: Flask, house: House, hall: Hall) -> None:
    client = app.test_client()
    fields = {"second_login": "wang", "second_password": "a secret of mine", "scrutineer": "ABCDEFGH", "reason": "发错了", "lost": "1"}
    page = client.post("/desk/meetings/1/void", data=fields)
    assert page.status_code == 401 and "a secret of mine" not in page.text and "ABCDEFGH" not in page.text
    shown = log_in(client, page)
    assert "发错了" in words(shown) and "密码、监票码和票签码不会留下" in words(shown)
    page = app.test_client().post("/desk/me/password", data={"old_password": "a secret of mine"})
    assert page.status_code == 401 and "a secret" not in page.text and 'name="next" value="/desk"' in page.text


def test_codes_of_slips_stay_behind_and_a_form_that_shows_nothing_is_not_offered(app: Flask, house: House, hall: Hall) -> None:
    page = app.test_client().post("/desk/meetings/1/void-slips", data={"codes": "ABCD-EFGH-JKMN"})
    assert page.status_code == 401 and "ABCD" not in page.text and 'name="kept"' not in page.text
    page = app.test_client().post("/desk/units/import/confirm", data={"key": "0" * 32, "go": "1"})
    assert page.status_code == 401 and 'name="kept"' not in page.text


def test_somebody_else_who_logs_in_reads_it_first_and_has_his_own_rights(app: Flask, house: House, hall: Hall) -> None:
    client = app.test_client()
    page = client.post("/desk/meetings/new", data={"title": "别人的会", "unit": str(hall.branch)})
    shown = log_in(client, page, login="leader")
    assert "别人的会" in words(shown)
    form = again(shown)
    assert client.post(form.action, data=form.data()).status_code == 403


def test_a_script_is_told_where_to_log_in_and_keeps_its_text(app: Flask, house: House, hall: Hall) -> None:
    asks = {"Accept": "application/json"}
    answer = app.test_client().post("/desk/meetings/new", data={"title": "x"}, headers=asks)
    assert (answer.status_code, answer.json) == (401, {"login": "/desk/login"})
    desk = sit_down(app, house, "secretary")
    stale = desk.client.post("/desk/meetings/new", data={"title": "x"}, headers=asks)
    assert stale.status_code == 400 and set(stale.json or {}) == {"csrf_token"}


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_form_on_a_strangers_page_is_not_offered_to_be_sent(app: Flask, house: House, hall: Hall, headers: dict[str, str]) -> None:
    """Guards: _may_be_ours in web.kept: else a stranger would only need one click of the secretary's."""
    desk = sit_down(app, house, "secretary")
    page = desk.client.post("/desk/meetings/new", data={"title": "来自别处"}, headers=headers)
    assert page.status_code == 400 and "来自别处" not in page.text
    page = app.test_client().post("/desk/meetings/new", data={"title": "来自别处"}, headers=headers)
    assert page.status_code == 401 and "来自别处" not in page.text


def test_what_is_too_long_is_not_carried_and_the_page_says_what_to_do(app: Flask, house: House, hall: Hall) -> None:
    page = app.test_client().post("/desk/meetings/new", data={"group": ["&"] * 3000, "title": "x" * 60_000})
    assert page.status_code == 401 and 'name="kept"' in page.text
    bound = app.test_client().post("/desk/units/import", data={"text": "长" * 140_000}, content_type="multipart/form-data")
    assert bound.status_code == 401 and 'name="kept"' not in bound.text and "把写的内容复制下来" in words(bound)


@on_sqlite
def test_whatever_was_typed_comes_back_letter_for_letter(app: Flask, house: House, hall: Hall) -> None:
    client = app.test_client()
    sent = [value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for value in NAUGHTY]
    page = client.post("/desk/meetings/new", data={"title": sent})
    assert not raw_markup(page.text)
    shown = log_in(client, page)
    assert shown.status_code == 200 and not raw_markup(shown.text)
    back = [html.unescape(value) for value in re.findall(r'name="title" value="([^"]*)"', shown.text)]
    assert [value.replace("\r\n", "\n") for value in back] == [value.replace("\r\n", "\n") for value in sent]


@on_sqlite
@pytest.mark.parametrize("path", ["/b/000000000000", "//evil.example/desk", "https://evil.example/desk", "/desk/login", "/desk/logout", "/desk/nothing", "/desk/units", "javascript:1"])
def test_what_a_login_carries_goes_to_a_form_of_ours_or_nowhere(app: Flask, house: House, hall: Hall, path: str) -> None:
    client = app.test_client()
    fields = {"csrf_token": token(client.get("/desk/login")), "login": "secretary", "password": PASSWORD}
    answer = client.post("/desk/login", data={**fields, "kept": json.dumps([path, [["a", "b"]], False, False])})
    assert answer.status_code == 303 and answer.location == "/desk"


@on_sqlite
@pytest.mark.parametrize("packed", ["", "x", "[]", "{}", "[1,2,3,4]", '["/desk/meetings/new",[["a"]],0,0]', '["/desk/meetings/new",[[1,2]],0,0]', "[" * 5000, '["/desk/meetings/new",[["password","x"]],false,false]'])
def test_a_login_with_something_else_in_its_hidden_field_is_a_login(app: Flask, house: House, hall: Hall, packed: str) -> None:
    client = app.test_client()
    fields = {"csrf_token": token(client.get("/desk/login")), "login": "secretary", "password": PASSWORD}
    assert client.post("/desk/login", data={**fields, "kept": packed}).status_code == 303


def test_a_login_page_that_stood_open_all_night_asks_again_and_keeps_name_and_text(app: Flask, house: House, hall: Hall) -> None:
    client = app.test_client()
    page = client.post("/desk/meetings/new", data={"title": "昨晚写的"})
    client.delete_cookie("pingyi_desk")
    stale = log_in(client, page)
    assert stale.status_code == 400 and 'value="secretary"' in stale.text and PASSWORD not in stale.text
    assert "昨晚写的" in words(log_in(client, stale))


def test_a_button_without_text_leads_to_its_page_after_the_login(app: Flask, house: House, hall: Hall) -> None:
    client = app.test_client()
    page = client.post("/desk/meetings/7/close")
    assert page.status_code == 401 and 'name="next" value="/desk/meetings/7/close"' in page.text
    assert log_in(client, page).location == "/desk/meetings/7/close"


def test_a_double_click_makes_one_meeting_and_leads_to_it(app: Flask, house: House, hall: Hall) -> None:
    desk = sit_down(app, house, "secretary")
    fields = {**five_fields(desk, hall), "once": "0123456789abcdef", "csrf_token": desk.token()}
    first, second = (desk.client.post("/desk/meetings/new", data=fields) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, first.location)
    other = desk.client.post("/desk/meetings/new", data={**fields, "once": "another"})
    assert other.location != first.location
    with house.store.read() as db:
        assert len(kept.of_units(db, [hall.branch])) == 2
    assert re.search(r'name="once" value="[0-9a-f]{32}"', desk.open("/new").text)


def test_another_persons_form_key_stops_nobody(app: Flask, house: House, hall: Hall) -> None:
    places = []
    for login in ("secretary", "admin"):
        desk: Desk = sit_down(app, house, login)
        places.append(desk.send("/new", **five_fields(desk, hall), once="the same").location)
    assert places[0] != places[1] and person(house, "admin")
