"""评议对象: who of a unit's members is not rated at a meeting."""

import json
import re
from dataclasses import replace
from http import HTTPStatus

from flask import Flask

from survey.actions import meetings
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.domain.units import Sector
from survey.store import meetings as kept
from survey.store import members
from tests.conftest import NOW, TODAY, Hall, make_meeting, make_people, on_sqlite
from tests.web.desk.desks_for_tests import sit_down


def ids(house: House, hall: Hall) -> dict[str, str]:
    """Members of the branch by name, their numbers as a form sends them."""
    with house.store.read() as db:
        return {each.name: str(each.id) for each in members.of_units(db, [hall.branch])}


def ticks(page: str) -> int:
    """How many members are ticked."""
    return len(re.findall(r'name="rated" value="\d+" checked', page))


def asked_about(house: House, meeting: int) -> list[str]:
    """Whom the frozen papers of a meeting name."""
    with house.store.read() as db:
        (body, *_others) = kept.papers(db, meeting).values()
    return [target[2] for target in json.loads(body)["targets"]]


def test_who_is_left_out_stands_on_no_paper_and_who_joined_meanwhile_does(app: Flask, house: House) -> None:
    """Guards: the intersection in actions.rated, left_out in _papers of actions.meetings."""
    hall = make_meeting(house, open_box=False)
    desk = sit_down(app, house, "secretary")
    there = ids(house, hall)
    page = desk.open(f"/{hall.meeting}/rated").text
    assert page.count('name="rated"') == ticks(page) == 4
    # 赵六 came onto the list after the page was opened: it did not show him.
    shown = [there[name] for name in ("张三", "李四", "王五")]
    sent = desk.send(f"/{hall.meeting}/rated", shown=shown, rated=[there["李四"], "999999", "x"])
    assert sent.status_code == HTTPStatus.SEE_OTHER
    said = desk.read(f"/{hall.meeting}")
    assert "2 名党员" in said and "不评 2 名" in said and "选定评议对象：评 2 名党员，不评 2 名" in said
    assert ticks(desk.open(f"/{hall.meeting}/rated").text) == 2
    meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)
    assert [each for each in asked_about(house, hall.meeting) if each in there] == ["李四", "赵六"]
    assert desk.open(f"/{hall.meeting}/rated").status_code == HTTPStatus.CONFLICT
    assert desk.send(f"/{hall.meeting}/rated", shown=shown).status_code == HTTPStatus.CONFLICT


@on_sqlite
def test_one_kind_is_ticked_by_its_link_and_written_only_when_saved(app: Flask, house: House) -> None:
    hall = make_meeting(house, open_box=False)
    desk = sit_down(app, house, "secretary")
    assert "只评一类" not in desk.read(f"/{hall.meeting}/rated")
    with house.store.write() as db:
        first = members.of_units(db, [hall.branch])[0]
        members.change(db, [replace(first, kind="leading")])
    page = desk.open(f"/{hall.meeting}/rated?kind=leading").text
    assert "只评一类" in page and ticks(page) == 1 and "保存以后才算数" in page
    for path in ("", "?kind=nobody"):
        assert ticks(desk.open(f"/{hall.meeting}/rated{path}").text) == 4


@on_sqlite
def test_another_branch_and_a_leader_choose_nobody(app: Flask, house: House) -> None:
    hall = make_meeting(house, open_box=False)
    address = f"/desk/meetings/{hall.meeting}/rated"
    for login in ("leader", "other"):
        assert sit_down(app, house, login).client.get(address).status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


@on_sqlite
def test_a_committee_finds_its_branches_ticks_some_or_takes_all(app: Flask, house: House) -> None:
    hall = make_people(house, members=3)
    new = meetings.NewMeeting(hall.root, TODAY, "", Entry.SLIPS, [("群众代表", 12, 10)])
    at = f"/{meetings.create(house, new, by=hall.secretary, now=NOW)}"
    desk = sit_down(app, house, "secretary")
    first = desk.read(at)
    assert "先定评议哪些单位" in first and "开始评议" not in first and "人到齐了" not in first
    assert desk.open(f"{at}/open").status_code == HTTPStatus.OK, "it is asked first, and forbidden nothing"
    assert "选单位" in desk.read(f"{at}/rated")
    page = desk.read(f"{at}/rated/units")
    assert "找到 2 个单位" in page and "评找到的全部 2 个" in page
    assert "找到 1 个单位" in desk.read(f"{at}/rated/units?sector={Sector.SCHOOL}&kind=")
    sent = desk.send(f"{at}/rated/units", act="save", shown=[hall.other_branch], unit=[hall.other_branch], q="青山小学")
    assert sent.status_code == HTTPStatus.SEE_OTHER
    assert "青山小学党支部" in desk.read(f"{at}/rated") and "另外已经选定的，也要评：" in desk.read(f"{at}/rated/units?q=机修")
    desk.send(f"{at}/rated/units", act="all")
    said = desk.read(at)
    assert "2 个单位，6 名党员" in said and "选定要评的单位，共 2 个" in said
    asked = desk.read(f"{at}/open")
    assert "2 个单位" in asked and "机修车间党支部" in asked and "党员 6 位" in asked
    desk.send(f"{at}/rated", who="units")
    said = desk.read(at)
    assert "2 个单位，只评单位，不评党员" in said and "选定评议对象：只评单位，不评党员" in said
    desk.send(f"{at}/rated/units", act="own")
    said = desk.read(at)
    assert "选定只评一个单位" in said and "先定评议哪些单位" not in said, "whoever has answered is not asked again"


@on_sqlite
def test_a_committee_that_rates_itself_says_so_once_and_a_branch_is_not_asked(app: Flask, house: House) -> None:
    hall = make_people(house, members=3)
    desk = sit_down(app, house, "secretary")
    new = meetings.NewMeeting(hall.root, TODAY, "", Entry.SLIPS, [("群众代表", 12, 10)])
    at = f"/{meetings.create(house, new, by=hall.secretary, now=NOW)}"
    answer = desk.send(f"{at}/rated/units", act="itself")
    assert answer.location.endswith(at)
    assert "人到齐了，就开始评议" in desk.read(at)
    branch = meetings.create(house, replace(new, unit=hall.branch), by=hall.secretary, now=NOW)
    assert "先定评议哪些单位" not in desk.read(f"/{branch}")
