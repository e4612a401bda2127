"""SQLite's file is held by another program for longer than anybody waits: sentences, never a fault, and no queue without end."""

import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from threading import Barrier
from time import monotonic

import pytest

from survey.actions.house import House
from survey.app import create_app, open_house
from survey.config import Config
from survey.domain.meetings import Stage
from survey.domain.refusals import Away
from survey.store import ballots as box
from survey.store import meetings as kept
from tests.attacks.servers import ROOT, serving
from tests.conftest import make_meeting
from tests.web.desk.desks_for_tests import sit_down, words

FIVE = {f"0.{q}": "0" for q in range(5)} | {"go": "cast"}
SHORT = 0.25
AT_ONCE = 16


@pytest.fixture
def hurried(make_config: Callable[..., Config], tmp_path) -> Config:  # type: ignore[no-untyped-def]
    """A house that waits for a lock a quarter of a second instead of ten."""
    return make_config(f"sqlite:///{tmp_path / 'instance' / 'pingyi.db'}?timeout={SHORT}")


@contextmanager
def held(house: House, *, from_readers_too: bool = False) -> Iterator[None]:
    """Another program in the middle of its work on the file; with `from_readers_too` it has the file to itself."""
    other = sqlite3.connect(str(house.store.url.database), isolation_level=None)
    if from_readers_too:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_phones_and_staff_are_told_to_wait_and_nothing_is_lost(
    hurried: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """Guards: `_away` in survey.store.engine: a lock is no fault of the program; the page keeps what was sent."""
    house = open_house(hurried, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house)
    codes = [code for each in hall.codes.values() for code in each]
    app = create_app(hurried, random=Random(5), testing=True)
    phone, desk = app.test_client(), sit_down(app, house, "secretary")
    desk.token()
    caplog.set_level(logging.DEBUG)
    with held(house):
        for _ in range(2):
            answer = phone.post(f"/b/{codes[0]}", data=FIVE)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert "现在投不进去" in words(answer) and "您填的都还在这一页上。请等一会儿再试一次。" in words(answer)
            assert 'name="0.4" value="0"' in answer.text and 'name="go" value="cast"' in answer.text
        assert phone.get(f"/b/{codes[0]}").status_code == 200, "who only reads is not held up"
        answer = desk.send(f"/{hall.meeting}/close")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "数据库没有回答，或者正被别的程序占用。什么也没有丢，请等一会儿再试一次。" in words(answer)
    assert codes[0] not in caplog.text and "Traceback" not in caplog.text
    with house.store.read() as db:
        assert (box.in_box(db, hall.meeting), kept.get(db, hall.meeting).stage) == (0, Stage.OPEN)
    assert [phone.post(f"/b/{code}", data=FIVE).status_code for code in codes] == [303] * len(codes)
    assert desk.send(f"/{hall.meeting}/close").status_code == 303
    house.store.close()


def test_those_who_wait_do_not_wait_one_after_the_other(hurried: Config) -> None:
    """Guards: the limited wait for one's turn in survey.store.engine; without it the sixteenth waits sixteen times as long."""
    house = open_house(hurried, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house, groups=(("群众代表", AT_ONCE, AT_ONCE),))
    (codes,) = hall.codes.values()
    gate = Barrier(AT_ONCE + 1)

    def vote(code: str) -> bool:
        gate.wait()
        try:
            hall.vote(code)
        except Away:
            return False
        return True

    with held(house), ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(vote, code) for code in codes]
        gate.wait()
        start = monotonic()
        assert not any(each.result() for each in waiting)
        waited = monotonic() - start
    assert waited < AT_ONCE * SHORT / 2, waited
    assert all(hall.vote(code) for code in codes)
    house.store.close()


def test_a_worker_that_is_born_while_the_file_is_held_says_so_and_goes_on(hurried: Config) -> None:
    """Guards: `_finish_what_was_left` in survey.app, and `_load` in web.logins: the page of a failure asks nobody who reads it."""
    house = open_house(hurried, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    house.store.close()
    with held(house, from_readers_too=True):
        app = create_app(hurried, random=Random(5), testing=True)
        app.testing = False
        phone = app.test_client()
        answer = phone.get(f"/b/{code}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "现在打不开" in words(answer) and "请等一会儿再试一次。" in words(answer)
        with phone.session_transaction("/desk") as session:
            session["_user_id"] = "a key"
        for path in ("/desk", "/board", "/desk/units", f"/desk/meetings/{hall.meeting}", "/desk/login", f"/b/{code}"):
            answer = phone.get(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), path
            assert "什么也没有丢" in words(answer), path
    assert phone.get(f"/b/{code}").status_code == 200


def test_the_start_says_in_a_sentence_that_the_file_is_held(hurried: Config) -> None:
    """Guards: the words of Away on a terminal, and `pingyi serve` that ends instead of failing."""
    house = open_house(hurried)
    house.store.upgrade()
    house.store.close()
    environment = {
        "PATH": os.environ["PATH"],
        "PINGYI_DATABASE": hurried.database,
        "PINGYI_INSTANCE": str(hurried.instance),
        "PINGYI_KEYROOM": str(hurried.keyroom),
    }
    command = [sys.executable, "-m", "survey", "serve", "--bind", "127.0.0.1:0"]
    with held(house, from_readers_too=True):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert (
        done.stderr.strip() == "The database does not answer, or another program holds its lock. Nothing was changed."
    )
    with serving(hurried, workers=1) as server:
        assert server.ask("GET", "/").status == 200
