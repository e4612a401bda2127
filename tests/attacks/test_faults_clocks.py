"""The server's clock jumps a day, forward or back, before, during and after a meeting: nothing breaks, and what is said is true."""

import json
import re
import time
from datetime import datetime, timedelta, tzinfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions import screens, slips, staff
from survey.actions.house import House
from survey.domain.meetings import Entry, Stage
from survey.domain.refusals import BadLogin
from survey.domain.slips import Way
from survey.store import ballots as box
from survey.store import journal
from survey.store import meetings as kept
from survey.store import results as counted
from survey.web import doors
from tests.conftest import NOW, PASSWORD, Hall, make_meeting
from tests.web.desk.desks_for_tests import Desk, words

FIVE = {f"0.{q}": "0" for q in range(5)} | {"go": "cast"}
DAY = timedelta(days=1)
JUMPS = (DAY, -DAY)


class Clock:
    """The machine's clock, where the web reads it: the time of pages, and of signed cookies."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = NOW
        clock = self

        class Moment(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return clock.moment.astimezone(tz)

        monkeypatch.setattr(doors, "datetime", Moment)
        monkeypatch.setattr(time, "time", lambda: clock.moment.timestamp())

    def jump(self, by: timedelta) -> None:
        """Somebody sets it, or a battery is empty."""
        self.moment += by


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def log_in(client: FlaskClient, status: int = 303) -> Desk:
    """By the form, as a person does."""
    desk = Desk(client)
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/desk/login").text)
    assert found is not None
    fields = {"csrf_token": found.group(1), "login": "secretary", "password": PASSWORD}
    answer = client.post("/desk/login", data=fields)
    assert answer.status_code == status, words(answer)
    return desk


def again(client: FlaskClient, meeting: int) -> Desk:
    """After a jump the login is over, and says so by asking for it; a form that was open is told to be made anew."""
    asked = client.get(f"/desk/meetings/{meeting}")
    assert asked.status_code == 303 and "/desk/login" in asked.headers["Location"]
    stale = client.post(f"/desk/meetings/{meeting}/close", data={"csrf_token": "of-yesterday"})
    assert stale.status_code == 401
    assert "什么也没有改动。请重新登录，然后再做一次。" in words(stale)
    return log_in(client)


def vote(app: Flask, codes: list[str], status: int) -> None:
    """Phones, each its own."""
    for code in codes:
        client = app.test_client()
        assert client.get(f"/b/{code}").status_code == (200 if status == 303 else status)
        assert client.post(f"/b/{code}", data=FIVE).status_code == status


@pytest.mark.parametrize("by", JUMPS, ids=["forward", "back"])
def test_a_clock_that_jumps_between_all_steps_changes_no_vote(
    app: Flask, house: House, clock: Clock, by: timedelta
) -> None:
    """Guards: no rule of a meeting or of a slip asks the clock; the journal keeps the order of the acts, not of the hours."""
    hall = make_meeting(house, open_box=False, slips_too=False)
    client = app.test_client()
    desk = log_in(client)
    path = f"/{hall.meeting}"
    clock.jump(by)
    desk = again(client, hall.meeting)
    opened = desk.send(f"{path}/open")
    assert opened.status_code == 200
    hall.scrutineer = scrutineer_in(words(opened))
    clock.jump(-by)
    codes = make_codes(hall)
    vote(app, codes[:4], 303)
    clock.jump(by)
    vote(app, codes[:4], 409)
    vote(app, codes[4:], 303)
    clock.jump(-by)
    desk = again(client, hall.meeting)
    assert desk.send(f"{path}/close").status_code == 303
    clock.jump(by)
    desk = again(client, hall.meeting)
    numbers = {f"left_{group}": "0" for group in hall.codes}
    assert desk.send(f"{path}/leftovers", **numbers).status_code == 303
    assert desk.send(f"{path}/count", scrutineer=hall.scrutineer).status_code == 303
    clock.jump(-by)
    desk = again(client, hall.meeting)
    assert desk.open(path).status_code == client.get(f"/board/meetings/{hall.meeting}").status_code == 200
    check(hall, codes, by=by)


def check(hall: Hall, codes: list[str], *, by: timedelta) -> None:
    """Everybody is counted, and the journal says what the clock said, in the order in which it was done."""
    with hall.house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.COUNTED
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == len(codes)
        acts = [each for each in journal.of_meeting(db, hall.meeting) if each.act in ("open", "close", "count")]
    assert [each.act for each in acts] == ["open", "close", "count"]
    assert [each.minute for each in acts] == [NOW + by, NOW, NOW + by]


def make_codes(hall: Hall) -> list[str]:
    """Slips for everybody."""
    with hall.house.store.read() as db:
        groups = kept.get(db, hall.meeting).groups
    for group in groups:
        made = slips.issue(
            hall.house, hall.meeting, group.id, n=group.present, way=Way.SHEET, by=hall.secretary, now=NOW
        )
        hall.codes[group.id] = list(made)
    return [code for each in hall.codes.values() for code in each]


def scrutineer_in(text: str) -> str:
    """The twelve characters of the scrutineer's slip on the page that shows them once."""
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    assert found is not None, text
    return found.group()


@pytest.mark.parametrize("by", JUMPS, ids=["forward", "back"])
def test_the_code_on_the_screen_of_yesterday_sends_to_the_screen_of_now(
    app: Flask, house: House, clock: Clock, by: timedelta
) -> None:
    """Guards: actions.screens: a mark is good for its turns alone, whichever way the clock went; a taken ballot stays taken."""
    hall = make_meeting(house, entry=Entry.SCREEN, groups=(("群众代表", 8, 8),))
    with house.store.read() as db:
        meeting = kept.get(db, hall.meeting)
    door, group = meeting.door, {"group": str(meeting.groups[0].id)}
    early, late = app.test_client(), app.test_client()
    mark = screens.turn(house, door, clock.moment)
    first = early.post(f"/m/{door}/{mark}", data=group)
    assert first.status_code == 303
    clock.jump(by)
    for answer in (late.get(f"/m/{door}/{mark}"), late.post(f"/m/{door}/{mark}", data=group)):
        assert answer.status_code == 410
        assert "二维码已经更换 请抬头再扫一次大屏幕上的二维码。" in words(answer)
    fresh = screens.turn(house, door, clock.moment)
    assert fresh != mark
    assert early.get(f"/m/{door}/{fresh}").headers["Location"] == first.headers["Location"], "one device, one ballot"
    second = late.post(f"/m/{door}/{fresh}", data=group)
    assert second.status_code == 303
    for client, answer in ((early, first), (late, second)):
        assert client.post(answer.headers["Location"], data=FIVE).status_code == 303
    with house.store.read() as db:
        assert box.in_box(db, hall.meeting) == 2


@pytest.mark.parametrize("by", JUMPS, ids=["forward", "back"])
def test_a_wait_set_by_a_wrong_clock_ends_with_it(house: House, by: timedelta) -> None:
    """Guards: `seconds_left` in survey.domain.staff: when the clock goes back a day nobody waits a day."""
    make_meeting(house, open_box=False)
    wrong = NOW + by
    for _ in range(6):
        with pytest.raises(BadLogin):
            staff.log_in(house, "secretary", "not the password", now=wrong)
    with pytest.raises(BadLogin) as refused:
        staff.log_in(house, "secretary", PASSWORD, now=wrong)
    assert 0 < int(str(refused.value.facts["wait"])) <= 4
    assert staff.log_in(house, "secretary", PASSWORD, now=NOW)


@pytest.mark.parametrize("by", JUMPS, ids=["forward", "back"])
def test_a_clock_that_jumps_in_the_last_minute_costs_nobody_his_vote(
    app: Flask, house: House, clock: Clock, by: timedelta
) -> None:
    """Guards: `seconds_left` in survey.domain.closings and pauses.close_soon: forward the box is sealed and can be reopened; back,
    nobody reads of a day, and the end is set again from the moment it is by then."""
    hall = make_meeting(house, questionnaire="five_goods")
    codes = [code for each in hall.codes.values() for code in each]
    path, client = f"/{hall.meeting}", app.test_client()
    desk = log_in(client)
    assert desk.send(f"{path}/close", how="soon").status_code == 303
    vote(app, codes[:1], 303)
    clock.jump(by)
    with house.store.read() as db:
        door = kept.get(db, hall.meeting).door
    told = json.loads(app.test_client().get(f"/d/{door}/clock").text)
    desk = again(client, hall.meeting)
    if by > timedelta():
        assert told == {"stage": "closed", "seconds": None}
        vote(app, codes[1:2], 409)
        assert desk.send(f"{path}/reopen", scrutineer=hall.scrutineer).status_code == 303
    else:
        assert told == {"stage": "open", "seconds": None}
        assert "封箱的时间不对了" in words(desk.open(path))
    vote(app, codes[1:2], 303)
    anew = (f"{path}/close", "soon") if by > timedelta() else (f"{path}/closing", "more")
    assert desk.send(anew[0], how=anew[1]).status_code == 303
    assert json.loads(app.test_client().get(f"/d/{door}/clock").text) == {"stage": "open", "seconds": 60}
    clock.jump(timedelta(seconds=60))
    vote(app, codes[2:3], 409)
    assert "数一数没有发出的票签" in words(desk.open(path))
    with house.store.read() as db:
        assert box.in_box(db, hall.meeting) == len(box.spent(db, hall.meeting)) == 2
