"""The schema and its revisions: which one a database has, and the way from there to this release. Alembic stays here."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from survey.domain.refusals import BadBackup, NewerDatabase

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do that no other program takes for its advisory locks in the same database: "pingyi" in ASCII.
_REBUILDING = 0x70696E677969


@cache
def head() -> str:
    """The revision of this release; its files do not change while it runs."""
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head() or ""


def is_known(revision: str) -> bool:
    """Whether this release knows a revision, its own or an older one."""
    return revision in {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}


def current(db: Connection) -> str | None:
    """The revision a database has; None when no Pingyi was ever in it."""
    return MigrationContext.configure(db).get_current_revision()


def migrate(db: Connection, to: str = "head") -> None:
    """Go forward to a revision inside the transaction of `rebuild`.

    Raises
    ------
    NewerDatabase
        The database has a revision this release does not know.
    """
    found = current(db)
    if found is not None and not is_known(found):
        raise NewerDatabase(found=found)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = db
    command.upgrade(config, to)


def begin_rebuilding(db: Connection, *, unused: bool) -> bool:
    """Begin a transaction no second one of its kind can enter; False when `unused` is asked and others are connected."""
    if db.dialect.name != "sqlite":
        # However long it takes: a rebuilding is awaited, not given up like a ballot.
        db.exec_driver_sql("SET LOCAL lock_timeout = 0")
        # Held to the end of the transaction: another host's `pingyi migrate` waits here, and then finds it done.
        db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_REBUILDING})")
        return not unused or not _others_on_postgres(db)
    # Alembic rebuilds a table of SQLite under another name: for the keys that point to it that would be a deletion.
    # They are looked at once, at the end. What can only be set outside a transaction is set before BEGIN.
    db.exec_driver_sql("PRAGMA foreign_keys=OFF")
    if unused and not _leave_wal(db):
        return False
    db.exec_driver_sql("BEGIN EXCLUSIVE" if unused else "BEGIN IMMEDIATE")
    return True


def check_keys(db: Connection) -> None:
    """At the end of a rebuilding, on SQLite: every row that points to another still finds it."""
    if db.dialect.name == "sqlite" and db.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise BadBackup(why="rows")


def _leave_wal(db: Connection) -> bool:
    """SQLite leaves its write-ahead log only when nobody else has the file open, not even idly."""
    try:
        db.exec_driver_sql("PRAGMA journal_mode=DELETE")
    except OperationalError:
        return False
    return True


def _others_on_postgres(db: Connection) -> bool:
    found = db.exec_driver_sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND coalesce(backend_type, 'client backend') = 'client backend'"
    )
    return int(found.scalar_one()) > 0
