"""The two doors, the schema and its migrations, on both databases."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from survey.actions.house import House
from survey.domain.refusals import Away
from survey.store.engine import Store
from survey.store.tables import Base
from tests.conftest import make_meeting, on_sqlite


def test_the_migrations_make_the_tables_of_the_code(house: House) -> None:
    engine = create_engine(house.store.url)
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_an_upgrade_keeps_the_rows(house: House) -> None:
    hall = make_meeting(house)
    house.store.upgrade()
    assert house.store.is_current()
    assert hall.vote(next(iter(hall.codes.values()))[0])


def test_a_write_that_raises_leaves_nothing(house: House) -> None:
    with pytest.raises(ZeroDivisionError), house.store.write() as db:
        db.exec_driver_sql("INSERT INTO units (kind, name, code) VALUES ('branch', '丁', '')")
        raise ZeroDivisionError
    with house.store.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM units").scalar_one() == 0


def test_a_reader_does_not_hold_up_a_writer(house: House) -> None:
    done = threading.Event()
    with house.store.read() as db:
        before = db.exec_driver_sql("SELECT count(*) FROM units").scalar_one()
        writer = threading.Thread(target=lambda: (_add(house), done.set()))
        writer.start()
        assert done.wait(10), "a reader must not hold up a writer"
        writer.join()
    assert before == 0


def _add(house: House) -> None:
    with house.store.write() as db:
        db.exec_driver_sql("INSERT INTO units (kind, name, code) VALUES ('branch', '丁', '')")


@on_sqlite
def test_sqlite_runs_with_the_settings_the_box_needs(house: House) -> None:
    with house.store.read() as db:
        settings = {
            name: db.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_a_database_that_is_not_there_is_away(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    with pytest.raises(Away):
        store.check()
