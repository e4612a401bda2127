"""People fail, too: the second person never comes, the printed slips are lost, more comes back than went out. Each has its way out."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, update

from survey.actions import keyings, meetings, pauses, results, slips
from survey.actions.house import House
from survey.domain.keyings import Spoil
from survey.domain.meetings import Stage
from survey.domain.refusals import BadField, BadSheet, Refused, TooMany, UsedCode, VoidSlip, WrongScrutineer
from survey.domain.slips import Way
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results as counted
from survey.store.tables import BallotRow, SpoilRow
from tests.attacks.apart import everything
from tests.attacks.visitors import balanced
from tests.conftest import NOW, PASSWORD, Hall, make_meeting, on_sqlite, person
from tests.forms_for_tests import make_pile


def all_codes(hall: Hall) -> list[str]:
    return [code for codes in hall.codes.values() for code in codes]


def refused(hall: Hall, act: Callable[[], object], why: type[Refused]) -> None:
    """It is refused, and not a row is another."""
    before = everything(hall.house)
    with pytest.raises(why):
        act()
    assert everything(hall.house) == before


def test_without_the_second_person_nothing_is_counted_or_reopened_and_two_accounts_make_it_void(house: House) -> None:
    """Guards: `check_scrutineer` in results.count, reopen and void; `check_second`, which takes nobody for two people."""
    hall = make_meeting(house)
    ask = {"by": hall.secretary, "now": NOW}
    lost = hall.scrutineer
    # The slip of an opening that was taken back is no slip of the next one.
    meetings.back_to_draft(house, hall.meeting, **ask)  # type: ignore[arg-type]
    hall.scrutineer = meetings.open_box(house, hall.meeting, **ask) or ""  # type: ignore[arg-type]
    for group in hall.codes:
        hall.codes[group] = list(slips.issue(house, hall.meeting, group, n=6, way=Way.SHEET, **ask))  # type: ignore[arg-type]
    for code in all_codes(hall):
        hall.vote(code)
    hall.close()
    guesses = ["", lost, all_codes(hall)[0], PASSWORD, "secretary", "0000-0000-0000", hall.scrutineer[:-1], hall.scrutineer + "0", "%", "\x00"]
    for guess in guesses:
        refused(hall, lambda typed=guess: results.count(house, hall.meeting, typed, **ask), WrongScrutineer)
        refused(hall, lambda typed=guess: meetings.reopen(house, hall.meeting, typed, **ask), WrongScrutineer)
        refused(hall, lambda typed=guess: meetings.void(house, hall.meeting, reason="没来", scrutineer=typed, **ask), WrongScrutineer)
    for nobody in (hall.secretary, person(house, "other")):
        refused(hall, lambda who=nobody: meetings.void(house, hall.meeting, reason="没来", scrutineer=who, **ask), BadField)
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.CLOSED and box.in_box(db, hall.meeting) == 12
    meetings.void(house, hall.meeting, reason="监票人没来", scrutineer=person(house, "admin"), **ask)  # type: ignore[arg-type]
    with house.store.read() as db:
        assert box.in_box(db, hall.meeting) == 0
    assert house.keys.names() == () and balanced(house) == []
    print(f"{len(guesses) * 3 + 2} tries without a second person, none went through")


def test_slips_that_were_lost_on_the_way_are_made_void_and_printed_anew(house: House) -> None:
    """Guards: void_group while the box is empty, void_codes after; a lost slip that turns up again votes for nobody."""
    hall = make_meeting(house)
    ask = {"by": hall.secretary, "now": NOW}
    (first, found_again), (second, others) = hall.codes.items()
    refused(hall, lambda: slips.issue(house, hall.meeting, first, n=1, way=Way.SHEET, **ask), TooMany)
    assert slips.void_group(house, hall.meeting, first, **ask) == 6  # type: ignore[arg-type]
    hall.codes[first] = list(slips.issue(house, hall.meeting, first, n=6, way=Way.SHEET, **ask))  # type: ignore[arg-type]
    for code in found_again:
        refused(hall, lambda old=code: hall.vote(old), VoidSlip)
    for code in (*hall.codes[first], *others[:5]):
        hall.vote(code)
    refused(hall, lambda: slips.void_codes(house, hall.meeting, [others[5], others[0]], **ask), UsedCode)
    assert slips.void_codes(house, hall.meeting, [others[5]], **ask) == 1  # type: ignore[arg-type]
    hall.vote(*slips.issue(house, hall.meeting, second, n=1, way=Way.SHEET, **ask))  # type: ignore[arg-type]
    assert balanced(house) == []
    hall.close()
    hall.count()
    with house.store.read() as db:
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == 12


def test_more_in_the_box_than_went_out_is_not_counted_until_the_numbers_are_right(house: House) -> None:
    """Guards: the gates of check_issue and of the accounting before the count; nobody's ballot is the price of a wrong number."""
    hall = make_meeting(house)
    ask = {"by": hall.secretary, "now": NOW}
    (first, _), (second, _) = hall.codes.items()
    for way in (Way.SHEET, Way.PAPER, Way.LINK, Way.SCREEN):
        refused(hall, lambda by_way=way: slips.issue(house, hall.meeting, first, n=3, way=by_way, **ask), TooMany)
    for code in all_codes(hall):
        hall.vote(code)
    hall.close({first: 1, second: 0})
    refused(hall, hall.count, BadSheet)
    meetings.set_leftovers(house, hall.meeting, {first: 0, second: 0}, **ask)  # type: ignore[arg-type]
    hall.count()
    with house.store.read() as db:
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == 12


@on_sqlite
def test_the_balance_knows_boxes_that_pause_and_forms_that_are_spoiled(house: House) -> None:
    """Guards: `balanced`, which every walk by lot ends with: it holds at each step, and sees what is missing."""
    pile = make_pile(house)
    ask = {"by": pile.hall.secretary, "now": NOW}
    keyings.spoil(house, pile.hall.meeting, pile.forms[0], Spoil.TORN, group=None, **ask)  # type: ignore[arg-type]
    keyings.spoil(house, pile.hall.meeting, "", Spoil.FOREIGN, group=pile.groups[0], **ask)  # type: ignore[arg-type]
    pile.key(pile.forms[1])
    assert balanced(house) == []
    meetings.reopen(house, pile.hall.meeting, pile.hall.scrutineer, **ask)  # type: ignore[arg-type]
    pauses.pause(house, pile.hall.meeting, **ask)  # type: ignore[arg-type]
    assert balanced(house) == []
    with house.store.write() as db:
        db.execute(update(SpoilRow).where(SpoilRow.reason == "torn").values(forms=0))
        db.execute(delete(BallotRow).where(BallotRow.group_id == pile.groups[1]))
    assert len(balanced(house)) == 2
