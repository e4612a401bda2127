"""Lists against the books, and the books as a list: whatever is exported comes back and changes nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.actions import members as people
from survey.actions import undos, units
from survey.actions.house import House
from survey.actions.trees import Ask
from survey.domain.refusals import NotFound, Stale
from survey.domain.roster_plans import Books, plan
from survey.domain.rosters import Change, Plan, RosterLine, code_of, fold, result
from survey.domain.terms import BUILT_IN, Term, TermList, Terms
from survey.domain.texts import line
from survey.domain.units import Member, Unit, UnitKind
from survey.office import rosters as office
from survey.office.rosters import in_order, roster_csv, roster_xlsx
from survey.office.sheets import read_list
from survey.store import members
from tests.conftest import NOW, TODAY, Hall, make_people

ROOT = Unit(1, None, UnitKind.COMMITTEE, "青山镇党委")
A, B = Unit(2, 1, UnitKind.GENERAL_BRANCH, "甲总支"), Unit(3, 1, UnitKind.GENERAL_BRANCH, "乙总支")
A1, B1 = Unit(4, 2, UnitKind.BRANCH, "第一党支部"), Unit(5, 3, UnitKind.BRANCH, "第一党支部")
TREE = (ROOT, A, B, A1, B1)
OWN = Terms((*BUILT_IN.rows, Term(TermList.MEMBER_KIND, "k1", "=特殊类别", 9), Term(TermList.SECTOR, "s1", "＠新领域", 9)))


def planned(*lines: RosterLine, members: tuple[Member, ...] = (), terms: Terms = BUILT_IN) -> Plan:
    return plan(lines, Books(TREE, members, ROOT, TODAY, terms))


def refusals(*lines: RosterLine, members: tuple[Member, ...] = ()) -> list[tuple[int, str]]:
    return [(each.number, each.why) for each in planned(*lines, members=members).refused]


def test_units_of_one_name_are_told_apart_by_what_lies_above() -> None:
    found = planned(
        RosterLine(2, "张三", "第一党支部", parent="甲总支"), RosterLine(3, "张三", "第一党支部", parent="青山镇党委/乙总支"),
        RosterLine(4, "李四", "第一党支部", parent="丙总支"), RosterLine(5, "王五", "第二党支部", parent="乙总支"),
        RosterLine(6, "赵六", "第一党支部", parent="青山镇党委"), RosterLine(7, "孙七", "第一党支部"),
    )  # fmt: skip
    assert [(m.name, m.unit) for _, m in found.added] == [("张三", 4), ("张三", 5), ("王五", -1)]
    assert [(unit.name, unit.parent) for unit in found.units] == [("第二党支部", 3)]
    assert [(each.number, each.why) for each in found.refused] == [(4, "unit_known_twice"), (6, "unit_known_twice"), (7, "unit_known_twice")]


def test_a_unit_is_not_made_for_rows_that_are_refused() -> None:
    found = planned(RosterLine(2, "张三", "新支部"), RosterLine(3, "张三", "新支部"))
    assert found.units == () and len(found.refused) == 2


def test_who_moves_leaves_or_comes_back_is_known_by_code_or_name() -> None:
    there = Member(10, 4, "张三", code="7", since=date(2020, 1, 1))
    gone = Member(11, 5, "李四", since=date(2019, 1, 1), left_on=date(2024, 1, 1))
    found = planned(
        RosterLine(2, "张三", "第一党支部", parent="乙总支", code="7"), RosterLine(3, "李四", "第一党支部", parent="乙总支"),
        members=(there, gone),
    )  # fmt: skip
    moved, back = found.changed
    assert (moved.after.unit, moved.after.since) == (5, TODAY)
    assert moved.stay is not None and (moved.stay.unit, moved.stay.since, moved.stay.until) == (4, date(2020, 1, 1), TODAY)
    assert (back.after.left_on, back.after.since) == (None, TODAY)
    assert back.stay is not None and (back.stay.unit, back.stay.until) == (5, date(2024, 1, 1))
    left = planned(RosterLine(2, "张三", "第一党支部", parent="甲总支", left="2024/5/1"), members=(there,)).changed
    assert [(each.after.left_on, each.stay) for each in left] == [(date(2024, 5, 1), None)]


def test_days_that_cannot_be_are_refused_by_row() -> None:
    there = (Member(10, 4, "张三", code="7", since=date(2020, 1, 1)),)
    here = {"unit": "第一党支部", "parent": "甲总支"}
    assert refusals(
        RosterLine(2, "一", **here, since="昨天"), RosterLine(3, "二", **here, since="2999-01-01"), RosterLine(4, "三", **here, left="1800-01-01"),
        RosterLine(5, "四", **here, since="2024-01-02", left="2024-01-01"),
        RosterLine(6, "张三", "第一党支部", parent="乙总支", code="7", since="2019-12-31"), members=there,
    ) == [(2, "bad_day"), (3, "day_away"), (4, "day_away"), (5, "left_before"), (6, "since_before")]  # fmt: skip
    assert refusals(RosterLine(2, "张三", **here, left="2019-12-31"), members=there) == [(2, "left_before")]


def test_words_about_standing_are_explained_and_own_kinds_are_known() -> None:
    here = {"unit": "第一党支部", "parent": "甲总支"}
    lines = [RosterLine(2, "一", kind="正式党员", **here), RosterLine(3, "二", kind="入党积极分子", **here), RosterLine(4, "三", kind="外星人", **here)]
    assert refusals(*lines) == [(2, "kind_standing"), (3, "kind_outside"), (4, "unknown_kind")]
    own = planned(RosterLine(2, "一", kind="=特殊类别", **here), terms=OWN).added
    assert [member.kind for _, member in own] == ["k1"]


def test_missing_are_those_of_the_units_on_the_list_and_nobody_a_refused_row_may_mean() -> None:
    there = (Member(10, 4, "张三"), Member(11, 4, "李四"), Member(12, 4, "王五"), Member(13, 5, "赵六"))
    found = planned(
        RosterLine(2, "张三", "第一党支部", parent="甲总支"), RosterLine(3, "李四", "第一党支部", parent="甲总支", kind="外星人"), members=there
    )
    assert [member.name for member in found.missing] == ["王五"]


def test_rows_of_one_name_that_say_what_is_known_leave_it_as_it_is() -> None:
    twins = (Member(10, 4, "张三", position="委员"), Member(11, 4, "张三"))
    here = {"unit": "第一党支部", "parent": "甲总支"}
    same = planned(RosterLine(2, "张三", **here), RosterLine(3, "张三", position="委员", **here), members=twins)
    assert same.refused == () and same.unchanged == 2 and same.is_empty and same.missing == ()
    assert refusals(RosterLine(2, "张三", **here), RosterLine(3, "张三", position="书记", **here), members=twins) == [
        (2, "name_twice"), (3, "name_twice"),
    ]  # fmt: skip


def test_rows_about_units_change_what_they_say_and_nothing_else() -> None:
    found = planned(RosterLine(2, "", "甲总支", sector="农村", unit_kind="党委", unit_code="A 1"), RosterLine(3, "", "乙总支"))
    assert found.units_changed == ((A, Unit(2, 1, UnitKind.COMMITTEE, "甲总支", "A1", "rural")),)


def test_a_whole_list_lets_the_missing_leave_and_all_of_it_is_taken_back(house: House) -> None:
    hall = make_people(house)
    before = books(house, hall)
    lines = [
        RosterLine(2, "张三", "机修车间党支部", position="组长"), RosterLine(3, "新人", "新支部"), RosterLine(4, "李四", "机修车间党支部", left="2026-01-02"),
    ]  # fmt: skip
    ask = Ask(hall.secretary, NOW, TODAY)
    with house.store.write() as db:
        done = units.compare(db, lines, by=hall.secretary, today=TODAY)
        key = result(units.write_steps(db, house, done, ask=ask, whole=True))
    people = {member.name: member for member in books(house, hall)[1] if member.unit == hall.branch}
    assert people["张三"].position == "组长" and people["李四"].left_on == date(2026, 1, 2)
    assert people["王五"].left_on == TODAY and people["赵六"].left_on == TODAY
    undos.undo(house, key, by=hall.secretary, now=NOW)
    assert books(house, hall) == before


def books(house: House, hall: Hall) -> tuple[tuple[Unit, ...], list[Member]]:
    with house.store.read() as db:
        tree = units.units.all_units(db)
        return tree, sorted(members.everybody(db, [unit.id for unit in tree]), key=lambda member: member.id)


# Letters of many kinds, what spreadsheets run, slashes, quotes, full width, and a letter beyond U+FFFF.
LETTERS = "张三李四AaＡ１1·•/／\\＼=＝+-@＠'\"<>&;,，%_ 　𠮷éا#"
NAMES = st.text(LETTERS, min_size=1, max_size=6).map(line).filter(lambda text: any(each.isalpha() for each in text) and fold(text) != "")
CODES = st.text("09AaＢ-_=+'", max_size=3).map(lambda text: office_code(text))


def office_code(text: str) -> str:
    """A code as the forms keep it."""
    return code_of(text)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Unit], list[Member]]:
    """A tree whose siblings have different names, and people of whom two of one name have each a code."""
    tree = [Unit(1, None, UnitKind.COMMITTEE, draw(NAMES))]
    for number in range(2, 2 + draw(st.integers(0, 6))):
        parent = draw(st.sampled_from(tree)).id
        name = draw(NAMES)
        if all(fold(name) != fold(each.name) for each in tree if each.parent == parent):
            sector = draw(st.sampled_from([None, "rural", "s1"]))
            tree.append(Unit(number, parent, draw(st.sampled_from(list(UnitKind))), name, draw(CODES), sector))
    people: list[Member] = []
    for number in range(1, 1 + draw(st.integers(0, 8))):
        member = Member(
            number, draw(st.sampled_from(tree)).id, draw(NAMES), draw(st.sampled_from(["working", "retired", "k1"])),
            draw(st.one_of(st.just(""), NAMES)), draw(CODES), draw(st.one_of(st.none(), st.just(TODAY - timedelta(days=number)))),
        )  # fmt: skip
        same = [each for each in people if each.unit == member.unit and fold(each.name) == fold(member.name)]
        if all(each.code and member.code for each in same) and member.code not in {each.code for each in people if each.code}:
            people.append(member)
    return tree, people


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_an_exported_list_comes_back_and_changes_nothing(world: tuple[list[Unit], list[Member]]) -> None:
    tree, people = world
    there = office.Books(in_order(tree, 1), 1, OWN)
    known = Books(tree, people, tree[0], TODAY, OWN)
    for data, name in ((roster_xlsx(there, people), "名单.xlsx"), (roster_csv(there, people), "名单.csv")):
        again = plan(read_list(data, name).lines, known)
        assert again == Plan((), (), (), len(people), ()), (name, again)
        # And into an empty house it brings the same tree and people.
        fresh = plan(read_list(data, name).lines, Books(tree[:1], [], tree[0], TODAY, OWN))
        assert fresh.refused == () and len(fresh.units) == len(tree) - 1 and len(fresh.added) == len(people), name
        assert sorted(fold(member.name) for _, member in fresh.added) == sorted(fold(member.name) for member in people)


def test_a_change_is_told_before_and_after() -> None:
    there = (Member(10, 4, "张三", code="7"),)
    found = planned(RosterLine(2, "张三丰", "第一党支部", parent="甲总支", code="7"), members=there)
    assert found.changed == (Change(2, there[0], Member(10, 4, "张三丰", code="7")),)


def test_an_import_is_not_taken_back_over_what_others_did_to_its_units_since(house: House) -> None:
    """Guards: the units in the digest of an act. Else a unit that was moved or closed since would hang where it hung before."""
    hall = make_people(house)
    key = imported(house, hall, RosterLine(2, "", "机修车间党支部", sector="农村"))
    with house.store.write() as db:
        unit = units.units.get(db, hall.branch)
        units.units.change_unit(db, replace(unit, parent=hall.other_branch))
    with pytest.raises(Stale):
        undos.undo(house, key, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert units.units.get(db, hall.branch).parent == hall.other_branch


def test_nobody_is_put_back_into_a_closed_unit_or_beside_one_of_his_name(house: House) -> None:
    hall = make_people(house)
    ask = Ask(hall.secretary, NOW, TODAY)
    mine = [member for member in books(house, hall)[1] if member.unit == hall.branch]
    with house.store.write() as db:
        members.change(db, [replace(member, name=f"{member.name}甲") for member in mine])
    key = people.move(house, [member.id for member in mine], hall.other_branch, day=TODAY, ask=ask)
    with house.store.write() as db:
        unit = units.units.get(db, hall.branch)
        units.units.change_unit(db, replace(unit, closed_on=TODAY))
    after = books(house, hall)
    with pytest.raises(Stale):
        undos.undo(house, key, by=hall.secretary, now=NOW)
    with house.store.write() as db:
        units.units.change_unit(db, unit)
        twin = members.add_one(db, Member(0, hall.branch, f"{mine[0].name}甲", mine[0].kind))
    with pytest.raises(Stale):
        undos.undo(house, key, by=hall.secretary, now=NOW)
    with house.store.write() as db:
        members.remove(db, [twin])
    assert [member for member in books(house, hall)[1] if member.unit == hall.branch] == []
    undos.undo(house, key, by=hall.secretary, now=NOW)
    assert after != books(house, hall)


def test_who_is_in_a_unit_of_others_by_now_is_not_fetched_back(house: House) -> None:
    hall = make_people(house)
    mine = [member for member in books(house, hall)[1] if member.unit == hall.branch]
    with house.store.write() as db:
        members.change(db, [replace(mine[0], name="独一无二")])
    key = people.move(house, [mine[0].id], hall.other_branch, day=TODAY, ask=Ask(hall.secretary, NOW, TODAY))
    narrower = replace(hall.secretary, units=frozenset({hall.branch}), unit=hall.branch)
    with pytest.raises(NotFound):
        undos.undo(house, key, by=narrower, now=NOW)


def imported(house: House, hall: Hall, *lines: RosterLine) -> str:
    with house.store.write() as db:
        done = units.compare(db, lines, by=hall.secretary, today=TODAY)
        return result(units.write_steps(db, house, done, ask=Ask(hall.secretary, NOW, TODAY), whole=False))
