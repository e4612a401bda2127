"""A hall that pauses, and the minute before a box is sealed."""

from datetime import timedelta

import pytest

from survey.actions import ballots, clocks, closings, groups, meetings, pauses, screens, slips
from survey.actions.house import House
from survey.domain.closings import seconds_left, stage_now
from survey.domain.meetings import Entry, Stage
from survey.domain.refusals import WrongStage
from survey.domain.slips import Way
from survey.store import journal
from survey.store import meetings as kept
from tests.conftest import NOW, Hall, make_meeting

SOON = NOW + timedelta(seconds=59)
OVER = NOW + timedelta(seconds=60)


def stage_of(hall: Hall) -> Stage:
    with hall.house.store.read() as db:
        return kept.get(db, hall.meeting).stage


def acts_of(hall: Hall) -> list[str]:
    with hall.house.store.read() as db:
        assert journal.first_broken(db, hall.meeting) is None
        return [entry.act for entry in journal.of_meeting(db, hall.meeting)]


def test_nothing_is_cast_or_handed_out_while_a_meeting_pauses_and_all_goes_on_after_it(house: House) -> None:
    hall = make_meeting(house)
    (group, (first, second, *_)), *_ = hall.codes.items()
    hall.vote(first)
    pauses.pause(house, hall.meeting, by=hall.secretary, now=NOW)
    with pytest.raises(WrongStage) as refused:
        hall.vote(second)
    assert refused.value.facts["stage"] == "paused"
    with pytest.raises(WrongStage):
        slips.issue(house, hall.meeting, group, n=1, way=Way.SHEET, by=hall.secretary, now=NOW)
    groups.change(house, hall.meeting, [("群众代表", 9, 7), ("党员", 6, 6)], by=hall.secretary, now=NOW)
    pauses.resume(house, hall.meeting, by=hall.secretary, now=NOW)
    assert hall.vote(second)
    with pytest.raises(WrongStage):
        pauses.resume(house, hall.meeting, by=hall.secretary, now=NOW)
    assert acts_of(hall)[-3:] == ["pause", "change_groups", "resume"]


def test_a_pause_can_end_in_closing_and_in_voiding(house: House) -> None:
    hall = make_meeting(house)
    pauses.pause(house, hall.meeting, by=hall.secretary, now=NOW)
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    assert stage_of(hall) is Stage.CLOSED
    meetings.reopen(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    pauses.pause(house, hall.meeting, by=hall.secretary, now=NOW)
    meetings.void(house, hall.meeting, reason="停电", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)
    assert stage_of(hall) is Stage.VOID and house.keys.names() == ()


def test_the_screen_hands_out_nothing_while_it_pauses_or_after_the_minute(house: House) -> None:
    hall = make_meeting(house, entry=Entry.SCREEN)
    with house.store.read() as db:
        meeting = kept.get(db, hall.meeting)
    mark, group = screens.turn(house, meeting.door, NOW), meeting.groups[0].id
    pauses.close_soon(house, hall.meeting, by=hall.secretary, now=NOW)
    assert screens.take(house, meeting.door, mark, group, now=SOON)
    with pytest.raises(WrongStage):
        screens.take(house, meeting.door, mark, group, now=OVER)
    pauses.pause(house, hall.meeting, by=hall.secretary, now=SOON)
    with pytest.raises(WrongStage):
        screens.take(house, meeting.door, mark, group, now=SOON)


def test_after_the_minute_a_ballot_is_refused_though_nobody_pressed_anything(house: House) -> None:
    hall = make_meeting(house)
    first, second, third = next(iter(hall.codes.values()))[:3]
    pauses.close_soon(house, hall.meeting, by=hall.secretary, now=NOW)
    paper = house.paper(ballots.look(house, first, now=NOW).paper or "")
    given = {name: ["0"] for name in paper.fields if name.endswith(".0")}
    assert ballots.cast(house, first, given, now=SOON)
    with pytest.raises(WrongStage) as refused:
        ballots.cast(house, second, given, now=OVER)
    assert refused.value.facts["stage"] == "closed" and stage_of(hall) is Stage.OPEN
    assert ballots.look(house, second, now=OVER).stage is Stage.CLOSED
    # More time, before it is over, keeps the box open; the slip of the one who was refused is still good.
    pauses.close_soon(house, hall.meeting, by=hall.secretary, now=SOON)
    assert ballots.cast(house, second, given, now=OVER + timedelta(seconds=59))
    pauses.go_on(house, hall.meeting, by=hall.secretary, now=OVER + timedelta(seconds=59))
    assert ballots.cast(house, third, given, now=OVER + timedelta(hours=1))
    assert acts_of(hall)[-3:] == ["close_soon", "extend", "go_on"]


def test_whoever_looks_after_the_minute_closes_the_box_once_and_as_of_its_end(house: House) -> None:
    hall = make_meeting(house)
    pauses.close_soon(house, hall.meeting, by=hall.secretary, now=NOW)
    closings.end(house, hall.meeting, now=SOON)
    assert stage_of(hall) is Stage.OPEN
    for _ in range(2):
        closings.end(house, hall.meeting, now=OVER + timedelta(hours=3))
    assert stage_of(hall) is Stage.CLOSED and acts_of(hall).count("time_up") == 1
    with house.store.read() as db:
        last = journal.of_meeting(db, hall.meeting)[-1]
        assert kept.get(db, hall.meeting).closing is None
    assert (last.minute, last.name) == (OVER.replace(second=0), "")


def test_an_act_after_the_minute_finds_the_box_closed(house: House) -> None:
    hall = make_meeting(house)
    pauses.close_soon(house, hall.meeting, by=hall.secretary, now=NOW)
    for act in (pauses.close_soon, pauses.go_on, pauses.pause, meetings.close):
        with pytest.raises(WrongStage) as refused:
            act(house, hall.meeting, by=hall.secretary, now=OVER)
        assert refused.value.facts["stage"] == "closed"
    left = {group: len(codes) for group, codes in hall.codes.items()}
    meetings.set_leftovers(house, hall.meeting, left, by=hall.secretary, now=OVER)
    assert acts_of(hall)[-2:] == ["time_up", "leftovers"]
    meetings.reopen(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=OVER)
    assert hall.vote(next(iter(hall.codes.values()))[0])


def test_the_clock_of_a_door_tells_the_stage_and_the_seconds_and_changes_nothing(house: House) -> None:
    hall = make_meeting(house)
    with house.store.read() as db:
        door = kept.get(db, hall.meeting).door
    assert clocks.clock(house, door, now=NOW) == clocks.Clock(Stage.OPEN, None)
    pauses.close_soon(house, hall.meeting, by=hall.secretary, now=NOW)
    assert clocks.clock(house, door, now=NOW + timedelta(seconds=17.5)) == clocks.Clock(Stage.OPEN, 43)
    assert clocks.clock(house, door, now=OVER) == clocks.Clock(Stage.CLOSED, None)
    assert stage_of(hall) is Stage.OPEN


def test_only_an_open_box_ends_by_the_clock() -> None:
    assert [stage_now(stage, NOW, NOW) for stage in Stage if stage is not Stage.OPEN] == [
        stage for stage in Stage if stage is not Stage.OPEN
    ]
    assert seconds_left(NOW, OVER) == 0 and seconds_left(None, NOW) is None
