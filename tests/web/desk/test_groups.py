"""Groups before the first slip: merged when too few, weighed against each other."""

import re

from flask import Flask

from survey.actions.house import House
from survey.domain.staff import StaffRole
from survey.store import meetings as kept
from survey.store import rounds
from tests.conftest import hire, make_people, on_sqlite
from tests.web.desk.desks_for_tests import Desk, acts, groups, new_meeting, sit_down, words

THREE = {"group": ["群众代表", "党员", "服务对象"], "due": ["9", "4", "7"], "present": ["9", "3", "7"]}


def weights_of(house: House, path: str) -> dict[str, int]:
    with house.store.read() as db:
        return dict(rounds.get(db, kept.get(db, int(path.strip("/"))).round).scheme.weights)


def merge(desk: Desk, path: str, few: int, into: int):
    return desk.send(f"{path}/merge", group=few, into=into)


@on_sqlite
def test_nobody_writes_the_rules_of_units_beyond_his_own(app: Flask, house: House) -> None:
    """Guards: the units of the round in actions.groups.weigh: one that nobody planned is shared by all who meet in its months."""
    hall = make_people(house)
    hire(house, "clerk", "支部秘书", role=StaffRole.SECRETARY, unit=hall.branch)
    above, clerk = sit_down(app, house, "secretary"), sit_down(app, house, "clerk")
    path = new_meeting(clerk, hall)
    assert clerk.send(f"{path}/weights", weight_0="60", weight_1="40").status_code == 303
    other = new_meeting(above, hall, unit=hall.other_branch)
    before = weights_of(house, other)
    assert before == weights_of(house, path) and before
    refused = clerk.send(f"{path}/weights", quorum="half", none="1")
    assert refused.status_code == 400 and "还有您管不到的单位的评议会" in words(refused)
    assert weights_of(house, other) == before
    assert above.send(f"{other}/weights", none="1").status_code == 303 and not weights_of(house, path)


def test_a_group_of_three_is_merged_with_one_click_and_the_meeting_opens(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, **THREE)
    first, few, small = groups(house, path)
    page = desk.open(path)
    assert "把“党员”（实到 3 人）并入" in page.text
    assert page.text.index(f'<option value="{small}">') < page.text.index(f'<option value="{first}">'), "the smallest first"
    assert merge(desk, path, few, small).status_code == 303
    with house.store.read() as db:
        found = kept.get(db, int(path.strip("/"))).groups
    assert [(g.name, g.due, g.present) for g in found] == [("群众代表", 9, 9), ("服务对象 + 党员", 11, 10)]
    assert "merge_groups" in acts(house, path) and "合并成一类：服务对象 + 党员" in desk.read(path)
    assert "监票签" in words(desk.send(f"{path}/open"))


def test_groups_that_are_not_there_or_one_are_not_merged(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, **THREE)
    first, few, _ = groups(house, path)
    for one, other in ((few, few), (few, 99999), ("x", first), ("", "")):
        answer = merge(desk, path, one, other)  # type: ignore[arg-type]
        assert answer.status_code == 400 and "刷新后再选" in words(answer)
    assert len(groups(house, path)) == 3


def test_names_too_long_together_are_refused_with_a_way_out(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, **(THREE | {"group": ["群" * 40, "党" * 40, "服务对象"]}))
    first, few, _ = groups(house, path)
    answer = merge(desk, path, few, first)
    assert answer.status_code == 400 and "另起一个短的名称" in words(answer)


def test_after_the_opening_nothing_is_merged(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall)
    first, second = groups(house, path)
    desk.send(f"{path}/open")
    assert merge(desk, path, second, first).status_code == 409
    assert groups(house, path) == [first, second]


def test_weights_are_kept_shown_changed_and_taken_back(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall)
    assert "不加权" in desk.read(path)
    assert desk.send(f"{path}/weights", weight_0="６０", weight_1="40").status_code == 303
    assert weights_of(house, path) == {"群众代表": 60, "党员": 40}
    assert "群众代表 60，党员 40" in desk.read(path) and "定权重：群众代表 60，党员 40" in desk.read(path)
    assert 'value="60"' in desk.open(f"{path}/weights").text
    assert desk.send(f"{path}/weights", weight_0="60", weight_1="40", none="1").status_code == 303
    assert weights_of(house, path) == {}
    assert desk.send(f"{path}/weights", spoil="form").status_code == 303
    assert re.search(r'value="form" checked', desk.open(f"{path}/weights").text)
    assert "整张无效" in desk.read(path)
    desk.send(f"{path}/weights", weight_0="60", weight_1="40")
    assert re.search(r'value="form" checked', desk.open(f"{path}/weights").text)


def test_weights_that_cannot_be_are_told_and_what_was_typed_stays(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall)
    for typed, said in (("六十", "“党员”的权重要填 0 到 100 的整数"), ("101", "“党员”的权重"), ("-5", "“党员”的权重"), ("4.5", "“党员”的权重")):
        answer = desk.send(f"{path}/weights", weight_0="60", weight_1=typed)
        assert answer.status_code == 400 and said in words(answer)
        assert f'value="{typed}"' in answer.text and 'value="60"' in answer.text
    assert "至少有一类的权重要大于 0" in words(desk.send(f"{path}/weights", weight_0="0", weight_1="0"))
    assert weights_of(house, path) == {}


def test_weights_are_frozen_by_the_first_opening_of_the_round_and_hold_for_its_next_meeting(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall)
    desk.send(f"{path}/weights", weight_0="60", weight_1="40")
    desk.send(f"{path}/open")
    other = new_meeting(desk, hall, unit=hall.other_branch, group=["群众代表", "来客"])
    answer = desk.send(f"{other}/weights", weight_0="10", weight_1="90")
    assert answer.status_code == 400 and "权重不能再改" in words(answer)
    assert weights_of(house, path) == {"群众代表": 60, "党员": 40}
    refused = desk.send(f"{other}/open")
    assert refused.status_code == 409 and "没有“来客”" in words(refused)
    first, second = groups(house, other)
    assert merge(desk, other, second, first).status_code == 303
    assert "监票签" in words(desk.send(f"{other}/open"))


def test_a_leader_and_another_unit_find_none_of_it(app: Flask, house: House) -> None:
    hall = make_people(house)
    path = new_meeting(sit_down(app, house, "secretary"), hall)
    leader = sit_down(app, house, "leader")
    assert leader.open(f"{path}/weights").status_code in (403, 404)
    assert weights_of(house, path) == {}
