"""The power goes while a form on paper is keyed: what the disk has of the database file is what was committed, and nothing else."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from survey.actions import meetings
from survey.actions.house import House
from survey.app import open_house
from survey.config import Config
from survey.store import ballots as box
from survey.store import results as counted
from survey.store.keyings import Keyed
from tests.conftest import NOW, on_sqlite
from tests.forms_for_tests import Pile, make_pile

pytestmark = on_sqlite
FRAME = 4096 + 24
WAITS, DONE = (Keyed(once=1), 12), (Keyed(done=1, alone=1), 13)


@contextmanager
def after_the_cut(config: Config, folder: Path, log: bytes, pile: Pile) -> Iterator[Pile]:
    """The house as it comes up again with this much of its log on the disk."""
    instance = folder / "instance"
    instance.mkdir(parents=True)
    shutil.copyfile(config.instance / "pingyi.db", instance / "pingyi.db")
    (instance / "pingyi.db-wal").write_bytes(log)
    house = open_house(replace(config, database=f"sqlite:///{instance / 'pingyi.db'}", instance=instance), random=Random(5))
    try:
        yield replace(pile, hall=replace(pile.hall, house=house))
    finally:
        house.store.close()


def standing(pile: Pile) -> tuple[Keyed, int]:
    """How far the keying is, and the ballots in the box, each with its spent slip."""
    with closing(sqlite3.connect(str(pile.house.store.url.database))) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with pile.house.store.read() as db:
        inside = box.in_box(db, pile.hall.meeting)
        assert inside == len(box.spent(db, pile.hall.meeting))
    return pile.keyed(), inside


@pytest.mark.parametrize("rest", [b"", b"\xff" * 999], ids=["short", "torn"])
def test_a_power_cut_while_the_second_keying_is_written_leaves_the_first_or_the_ballot(
    config: Config, house: House, tmp_path: Path, rest: bytes
) -> None:
    """Guards: one transaction in actions.keyings.key, WAL and synchronous=FULL in survey.store.engine. The log is cut within every page."""
    pile = make_pile(house)
    with closing(sqlite3.connect(str(house.store.url.database))) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    wal = config.instance / "pingyi.db-wal"
    pile.key(pile.forms[0])
    first = wal.stat().st_size
    pile.key(pile.forms[0])
    log, found = wal.read_bytes(), []
    assert len(log) - first >= 3 * FRAME, "slip, ballot and keying are written in pages of their own"
    for place, cut in enumerate([*range(first, len(log), FRAME // 2), len(log)]):
        with after_the_cut(config, tmp_path / f"{place}", log[:cut] + rest, pile) as there:
            found.append(standing(there))
            if found[-1] == WAITS:
                assert there.key(there.forms[0]).done == "cast"
            assert standing(there) == DONE
    assert found == [WAITS] * (len(found) - 1) + [DONE]
    hall = pile.hall
    left = {pile.groups[0]: 3, pile.groups[1]: 0}
    meetings.set_leftovers(house, hall.meeting, left, by=hall.secretary, now=NOW)
    hall.count()
    with house.store.read() as db:
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == 13
    print(f"{len(found)} cuts, 0 lost, 0 doubled")
