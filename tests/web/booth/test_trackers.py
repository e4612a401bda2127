"""The page of trackers: everything to look through, nothing to ask for."""

import re
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions import meetings
from survey.actions.house import House
from survey.store import meetings as kept
from tests.conftest import NOW, Hall, make_meeting, on_sqlite


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def door(hall: Hall) -> str:
    with hall.house.store.read() as db:
        return kept.get(db, hall.meeting).door


def test_the_thanks_page_leads_to_a_list_that_is_there_after_the_count(house: House, client: FlaskClient) -> None:
    hall = make_meeting(house)
    codes = [code for each in hall.codes.values() for code in each]
    trackers = sorted(hall.vote(code) for code in codes)
    thanks = client.get(f"/b/{codes[0]}/in").text
    address = f"/t/{door(hall)}"
    assert f'href="{address}"' in thanks
    before = client.get(address)
    assert before.status_code == HTTPStatus.OK and "还没有计票" in before.text and "<code>" not in before.text
    hall.close()
    hall.count()
    page = client.get(address).text
    # The page before the count was not kept in its place.
    assert [each.replace("-", "") for each in re.findall(r"<code>(.*?)</code>", page)] == trackers
    assert "计入 12 张票" in page and "<form" not in page and "name=" not in page.split("<main")[1]
    assert client.get(address).text == page


@on_sqlite
def test_a_void_meeting_and_a_door_that_is_none_say_so(house: House, client: FlaskClient) -> None:
    hall = make_meeting(house)
    hall.vote(hall.codes[min(hall.codes)][0])
    meetings.void(house, hall.meeting, reason="停电", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)
    void = client.get(f"/t/{door(hall)}")
    assert void.status_code == HTTPStatus.GONE and "作废" in void.text
    for wrong in ("0", "x" * 300, "..", "%00", "%F0%9F%98%80"):
        assert client.get(f"/t/{wrong}").status_code == HTTPStatus.NOT_FOUND
