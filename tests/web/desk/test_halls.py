"""Every address of a meeting: whose it is, what it never tells, how often it asks."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from survey.actions import meetings, screens, staff
from survey.actions.house import House
from survey.domain.meetings import Entry, Stage
from survey.domain.staff import StaffRole
from survey.store import meetings as kept
from tests.conftest import NOW, PASSWORD, Hall, make_meeting, make_people
from tests.web.desk.desks_for_tests import (
    Desk,
    acts,
    groups,
    new_meeting,
    sit_down,
    stage,
    words,
)


def meeting_rules(app: Flask) -> list[tuple[str, str]]:
    """Every address of one meeting, with each way to ask for it."""
    return sorted(
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk/meetings/<int:meeting_id>")
        for method in rule.methods & {"GET", "POST"}
    )


def ask(desk: Desk, method: str, rule: str, meeting: int, group: int) -> int:
    path = rule.replace("<int:meeting_id>", str(meeting)).replace("<int:group_id>", str(group))
    if method == "GET":
        return desk.client.get(path).status_code
    return desk.client.post(path, data={"csrf_token": desk.token(), "group": group}).status_code


def test_a_meeting_of_another_subtree_is_not_there_on_any_address(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    staff.add(house, "far", name="远", role=StaffRole.SECRETARY, unit=hall.other_branch, password=PASSWORD, now=NOW)
    far = sit_down(app, house, "far")
    group = next(iter(hall.codes))
    rules = meeting_rules(app)
    assert len(rules) >= 25
    assert {(rule, ask(far, *rule, hall.meeting, group)) for rule in rules} == {(rule, 404) for rule in rules}
    assert {ask(far, *rule, 10**12, group) for rule in rules} == {404}
    assert stage(house, f"/{hall.meeting}") is Stage.OPEN


def test_a_leader_is_told_that_his_account_cannot_do_this(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    leader = sit_down(app, house, "leader")
    page = leader.client.get(f"/desk/meetings/{hall.meeting}")
    assert page.status_code == 403 and "您的账号不能做这一步" in words(page)
    for method, rule in meeting_rules(app):
        if method == "GET":
            assert ask(leader, method, rule, hall.meeting, 1) == 403


def test_no_form_works_without_its_token_or_a_login(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    before = acts(house, f"/{hall.meeting}")
    for method, rule in meeting_rules(app):
        path = rule.replace("<int:meeting_id>", str(hall.meeting)).replace("<int:number>", "1")
        path = path.replace("<int:group_id>", str(next(iter(hall.codes))))
        if method == "POST":
            assert desk.client.post(path).status_code == 400, path
        else:
            away = app.test_client().get(path)
            assert away.status_code == 303 and away.location.startswith("/desk/login"), path
    assert acts(house, f"/{hall.meeting}") == before


@pytest.mark.parametrize("entry", [Entry.SLIPS, Entry.SCREEN])
def test_before_the_count_no_page_tells_what_a_group_returned(app: Flask, house: House, entry: Entry) -> None:
    sizes = (("群众代表", 31, 23), ("党员", 29, 17))
    hall = make_meeting(house, groups=sizes, entry=entry, members=2)
    desk = sit_down(app, house, "secretary")
    cast = dict(zip(groups(house, f"/{hall.meeting}"), (19, 13), strict=True))
    for group, n in cast.items():
        _vote(hall, group, n)
    told = []
    for _ in range(2):
        for method, rule in meeting_rules(app):
            if method == "GET":
                path = rule.replace("<int:meeting_id>", str(hall.meeting)).replace("<int:group_id>", str(group))
                page = desk.client.get(path)
                if page.mimetype == "application/pdf":
                    continue
                text = page.text if page.is_json else words(page)
                told += [
                    (path, text) for n in ("19", "13") if re.search(rf"(?<![\d:.-]){n}(?![\d:-])", _no_times(text))
                ]
        assert f'"returned":{19 + 13}' in desk.open(f"/{hall.meeting}/box").text.replace(" ", "")
        if stage(house, f"/{hall.meeting}") is Stage.OPEN:
            meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    assert told == []


def _no_times(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d|\d+ 月 \d+ 日|\d+ 秒后|\"(?:path|seconds|size)\":[^,}]*", "", text)


def _vote(hall: Hall, group: int, n: int) -> None:
    """So many people of a group vote, each by the way of this meeting."""
    with hall.house.store.read() as db:
        meeting = kept.get(db, hall.meeting)
    if meeting.entry is Entry.SLIPS:
        codes = hall.codes[group][:n]
    else:
        mark = screens.turn(hall.house, meeting.door, NOW)
        codes = [screens.take(hall.house, meeting.door, mark, group, now=NOW) for _ in range(n)]
    for code in codes:
        hall.vote(code)


def test_the_journal_at_the_foot_speaks_chinese_and_local_time(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    page = sit_down(app, house, "secretary").read(f"/{hall.meeting}")
    # NOW is 06:00 UTC; the meeting is in Shanghai.
    assert "2026-09-18 14:00开始评议，实到 12 人 · 李秘书" in page
    assert "做出“群众代表”票签 6 张" in page and "新建评议会" in page


def test_a_page_asks_as_often_for_thirty_groups_as_for_one(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    one = new_meeting(desk, hall, group=["党员"], due=["6"], present=["6"])
    names = [f"第 {n} 类" for n in range(30)]
    many = new_meeting(desk, hall, group=names, due=["6"] * 30, present=["6"] * 30)
    asked = [_statements(lambda path=path: desk.read(path)) for path in (one, many)]
    assert asked[0] == asked[1] <= 10


def _statements(act: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)
