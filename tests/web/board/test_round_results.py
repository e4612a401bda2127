"""What a leader sees of a published round: figures against sums by hand, his own subtree, what is too few, what changed."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from survey.actions import schemes
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.actions.rated import choose_units
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publications import Form, Mark, Publication
from survey.domain.questionnaires import Audience, Kind
from survey.domain.rounds import Scheme
from survey.domain.staff import StaffRole
from survey.store import members
from survey.store import publications as kept
from survey.store.tables import MeetingRow
from survey.web.board.changes import Then, Why, change
from survey.web.board.roll_ups import Reading
from survey.web.board.round_results import ends
from tests.analysis.pictures_for_tests import words
from tests.conftest import NOW, hire, logged_in, on_sqlite
from tests.publications_for_tests import read
from tests.readings_for_tests import BRANCH, MARKED, publication, reading
from tests.townships_for_tests import BASIC, GROUPS, SATISFIED, Branch, Township, published, rates


def client_of(app: Flask, house: House, login: str = "leader") -> FlaskClient:
    client = app.test_client()
    with client.session_transaction("/desk") as session:
        session["_user_id"] = logged_in(house, login)
    return client


def text_of(page: str) -> str:
    """What is read, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page[page.index("<main") :]))


def row_of(page: str, name: str) -> str:
    """The row of a table that begins with a name."""
    return text_of("<main>" + next(row for row in re.findall(r"(?s)<tr.*?</tr>", page) if re.search(rf'<th scope="row">(?:<a[^>]*>|<b>)?{name}<', row)))


def all_of(branches: list[Branch]) -> Counter[tuple[str, str, int]]:
    return sum((marks for branch in branches for marks in branch.marks.values()), Counter())


@pytest.fixture
def town(house: House) -> Township:
    return published(house)


@on_sqlite
def test_weighted_figures_stand_beside_the_pooled_ones_where_every_group_is_shown(app: Flask, house: House) -> None:
    weights = dict(zip(GROUPS, (70, 30), strict=True))
    town = published(house, Scheme(weights=tuple(weights.items())))
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"

    def weighed(branch: Branch, target: str) -> tuple[str, str]:
        """Both rates of a target, each group's by its weight, by hand."""
        found = []
        for good in ({SATISFIED}, {SATISFIED, BASIC}):
            parts = []
            for name, weight in weights.items():
                marks = [(answer, n) for (key, _question, answer), n in branch.marks[name].items() if key == target]
                parts.append(weight * Fraction(sum(n for answer, n in marks if answer in good), sum(n for _answer, n in marks)))
            found.append(f"{int(sum(parts) * 100 + Fraction(1, 2)) / 100:.2f}")
        return found[0], found[1]

    own, *_, last = town.branches
    page = client.get(f"{base}/units/{own.unit}").text
    narrow, wide = weighed(own, f"u{own.unit}")
    assert f"加权 各类按权重平均 {narrow} {wide} –" in row_of(page, "加权 ")
    with house.store.read() as db:
        someone = f"m{members.of_units(db, [last.unit])[0].id}"
    narrow, wide = weighed(last, someone)
    assert f"加权 各类按权重平均 {narrow} {wide} –" in row_of(client.get(f"{base}/members/{someone}").text, "加权 ")
    # Half of the ballots each: 5 of 10. One member alone differs from nobody.
    assert re.search(r"党员 30 30\.00 50\.00 –", text_of(client.get(f"{base}/units/{last.unit}").text))
    # Below the first head only the first branch is shown by itself; elsewhere a group of two counts with another.
    first, second = (client.get(f"{base}/units/{head}").text for head in town.tree.heads.values())
    narrow, wide = weighed(own, f"u{own.unit}")
    assert f"加权满意率 {narrow}%，加权以上率 {wide}%" in text_of(first)
    merged = client.get(f"{base}/units/{town.branches[3].unit}").text
    for page in (second, merged, client.get(f"{base}/results").text):
        assert "所以不给加权的数字" in text_of(page) and "加权满意率" not in page and "各类按权重平均" not in page
    weighted_over_rounds(client, town, weighed)


def weighted_over_rounds(client: FlaskClient, town: Township, weighed: Callable[[Branch, str], tuple[str, str]]) -> None:
    """Pictures and tables of rounds and of several units name the weighted rate where there is one, and have no line where there is none."""
    before = town.branches[0]
    was = weighed(before, f"u{before.unit}")[0]
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    town.hold()
    town.publish()
    base, (own, *_, last) = f"/board/rounds/{town.round}", town.branches
    now, other = weighed(own, f"u{own.unit}")[0], weighed(last, f"u{last.unit}")[0]
    page = client.get(f"{base}/units/{own.unit}").text
    assert f"这一轮 加权满意率 {now}%" in text_of(page) and f"2026 年第三季度评议 加权满意率 {was}%" in text_of(page)
    for kind in ("", "?narrow=1"):
        drawn = client.get(f"{base}/units/{own.unit}/trend.svg{kind}").data
        assert re.findall(r"加权满意率 ([\d.]+)%", drawn.decode()) == [was, now]
    assert f"加权满意率{was}" in words(client.get(f"{base}/units/{own.unit}/trend.svg").data)
    both = f"unit={own.unit}&unit={last.unit}"
    assert re.findall(r"加权满意率 ([\d.]+)%", text_of(client.get(f"{base}/compare?{both}").text)) == [now, other]
    for kind in ("", "&narrow=1"):
        drawn = client.get(f"{base}/compared.svg?{both}{kind}").data
        assert re.findall(r"加权满意率 ([\d.]+)%", drawn.decode()) == [now, other] and {now, other} <= set(words(drawn))
    merged = town.branches[3].unit
    assert "加权满意率" not in client.get(f"{base}/units/{merged}").text + client.get(f"{base}/units/{merged}/trend.svg").text


@on_sqlite
def test_every_figure_of_a_node_is_the_sum_of_what_was_cast_below_it(app: Flask, house: House, town: Township) -> None:
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"
    page = client.get(f"{base}/results").text
    for kind, title in (("u", "单位满意率"), ("m", "党员满意率")):
        narrow, wide, valid = rates(all_of(town.branches), kind)
        assert f"{title} {narrow}% 基本满意以上率 {wide}%，有效答案 {valid}" in text_of(page)
    assert "发出 44 张票，收回 44 张，回收率 100.00%。" in text_of(page), "13 + 3 + 4 + 11 + 3 + 10"
    for name, head in town.tree.heads.items():
        enough = [branch for branch in town.branches if branch.above == name and branch.returned >= 5]
        narrow, wide, valid = rates(all_of(enough), "u")
        assert f"{narrow} {wide} {valid}" in row_of(page, name)
        below = client.get(f"{base}/units/{head}").text
        for branch in enough:
            found = rates(all_of([branch]), "u")
            label = next(each for each, own in town.tree.branches.items() if own.unit == branch.unit)
            assert " ".join(map(str, found)) in row_of(below, label)
            assert found[0] + "%" in client.get(f"{base}/units/{branch.unit}").text


@on_sqlite
def test_a_leader_sees_his_own_part_of_the_tree_and_nothing_beside_it(app: Flask, house: House, town: Township) -> None:
    (first, head), (second, other) = town.tree.heads.items()
    hire(house, "below", "王总支", role=StaffRole.LEADER, unit=head)
    client, base = client_of(app, house, "below"), f"/board/rounds/{town.round}"
    page = client.get(f"{base}/results").text
    narrow, wide, valid = rates(all_of([each for each in town.branches if each.above == first and each.returned >= 5]), "u")
    assert f"单位满意率 {narrow}% 基本满意以上率 {wide}%，有效答案 {valid}" in text_of(page)
    assert "另有 7 票人数不足，计入上级。" in text_of(page), "three and four, joined with what lies outside"
    beside = [each for each in town.branches if each.above == second]
    members = [key for each in beside for marks in each.marks.values() for key, _question, _answer in marks if key.startswith("m")]
    for path in (f"units/{town.tree.root}", f"units/{other}", f"units/{beside[0].unit}", f"results?unit={other}", f"members/{members[0]}", "results?unit=x"):
        assert client.get(f"{base}/{path}").status_code == 404, path
    own = client.get(f"{base}/units/{next(each.unit for each in town.branches if each.above == first)}").text
    assert second not in page + own and "河东党委" not in page + own
    # Units beside one's own are told of together, to whoever sees them all.
    alone = town.branches[5].unit
    hire(house, "alone", "王支书", role=StaffRole.LEADER, unit=alone)
    assert "同级" in client_of(app, house, "secretary").get(f"{base}/units/{alone}").text
    page = client_of(app, house, "alone").get(f"{base}/results").text
    assert rates(all_of([town.branches[5]]), "u")[0] in page and "同级" not in page and "同领域" not in page
    assert client_of(app, house, "other").get(f"{base}/results").status_code == 404


@on_sqlite
def test_what_is_too_few_or_not_published_says_so_and_shows_nothing(app: Flask, house: House, town: Township) -> None:
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"
    small = next(each for each in town.branches if each.returned == 3)
    page = client.get(f"{base}/units/{small.unit}").text
    assert "人数不足" in page and "%" not in re.sub(r"回收率 100.00%|参评率 7.50%", "", text_of(page).partition("怎样评定")[0])
    assert "收回 3 ÷ 应到 40" in page and "应到 40 人，收回 3 张票：一半多的人没有表态。" in page and re.search(r'href="/board/meetings/\d+"', page)
    label = next(each for each, own in town.tree.branches.items() if own.unit == small.unit)
    assert "人数不足" in row_of(client.get(f"{base}/units/{town.tree.heads[small.above]}").text, label)
    listed = client.get("/board/rounds").text
    assert f'href="{base}/results"' in listed and "已公布" in listed and f'href="{base}/results"' in client.get("/board").text
    late = town.tree._units([("新成立的支部", "branch", town.tree.root)])["新成立的支部"]
    page = client_of(app, house, "secretary").get(f"{base}/units/{late}")
    assert page.status_code == 200 and "没有评到这里" in page.text and "满意率" not in page.text
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    page = client.get(f"/board/rounds/{town.round}/results")
    assert page.status_code == 200 and "2026 年 12 月 31 日" in page.text and "还没有公布" in page.text and "满意率" not in page.text


@on_sqlite
def test_a_change_is_said_only_of_what_stood_by_itself_and_was_asked_alike_by_the_same_rules(app: Flask, house: House, town: Township) -> None:
    before, old = {branch.unit: all_of([branch]) for branch in town.branches}, town.round
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    town.SIZES = ((6, 7), (8, 1), (3, 1), (9, 2), (1, 2), (5, 5))
    town.hold()
    town.publish()
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"
    first, grown = town.branches[0], town.branches[1]
    (now, wide, _valid), (then, wide_then, _before) = rates(all_of([first]), "u"), rates(before[first.unit], "u")
    moved, moved_wide = (f"{'升' if Decimal(a) > Decimal(b) else '降'} {abs(Decimal(a) - Decimal(b))}" for a, b in ((now, then), (wide, wide_then)))
    page = text_of(client.get(f"{base}/units/{first.unit}").text).replace("↑ ", "").replace("↓ ", "")
    assert f"{then} {wide_then}" in page and f"满意率 {moved} · 以上率 {moved_wide}" in page
    assert moved in text_of(client.get(f"{base}/results?all=1").text).replace("↑ ", "").replace("↓ ", "")
    assert "那一轮没有单独评定，不比" in client.get(f"{base}/units/{grown.unit}").text
    with app.test_request_context(), house.store.read() as db:
        listed = {each.round: each for each in kept.reaching(db, town.tree.root, most=9)}
        made, was = (read(kept.bodies(db, number)) for number in (town.round, old))
        form = next(iter(was.forms.values()))
        key = f"u{first.unit}"
        others = (
            (replace(was, scheme=replace(was.scheme, satisfied_at=0.9)), Why.RULES), (was, None),
            (replace(was, scheme=replace(was.scheme, quorum=True, league=True)), None),
            (replace(was, forms={number: reworded(form) for number in was.forms}), Why.ASKED), (replace(was, targets={}, asked={}, marks=(), atoms=()), Why.NEW),
            (elsewhere(was, key, grown.unit), Why.MOVED),
        )  # fmt: skip
        for each, why in others:
            assert change(Reading(FrozenRoll.of(made)), Then(listed[old], Reading(FrozenRoll.of(each))), key).why is why


@on_sqlite
def test_rounds_with_other_rules_are_compared_only_with_a_flag(app: Flask, house: House) -> None:
    town = Township(house, heads=1, each=2)
    town.SIZES = ((6, 7), (5, 5))
    name, rules = "第 {} 轮", (Scheme(), Scheme(satisfied_at=0.9), Scheme(satisfied_at=0.9, grades=(("好", 60.0), ("差", 0.0))))
    for turn, scheme in enumerate(rules):
        town.plan(name.format(turn), date(2026, 1 + 3 * turn, 1))
        schemes.save(house, town.round, scheme, seen=1, by=town.by, now=NOW)
        town.hold()
        town.publish()
    client, base = client_of(app, house, "secretary"), "/board/rounds/{}"
    for path in (f"units/{town.branches[0].unit}", f"units/{town.tree.root}"):
        page = text_of(client.get(f"{base.format(town.round)}/{path}").text)
        # Asked in the same way, the round before may be compared; the first may not, and both are said.
        assert "“第 1 轮”的计票规则和这一轮不同。评哪些等次：那一轮不评等次；这一轮好 60 分起，差 0 分起。 算率的办法一样，可以比较。" in page
        assert "“第 0 轮”的计票规则和这一轮不同。满意线：那一轮满意率到 80%，评为满意；这一轮满意率到 90%，评为满意。" in page
        assert "办法不同，不能直接比较。" in page
    page = text_of(client.get(f"{base.format(town.round)}/units/{town.branches[0].unit}").text)
    assert page.count("计票规则不同，不比") == 1, "in the trend"


def elsewhere(made: Publication, key: str, unit: int) -> Publication:
    """The same round, with what was rated in the place of another unit."""
    place = next(leaf for atom in made.atoms for leaf in atom if leaf.unit == made.targets[key].unit)
    atoms = tuple(tuple(replace(leaf, unit=unit) if leaf.unit == place.unit else leaf for leaf in atom) for atom in made.atoms)
    marks = tuple(mark._replace(unit=unit) if mark.unit == place.unit else mark for mark in made.marks)
    return replace(made, atoms=atoms, marks=marks, targets={each: replace(named, unit=unit) if named.unit == place.unit else named for each, named in made.targets.items()})


def reworded(form: Form) -> Form:
    """The same form with other words in its questions."""
    return replace(form, sections=tuple(replace(s, questions=tuple(replace(q, text=f"{q.text}吗") for q in s.questions)) for s in form.sections))


@on_sqlite
def test_units_are_sorted_by_a_link_and_who_is_below_both_thresholds_is_named(app: Flask, house: House, town: Township) -> None:
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}/units/{town.tree.root}"
    names = {own.unit: name for name, own in town.tree.branches.items()}
    found = {names[each.unit]: rates(all_of([each]), "u") for each in town.branches if each.returned >= 5}
    few = [names[each.unit] for each in town.branches if each.returned < 5]
    for asked, place, up in (("all=1", 0, False), ("all=1&sort=narrow&up=1", 0, True), ("all=1&sort=wide", 1, False)):
        listed = re.findall(r'<th scope="row"><a[^>]*>(第[^<]*)<', client.get(f"{base}?{asked}").text)
        wanted = sorted(found, key=lambda name: Decimal(str(found[name][place])), reverse=not up)
        assert listed[: len(wanted)] == wanted and sorted(listed[len(wanted) :]) == sorted(few), asked
    page = client.get(f"{base}?below=all").text
    put_right = page[page.index('id="look"') : page.index("满意率分布")]
    below = {name for name, (narrow, wide, _valid) in found.items() if Decimal(narrow) < 80 and Decimal(wide) < 60}
    assert below and {name for name in found if f">{name}</a>" in put_right} == below
    assert 'aria-sort="descending"' in page and client.get(f"{base}?sort=nothing&page=99").status_code == 200


@on_sqlite
def test_a_branch_that_was_rated_at_its_committees_meeting_has_no_accounting_of_nothing(app: Flask, house: House) -> None:
    town = Township(house)
    name, head = next(iter(town.tree.heads.items()))
    below = [branch.unit for branch in town.branches if branch.above == name]
    meeting = next(branch.meeting for branch in town.branches if branch.above == name)
    with house.store.write() as db:
        db.execute(update(MeetingRow).where(MeetingRow.id == meeting).values(unit_id=head))
    choose_units(house, meeting, below, by=town.by, now=NOW)
    both = Branch(head, "", meeting)
    town.hold_one(both, (6, 7))
    town.publish()
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"
    found = rates(Counter({key: n for key, n in all_of([both]).items() if key[0] == f"u{below[0]}"}))
    page = client.get(f"{base}/units/{below[0]}").text
    assert f"满意率 {found[0]}%" in text_of(page) and "在上级的评议会上评议" in page and "回收率" not in page and "发出 0" not in page
    listed = row_of(client.get(f"{base}/units/{head}").text, next(each for each, own in town.tree.branches.items() if own.unit == below[0]))
    assert "0/0" not in listed and " ".join(map(str, found)) in listed
    period = client.get(f"/board/periods/2026H2/units/{below[0]}").text
    assert "在上级的评议会上评议" in period and "0/0" not in period and found[0] in period
    # One of the others is a draft still: whoever would hold it now is told that it comes too late.
    late = next(branch for branch in town.branches if branch.unit == below[1])
    for address in (f"/desk/meetings/{late.meeting}", f"/desk/meetings/{late.meeting}/open"):
        assert "这一轮已经公布" in client.get(address).text
    assert "这一轮已经公布" not in client.get(f"/desk/meetings/{meeting}").text


def test_all_of_few_questions_are_told_and_an_equal_of_a_weak_one_is_no_strong_one() -> None:
    low, high = (reading(publication(marked=marked)).node(BRANCH).units.lines for marked in (MARKED, (12, 1, 1, 1)))
    assert ends((*high[:2], *low[2:5])) == (low[2:5], high[1::-1])
    assert ends((*high[:1], *low[1:5])) == (low[1:5], high[:1]) and ends(low[:5]) == (low[:5], ())
    many = (*low[:5], *high[:1], *low[:1])
    weak, strong = ends(many)
    assert weak == low[:3] and strong == high[:1] and ends(()) == ((), ())


@on_sqlite
def test_a_branch_that_was_only_given_points_is_not_too_few(app: Flask) -> None:
    """Guards: `is_few` of survey.web.board.roll_ups.Node."""
    told, points = publication(members=1), library()["hundred_points"]
    sections = [each for each in points.sections if each.audience is not Audience.GENERAL]
    of = {key: next(each for each in sections if (each.audience is Audience.UNIT) == key.startswith("u")) for key in told.targets}
    marks = tuple(
        Mark(atom, BRANCH, key, 1, section.key, question.key, 80 + atom, 15)
        for atom in range(len(told.atoms)) for key, section in of.items() for question in section.questions if question.kind is Kind.SCORE
    )  # fmt: skip
    asked = {(1, key): section.key for key, section in of.items()}
    only = replace(told, forms={1: Form(points.title, tuple(sections), points.scales)}, asked=asked, marks=marks)
    with app.test_request_context("/board"):
        assert not reading(only).node(BRANCH).is_few and not reading(only).brief(2).is_few
        assert [line.mean for line in reading(only).node(BRANCH).units.scores] == ["81.00"]
        # Where nothing may be shown of as many ballots it is.
        assert reading(replace(told, targets={}, asked={}, atoms=(), marks=())).node(BRANCH).is_few
