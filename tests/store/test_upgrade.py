"""From the tables and rows of release 0.1.0 to today's: nothing lost, everything read, a vote and a count go through."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from survey.actions import ballots, meetings, results
from survey.actions.backups import backup, restore
from survey.actions.house import House
from survey.app import create_app, open_house
from survey.cli import main
from survey.config import Config
from survey.domain.meetings import Stage
from survey.domain.slips import SlipState
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results as counted
from survey.store import schema, schemes, units
from survey.store.engine import Store
from survey.store.tables import Base
from tests.conftest import NOW, logged_in, person

KEPT: Mapping[str, Any] = json.loads((Path(__file__).parent / "fixtures" / "release_0_1_0.json").read_text("utf-8"))
# Those that others point to first.
TABLES = (
    *("units", "members", "staff", "questionnaires", "rounds", "meetings", "groups", "issues", "papers", "slips"),
    *("ballots", "counts", "wholes", "opinions", "seals", "journal"),
)
TRUTHS = {"frozen", "one_officer"}
COUNTERS = ("units", "members", "staff", "questionnaires", "rounds", "meetings", "groups", "journal")
HOSTS = 4


def value(column: str, plain: Any) -> Any:
    """A value of the file as a database takes it."""
    if isinstance(plain, dict):
        return bytes.fromhex(plain["hex"])
    return bool(plain) if column in TRUTHS else plain


def rows_of(table: str) -> list[dict[str, Any]]:
    """The rows of a table of release 0.1.0."""
    names = KEPT["tables"][table]["columns"]
    return [{n: value(n, v) for n, v in zip(names, row, strict=True)} for row in KEPT["tables"][table]["rows"]]


def fill(db: Connection) -> None:
    """Plain SQL, as release 0.1.0 left it."""
    for table in TABLES:
        rows = rows_of(table)
        names = list(rows[0])
        quoted = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join(f":{name}" for name in names)
        db.execute(text(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})'), rows)
    for table in COUNTERS if db.dialect.name == "postgresql" else ():
        db.execute(
            text(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))")
        )


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """A database without a table, of either kind."""
    return request.getfixturevalue("bare_postgres_url") if request.param == "postgres" else ""


@pytest.fixture
def old(config: Config) -> Iterator[Config]:
    """The settings of a server of release 0.1.0: its tables, its rows, the key of its open box."""
    store = Store(config.database)
    with store.rebuild() as db:
        schema.migrate(db, "0001")
        fill(db)
    store.close()
    assert KEPT["pepper"].encode() == config.pepper
    config.keyroom.mkdir()
    (config.keyroom / f"{KEPT['open']['key_name']}.key").write_bytes(bytes.fromhex(KEPT["open"]["key"]))
    return config


@pytest.fixture
def migrate(old: Config, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """`pingyi migrate` on that server."""
    for name, setting in (
        ("DATABASE", old.database),
        ("INSTANCE", old.instance),
        ("KEYROOM", old.keyroom),
        ("SECRET", old.secret.decode()),
        ("PEPPER", old.pepper.decode()),
    ):
        monkeypatch.setenv(f"PINGYI_{name}", str(setting))
    return lambda: main(["migrate"])


@pytest.fixture
def house(old: Config, migrate: Callable[[], int]) -> Iterator[House]:
    """The same server after the upgrade."""
    assert migrate() == 0
    made = open_house(old, random=Random(4))
    yield made
    made.store.close()


def engine_of(config: Config) -> Engine:
    return create_engine(config.database)


def test_the_file_has_rows_in_every_table_of_the_release(old: Config) -> None:
    engine = engine_of(old)
    found = set(inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    assert found == set(TABLES) == {table for table in TABLES if rows_of(table)}


def test_every_row_is_the_same_afterwards(house: House) -> None:
    with house.store.read() as db:
        for table in TABLES:
            now = Base.metadata.tables[table]
            names = [name for name in KEPT["tables"][table]["columns"] if name in now.columns]
            read = db.execute(now.select().with_only_columns(*(now.columns[name] for name in names)))
            after = sorted(repr([_comparable(v) for v in row]) for row in read)
            before = sorted(repr([_comparable(row[name]) for name in names]) for row in rows_of(table))
            assert after == before, table


def test_a_backup_of_the_old_release_is_restored_by_this_one(
    old: Config, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    """Whoever makes a backup before he upgrades, and needs it afterwards: its rows go through the same migrations."""
    before, after = open_house(old), open_house(make_config(f"sqlite:///{tmp_path / 'after.db'}"))
    backup(before, tmp_path / "b.zip", version="0.1.0", now=NOW, progress=lambda _table, _rows: None)
    done = restore(after, tmp_path / "b.zip", keep_pepper=lambda _: None, progress=lambda _table, _rows: None)
    assert (done.manifest.revision, done.with_key) == ("0001", ("评议中的",))
    assert after.store.is_current()
    with before.store.read() as db, after.store.read() as restored:
        for table in TABLES:
            names = ", ".join(f'"{name}"' for name in KEPT["tables"][table]["columns"])
            asked = f'SELECT {names} FROM "{table}"'
            assert len(db.exec_driver_sql(asked).all()) == len(restored.exec_driver_sql(asked).all()) > 0, table
    assert ballots.look(after, KEPT["open"]["codes"][0]).state is SlipState.SPENT
    before.store.close()
    after.store.close()


def _comparable(plain: Any) -> Any:
    """Times and days as SQLite writes them."""
    return str(plain).removesuffix(".000000") if isinstance(plain, str | date) else plain


def test_the_tables_are_those_of_a_new_server(house: House, bare: Engine) -> None:
    """Tables, columns, keys, indexes, conditions: compared with the models, and with a server that never was older."""
    Base.metadata.create_all(bare)
    engine = create_engine(house.store.url)
    with engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), Base.metadata) == []
    assert shape(engine) == shape(bare)
    engine.dispose()


@pytest.fixture
def bare(house: House, tmp_path: Path) -> Iterator[Engine]:
    """A place of the same kind without a table: another file, or another schema beside the first."""
    if house.store.is_sqlite:
        engine = create_engine(f"sqlite:///{tmp_path / 'bare.db'}")
    else:
        with house.store.write() as db:
            db.exec_driver_sql("CREATE SCHEMA bare")
        engine = create_engine(house.store.url, connect_args={"options": "-csearch_path=bare"})
    yield engine
    engine.dispose()


def shape(engine: Engine) -> dict[str, Any]:
    """Everything a database knows of its tables, in words."""
    found = inspect(engine)
    return {
        table: {
            "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)),
            "key": found.get_pk_constraint(table)["constrained_columns"],
            "points": sorted(
                (key["name"] or "", key["constrained_columns"], key["referred_table"])
                for key in found.get_foreign_keys(table)
            ),
            "unique": sorted((u["name"] or "", u["column_names"]) for u in found.get_unique_constraints(table)),
            "indexes": sorted(
                (i["name"] or "", i["column_names"], bool(i["unique"])) for i in found.get_indexes(table)
            ),
            "conditions": sorted((c["name"] or "", c["sqltext"]) for c in found.get_check_constraints(table)),
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def test_the_open_meeting_is_voted_in_closed_and_counted(house: House) -> None:
    held, by = KEPT["open"], person(house, "secretary")
    *cast, last = held["codes"]
    assert [ballots.look(house, code).state for code in cast[:3]] == [SlipState.SPENT] * 3
    for code in (*cast[3:], last):
        look = ballots.look(house, code)
        assert (look.stage, look.state) == (Stage.OPEN, SlipState.FRESH)
        paper = house.paper(look.paper or "")
        fields = [n for n, (t, q) in paper.fields.items() if paper.questions(paper.targets[t])[q].kind == "rating"]
        assert ballots.cast(house, code, {name: ["1"] for name in fields})
    with house.store.read() as db:
        assert box.in_box(db, held["meeting"]) == 6
        (group,) = kept.get(db, held["meeting"]).groups
    meetings.close(house, held["meeting"], by=by, now=NOW)
    meetings.set_leftovers(house, held["meeting"], {group.id: 0}, by=by, now=NOW)
    results.count(house, held["meeting"], held["scrutineer"], by=by, now=NOW)
    with house.store.read() as db:
        marks = [c.ballots for c in counted.counts(db, held["meeting"])[group.id] if c.option in (0, 1)]
        assert [row.returned for row in counted.returned(db, held["meeting"])] == [6]
    assert set(marks) == {3} and house.keys.names() == ()


def test_every_page_of_the_old_meetings_is_read(house: House, old: Config) -> None:
    client = create_app(old, random=Random(7), testing=True).test_client()
    with house.store.read() as db:
        every = kept.of_units(db, [unit.id for unit in units.all_units(db)])
    with client.session_transaction("/desk") as session:
        session["_user_id"] = logged_in(house, "secretary")
    assert sorted(each.stage for each in every) == [Stage.COUNTED, Stage.DRAFT, Stage.OPEN, Stage.VOID]
    for path in ("/desk", "/desk/units", *(f"/desk/meetings/{each.id}" for each in every), "/board"):
        assert client.get(path, follow_redirects=True).status_code == 200, path
    page = client.get(f"/board/meetings/{KEPT['counted']}")
    assert page.status_code == 200 and "满意率" in page.text


def test_four_hosts_that_upgrade_at_once_do_not_clash(old: Config) -> None:
    """Guards: the advisory lock of PostgreSQL and BEGIN IMMEDIATE in store.schema.begin_rebuilding."""
    gate = threading.Barrier(HOSTS)

    def upgrade() -> bool:
        store = Store(old.database, connections=2)
        gate.wait()
        store.upgrade()
        is_current = store.is_current()
        store.close()
        return is_current

    with ThreadPoolExecutor(HOSTS) as pool:
        assert [each.result() for each in [pool.submit(upgrade) for _ in range(HOSTS)]] == [True] * HOSTS


def test_an_upgrade_that_is_cut_off_leaves_the_release_before(old: Config) -> None:
    """Guards: all migrations in one transaction, on SQLite too (store.engine.rebuild)."""
    store, engine = Store(old.database), engine_of(old)
    before = shape(engine)
    with pytest.raises(KeyboardInterrupt), store.rebuild() as db:
        schema.migrate(db)
        assert schema.current(db) == schema.head()
        raise KeyboardInterrupt
    assert shape(engine) == before
    with store.read() as db:
        assert schema.current(db) == "0001"
    store.upgrade()
    assert store.is_current()
    store.close()
    engine.dispose()


def test_the_rules_of_a_planned_round_are_its_first_version(config: Config) -> None:
    store = Store(config.database)
    body = {"id": 1, "key": "k", "title": "t", "body": "{}", "sha256": "0" * 64}
    unit = {"id": 1, "kind": "branch", "name": "机修车间党支部", "code": ""}
    season = {"name": "第四季度", "period": "2026Q4", "questionnaire_id": 1, "scheme": '{"decimals": 1}', "frozen": False}
    with store.rebuild() as db:
        schema.migrate(db, "0014")
        rows = (("questionnaires", body), ("units", unit), ("rounds", {"id": 1, "unit_id": 1, **season}), ("rounds", {"id": 2, **season}))
        for table, row in rows:
            db.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"), row)
        schema.migrate(db)
    with store.read() as db:
        (version,) = schemes.versions(db, 1)
        assert (version.number, version.scheme.decimals, version.minute, version.name) == (1, 1, None, "")
        assert not schemes.versions(db, 2), "nobody planned it"
    store.close()


def test_a_database_of_a_later_release_is_left_alone(
    old: Config, migrate: Callable[[], int], capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(old.database)
    with store.write() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert migrate() == 2
    assert "later Pingyi" in capsys.readouterr().err
    with store.read() as db:
        assert schema.current(db) == "9999"
    store.close()
