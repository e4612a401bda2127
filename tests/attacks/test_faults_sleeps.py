"""The laptop of a hall is restarted in the middle, loses its power, or sleeps over the last minute: nobody notices more than a retry."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from random import Random
from signal import SIGCONT, SIGKILL, SIGSTOP

from survey.actions import meetings, pauses, results
from survey.actions.house import House
from survey.app import create_app
from survey.config import Config
from survey.domain.closings import GRACE
from survey.domain.meetings import Stage
from survey.store import ballots as box
from survey.store import journal
from survey.store import meetings as kept
from survey.store import results as counted
from tests.attacks.servers import PATIENCE, Server, serving
from tests.attacks.test_faults_stops import FIVE, begin, slow
from tests.conftest import NOW, Hall, make_meeting, on_sqlite
from tests.web.desk.desks_for_tests import sit_down

PHONES = 4
SLIPS = 400
BETWEEN = 12
NAP = timedelta(seconds=0.6)


class Phones:
    """Phones that vote and one that asks the clock, each again and again, also while nobody answers."""

    def __init__(self, server: Server, hall: Hall, door: str) -> None:
        self.server, self.told, self.clocks = server, [], []
        self.tries = 0
        self.is_up, self._enough, self._heard = threading.Event(), threading.Event(), threading.Condition()
        self.is_up.set()
        self._slips, self._door = iter(code for each in hall.codes.values() for code in each), door
        self._pool = ThreadPoolExecutor(PHONES + 1)
        self._all = [self._pool.submit(self._ask), *(self._pool.submit(self._vote) for _ in range(PHONES))]

    def until(self, many: int) -> None:
        """Wait until so many more ballots are in, and the clock was told once more."""
        with self._heard:
            votes, clocks = len(self.told), len(self.clocks)
            assert self._heard.wait_for(lambda: len(self.told) >= votes + many and len(self.clocks) > clocks, PATIENCE)

    def stop(self) -> None:
        """Everybody ends what he has in hand."""
        self._enough.set()
        for each in self._all:
            each.result(PATIENCE)
        self._pool.shutdown()

    def _send(self, method: str, path: str, fields: object = None) -> tuple[int, str]:
        while True:
            try:
                answer = self.server.ask(method, path, fields)
            except (OSError, HTTPException):
                assert self.is_up.wait(PATIENCE)
                self.tries += 1
                continue
            return answer.status, answer.body

    def _vote(self) -> None:
        while not self._enough.is_set():
            with self._heard:
                code = next(self._slips)
            status, _body = self._send("POST", f"/b/{code}", FIVE)
            assert status in (303, 409), status
            with self._heard:
                self.told.append(code)
                self._heard.notify_all()

    def _ask(self) -> None:
        while not self._enough.is_set():
            status, body = self._send("GET", f"/d/{self._door}/clock")
            with self._heard:
                self.clocks.append((status, body))
                self._heard.notify_all()


@contextmanager
def voting(server: Server, hall: Hall) -> Iterator[Phones]:
    """For as long as the block lasts."""
    phones = Phones(server, hall, door_of(hall))
    try:
        yield phones
    finally:
        phones.is_up.set()
        phones.stop()


def door_of(hall: Hall) -> str:
    with hall.house.store.read() as db:
        return kept.get(db, hall.meeting).door


def again(config: Config, phones: Phones, *, is_cut: bool) -> None:
    """The server goes, in order or without a word, and another comes to its place."""
    phones.is_up.clear()
    if is_cut:
        phones.server.signal_all(SIGKILL)
    phones.server.stop()
    phones.server = Server(config, workers=1, threads=4, port=phones.server.port)
    phones.is_up.set()


@on_sqlite
def test_a_server_that_goes_and_comes_again_costs_a_phone_a_retry(config: Config, house: House) -> None:
    """Guards: nothing a phone needs is in the memory of a server: ballots, the clock and the end that was set."""
    hall = make_meeting(house, groups=(("群众代表", SLIPS, SLIPS),), questionnaire="five_goods")
    with serving(config, workers=1) as first, voting(first, hall) as phones:
        phones.until(BETWEEN)
        again(config, phones, is_cut=False)
        phones.until(BETWEEN)
        end = datetime.now(UTC)
        pauses.close_soon(house, hall.meeting, by=hall.secretary, now=end)
        again(config, phones, is_cut=True)
        phones.until(BETWEEN)
        phones.stop()
        phones.server.stop()
    clocks = [json.loads(body) for status, body in phones.clocks if status == 200]
    assert len(clocks) == len(phones.clocks) and all(each["stage"] == "open" for each in clocks)
    assert clocks[0]["seconds"] is None and 0 < clocks[-1]["seconds"] <= GRACE.total_seconds()
    meetings.close(house, hall.meeting, by=hall.secretary, now=end)
    left = {group: SLIPS - len(phones.told) for group in hall.codes}
    meetings.set_leftovers(house, hall.meeting, left, by=hall.secretary, now=NOW)
    results.count(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == len(phones.told) == len(set(phones.told))
    print(f"2 restarts, {len(phones.told)} ballots, {len(phones.clocks)} clocks, {phones.tries} retries, 0 lost")


@on_sqlite
def test_a_laptop_that_sleeps_over_the_last_minute_takes_nothing_sent_after_it(config: Config, house: House) -> None:
    """Guards: the end is a moment that is written down, held against the clock at every ballot; no timer has to run."""
    hall = make_meeting(house, groups=(("群众代表", 20, 20),))
    ((group, codes),) = hall.codes.items()
    desk = sit_down(create_app(config, random=Random(5), testing=True), house, "secretary")
    with serving(config, workers=1, threads=PHONES) as server, ThreadPoolExecutor(PHONES) as pool:
        assert server.ask("POST", f"/b/{codes[0]}", FIVE).status == 303
        end = datetime.now(UTC) + NAP
        pauses.close_soon(house, hall.meeting, by=hall.secretary, now=end - GRACE)
        with slow(house):
            early = begin(server, pool, codes[1:3])
            server.signal_all(SIGSTOP)
            while datetime.now(UTC) < end:
                threading.Event().wait((end - datetime.now(UTC)).total_seconds() + 0.01)
            late = [pool.submit(server.ask, "POST", f"/b/{code}", FIVE) for code in codes[3:5]]
        server.signal_all(SIGCONT)
        answers = [each.result(PATIENCE) for each in late]
        assert [each.status for each in answers] == [409, 409] and all("评议已经结束" in each.body for each in answers)
        sent = {code: each.result(PATIENCE).status for code, each in zip(codes[1:3], early, strict=True)}
        assert json.loads(server.ask("GET", f"/d/{door_of(hall)}/clock").body) == {"stage": "closed", "seconds": None}
        assert "数一数没有发出的票签" in desk.read(f"/{hall.meeting}"), "the first look at it closes it"
        server.stop()
    inside = 1 + sum(status == 303 for status in sent.values())
    assert set(sent.values()) <= {303, 409}
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.CLOSED
        assert box.in_box(db, hall.meeting) == len(box.spent(db, hall.meeting)) == inside
        over = [each for each in journal.of_meeting(db, hall.meeting) if each.act == "time_up"]
    assert [each.minute for each in over] == [end.replace(second=0, microsecond=0)]
    meetings.set_leftovers(house, hall.meeting, {group: 20 - inside}, by=hall.secretary, now=NOW)
    results.count(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
