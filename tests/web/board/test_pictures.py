"""Charts: drawn once, kept by what they show, and their numbers said in words."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions.house import House
from survey.web.board.face import Shelves
from survey.web.shelf import Shelf
from tests.web.board.meetings_for_tests import counted

Browse = Callable[[str], FlaskClient]


def kept(app: Flask) -> int:
    """How many pictures this app keeps."""
    shelves: Shelves = app.extensions["board"]
    return len(shelves.pictures)


@pytest.mark.parametrize("name", ["chart", "members", "targets/{branch}", "targets/{first}"])
def test_every_chart_comes_as_svg_and_png(house: House, browse: Browse, name: str) -> None:
    meeting = counted(house)
    client = browse("leader")
    path = name.format(branch=meeting.branch, first=meeting.members[0])
    svg, png = (client.get(f"{meeting.base}/{path}.{kind}") for kind in ("svg", "png"))
    assert svg.mimetype == "image/svg+xml" and b"<svg" in svg.data[:1000]
    assert png.mimetype == "image/png" and png.data.startswith(b"\x89PNG")


def test_a_page_leaves_as_much_room_as_its_pictures_take(house: House, browse: Browse) -> None:
    """A long name has a line more on a phone, where the page moves by that much and no more."""
    meeting, client, looked = counted(house), browse("leader"), 0
    for path in ("", f"/targets/{meeting.branch}", f"/targets/{meeting.members[0]}"):
        page = client.get(f"{meeting.base}{path}").text
        for address, wide, high in re.findall(r'(?:srcset|src)="(/board/[^"]*svg[^"]*)" width="(\d+)" height="(\d+)"', page):
            drawn = client.get(address.replace("&amp;", "&")).text
            sizes = [float(re.findall(rf'<svg [^>]*{side}="([\d.]+)pt"', drawn)[0]) for side in ("width", "height")]
            assert sizes[0] == float(wide) and abs(sizes[1] - float(high)) <= 16, address
            looked += 1
    assert looked >= 8, "each picture is there twice"


def test_a_picture_is_drawn_once_and_asked_for_again_by_its_mark(app: Flask, house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    first = client.get(f"{meeting.base}/members.png")
    again = client.get(f"{meeting.base}/members.png")
    assert first.data == again.data and kept(app) == 1
    unchanged = client.get(f"{meeting.base}/members.png", headers={"If-None-Match": first.headers["ETag"]})
    assert unchanged.status_code == 304 and unchanged.data == b""
    assert client.get(f"{meeting.base}/chart.png", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert first.headers["Cache-Control"] == "no-store"


def test_the_same_content_is_the_same_picture(app: Flask, house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    own, target = (client.get(f"{meeting.base}/{name}.svg") for name in ("chart", f"targets/{meeting.branch}"))
    assert own.headers["ETag"] == target.headers["ETag"] and kept(app) == 1


def test_whoever_lost_the_right_gets_no_picture_by_its_mark(house: House, browse: Browse) -> None:
    meeting = counted(house)
    mark = browse("leader").get(f"{meeting.base}/chart.svg").headers["ETag"]
    assert browse("other").get(f"{meeting.base}/chart.svg", headers={"If-None-Match": mark}).status_code == 404


def test_the_words_beside_a_picture_hold_its_numbers(house: House, browse: Browse) -> None:
    meeting = counted(house)
    page = browse("leader").get(meeting.base).text
    branch, members = re.findall(r'<img [^>]*alt="([^"]*)"', page)
    assert "领导班子好：满意 8，基本满意 1，不满意 1，不了解 1，满意率 72.73%，以上率 81.82%。" in branch
    assert "合计：满意 52，基本满意 1，不满意 1，不了解 1，满意率 94.55%，以上率 96.36%。" in branch
    assert "满意率 80.00%，以上率 90.91%，有效 55。" in members and members.count("满意率") == 4


def test_a_shelf_forgets_what_was_used_longest_ago() -> None:
    made: list[str] = []

    def make(name: str) -> Callable[[], str]:
        return lambda: made.append(name) or name

    shelf: Shelf[str] = Shelf(2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert shelf.get(name, make(name)) == name
    assert made == ["a", "b", "c", "b"] and len(shelf) == 2
