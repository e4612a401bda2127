"""The rules of a round: tried, saved as versions, frozen; taken from elsewhere; what is odd in them; tried on what is published."""

import re

from flask import Flask
from sqlalchemy import insert, update
from werkzeug.test import TestResponse

from survey.actions import plans, schemes
from survey.actions.house import House
from survey.domain.plans import Invited
from survey.domain.roll_ups import RollUp
from survey.domain.rounds import Base, Scheme, SpoilRule
from survey.domain.scheme_parts import Source, Validity
from survey.domain.staff import StaffRole
from survey.office.scheme_trials import Evidence, answers_of
from survey.store import plans as kept_plans
from survey.store import publications
from survey.store import schemes as kept
from survey.store.office_tables import UnitRow
from survey.web.desk.scheme_grounds import Basis, known
from survey.web.desk.scheme_lint import advice
from tests.attacks.forms import forms
from tests.conftest import NOW, Hall, hire, make_people, on_sqlite
from tests.publications_for_tests import read
from tests.rounds_for_tests import plan_round
from tests.townships_for_tests import Township, published
from tests.web.desk.desks_for_tests import Desk, sit_down, words

pytestmark = on_sqlite
GROUPS = ("群众代表", "党员")


class Page:
    """The page of the rules of one round, as a browser without scripts has it."""

    def __init__(self, desk: Desk, round_id: int, *, query: str = "") -> None:
        self.desk, self.path = desk, f"/desk/rounds/{round_id}/scheme"
        self.page = desk.client.get(f"{self.path}{query}")
        assert self.page.status_code == 200, words(self.page)

    def send(self, button: str, **typed: object) -> TestResponse:
        (form,) = (each for each in forms(self.page.text, self.path) if "satisfied_at" in each.names())
        # Of one choice the last that is found is the one that is made.
        chosen = {each.name: each.value for each in form.fields if each.kind == "radio"}
        return self.desk.client.post(self.path, data={**form.data(), **chosen, **typed, "csrf_token": self.desk.token(), button: "1"})


def scheme_of(house: House, round_id: int) -> Scheme:
    with house.store.read() as db:
        return kept_plans.get(db, round_id).scheme


def a_round(app: Flask, house: House) -> tuple[Hall, Desk, int]:
    hall = make_people(house)
    return hall, sit_down(app, house, "secretary"), plan_round(house, hall.root, by=hall.secretary)


def test_rules_are_tried_then_saved_as_the_next_version_and_taken_back(app: Flask, house: House) -> None:
    _hall, desk, made = a_round(app, house)
    first = Page(desk, made)
    assert "例子里的数是编的" in words(first.page) and "还没有改动" in words(first.page)
    typed = {"satisfied_at": "85", "base": "known", "weight": ["60", "40"], "validity": "half", "spoil": "form", "quorum": "1", "points": ["", "90", ""]}
    tried = first.send("try", **typed)
    assert tried.status_code == 200 and scheme_of(house, made) == Scheme(), "trying writes nothing"
    said = words(tried)
    assert "满意线 满意率到 80%，评为满意 满意率到 85%，评为满意" in said and 'value="85"' in tried.text
    # Of the five invented units 41/50, 38/50, 39/50, 30/50 and 20/50 are satisfied; of those who know 41/46 is still the best, now
    # of 85 %. Of the members 46/50, 41/50, 38/50 and 24/50, six, eight, four and two of them; 46/48, 41/46, 38/48 and 24/48.
    assert "评为满意的单位 1 个，共 5 个" in said and "基本满意以上的单位 4 个，共 5 个 5 个，共 5 个" in said
    saved = first.send("save", **typed)
    assert saved.status_code == 303, words(saved)
    found = scheme_of(house, made)
    assert (found.satisfied_at, found.base, found.validity, found.spoil, found.quorum) == (0.85, Base.KNOWN, Validity.HALF, SpoilRule.FORM, True)
    assert found.weights == (("群众代表", 60), ("党员", 40)) and [each[2] for each in found.points] == [90.0]
    page = words(Page(desk, made).page)
    assert "第 2 版 现在用的" in page and "李秘书" in page and "率的分母：有效答案，“不了解”算在内 → 有效答案，“不了解”不算在内" in page
    assert "群众代表 60，党员 40" in words(desk.client.get(f"/desk/rounds/{made}"))
    assert Page(desk, made).send("save").status_code == 303
    with house.store.read() as db:
        assert [each.number for each in kept.versions(db, made)] == [2, 1], "what is no change is no version"
    back = Page(desk, made, query="?version=1")
    assert "下面填的是“第 1 版”的规则，还没有保存" in words(back.page) and scheme_of(house, made) == found
    assert back.send("save").status_code == 303 and scheme_of(house, made) == Scheme()
    english = words(desk.client.get(f"/desk/rounds/{made}/scheme?lang=en"))
    assert "Version 3" in english and "The rules of another round" not in english


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_saved(app: Flask, house: House) -> None:
    _hall, desk, made = a_round(app, house)
    page = Page(desk, made)
    for typed, said in (
        ({"satisfied_at": "120"}, "请填 0 到 100 的数。现在是 120。"),
        ({"basic_at": "六十"}, "请填 0 到 100 的数，例如 80。"),
        ({"weight": ["101", ""]}, "“群众代表”的权重要填 0 到 100 的整数。"),
        ({"weight": ["0", "0"]}, "至少有一类的权重要大于 0。"),
        ({"points": ["好", "", ""]}, "“好”不是一个分数。"),
        ({"base": "all"}, "请选一种。"),
        ({"trim": "60"}, "请填 0 到 40 的数。现在是 60。"),
        ({"source": ["自评", "自评"], "source_weight": ["50", "50"], "source_from": ["", ""]}, "来源“自评”写了两次"),
        ({"source": ["群众"], "source_weight": ["50"], "source_from": ["7"]}, "分从哪里来请从列表中选"),
        ({"grade": ["良好", "优秀"], "grade_from": ["80", "90"]}, "等次要从高到低写"),
        ({"quota_part": "1", "quota_whole": ""}, "名额的两格都要填整数"),
        ({"quota_part": "1", "quota_whole": "3"}, "但没有定等次"),
        ({"kind": ["ministry"], "kind_weight": ["50"]}, "有一类单位已经不在列表里了"),
    ):
        answer = page.send("save", **typed)
        assert answer.status_code == 400 and said in words(answer), (typed, words(answer))
        assert "还没有保存" in words(answer) and scheme_of(house, made) == Scheme()


def test_what_is_odd_is_said_and_nobody_is_kept_from_it(app: Flask, house: House) -> None:
    _hall, desk, made = a_round(app, house)
    page = Page(desk, made)
    for typed, said in (
        ({"satisfied_at": "60", "basic_at": "80"}, "两条线大概填反了"),
        ({"points": ["100", "80", "30"]}, "“不满意”也得 30 分"),
        ({"points": ["80", "100", "0"]}, "有没有填反"),
        ({"weight": ["30", "30"]}, "合起来是 60，不是 100"),
        ({"source": ["群众满意率"], "source_weight": ["100"], "source_from": ["0"]}, "“群众满意率”是得分，不是率"),
        ({"grade": ["优秀", "其他"], "grade_from": ["90", "0"], "quota_part": "1", "quota_whole": "2"}, "名额有一半以上"),
    ):
        answer = page.send("try", **typed)
        assert answer.status_code == 200 and said in words(answer), typed
        assert said not in words(page.page)


def test_a_published_round_tells_what_weights_and_quotas_really_do(app: Flask, house: House) -> None:
    hall, _desk, made = a_round(app, house)
    # 甲 rates all five units alike, so 乙 alone moves them; no branch has three members.
    groups = tuple({"甲": (1, 0, 1, 0), "乙": (n, 0, 4 - n, 0)} for n in range(5))
    found = Evidence(answers_of(()), answers_of(()), (0, 0, 0, 0), groups=groups, sizes=(1, 2, 2))
    rules = Scheme(weights=(("甲", 50), ("乙", 50)), grades=(("优秀", 90.0), ("其他", 0.0)), quota=(1, 3))
    with app.test_request_context(), house.store.read() as db:
        ground = known(db, plans.look(db, made, by=hall.secretary))
        told = advice(rules, ground, Basis(found, "上一轮"))
        assert "“甲”的权重折合 50.0%，照“上一轮”的票，各单位的高低里由它决定的有 0.0%，相差很大。" in told["weights"]
        assert told["quota"] == ["照“上一轮”，没有一个支部的党员够得上一个名额：要有 3 名党员才有一个。"]
        assert not {"weights", "quota"} & advice(rules, ground, Basis(found)).keys(), "invented figures accuse nobody"


def test_before_publication_no_figure_of_a_round_is_told(app: Flask, house: House) -> None:
    town = Township(house, heads=1, each=2)
    town.SIZES = ((6, 7), (5, 5))
    town.hold()
    made = plan_round(house, town.tree.root, by=town.by, name="下一轮")
    desk = sit_down(app, house, "secretary")
    assert "例子里的数是编的" in words(Page(desk, made).page)
    counted = desk.client.get(f"/desk/rounds/{town.round}/scheme")
    assert "合起来有" not in words(counted) and 'name="satisfied_at"' not in counted.text
    # Its rules are frozen, and it is not published: even a form that is made by hand only hears what stands.
    sent = desk.client.post(f"/desk/rounds/{town.round}/scheme", data={"csrf_token": desk.token(), "try": "1", **dict.fromkeys(("satisfied_at", "basic_at"), "50")})
    assert "合起来有" not in words(sent) and "个单位里" not in words(sent)


def test_the_usual_sources_and_grades_are_filled_in_by_a_button(app: Flask, house: House) -> None:
    _hall, desk, made = a_round(app, house)
    page = Page(desk, made)
    filled = page.send("usual_sources", grade=["优"], grade_from=["90"])
    assert filled.status_code == 200 and 'value="群众评议"' in filled.text and 'value="优"' in filled.text, "what was typed stays"
    page.page = filled
    page.page = page.send("usual_grades")
    assert page.send("save", quota_part="1", quota_whole="3", bonus="5").status_code == 303
    found = scheme_of(house, made)
    assert found.sources[0] == Source("自评", 10) and found.sources[-1] == Source("群众评议", 30, GROUPS)
    assert found.grades[0] == ("优秀", 90.0) and found.quota == (1, 3) and found.bonus == 5
    said = words(Page(desk, made).page)
    # 95, 90, 85, 80 and 75 points by 10, 20, 20, 20 and 30: 9.5 + 18 + 17 + 16 + 22.5.
    assert "总分是 83.00 分" in said and "8 名党员的支部，最多 2 名" in said


def test_two_who_save_at_once_do_not_undo_each_other(app: Flask, house: House) -> None:
    _hall, desk, made = a_round(app, house)
    one, other = Page(desk, made), Page(desk, made)
    assert one.send("save", satisfied_at="85").status_code == 303
    refused = other.send("save", satisfied_at="90")
    assert refused.status_code == 400 and "别人保存了第 2 版" in words(refused) and 'value="90"' in refused.text
    assert scheme_of(house, made).satisfied_at == 0.85


def test_rules_come_from_another_round_as_far_as_they_fit(app: Flask, house: House) -> None:
    hall, desk, made = a_round(app, house)
    rules = Scheme(satisfied_at=0.9, weights=(("群众代表", 70), ("党员", 30)), sources=(Source("群众", 100, ("群众代表",)),))
    schemes.save(house, made, rules, seen=1, by=hall.secretary, now=NOW)
    same = plan_round(house, hall.root, by=hall.secretary, name="第四季度")
    other = plan_round(house, hall.root, by=hall.secretary, name="服务对象来评", names=("服务对象", "党员"))
    page = Page(desk, same, query=f"?take={made}")
    assert page.send("save").status_code == 303 and scheme_of(house, same) == rules
    page = Page(desk, other, query=f"?take={made}")
    assert page.send("save").status_code == 303 and scheme_of(house, other) == Scheme(satisfied_at=0.9), "these groups are not here"
    fresh = desk.client.get(f"/desk/rounds/new?source={made}")
    (form,) = (each for each in forms(fresh.text, "/desk/rounds/new") if "period" in each.names())
    copied = desk.client.post("/desk/rounds/new", data={**form.data(), "csrf_token": desk.token(), "save": "1"})
    assert scheme_of(house, int(re.sub(r"\D", "", copied.location))) == rules, "a round is copied with its rules"


def test_a_group_that_is_new_takes_the_weights_away_and_says_so(app: Flask, house: House) -> None:
    hall, desk, made = a_round(app, house)
    schemes.save(house, made, Scheme(weights=(("群众代表", 70), ("党员", 30))), seen=1, by=hall.secretary, now=NOW)
    page = desk.client.get(f"/desk/rounds/{made}/edit")
    (form,) = (each for each in forms(page.text, f"/desk/rounds/{made}/edit") if "group" in each.names())
    answer = desk.client.post(f"/desk/rounds/{made}/edit", data={**form.data(), "group": ["服务对象", "党员"], "csrf_token": desk.token(), "save": "1"})
    assert answer.status_code == 303 and "评议人的类别变了" in words(desk.client.get(answer.location))
    assert scheme_of(house, made).weights == ()
    with house.store.read() as db:
        assert kept.last(db, made) == 3


def test_from_the_first_meeting_on_the_rules_are_read_only(app: Flask, house: House) -> None:
    town = Township(house)
    desk = sit_down(app, house, "secretary")
    page = Page(desk, town.round)
    town.open(town.branches[0])
    late = page.send("save", satisfied_at="85")
    assert late.status_code == 400 and "规则不能再改" in words(late)
    shown = desk.client.get(f"/desk/rounds/{town.round}/scheme")
    assert scheme_of(house, town.round).sha256() in words(shown) and 'name="satisfied_at"' not in shown.text
    assert "第一场评议会已经开始" in words(shown)


def test_after_publication_other_rules_are_only_tried_and_every_line_says_so(app: Flask, house: House) -> None:
    town = published(house)
    desk = sit_down(app, house, "secretary")
    page = Page(desk, town.round)
    tried = page.send("try", satisfied_at="10", basic_at="5", base="known")
    said = words(tried)
    assert tried.status_code == 200 and "评为满意的单位 0 个，共 3 个 3 个，共 3 个 试算" in said
    table = tried.text[tried.text.index("这一轮会变成") :]
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", table[: table.index("</table>")])
    assert rows and all("试算" in row for row in rows) and 'name="save"' not in tried.text
    refused = page.send("save", satisfied_at="10")
    assert refused.status_code == 400 and scheme_of(house, town.round) == Scheme()
    assert "评为满意 3 个" not in words(desk.client.get(f"/desk/rounds/{town.round}/scheme"))


def test_a_quorum_is_tried_and_what_cannot_be_tried_says_why_with_the_numbers_that_are_left(app: Flask, house: House) -> None:
    town = published(house)
    desk = sit_down(app, house, "secretary")
    page = Page(desk, town.round)
    said, back = words(page.page), sum(branch.returned for branch in town.branches)
    # 20 of 40 came to each: half, and not more.
    assert "6 场评议会里，有 6 场（100.00%）实到没有超过应到的一半" in said and "（应到 40，实到 20）等。" in said
    with house.store.read() as db:
        roll = RollUp(read(publications.bodies(db, town.round)))
    sums = roll.sums(roll.atoms(town.tree.root))
    asked, left = sum(each.slots for each in sums.values()), sum(each.blank for each in sums.values())
    assert f"一共 {asked} 个，没有选的 {left} 个（{float(100 * left / asked):.2f}%）" in said
    assert f"收回 {back} 张票，整张无效的纸表 0 张" in said and said.count("不能拿计过的票来试") == 2
    tried = page.send("try", quorum="1")
    assert "到会人数不够、不能计票的评议会 0 场，共 6 场 6 场，共 6 场" in words(tried)
    # What the rates would be without some meetings would show these.
    assert words(tried).count("不变的：各单位合起来的满意率") == 1
    made = plan_round(house, town.tree.root, by=town.by, name="下一轮")
    assert "6 场评议会里，有 6 场（100.00%）" in words(Page(desk, made).page)
    # What hangs elsewhere since still counts, and is named to nobody who does not see it now.
    first = "第1总支第1支部"
    assert first in said
    with house.store.write() as db:
        apart = db.execute(insert(UnitRow).values(name="别处", kind="committee", code="").returning(UnitRow.id)).scalar_one()
        db.execute(update(UnitRow).where(UnitRow.id == town.branches[0].unit).values(parent_id=apart))
    told = words(Page(desk, town.round).page)
    assert "6 场评议会里，有 6 场（100.00%）" in told and "第1总支第2支部（应到" in told and first not in told


def test_the_next_round_is_tried_on_the_last_that_was_published(app: Flask, house: House) -> None:
    town = published(house)
    made = plan_round(house, town.tree.root, by=town.by, name="下一轮")
    desk = sit_down(app, house, "secretary")
    page = Page(desk, made)
    assert "例子里的数来自已经公布的“2026 年第三季度评议”" in words(page.page)
    said = words(page.send("try", satisfied_at="10"))
    assert "拿“2026 年第三季度评议”的票试，会变成" in said and "评为满意的单位 0 个，共 3 个 3 个，共 3 个" in said


def test_whoever_only_takes_part_reads_the_rules_and_no_figure(app: Flask, house: House) -> None:
    town = published(house)
    hire(house, "clerk", "王干事", role=StaffRole.SECRETARY, unit=town.branches[0].unit)
    desk = sit_down(app, house, "clerk")
    page = desk.client.get(f"/desk/rounds/{town.round}/scheme")
    assert page.status_code == 200 and scheme_of(house, town.round).sha256() in words(page)
    assert "试算" not in words(page) and "版本" not in words(page) and "共 3 个" not in words(page)
    assert desk.client.post(f"/desk/rounds/{town.round}/scheme", data={"csrf_token": desk.token(), "try": "1"}).status_code == 404


def test_versions_of_a_plan_that_changes_are_kept_too(house: House) -> None:
    hall = make_people(house)
    weights = tuple(zip(GROUPS, (60, 40), strict=True))
    made = plan_round(house, hall.root, by=hall.secretary, scheme=Scheme(weights=weights, decimals=1))
    with house.store.read() as db:
        planned = kept_plans.get(db, made)
    asked = plans.Asked(
        planned.unit, planned.name, planned.period, planned.starts_on, planned.ends_on, [("", "", "five_goods_five_leads")],
        [Invited("群众代表", 20)], planned.plan.entry, Scheme(),
    )  # fmt: skip
    assert plans.change(house, made, asked, by=hall.secretary, now=NOW) and not plans.change(house, made, asked, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert [(each.number, each.scheme.weights) for each in kept.versions(db, made)] == [(2, weights[:1]), (1, weights)]
        assert kept_plans.get(db, made).scheme == Scheme(weights=weights[:1], decimals=1)
