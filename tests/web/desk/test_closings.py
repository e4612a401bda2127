"""Pausing and the last minute at the desk and on the wall."""

from datetime import timedelta

import pytest
from flask import Flask

from survey.actions import pauses
from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.web.doors import now
from tests.conftest import Hall, make_meeting, on_sqlite
from tests.web.desk.desks_for_tests import Desk, sit_down, stage, words


@pytest.fixture
def hall(house: House) -> Hall:
    return make_meeting(house)


@pytest.fixture
def desk(app: Flask, house: House, hall: Hall) -> Desk:
    return sit_down(app, house, "secretary")


def over(hall: Hall) -> None:
    """A last minute that has been over for a while."""
    pauses.close_soon(hall.house, hall.meeting, by=hall.secretary, now=now() - timedelta(minutes=5))


@on_sqlite
def test_a_pause_is_asked_about_and_then_the_next_step_is_to_resume(house: House, hall: Hall, desk: Desk) -> None:
    at = f"/{hall.meeting}"
    page = desk.open(at).text
    assert 0 < page.index(f'href="/desk/meetings{at}/close"') < page.index(f'href="/desk/meetings{at}/pause"') < page.index("票数</h2>")
    assert "手机上填的都还在" in desk.read(f"{at}/pause")
    assert desk.send(f"{at}/pause").status_code == 303
    page = desk.read(at)
    assert "投票暂停了" in page and "恢复投票" in page and "结束评议" not in page
    assert "现在暂停投票，请稍候" in desk.read(f"{at}/screen")
    assert "暂停了" in words(desk.client.get("/desk"))
    assert desk.open(f"{at}/pause").status_code == 409
    assert desk.send(f"{at}/resume").status_code == 303
    assert stage(house, at) is Stage.OPEN


@on_sqlite
def test_closing_offers_a_minute_first_and_the_page_counts_down(house: House, hall: Hall, desk: Desk) -> None:
    at = f"/{hall.meeting}"
    asked = desk.open(f"{at}/close").text
    assert asked.index('value="soon"') < asked.index('value="now"'), "Enter presses the first one"
    assert desk.send(f"{at}/close", how="soon").status_code == 303
    page = desk.read(at)
    assert "秒封箱" in page and "再给一分钟" in page and "不结束了" in page
    left = desk.open(f"{at}/box").json["seconds_open"]  # type: ignore[index]
    assert 50 < left <= 60
    assert "秒封箱，请现在提交" in desk.read(f"{at}/screen")
    desk.send(f"{at}/closing", how="more")
    assert 110 < desk.open(f"{at}/screen/code").json["seconds_open"] <= 120  # type: ignore[index]
    desk.send(f"{at}/closing", how="open")
    assert desk.open(f"{at}/box").json["seconds_open"] is None  # type: ignore[index]
    desk.send(f"{at}/closing", how="something")
    assert stage(house, at) is Stage.OPEN
    desk.send(f"{at}/close", how="soon")
    asked = desk.open(at).text
    assert 'seal" name="how" value="more"' in asked and asked.index('value="more"') < asked.index('value="now"')
    for code in (each for codes in hall.codes.values() for each in codes):
        hall.vote(code)
    asked = desk.open(at).text
    assert 'seal" name="how" value="now"' in asked and asked.index('value="now"') < asked.index('value="more"'), "nobody is missing"
    desk.send(f"{at}/closing", how="now")
    assert stage(house, at) is Stage.CLOSED


@pytest.mark.parametrize("path", ["", "/close", "/screen", "/box", "/groups", "/void"])
def test_any_page_that_looks_after_the_minute_closes_the_box(house: House, hall: Hall, desk: Desk, path: str) -> None:
    over(hall)
    answer = desk.open(f"/{hall.meeting}{path}")
    assert answer.status_code == (409 if path in ("/close", "/groups") else 200)
    assert stage(house, f"/{hall.meeting}") is Stage.CLOSED
    page = desk.read(f"/{hall.meeting}")
    assert "时间到，票箱封存" in page and "数一数没有发出的票签" in page


@on_sqlite
def test_a_press_after_the_minute_finds_the_box_closed(house: House, hall: Hall, desk: Desk) -> None:
    over(hall)
    answer = desk.send(f"/{hall.meeting}/closing", how="more")
    assert answer.status_code == 409 and "已封箱" in words(answer)
    desk.open(f"/{hall.meeting}")
    assert stage(house, f"/{hall.meeting}") is Stage.CLOSED
