"""A box whose key stands on the scrutineer's slip alone: from the opening to the count, and what a thief or a lost slip gets."""

import pytest
from sqlalchemy import select

from survey.actions import ballots, meetings, pauses, rehearsals, results, screens, slips
from survey.actions.house import House
from survey.config import Config
from survey.domain.meetings import Entry, Stage
from survey.domain.refusals import BadKey, NoKey, NotFound, NotRehearsed, WrongScrutineer, WrongStage
from survey.domain.slip_keys import Word, pretty_key, read_key, spell_key
from survey.domain.slips import Way
from survey.store import ballots as kept_ballots
from survey.store import journal
from survey.store import meetings as kept
from survey.store.tables import Base
from survey.urn import box
from tests.conftest import NOW, TODAY, Hall, make_meeting


def opened(house: House, *, entry: Entry = Entry.SLIPS) -> tuple[Hall, Word]:
    """A meeting opened with its key on the slip."""
    hall = make_meeting(house, open_box=False, entry=entry, groups=(("群众代表", 8, 6),))
    word = meetings.open_with(house, hall.meeting, key_on_slip=True, by=hall.secretary, now=NOW)
    hall.scrutineer = word.code or ""
    return hall, word


def voted(house: House, hall: Hall) -> None:
    """Six slips, six ballots."""
    with house.store.read() as db:
        (group,) = kept.get(db, hall.meeting).groups
    hall.codes[group.id] = list(slips.issue(house, hall.meeting, group.id, n=6, way=Way.SHEET, by=hall.secretary, now=NOW))
    for code in hall.codes[group.id]:
        hall.vote(code)


def test_a_meeting_goes_from_opening_to_count_by_the_key_on_its_slip(house: House) -> None:
    hall, word = opened(house)
    assert house.keys.names() == () and word.key
    rehearsals.rehearse(house, hall.meeting, pretty_key(word.key).lower(), by=hall.secretary, now=NOW)
    rehearsals.rehearse(house, hall.meeting, word.key, by=hall.secretary, now=NOW)
    voted(house, hall)
    hall.close()
    results.count(house, hall.meeting, hall.scrutineer, key=word.key, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        acts = [each.act for each in journal.of_meeting(db, hall.meeting)]
        assert kept.get(db, hall.meeting).stage is Stage.COUNTED and results.results.returned_in_all(db, [hall.meeting])[hall.meeting] == 6
    assert acts == ["create", "open", "rehearse", "issue", "close", "leftovers", "count"], "trying twice is one act"
    assert house.keys.names() == ()


def test_before_the_rehearsal_no_ballot_is_made_in_any_way(house: House) -> None:
    hall, word = opened(house, entry=Entry.SCREEN)
    with house.store.read() as db:
        meeting = kept.get(db, hall.meeting)
    (group,) = meeting.groups
    for way in Way:
        with pytest.raises(NotRehearsed):
            slips.issue(house, hall.meeting, group.id, n=1, way=way, by=hall.secretary, now=NOW)
    mark = screens.turn(house, meeting.door, NOW)
    with pytest.raises(NotRehearsed):
        screens.screen(house, meeting.door, mark, now=NOW)
    with pytest.raises(NotRehearsed):
        screens.take(house, meeting.door, mark, group.id, now=NOW)
    rehearsals.rehearse(house, hall.meeting, word.key or "", by=hall.secretary, now=NOW)
    code = screens.take(house, meeting.door, mark, group.id, now=NOW)
    assert hall.vote(code) and ballots.look(house, code).tracker


def test_a_wrong_key_is_no_rehearsal_and_counts_nothing(house: House) -> None:
    hall, word = opened(house)
    other = spell_key(box.new_key().private)
    assert word.key
    swapped = word.key[:-1] + ("0" if word.key[-1] != "0" else "1")
    wrong = {"": "missing", word.key[1:]: "length", swapped: "check", other: "other"}
    for typed, why in wrong.items():
        with pytest.raises(BadKey) as refused:
            rehearsals.rehearse(house, hall.meeting, typed, by=hall.secretary, now=NOW)
        assert refused.value.facts["why"] == why
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).unrehearsed
    rehearsals.rehearse(house, hall.meeting, word.key, by=hall.secretary, now=NOW)
    voted(house, hall)
    hall.close()
    for typed, why in wrong.items():
        with pytest.raises(BadKey) as refused:
            results.count(house, hall.meeting, hall.scrutineer, key=typed, by=hall.secretary, now=NOW)
        assert refused.value.facts["why"] == why
    with pytest.raises(WrongScrutineer):
        results.count(house, hall.meeting, "7K3M9QX2P4TD", key=word.key, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.CLOSED and kept_ballots.in_box(db, hall.meeting) == 6
    results.count(house, hall.meeting, hall.scrutineer, key=word.key, by=hall.secretary, now=NOW)


def test_with_the_slip_lost_the_meeting_can_only_be_made_void(house: House) -> None:
    hall, word = opened(house)
    rehearsals.rehearse(house, hall.meeting, word.key or "", by=hall.secretary, now=NOW)
    voted(house, hall)
    hall.close()
    assert results.sweep(house) == 0
    with pytest.raises(BadKey):
        results.count(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    meetings.void(house, hall.meeting, reason="监票签丢了", scrutineer=hall.leader, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.VOID and kept_ballots.in_box(db, hall.meeting) == 0


def test_back_to_draft_forgets_the_setting_and_the_old_slip_opens_nothing_more(house: House) -> None:
    hall, old = opened(house)
    rehearsals.rehearse(house, hall.meeting, old.key or "", by=hall.secretary, now=NOW)
    meetings.back_to_draft(house, hall.meeting, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert not kept.get(db, hall.meeting).key_on_slip
    new = meetings.open_with(house, hall.meeting, key_on_slip=True, by=hall.secretary, now=NOW)
    with pytest.raises(BadKey):
        rehearsals.rehearse(house, hall.meeting, old.key or "", by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).unrehearsed, "the rehearsal of the old slip is none of the new one"
    rehearsals.rehearse(house, hall.meeting, new.key or "", by=hall.secretary, now=NOW)
    meetings.back_to_draft(house, hall.meeting, by=hall.secretary, now=NOW)
    assert meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) and len(house.keys.names()) == 1


def test_a_key_stands_on_no_slip_that_nobody_gets_and_on_none_of_a_survey(house: House) -> None:
    hall = make_meeting(house, open_box=False)
    groups = [("答卷人", 9, 9)]
    alone = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, groups, one_officer=True)
    asked = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, groups, questionnaire="needs")
    for new in (alone, asked):
        made = meetings.create(house, new, by=hall.secretary, now=NOW)
        with pytest.raises(BadKey) as refused:
            meetings.open_with(house, made, key_on_slip=True, by=hall.secretary, now=NOW)
        assert refused.value.facts["why"] == "alone"
        with house.store.read() as db:
            assert kept.get(db, made).stage is Stage.DRAFT
    meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)
    with pytest.raises(NotFound):
        rehearsals.rehearse(house, hall.meeting, "", by=hall.secretary, now=NOW)


def test_a_rehearsal_is_of_an_open_box(house: House) -> None:
    hall, word = opened(house)
    pauses.pause(house, hall.meeting, by=hall.secretary, now=NOW)
    with pytest.raises(WrongStage):
        rehearsals.rehearse(house, hall.meeting, word.key or "", by=hall.secretary, now=NOW)


def test_a_copy_of_database_key_room_and_pepper_opens_nothing(house: House, config: Config) -> None:
    """What the setting is for: with the key in the key room the same copy reads every ballot, see tests/attacks/test_thieves.py."""
    hall, word = opened(house)
    assert word.key
    rehearsals.rehearse(house, hall.meeting, word.key, by=hall.secretary, now=NOW)
    voted(house, hall)
    hall.close()
    with pytest.raises(BadKey):
        results.count(house, hall.meeting, hall.scrutineer, key=word.key[::-1], by=hall.secretary, now=NOW)
    private = read_key(word.key)
    with house.store.read() as db:
        meeting = kept.get(db, hall.meeting)
        rows = [tuple(row) for table in Base.metadata.sorted_tables for row in db.execute(select(table))]
    assert meeting.public_key is not None
    with pytest.raises(NoKey):
        house.keys.get(meeting.public_key.hex())
    files = (file for place in (config.instance, config.keyroom) for file in place.rglob("*") if file.is_file())
    seen = [repr(rows).encode(), *(file.read_bytes() for file in files)]
    assert any(meeting.public_key in each or repr(meeting.public_key)[2:-1].encode() in each for each in seen), "what lies there is found"
    for form in (private, word.key.encode(), pretty_key(word.key).encode(), private.hex().encode(), repr(private)[2:-1].encode()):
        assert not any(form in each for each in seen)
