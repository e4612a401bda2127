"""Workers are killed in the middle of their work, again and again: nothing that a phone was told is ever untrue."""

import queue
import threading
from collections import Counter
from random import Random

import pytest

from survey.actions.house import House
from survey.app import open_house
from survey.config import Config
from survey.store import ballots as box
from survey.store import results as counted
from survey.urn import codes
from tests.attacks.servers import PATIENCE, Server, serving
from tests.conftest import Hall, make_meeting

PHONES = 6
SLIPS = 800


class Crowd:
    """Phones that vote at once, each with slip after slip, until nobody is killed any more."""

    def __init__(self, server: Server, slips: list[str]) -> None:
        self.told: dict[str, str] = {}
        self.statuses: Counter[int] = Counter()
        self.tries = 0
        self.acknowledged: queue.Queue[bool] = queue.Queue()
        self._server = server
        self._slips = iter(enumerate(slips))
        self._lock = threading.Lock()
        self._enough = threading.Event()
        self._phones = [threading.Thread(target=self._phone) for _ in range(PHONES)]
        for phone in self._phones:
            phone.start()

    def enough(self) -> None:
        """Everybody finishes the ballot in hand."""
        self._enough.set()
        for phone in self._phones:
            phone.join(PATIENCE)

    def _phone(self) -> None:
        while not self._enough.is_set():
            with self._lock:
                number, code = next(self._slips)
            mark = str(number % 4)
            status, tries = self._server.until_told(code, {f"0.{q}": mark for q in range(5)})
            with self._lock:
                self.told[code] = mark
                self.statuses[status] += 1
                self.tries += tries
            self.acknowledged.put(True)


def kill_at_random(server: Server, crowd: Crowd, times: int) -> int:
    """Kill one worker after another, each a few acknowledged ballots after the last; how many were killed."""
    random = Random(9)
    killed: set[int] = set()
    while len(killed) < times:
        for _ in range(random.randrange(1, 8)):
            crowd.acknowledged.get(timeout=PATIENCE)
        workers = [worker for worker in server.workers() if worker not in killed]
        if workers:
            worker = random.choice(workers)
            server.kill(worker)
            killed.add(worker)
    return len(killed)


@pytest.mark.parametrize(("database", "times"), [("sqlite", 100), ("postgres", 30)], indirect=["database"])
def test_every_ballot_a_phone_was_told_of_is_counted_though_workers_are_killed(
    config: Config, times: int
) -> None:
    """Guards: slip and ballot in one transaction, and the answer only after its commit, in actions.ballots.cast."""
    house = open_house(config, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house, groups=(("群众代表", SLIPS, SLIPS),), questionnaire="five_goods")
    ((group, slips),) = hall.codes.items()
    with serving(config) as server:
        crowd = Crowd(server, slips)
        assert kill_at_random(server, crowd, times) == times
        crowd.enough()
        log = server.stop()
    print(f"{len(crowd.told)} ballots in {crowd.tries} tries, {crowd.statuses[409]} told only at a retry")
    assert log.count("SIGKILL") == times, "every one of them was alive and was seen to die"
    check(house, hall, group, crowd)
    house.store.close()


def check(house: House, hall: Hall, group: int, crowd: Crowd) -> None:
    """Spent slips are ballots are what phones were told; after the count every one of them is in its figure."""
    digests = {codes.slip_digest(house.pepper, code) for code in crowd.told}
    with house.store.read() as db:
        assert {digest for digest, _ in box.spent(db, hall.meeting)} == digests
        assert box.in_box(db, hall.meeting) == len(digests)
    hall.close({group: SLIPS - len(digests)})
    hall.count()
    with house.store.read() as db:
        seal = counted.seal(db, hall.meeting)
        counts = counted.counts(db, hall.meeting)[group]
    assert seal is not None and all(codes.tracker(house.pepper, digest) in seal[0] for digest in digests)
    expected = Counter(int(mark) for mark in crowd.told.values())
    for question in {count.question for count in counts}:
        assert {count.option: count.ballots for count in counts if count.question == question} == expected
