"""The tree of units on both databases: every act, who may, what it leaves, and taking it back."""

from dataclasses import replace

import pytest

from survey.actions import meetings, trees, unit_undos
from survey.actions.house import House
from survey.actions.trees import Ask
from survey.domain.meetings import Entry
from survey.domain.refusals import BadField, NotAllowed, NotFound, Stale, UnitStays
from survey.domain.staff import Staff, StaffRole
from survey.domain.units import Unit, UnitKind
from survey.store import journal, members, outlines, units
from tests.conftest import NOW, TODAY, Hall, hire, make_people, person


def ask(by: Staff, seen: str = "") -> Ask:
    return Ask(by, NOW, TODAY, seen)


def get(house: House, unit: int) -> Unit:
    with house.store.read() as db:
        return units.get(db, unit)


def people(house: House, unit: int) -> set[str]:
    with house.store.read() as db:
        return {member.name for member in members.of_units(db, [unit])}


def add(hall: Hall, name: str, parent: int, **more: object) -> int:
    made = trees.add(hall.house, Unit(0, parent, UnitKind.BRANCH, name, **more), ask(hall.secretary))  # type: ignore[arg-type]
    hall.secretary = person(hall.house, "secretary")
    return made


def do(hall: Hall, act, unit: int, *other: int) -> int:
    """An act after its page was looked at."""
    seen = trees.foresee(hall.house, unit, *other, by=hall.secretary).mark
    return act(hall.house, unit, *other, ask(hall.secretary, seen))


def test_a_unit_is_added_renamed_and_the_renaming_taken_back(house: House) -> None:
    hall = make_people(house)
    made = add(hall, " 新 支部\u200b", hall.root, code="7", sector="school")
    unit = get(house, made)
    assert (unit.name, unit.code, unit.sector, unit.parent) == ("新 支部", "7", "school", hall.root)
    entry = trees.edit(house, replace(unit, name="第二支部", sector=None), ask(hall.secretary, unit.mark))
    assert get(house, made) == replace(unit, name="第二支部", sector=None)
    assert unit_undos.undoable(house, entry, by=hall.secretary)
    assert unit_undos.undo(house, entry, ask(hall.secretary)) == made
    assert get(house, made) == unit
    assert not unit_undos.undoable(house, entry, by=hall.secretary)


def test_the_second_of_two_who_edit_is_told_and_writes_nothing(house: House) -> None:
    hall = make_people(house)
    shown = get(house, hall.branch)
    trees.edit(house, replace(shown, name="甲"), ask(hall.secretary, shown.mark))
    with pytest.raises(Stale):
        trees.edit(house, replace(shown, name="乙"), ask(hall.secretary, shown.mark))
    assert get(house, hall.branch).name == "甲"


def test_a_unit_moves_with_everything_under_it_and_back(house: House) -> None:
    hall = make_people(house)
    below = add(hall, "小组", hall.branch)
    entry = do(hall, trees.move, hall.branch, hall.other_branch)
    with house.store.read() as db:
        assert [each.id for each in units.path(db, below)] == [hall.root, hall.other_branch, hall.branch, below]
        assert outlines.tally(db, hall.other_branch) == outlines.Tally(4, 8, 2, 1)
    unit_undos.undo(house, entry, ask(hall.secretary))
    assert get(house, hall.branch).parent == hall.root


def test_undo_is_refused_when_the_place_it_goes_back_to_is_below_it_now(house: House) -> None:
    hall = make_people(house)
    entry = do(hall, trees.move, hall.branch, hall.other_branch)
    old = get(house, hall.other_branch)
    below = do(hall, trees.move, hall.branch, hall.root)
    do(hall, trees.move, hall.other_branch, hall.branch)
    assert not unit_undos.undoable(house, entry, by=hall.secretary)
    assert not unit_undos.undoable(house, below, by=hall.secretary)
    with pytest.raises(UnitStays):
        unit_undos.undo(house, below, ask(hall.secretary))
    assert get(house, hall.other_branch) == replace(old, parent=hall.branch)


def test_merging_takes_members_and_units_over_and_undo_gives_every_one_back(house: House) -> None:
    hall = make_people(house)
    below = add(hall, "小组", hall.branch)
    with house.store.read() as db:
        before = (units.all_units(db), members.of_units(db, [hall.branch, hall.other_branch]))
    entry = do(hall, trees.merge, hall.branch, hall.other_branch)
    shut = get(house, hall.branch)
    assert (shut.closed_on, shut.into) == (TODAY, hall.other_branch)
    assert get(house, below).parent == hall.other_branch
    assert people(house, hall.branch) == set() and len(people(house, hall.other_branch)) == 4
    with house.store.read() as db:
        assert {m.since for m in members.of_units(db, [hall.other_branch])} == {None, TODAY}
    unit_undos.undo(house, entry, ask(hall.secretary))
    with house.store.read() as db:
        assert (units.all_units(db), members.of_units(db, [hall.branch, hall.other_branch])) == before
        assert journal.get(db, entry + 1)[0] == "unit_undo"


def test_a_merge_is_not_taken_back_once_somebody_who_went_over_has_gone_on(house: House) -> None:
    hall = make_people(house)
    entry = do(hall, trees.merge, hall.branch, hall.other_branch)
    with house.store.write() as db:
        gone = next(m for m in members.of_units(db, [hall.other_branch]) if m.since == TODAY)
        members.change(db, [replace(gone, left_on=TODAY)])
    assert not unit_undos.undoable(house, entry, by=hall.secretary)
    with pytest.raises(Stale):
        unit_undos.undo(house, entry, ask(hall.secretary))


def test_closing_waits_for_members_units_and_meetings_and_reopening_brings_it_back(house: House) -> None:
    hall = make_people(house)
    empty = add(hall, "空支部", hall.root)
    below = add(hall, "小组", empty)
    new = meetings.NewMeeting(empty, TODAY, "", Entry.SLIPS, (("群众", 8, 6),), questionnaire="five_goods")
    meeting = meetings.create(house, new, by=hall.secretary, now=NOW)
    with pytest.raises(UnitStays) as refused:
        do(hall, trees.close, empty)
    assert (refused.value.facts["units"], refused.value.facts["meetings"], refused.value.facts["members"]) == (1, 1, 0)
    meetings.void(house, meeting, reason="不开了", scrutineer="", by=hall.secretary, now=NOW)
    do(hall, trees.close, below)
    entry = do(hall, trees.close, empty)
    assert get(house, empty).is_closed
    with pytest.raises(UnitStays):
        add(hall, "不行", empty)
    with pytest.raises(UnitStays):
        trees.reopen(house, below, ask(hall.secretary))
    assert unit_undos.undo(house, entry, ask(hall.secretary)) == empty
    trees.reopen(house, below, ask(hall.secretary))
    assert not get(house, below).is_closed
    with pytest.raises(UnitStays):
        do(hall, trees.close, hall.branch)


def test_a_unit_whose_meeting_is_running_is_not_merged_away(house: House) -> None:
    hall = make_people(house)
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, (("群众", 8, 6),))
    meetings.create(house, new, by=hall.secretary, now=NOW)
    with pytest.raises(UnitStays) as refused:
        do(hall, trees.merge, hall.branch, hall.other_branch)
    assert refused.value.facts["meetings"] == 1 and not get(house, hall.branch).is_closed


def test_names_among_siblings_differ(house: House) -> None:
    hall = make_people(house)
    with pytest.raises(BadField):
        add(hall, "机修车间党支部", hall.root)
    shown = get(house, hall.branch)
    with pytest.raises(BadField):
        trees.edit(house, replace(shown, name="青山小学党支部"), ask(hall.secretary, shown.mark))
    add(hall, "小组", hall.branch)
    add(hall, "小组", hall.other_branch)
    with pytest.raises(BadField):
        do(hall, trees.merge, hall.branch, hall.other_branch)


def test_what_was_said_before_an_act_must_still_hold(house: House) -> None:
    hall = make_people(house)
    seen = trees.foresee(house, hall.branch, hall.other_branch, by=hall.secretary).mark
    add(hall, "小组", hall.branch)
    for act in (trees.move, trees.merge):
        with pytest.raises(Stale):
            act(house, hall.branch, hall.other_branch, ask(hall.secretary, seen))


def test_nobody_reaches_beyond_his_own_subtree_nor_moves_its_top(house: House) -> None:
    hall = make_people(house)
    hire(house, "below", "支部秘书", role=StaffRole.SECRETARY, unit=hall.branch)
    team = add(hall, "小组", hall.branch)
    below = person(house, "below")
    own = get(house, hall.branch)
    trees.edit(house, replace(own, name="自己改名"), ask(below, own.mark))
    for act in (
        lambda: trees.add(house, Unit(0, hall.root, UnitKind.BRANCH, "外面"), ask(below)),
        lambda: trees.add(house, Unit(0, None, UnitKind.BRANCH, "顶上"), ask(below)),
        lambda: trees.edit(house, replace(get(house, hall.other_branch), name="别人"), ask(below)),
        lambda: trees.move(house, team, hall.root, ask(below)),
        lambda: trees.merge(house, hall.other_branch, hall.branch, ask(below)),
        lambda: trees.merge(house, team, hall.other_branch, ask(below)),
        lambda: trees.close(house, hall.other_branch, ask(below)),
        lambda: trees.foresee(house, team, hall.other_branch, by=below),
    ):
        with pytest.raises(NotFound):
            act()
    for act in (
        lambda: trees.move(house, hall.branch, team, ask(below)),
        lambda: trees.merge(house, hall.branch, team, ask(below)),
        lambda: trees.close(house, hall.branch, ask(below)),
        lambda: trees.reopen(house, hall.branch, ask(below)),
    ):
        with pytest.raises(UnitStays):
            act()
    with pytest.raises(NotAllowed):
        trees.add(house, Unit(0, hall.branch, UnitKind.BRANCH, "看的人"), ask(hall.leader))


def test_what_lies_outside_is_not_taken_back_either(house: House) -> None:
    hall = make_people(house)
    hire(house, "below", "支部秘书", role=StaffRole.SECRETARY, unit=hall.branch)
    team = add(hall, "小组", hall.root)
    entry = do(hall, trees.move, team, hall.branch)
    below = person(house, "below")
    with pytest.raises(NotFound):
        unit_undos.undo(house, entry, ask(below))
    with pytest.raises(NotFound):
        unit_undos.undo(house, 10**6, ask(hall.secretary))
    assert unit_undos.undoable(house, entry, by=hall.secretary)


def test_what_others_did_with_ones_own_top_is_theirs_to_take_back(house: House) -> None:
    """Guards: the look at the asker's top, and at the unit the members went over to, in `unit_undos`."""
    hall = make_people(house)
    hire(house, "below", "下级", role=StaffRole.SECRETARY, unit=hall.branch)
    with house.store.write() as db:
        members.change(db, [replace(m, name=f"{m.name}甲") for m in members.of_units(db, [hall.branch])])
    entry = do(hall, trees.merge, hall.branch, hall.other_branch)
    below = person(house, "below")
    assert not unit_undos.undoable(house, entry, by=below)
    with pytest.raises(UnitStays):
        unit_undos.undo(house, entry, ask(below))
    wide = replace(below, unit=hall.root)
    assert unit_undos.undoable(house, entry, by=wide)
    assert people(house, hall.branch) == set() and get(house, hall.branch).is_closed
