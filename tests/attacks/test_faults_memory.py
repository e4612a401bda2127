"""The memory runs out in the middle of a count: it is as if nobody had counted, and with memory it counts."""

import resource
from contextlib import suppress
from pathlib import Path
from random import Random

from survey.actions.house import House
from survey.app import create_app, open_house
from survey.config import Config
from survey.domain.meetings import Stage
from survey.store import meetings as kept
from survey.store import results as counted
from tests.attacks.apart import apart, everything, limit
from tests.conftest import make_meeting
from tests.web.desk.desks_for_tests import sit_down, words

PEOPLE = 600
MB = 1 << 20
# A box of 600 ballots needs about four times as much; a page of the desk needs less.
SPARE = 8 * MB
LEFT = 2 * MB
PIECE = 4096


def in_use() -> int:
    """Bytes of address space of this process."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def eaten() -> list[bytearray]:
    """All the memory there is, in pieces: also what was given back and is kept for later."""
    found: list[bytearray] = []
    with suppress(MemoryError):
        while True:
            found.append(bytearray(PIECE))
    return found


def count_in_little_memory(config: Config) -> bool:
    """In a process of its own: everything is warm, and then hardly any memory is left."""
    house = open_house(config, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house, groups=(("群众代表", PEOPLE, PEOPLE),), questionnaire="five_goods")
    for code in next(iter(hall.codes.values())):
        hall.vote(code)
    hall.close()
    app = create_app(config, random=Random(5), testing=True)
    app.testing = False
    desk = sit_down(app, house, "secretary")
    path = f"/{hall.meeting}/count"
    desk.token()
    first = desk.send(path, scrutineer="0000-0000-0000")
    assert "重新输入 12 位监票码" in words(first), (first.status, words(first))
    before, keys = everything(house), house.keys.names()
    with limit(resource.RLIMIT_AS, in_use() + SPARE):
        ballast = eaten()
        for _ in range(LEFT // PIECE):
            ballast.pop()
        answer = desk.send(path, scrutineer=hall.scrutineer)
        del ballast
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5"), (answer.status, words(answer))
    said = "服务器的内存不够 什么也没有改动，票和钥匙都还在。请管理员关掉别的程序，或者加大内存，再做一次。"
    assert said in words(answer)
    assert everything(house) == before and house.keys.names() == keys
    assert desk.send(path, scrutineer=hall.scrutineer).status_code == 303
    return is_counted(house, hall.meeting) and house.keys.names() == ()


def is_counted(house: House, meeting: int) -> bool:
    """Counted, with everybody in it."""
    with house.store.read() as db:
        stage = kept.get(db, meeting).stage
        return stage is Stage.COUNTED and sum(row.returned for row in counted.returned(db, meeting)) == PEOPLE


def test_a_count_without_memory_is_undone_and_said_so(config: Config) -> None:
    """Guards: MemoryError in survey.store.engine becomes a sentence after the rollback; the key dies only after the commit."""
    assert apart(count_in_little_memory, config)
