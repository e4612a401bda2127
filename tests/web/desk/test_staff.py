"""Logging in, and what each role finds behind the door."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions import staff
from survey.actions.house import House
from tests.conftest import NOW, PASSWORD, make_meeting


def token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "every form has a token"
    return found[1]


def log_in(client: FlaskClient, login: str, password: str = PASSWORD, back: str = ""):
    page = client.get("/desk/login").get_data(as_text=True)
    fields = {"login": login, "password": password, "csrf_token": token(page), "next": back}
    return client.post("/desk/login", data=fields)


def test_a_right_password_opens_the_desk_and_logging_out_shuts_it(app: Flask, house: House) -> None:
    make_meeting(house)
    client = app.test_client()
    assert client.get("/desk").headers["Location"].startswith("/desk/login")
    assert log_in(client, "secretary").headers["Location"] == "/desk"
    page = client.get("/desk").get_data(as_text=True)
    assert "机修车间党支部第三季度评议会" in page and "0 / 12" in page
    client.post("/desk/logout", data={"csrf_token": token(page)})
    assert client.get("/desk").status_code == 303


def test_a_wrong_password_keeps_the_name_and_says_so(app: Flask, house: House) -> None:
    make_meeting(house)
    client = app.test_client()
    answer = log_in(client, "secretary", "wrong")
    assert answer.status_code == 403
    text = answer.get_data(as_text=True)
    assert "登录名或密码不对" in text and 'value="secretary"' in text and "wrong" not in text
    unknown = log_in(client, "nobody", "wrong").get_data(as_text=True)
    assert "登录名或密码不对" in unknown
    for _ in range(4):
        log_in(client, "secretary", "wrong")
    assert "秒再试" in log_in(client, "secretary").get_data(as_text=True)


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/desk", "/\\evil.example", "/b/0", "javascript:1"]
)
def test_the_way_back_never_leads_elsewhere(app: Flask, house: House, back: str) -> None:
    make_meeting(house)
    assert log_in(app.test_client(), "secretary", back=back).headers["Location"] == "/desk"


def test_the_way_back_leads_where_the_person_was_going(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    client = app.test_client()
    asked = client.get(f"/desk/meetings/{hall.meeting}")
    assert f"next=/desk/meetings/{hall.meeting}" in asked.headers["Location"].replace("%2F", "/")
    assert (
        log_in(client, "secretary", back=f"/desk/meetings/{hall.meeting}")
        .headers["Location"]
        .endswith(f"/meetings/{hall.meeting}")
    )


def test_a_form_without_its_token_is_refused_with_a_sentence(app: Flask, house: House) -> None:
    make_meeting(house)
    answer = app.test_client().post("/desk/login", data={"login": "secretary", "password": PASSWORD})
    assert answer.status_code == 400
    assert "放得太久" in answer.get_data(as_text=True)


def test_a_new_password_ends_every_login_before_it(app: Flask, house: House) -> None:
    make_meeting(house)
    client = app.test_client()
    log_in(client, "secretary")
    assert client.get("/desk").status_code == 200
    staff.reset(house, "secretary", password="another long one", now=NOW)
    assert client.get("/desk").status_code == 303


def test_a_leader_goes_to_the_board_and_may_not_run_meetings(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    client = app.test_client()
    log_in(client, "leader")
    assert client.get("/desk").headers["Location"] == "/board"
    for path in (f"/desk/meetings/{hall.meeting}", "/desk/meetings/new", "/desk/units", "/desk/units/import"):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert "您的账号不能做这一步" in answer.get_data(as_text=True)


def test_the_login_cookie_is_not_for_scripts(app: Flask, house: House) -> None:
    make_meeting(house)
    cookie = log_in(app.test_client(), "secretary").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert cookie.startswith("pingyi_desk=")


def test_an_unknown_address_is_a_sentence(app: Flask) -> None:
    answer = app.test_client().get("/desk/nowhere")
    assert answer.status_code == 404 and "这里没有这个页面" in answer.get_data(as_text=True)
