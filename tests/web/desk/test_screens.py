"""The big screen and the numbers that keep pages fresh."""

import re

import zxingcpp
from flask import Flask
from PIL import Image, ImageDraw

from survey.actions import meetings
from survey.actions.house import House
from survey.domain.meetings import Entry, Stage
from survey.store import meetings as kept
from tests.conftest import NOW, make_meeting
from tests.web.desk.desks_for_tests import sit_down, words

_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\d+z")


def scanned(path: str, size: int) -> str:
    """What a phone reads from the path of a code."""
    side = size + 8
    picture = Image.new("L", (side, side), 255)
    draw = ImageDraw.Draw(picture)
    for run in _RUN.finditer(path):
        left, top, length = (int(each) for each in run.groups())
        draw.rectangle([left + 4, top + 4, left + 3 + length, top + 4], fill=0)
    return zxingcpp.read_barcodes(picture.resize((side * 8, side * 8), Image.Resampling.NEAREST))[0].text


def test_with_slips_the_screen_shows_the_code_page_and_the_number(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    hall.vote(next(iter(hall.codes.values()))[0])
    page = desk.open(f"/{hall.meeting}/screen")
    drawn = re.search(r'viewBox="0 0 (\d+) \1".*?d="([^"]+)"', page.text, re.S)
    assert drawn and scanned(drawn.group(2), int(drawn.group(1))) == "http://127.0.0.1:8000/"
    assert "第三季度评议会" in words(page) and "已收回 1/ 12" in words(page)
    assert "自己的票签扫不了，才扫这里" in words(page) and "扫自己票签上的码" in words(page)
    assert 'data-theme="light"' in page.text and 'http-equiv="refresh"' in page.text


def test_in_open_mode_the_code_is_the_door_of_this_turn(app: Flask, house: House) -> None:
    hall = make_meeting(house, entry=Entry.SCREEN)
    desk = sit_down(app, house, "secretary")
    code = desk.open(f"/{hall.meeting}/screen/code")
    told = code.get_json()
    assert 1 <= told["seconds"] <= 45 and told["returned"] == 0 and told["people"] == 12
    address = scanned(told["path"], told["size"])
    with house.store.read() as db:
        door = kept.get(db, hall.meeting).door
    assert address.startswith(f"http://127.0.0.1:8000/m/{door}/")
    offered = app.test_client().get(address.removeprefix("http://127.0.0.1:8000"))
    assert offered.status_code == 200 and "群众代表" in offered.text
    assert "秒后更换" in desk.read(f"/{hall.meeting}/screen")
    assert code.headers["Cache-Control"] == "no-store"


def test_before_and_after_there_is_a_sentence_and_no_code(app: Flask, house: House) -> None:
    hall = make_meeting(house, open_box=False)
    desk = sit_down(app, house, "secretary")
    page = desk.open(f"/{hall.meeting}/screen")
    assert "评议还没有开始" in words(page) and "<path" not in page.text
    hall.scrutineer = meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    closed = desk.open(f"/{hall.meeting}/screen")
    assert "评议已经结束，票箱已经封存。" in words(closed) and "<path" not in closed.text
    assert desk.open(f"/{hall.meeting}/screen/code").get_json()["stage"] == Stage.CLOSED.value


def test_the_box_tells_totals_alone(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    for code in next(iter(hall.codes.values()))[:5]:
        hall.vote(code)
    told = desk.open(f"/{hall.meeting}/box").get_json()
    assert told == {"stage": "open", "returned": 5, "people": 12, "waiting": 7, "codes": 12, "seconds_open": None, "paper": 0}
    code = desk.open(f"/{hall.meeting}/screen/code").get_json()
    assert set(code) == {*told, "size", "path", "seconds"}
