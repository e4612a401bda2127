"""The public link of a survey: one sheet per device, up to the number asked for, and true words before anything is answered."""

from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions import groups, meetings
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.store import meetings as kept
from survey.web.booth.screens import COOKIE
from tests.conftest import NOW, Hall, make_meeting, on_sqlite
from tests.surveys_for_tests import make_survey, survey_form

FIVE = (("答卷人", 5, 5),)
PROMISE = "按份保留您的全部回答"


def door(hall: Hall) -> str:
    with hall.house.store.read() as db:
        return kept.get(db, hall.meeting).door


def group(hall: Hall) -> str:
    with hall.house.store.read() as db:
        return str(kept.get(db, hall.meeting).groups[0].id)


def taken(phone: FlaskClient, hall: Hall) -> str:
    """Take a sheet; where it is."""
    answer = phone.post(f"/d/{door(hall)}", data={"group": group(hall)})
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    return str(answer.headers["Location"])


def test_one_device_has_one_sheet_and_comes_back_to_it(app: Flask, house: House) -> None:
    hall = make_survey(house, entry=Entry.LINK, groups=FIVE)
    phone = app.test_client()
    page = phone.get(f"/d/{door(hall)}")
    assert page.status_code == HTTPStatus.OK and "Set-Cookie" not in page.headers
    sheet = taken(phone, hall)
    assert taken(phone, hall) == sheet
    assert phone.get(f"/d/{door(hall)}").headers["Location"] == sheet
    phone.post(sheet, data={"0.0": "0", "go": "cast"})
    again = phone.get(phone.get(f"/d/{door(hall)}").headers["Location"])
    assert again.status_code == HTTPStatus.CONFLICT and "这部手机已经投过" in again.text
    assert taken(app.test_client(), hall) != sheet


def test_the_cookie_is_random_and_stays_with_the_link(app: Flask, house: House) -> None:
    hall = make_survey(house, entry=Entry.LINK, groups=FIVE)
    answer = app.test_client().post(f"/d/{door(hall)}", data={"group": group(hall)})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    parts = cookie.split("; ")
    assert parts[0] == f"{COOKIE}={answer.headers['Location'].removeprefix('/b/')}"
    assert {"HttpOnly", "SameSite=Lax", f"Path=/d/{door(hall)}", "Max-Age=5184000"} <= set(parts)


def test_no_more_sheets_than_asked_for_until_the_number_is_raised(app: Flask, house: House) -> None:
    hall = make_survey(house, entry=Entry.LINK, groups=FIVE)
    late, path = app.test_client(), f"/d/{door(hall)}"
    page = late.get(path)
    for _ in range(5):
        taken(app.test_client(), hall)
    full = late.get(path)
    assert page.status_code == HTTPStatus.OK
    assert full.status_code == HTTPStatus.CONFLICT and "已经领完" in full.text
    assert late.post(path, data={"group": group(hall)}).status_code == HTTPStatus.CONFLICT
    groups.change(house, hall.meeting, [("答卷人", 6, 6)], by=hall.secretary, now=NOW)
    assert taken(late, hall)


@on_sqlite
@pytest.mark.parametrize("entry", Entry)
def test_the_first_page_says_that_rows_are_kept_before_anything_is_answered(app: Flask, house: House, entry: Entry) -> None:
    hall = make_survey(house, entry=entry, groups=FIVE, form=survey_form())
    phone = app.test_client()
    if entry is Entry.LINK:
        assert PROMISE in phone.get(f"/d/{door(hall)}").text
        sheet = taken(phone, hall)
    elif entry is Entry.SLIPS:
        sheet = f"/b/{hall.codes[int(group(hall))][0]}"
    else:
        return
    pages = [phone.get(sheet), phone.post(sheet, data={"0.0": "0", "go": "review"})]
    assert PROMISE in pages[0].text.partition("<form")[0]
    pages.append(phone.post(sheet, data={"0.0": "0", "go": "cast"}, follow_redirects=True))
    assert "按份保留回答" in pages[-1].text
    for page in pages:
        assert "评议票" not in page.text and "只留下" not in page.text and "谁也查不到" not in page.text


@on_sqlite
def test_an_evaluation_promises_what_it_keeps(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    page = app.test_client().get(f"/b/{next(iter(hall.codes.values()))[0]}").text
    assert "谁也查不到您怎么选" in page and "按份保留" not in page


@on_sqlite
def test_the_link_of_something_else_leads_nowhere(app: Flask, house: House) -> None:
    hall = make_meeting(house, entry=Entry.SCREEN)
    phone = app.test_client()
    for path in (f"/d/{door(hall)}", "/d/nothing", "/d/%00"):
        assert phone.get(path).status_code == HTTPStatus.NOT_FOUND
        assert phone.post(path, data={"group": group(hall)}).status_code == HTTPStatus.NOT_FOUND


@on_sqlite
def test_the_link_of_a_closed_survey_says_so(app: Flask, house: House) -> None:
    hall = make_survey(house, entry=Entry.LINK, groups=FIVE)
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    page = app.test_client().get(f"/d/{door(hall)}")
    assert page.status_code == HTTPStatus.CONFLICT and "调查已经结束" in page.text
    assert app.test_client().get(f"/m/{door(hall)}/any").status_code == HTTPStatus.NOT_FOUND
