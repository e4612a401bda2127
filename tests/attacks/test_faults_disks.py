"""Disks that are full, each in a process whose files may grow no further: nothing is half-done, and space is all it takes."""

import logging
import re
import resource
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Pool, event, func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from survey.actions.house import House
from survey.app import create_app, open_house
from survey.config import Config
from survey.domain.meetings import Stage
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results as counted
from survey.store.office_tables import MemberRow
from tests.attacks.apart import apart, everything, limit
from tests.conftest import Hall, make_meeting, on_sqlite
from tests.web.desk.desks_for_tests import Desk, sit_down, words

FIVE = {f"0.{q}": "0" for q in range(5)} | {"go": "cast"}
DESK_SAYS = "数据写不进磁盘 什么也没有改动。服务器的磁盘可能满了。请管理员腾出空间，再做一次。"
KEPT_PAGE = "您填的都还在这一页上"
FEW_PAGES = 3
PAGE = 4096


def vote(client: FlaskClient, code: str) -> tuple[int, str]:
    """Status and words of an answer to a ballot."""
    answer = client.post(f"/b/{code}", data=FIVE)
    return answer.status_code, words(answer)


def cannot_vote(client: FlaskClient, code: str) -> None:
    """The phone is told to try again, in a whole sentence, and has everything it sent."""
    answer = client.post(f"/b/{code}", data=FIVE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    said = words(answer)
    assert "现在投不进去" in said and KEPT_PAGE in said and "告诉工作人员" in said
    assert 'name="0.4" value="0"' in answer.text


def preview(desk: Desk) -> str:
    """A list of 600 that was looked at and is to be confirmed."""
    rows = "\n".join(f"党员{n},机修车间党支部" for n in range(600))
    file = (BytesIO(f"姓名,所在党支部\n{rows}".encode()), "list.csv")
    answer = desk.client.post("/desk/units/import", data={"csrf_token": desk.token(), "file": file})
    found = re.search(r'name="key" value="([^"]+)"', answer.text)
    assert found is not None, words(answer)
    return found.group(1)


class Log(logging.Handler):
    """Every line that is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage() + str(record.exc_info or "") + str(record.exc_text or ""))


def at_the_door(house: House, config: Config, *, seed: int = 1) -> tuple[FlaskClient, Desk]:
    """A phone and a secretary of one served house."""
    app = create_app(config, random=Random(seed), testing=True)
    return app.test_client(), sit_down(app, house, "secretary")


def counts_well(house: House, hall: Hall) -> bool:
    """The meeting is closed and counted, and every slip is in."""
    hall.close()
    hall.count()
    with house.store.read() as db:
        returned = sum(row.returned for row in counted.returned(db, hall.meeting))
    return returned == sum(len(each) for each in hall.codes.values())


def full_log(config: Config) -> bool:
    """In a process of its own: SQLite's write-ahead log may not grow."""
    house = open_house(config, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house)
    codes = [code for each in hall.codes.values() for code in each]
    client, desk = at_the_door(house, config)
    desk.token()
    assert vote(client, codes[0])[0] == 303
    size = Path(f"{house.store.url.database}-wal").stat().st_size
    log = Log()
    with limit(resource.RLIMIT_FSIZE, size + FEW_PAGES * PAGE):
        before = everything(house)
        for code in codes[1:4]:
            cannot_vote(client, code)
        assert client.get(f"/b/{codes[4]}").status_code == 200, "the ballot can still be read and filled in"
        assert everything(house) == before
        assert client.get(f"/b/{codes[0]}/in").status_code == 200
    assert not [line for line in log.lines if any(code in line for code in codes)], "no code is in any log line"
    assert [vote(client, code)[0] for code in codes] == [409, *[303] * (len(codes) - 1)]
    return counts_well(house, hall)


@on_sqlite
def test_a_full_log_takes_no_half_ballot_and_goes_on_when_there_is_room(config: Config) -> None:
    """Guards: `_is_full` in survey.store.engine and one transaction in actions.ballots.cast, by a write-ahead log that cannot grow."""
    assert apart(full_log, config)


def full_file(config: Config) -> bool:
    """In a process of its own: the database may have no more pages, which is SQLITE_FULL itself."""
    house = open_house(config, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house)
    codes = [code for each in hall.codes.values() for code in each]
    _client, desk = at_the_door(house, config, seed=4)
    key = preview(desk)
    full = [True]

    def fill(connection, _record) -> None:  # type: ignore[no-untyped-def]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 1 if full[0] else 2**30}")

    event.listen(Pool, "connect", fill)
    client, desk = at_the_door(house, config)
    desk.token()
    done = [vote(client, code)[0] for code in codes]
    assert 503 in done and set(done) <= {303, 503}
    with house.store.read() as db:
        assert box.in_box(db, hall.meeting) == len(box.spent(db, hall.meeting)) == done.count(303)
    cannot_vote(client, codes[-1])
    before = everything(house)
    answer = desk.client.post("/desk/units/import/confirm", data={"csrf_token": desk.token(), "key": key})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), words(answer)
    assert DESK_SAYS in words(answer)
    assert everything(house) == before, "of a list of 600 nobody is written"
    full[0] = False
    client, desk = at_the_door(house, config, seed=2)
    answer = desk.client.post("/desk/units/import/confirm", data={"csrf_token": desk.token(), "key": key})
    assert answer.status_code == 200
    again = [vote(client, code)[0] for code in codes]
    assert again == [409 if status == 303 else 303 for status in done]
    return counts_well(house, hall)


@on_sqlite
def test_a_full_database_takes_no_half_ballot_and_goes_on_when_there_is_room(config: Config) -> None:
    """Guards: the same, where SQLite itself says that the disk is full."""
    assert apart(full_file, config)


def full_key_room(config: Config, most: int) -> bool:
    """In a process of its own: a key room that takes half a key, or none of it."""
    house = open_house(config, random=Random(3))
    house.store.upgrade()
    hall = make_meeting(house, open_box=False)
    _client, desk = at_the_door(house, config)
    desk.token()
    before = everything(house)
    with limit(resource.RLIMIT_FSIZE, most):
        answer = desk.send(f"/{hall.meeting}/open")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "钥匙写不进钥匙目录 评议没有开始，什么也没有改动。" in words(answer) and "再做一次" in words(answer)
    assert list(config.keyroom.iterdir()) == [], "no half key lies there"
    assert everything(house) == before
    assert desk.send(f"/{hall.meeting}/open").status_code == 200
    (name,) = house.keys.names()
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.OPEN
    return len(house.keys.get(name)) == 32


@pytest.mark.parametrize("most", [0, 16])
def test_a_key_room_without_room_opens_no_box(config: Config, most: int) -> None:
    """Guards: survey.urn.keyroom.put, which knows what the disk did not take; a box with half a key could never be counted."""
    assert apart(full_key_room, config, most)


def full_spool(config: Config) -> bool:
    """In a process of its own: uploads too large for the memory cannot be put down."""
    house = open_house(config, random=Random(3))
    house.store.upgrade()
    make_meeting(house)
    _client, desk = at_the_door(house, config)
    rows = "\n".join(f"党员{n},机修车间党支部{'　' * 30}" for n in range(8000))
    file = FileStorage(BytesIO(f"姓名,所在党支部\n{rows}".encode()), "list.csv")
    # Packed before the disk is full: the test's own browser would spool it, too.
    stream, length, boundary = stream_encode_multipart({"csrf_token": desk.token(), "file": file}, threshold=1 << 24)
    assert length > 600_000
    body, kind = stream.read(), f"multipart/form-data; boundary={boundary}"
    before = everything(house)
    with limit(resource.RLIMIT_FSIZE, 100_000):
        answer = desk.client.post("/desk/units/import", data=body, content_type=kind)
    assert answer.status_code == 503, words(answer)
    assert "数据写不进磁盘" in words(answer) and "请管理员腾出空间" in words(answer)
    assert everything(house) == before
    with house.store.read() as db:
        members = db.execute(select(func.count()).select_from(MemberRow)).scalar_one()
    assert members == 8
    return desk.client.post("/desk/units/import", data=body, content_type=kind).status_code == 200


@on_sqlite
def test_an_upload_that_cannot_be_put_down_is_told_in_a_sentence(config: Config) -> None:
    """Guards: `shortage` in survey.web.errors; nothing of a list is written before its confirmation."""
    assert apart(full_spool, config)


def test_what_is_no_shortage_stays_a_fault(make_config: Callable[..., Config]) -> None:
    """Guards: survey.urn.keyroom.get: a key that cannot be read is as good as none, not a fault of the program."""
    config = make_config()
    house = open_house(config)
    (config.keyroom / "ab.key").mkdir()
    with pytest.raises(Exception, match="no_key"):
        house.keys.get("ab")
    house.store.close()
