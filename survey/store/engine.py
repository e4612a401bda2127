"""The two doors of the store: `read()` and `write()`, one transaction each, over SQLite or PostgreSQL."""

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from survey.domain.refusals import Away, InUse, NoRoom
from survey.store import schema

BUSY_SECONDS = 10
_NO_TABLE = "42P01"
_DISK_FULL = "53100"
_READ_ONLY = "25006"
# The drivers' own words when they, or the server, cannot get what they ask for.
_OUT_OF_MEMORY = "out of memory"
# Faults inside PostgreSQL, among them a quota that is used up.
_ITS_OWN = "XX"


class Store:
    """A database by its URL. Rows come out as values; nothing live leaves a door."""

    def __init__(self, url: str, *, connections: int = 40) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # The address may say how long to wait for a lock: sqlite:////path?timeout=3
        self._patience = float(str(self.url.query.get("timeout", BUSY_SECONDS))) if self.is_sqlite else BUSY_SECONDS
        extra: dict[str, Any] = {"pool_size": connections, "max_overflow": 0, "pool_timeout": BUSY_SECONDS}
        extra |= {"connect_args": self._connect_args(), "pool_pre_ping": not self.is_sqlite}
        self._engine = create_engine(self.url, **extra)
        # A store nobody holds any more gives its connections back at once, instead of when they time out.
        weakref.finalize(self, self._engine.dispose)
        # SQLite takes one writer at a time and makes the others sleep and guess; threads of one process queue here.
        self._queue = threading.Lock()
        self._first: Callable[[Connection], None] | None = None
        if self.is_sqlite:
            event.listen(self._engine, "connect", _settings)

    def beginning(self, first: Callable[[Connection], None]) -> "Store":
        """The same store, where `first` is done at the beginning of every transaction that changes, and belongs to it."""
        other = copy(self)
        other._first = first
        return other

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only looks.

        Raises
        ------
        Away
            The database does not answer.
        """
        with _away(), self._engine.connect() as db:
            if self.is_sqlite:
                db.exec_driver_sql("BEGIN")
            yield db
            db.rollback()

    @contextmanager
    def write(self, *, at_once: bool = False) -> Iterator[Connection]:
        """A transaction that changes: committed when the block ends, rolled back when it raises.

        Parameters
        ----------
        at_once : bool
            Give up instead of waiting for somebody else's lock: for what may as well be written later.

        Raises
        ------
        Away
            The database does not answer or another program holds its lock; nothing was changed, unless the connection
            broke while the commit was on its way: then nobody knows, and every act says so when it is repeated.
        NoRoom
            Disk or memory is full; nothing was changed.
        """
        patience = 0 if at_once else self._patience
        with _away(), self._turn(patience), self._engine.connect() as db, self._waiting(db, patience):
            if self.is_sqlite:
                db.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                if self._first is not None:
                    self._first(db)
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    def scrub(self) -> None:
        """After a count: leave no pages of the box in SQLite's write-ahead log. PostgreSQL has its own ways."""
        if self.is_sqlite:
            with _away(), self._engine.connect() as db:
                db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One unmoving view of everything, however long it is read; nobody waits for the reader.

        Raises
        ------
        Away
            The database does not answer.
        """
        with _away(), self._engine.connect() as db:
            if self.is_sqlite:
                db.exec_driver_sql("BEGIN")
            else:
                db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield db
            db.rollback()

    @contextmanager
    def rebuild(self, *, unused: bool = False) -> Iterator[Connection]:
        """A transaction over schema and rows, one at a time over all hosts: all of it or nothing.

        Parameters
        ----------
        unused : bool
            Refuse when anybody else is connected: a running server does not notice what is exchanged under it.

        Raises
        ------
        Away
            The database does not answer or another program holds its lock; nothing was changed.
        InUse
            Somebody else is connected.
        """
        if unused:
            self._engine.dispose()
        with _away(), self._turn(self._patience), self._engine.connect() as db:
            try:
                if not schema.begin_rebuilding(db, unused=unused):
                    raise InUse()
                yield db
                schema.check_keys(db)
                db.commit()
            finally:
                # Rolls back what was not committed; and nobody gets a connection with the settings of a rebuilding.
                db.invalidate()

    def upgrade(self) -> None:
        """Bring the schema to this release; a second host that does the same waits, and finds it done."""
        with self.rebuild() as db:
            schema.migrate(db)

    def is_current(self) -> bool:
        """Whether the schema is the one of this release."""
        with _away(), self._engine.connect() as db:
            return schema.current(db) == schema.head()

    def check(self) -> None:
        """Ask the database for a sign of life."""
        with self.read() as db:
            db.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _turn(self, patience: float) -> Iterator[None]:
        """Wait for one's turn to write, as long as for the lock itself: else sixteen threads would wait sixteen times."""
        if not self.is_sqlite:
            yield
            return
        if not self._queue.acquire(timeout=patience):
            raise Away()
        try:
            yield
        finally:
            self._queue.release()

    @contextmanager
    def _waiting(self, db: Connection, patience: float) -> Iterator[None]:
        """Let the database itself wait so long for a lock, during this transaction alone."""
        if patience == self._patience:
            yield
            return
        if not self.is_sqlite:
            db.exec_driver_sql(f"SET LOCAL lock_timeout = {int(patience * 1000) + 1}")
            yield
            return
        db.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience * 1000)}")
        try:
            yield
        finally:
            db.exec_driver_sql(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")

    def _connect_args(self) -> dict[str, Any]:
        if self.is_sqlite:
            return {"timeout": self._patience}
        # A server that is gone or a lock that somebody forgot must end in a sentence, not in a phone that waits.
        milliseconds = BUSY_SECONDS * 1000
        own = {
            "connect_timeout": BUSY_SECONDS,
            "tcp_user_timeout": milliseconds,
            "options": f"-c lock_timeout={milliseconds}",
        }
        return {name: value for name, value in own.items() if name not in self.url.query}


@contextmanager
def _away() -> Iterator[None]:
    try:
        yield
    except MemoryError as fault:
        raise NoRoom(what="memory") from fault
    except PoolTimeout as fault:
        raise Away() from fault
    except DBAPIError as fault:
        if _OUT_OF_MEMORY in str(fault.orig):
            raise NoRoom(what="memory") from fault
        if _is_full(fault):
            raise NoRoom(what="disk") from fault
        # A missing table, which SQLite calls operational, is a database that is just being restored.
        state = getattr(fault.orig, "sqlstate", None) or ""
        is_gone = fault.connection_invalidated or state in (_NO_TABLE, _READ_ONLY) or state.startswith(_ITS_OWN)
        if is_gone or isinstance(fault, OperationalError):
            raise Away() from fault
        raise


def _is_full(fault: DBAPIError) -> bool:
    """SQLite says that the disk is full, or that a write failed (a quota); PostgreSQL has a state for it."""
    full = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
    return getattr(fault.orig, "sqlite_errorcode", None) in full or getattr(fault.orig, "sqlstate", "") == _DISK_FULL


def _settings(connection: Any, _record: object) -> None:
    # The driver must not begin transactions of its own accord: `write` says BEGIN IMMEDIATE itself.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
