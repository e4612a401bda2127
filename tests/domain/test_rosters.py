"""A member list against what is known."""

from survey.domain.rosters import RosterLine, plan
from survey.domain.units import Member, MemberKind, Unit, UnitKind

ROOT = Unit(1, None, UnitKind.COMMITTEE, "青山镇党委")
BRANCH = Unit(2, 1, UnitKind.BRANCH, "机修车间党支部")
KNOWN = (Member(10, 2, "张三", MemberKind.WORKING, "", "007"), Member(11, 2, "李四"))


def reasons(*lines: RosterLine) -> list[tuple[int, str]]:
    return [(r.number, r.why) for r in plan(lines, [ROOT, BRANCH], KNOWN, root=ROOT).refused]


def test_rows_are_added_changed_or_left_as_they_are() -> None:
    found = plan(
        [
            RosterLine(2, "张三丰", "机修车间党支部", code="007"),
            RosterLine(3, "李四", "机修车间党支部"),
            RosterLine(4, "王五", "青山小学党支部", sector="中小学校", kind="离退休党员"),
            RosterLine(5, "赵六", "青山小学党支部"),
        ],
        [ROOT, BRANCH],
        KNOWN,
        root=ROOT,
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
    again = plan(lines, [ROOT, BRANCH], KNOWN, root=ROOT)
    assert again.is_empty and again.unchanged == 2
