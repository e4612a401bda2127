"""Creating, opening, slips, open mode, rights."""

from datetime import timedelta

import pytest

from survey.actions import ballots, groups, meetings, screens, slips, staff
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.domain.meetings import Entry, Stage
from survey.domain.refusals import (
    BadField,
    BadLogin,
    BoxNotEmpty,
    NotAllowed,
    NotFound,
    StaleTurn,
    TooFew,
    TooMany,
    UnknownCode,
    UsedCode,
    VoidSlip,
    WrongStage,
)
from survey.domain.slips import Way
from survey.store import journal, rounds
from survey.store import meetings as kept
from tests.conftest import NOW, PASSWORD, TODAY, make_meeting, make_people, person
from tests.elections_for_tests import name_candidates


def test_five_fields_make_a_meeting_with_its_round(house: House) -> None:
    hall = make_people(house)
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, [("群众代表", 12, 10)])
    first = meetings.create(house, new, by=hall.secretary, now=NOW)
    second = meetings.create(house, new, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        one, other = kept.get(db, first), kept.get(db, second)
        the_round = rounds.get(db, one.round)
    assert one.title == "机修车间党支部 2026 年第三季度评议会"
    assert one.round == other.round and the_round.period == "2026Q3"
    assert one.stage is Stage.DRAFT


def test_what_lies_outside_the_subtree_is_not_there(house: House) -> None:
    hall = make_meeting(house, open_box=False)
    leader, other = person(house, "leader"), person(house, "other")
    with pytest.raises(NotFound):
        meetings.open_box(house, hall.meeting, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        meetings.open_box(house, hall.meeting, by=leader, now=NOW)
    assert house.keys.names() == (), "a refused opening leaves no key"


def test_a_meeting_of_four_does_not_open(house: House) -> None:
    hall = make_meeting(house, groups=(("群众代表", 9, 4),), open_box=False)
    with pytest.raises(TooFew):
        meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)
    groups.change(house, hall.meeting, [("群众代表", 9, 5)], by=hall.secretary, now=NOW)
    assert meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)


@pytest.mark.parametrize(("present", "texts"), [(7, False), (8, True)])
def test_with_fewer_than_eight_present_the_paper_has_no_text_boxes(house: House, present: int, texts: bool) -> None:
    hall = make_meeting(house, groups=(("群众代表", 9, present),))
    look = ballots.look(house, next(iter(hall.codes.values()))[0])
    assert house.paper(look.paper or "").texts is texts


def test_slips_are_never_more_than_people(house: House) -> None:
    hall = make_meeting(house, groups=(("群众代表", 8, 6),))
    (group,) = hall.codes
    with pytest.raises(TooMany):
        slips.issue(house, hall.meeting, group, n=1, way=Way.SHEET, by=hall.secretary, now=NOW)
    slips.issue(house, hall.meeting, group, n=2, way=Way.LINK, by=hall.secretary, now=NOW)
    with pytest.raises(TooMany):
        slips.issue(house, hall.meeting, group, n=1, way=Way.LINK, by=hall.secretary, now=NOW)
    groups.change(house, hall.meeting, [("群众代表", 9, 7)], by=hall.secretary, now=NOW)
    assert len(slips.issue(house, hall.meeting, group, n=1, way=Way.SHEET, by=hall.secretary, now=NOW)) == 1
    with pytest.raises(BadField):
        groups.change(house, hall.meeting, [("群众代表", 8, 6)], by=hall.secretary, now=NOW)


def test_links_stand_in_the_journal_as_one_number_at_closing(house: House) -> None:
    hall = make_meeting(house, groups=(("群众代表", 8, 6),))
    (group,) = hall.codes
    slips.issue(house, hall.meeting, group, n=1, way=Way.LINK, by=hall.secretary, now=NOW)
    slips.issue(house, hall.meeting, group, n=1, way=Way.LINK, by=hall.secretary, now=NOW)
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        acts = journal.of_meeting(db, hall.meeting)
    assert [entry.act for entry in acts] == ["create", "open", "issue", "close"]
    assert acts[-1].detail == {"links": 2}
    assert all(entry.minute.second == 0 for entry in acts)


def test_a_spoiled_sheet_is_voided_and_printed_anew(house: House) -> None:
    hall = make_meeting(house, groups=(("群众代表", 8, 6),))
    ((group, old),) = hall.codes.items()
    assert slips.void_group(house, hall.meeting, group, by=hall.secretary, now=NOW) == 6
    new = slips.issue(house, hall.meeting, group, n=6, way=Way.SHEET, by=hall.secretary, now=NOW)
    with pytest.raises(VoidSlip):
        hall.vote(old[0])
    hall.vote(new[0])
    with pytest.raises(BoxNotEmpty):
        slips.void_group(house, hall.meeting, group, by=hall.secretary, now=NOW)
    with pytest.raises(UsedCode):
        slips.void_codes(house, hall.meeting, [new[1], new[0]], by=hall.secretary, now=NOW)
    assert hall.vote(new[1]), "all or none: the first code was not voided"
    with pytest.raises(UnknownCode):
        slips.void_codes(house, hall.meeting, ["0000-0000-0000"], by=hall.secretary, now=NOW)
    assert slips.void_codes(house, hall.meeting, [new[2]], by=hall.secretary, now=NOW) == 1


def test_an_empty_box_goes_back_to_draft_and_its_codes_die(house: House) -> None:
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    meetings.back_to_draft(house, hall.meeting, by=hall.secretary, now=NOW)
    assert house.keys.names() == ()
    with pytest.raises(UnknownCode):
        ballots.look(house, code)
    groups.change(house, hall.meeting, [("群众代表", 9, 9)], by=hall.secretary, now=NOW)
    assert meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)


def test_a_box_with_a_ballot_does_not_go_back(house: House) -> None:
    hall = make_meeting(house)
    hall.vote(next(iter(hall.codes.values()))[0])
    with pytest.raises(BoxNotEmpty):
        meetings.back_to_draft(house, hall.meeting, by=hall.secretary, now=NOW)
    assert len(house.keys.names()) == 1


def test_the_screen_turns_over_and_stops_at_those_present(house: House) -> None:
    hall = make_meeting(house, groups=(("群众代表", 8, 5),), entry=Entry.SCREEN)
    with house.store.read() as db:
        meeting = kept.get(db, hall.meeting)
    mark = screens.turn(house, meeting.door, NOW)
    found = screens.screen(house, meeting.door, mark, now=NOW)
    ((group, name, room),) = found.groups
    assert (name, room) == ("群众代表", 5)
    later = NOW + timedelta(seconds=2 * screens.TURN_SECONDS)
    with pytest.raises(StaleTurn):
        screens.screen(house, meeting.door, mark, now=later)
    codes = [screens.take(house, meeting.door, mark, group, now=later) for _ in range(5)]
    with pytest.raises(TooMany):
        screens.take(house, meeting.door, mark, group, now=later)
    with pytest.raises(StaleTurn):
        screens.take(house, meeting.door, mark, group, now=NOW + timedelta(minutes=15))
    assert hall.vote(codes[0])
    with pytest.raises(NotFound):
        screens.screen(house, "nodoor", mark, now=NOW)


def test_a_slips_meeting_has_no_screen_door(house: House) -> None:
    hall = make_meeting(house)
    with house.store.read() as db:
        door = kept.get(db, hall.meeting).door
    with pytest.raises(NotFound):
        screens.screen(house, door, screens.turn(house, door, NOW), now=NOW)


def test_every_questionnaire_of_the_library_makes_a_paper(house: House) -> None:
    hall = make_people(house)
    assert {"five_goods_five_leads", "five_looks", "virtues", "four_questions"} <= library().keys()
    for key, form in library().items():
        new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, [("群众代表", 9, 9)], questionnaire=key)
        meeting = meetings.create(house, new, by=hall.secretary, now=NOW)
        name_candidates(house, meeting, form, by=hall.secretary)
        assert meetings.open_box(house, meeting, by=hall.secretary, now=NOW)


def test_logins_slow_down_after_failures_by_account(house: House) -> None:
    make_people(house)
    assert staff.log_in(house, "secretary", PASSWORD, now=NOW)
    for _ in range(4):
        with pytest.raises(BadLogin) as refused:
            staff.log_in(house, "secretary", "wrong", now=NOW)
        assert refused.value.facts["wait"] == 0
    with pytest.raises(BadLogin):
        staff.log_in(house, "secretary", "wrong", now=NOW)
    with pytest.raises(BadLogin) as refused:
        staff.log_in(house, "secretary", PASSWORD, now=NOW)
    assert refused.value.facts["wait"] > 0
    assert staff.log_in(house, "leader", PASSWORD, now=NOW), "others are not slowed"
    assert staff.log_in(house, "secretary", PASSWORD, now=NOW + timedelta(seconds=10))


def test_a_void_meeting_has_no_way_back(house: House) -> None:
    hall = make_meeting(house)
    with pytest.raises(BadField):
        meetings.void(house, hall.meeting, reason=" ", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)
    meetings.void(house, hall.meeting, reason="停电", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)
    with pytest.raises(WrongStage):
        meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
