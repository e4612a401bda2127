"""A member list against what is known."""

from datetime import date

from survey.domain.roster_plans import Books, plan
from survey.domain.rosters import RosterLine
from survey.domain.units import Member, MemberKind, Unit, UnitKind

ROOT = Unit(1, None, UnitKind.COMMITTEE, "青山镇党委")
BRANCH = Unit(2, 1, UnitKind.BRANCH, "机修车间党支部")
KNOWN = (Member(10, 2, "张三", MemberKind.WORKING, "", "007"), Member(11, 2, "李四"))


TODAY = date(2026, 9, 18)
BOOKS = Books((ROOT, BRANCH), KNOWN, ROOT, TODAY)


def reasons(*lines: RosterLine) -> list[tuple[int, str]]:
    return [(r.number, r.why) for r in plan(lines, BOOKS).refused]


def test_rows_are_added_changed_or_left_as_they_are() -> None:
    found = plan(
        [
            RosterLine(2, "张三丰", "机修车间党支部", code="007"),
            RosterLine(3, "李四", "机修车间党支部"),
            RosterLine(4, "王五", "青山小学党支部", sector="中小学校", kind="离退休党员"),
            RosterLine(5, "赵六", "青山小学党支部"),
        ],
        BOOKS,
    )
    assert [(c.before.name, c.after.name) for c in found.changed] == [("张三", "张三丰")]
    assert found.unchanged == 1
    assert [unit.name for unit in found.units] == ["青山小学党支部"]
    assert [(m.name, m.unit, m.kind) for _, m in found.added] == [
        ("王五", -1, MemberKind.RETIRED),
        ("赵六", -1, MemberKind.WORKING),
    ]
    assert found.refused == ()


def test_equal_keys_are_refused_both() -> None:
    pair = (RosterLine(2, "孙七", "机修车间党支部"), RosterLine(9, "孙七", "机修车间党支部"))
    assert reasons(*pair) == [(2, "name_twice"), (9, "name_twice")]
    pair = (RosterLine(2, "孙七", "机修车间党支部", code="1"), RosterLine(3, "周八", "机修车间党支部", code="1"))
    assert reasons(*pair) == [(2, "code_twice"), (3, "code_twice")]


def test_what_cannot_be_read_is_refused_with_its_row() -> None:
    assert reasons(RosterLine(2, "孙七", "")) == [(2, "no_unit")]
    assert reasons(RosterLine(2, "孙七", "机修车间党支部", kind="好人")) == [(2, "unknown_kind")]
    assert reasons(RosterLine(2, "孙七", "新支部", parent="没有的单位")) == [(2, "unknown_parent")]
    assert reasons(RosterLine(2, "孙七", "新支部", sector="海洋")) == [(2, "unknown_sector")]


def test_the_same_list_again_changes_nothing() -> None:
    lines = [RosterLine(2, "张三", "机修车间党支部", code="007"), RosterLine(3, "李四", "机修车间党支部")]
    again = plan(lines, BOOKS)
    assert again.is_empty and again.unchanged == 2


def test_a_name_twice_in_a_unit_needs_a_code_for_each_and_in_two_units_none() -> None:
    assert reasons(RosterLine(2, "孙七", BRANCH.name, code="1"), RosterLine(3, "孙七", BRANCH.name, code="2")) == []
    assert reasons(RosterLine(2, "孙七", BRANCH.name), RosterLine(3, "孙七", ROOT.name)) == []
    one = (RosterLine(2, "孙七", BRANCH.name, code="1"), RosterLine(3, "孙七", BRANCH.name))
    assert reasons(*one) == [(3, "name_twice_one_code")]
    # However it is typed it is the same name: full width, spaces, the kind of dot.
    dots = (RosterLine(2, "买买提·阿", BRANCH.name), RosterLine(3, "买买提•阿", "机修车间 党支部"))
    assert reasons(*dots) == [(2, "name_twice"), (3, "name_twice")]


def test_one_member_is_never_meant_by_two_rows() -> None:
    lines = [RosterLine(2, "李四", BRANCH.name, code="1"), RosterLine(3, "张三丰", BRANCH.name, code="007"), RosterLine(4, "张三", BRANCH.name)]
    found = plan(lines, BOOKS)
    assert [(change.before.id, change.after.name, change.after.code) for change in found.changed] == [(11, "李四", "1"), (10, "张三丰", "007")]
    assert [member.name for _, member in found.added] == ["张三"]
    kept = [change.after for change in found.changed] + [Member(12, 2, "张三")]
    again = plan(lines, Books([ROOT, BRANCH], kept, ROOT, TODAY))
    assert again.is_empty and again.unchanged == 3


def test_another_way_to_type_a_name_changes_nothing() -> None:
    known = [Member(10, 2, "阿依·买买提"), Member(11, 2, "Ａ组张三")]
    lines = [RosterLine(2, "阿依•买买提", BRANCH.name), RosterLine(3, "A组张三", f" {BRANCH.name} ")]
    assert plan(lines, Books([ROOT, BRANCH], known, ROOT, TODAY)).is_empty


def test_what_the_database_could_not_hold_is_refused_by_row() -> None:
    assert reasons(
        RosterLine(2, "孙" * 101, BRANCH.name), RosterLine(3, "孙七", "部" * 101), RosterLine(4, "孙七", BRANCH.name, position="长" * 101),
        RosterLine(5, "孙八", BRANCH.name, code="1" * 61), RosterLine(6, "孙九", BRANCH.name, kind="外" * 500),
    ) == [(2, "too_long"), (3, "too_long"), (4, "position_long"), (5, "code_long"), (6, "unknown_kind")]  # fmt: skip


def test_a_row_the_office_could_not_read_is_refused_and_takes_no_other_with_it() -> None:
    lines = [RosterLine(2, "孙七", BRANCH.name, fault="formula_empty", at_fault="编号"), RosterLine(3, "孙七", BRANCH.name)]
    assert reasons(*lines) == [(2, "formula_empty")]
    short = plan([RosterLine(2, "孙七", BRANCH.name, kind="离退休")], BOOKS)
    assert short.added[0][1].kind == MemberKind.RETIRED
