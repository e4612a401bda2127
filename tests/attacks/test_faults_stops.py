"""Stopping a server: who is in the middle of something is answered first, and nobody waits for a worker that did not hear."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from sqlalchemy import create_engine, text

from survey.actions.house import House
from survey.config import Config
from survey.store import ballots as box
from tests.attacks.servers import PATIENCE, ROOT, Answer, Server, serving
from tests.conftest import make_meeting, on_sqlite

FIVE = {f"0.{q}": "0" for q in range(5)} | {"go": "cast"}
# As many as one worker can have in hand, should all of them come to the same one.
PHONES = 9
WORKERS = 3


@contextmanager
def slow(house: House) -> Iterator[None]:
    """Nobody gets a ballot into the box for as long as the block lasts."""
    if house.store.is_sqlite:
        other = sqlite3.connect(str(house.store.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    engine = create_engine(house.store.url)
    with engine.connect() as db:
        db.execute(text("LOCK TABLE ballots IN SHARE MODE"))
        yield
    engine.dispose()


def taken(port: int) -> int:
    """Connections at this port whose request the server has read: Linux's own table says so."""
    found = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _slot, local, _remote, state, queues, *_rest = line.split()
        if int(local.rpartition(":")[2], 16) != port:
            continue
        waiting = int(queues.partition(":")[2], 16)
        if state == "0A" and waiting:
            return 0
        found += state == "01" and not waiting
    return found


def until(so: Callable[[], bool]) -> None:
    """Ask until it is so; nothing is slept through."""
    end = monotonic() + PATIENCE
    while not so():
        assert monotonic() < end, "it never was so"


def begin(server: Server, pool: ThreadPoolExecutor, codes: list[str]) -> list[Future[Answer]]:
    """Phones that have sent their ballot and wait for the answer."""
    sent = [pool.submit(server.ask, "POST", f"/b/{code}", FIVE) for code in codes]
    until(lambda: taken(server.port) == len(codes))
    return sent


def test_who_is_in_the_middle_of_voting_is_answered_before_the_server_stops(config: Config, house: House) -> None:
    """Guards: the graceful timeout in survey.server.serve, with several workers, and that an answer comes after its commit."""
    hall = make_meeting(house, groups=(("群众代表", PHONES + 5, PHONES + 5),))
    (codes,) = hall.codes.values()
    with serving(config, workers=WORKERS, threads=PHONES) as server, ThreadPoolExecutor(PHONES) as pool:
        for code in codes[PHONES:]:
            assert server.ask("POST", f"/b/{code}", FIVE).status == 303
        with slow(house):
            sent = begin(server, pool, codes[:PHONES])
            server.process.terminate()
            until(lambda: b"Handling signal: term" in server.output)
            assert not any(each.done() for each in sent)
        assert [each.result(PATIENCE).status for each in sent] == [303] * PHONES
        log = server.stop()
    assert server.process.returncode == 0
    assert "SIGKILL" not in log and not [code for code in codes if code in log]
    with house.store.read() as db:
        assert box.in_box(db, hall.meeting) == len(box.spent(db, hall.meeting)) == len(codes)


DEAF = """
import os, signal, sys
from gunicorn import util
from survey.cli import main

seed = util.seed

def seeded():
    # gunicorn calls this in a newborn worker before the worker has handlers of its own: here each is told to stop, as the arbiter is.
    if os.getppid() == MASTER:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(MASTER, signal.SIGTERM)
    return seed()

MASTER = os.getpid()
util.seed = seeded
raise SystemExit(main(sys.argv[1:]))
"""


@on_sqlite
def test_a_worker_told_to_stop_while_it_is_born_stops(config: Config, house: House) -> None:
    """Guards: survey.server._Arbiter, which holds the signal back over a birth; gunicorn alone loses it, waits 30 seconds and kills."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PINGYI_DATABASE": config.database,
        "PINGYI_INSTANCE": str(config.instance),
        "PINGYI_KEYROOM": str(config.keyroom),
    }
    command = [sys.executable, "-c", DEAF, "serve", "--bind", "127.0.0.1:0", "--workers", str(WORKERS)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=2 * PATIENCE)
    assert done.returncode == 0, done.stderr
    # A worker that has to be killed says no word.
    assert done.stderr.count("Worker exiting") == done.stderr.count("Booting worker") > 0, done.stderr


@on_sqlite
def test_a_worker_born_after_a_kill_hears_the_stop(config: Config, house: House) -> None:
    """Guards: the same, by a real kill -9 just before a real SIGTERM."""
    with serving(config, workers=2) as server:
        until(lambda: len(server.workers()) == 2)
        server.kill(server.workers()[0])
        until(lambda: server.output.count(b"Booting worker") == 3)
        log = server.stop()
    assert log.count("Worker exiting") == 2 and log.count("SIGKILL") == 1, log
