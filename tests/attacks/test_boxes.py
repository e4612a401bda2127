"""Somebody with write access to the database tampers with a closed box: the count refuses, says so, and changes nothing."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from survey.actions import ballots, groups, meetings, screens, slips
from survey.actions.house import House
from survey.actions.results import sweep
from survey.domain.meetings import Entry, Stage
from survey.domain.papers import read_paper
from survey.domain.refusals import BadSheet, BoxDiffers, ExchangedKey
from survey.domain.rounds import Scheme, SpoilRule
from survey.domain.slips import Way
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results as counted
from survey.store import rounds
from survey.urn import codes
from survey.web.errors import sentence
from tests.attacks.tamperings import EXCHANGES, TAMPERINGS, Loot, with_another_public_key
from tests.conftest import NOW, Hall, make_meeting, on_postgres


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
    with house.store.read() as db:
        tables = inspect(db).get_table_names()
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


def test_a_slip_made_fresh_again_and_voted_twice_stops_the_count(house: House) -> None:
    """Guards: the trackers are compared as lists, not as sets, in actions.results._opened."""
    hall = make_meeting(house, groups=(("群众代表", 8, 7),))
    ((group, made),) = hall.codes.items()
    for code in made[:5]:
        hall.vote(code)
    with house.store.write() as db:
        db.execute(text("UPDATE slips SET state = 'fresh' WHERE state = 'spent'"))
    hall.vote(made[0])
    with house.store.write() as db:
        digests = [codes.slip_digest(house.pepper, code) for code in made[:5]]
        for digest in digests[1:]:
            box.spend(db, digest)
    hall.close({group: 1})
    with pytest.raises(BoxDiffers) as refused:
        hall.count()
    assert refused.value.facts["why"] == "trackers"


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda each: each.__name__)
def test_a_ballot_is_never_sealed_to_an_exchanged_key_and_its_slip_stays_good(
    house: House, app: Flask, exchange: Callable[[Loot], None]
) -> None:
    """Guards: actions.boxes.check_key before the ballot is sealed and before it is shown; a restart proves no foreign key."""
    hall = make_meeting(house)
    made = [code for each in hall.codes.values() for code in each]
    for code in made[:6]:
        hall.vote(code)
    with house.store.read() as db:
        genuine = db.execute(text("SELECT public_key, key_proof FROM meetings")).one()
    with house.store.write() as db:
        exchange(Loot(db, hall, []))
    sweep(house)
    answers = {"0.0": ["0"]}
    for attempt in (ballots.cast, lambda house, code, _answers: ballots.look(house, code)):
        with pytest.raises(ExchangedKey) as refused:
            attempt(house, made[6], answers)
    with app.test_request_context("/"):
        said = sentence(refused.value)
    assert said.status == 409 and "票签还可以用" in said.text
    with house.store.write() as db:
        assert box.in_box(db, hall.meeting) == 6 and len(box.spent(db, hall.meeting)) == 6
        restore = "UPDATE meetings SET public_key = :public_key, key_proof = :key_proof"
        db.execute(text(restore), {"public_key": genuine.public_key, "key_proof": genuine.key_proof})
    for code in made[6:]:
        hall.vote(code)
    hall.close()
    hall.count()


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda each: each.__name__)
def test_a_box_with_an_exchanged_key_is_not_counted(house: House, exchange: Callable[[Loot], None]) -> None:
    """Guards: actions.boxes.check_key in the count."""
    hall = make_meeting(house)
    for code in [code for each in hall.codes.values() for code in each]:
        hall.vote(code)
    hall.close()
    with house.store.write() as db:
        exchange(Loot(db, hall, []))
    with pytest.raises(ExchangedKey):
        hall.count()
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.CLOSED
    assert len(house.keys.names()) == 1


def test_a_box_is_counted_by_the_rules_its_papers_name_and_by_no_others(house: House, app: Flask) -> None:
    """Guards: `_check_rules` in actions.results.count: a quorum taken out of the round's row after opening is noticed."""
    hall = make_meeting(house, groups=(("群众代表", 14, 7),), open_box=False)
    groups.weigh(house, hall.meeting, {}, rules=groups.Rules(quorum=True), by=hall.secretary, now=NOW)
    hall.scrutineer = meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    with house.store.write() as db:
        rule = db.execute(text("SELECT scheme FROM rounds")).scalar_one()
        db.execute(text("UPDATE rounds SET scheme = :plain"), {"plain": json.dumps(Scheme().as_json())})
    before = everything(house)
    with pytest.raises(BoxDiffers) as refused:
        hall.count()
    with app.test_request_context("/"):
        assert "计票规则被人改过" in sentence(refused.value).title
    assert everything(house) == before
    with house.store.write() as db:
        db.execute(text("UPDATE rounds SET scheme = :plain"), {"plain": rule})
    with pytest.raises(BadSheet):
        hall.count()


@on_postgres
def test_rules_that_change_while_a_meeting_opens_are_those_its_papers_name(house: House) -> None:
    """Guards: rounds.freeze before rounds.get in actions.meetings.open_with."""
    hall = make_meeting(house, open_box=False)
    with house.store.read() as db:
        the_round = kept.get(db, hall.meeting).round
    with ThreadPoolExecutor(1) as pool:
        with house.store.write() as db:
            assert rounds.change_scheme(db, the_round, Scheme(spoil=SpoilRule.FORM))
            opening = pool.submit(meetings.open_box, house, hall.meeting, by=hall.secretary, now=NOW)
            waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
            until = time.monotonic() + 20
            while not db.execute(waiting).scalar_one() and time.monotonic() < until:
                db.execute(text("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()"))
        opening.result(30)
    with house.store.read() as db:
        named = {read_paper(body).scheme for body in kept.papers(db, hall.meeting).values()}
        assert named == {rounds.get(db, the_round).scheme.sha256()} == {Scheme(spoil=SpoilRule.FORM).sha256()}


def test_in_open_mode_nobody_takes_a_ballot_of_a_box_with_an_exchanged_key(house: House) -> None:
    """Guards: actions.boxes.check_key in actions.screens: neither the offer nor the tap makes a slip."""
    hall = make_meeting(house, entry=Entry.SCREEN)
    with house.store.write() as db:
        meeting = kept.get(db, hall.meeting)
        with_another_public_key(Loot(db, hall, []))
    mark = screens.turn(house, meeting.door, NOW)
    with pytest.raises(ExchangedKey):
        screens.screen(house, meeting.door, mark, now=NOW)
    with pytest.raises(ExchangedKey):
        screens.take(house, meeting.door, mark, meeting.groups[0].id, now=NOW)
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).codes == 0


def test_voiding_destroys_the_key_of_the_opening_also_when_the_row_names_another(house: House) -> None:
    """Guards: actions.boxes.destroy_keys looks for the key by its proof, not by what the row says."""
    hall = make_meeting(house)
    with house.store.write() as db:
        with_another_public_key(Loot(db, hall, []))
    meetings.void(house, hall.meeting, reason="锁被换过", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)
    assert house.keys.names() == ()


def test_a_box_opened_before_there_were_proofs_gets_its_own_at_the_next_start(house: House) -> None:
    """Guards: actions.boxes.prove_keys in the sweep: an upgrade in the middle of a meeting loses nothing."""
    hall = make_meeting(house)
    made = [code for each in hall.codes.values() for code in each]
    with house.store.write() as db:
        db.execute(text("UPDATE meetings SET key_proof = NULL"))
    with pytest.raises(ExchangedKey):
        hall.vote(made[0])
    sweep(house)
    for code in made:
        hall.vote(code)
    hall.close()
    hall.count()
