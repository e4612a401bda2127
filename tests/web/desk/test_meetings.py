"""A meeting at the desk, from five fields to the result."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from survey.actions import meetings, screens, staff, units
from survey.actions.house import House
from survey.domain.meetings import Entry, Stage
from survey.domain.staff import StaffRole
from survey.domain.units import Unit, UnitKind
from survey.store import journal
from survey.store import meetings as kept
from tests.conftest import NOW, PASSWORD, Hall, make_meeting, make_people
from tests.web.desk.desks_for_tests import Desk, codes_in, sit_down, words

TWO_GROUPS = {"group": ["群众代表", "党员"], "due": ["8", "6"], "present": ["6", "6"]}


def new_meeting(desk: Desk, hall: Hall, **changes: object) -> str:
    """Fill the five fields; the path of the new meeting."""
    answer = desk.send("/new", **five_fields(desk, hall, **changes))
    assert answer.status_code == 303, words(answer)
    return answer.location.removeprefix("/desk/meetings")


def five_fields(desk: Desk, hall: Hall, **changes: object) -> dict[str, object]:
    """The form as the page offers it, with unit, place and groups filled."""
    page = desk.open("/new").text
    day = re.search(r'name="day" value="([^"]+)"', page)
    chosen = re.search(r'<option value="(\w+)" selected>', page[page.index('name="questionnaire"') :])
    assert day and chosen
    return {
        "unit": hall.branch,
        "day": day.group(1),
        "place": "二楼会议室",
        "entry": "slips",
        "questionnaire": chosen.group(1),
        "title": "",
        **TWO_GROUPS,
        **changes,
    }


def stage(house: House, path: str) -> Stage:
    with house.store.read() as db:
        return kept.get(db, int(path.strip("/"))).stage


def test_five_fields_lead_to_an_open_meeting_and_on_to_its_result(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall)
    draft = desk.read(path)
    assert "机修车间党支部" in draft and "人到齐了，就开始评议" in draft

    asked = desk.read(f"{path}/open")
    assert "党员 4 位" in asked and "群众代表 实到 6 人" in asked and "固定" in asked
    opened = desk.send(f"{path}/open")
    scrutineer = re.search(r'name="code" value="(\w{12})"', opened.text)
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


def groups(house: House, path: str) -> list[int]:
    with house.store.read() as db:
        return [group.id for group in kept.get(db, int(path.strip("/"))).groups]


def acts(house: House, path: str) -> list[str]:
    with house.store.read() as db:
        return [entry.act for entry in journal.of_meeting(db, int(path.strip("/")))]


def test_the_form_offers_today_and_the_secretarys_own_unit(app: Flask, house: House) -> None:
    hall = make_people(house)
    staff.add(house, "own", name="支书", role=StaffRole.SECRETARY, unit=hall.branch, password=PASSWORD, now=NOW)
    page = sit_down(app, house, "own").open("/new").text
    assert f'<option value="{hall.branch}" selected>机修车间党支部（4 位党员）</option>' in page
    assert "青山小学党支部" not in page
    whole = sit_down(app, house, "secretary").open("/new").text
    assert '<option value="">请选择</option>' in whole and ">青山镇党委" not in whole
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


def test_too_few_people_are_told_before_and_at_the_door(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, present=["4", "6"])
    assert "“群众代表”实到 4 人，不到 5 人" in desk.read(path)
    asked = desk.open(f"{path}/open")
    assert "请把它和别的类别合并成一类" in words(asked) and '<button class="button seal">' not in asked.text
    forced = desk.send(f"{path}/open")
    assert forced.status_code == 409 and "请把它和别的类别合并成一类" in words(forced)
    assert stage(house, path) is Stage.DRAFT


def test_a_questionnaire_that_fits_nobody_says_so_instead_of_opening(app: Flask, house: House) -> None:
    hall = make_people(house)
    empty = units.found(house, Unit(0, hall.root, UnitKind.BRANCH, "新建支部"), now=NOW)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, unit=empty, questionnaire="five_leads")
    assert "这个单位还没有党员名单" in desk.read(f"{path}/open")
    assert desk.send(f"{path}/open").status_code == 409
    assert stage(house, path) is Stage.DRAFT


def test_opening_twice_says_where_the_scrutineers_slip_was(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    answer = sit_down(app, house, "secretary").send(f"/{hall.meeting}/open")
    assert answer.status_code == 409
    assert "监票签在开始时只给一次" in words(answer)
    assert f'href="/desk/meetings/{hall.meeting}"' in answer.text


@pytest.mark.parametrize("act", ["close", "count", "reopen", "draft", "void", "leftovers", "slips", "links", "groups"])
def test_an_act_at_the_wrong_stage_changes_nothing_and_leads_back(app: Flask, house: House, act: str) -> None:
    hall = make_meeting(house)
    for codes in hall.codes.values():
        for code in codes:
            hall.vote(code)
    hall.close()
    hall.count()
    answer = sit_down(app, house, "secretary").send(f"/{hall.meeting}/{act}", reason="试一试", **TWO_GROUPS)
    assert answer.status_code == 409
    assert "这场评议会现在是“已计票”" in words(answer)
    assert f'href="/desk/meetings/{hall.meeting}"' in answer.text
    assert stage(house, f"/{hall.meeting}") is Stage.COUNTED


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
        path = rule.replace("<int:meeting_id>", str(hall.meeting)).replace(
            "<int:group_id>", str(next(iter(hall.codes)))
        )
        if method == "POST":
            assert desk.client.post(path).status_code == 400, path
        else:
            away = app.test_client().get(path)
            assert away.status_code == 303 and away.location.startswith("/desk/login"), path
    assert acts(house, f"/{hall.meeting}") == before


@pytest.mark.parametrize("entry", list(Entry))
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


def test_voiding_says_what_it_destroys_and_keeps_the_reason(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    hall.vote(next(iter(hall.codes.values()))[0])
    asked = desk.read(f"/{hall.meeting}/void")
    assert "票箱里的 1 张票" in asked and "做出的 12 张票签" in asked and "打开票箱的钥匙" in asked
    no_reason = desk.send(f"/{hall.meeting}/void", reason=" ", scrutineer=hall.scrutineer)
    assert no_reason.status_code == 400 and "请写明作废的原因。" in words(no_reason)
    alone = desk.send(f"/{hall.meeting}/void", reason="发错了票签", scrutineer="0000-0000-0000")
    assert alone.status_code == 403 and "发错了票签" in alone.text
    assert stage(house, f"/{hall.meeting}") is Stage.OPEN
    assert desk.send(f"/{hall.meeting}/void", reason="发错了票签", scrutineer=hall.scrutineer).status_code == 303
    page = desk.read(f"/{hall.meeting}")
    assert "这场评议会已经作废" in page and "作废这场评议会：发错了票签" in page


def test_going_back_to_the_draft_works_until_somebody_voted(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    assert "已经做出的 12 张票签全部作废" in desk.read(f"/{hall.meeting}/draft")
    assert desk.send(f"/{hall.meeting}/draft").status_code == 303
    assert stage(house, f"/{hall.meeting}") is Stage.DRAFT
    desk.send(f"/{hall.meeting}/open")
    code = codes_in(desk.send(f"/{hall.meeting}/slips", group="all").data)[0]
    hall.vote(code)
    assert "已经收回 1 张" in desk.read(f"/{hall.meeting}/draft", 409)
    refused = desk.send(f"/{hall.meeting}/draft")
    assert refused.status_code == 409 and "票箱里已经有票" in words(refused)


def test_with_one_officer_there_is_no_scrutineer_to_ask(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, one_officer="1")
    assert desk.send(f"{path}/open").status_code == 303
    for code in codes_in(desk.send(f"{path}/slips", group="all").data):
        hall.vote(code)
    assert "票都收回了" in desk.read(path)
    desk.send(f"{path}/close")
    desk.send(f"{path}/leftovers", **{f"left_{group}": "0" for group in groups(house, path)})
    assert "监票码" not in desk.read(f"{path}/count")
    assert desk.send(f"{path}/count").status_code == 303
    assert stage(house, path) is Stage.COUNTED


def test_the_journal_at_the_foot_speaks_chinese_and_local_time(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    page = sit_down(app, house, "secretary").read(f"/{hall.meeting}")
    # NOW is 06:00 UTC; the meeting is in Shanghai.
    assert "2026-09-18 14:00开始评议，实到 12 人 李秘书" in page
    assert "做出“群众代表”票签 6 张" in page and "新建评议会" in page


def test_a_page_asks_as_often_for_thirty_groups_as_for_one(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    one = new_meeting(desk, hall, group=["党员"], due=["6"], present=["6"])
    names = [f"第 {n} 类" for n in range(30)]
    many = new_meeting(desk, hall, group=names, due=["6"] * 30, present=["6"] * 30)
    asked = [_statements(lambda path=path: desk.read(path)) for path in (one, many)]
    assert asked[0] == asked[1] <= 12


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
