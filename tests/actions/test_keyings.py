"""Forms on paper: keyed twice into the box, compared, settled, thrown away; refused with a reason in every other case."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import update

from survey.actions import ballots, keyings, meetings, slips
from survey.actions.house import House
from survey.domain.keyings import Spoil
from survey.domain.meetings import Entry
from survey.domain.refusals import BadForm, BadSheet, BoxDiffers, BoxNotEmpty, HalfKeyed, OnPaper, TooMany, WrongStage
from survey.domain.rounds import SpoilRule
from survey.domain.slips import Way, pretty
from survey.store import ballots as box
from survey.store import journal
from survey.store import keyings as kept
from survey.store import results as counted
from survey.store.tables import KeyedRow
from tests.conftest import NOW, on_sqlite
from tests.forms_for_tests import Pile, make_pile


def in_box(pile: Pile) -> int:
    with pile.house.store.read() as db:
        return box.in_box(db, pile.hall.meeting)


def why(act: Callable[[], object]) -> str:
    with pytest.raises(BadForm) as refused:
        act()
    return str(refused.value.facts["why"])


def count(pile: Pile, left: int = 0) -> None:
    hall = pile.hall
    numbers = {pile.groups[0]: left, pile.groups[1]: 0}
    meetings.set_leftovers(pile.house, hall.meeting, numbers, by=hall.secretary, now=NOW)
    hall.count()


def test_forms_keyed_twice_are_counted_with_the_phones(house: House) -> None:
    """Guards: the whole way from a code on paper to the counts; its tracker stands in the published list."""
    pile = make_pile(house)
    for code in pile.forms[:3]:
        assert pile.key(code, f0_0="3").done == "first" and in_box(pile) == 12 + pile.keyed().done
        done = pile.key(pretty(code).lower(), by=pile.other(), f0_0="3")
        assert (done.done, done.alone) == ("cast", False)
    assert in_box(pile) == 15 and pile.keyed() == kept.Keyed(done=3)
    count(pile, left=1)
    with house.store.read() as db:
        seal = counted.seal(db, pile.hall.meeting)
        ones = {(c.option, c.ballots) for c in counted.counts(db, pile.hall.meeting)[pile.groups[0]] if c.question == "good1"}
        back = [row.returned for row in counted.returned(db, pile.hall.meeting)]
    assert ones == {(0, 6), (2, 3)} and back == [9, 6]
    assert seal is not None
    for code in pile.forms[:3]:
        assert keyings.tracker(house, code) in seal[0]
    assert keyings.tracker(house, pile.forms[3]) not in seal[0]


def test_readings_that_differ_put_nothing_into_the_box_until_a_look_at_the_paper_settles_them(house: House) -> None:
    pile = make_pile(house)
    code = pile.forms[0]
    pile.key(code, f0_0="1", f0_1="x")
    apart = pile.key(code, by=pile.other(), f0_0="2", f0_1="0")
    assert apart.apart == ("0.0", "0.1") and in_box(pile) == 12 and pile.keyed() == kept.Keyed(once=1)
    # One of the two is left open, one says what the form has no box for.
    for settled in ({"0.0": "3"}, {"0.0": "3", "0.1": "9"}, {}):
        assert why(lambda given=settled: pile.key(code, settled=given, f0_0="2", f0_1="0")) == "typed"
    assert in_box(pile) == 12
    done = pile.key(code, settled={"0.0": "3", "0.1": "0", "0.2": "4"}, f0_0="2", f0_1="0")
    assert (done.done, done.alone) == ("cast", True)
    assert pile.keyed() == kept.Keyed(done=1, alone=1, settled=1) and in_box(pile) == 13
    for _ in range(2):
        assert why(lambda: pile.key(code)) == "used"
    assert in_box(pile) == 13
    count(pile)
    with house.store.read() as db:
        of_group = counted.counts(db, pile.hall.meeting)[pile.groups[0]]
    # Settled as the third box; agreed about, so the first box, whatever the settling said.
    assert [c.ballots for c in of_group if (c.question, c.option) == ("good1", 2)] == [1]
    assert [c.ballots for c in of_group if (c.question, c.option) == ("good3", 0)] == [7]
    assert [c.ballots for c in of_group if (c.question, c.option) == ("good2", 0)] == [6]


def test_a_first_keying_can_be_thrown_away_and_the_count_waits_for_every_second(house: House) -> None:
    pile = make_pile(house)
    assert why(lambda: keyings.drop(house, pile.hall.meeting, pile.forms[0], by=pile.hall.secretary, now=NOW)) == "once"
    pile.key(pile.forms[0], f0_0="4")
    with pytest.raises(HalfKeyed) as refused:
        count(pile)
    assert refused.value.facts["waiting"] == 1
    keyings.drop(house, pile.hall.meeting, pile.forms[0], by=pile.hall.secretary, now=NOW)
    assert why(lambda: pile.key(pile.forms[0], settled={})) == "again"
    pile.key(pile.forms[0])
    pile.key(pile.forms[0])
    count(pile)


def test_a_form_torn_or_foreign_comes_back_without_a_ballot(house: House) -> None:
    pile = make_pile(house)
    ask = {"by": pile.hall.secretary, "now": NOW}
    group = pile.groups[0]
    pile.key(pile.forms[0])
    keyings.spoil(house, pile.hall.meeting, pile.forms[0], Spoil.TORN, group=None, **ask)  # type: ignore[arg-type]
    assert why(lambda: pile.key(pile.forms[0])) == "void"
    keyings.spoil(house, pile.hall.meeting, "", Spoil.FOREIGN, group=group, **ask)  # type: ignore[arg-type]
    keyings.unspoil(house, pile.hall.meeting, Spoil.FOREIGN, group=group, by=pile.hall.secretary, now=NOW)
    for reason in (Spoil.FOREIGN, Spoil.TORN):
        assert why(lambda each=reason: keyings.unspoil(house, pile.hall.meeting, each, group=group, by=pile.hall.secretary, now=NOW)) == "none"
    for other in (None, 10**6):
        assert why(lambda each=other: keyings.spoil(house, pile.hall.meeting, "", Spoil.UNREADABLE, group=each, **ask)) == "group"  # type: ignore[arg-type]
    for _ in range(3):
        keyings.spoil(house, pile.hall.meeting, "", Spoil.UNREADABLE, group=group, **ask)  # type: ignore[arg-type]
    assert why(lambda: keyings.spoil(house, pile.hall.meeting, "", Spoil.FOREIGN, group=group, **ask)) == "many"  # type: ignore[arg-type]
    assert pile.keyed() == kept.Keyed(spoiled=4) and in_box(pile) == 12


def test_an_unclear_answer_counts_as_abstained_and_is_told_by_its_reason_after_the_count_alone(house: House) -> None:
    """Guards: the spoiled answers inside the sealed ballot; before the count no table knows of them."""
    pile = make_pile(house)
    for code, changes in zip(pile.forms, ({"f0_0": "x", "f1_0": "x"}, {"f0_0": "x"}, {}, {}), strict=True):
        for _ in range(2):
            pile.key(code, **changes)
    with house.store.read() as db:
        assert kept.spoils(db, pile.hall.meeting) == {}
    count(pile)
    with house.store.read() as db:
        assert kept.spoils(db, pile.hall.meeting) == {pile.groups[0]: {Spoil.MARKS: (0, 3)}}
        of_group = counted.counts(db, pile.hall.meeting)[pile.groups[0]]
        body, _digest = counted.seal(db, pile.hall.meeting) or ("", "")
    assert [c.ballots for c in of_group if c.question == "good1"] == [8]
    assert [c.ballots for c in of_group if c.question == "good2"] == [10]
    sealed = json.loads(body)
    assert sealed["spoiled"] == {"forms": {}, "answers": {"marks": 3}}
    assert [line["returned"] for line in sealed["accounting"]] == [10, 6, 16]


def test_where_the_rule_says_so_one_unclear_answer_spoils_the_form(house: House) -> None:
    pile = make_pile(house, rule=SpoilRule.FORM)
    for code, changes in zip(pile.forms, ({"f0_0": "x"}, {"f0_0": "0"}, {}, {"f2_1": "x"}), strict=True):
        done = [pile.key(code, **changes).done for _ in range(2)]
        assert done == ["first", "void" if "x" in changes.values() else "cast"]
        assert why(lambda each=code: pile.key(each)) == ("void" if "x" in changes.values() else "used")
    assert pile.keyed() == kept.Keyed(done=2, alone=2, spoiled=2) and in_box(pile) == 14
    count(pile)
    with house.store.read() as db:
        body, _digest = counted.seal(db, pile.hall.meeting) or ("", "")
    sealed = json.loads(body)
    assert sealed["spoiled"] == {"forms": {"marks": 2}, "answers": {}} and len(sealed["trackers"]) == 14
    assert [line["returned"] for line in sealed["accounting"]] == [10, 6, 16]


def test_more_forms_back_than_went_out_are_not_counted(house: House) -> None:
    """Guards: the spoiled forms in domain.meetings.account."""
    pile = make_pile(house)
    for _ in range(2):
        keyings.spoil(house, pile.hall.meeting, "", Spoil.FOREIGN, group=pile.groups[1], by=pile.hall.secretary, now=NOW)
    with pytest.raises(BadSheet) as refused:
        count(pile)
    assert (refused.value.facts["returned"], refused.value.facts["issued"]) == (8, 6)


def test_codes_that_cannot_be_keyed_are_refused_each_with_its_reason(house: House) -> None:
    pile = make_pile(house)
    used, meeting, by = pile.hall.codes[pile.groups[0]][0], pile.hall.meeting, pile.hall.secretary
    new = meetings.NewMeeting(pile.hall.branch, NOW.date(), "", Entry.SLIPS, (("甲", 6, 6),))
    other = meetings.create(house, new, by=by, now=NOW)
    meetings.open_box(house, other, by=by, now=NOW)
    with house.store.read() as db:
        group = meetings.meetings.get(db, other).groups[0].id
    (elsewhere,) = slips.issue(house, other, group, n=1, way=Way.PAPER, by=by, now=NOW)
    reasons = {"0000-0000-0000": "unknown", used: "slip", elsewhere: "other", "7K3M": "length", "7K3M-9Q2W-4RU个": "unknown", "": "length"}
    assert {code: why(lambda each=code: keyings.find(house, meeting, each, by=by, now=NOW)) for code in reasons} == reasons
    with pytest.raises(WrongStage):
        keyings.find(house, other, elsewhere, by=by, now=NOW)
    with pytest.raises(WrongStage):
        keyings.key(house, other, elsewhere, typed={}, by=by, now=NOW)


@on_sqlite
def test_no_phone_casts_a_form_and_says_so(house: House) -> None:
    """Guards: the word of its own in urn.codes.paper_digest; the sentence in actions.ballots._unknown."""
    pile = make_pile(house)
    for act in (lambda: ballots.look(house, pile.forms[0]), lambda: ballots.cast(house, pile.forms[0], {"0.0": ["0"]})):
        with pytest.raises(OnPaper):
            act()


@on_sqlite
def test_a_form_takes_the_place_of_a_slip_and_can_be_made_void_like_one(house: House) -> None:
    pile = make_pile(house)
    hall = pile.hall
    meetings.reopen(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    ask = {"way": Way.PAPER, "by": hall.secretary, "now": NOW}
    with pytest.raises(TooMany) as refused:
        slips.issue(house, hall.meeting, pile.groups[0], n=3, **ask)  # type: ignore[arg-type]
    assert refused.value.facts["most"] == 2
    assert slips.void_codes(house, hall.meeting, [pile.forms[0]], by=hall.secretary, now=NOW) == 1
    assert len(slips.issue(house, hall.meeting, pile.groups[0], n=3, **ask)) == 3  # type: ignore[arg-type]


def test_a_form_made_void_after_its_first_keying_does_not_keep_the_box_from_being_counted(house: House) -> None:
    """Guards: the drop in actions.slips._void_one; the first reading of a void form could be neither keyed nor thrown away."""
    pile = make_pile(house)
    hall = pile.hall
    pile.key(pile.forms[0])
    meetings.reopen(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    assert slips.void_codes(house, hall.meeting, [pile.forms[0]], by=hall.secretary, now=NOW) == 1
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    assert why(lambda: pile.key(pile.forms[0])) == "void" and pile.keyed() == kept.Keyed()
    count(pile)


@on_sqlite
def test_forms_that_came_back_are_not_thrown_away_because_the_box_is_empty(house: House) -> None:
    """Guards: `came_back` in slips.void_group and meetings.back_to_draft: what people filled in is no empty box."""
    pile = make_pile(house, phones=0)
    hall = pile.hall
    pile.key(pile.forms[0])
    keyings.spoil(house, hall.meeting, pile.forms[1], Spoil.TORN, group=None, by=hall.secretary, now=NOW)
    meetings.reopen(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    for act in (
        lambda: slips.void_group(house, hall.meeting, pile.groups[0], by=hall.secretary, now=NOW),
        lambda: meetings.back_to_draft(house, hall.meeting, by=hall.secretary, now=NOW),
    ):
        with pytest.raises(BoxNotEmpty) as refused:
            act()
        assert refused.value.facts["ballots"] == 2
    assert pile.keyed() == kept.Keyed(once=1, spoiled=1)


def test_a_first_keying_somebody_changed_in_the_database_can_be_thrown_away(house: House) -> None:
    """Guards: `drop` and `spoil` look at the slip alone; who writes the database must not be able to stop the count with a byte."""
    pile = make_pile(house)
    for code in pile.forms[:2]:
        pile.key(code)
    with house.store.write() as db:
        db.execute(update(KeyedRow).values(sealed=bytes(40)))
    with pytest.raises(BoxDiffers):
        keyings.find(house, pile.hall.meeting, pile.forms[0], by=pile.hall.secretary, now=NOW)
    other = pile.other()
    keyings.drop(house, pile.hall.meeting, pile.forms[0], by=other, now=NOW)
    keyings.spoil(house, pile.hall.meeting, pile.forms[1], Spoil.TORN, group=None, by=pile.hall.secretary, now=NOW)
    with house.store.read() as db:
        # Who threw somebody's keying away is among those who had the forms in their hands.
        assert journal.has(db, pile.hall.meeting, "key_forms", by=other.id)
    for _ in range(2):
        pile.key(pile.forms[0])
    count(pile)


def test_nothing_of_the_forms_outlives_a_void_meeting(house: House) -> None:
    pile = make_pile(house)
    for _ in range(2):
        pile.key(pile.forms[0])
    pile.key(pile.forms[1])
    keyings.spoil(house, pile.hall.meeting, pile.forms[2], Spoil.TORN, group=None, by=pile.hall.secretary, now=NOW)
    assert pile.keyed() == kept.Keyed(once=1, done=1, alone=1, spoiled=1)
    meetings.void(house, pile.hall.meeting, reason="停电", scrutineer=pile.hall.scrutineer, by=pile.hall.secretary, now=NOW)
    assert pile.keyed() == kept.Keyed()
