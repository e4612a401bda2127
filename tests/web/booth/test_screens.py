"""Open mode: one code on the screen, one ballot per device, as many as people are present."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions import meetings, screens
from survey.actions.house import House
from survey.app import create_app
from survey.config import Config
from survey.domain.meetings import Entry
from survey.web.doors import now
from tests.conftest import NOW, Hall, make_meeting

ONE = (("群众代表", 6, 6),)


def address(hall: Hall, *, ago: timedelta = timedelta()) -> str:
    """What the screen's code carried some time ago."""
    with hall.house.store.read() as db:
        door = meetings.meetings.get(db, hall.meeting).door
    return f"/m/{door}/{screens.turn(hall.house, door, now() - ago)}"


def groups_of(hall: Hall) -> list[int]:
    with hall.house.store.read() as db:
        return [group.id for group in meetings.meetings.get(db, hall.meeting).groups]


def test_one_group_takes_one_tap_and_the_device_comes_back_to_its_own_ballot(app: Flask, house: House) -> None:
    hall = make_meeting(house, groups=ONE, entry=Entry.SCREEN)
    phone = app.test_client()
    path = address(hall)
    page = phone.get(path)
    assert page.status_code == 200 and "领一张评议票" in page.text and 'type="radio"' not in page.text
    (group,) = groups_of(hall)
    taken = phone.post(path, data={"group": group})
    assert taken.status_code == 303
    ballot = taken.headers["Location"]
    assert phone.get(ballot).status_code == 200
    for answer in (
        phone.get(path),
        phone.post(path, data={"group": group}),
        phone.get(address(hall, ago=timedelta(days=1))),
    ):
        assert (answer.status_code, answer.headers["Location"]) == (303, ballot)


def test_the_cookie_is_random_and_stays_with_this_door(app: Flask, house: House, config: Config) -> None:
    hall = make_meeting(house, groups=ONE, entry=Entry.SCREEN)
    path, (group,) = address(hall), groups_of(hall)
    (cookie,) = app.test_client().post(path, data={"group": group}).headers.getlist("Set-Cookie")
    door = path.split("/")[2]
    for part in ("HttpOnly", "SameSite=Lax", f"Path=/m/{door}", "Max-Age=43200"):
        assert part in cookie
    assert "Secure" not in cookie
    secure = create_app(replace(config, url="https://vote.example.org"), testing=True)
    (cookie,) = secure.test_client().post(path, data={"group": group}).headers.getlist("Set-Cookie")
    assert "Secure" in cookie
    secure.extensions["house"].store.close()


def test_several_groups_are_asked_first(app: Flask, house: House) -> None:
    hall = make_meeting(house, entry=Entry.SCREEN)
    path = address(hall)
    page = app.test_client().get(path).text
    assert page.count('type="radio"') == 2 and "群众代表" in page and "您属于哪一类" in page
    for given in ({}, {"group": "x"}, {"group": "9" * 400}, {"group": "١"}):
        answer = app.test_client().post(path, data=given)
        assert answer.status_code == 400 and "还没有选类别" in answer.text
    assert app.test_client().post(path, data={"group": "999999"}).status_code == 404


def test_no_more_ballots_are_taken_than_people_are_present(app: Flask, house: House) -> None:
    hall = make_meeting(house, groups=ONE, entry=Entry.SCREEN)
    path, (group,) = address(hall), groups_of(hall)
    for _ in range(6):
        assert app.test_client().post(path, data={"group": group}).status_code == 303
    for answer in (app.test_client().get(path), app.test_client().post(path, data={"group": group})):
        assert answer.status_code == 409 and "票已经领完" in answer.text


def test_an_old_code_asks_to_scan_again_but_a_slow_reader_may_still_tap(app: Flask, house: House) -> None:
    hall = make_meeting(house, groups=ONE, entry=Entry.SCREEN)
    (group,) = groups_of(hall)
    answer = app.test_client().get(address(hall, ago=timedelta(minutes=5)))
    assert answer.status_code == 410 and "再扫一次" in answer.text
    assert app.test_client().post(address(hall, ago=timedelta(minutes=5)), data={"group": group}).status_code == 303
    assert app.test_client().post(address(hall, ago=timedelta(hours=1)), data={"group": group}).status_code == 410


@pytest.mark.parametrize("path", ["/m/x/y", "/m/0000/%00", "/m/%ff/%fe"])
def test_a_door_that_is_none_is_not_found(app: Flask, house: House, path: str) -> None:
    make_meeting(house)
    assert app.test_client().get(path).status_code == 404
    assert app.test_client().post(path, data={"group": "1"}).status_code == 404


def test_a_closed_meeting_and_one_with_slips_give_no_ballots(app: Flask, house: House) -> None:
    hall = make_meeting(house, groups=ONE, entry=Entry.SCREEN)
    path, (group,) = address(hall), groups_of(hall)
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    for answer in (app.test_client().get(path), app.test_client().post(path, data={"group": group})):
        assert answer.status_code == 409 and "评议已经结束" in answer.text


def test_a_cookie_of_a_ballot_that_is_no_more_is_passed_over(app: Flask, house: House) -> None:
    hall = make_meeting(house, groups=ONE, entry=Entry.SCREEN)
    path = address(hall)
    phone: FlaskClient = app.test_client()
    phone.set_cookie("pingyi_ballot", "0000-0000-0000")
    assert phone.get(path).status_code == 200
