"""A pause and the last minute, as a phone without JavaScript meets them; and the clock a ballot asks."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions import pauses
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.store import meetings as kept
from survey.web.doors import now
from tests.conftest import NOW, Hall, make_meeting, on_sqlite
from tests.web.booth.halls import make_hall, paper_of, satisfied

pytestmark = on_sqlite


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def hall(house: House) -> Hall:
    return make_hall(house, n=2)


def codes_of(hall: Hall) -> list[str]:
    return [code for codes in hall.codes.values() for code in codes]


def door_of(hall: Hall) -> str:
    with hall.house.store.read() as db:
        return kept.get(db, hall.meeting).door


def test_a_pause_keeps_what_was_filled_and_a_page_to_come_looks_again_by_itself(client: FlaskClient, hall: Hall) -> None:
    code = codes_of(hall)[0]
    given = satisfied(paper_of(hall.house, code)) | {"3.0": "多开几次会"}
    pauses.pause(hall.house, hall.meeting, by=hall.secretary, now=NOW)
    came = client.get(f"/b/{code}")
    assert came.status_code == 409 and "现在暂停投票" in came.text and 'http-equiv="refresh"' in came.text
    for go in ("cast", "review", "edit"):
        sent = client.post(f"/b/{code}", data={**given, "go": go})
        assert sent.status_code == 409 and 'data-page="paused"' in sent.text and "多开几次会" in sent.text
    pauses.resume(hall.house, hall.meeting, by=hall.secretary, now=NOW)
    assert client.post(f"/b/{code}", data={**given, "go": "cast"}).status_code == 303


def test_after_the_last_minute_the_phone_is_told_that_it_is_over(client: FlaskClient, hall: Hall) -> None:
    code = codes_of(hall)[0]
    given = satisfied(paper_of(hall.house, code))
    pauses.close_soon(hall.house, hall.meeting, by=hall.secretary, now=NOW)
    for answer in (client.get(f"/b/{code}"), client.post(f"/b/{code}", data={**given, "go": "cast"})):
        assert answer.status_code == 409 and "评议已经结束" in answer.text


def test_every_slip_of_a_paper_gets_the_same_page_with_the_same_door(client: FlaskClient, hall: Hall) -> None:
    first, second = codes_of(hall)[:2]
    page = client.get(f"/b/{first}").text
    assert f'data-door="{door_of(hall)}"' in page
    assert page == client.get(f"/b/{second}").text


def test_the_clock_says_stage_and_seconds_and_leaves_nothing(client: FlaskClient, house: House) -> None:
    hall = make_meeting(house, entry=Entry.SCREEN)
    answer = client.get(f"/d/{door_of(hall)}/clock")
    assert json.loads(answer.text) == {"stage": "open", "seconds": None}
    assert answer.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in answer.headers
    pauses.close_soon(house, hall.meeting, by=hall.secretary, now=now())
    assert 50 < json.loads(client.get(f"/d/{door_of(hall)}/clock").text)["seconds"] <= 60
    pauses.pause(house, hall.meeting, by=hall.secretary, now=now())
    assert json.loads(client.get(f"/d/{door_of(hall)}/clock").text) == {"stage": "paused", "seconds": None}
    assert client.get("/d/nothing/clock").status_code == 404
