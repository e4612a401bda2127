"""PostgreSQL goes away in the middle of voting and comes back, and its disk runs full: 0 lost, 0 doubled, no restart of ours."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPException
from random import Random

import pytest

from survey.actions.house import House
from survey.app import create_app, open_house
from survey.config import Config
from survey.store import ballots as box
from survey.store import results as counted
from tests.attacks.apart import everything
from tests.attacks.databases import Postgres, own_postgres
from tests.attacks.servers import PATIENCE, Server, serving
from tests.conftest import Hall, make_meeting
from tests.web.desk.desks_for_tests import sit_down, words

FIVE = {f"0.{q}": "0" for q in range(5)} | {"go": "cast"}
PHONES = 6
SLIPS = 400
TIMES = 3


@pytest.fixture
def server() -> Iterator[Postgres]:
    with own_postgres() as made:
        yield made


@pytest.fixture
def own(make_config: Callable[..., Config], server: Postgres) -> Config:
    """A house over a server of its own."""
    return make_config(server.url)


class Crowd:
    """Phones that vote one slip after the other until told that it is enough; each sends until told that its ballot is in."""

    def __init__(self, pingyi: Server, codes: list[str]) -> None:
        self.told: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.waits: list[str] = []
        self.heard = threading.Condition()
        self._pingyi = pingyi
        self._codes = iter(codes)
        self._enough = threading.Event()
        self._phones = [threading.Thread(target=self._vote) for _ in range(PHONES)]
        for phone in self._phones:
            phone.start()

    def until(self, so: Callable[[], bool]) -> None:
        """Wait for something the phones were told."""
        with self.heard:
            assert self.heard.wait_for(so, PATIENCE)

    def enough(self) -> None:
        """Everybody finishes the ballot in hand."""
        self._enough.set()
        for phone in self._phones:
            phone.join(PATIENCE)

    def _vote(self) -> None:
        while not self._enough.is_set():
            with self.heard:
                code = next(self._codes)
            status = 0
            while status not in (303, 409):
                try:
                    answer = self._pingyi.ask("POST", f"/b/{code}", FIVE)
                except (OSError, HTTPException):
                    continue
                status = answer.status
                with self.heard:
                    self.statuses[status] += 1
                    if status == 503:
                        self.waits.append(f"{answer.headers.get('Retry-After')} {answer.body}")
                    self.heard.notify_all()
            with self.heard:
                self.told.append(code)
                self.heard.notify_all()


def test_a_database_that_goes_and_comes_back_loses_and_doubles_nothing(own: Config, server: Postgres) -> None:
    """Guards: pool_pre_ping and Away in survey.store.engine; a worker born meanwhile, `_finish_what_was_left` in survey.app."""
    house = open_house(own, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house, groups=(("群众代表", SLIPS, SLIPS),), questionnaire="five_goods")
    ((group, codes),) = hall.codes.items()
    with serving(own) as pingyi:
        crowd = Crowd(pingyi, codes)
        for turn in range(TIMES):
            enough = len(crowd.told) + 5
            crowd.until(lambda enough=enough: len(crowd.told) >= enough)  # type: ignore[misc]
            server.crash()
            told = crowd.statuses[503] + 3
            crowd.until(lambda told=told: crowd.statuses[503] >= told)  # type: ignore[misc]
            if turn == TIMES - 1:
                pingyi.kill(pingyi.workers()[0])
            server.start()
        enough = len(crowd.told) + 5
        crowd.until(lambda: len(crowd.told) >= enough)
        crowd.enough()
        log = pingyi.stop()
    assert set(crowd.statuses) <= {303, 409, 503}, crowd.statuses
    assert all(said.startswith("5 ") and "您填的都还在这一页上。请等一会儿再试一次。" in said for said in crowd.waits)
    assert "Traceback" not in log and not [code for code in codes if code in log]
    check(house, hall, group, told=crowd.told)
    house.store.close()


def check(house: House, hall: Hall, group: int, *, told: list[str]) -> None:
    """What phones were told is what lies in the box, and what is counted."""
    assert len(set(told)) == len(told)
    with house.store.read() as db:
        assert box.in_box(db, hall.meeting) == len(box.spent(db, hall.meeting)) == len(told)
    hall.close({group: SLIPS - len(told)})
    hall.count()
    with house.store.read() as db:
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == len(told)


def test_staff_read_a_sentence_while_the_database_is_away(own: Config, server: Postgres) -> None:
    """Guards: the same on the pages of staff, whose own account cannot be looked up either."""
    house = open_house(own, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house)
    desk = sit_down(create_app(own, random=Random(5), testing=True), house, "secretary")
    desk.token()
    server.crash()
    server.start()
    assert desk.open(f"/{hall.meeting}").status_code == 200, "nobody reads that the connections are those of before"
    server.crash()
    for answer in (desk.open(f"/{hall.meeting}"), desk.send(f"/{hall.meeting}/close"), desk.client.get("/board")):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "数据库没有回答，或者正被别的程序占用。什么也没有丢，请等一会儿再试一次。" in words(answer)
    server.start()
    assert desk.send(f"/{hall.meeting}/close").status_code == 303
    house.store.close()


def test_a_full_disk_of_the_server_takes_no_half_ballot(own: Config, server: Postgres) -> None:
    """Guards: `_is_full` in survey.store.engine on PostgreSQL (53100), and one transaction in actions.ballots.cast."""
    house = open_house(own, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house)
    codes = [code for each in hall.codes.values() for code in each]
    phone = create_app(own, random=Random(5), testing=True).test_client()
    server.find_ballots()
    before = everything(house)
    server.start_full()
    for code in codes[:2]:
        # The first finds the connections of the server that was.
        answer = phone.post(f"/b/{code}", data=FIVE)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "请告诉工作人员，等一会儿再试一次。" in words(answer)
    assert everything(house) == before
    server.make_room()
    assert [phone.post(f"/b/{code}", data=FIVE).status_code for code in codes] == [303] * len(codes)
    hall.close()
    hall.count()
    with house.store.read() as db:
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == len(codes)
    house.store.close()
