"""The rows of a survey, which are kept, tell nothing of who came when, and a count that dies leaves none of them."""

import os
import zlib
from collections.abc import Mapping
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine, event, text

from survey.actions import ballots, results
from survey.actions.house import House
from survey.app import open_house
from survey.config import Config
from survey.domain.meetings import Stage
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results as counted
from survey.store import strips
from tests.attacks.crashes import POWER_CUT
from tests.conftest import NOW, Hall, make_meeting, on_postgres
from tests.surveys_for_tests import answer, begin, drawn, finish, make_survey, paper_of

PATIENCE = 30


def cast(hall: Hall, said: list[Mapping[str, list[str]]]) -> None:
    """One ballot for each of these answers, in this order."""
    codes = [code for each in hall.codes.values() for code in each]
    for code, given in zip(codes, said, strict=False):
        ballots.cast(hall.house, code, given)


def strip_of(hall: Hall) -> bytes | None:
    with hall.house.store.read() as db:
        return strips.get(db, hall.meeting)


def test_the_same_answers_in_another_order_leave_the_very_same_bytes(house: House) -> None:
    """Guards: the sorting in domain.strips.strip. Two surveys, answered in opposite orders, with other slips and trackers."""
    hall = make_survey(house)
    said = answer(hall, 12)
    finish(hall)
    first = strip_of(hall)
    begin(hall)
    cast(hall, said[::-1])
    finish(hall)
    assert first is not None and strip_of(hall) == first


@on_postgres
def test_all_that_is_kept_of_a_survey_was_written_at_one_moment(house: House) -> None:
    """Guards: the one INSERT of store.strips.add: rows of their own would have xmin and place to be compared."""
    hall = make_survey(house)
    answer(hall, 12)
    finish(hall)
    with house.store.read() as db:
        moments = {
            table: db.execute(text(f"SELECT xmin::text FROM {table} WHERE meeting_id = {hall.meeting}")).scalars().all()
            for table in ("strips", "counts", "opinions", "seals")
        }
    assert len(moments["strips"]) == 1, "twelve answers, one row"
    assert len({moment for each in moments.values() for moment in each}) == 1


def test_no_tracker_code_or_slip_stands_in_a_strip(house: House) -> None:
    """Guards: domain.strips.answers takes marks alone."""
    hall = make_survey(house)
    codes = [code for each in hall.codes.values() for code in each]
    trackers = [ballots.cast(house, code, drawn(paper_of(house, code), house.random)) for code in codes]  # type: ignore[arg-type]
    finish(hall)
    with house.store.read() as db:
        # Unsqueezed by the database's own client or by ours, it is JSON of answers and nothing else.
        body = strips.get(db, hall.meeting)
    assert body is not None
    plain = zlib.decompress(body)
    assert not [each for each in (*trackers, *codes) if each.encode() in plain]


def test_no_row_of_an_evaluation_is_kept_even_when_its_record_calls_it_a_survey(house: House) -> None:
    """Guards: actions.results._keep_strip asks the frozen papers, not the meeting's row, which somebody may have changed."""
    hall = make_meeting(house)
    with house.store.write() as db:
        db.execute(text("UPDATE meetings SET is_survey = TRUE"))
    for code in (code for each in hall.codes.values() for code in each):
        hall.vote(code)
    finish(hall)
    assert strip_of(hall) is None


def die_after_the_strip(config: Config, hall: tuple[int, str], who: object) -> None:
    """Count, and die before the statement that follows the strip's."""
    house = open_house(config)
    written = []

    def look(_db: object, _cursor: object, statement: str, *_more: object) -> None:
        if written:
            os._exit(POWER_CUT)
        if "INSERT INTO strips" in statement:
            written.append(statement)

    event.listen(Engine, "before_cursor_execute", look)
    results.count(house, *hall, by=who, now=NOW)  # type: ignore[arg-type]
    os._exit(0)


def test_a_count_that_dies_after_the_strip_leaves_none_and_is_done_again(house: House, config: Config) -> None:
    """Guards: the strip is written in the one transaction of actions.results.count."""
    hall = make_survey(house)
    answer(hall, 9)
    hall.close()
    house.store.close()
    process = get_context("forkserver").Process(
        target=die_after_the_strip, args=(config, (hall.meeting, hall.scrutineer), hall.secretary)
    )
    process.start()
    process.join(PATIENCE)
    code = process.exitcode
    process.kill()
    process.join()
    process.close()
    assert code == POWER_CUT
    again = open_house(config)
    with again.store.read() as db:
        assert strips.get(db, hall.meeting) is None and counted.counts(db, hall.meeting) == {}
        assert kept.get(db, hall.meeting).stage is Stage.CLOSED and box.in_box(db, hall.meeting) == 9
    results.count(again, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    with again.store.read() as db:
        assert strips.get(db, hall.meeting)
        assert db.execute(text("SELECT count(*) FROM strips")).scalar_one() == 1
    again.store.close()


@pytest.mark.parametrize("cast_of_each", [(9, 8), (9, 7)])
def test_a_group_that_is_too_few_is_not_told_apart_in_the_rows(house: House, cast_of_each: tuple[int, int]) -> None:
    """Guards: `apart` in domain.strips.strip: with words on the paper every group needs eight."""
    hall = make_survey(house, groups=(("职工", 9, 9), ("家属", 9, 9)))
    for codes, n in zip(hall.codes.values(), cast_of_each, strict=True):
        for code in codes[:n]:
            ballots.cast(house, code, {"0.0": ["0"], "1.2": ["车太少"]})
    finish(hall)
    body = strip_of(hall)
    assert body is not None
    plain = zlib.decompress(body).decode()
    assert ("家属" in plain) is (min(cast_of_each) >= 8) and "车太少" in plain
