"""A meeting at the desk, from five fields to the result."""

import re

import pytest
from flask import Flask

from survey.actions import screens, staff
from survey.actions.house import House
from survey.domain.staff import StaffRole
from survey.store import meetings as kept
from survey.web.doors import now
from tests.conftest import NOW, PASSWORD, make_meeting, make_people
from tests.web.desk.desks_for_tests import (
    acts,
    codes_in,
    five_fields,
    groups,
    new_meeting,
    sit_down,
    words,
)


def test_five_fields_lead_to_an_open_meeting_and_on_to_its_result(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall)
    draft = desk.read(path)
    assert "机修车间党支部" in draft and "人到齐了，就开始评议" in draft

    asked = desk.read(f"{path}/open")
    assert "党员 4 位" in asked and "群众代表 实到 6 人" in asked and "固定" in asked
    opened = desk.send(f"{path}/open")
    scrutineer = re.search(r'name="scrutineer" value="(\w{12})"', opened.text)
    assert opened.status_code == 200 and scrutineer
    assert "打印 12 张票签" in desk.read(path)

    slips = desk.send(f"{path}/slips", group="all")
    codes = codes_in(slips.data)
    assert len(codes) == len(set(codes)) == 12
    assert "还有 12 张票没有收回" in desk.read(path)
    for code in codes[:10]:
        hall.vote(code)
    assert "还有 2 张票没有收回" in desk.read(path)

    assert "结束后手机不能再投" in desk.read(f"{path}/close")
    assert desk.send(f"{path}/close").status_code == 303
    assert "数一数没有发出的票签" in desk.read(path)
    meeting = groups(house, path)
    left = {f"left_{meeting[0]}": "0", f"left_{meeting[1]}": "2"}
    assert desk.send(f"{path}/leftovers", **left).status_code == 303
    assert "可以计票了" in desk.read(path)
    assert desk.send(f"{path}/count", scrutineer=scrutineer.group(1).lower()).status_code == 303

    done = desk.open(path)
    assert f'href="/board{path.replace("/", "/meetings/", 1)}"' in done.text
    assert "发出 10 收回 10" in words(done)
    assert desk.client.get(f"/board/meetings{path}").status_code == 200
    assert acts(house, path) == [
        "create", "open", "issue", "issue", "close", "leftovers", "count",
    ]  # fmt: skip


def test_the_form_offers_today_and_the_secretarys_own_unit(app: Flask, house: House) -> None:
    hall = make_people(house)
    staff.add(house, "own", name="支书", role=StaffRole.SECRETARY, unit=hall.branch, password=PASSWORD, now=NOW)
    page = sit_down(app, house, "own").open("/new").text
    assert f'<option value="{hall.branch}" selected>机修车间党支部（4 位党员）</option>' in page
    assert "青山小学党支部" not in page
    whole = sit_down(app, house, "secretary").open("/new").text
    assert '<option value="">请选择</option>' in whole and f'<option value="{hall.root}">青山镇党委</option>' in whole
    assert re.search(r'value="five_goods_five_leads" selected', whole)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unit": ""}, "请选择评议哪个单位。"),
        ({"unit": "9" * 30}, "请选择评议哪个单位。"),
        ({"day": "明天"}, "请填开会的日期"),
        ({"day": "0001-01-01"}, "请看看年份有没有填错。"),
        ({"place": "远" * 101}, "最多 100 个字。"),
        ({"title": "长" * 101}, "最多 100 个字。"),
        ({"entry": "shout"}, "请选择评议人怎么拿到评议票。"),
        ({"questionnaire": "none"}, "没有这份问卷，请重新选择。"),
        ({"group": [], "due": [], "present": []}, "请至少填一类评议人。"),
        ({"group": ["", "党员"]}, "有一类评议人没有写名称。"),
        ({"group": ["党员", "党员"]}, "“党员”写了两次，请合并成一行。"),
        ({"group": ["类" * 61, "党员"]}, "类别名称最多 60 个字。"),
        ({"due": ["5", "6"]}, "“群众代表”的实到不能多于应到，也不能是负数。"),
        ({"due": ["许多", "6"]}, "“群众代表”的人数要填 0 到 9999 的整数。"),
        ({"present": ["-1", "6"]}, "“群众代表”的人数要填 0 到 9999 的整数。"),
    ],
)
def test_a_field_that_cannot_be_used_says_so_and_keeps_what_was_typed(
    app: Flask, house: House, changes: dict[str, object], said: str
) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    answer = desk.send("/new", **five_fields(desk, hall, **{"place": "老食堂", **changes}))
    assert answer.status_code == 400
    assert said in words(answer)
    assert changes.get("place") or 'value="老食堂"' in answer.text
    with house.store.read() as db:
        assert kept.of_units(db, [hall.branch]) == ()


def test_full_width_digits_are_digits_and_present_may_stay_open(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, due=["１２", "6"], present=["", "6"])
    with house.store.read() as db:
        meeting = kept.get(db, int(path.strip("/")))
    assert [(group.due, group.present) for group in meeting.groups] == [(12, 0), (6, 6)]
    assert "“群众代表”实到 0 人" in desk.read(path)


def test_what_cannot_be_seen_is_not_kept(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, title="会\x00议\r\nX: y/z", place="楼\u202e上", group=["群众\x00代表", "党员"])
    with house.store.read() as db:
        meeting = kept.get(db, int(path.strip("/")))
    assert (meeting.title, meeting.place, meeting.groups[0].name) == ("会议  X: y/z", "楼上", "群众代表")
    poster = desk.open(f"{path}/poster")
    assert poster.status_code == 200 and "/" not in poster.headers["Content-Disposition"]


def test_rows_are_added_and_removed_without_a_script(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    more = desk.send("/new", **five_fields(desk, hall), add_row="1")
    assert more.status_code == 200
    assert more.text.count('name="group"') == 3 and 'value="二楼会议室"' in more.text
    less = desk.send("/new", **five_fields(desk, hall), remove_row="0")
    assert less.text.count('name="group"') == 1 and 'value="党员"' in less.text
    last = desk.send("/new", **five_fields(desk, hall, group=["党员"], due=[""], present=[""]), remove_row="0")
    assert last.text.count('name="group"') == 1


def test_a_draft_changes_its_groups_and_an_open_meeting_only_raises_them(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall)
    one = {"group": ["群众代表"], "due": ["9"], "present": ["7"]}
    assert desk.send(f"{path}/groups", **one).status_code == 303
    assert "加一类" in desk.read(f"{path}/groups")
    desk.send(f"{path}/open")
    assert "加一类" not in desk.read(f"{path}/groups")
    lower = desk.send(f"{path}/groups", **{**one, "present": ["6"]})
    assert lower.status_code == 400 and "“群众代表”的人数只能调高。" in words(lower)
    assert 'value="6"' in lower.text
    assert desk.send(f"{path}/groups", **{**one, "present": ["9"]}).status_code == 303
    assert "打印 9 张票签" in desk.read(path)


def test_the_list_says_what_came_back_also_after_the_count(app: Flask, house: House) -> None:
    hall = make_meeting(house, groups=(("群众代表", 8, 6),))
    for code in next(iter(hall.codes.values()))[:5]:
        hall.vote(code)
    desk = sit_down(app, house, "secretary")
    assert "5 / 6" in words(desk.client.get("/desk"))
    hall.close(dict.fromkeys(hall.codes, 1))
    hall.count()
    assert "5 / 6" in words(desk.client.get("/desk"))


def test_what_an_english_page_makes_keeps_its_chinese_names_and_each_reader_has_his_own(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    assert 'value="Public representatives"' in desk.open("/new?lang=en").text
    path = new_meeting(desk, hall, group=["Public representatives", "Panel of our own"], questionnaire="five_goods", entry="screen")
    with house.store.read() as db:
        meeting = kept.get(db, int(path.strip("/")))
    # The quarter is that of the day on which the test runs.
    found = re.fullmatch("机修车间党支部 ([0-9]{4}) 年第([一二三四])季度评议会", meeting.title)
    assert found
    english = f"valuation Q{'一二三四'.index(found.group(2)) + 1} {found.group(1)}"
    assert [group.name for group in meeting.groups] == ["群众代表", "Panel of our own"]
    page = desk.read(path)
    assert f"机修车间党支部, e{english}" in page and "Public representatives" in page and "群众代表" not in page
    assert 'value="Public representatives"' in desk.open(f"{path}/groups").text
    assert desk.send(f"{path}/open").status_code == 200
    wall = words(desk.open(f"{path}/screen"))
    assert f"E{english}" in wall and "评议会" not in wall
    door = f"/m/{meeting.door}/{screens.turn(house, meeting.door, now())}"
    taken = {tag: words(app.test_client().get(f"{door}?lang={tag}")) for tag in ("en", "zh")}
    assert f"e{english}" in taken["en"] and "Public representatives" in taken["en"] and "群众代表" not in taken["en"]
    assert meeting.title.removeprefix("机修车间党支部 ") in taken["zh"] and "群众代表" in taken["zh"] and "Panel of our own" in taken["zh"]
