"""Casting: the slip is spent and the ballot is in, both or neither; and the count that follows."""

import pytest
from sqlalchemy import text

from survey.actions import ballots, meetings, results
from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.domain.refusals import BadAnswer, BoxDiffers, UnknownCode, UsedCode, VoidSlip, WrongScrutineer, WrongStage
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Validity
from survey.domain.slips import SlipState, pretty
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results as counted
from tests.conftest import NOW, make_meeting


def test_a_meeting_goes_from_slips_to_counts(house: House) -> None:
    hall = make_meeting(house)
    first, second = hall.codes
    trackers = [hall.vote(code, f1_0="2") for code in hall.codes[first]]
    trackers += [hall.vote(code, f1_0="3") for code in hall.codes[second][:5]]
    hall.close({first: 0, second: 1})
    hall.count()
    with house.store.read() as db:
        meeting = kept.get(db, hall.meeting)
        counts = counted.counts(db, hall.meeting)
        back = {row.group: row.returned for row in counted.returned(db, hall.meeting)}
        seal = counted.seal(db, hall.meeting)
        assert box.in_box(db, hall.meeting) == 0
    assert meeting.stage is Stage.COUNTED
    assert back == {first: 6, second: 5}
    member = house.paper  # the first member's first question was answered 2 by six and 3 by five
    assert member is not None
    ones = {(c.option, c.ballots) for c in counts[first] if c.target.startswith("m") and c.question == "lead1"}
    assert (2, 6) in ones
    assert seal is not None and all(tracker in seal[0] for tracker in trackers)
    assert house.keys.names() == ()
    with pytest.raises(UnknownCode):
        ballots.look(house, hall.codes[first][0])


def test_a_used_slip_answers_every_retry_with_the_same_tracker(house: House) -> None:
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    tracker = hall.vote(code)
    with pytest.raises(UsedCode) as refused:
        hall.vote(code)
    assert refused.value.facts["tracker"] == tracker
    look = ballots.look(house, pretty(code).lower())
    assert (look.state, look.tracker) == (SlipState.SPENT, tracker)


def test_a_bad_answer_does_not_spend_the_slip(house: House) -> None:
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    for answers in ({"0.0": ["9"]}, {"0.0": ["0", "1"]}, {"99.0": ["0"]}, {"0.0": ["满意"]}):
        with pytest.raises(BadAnswer):
            ballots.cast(house, code, answers)
    assert ballots.look(house, code).state is SlipState.FRESH
    assert hall.vote(code)


def test_an_empty_ballot_abstains(house: House) -> None:
    hall = make_meeting(house, groups=(("群众代表", 6, 6),))
    (group, codes), *_ = hall.codes.items()
    for code in codes:
        ballots.cast(house, code, {})
    hall.close()
    hall.count()
    with house.store.read() as db:
        (row,) = counted.returned(db, hall.meeting)
        assert (row.group, row.returned, row.abstained) == (group, 6, 6)
        assert counted.counts(db, hall.meeting) == {}


@pytest.mark.parametrize(("rule", "about"), [(Validity.ANY, 14), (Validity.HALF, 13), (Validity.ALL, 10)])
def test_a_row_with_too_little_in_it_counts_as_abstained(house: House, rule: Validity, about: int) -> None:
    hall = make_meeting(house, groups=(("群众代表", 6, 6),), scheme=Scheme(validity=rule))
    (codes,) = hall.codes.values()
    paper = house.paper(ballots.look(house, codes[0]).paper or "")
    fields = [name for name, (t, _question) in paper.fields.items() if t == 0]
    assert len(fields) == 5 and paper.targets[0].key.startswith("u") and paper.validity is rule
    # Two mark all five about the branch, one three, one a single one, two nothing; about everybody else all mark nothing.
    for code, many in zip(codes, (5, 5, 3, 1, 0, 0), strict=True):
        ballots.cast(house, code, {name: ["0"] for name in fields[:many]})
    hall.close()
    hall.count()
    with house.store.read() as db:
        (row,) = counted.returned(db, hall.meeting)
        (counts,) = counted.counts(db, hall.meeting).values()
    assert sum(each.ballots for each in counts) == about and {each.target for each in counts} == {paper.targets[0].key}
    assert (row.returned, row.abstained) == (6, 2)


def test_a_closed_box_takes_nothing_and_reopens_with_the_second_person(house: House) -> None:
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    with pytest.raises(WrongStage):
        hall.vote(code)
    with pytest.raises(WrongScrutineer):
        meetings.reopen(house, hall.meeting, "0000-0000-0000", by=hall.secretary, now=NOW)
    meetings.reopen(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    assert hall.vote(code)


def test_the_count_needs_the_second_person_and_happens_once(house: House) -> None:
    hall = make_meeting(house, groups=(("群众代表", 6, 6),))
    for code in next(iter(hall.codes.values())):
        hall.vote(code)
    hall.close()
    for wrong in ("", "nonsense", "0000-0000-0000"):
        with pytest.raises(WrongScrutineer):
            results.count(house, hall.meeting, wrong, by=hall.secretary, now=NOW)
    hall.count()
    with pytest.raises(WrongStage):
        hall.count()


def test_a_ballot_added_changed_or_removed_stops_the_count(house: House) -> None:
    hall = make_meeting(house, groups=(("群众代表", 6, 6),))
    for code in next(iter(hall.codes.values())):
        hall.vote(code)
    hall.close()
    with house.store.write() as db:
        key = box.sealed(db, hall.meeting)[0][0]
        db.execute(text("DELETE FROM ballots WHERE key = :key"), {"key": key})
    with pytest.raises(BoxDiffers):
        hall.count()
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.CLOSED
        assert counted.counts(db, hall.meeting) == {}


def test_voiding_destroys_ballots_and_key_and_tells_the_phones(house: House) -> None:
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    hall.vote(code)
    meetings.void(house, hall.meeting, reason="停电", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)
    assert house.keys.names() == ()
    with pytest.raises(VoidSlip) as refused:
        hall.vote(code)
    assert refused.value.facts["meeting"] is True
    with house.store.read() as db:
        assert box.in_box(db, hall.meeting) == 0


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '{"format":1}', '{"format":9}'])
def test_a_paper_that_is_none_any_more_stops_the_count(house: House, body: str) -> None:
    hall = make_meeting(house, groups=(("群众代表", 6, 6),))
    for code in next(iter(hall.codes.values())):
        hall.vote(code)
    hall.close()
    with house.store.write() as db:
        db.execute(text("UPDATE papers SET body = :body"), {"body": body})
    with pytest.raises(BoxDiffers):
        hall.count()
