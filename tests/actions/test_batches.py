"""The meetings of a round: made by the hundred from its plan, never twice, and taken back while nobody touched them."""

import pytest
from sqlalchemy import func, insert, select

from survey.actions import batches, groups, meetings, places, plans
from survey.actions.house import House
from survey.domain.plans import Invited, Standing
from survey.domain.refusals import BadField, NotFound
from survey.domain.rounds import Scheme
from survey.domain.staff import StaffRole
from survey.store import coverage, journal, rounds
from survey.store import meetings as kept
from survey.store import plans as kept_plans
from survey.store.coverage import Sums, Wanted
from survey.store.office_tables import UnitRow
from survey.store.tables import GroupRow, JournalRow, MeetingRow
from tests.conftest import NOW, TODAY, Hall, hire, make_people, person
from tests.rounds_for_tests import ANY, batch, heard, plan_round

SCHOOL = ("branch", "school", "school_five_goods")


def make(house: House, hall: Hall, made: int, *, only: set[int] | None = None) -> int:
    return batches.make(house, made, batch(hall.root, only=only), by=hall.secretary, now=NOW)


def standings(house: House, made: int, root: int) -> dict[Standing, int]:
    with house.store.read() as db:
        return dict(sum(coverage.sums(db, kept_plans.get(db, made), root).values(), Sums({})).units)


def test_each_unit_gets_the_questionnaire_of_the_first_rule_that_fits(house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary, rules=(SCHOOL, ANY))
    assert make(house, hall, made) == 2
    with house.store.read() as db:
        planned = kept_plans.get(db, made)
        (workshop,), (school,) = kept.of_units(db, [hall.branch]), kept.of_units(db, [hall.other_branch])
        titles = kept_plans.titles(db, [workshop.questionnaire, school.questionnaire])
        assert journal.first_broken(db, school.id) is None
        assert [each.act for each in journal.of_meeting(db, school.id)] == ["create"]
    assert [rule.questionnaire for rule in planned.plan.rules] == [school.questionnaire, workshop.questionnaire]
    assert titles[school.questionnaire] != titles[workshop.questionnaire]
    # 20 typed once, and as many members as the branch has.
    assert [(group.name, group.due, group.present) for group in school.groups] == [("群众代表", 20, 0), ("党员", 4, 0)]
    assert school.title == "青山小学党支部 2026 年第三季度评议会" and school.held_on == TODAY
    assert school.door != workshop.door


def test_making_them_twice_makes_nothing_twice(house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary)
    assert make(house, hall, made, only={hall.branch}) == 1
    assert make(house, hall, made) == 1
    assert make(house, hall, made) == 0
    assert standings(house, made, hall.root) == {Standing.DRAFT: 2}


def test_a_unit_no_rule_fits_is_named_and_gets_no_meeting(house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary, rules=(SCHOOL,))
    with house.store.read() as db:
        found, total = coverage.page(db, kept_plans.get(db, made), Wanted(hall.root, standings=(Standing.UNFIT,)), first=0, most=9)
    assert [each.name for each in found] == ["机修车间党支部"] and total == 1
    assert make(house, hall, made) == 1
    assert make(house, hall, made, only={hall.branch}) == 0


def test_a_void_meeting_is_none_and_may_be_made_again(house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary)
    make(house, hall, made)
    with house.store.read() as db:
        (first,) = kept.of_units(db, [hall.branch])
    meetings.void(house, first.id, reason="改期", scrutineer="", by=hall.secretary, now=NOW)
    assert standings(house, made, hall.root) == {Standing.VOID: 1, Standing.DRAFT: 1}
    assert make(house, hall, made) == 1
    assert standings(house, made, hall.root) == {Standing.DRAFT: 2}


def test_three_hundred_meetings_take_a_bounded_number_of_queries(house: House) -> None:
    hall = make_people(house)
    with house.store.write() as db:
        db.execute(insert(UnitRow), [
            {"parent_id": hall.branch, "kind": "branch", "name": f"第{n}支部", "code": f"{n:03}", "sector": "rural"} for n in range(300)
        ])  # fmt: skip
    made = plan_round(house, hall.root, by=hall.secretary)
    with heard() as said:
        assert make(house, hall, made) == 302
    assert len(said) < 30
    with house.store.read() as db:
        assert db.execute(select(func.count()).select_from(GroupRow)).scalar_one() == 604
        assert db.execute(select(func.count(MeetingRow.door.distinct()))).scalar_one() == 302


def test_only_drafts_nobody_touched_are_taken_back(house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary)
    make(house, hall, made)
    with house.store.read() as db:
        (touched,) = kept.of_units(db, [hall.branch])
    places.settle(house, touched.id, TODAY, "二楼", by=hall.secretary, now=NOW)
    assert batches.take_back(house, made, by=hall.secretary, now=NOW) == 1
    assert batches.take_back(house, made, by=hall.secretary, now=NOW) == 0
    assert standings(house, made, hall.root) == {Standing.NONE: 1, Standing.DRAFT: 1}
    # The act stays; a meeting that gets the freed number begins with its own acts alone.
    assert make(house, hall, made) == 1
    with house.store.read() as db:
        (again,) = kept.of_units(db, [hall.other_branch])
        assert [each.act for each in journal.of_meeting(db, again.id)] == ["create"]
        assert journal.first_broken(db, again.id) is None
        noted = list(db.execute(select(JournalRow.act).order_by(JournalRow.id)).scalars())
    assert noted.count("create") == 3 and noted.count("unmake_meetings") == 1


def test_the_rules_are_frozen_when_the_first_meeting_opens_and_the_rest_is_not(house: House) -> None:
    hall = make_people(house, members=6)
    made = plan_round(house, hall.root, by=hall.secretary)
    make(house, hall, made, only={hall.branch})
    with house.store.read() as db:
        (first,) = kept.of_units(db, [hall.branch])
        before = kept_plans.get(db, made)
    wanted = plans.Asked(
        hall.root, "改了的名称", "2026H2", before.starts_on, before.ends_on.replace(day=29), (SCHOOL,), (Invited("领导", 1),), "screen", Scheme(decimals=0)
    )  # fmt: skip
    with house.store.write() as db:
        for group in first.groups:
            kept.change_group(db, group.id, {"due": 9, "present": 9})
    meetings.open_box(house, first.id, by=hall.secretary, now=NOW)
    plans.change(house, made, wanted, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        after = kept_plans.get(db, made)
    assert after.frozen and after.name == "改了的名称" and after.ends_on.day == 29
    assert (after.plan, after.scheme, after.period) == (before.plan, before.scheme, before.period)
    assert make(house, hall, made) == 1


def test_a_planned_round_and_those_that_come_about_by_themselves_stand_beside_each_other(house: House) -> None:
    hall = make_people(house)
    ids = [plan_round(house, hall.root, by=hall.secretary) for _ in range(2)]
    new = meetings.NewMeeting(hall.branch, TODAY, "", meetings.Entry.SLIPS, [("群众", 9, 9)])
    both = [meetings.create(house, new, by=hall.secretary, now=NOW) for _ in range(2)]
    with house.store.read() as db:
        (silent,) = {kept.get(db, each).round for each in both}
        assert silent not in ids and rounds.get(db, silent).unit is None


def test_the_rules_of_a_planned_round_are_its_offices_alone(house: House) -> None:
    """A branch finishes its draft; what its ballots weigh, and who else meets, is not its to say."""
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary)
    make(house, hall, made)
    hire(house, "branch", "小周", role=StaffRole.SECRETARY, unit=hall.branch)
    clerk = person(house, "branch")
    with house.store.read() as db:
        (own,) = kept.of_units(db, [hall.branch])
        assert plans.look(db, made, by=clerk).id == made and not plans.runs(clerk, plans.look(db, made, by=clerk))
    with pytest.raises(NotFound):
        groups.weigh(house, own.id, {}, by=clerk, now=NOW)
    with pytest.raises(NotFound):
        batches.make(house, made, batch(hall.branch), by=clerk, now=NOW)
    with pytest.raises(NotFound):
        batches.take_back(house, made, by=clerk, now=NOW)
    places.settle(house, own.id, TODAY, "车间", by=clerk, now=NOW)


def test_a_questionnaire_of_another_house_is_not_found_by_its_number(house: House) -> None:
    hall = make_people(house)
    with pytest.raises(BadField):
        plan_round(house, hall.root, by=hall.secretary, rules=(("", "", "q1"),))
