"""A round from its empty form to its meetings, as the office sees it."""

import re
from datetime import date, timedelta

from flask import Flask

from survey.actions import batches
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.domain.rounds import Scheme
from survey.domain.staff import StaffRole
from survey.store import meetings as kept
from survey.store import plans as kept_plans
from tests.conftest import NOW, Hall, hire, make_people, on_sqlite
from tests.rounds_for_tests import batch, plan_round
from tests.web.desk.desks_for_tests import Desk, sit_down, words

pytestmark = on_sqlite


def form(hall: Hall, **changes: object) -> dict[str, object]:
    """The form of a round as the page offers it."""
    return {
        "unit": hall.root, "period": "2026Q4", "name": "", "starts_on": "", "ends_on": "", "entry": "slips",
        "kind": ["branch", ""], "sector": ["school", ""], "questionnaire": ["school_five_goods", "five_goods_five_leads"],
        "group": ["群众代表", "党员"], "counting": ["number", "members"], "due": ["20", ""], **changes,
    }  # fmt: skip


def post(desk: Desk, path: str, **fields: object):
    return desk.client.post(f"/desk/rounds{path}", data={"csrf_token": desk.token(), **fields})


def a_desk(app: Flask, house: House) -> tuple[Hall, Desk]:
    hall = make_people(house)
    return hall, sit_down(app, house, "secretary")


def test_a_round_is_planned_and_its_meetings_are_made_from_the_preview(app: Flask, house: House) -> None:
    hall, desk = a_desk(app, house)
    answer = post(desk, "/new", **form(hall))
    assert answer.status_code == 303, words(answer)
    page = words(desk.client.get(answer.location))
    assert "2026 年第四季度评议" in page and "还有 2 个单位没有评议会" in page and "满意率 80% 起为满意" in page
    english = words(desk.client.get(f"{answer.location}?lang=en"))
    assert "2026 年第四季度评议" not in english and "Q4 2026" in english
    desk.client.get(f"{answer.location}?lang=zh")
    with house.store.read() as db:
        planned = kept_plans.get(db, int(answer.location.rsplit("/", 1)[1]))
    assert planned.scheme == Scheme(), "the rules are the usual ones until somebody says otherwise"
    preview = desk.client.get(f"{answer.location}/meetings")
    assert preview.text.count('name="unit"') == 2 and library()["school_five_goods"].title in words(preview)
    made = post(desk, f"/{planned.id}/meetings", unit=[hall.branch])
    assert made.status_code == 303
    page = words(desk.client.get(f"/desk/rounds/{planned.id}/meetings"))
    assert "还没有评议会的：1" in page
    post(desk, f"/{planned.id}/meetings", scope="all", kind="branch")
    assert "评议会都建好了" in words(desk.client.get(answer.location))
    with house.store.read() as db:
        (own,) = kept.of_units(db, [hall.other_branch])
    page = words(desk.open(f"/{own.id}"))
    assert "2026 年第四季度评议" in page and "日期和地点" in page


def test_a_form_that_cannot_be_is_shown_again_with_a_sentence_at_each_field(app: Flask, house: House) -> None:
    hall, desk = a_desk(app, house)
    for changes, said in (
        ({"period": "2031Q1"}, "请选择哪一期。"),
        ({"starts_on": "2026-12-30", "ends_on": "2026-12-01"}, "最后一天（2026-12-01）在头一天（2026-12-30）前面"),
        ({"ends_on": "下周"}, "这里要填一个日期"),
        ({"questionnaire": ["nothing", "five_goods_five_leads"]}, "没有这份问卷"),
        ({"questionnaire": ["needs", "five_goods_five_leads"]}, "没有这份问卷"),
        ({"group": ["党员", "党员"]}, "“党员”写了两次"),
        ({"due": ["一百", ""]}, "“群众代表”的人数要填 0 到 9999 的整数。"),
        ({"unit": "9999"}, "请选择由哪个单位来办。"),
        ({"kind": ["ministry", ""]}, "单位类型和领域请从列表中选"),
    ):
        answer = post(desk, "/new", **form(hall, name="冬天那一轮", **changes))
        assert answer.status_code == 400 and said in words(answer), (changes, words(answer))
        assert 'value="冬天那一轮"' in answer.text


def test_rows_are_added_taken_out_and_moved_without_losing_what_was_typed(app: Flask, house: House) -> None:
    hall, desk = a_desk(app, house)
    page = post(desk, "/new", **form(hall, raise_rule="1"))
    assert page.status_code == 200
    assert re.findall(r'value="(\w+)" selected>', page.text[page.text.index('id="rules"') :])[:2] == ["five_goods_five_leads", "branch"]
    assert post(desk, "/new", **form(hall, add_rule="1")).text.count('name="questionnaire"') == 3
    assert post(desk, "/new", **form(hall, remove_rule="0")).text.count('name="questionnaire"') == 1
    assert post(desk, "/new", **form(hall, remove_group="1")).text.count('name="group"') == 1


def picked(page: str) -> dict[str, bool]:
    """Units offered by name, and whether each is ticked."""
    return {name: bool(tick) for tick, name in re.findall(r'name="only" value="\d+"( checked)?><span><b>([^<]+)', page)}


def test_a_round_over_a_few_named_units_is_ticked_kept_and_runs_for_them_alone(app: Flask, house: House) -> None:
    hall, desk = a_desk(app, house)
    asked = form(hall, picks="some")
    first = desk.client.get("/desk/rounds/new").text
    assert 'name="picks" value="all" checked' in first and not any(picked(first).values())
    shown = [hall.root, hall.branch, hall.other_branch]
    page = post(desk, "/new", **asked, find_only="小学", find="1")
    assert page.status_code == 200 and picked(page.text) == {"青山小学党支部": False}
    page = post(desk, "/new", **asked, find_only="机修", sought="小学", only=[hall.other_branch], shown=[hall.other_branch])
    assert picked(page.text) == {"青山小学党支部": True, "机修车间党支部": False}, "Enter in the search looks, and plans nothing"
    assert all(picked(post(desk, "/new", **asked, only=[hall.branch], shown=shown, tick="all").text).values())
    assert not any(picked(post(desk, "/new", **asked, only=shown, shown=shown, tick="none").text).values())
    for sent, said in (
        ({"only": []}, "请给要评的单位打钩"),
        ({"only": [hall.branch, 99999]}, "已经不在办这一轮的单位下面"),
        ({"only": [hall.branch], "period": "2031Q1"}, "请选择哪一期。"),
    ):
        wrong = post(desk, "/new", **{**asked, **sent, "save": "1"})
        assert wrong.status_code == 400 and said in words(wrong)
        assert 'value="some" checked' in wrong.text and picked(wrong.text).get("机修车间党支部") == bool(sent["only"]), "kept"
    made = post(desk, "/new", **asked, only=[hall.branch], save="1").location
    page = words(desk.client.get(made))
    assert "还有 1 个单位没有评议会" in page and "哪些单位参加 机修车间党支部" in page
    post(desk, f"{made.removeprefix('/desk/rounds')}/meetings", scope="all")
    with house.store.read() as db:
        assert not kept.of_units(db, [hall.other_branch]) and len(kept.of_units(db, [hall.branch])) == 1
    assert picked(desk.client.get(f"{made}/edit").text) == {"机修车间党支部": True, "青山小学党支部": False, "青山镇党委": False}
    assert picked(desk.client.get(f"/desk/rounds/new?source={made.rsplit('/', 1)[1]}").text)["机修车间党支部"]
    post(desk, f"{made.removeprefix('/desk/rounds')}/edit", **asked, only=[hall.other_branch], save="1")
    assert "单位数 2" in words(desk.client.get(made)), "a meeting that is made is not lost sight of"


def test_in_the_preview_all_that_are_shown_are_unticked_at_once(app: Flask, house: House) -> None:
    hall, desk = a_desk(app, house)
    made = plan_round(house, hall.root, by=hall.secretary)
    for path, ticks in (("", 2), ("?ticks=none", 0), ("?ticks=none&q=小学", 0)):
        page = desk.client.get(f"/desk/rounds/{made}/meetings{path}").text
        assert len(re.findall(r'name="unit" value="\d+" checked', page)) == ticks and "全部去掉钩" in page


def test_the_next_round_is_filled_from_the_last(app: Flask, house: House) -> None:
    hall, desk = a_desk(app, house)
    made = plan_round(house, hall.root, by=hall.secretary)
    page = desk.client.get(f"/desk/rounds/new?source={made}")
    assert 'value="2026Q4" selected' in page.text and f'name="source" value="{made}"' in page.text
    assert 'value="群众代表"' in page.text and 'name="due" value="20"' in page.text
    answer = post(desk, "/new", **form(hall, source=made, questionnaire=["q1", "q1"]))
    assert answer.status_code == 303
    with house.store.read() as db:
        again = kept_plans.get(db, int(answer.location.rsplit("/", 1)[1]))
        before = kept_plans.get(db, made)
    assert {rule.questionnaire for rule in again.plan.rules} == {before.plan.rules[0].questionnaire}
    assert again.starts_on.isoformat() == "2026-10-01" and again.ends_on.isoformat() == "2026-12-31"


def test_a_branch_sees_the_round_it_is_in_and_changes_nothing_of_it(app: Flask, house: House) -> None:
    hall, _desk = a_desk(app, house)
    made = plan_round(house, hall.root, by=hall.secretary)
    hire(house, "branch", "小周", role=StaffRole.SECRETARY, unit=hall.branch)
    desk = sit_down(app, house, "branch")
    assert "2026 年第三季度评议" in words(desk.client.get("/desk/rounds"))
    page = desk.client.get(f"/desk/rounds/{made}")
    assert page.status_code == 200 and "建评议会" not in page.text and "修改轮次" not in page.text
    for path in ("edit", "meetings", "take-back"):
        assert desk.client.get(f"/desk/rounds/{made}/{path}").status_code == 404
        assert post(desk, f"/{made}/{path}", **form(hall)).status_code == 404
    elsewhere = plan_round(house, hall.other_branch, by=hall.secretary)
    assert desk.client.get(f"/desk/rounds/{elsewhere}").status_code == 404


def test_what_is_made_by_mistake_is_taken_back_after_a_page_with_numbers(app: Flask, house: House) -> None:
    hall, desk = a_desk(app, house)
    made = plan_round(house, hall.root, by=hall.secretary)
    post(desk, f"/{made}/meetings", scope="all")
    assert "收回这 2 场" in words(desk.client.get(f"/desk/rounds/{made}/take-back"))
    assert post(desk, f"/{made}/take-back").status_code == 303
    assert "还有 2 个单位没有评议会" in words(desk.client.get(f"/desk/rounds/{made}"))
    assert "没有可以收回的评议会" in words(desk.client.get(f"/desk/rounds/{made}/take-back"))


def test_the_first_page_says_which_round_runs_until_when_and_leads_to_ones_own_meeting(app: Flask, house: House) -> None:
    hall, _desk = a_desk(app, house)
    first, last = date.today() - timedelta(days=40), date.today() - timedelta(days=2)
    made = plan_round(house, hall.root, by=hall.secretary, days=(first, last))
    plan_round(house, hall.root, by=hall.secretary, name="早就过了的一轮", days=(first, last - timedelta(days=31)))
    plan_round(house, hall.root, by=hall.secretary, name="只评小学的一轮", days=(first, last), only=[hall.other_branch])
    batches.make(house, made, batch(hall.root), by=hall.secretary, now=NOW)
    hire(house, "branch", "小周", role=StaffRole.SECRETARY, unit=hall.branch)
    with house.store.read() as db:
        (own,) = kept.of_units(db, [hall.branch])
    page = sit_down(app, house, "branch").client.get("/desk")
    assert "2026 年第三季度评议" in words(page) and last.isoformat() in page.text and "早就过了的一轮" not in page.text
    assert "只评小学的一轮" not in page.text, "it is not for this branch"
    assert "只评小学的一轮" in words(sit_down(app, house, "secretary").client.get("/desk"))
    assert f'href="/desk/meetings/{own.id}">准备</a>' in page.text and "逾期" in words(page)
