"""A committee's meeting that rates several of its branches: whom the papers name, how it is counted, and who is left out."""

import json

import pytest

from survey.actions import groups, meetings, rated, slips, units
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.domain.refusals import BadField, NotFound, WrongStage
from survey.domain.slips import Way
from survey.domain.units import Unit, UnitKind
from survey.store import meeting_units, members
from survey.store import meetings as kept
from survey.store import units as tree
from tests.conftest import NOW, TODAY, Hall, make_people, on_sqlite, person


def committee(house: House, *, questionnaire: str = "five_goods_five_leads", people: int = 3) -> Hall:
    """A draft of the committee above both branches, ten people present."""
    hall = make_people(house, members=people)
    new = meetings.NewMeeting(hall.root, TODAY, "", Entry.SLIPS, [("群众代表", 12, 10)], questionnaire=questionnaire)
    hall.meeting = meetings.create(house, new, by=hall.secretary, now=NOW)
    return hall


def opened(hall: Hall) -> list[list[str]]:
    """Open, make the slips, and whom the paper names: (key, audience, label, note, section)."""
    hall.scrutineer = meetings.open_box(hall.house, hall.meeting, by=hall.secretary, now=NOW) or ""
    with hall.house.store.read() as db:
        (group,) = kept.get(db, hall.meeting).groups
        (body,) = kept.papers(db, hall.meeting).values()
    hall.codes[group.id] = list(slips.issue(hall.house, hall.meeting, group.id, n=10, way=Way.SHEET, by=hall.secretary, now=NOW))
    return list(json.loads(body)["targets"])


def choose(hall: Hall, *chosen: int) -> None:
    rated.choose_units(hall.house, hall.meeting, chosen, by=hall.secretary, now=NOW)


def test_the_paper_takes_one_unit_after_the_other_each_with_its_members(house: House) -> None:
    hall = committee(house)
    with house.store.read() as db:
        gone = members.of_units(db, [hall.branch])[0]
    choose(hall, hall.other_branch, hall.branch, 999_999)
    rated.leave_out(house, hall.meeting, [gone.id], by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert meeting_units.rated(db, kept.get(db, hall.meeting)) == meeting_units.Rated(2, 5, 1, False)
        order = [unit.name for unit in meeting_units.units(db, kept.get(db, hall.meeting))]
    named = [target[2] for target in opened(hall) if target[1] != "general"]
    assert [name for name in named if name in order] == order == sorted(order)
    first, second = (named.index(name) for name in order)
    assert first == 0 and len(named) == 7 and gone.name not in named[(0 if order[0] == "机修车间党支部" else second) :][:3]


def test_units_alone_without_members_and_back_to_the_own_unit(house: House) -> None:
    hall = committee(house)
    choose(hall, hall.branch, hall.other_branch)
    rated.leave_out(house, hall.meeting, (), by=hall.secretary, now=NOW, units_only=True)
    with house.store.read() as db:
        assert meeting_units.rated(db, kept.get(db, hall.meeting)).units_only
    assert [target[1] for target in opened(hall) if target[1] != "general"] == ["unit", "unit"]
    meetings.back_to_draft(house, hall.meeting, by=hall.secretary, now=NOW)
    choose(hall, hall.root)
    with house.store.read() as db:
        assert [unit.id for unit in meeting_units.units(db, kept.get(db, hall.meeting))] == [hall.root]
    choose(hall)
    assert [target[0] for target in opened(hall) if target[1] == "unit"] == [f"u{hall.root}"]


def test_only_units_at_or_below_the_host_that_are_open_still(house: House) -> None:
    hall = committee(house)
    choose(hall, hall.branch, hall.other_branch)
    with house.store.write() as db:
        tree.change_unit(db, Unit(**{**_fields(tree.get(db, hall.branch)), "closed_on": TODAY}))
    assert [target[0] for target in opened(hall) if target[1] == "unit"] == [f"u{hall.other_branch}"]
    with pytest.raises(WrongStage):
        choose(hall, hall.other_branch)


def test_a_branch_rates_nobody_beside_it_or_above_it(house: House) -> None:
    hall = make_people(house)
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, [("群众代表", 12, 10)])
    hall.meeting = meetings.create(house, new, by=hall.secretary, now=NOW)
    choose(hall, hall.root, hall.other_branch)
    with house.store.read() as db:
        assert [unit.id for unit in meeting_units.units(db, kept.get(db, hall.meeting))] == [hall.branch]
    with pytest.raises(NotFound):
        rated.choose_units(house, hall.meeting, [hall.branch], by=person(house, "other"), now=NOW)


@on_sqlite
def test_more_units_than_one_paper_can_hold_are_refused(house: House) -> None:
    hall = committee(house)
    made = [
        units.found(house, Unit(0, hall.root, UnitKind.BRANCH, f"第{n}支部"), now=NOW) for n in range(rated.MOST_UNITS + 1)
    ]
    with pytest.raises(BadField) as refused:
        choose(hall, *made)
    assert refused.value.facts["most"] == rated.MOST_UNITS
    choose(hall, *made[:-1])


@on_sqlite
def test_where_no_unit_heads_its_members_each_carries_the_name_of_his(house: House) -> None:
    hall = committee(house, questionnaire="five_leads")
    groups.change(house, hall.meeting, [("群众代表", 12, 10)], by=hall.secretary, now=NOW)
    choose(hall, hall.branch, hall.other_branch)
    notes = [target[3] for target in opened(hall) if target[1] == "member"]
    assert len(notes) == 6 and sum(note.endswith("，机修车间党支部") for note in notes) == 3


def _fields(unit: Unit) -> dict[str, object]:
    return {name: getattr(unit, name) for name in Unit.__dataclass_fields__}
