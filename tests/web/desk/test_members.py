"""Members at the desk: added, edited, moved, gone, back again, and every act taken back while nothing changed since."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.actions import meetings
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.domain.staff import StaffRole
from survey.domain.units import Member
from survey.store import members, units
from survey.store.tables import JournalRow
from survey.web.doors import today
from tests.conftest import NOW, TODAY, Hall, hire, make_people
from tests.web.desk.test_staff import log_in, token


@pytest.fixture
def hall(house: House) -> Hall:
    return make_people(house)


@pytest.fixture
def client(app: Flask, hall: Hall) -> FlaskClient:
    made = app.test_client()
    log_in(made, "secretary")
    return made


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    page = client.get("/desk/units/import").text
    return client.post(path, data={"csrf_token": token(page), **fields})


def people(house: House, unit: int) -> dict[str, Member]:
    with house.store.read() as db:
        return {member.name: member for member in members.of_units(db, [unit])}


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def this_day(app: Flask) -> date:
    with app.app_context():
        return today()


def test_a_member_is_added_edited_moved_leaves_and_comes_back(app: Flask, house: House, hall: Hall, client: FlaskClient) -> None:
    day = this_day(app)
    fields = {"name": "新 人", "kind": "retired", "position": "委员", "code": "A1", "since": "2020-03-01"}
    answer = send(client, f"/desk/members/in/{hall.branch}", **fields)
    assert answer.status_code == 303
    assert "已经把新 人加到“机修车间党支部”" in client.get(answer.location).text
    made = people(house, hall.branch)["新 人"]
    assert (made.kind, made.position, made.code, made.since) == ("retired", "委员", "A1", date(2020, 3, 1))
    here = f"/desk/members/{made.id}"
    form = client.get(f"{here}/edit").text
    answer = send(client, f"{here}/edit", name="新人", kind="leading", position="", code="A2", since="2020-03-02", seen=seen_on(form))
    assert "已经保存“新人”" in client.get(answer.location).text
    move = {"member": made.id, "unit": hall.other_branch, "day": day.isoformat()}
    shown = send(client, "/desk/members/move", **move).text
    assert "1 人转到“青山小学党支部”" in shown and "新人" in shown and made.id not in [m.id for m in people(house, hall.other_branch).values()]
    answer = send(client, "/desk/members/move", **move, sure="1")
    assert "新人已经转到“青山小学党支部”" in client.get(answer.location).text
    assert people(house, hall.other_branch)["新人"].since == day
    page = client.get(here).text
    assert "以前在哪里" in page and "2020-03-02" in page and "机修车间党支部" in page
    answer = send(client, f"{here}/leave", day=day.isoformat())
    assert "新人已经记为离开" in client.get(answer.location).text and "新人" not in people(house, hall.other_branch)
    assert "离开的 1 人" in client.get(f"/desk/units/{hall.other_branch}").text
    answer = send(client, f"{here}/back", unit=hall.branch, day=day.isoformat())
    assert "已经恢复，在“机修车间党支部”" in client.get(answer.location).text
    with house.store.read() as db:
        assert [(stay.unit, stay.since, stay.until) for stay in members.stays_of(db, made.id)] == [
            (hall.other_branch, day, day), (hall.branch, date(2020, 3, 2), day),
        ]  # fmt: skip


def test_every_act_is_taken_back_once_and_only_while_nothing_changed(app: Flask, house: House, hall: Hall, client: FlaskClient) -> None:
    day, before = this_day(app).isoformat(), everything(house)
    somebody = people(house, hall.branch)["李四"]
    here = f"/desk/members/{somebody.id}"
    edited = {"name": "李四四", "kind": "mobile", "position": "", "code": "9", "since": ""}
    for path, fields in (
        (f"/desk/members/in/{hall.branch}", {"name": "新人", "kind": "working"}),
        (f"{here}/edit", {**edited, "seen": seen_on(client.get(f"{here}/edit").text)}),
        ("/desk/members/move", {"member": [m.id for m in people(house, hall.branch).values()][1:3], "unit": hall.root, "day": day, "sure": "1"}),
        (f"{here}/leave", {"day": day}),
    ):
        answer = send(client, path, **fields)
        assert answer.status_code == 303 and everything(house) != before, path
        done = answer.location
        back = send(client, done)
        assert "已经撤回" in client.get(back.location).text and everything(house) == before, path
        assert send(client, done).status_code == 404, "once"
    done = send(client, f"{here}/leave", day=day).location
    again = send(client, f"{here}/back", unit=hall.root, day=day).location
    assert client.get(done).status_code == 404, "another act came after it"
    form = client.get(f"{here}/edit").text
    with house.store.write() as db:
        members.change(db, [Member(somebody.id, hall.branch, "李四")])
    refused = send(client, again)
    assert refused.status_code == 409 and "后来又改动过" in refused.text
    assert seen_on(form)


def everything(house: House) -> object:
    with house.store.read() as db:
        ids = [unit.id for unit in units.all_units(db)]
        found = sorted(members.everybody(db, ids), key=lambda member: member.id)
        return found, [members.stays_of(db, member.id) for member in found]


def test_of_two_who_edit_the_second_sees_both_and_loses_nothing(house: House, hall: Hall, client: FlaskClient) -> None:
    somebody = people(house, hall.branch)["李四"]
    here = f"/desk/members/{somebody.id}/edit"
    first = seen_on(client.get(here).text)
    fields = {"kind": "working", "position": "", "code": "", "since": ""}
    assert send(client, here, name="李四一", **fields, seen=first).status_code == 303
    answer = send(client, here, name="李四二", **fields, seen=first)
    assert answer.status_code == 409 and "刚才有别人改过" in answer.text
    assert "李四一" in answer.text and 'value="李四二"' in answer.text
    assert "李四一" in people(house, hall.branch)
    assert send(client, here, name="李四二", **fields, seen=seen_on(answer.text)).status_code == 303
    assert "李四二" in people(house, hall.branch)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "请填姓名"), ({"name": "１２"}, "请填姓名"), ({"name": "长" * 101}, "姓名太长"), ({"name": "张三"}, "已经有一位“张三”"),
        ({"kind": "alien"}, "没有这种类别"), ({"position": "长" * 101}, "职务太长"), ({"code": "9" * 61}, "编号太长"),
        ({"since": "3026-01-01"}, "还没有到"), ({"since": "1900-01-01"}, "太早了"), ({"since": "昨天"}, "请填日期"), ({"since": "2026-02-30"}, "请填日期"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_says_why_and_keeps_what_was_typed(
    house: House, hall: Hall, client: FlaskClient, fields: dict[str, str], said: str
) -> None:
    typed = {"name": "新人", "kind": "working", "position": "委员", "code": "", "since": "", **fields}
    answer = send(client, f"/desk/members/in/{hall.branch}", **typed)
    assert answer.status_code == 400 and said in answer.text
    assert all(f'value="{value}"' in answer.text for value in typed.values() if value and value != "alien")
    assert len(people(house, hall.branch)) == 4


def test_days_follow_each_other(app: Flask, house: House, hall: Hall, client: FlaskClient) -> None:
    send(client, f"/desk/members/in/{hall.branch}", name="新人", kind="working", since="2024-05-01")
    here = f"/desk/members/{people(house, hall.branch)['新人'].id}"
    for path, fields in (
        (f"{here}/leave", {}), ("/desk/members/move", {"member": here.rsplit("/", 1)[1], "unit": hall.root, "sure": "1"}),
    ):  # fmt: skip
        early = send(client, path, **fields, day="2024-04-30")
        assert early.status_code == 400 and "早于 2024-05-01" in early.text
        assert "还没有到" in send(client, path, **fields, day="2999-01-01").text
        assert "请填日期" in send(client, path, **fields, day="").text
    assert send(client, f"{here}/leave", day="2024-05-01").status_code == 303
    assert "早于 2024-05-01" in send(client, f"{here}/back", unit=hall.root, day="2024-04-01").text


def test_a_name_that_is_there_already_needs_codes_also_after_a_move(app: Flask, house: House, hall: Hall, client: FlaskClient) -> None:
    """张三 is in both branches and has no code."""
    somebody = people(house, hall.branch)["张三"]
    move = {"member": somebody.id, "unit": hall.other_branch, "day": this_day(app).isoformat(), "sure": "1"}
    answer = send(client, "/desk/members/move", **move)
    assert answer.status_code == 400 and "已经有一位“张三”" in answer.text
    assert people(house, hall.branch)["张三"] == somebody


def test_another_subtree_is_neither_seen_nor_reached(app: Flask, house: House, hall: Hall) -> None:
    """A secretary of the one branch, and the people of the other."""
    hire(house, "here", "本支部", role=StaffRole.SECRETARY, unit=hall.branch)
    client = app.test_client()
    log_in(client, "here")
    there, here = people(house, hall.other_branch)["张三"], people(house, hall.branch)["李四"]
    before = everything(house)
    for path in (f"/desk/members/{there.id}", f"/desk/members/{there.id}/edit", f"/desk/members/in/{hall.other_branch}"):
        assert client.get(path).status_code == 404, path
    for ids, unit in ((there.id, hall.branch), (here.id, hall.other_branch), ([here.id, there.id], hall.branch)):
        answer = send(client, "/desk/members/move", member=ids, unit=unit, day="2026-01-01", sure="1")
        assert answer.status_code == 400 and "青山小学" not in answer.text
    assert everything(house) == before
    assert client.get(f"/desk/members/{here.id}").status_code == 200


def test_the_journal_tells_what_was_done_to_the_list(house: House, hall: Hall, client: FlaskClient) -> None:
    done = send(client, f"/desk/members/in/{hall.branch}", name="新人", kind="working").location
    send(client, done)
    with house.store.read() as db:
        acts = db.execute(select(JournalRow.act).order_by(JournalRow.id.desc()).limit(2)).scalars().all()
    assert acts == ["undo", "member_add"]


def test_a_member_on_a_paper_is_not_taken_back(house: House, hall: Hall, client: FlaskClient) -> None:
    done = send(client, f"/desk/members/in/{hall.branch}", name="新人", kind="working").location
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, [("群众代表", 9, 9)])
    meeting = meetings.create(house, new, by=hall.secretary, now=NOW)
    meetings.open_box(house, meeting, by=hall.secretary, now=NOW)
    answer = send(client, done)
    assert answer.status_code == 409 and "已经上了评议票" in answer.text and "新人" in people(house, hall.branch)
