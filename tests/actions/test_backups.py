"""Backup and restore inside one process: what is in the file, what is refused, what a restored box still gives away."""

import json
import os
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine

from survey.actions import ballots, meetings, results
from survey.actions.backups import Restored, backup, restore
from survey.actions.house import House
from survey.app import open_house
from survey.config import Config, exchange_pepper
from survey.domain.meetings import Stage
from survey.domain.questionnaires import Kind
from survey.domain.refusals import BadBackup, InUse, NewerDatabase, NoKey, Refused, VoidSlip
from survey.domain.slips import SlipState
from survey.store import backup_files, schema
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store.tables import Base
from tests.conftest import NOW, Hall, make_meeting, on_sqlite

POWER_CUT = 9
TITLE = "机修车间党支部第三季度评议会"


def silent(_table: str, _rows: int) -> None:
    """Nobody looks at the progress."""


def write(house: House, path: Path) -> Path:
    backup(house, path, version="0", now=NOW, progress=silent)
    return path


def put_back(house: House, path: Path) -> Restored:
    return restore(house, path, keep_pepper=lambda _: None, progress=silent)


def voted(house: House, *, votes: int = 7) -> Hall:
    hall = make_meeting(house)
    for code in every(hall)[:votes]:
        hall.vote(code)
    return hall


def every(hall: Hall) -> list[str]:
    return [code for codes in hall.codes.values() for code in codes]


@pytest.fixture
def empty(make_config: Callable[..., Config], tmp_path: Path) -> Iterator[House]:
    """Another house over the same key room whose database is not there yet."""
    made = open_house(make_config(f"sqlite:///{tmp_path / 'other.db'}"), random=Random(2))
    yield made
    made.store.close()


def test_every_row_is_in_the_file_and_no_key_and_no_word_of_a_ballot(house: House, tmp_path: Path) -> None:
    hall = voted(house)
    paper = house.paper(ballots.look(house, every(hall)[-1]).paper or "")
    opinion = next(
        name for name, (t, q) in paper.fields.items() if paper.questions(paper.targets[t])[q].kind is Kind.OPINION
    )
    ballots.cast(house, every(hall)[-1], {opinion: ["只有我知道的一句话"]})
    path = write(house, tmp_path / "b.zip")
    archive = zipfile.ZipFile(path)
    assert set(archive.namelist()) == {f"tables/{name}.jsonl" for name in Base.metadata.tables} | {
        "pepper",
        "manifest.json",
    }
    with house.store.read() as db:
        key = house.keys.get((kept.get(db, hall.meeting).public_key or b"").hex())
        for name in Base.metadata.tables:
            rows = db.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
            assert len(archive.read(f"tables/{name}.jsonl").splitlines()) == rows, name
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert not [form for form in (key, b64encode(key), key.hex().encode()) if form in everything]
    assert "只有我知道".encode() not in everything
    assert archive.read("pepper") == house.pepper
    assert path.stat().st_mode & 0o077 == 0
    assert json.loads(archive.read("manifest.json"))["unsettled"] == [TITLE]
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_rows_stand_in_the_order_of_their_keys_and_not_of_the_votes(house: House, tmp_path: Path) -> None:
    """Guards: ORDER BY the primary key in store.backups.lines. A heap of PostgreSQL lies in the order of the votes."""
    voted(house, votes=12)
    archive = zipfile.ZipFile(write(house, tmp_path / "b.zip"))
    for table in ("slips", "ballots"):
        keys = [b64decode(json.loads(line)[0]) for line in archive.read(f"tables/{table}.jsonl").splitlines()]
        assert len(keys) == 12 and keys == sorted(keys)


def test_votes_between_two_tables_are_all_in_or_all_out(house: House, tmp_path: Path) -> None:
    """Guards: `snapshot` of the store. Without it the ballots of slips that are still fresh would be in the file."""
    hall = voted(house, votes=2)
    codes = every(hall)[2:]
    tables: list[str] = []

    def vote(table: str, _rows: int) -> None:
        tables.append(table)
        if codes:
            hall.vote(codes.pop())

    backup(house, tmp_path / "b.zip", version="0", now=NOW, progress=vote)
    assert codes == [] and tables.index("slips") < len(tables) - 1
    archive = zipfile.ZipFile(tmp_path / "b.zip")
    assert archive.read("tables/slips.jsonl").count(b'"spent"') == 2
    assert len(archive.read("tables/ballots.jsonl").splitlines()) == 2


def test_what_is_restored_is_what_was_there_and_new_rows_get_new_numbers(
    house: House, empty: House, tmp_path: Path
) -> None:
    voted(house)
    first = write(house, tmp_path / "b.zip")
    put_back(empty, first)
    again = write(empty, tmp_path / "again.zip")
    for name in Base.metadata.tables:
        part = f"tables/{name}.jsonl"
        assert zipfile.ZipFile(first).read(part) == zipfile.ZipFile(again).read(part), name


@on_sqlite
def test_a_backup_of_sqlite_goes_into_postgres_and_ids_go_on(
    house: House, bare_postgres_url: str, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    hall = voted(house)
    path = write(house, tmp_path / "b.zip")
    other = open_house(make_config(bare_postgres_url), random=Random(3))
    assert put_back(other, path).with_key == (TITLE,)
    hall.house = other
    hall.vote(every(hall)[-1])
    new = meetings.NewMeeting(hall.branch, NOW.date(), "", meetings.Entry.SLIPS, [("群众代表", 6, 6)])
    assert meetings.create(other, new, by=hall.secretary, now=NOW) > hall.meeting
    other.store.close()


@on_sqlite
def test_a_unit_that_hangs_under_a_younger_one_finds_it(
    house: House, postgres_url: str, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    """Guards: pointers into the same table are set when all its rows stand (store.backups.load)."""
    hall = voted(house)
    with house.store.write() as db:
        db.exec_driver_sql(f"UPDATE units SET parent_id = {hall.other_branch} WHERE id = {hall.branch}")
        db.exec_driver_sql(f"UPDATE units SET parent_id = NULL WHERE id = {hall.other_branch}")
        db.exec_driver_sql(f"UPDATE units SET parent_id = {hall.branch} WHERE id = {hall.root}")
    other = open_house(make_config(postgres_url), random=Random(3))
    put_back(other, write(house, tmp_path / "b.zip"))
    with other.store.read() as db, house.store.read() as before:
        asked = "SELECT id, parent_id FROM units ORDER BY id"
        assert db.exec_driver_sql(asked).all() == before.exec_driver_sql(asked).all()
    other.store.close()


def changed(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Write the archive anew with one part changed: every checksum of the ZIP itself is right."""
    with zipfile.ZipFile(path) as old:
        parts = {each: old.read(each) for each in old.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w") as new:
        for each, data in parts.items():
            new.writestr(each, data)


def manifest(**values: object) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps(json.loads(data) | values).encode()


CHANGES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "cut in the middle": ("cut", lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])),
    "its last byte is missing": ("cut", lambda path: path.write_bytes(path.read_bytes()[:-1])),
    "empty": ("foreign", lambda path: path.write_bytes(b"")),
    "a letter": ("foreign", lambda path: path.write_bytes(b"Dear Sir or Madam")),
    "another archive": ("foreign", lambda path: zipfile.ZipFile(path, "w").close()),
    "another kind": ("foreign", lambda path: changed(path, "manifest.json", manifest(kind="photographs"))),
    "no manifest to speak of": ("foreign", lambda path: changed(path, "manifest.json", lambda _: b"[]")),
    "a slip spent by hand": (
        "altered",
        lambda path: changed(path, "tables/slips.jsonl", lambda data: data.replace(b"fresh", b"spent", 1)),
    ),
    "a row taken out": (
        "altered",
        lambda path: changed(path, "tables/ballots.jsonl", lambda d: d[: d.index(b"\n") + 1]),
    ),
    "another pepper": ("altered", lambda path: changed(path, "pepper", lambda data: data[:-1] + b"q")),
    "a revision to come": ("newer", lambda path: changed(path, "manifest.json", manifest(revision="9999"))),
    "a format to come": ("newer", lambda path: changed(path, "manifest.json", manifest(format=2))),
    "a table missing": ("rows", lambda path: changed(path, "manifest.json", manifest(parts=[]))),
}


@on_sqlite
def test_a_file_that_is_not_whole_is_refused_and_nothing_is_written(house: House, empty: House, tmp_path: Path) -> None:
    voted(house)
    path = write(house, tmp_path / "b.zip")
    whole = path.read_bytes()
    peppers: list[bytes] = []
    for what, (why, change) in CHANGES.items():
        path.write_bytes(whole)
        change(path)
        with pytest.raises(Refused) as refused:
            restore(empty, path, keep_pepper=peppers.append, progress=silent)
        assert isinstance(refused.value, NewerDatabase) if why == "newer" else refused.value.facts["why"] == why, what
        with empty.store.read() as db:
            assert schema.current(db) is None, what
    assert peppers == []


@on_sqlite
def test_every_byte_counts(house: House, empty: House, tmp_path: Path) -> None:
    """Whatever byte is changed: the file is refused, or (names and dates of the ZIP itself) the rows are all the same."""
    voted(house)
    path = write(house, tmp_path / "b.zip")
    whole = path.read_bytes()
    refused = 0
    for at in Random(5).sample(range(len(whole)), 60):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        try:
            put_back(empty, path)
        except (BadBackup, NewerDatabase):
            refused += 1
            continue
        with empty.store.read() as db:
            assert db.exec_driver_sql("SELECT count(*) FROM ballots").scalar_one() == 7
        with empty.store.rebuild(unused=True) as db:
            Base.metadata.drop_all(db)
            db.exec_driver_sql("DROP TABLE alembic_version")
    assert refused > 50


@on_sqlite
def test_a_damaged_table_of_contents_is_said_in_words(house: House, tmp_path: Path) -> None:
    """Every byte of it, by three bits: the file is refused as damaged, or read as it was."""
    path = write(house, tmp_path / "b.zip")
    whole = path.read_bytes()
    contents = whole.index(b"PK\x01\x02")
    with backup_files.kept(path) as file:
        rows = file.manifest.rows
    refused = 0
    for at in range(contents, len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (0x41, 0x80, 0xFF)[at % 3]]) + whole[at + 1 :])
        try:
            with backup_files.kept(path) as file:
                assert file.manifest.rows == rows
        except BadBackup:
            refused += 1
    assert refused > 50


@on_sqlite
def test_a_database_with_rows_is_never_overwritten(house: House, empty: House, tmp_path: Path) -> None:
    voted(house)
    path = write(house, tmp_path / "b.zip")
    put_back(empty, path)
    with pytest.raises(BadBackup, match="not_empty"):
        put_back(empty, path)
    with pytest.raises(BadBackup, match="exists"):
        write(house, path)


@on_sqlite
def test_a_migrated_database_nobody_wrote_to_is_empty_enough(house: House, empty: House, tmp_path: Path) -> None:
    voted(house)
    empty.store.upgrade()
    assert put_back(empty, write(house, tmp_path / "b.zip")).with_key == (TITLE,)


def test_nothing_is_restored_under_somebody_who_is_connected(house: House, tmp_path: Path) -> None:
    """Guards: `unused` of store.engine.rebuild. An idle connection of a server that has not asked anything yet is enough."""
    voted(house)
    path = write(house, tmp_path / "b.zip")
    server = create_engine(house.store.url)
    with server.connect() as idle:
        idle.exec_driver_sql("SELECT 1 FROM units").all()
        idle.rollback()
        with pytest.raises(InUse):
            put_back(house, path)
    server.dispose()
    with pytest.raises(BadBackup, match="not_empty"):
        put_back(house, path)


def test_an_old_backup_brings_no_counted_ballot_back(house: House, empty: House, tmp_path: Path) -> None:
    """The ballots in it are still sealed, the key died at the count, so no verb opens them and phones go on as told."""
    hall = voted(house, votes=12)
    path = write(house, tmp_path / "while_open.zip")
    hall.close()
    hall.count()
    assert house.keys.names() == ()
    done = put_back(empty, path)
    assert (done.with_key, done.without_key) == ((), (TITLE,))
    hall.house = empty
    hall.close()
    with pytest.raises(NoKey):
        hall.count()
    with empty.store.read() as db:
        sealed = box.sealed(db, hall.meeting)
        assert kept.get(db, hall.meeting).stage is Stage.CLOSED
    assert len(sealed) == 12, "nothing was lost by trying either"
    code = every(hall)[0]
    assert ballots.look(empty, code).state is SlipState.SPENT
    meetings.void(empty, hall.meeting, reason="钥匙不在", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)
    with empty.store.read() as db:
        assert box.in_box(db, hall.meeting) == 0
        assert box.spent(db, hall.meeting) == ()
    with pytest.raises(VoidSlip):
        hall.vote(code)


def test_with_its_key_room_a_restored_meeting_goes_on_and_is_counted(
    house: House, empty: House, tmp_path: Path
) -> None:
    hall = voted(house, votes=5)
    path = write(house, tmp_path / "b.zip")
    lost = every(hall)[5]
    hall.vote(lost)
    put_back(empty, path)
    hall.house = empty
    assert ballots.look(empty, lost).state is SlipState.FRESH, "its ballot came after the backup: it is asked for again"
    for code in every(hall)[5:]:
        hall.vote(code)
    hall.close()
    hall.count()
    with empty.store.read() as db:
        assert sum(row.returned for row in results.results.returned(db, hall.meeting)) == 12


def test_a_restore_destroys_the_key_of_a_box_the_backup_knows_as_counted(
    house: House, empty: House, tmp_path: Path
) -> None:
    hall = voted(house, votes=12)
    with house.store.read() as db:
        name = (kept.get(db, hall.meeting).public_key or b"").hex()
    key = house.keys.get(name)
    hall.close()
    hall.count()
    path = write(house, tmp_path / "b.zip")
    house.keys.put(name, key)
    put_back(empty, path)
    assert empty.keys.names() == ()


@pytest.mark.parametrize("table", ["units", "ballots"])
def test_a_restore_that_is_killed_leaves_an_empty_database_and_can_be_done_again(
    house: House, other: Config, tmp_path: Path, table: str
) -> None:
    """Guards: one transaction over schema and rows (store.engine.rebuild), on both databases, and the pepper last."""
    voted(house)
    path = write(house, tmp_path / "b.zip")
    process = get_context("forkserver").Process(target=restore_and_die, args=(other, path, table))
    process.start()
    process.join(60)
    assert process.exitcode == POWER_CUT
    assert not (other.instance / "pepper").exists()
    again = open_house(other)
    restore(again, path, keep_pepper=lambda pepper: exchange_pepper(other, pepper, environ={}), progress=silent)
    with again.store.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM ballots").scalar_one() == 7
    assert (other.instance / "pepper").read_bytes() == house.pepper
    again.store.close()


def restore_and_die(config: Config, path: Path, table: str) -> None:
    """In a process of its own: put a backup back, and die as by a power cut when a table is in."""

    def die(done: str, _rows: int) -> None:
        if done == table:
            os._exit(POWER_CUT)

    restore(
        open_house(config), path, keep_pepper=lambda pepper: exchange_pepper(config, pepper, environ={}), progress=die
    )


@pytest.fixture
def other(house: House, make_config: Callable[..., Config], tmp_path: Path, request: pytest.FixtureRequest) -> Config:
    """The settings of another server on the same kind of database, which is not there yet."""
    url = (
        f"sqlite:///{tmp_path / 'other.db'}" if house.store.is_sqlite else request.getfixturevalue("bare_postgres_url")
    )
    return make_config(url)
