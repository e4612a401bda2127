"""Many hands at one slip, and a ballot that is still on its way while the box is closed."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic

import pytest
from sqlalchemy import Connection, create_engine, text

from survey.actions import ballots, invitations, meetings
from survey.actions.house import House
from survey.domain.meetings import Entry, Stage
from survey.domain.refusals import Away, UnitStays, UsedCode, WrongStage
from survey.domain.slips import SlipState
from survey.domain.staff import StaffRole
from survey.store import ballots as box
from survey.store import invitations as links
from survey.store import meetings as kept
from survey.store import members, staff, units
from survey.store import results as counted
from tests.conftest import NOW, TODAY, Hall, hire, make_meeting, make_people, on_postgres, person

THREADS = 200
PATIENCE = 20.0


def test_two_hundred_threads_on_one_code_drop_one_ballot(house: House) -> None:
    """Guards: the condition `state = fresh` of store.ballots.spend, which every cast must pass inside its transaction."""
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    gate = threading.Barrier(THREADS)

    def vote() -> tuple[str, str]:
        gate.wait()
        try:
            return "in", hall.vote(code)
        except UsedCode as refused:
            return "used", str(refused.facts["tracker"])

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [future.result() for future in [pool.submit(vote) for _ in range(THREADS)]]
    assert sorted(kind for kind, _ in answers) == ["in", *["used"] * (THREADS - 1)]
    assert len({tracker for _, tracker in answers}) == 1
    with house.store.read() as db:
        assert box.in_box(db, hall.meeting) == 1
        assert len(box.spent(db, hall.meeting)) == 1


def test_of_two_counts_at_once_one_counts(house: House) -> None:
    """Guards: the lock on the meeting's row at the start of actions.results.count (`meetings.lock`, BEGIN IMMEDIATE)."""
    hall = make_meeting(house)
    for code in [code for each in hall.codes.values() for code in each]:
        hall.vote(code)
    hall.close()
    gate = threading.Barrier(6)

    def count() -> str:
        gate.wait()
        try:
            hall.count()
        except WrongStage:
            return "late"
        return "counted"

    with ThreadPoolExecutor(6) as pool:
        answers = [future.result() for future in [pool.submit(count) for _ in range(6)]]
    assert sorted(answers) == ["counted", *["late"] * 5]
    with house.store.read() as db:
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == 12


@contextmanager
def another(house: House) -> Iterator[Connection]:
    """A connection that is not the house's; what it has not committed is undone at the end."""
    engine = create_engine(house.store.url)
    try:
        with engine.connect() as db:
            yield db
    finally:
        engine.dispose()


@contextmanager
def held(house: House) -> Iterator[Connection]:
    """Another connection that lets nobody put a ballot into the box, as a slow disk would: casts stop after their slip is spent."""
    with another(house) as holder:
        holder.execute(text("LOCK TABLE ballots IN SHARE MODE"))
        yield holder


def waits(house: House, query: str) -> bool:
    """Whether the server says within a while that somebody waits. It is asked again and again; nothing is slept through."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        with house.store.read() as db:
            if db.execute(text(query)).scalar_one():
                return True
    return False


CAST_WAITS = """
SELECT count(*) > 0 FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO ballots%'
"""
CLOSE_WAITS_FOR_CAST = """
SELECT count(*) > 0 FROM pg_stat_activity late
JOIN pg_stat_activity early ON early.pid = ANY (pg_blocking_pids(late.pid))
WHERE late.datname = current_database() AND late.query LIKE '%FROM meetings%FOR UPDATE%'
AND early.query LIKE 'INSERT INTO ballots%'
"""


LINKS_WAIT = """
SELECT count(*) = 2 FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM staff%FOR NO KEY UPDATE%'
"""
TREE_WAITS = """
SELECT count(*) > 0 FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM units%FOR NO KEY UPDATE%'
"""


def close(hall: Hall) -> None:
    meetings.close(hall.house, hall.meeting, by=hall.secretary, now=NOW)


def started(pool: ThreadPoolExecutor, what: Callable[[], object]) -> Future[object]:
    return pool.submit(what)


@on_postgres
def test_closing_waits_for_a_ballot_on_its_way_and_the_count_has_it(house: House) -> None:
    """Guards: FOR SHARE in actions.ballots.cast (`meetings.lock(share=True)`) and FOR UPDATE in `_move`, on PostgreSQL."""
    hall = make_meeting(house)
    (first, codes), (second, others) = hall.codes.items()
    trackers = [hall.vote(code) for code in codes[1:]] + [hall.vote(code) for code in others[1:]]
    with ThreadPoolExecutor(4) as pool:
        with held(house):
            cast = started(pool, lambda: hall.vote(codes[0]))
            assert waits(house, CAST_WAITS), "the cast has spent its slip and waits at the box"
            closing = started(pool, lambda: close(hall))
            assert waits(house, CLOSE_WAITS_FOR_CAST), "closing waits for the cast"
            assert not closing.done() and not cast.done()
            assert ballots.look(house, codes[0]).stage is Stage.OPEN
        trackers.append(str(cast.result(PATIENCE)))
        closing.result(PATIENCE)
    with pytest.raises(WrongStage):
        hall.vote(others[0])
    meetings.set_leftovers(house, hall.meeting, {first: 0, second: 1}, by=hall.secretary, now=NOW)
    hall.count()
    with house.store.read() as db:
        seal = counted.seal(db, hall.meeting)
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == len(trackers) == 11
    assert seal is not None and all(tracker in seal[0] for tracker in trackers)


@on_postgres
def test_a_cast_that_comes_while_the_box_is_being_closed_is_refused_after_it(house: House) -> None:
    """Guards: the stage is read again under the lock in actions.ballots.cast, not taken from the first look."""
    hall = make_meeting(house)
    code, other = next(iter(hall.codes.values()))[:2]
    hall.vote(other)
    with ThreadPoolExecutor(1) as pool:
        with another(house) as secretary:
            assert kept.lock(secretary, hall.meeting) is Stage.OPEN
            cast = started(pool, lambda: hall.vote(code))
            late = "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() "
            assert waits(house, late + "AND wait_event_type = 'Lock' AND query LIKE '%FOR SHARE%'")
            assert kept.move(secretary, hall.meeting, Stage.OPEN, wanted=Stage.CLOSED)
            secretary.commit()
        with pytest.raises(WrongStage):
            cast.result(PATIENCE)
    look = ballots.look(house, code)
    assert (look.state, look.stage) == (SlipState.FRESH, Stage.CLOSED)


@on_postgres
def test_a_cast_whose_connection_is_cut_is_not_acknowledged_and_can_be_sent_again(house: House) -> None:
    """Guards: slip and ballot in one transaction in actions.ballots.cast; a broken connection is `Away` in store.engine."""
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    with ThreadPoolExecutor(1) as pool, held(house):
        cast = started(pool, lambda: hall.vote(code))
        assert waits(house, CAST_WAITS)
        with house.store.read() as db:
            cut = CAST_WAITS.replace("count(*) > 0", "bool_and(pg_terminate_backend(pid))")
            assert db.execute(text(cut)).scalar_one()
        with pytest.raises(Away):
            cast.result(PATIENCE)
    assert ballots.look(house, code).state is SlipState.FRESH
    assert hall.vote(code)
    with house.store.read() as db:
        assert box.in_box(db, hall.meeting) == 1


@on_postgres
def test_no_meeting_is_made_in_a_unit_that_is_being_closed(house: House) -> None:
    """Guards: `units.lock` in actions.meetings.create, before it looks whether the unit is open."""
    hall = make_meeting(house, open_box=False)
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, (("党员", 6, 6),))
    with ThreadPoolExecutor(1) as pool:
        with another(house) as clerk:
            units.lock(clerk)
            made = started(pool, lambda: meetings.create(house, new, by=hall.secretary, now=NOW))
            assert waits(house, TREE_WAITS)
            units.change_unit(clerk, replace(units.get(clerk, hall.branch), closed_on=TODAY))
            clerk.commit()
        with pytest.raises(UnitStays):
            made.result(PATIENCE)


@on_postgres
def test_of_two_links_for_one_account_made_at_once_one_is_good(house: House) -> None:
    """Guards: `staff.lock` in actions.invitations._make; without it neither sees the link of the other, and both stay good."""
    secretary = make_people(house).secretary
    hire(house, "second", "副管", role=StaffRole.ADMIN, unit=secretary.unit)
    admin, second = person(house, "admin"), person(house, "second")
    with ThreadPoolExecutor(2) as pool:
        with another(house) as slow:
            staff.lock(slow, secretary.id)
            made = [started(pool, lambda by=by: invitations.invite_back(house, secretary.id, by=by, now=NOW)) for by in (admin, second)]
            assert waits(house, LINKS_WAIT), "both wait for the account"
        for each in made:
            each.result(PATIENCE)
    with house.store.read() as db:
        assert len(links.below(db, secretary.unit)) == 1


@on_postgres
def test_nobody_who_is_being_taken_off_a_list_comes_onto_a_paper(house: House) -> None:
    """Guards: `units.lock` in actions.meetings.open_box; undoing a list looks at the papers and then deletes."""
    hall = make_meeting(house, open_box=False)
    with ThreadPoolExecutor(1) as pool:
        with another(house) as clerk:
            units.lock(clerk)
            gone = members.of_units(clerk, [hall.branch])[0]
            opened = started(pool, lambda: meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW))
            assert waits(house, TREE_WAITS)
            members.remove(clerk, [gone.id])
            clerk.commit()
        opened.result(PATIENCE)
    with house.store.read() as db:
        bodies = kept.papers(db, hall.meeting).values()
    assert bodies and all('"m' in body and f'"m{gone.id}"' not in body for body in bodies)
