"""Somebody with write access to the database tampers with a closed box: the count refuses, says so, and changes nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from survey.actions import slips
from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.domain.refusals import BoxDiffers, NoKey
from survey.domain.slips import Way
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results as counted
from survey.urn import box as urn
from survey.urn import codes
from survey.web.errors import sentence
from tests.attacks.tamperings import TAMPERINGS, Loot
from tests.conftest import NOW, Hall, make_meeting


def closed_box(house: House) -> tuple[Hall, list[tuple[bytes, int, bytes]]]:
    """Ten of twelve voted; one ballot and its slip were destroyed by a restore and voted anew, which the thief knows."""
    hall = make_meeting(house, groups=(("群众代表", 9, 7), ("党员", 8, 7)))
    (first, ours), (second, theirs) = hall.codes.items()
    hall.vote(ours[0])
    with house.store.write() as db:
        early = list(box.sealed(db, hall.meeting))
        db.execute(text("DELETE FROM ballots"))
        db.execute(text("DELETE FROM slips WHERE state = 'spent'"))
        kept.add_void(db, first, 1)
    new = slips.issue(house, hall.meeting, first, n=1, way=Way.SHEET, by=hall.secretary, now=NOW)
    ours[0] = new[0]
    for code in ours[:5] + theirs[:5]:
        hall.vote(code)
    hall.close({first: 1, second: 1})
    return hall, early


def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    name = "SELECT name FROM sqlite_master WHERE type = 'table'"
    with house.store.read() as db:
        tables = db.execute(text(name)).scalars().all()
        return {table: sorted(map(tuple, db.execute(text(f'SELECT * FROM "{table}"'))), key=repr) for table in tables}


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda each: each.__name__)
def test_the_count_of_a_tampered_box_refuses_says_so_and_changes_nothing(
    house: House, app: Flask, tampering: Callable[[Loot], None]
) -> None:
    """Guards: `bound` and the tag in urn.box.unseal, and the trackers of each group against its spent slips in `_opened`."""
    hall, early = closed_box(house)
    with house.store.write() as db:
        tampering(Loot(db, hall, early))
    before = everything(house)
    with pytest.raises(BoxDiffers) as refused:
        hall.count()
    with app.test_request_context("/"):
        said = sentence(refused.value)
    assert said.status == 409 and "票箱" in said.title + said.text
    assert everything(house) == before
    assert len(house.keys.names()) == 1, "the key waits for another try or for the voiding"


def test_the_same_box_untouched_is_counted(house: House) -> None:
    """The yardstick of the test above: it is the tampering that is refused."""
    hall, _ = closed_box(house)
    hall.count()
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.COUNTED
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == 10


def test_a_slip_made_fresh_again_and_voted_twice_stops_the_count(any_house: House) -> None:
    """Guards: the trackers are compared as lists, not as sets, in actions.results._opened."""
    hall = make_meeting(any_house, groups=(("群众代表", 8, 7),))
    ((group, made),) = hall.codes.items()
    for code in made[:5]:
        hall.vote(code)
    with any_house.store.write() as db:
        db.execute(text("UPDATE slips SET state = 'fresh' WHERE state = 'spent'"))
    hall.vote(made[0])
    with any_house.store.write() as db:
        digests = [codes.slip_digest(any_house.pepper, code) for code in made[:5]]
        for digest in digests[1:]:
            box.spend(db, digest)
    hall.close({group: 1})
    with pytest.raises(BoxDiffers) as refused:
        hall.count()
    assert refused.value.facts["why"] == "trackers"


def test_a_public_key_exchanged_by_sql_is_noticed(any_house: House) -> None:
    """Guards: the private key is found by the public key in the meeting's row (`key_name`)."""
    hall = make_meeting(any_house)
    made = [code for each in hall.codes.values() for code in each]
    for code in made[:11]:
        hall.vote(code)
    with any_house.store.write() as db:
        db.execute(text("UPDATE meetings SET public_key = :key"), {"key": urn.new_key().public})
    hall.vote(made[11])
    hall.close()
    with pytest.raises(NoKey):
        hall.count()
    with any_house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.CLOSED
