"""The tree of units at the desk: pages that ask, forms that do, two who edit one unit, and what stays shut."""

import html
import re

from flask import Flask
from flask.testing import FlaskClient

from survey.actions import trees
from survey.actions.house import House
from survey.actions.trees import Ask
from survey.domain.staff import StaffRole
from survey.domain.units import Unit, UnitKind
from survey.store import units
from tests.conftest import NOW, TODAY, Hall, hire, make_meeting, make_people, person
from tests.web.desk.desks_for_tests import sit_down, words

NAUGHTY = ("", "长" * 10_000, "\u202e反", "零\u200b宽", "a\0b", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "'; DROP TABLE units;--", "%s %(x)s")


def client_of(app: Flask, house: House, login: str = "secretary") -> FlaskClient:
    return sit_down(app, house, login).client


def hidden(page: str) -> dict[str, str]:
    """The fields a form carries unseen."""
    return {name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}


def act(client: FlaskClient, path: str, **fields: str):
    """Look at the page that asks, then send its form."""
    shown = client.get(f"/desk/units{path}")
    assert shown.status_code == 200, words(shown)
    return client.post(f"/desk/units{path.partition('?')[0]}", data={**hidden(shown.text), **fields})


def unit_of(house: House, number: int) -> Unit:
    with house.store.read() as db:
        return units.get(db, number)


def grow(hall: Hall, n: int, parent: int, kind: UnitKind = UnitKind.BRANCH) -> list[int]:
    asked = Ask(person(hall.house, "secretary"), NOW, TODAY)
    return [trees.add(hall.house, Unit(0, parent, kind, f"分支{number:03}"), asked) for number in range(n)]


def test_a_unit_is_added_moved_closed_and_reopened_by_its_pages(app: Flask, house: House) -> None:
    hall = make_people(house)
    client = client_of(app, house)
    added = act(client, f"/{hall.root}/add", name="新支部", kind="branch", sector="school", code="9")
    assert added.status_code == 303
    page = client.get(added.location)
    new = int(re.search(r"/desk/units/(\d+)", added.location)[1])  # type: ignore[index]
    assert "已添加“新支部”。" in page.text and f"/desk/units/{hall.root}/add" in page.text and "中小学校" in page.text
    asking = words(client.get(f"/desk/units/{new}/move?to={hall.branch}"))
    assert "把“新支部”移到“机修车间党支部”下面" in asking and "连同 0 名党员" in asking
    moved = act(client, f"/{new}/move?to={hall.branch}")
    assert moved.status_code == 303 and unit_of(house, new).parent == hall.branch
    after = client.get(moved.location)
    assert "撤回这一步" in after.text
    undone = client.post("/desk/units/undo", data=hidden(after.text))
    assert undone.status_code == 303 and unit_of(house, new).parent == hall.root
    assert "撤回这一步" not in client.get(moved.location).text
    closed = act(client, f"/{new}/close")
    assert closed.status_code == 303 and "已撤销" in client.get(closed.location).text
    assert "新支部" not in client.get("/desk/units").text
    assert "新支部" in client.get("/desk/units?closed=1").text
    assert act(client, f"/{new}/reopen").status_code == 303 and not unit_of(house, new).is_closed


def test_merging_says_what_will_happen_and_can_be_taken_back(app: Flask, house: House) -> None:
    hall = make_people(house)
    client = client_of(app, house)
    asking = words(client.get(f"/desk/units/{hall.branch}/merge?to={hall.other_branch}"))
    assert "4 名党员从今天起属于“青山小学党支部”" in asking and "有 1 个账号只管“机修车间党支部”" in asking
    assert "0 个单位" not in asking, "what does not happen is not said"
    done = act(client, f"/{hall.branch}/merge?to={hall.other_branch}")
    page = client.get(done.location)
    assert "已并入：" in page.text and "撤回这一步" in page.text
    assert client.post("/desk/units/undo", data=hidden(page.text)).status_code == 303
    assert not unit_of(house, hall.branch).is_closed
    again = client.post("/desk/units/undo", data=hidden(page.text))
    assert again.status_code == 303 and "撤回这一步" not in client.get(again.location).text, "pressed twice, undone once"


def test_a_unit_with_people_or_meetings_says_what_is_in_the_way_and_what_to_do(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    client = client_of(app, house)
    page = client.get(f"/desk/units/{hall.branch}/close")
    text = words(page)
    assert "还有 4 名党员。请先把他们转到别的单位" in text and "有 1 场评议会没有结束" in text
    answer = client.post(f"/desk/units/{hall.branch}/close", data=hidden(page.text))
    assert answer.status_code == 409 and "还有 4 名党员，有 1 场评议会没有结束" in words(answer)
    merging = client.get(f"/desk/units/{hall.branch}/merge?to={hall.other_branch}")
    assert "没有结束" in words(merging)
    assert client.post(f"/desk/units/{hall.branch}/merge", data=hidden(merging.text)).status_code == 409
    assert not unit_of(house, hall.branch).is_closed


def test_the_second_of_two_secretaries_sees_both_and_loses_nothing(app: Flask, house: House) -> None:
    hall = make_people(house)
    first, second = client_of(app, house), client_of(app, house, "admin")
    path = f"/desk/units/{hall.branch}/edit"
    forms = [hidden(each.get(path).text) for each in (first, second)]
    typed = {"kind": "branch", "sector": "", "code": ""}
    assert first.post(path, data={**forms[0], **typed, "name": "甲写的"}).status_code == 303
    told = second.post(path, data={**forms[1], **typed, "name": "乙写的"})
    assert told.status_code == 409 and "甲写的" in told.text and 'value="乙写的"' in told.text
    assert "刚才有人改过" in told.text and unit_of(house, hall.branch).name == "甲写的"
    again = second.post(path, data={**hidden(told.text), **typed, "name": "乙写的"})
    assert again.status_code == 303 and unit_of(house, hall.branch).name == "乙写的"


def test_what_was_typed_stays_in_the_form_with_the_sentence_at_its_field(app: Flask, house: House) -> None:
    hall = make_people(house)
    client = client_of(app, house)
    twice = act(client, f"/{hall.root}/add", name="机修车间党支部", kind="branch", sector="school", code="K1")
    assert twice.status_code == 400 and "同一个上级下面的单位不能同名" in twice.text
    assert 'value="K1"' in twice.text and 'value="school" selected' in twice.text
    for fields in ({"kind": "?"}, {"sector": "?"}, {"name": ""}, {"code": "1" * 61}):
        answer = act(client, f"/{hall.root}/add", **{"name": "好", "kind": "branch", "sector": "", "code": "", **fields})
        assert answer.status_code == 400 and "aria-invalid" in answer.text, fields


def test_any_text_is_kept_or_refused_in_words(app: Flask, house: House) -> None:
    hall = make_people(house)
    client = client_of(app, house)
    for text in NAUGHTY:
        _take(client, hall, text)
    assert not unit_of(house, hall.branch).is_closed


def _take(client: FlaskClient, hall: Hall, text: str) -> None:
    for path, fields in ((f"/{hall.root}/add", ("name", "code")), (f"/{hall.branch}/edit", ("name", "code"))):
        for field in fields:
            answer = act(client, path, **{"name": "好", "kind": "branch", "sector": "", "code": "", field: text})
            assert answer.status_code in (303, 400), (path, field, answer.status)
    for query in ("q", "kind", "sector", "open", "from", "to", "done"):
        for path in ("", f"/{hall.branch}", f"/{hall.branch}/move"):
            short = client.get(f"/desk/units{path}", query_string={query: text[:300]})
            assert short.status_code in (200, 404), (path, query)
    for path in (f"/{hall.branch}/move", f"/{hall.branch}/merge", "/undo"):
        sent = client.post(f"/desk/units{path}", data={**hidden(client.get("/desk/units").text), "to": text[:99], "entry": text[:99], "seen": text})
        assert sent.status_code == 404


def test_what_lies_outside_does_not_exist_and_a_leader_changes_nothing(app: Flask, house: House) -> None:
    hall = make_people(house)
    hire(house, "below", "支部秘书", role=StaffRole.SECRETARY, unit=hall.branch)
    below, leader = client_of(app, house, "below"), client_of(app, house, "leader")
    token = hidden(below.get(f"/desk/units/{hall.branch}/edit").text)
    for verb in ("add", "edit", "move", "merge", "close", "reopen"):
        path = f"/desk/units/{hall.other_branch}/{verb}"
        assert below.get(path).status_code == 404 and below.post(path, data={**token, "to": str(hall.branch)}).status_code == 404
        assert leader.get(f"/desk/units/{hall.branch}/{verb}").status_code == 403
    assert "青山小学" not in below.get("/desk/units?q=青山").text
    assert "张三" not in below.get(f"/desk/units/{hall.branch}/move?q=青山").text
    own = below.get(f"/desk/units/{hall.branch}")
    assert "移动" not in own.text and "修改" in own.text
    closing = below.post(f"/desk/units/{hall.branch}/close", data={**token})
    assert closing.status_code == 409 and "最上面一级" in closing.text


def test_a_large_tree_is_folded_and_every_unit_can_be_reached(app: Flask, house: House) -> None:
    hall = make_people(house)
    made = grow(hall, 70, hall.root)
    deep = grow(hall, 2, made[65])
    client = client_of(app, house)
    page = client.get("/desk/units").text
    assert f'id="u{made[0]}"' in page and f'id="u{deep[0]}"' not in page and "后面还有" in page
    later = client.get(f"/desk/units?open={hall.root}&from=60").text
    assert f'id="u{made[65]}"' in later and "前面还有 60 个" in later
    opened = client.get(f"/desk/units?open={made[65]}").text
    assert f'id="u{deep[0]}"' in opened and f'id="u{made[65]}"' in opened
    found = client.get("/desk/units?q=分支00").text
    assert "查找结果" in found and "分支009" in found
    assert "只列出前" not in found


def test_a_tree_shown_whole_keeps_no_room_for_folding(app: Flask, house: House) -> None:
    hall = make_people(house)
    assert 'class="fold"' not in client_of(app, house).get("/desk/units").text
    grow(hall, 70, hall.root)
    assert 'class="fold"' in client_of(app, house).get("/desk/units").text


def test_units_are_sieved_by_kind_and_sector(app: Flask, house: House) -> None:
    hall = make_people(house)
    grow(hall, 1, hall.root, UnitKind.DEPARTMENT)
    client = client_of(app, house)
    departments = words(client.get("/desk/units?kind=department"))
    assert "分支000" in departments and "机修车间" not in departments
    schools = words(client.get("/desk/units?sector=school"))
    assert "青山小学" in schools and "机修车间" not in schools
