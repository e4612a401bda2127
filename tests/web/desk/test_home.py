"""The list of meetings on the first page: by pages, those under way first, found by unit, title and stage."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import insert, update

from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.domain.meetings import Entry, Stage
from survey.domain.staff import StaffRole
from survey.store.tables import GroupRow, MeetingRow
from survey.web.desk.home import ON_A_PAGE
from tests.conftest import TODAY, Hall, hire, make_meeting
from tests.web.desk.desks_for_tests import sit_down, words
from tests.web.desk.test_sizes import longest


def hold(house: House, hall: Hall, n: int) -> None:
    """So many drafts of the other branch, each a day older, and the last of them under way."""
    with house.store.write() as db:
        row = {"round_id": 1, "questionnaire_id": 1, "unit_id": hall.other_branch, "place": "", "entry": Entry.SLIPS.value, "one_officer": True, "is_survey": False}
        stages = [Stage.DRAFT] * (n - 1) + [Stage.CLOSED]
        db.execute(insert(MeetingRow), [
            {**row, "id": 1000 + i, "title": f"第{i}场", "door": f"{i:032x}", "held_on": TODAY - timedelta(days=i), "stage": stage.value}
            for i, stage in enumerate(stages)
        ])  # fmt: skip
        group = {"place": 0, "name": "群众代表", "due": 9, "present": 9}
        db.execute(insert(GroupRow), [{**group, "meeting_id": 1000 + i} for i in range(n)])


def test_the_list_comes_by_pages_and_is_found_in(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    hold(house, hall, 2 * ON_A_PAGE)
    hire(house, "narrow", "小周", role=StaffRole.SECRETARY, unit=hall.branch)
    client = sit_down(app, house, "secretary").client

    def titles(address: str) -> list[str]:
        return re.findall(r'<a href="/desk/meetings/\d+">([^<]+)</a>', client.get(address).text)

    with longest() as sent:
        first = titles("/desk")
    assert sum(not statement.startswith("BEGIN") for _n, statement in sent) <= 10, sent
    own, last = "机修车间党支部第三季度评议会", f"第{2 * ON_A_PAGE - 1}场"
    assert first == [own, last, *(f"第{i}场" for i in range(ON_A_PAGE - 2))], "what is under way stands first"
    assert titles("/desk?page=3") == [f"第{2 * ON_A_PAGE - 2}场"] == titles("/desk?page=999")
    assert titles("/desk?stage=closed") == [last] and titles("/desk?q=机修") == [own] == titles("/desk?q=第三季度")
    assert len(titles("/desk?q=青山小学&stage=draft")) == ON_A_PAGE and "找到 99 场" in words(client.get("/desk?q=青山小学&stage=draft"))
    for odd in ("q=%25", "q=%00", "q=" + "长" * 300, "stage=x", "page=x", "page=-1", "page=" + "9" * 40):
        assert client.get(f"/desk?{odd}").status_code == 200, odd
    form = library()["five_goods_five_leads"].title
    assert form not in client.get("/desk").text
    with house.store.write() as db:
        db.execute(update(MeetingRow).where(MeetingRow.id == 1001).values(title="第0场"))
    with longest() as sent:
        assert client.get("/desk").text.count(f'第0场</a> <span class="quiet">{form}</span>') == 2, "two of one name are told apart"
    assert sum(not statement.startswith("BEGIN") for _n, statement in sent) <= 10, sent
    assert "没有找到" in client.get("/desk?q=%25").text
    narrow = sit_down(app, house, "narrow").client.get("/desk").text
    assert own in narrow and last not in narrow
