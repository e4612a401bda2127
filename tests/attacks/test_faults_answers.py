"""A commit whose answer is lost on its way, and a key that cannot be destroyed: the act repeated says what is so, and ends it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from survey.actions import meetings
from survey.actions.house import House
from survey.actions.results import sweep
from survey.config import Config
from survey.domain.meetings import Stage
from survey.domain.refusals import Away, WrongStage
from survey.store import meetings as kept
from tests.conftest import NOW, Hall, make_meeting
from tests.web.desk.desks_for_tests import sit_down, words


@contextmanager
def broken_line(*, too_late: bool) -> Iterator[None]:
    """The connection breaks at the next commit: just after it was done, or just before."""

    def fail(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        # A server whose client is gone before the commit rolls back.
        driver.commit() if too_late else driver.rollback()
        raise OperationalError("COMMIT", {}, OSError("the line is broken"))

    event.listen(Engine, "commit", fail, once=True)
    yield


def state(hall: Hall) -> tuple[Stage, int]:
    """The stage, and how many keys lie in the key room."""
    with hall.house.store.read() as db:
        return kept.get(db, hall.meeting).stage, len(hall.house.keys.names())


@pytest.mark.parametrize(("too_late", "left"), [(True, (Stage.OPEN, 1)), (False, (Stage.DRAFT, 0))])
def test_an_opening_nobody_heard_of_keeps_the_key_of_its_box(house: House, too_late: bool, left: object) -> None:
    """Guards: actions.boxes.destroy_unless_taken: a box that is open without its key could never be counted."""
    hall = make_meeting(house, open_box=False)
    with broken_line(too_late=too_late), pytest.raises(Away):
        meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)
    assert state(hall) == left


def test_a_count_nobody_heard_of_is_finished_when_it_is_repeated(house: House) -> None:
    """Guards: the key of a counted box, destroyed by the count that finds it counted already."""
    hall = make_meeting(house)
    for each in hall.codes.values():
        for code in each:
            hall.vote(code)
    hall.close()
    with broken_line(too_late=True), pytest.raises(Away):
        hall.count()
    assert state(hall) == (Stage.COUNTED, 1)
    with pytest.raises(WrongStage):
        hall.count()
    assert state(hall) == (Stage.COUNTED, 0)


def test_a_key_that_cannot_be_destroyed_is_told_and_destroyed_by_the_next_start(
    app: Flask, house: House, config: Config
) -> None:
    """Guards: KeyStays in survey.urn.keyroom: the act is done, and nobody is told that it was not."""
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    (name,) = house.keys.names()
    path = config.keyroom / f"{name}.key"
    path.unlink()
    path.mkdir()
    answer = desk.send(f"/{hall.meeting}/void", reason="停电", scrutineer=hall.scrutineer)
    assert answer.status_code == 503
    assert "这一步已经做完，但钥匙还没有销毁" in words(answer) and "请管理员处理好，再重新启动服务" in words(answer)
    assert state(hall) == (Stage.VOID, 1)
    path.rmdir()
    path.write_bytes(b"k" * 32)
    assert sweep(house) == 1
    assert state(hall) == (Stage.VOID, 0)
