"""Backup and restore: the whole database and the pepper in one file. No key of a box is ever in it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from survey.actions.boxes import key_name
from survey.actions.house import House
from survey.actions.publication_sums import fill
from survey.actions.results import sweep
from survey.domain.refusals import Away, BadBackup, NewerDatabase
from survey.store import backup_files, backups, schema
from survey.store.backup_files import KeptFile, Manifest
from survey.store.engine import Connection

# Called with a table and how many of its rows are done, every now and then.
Progress = Callable[[str, int], None]
_NOW_AND_THEN = 1000


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; of the meetings that were not counted, those whose key lies here and those whose does not."""

    manifest: Manifest
    with_key: tuple[str, ...]
    without_key: tuple[str, ...]


def backup(house: House, path: Path, *, version: str, now: datetime, progress: Progress) -> Manifest:
    """Write everything as it is at one moment, while people vote on.

    Raises
    ------
    BadBackup
        There is no Pingyi in this database, or the file cannot be written; then there is no file.
    NewerDatabase
        The database is of a later release.
    """
    store = house.store
    if store.is_sqlite and not Path(store.url.database or "").exists():
        raise BadBackup(why="nothing")
    with backup_files.new(path) as file:
        with store.snapshot() as db:
            revision = _revision(db)
            for table in backups.tables(db):
                rows = _told(backups.lines(db, table), table.name, progress)
                file.add(table.name, backups.columns(table), rows)
            titles = tuple(title for title, _ in backups.unsettled(db))
        made = now.astimezone(UTC).isoformat(timespec="minutes")
        manifest = file.finish(Manifest(version, revision, made, titles), house.pepper)
    # A count that ended while we were reading could not empty SQLite's log of its ballots. The backup stands without.
    with suppress(Away):
        store.scrub()
    return manifest


def restore(house: House, path: Path, *, keep_pepper: Callable[[bytes], None], progress: Progress) -> Restored:
    """Put a backup into an empty database nobody is connected to, and bring it to this release: all of it or nothing.

    Raises
    ------
    BadBackup
        The file is none, was cut off or altered, or the database is not empty.
    NewerDatabase
        The backup is of a later release.
    InUse
        A server runs over this database.
    """
    with backup_files.kept(path) as file:
        _check(file)
        pepper = file.pepper()
        with house.store.rebuild(unused=True) as db:
            if not backups.is_empty(db):
                raise BadBackup(why="not_empty")
            _fill(db, file, progress)
            held = backups.unsettled(db)
            # Last before the commit: should that fail, an empty instance has another pepper, which harms nobody.
            keep_pepper(pepper)
    sweep(house)
    fill(house)
    here = set(house.keys.names())
    return Restored(
        file.manifest,
        tuple(title for title, public in held if key_name(public) in here),
        tuple(title for title, public in held if key_name(public) not in here),
    )


def _revision(db: Connection) -> str:
    found = schema.current(db)
    if found is None:
        raise BadBackup(why="nothing")
    if not schema.is_known(found):
        raise NewerDatabase(found=found)
    return found


def _check(file: KeptFile) -> None:
    """Read the whole file once before anything is written."""
    if not schema.is_known(file.manifest.revision):
        raise NewerDatabase(found=file.manifest.revision)
    for part in file.manifest.parts:
        for _line in file.lines(part):
            pass


def _fill(db: Connection, file: KeptFile, progress: Progress) -> None:
    backups.clear(db)
    schema.migrate(db, file.manifest.revision)
    parts = {part.table: part for part in file.manifest.parts}
    tables = backups.tables(db)
    if {table.name for table in tables} != set(parts):
        raise BadBackup(why="rows", part="manifest.json")
    for table in tables:
        part = parts[table.name]
        backups.load(db, table, _told(file.lines(part), table.name, progress), order=part.columns)
    schema.migrate(db)


def _told(lines: Iterable[bytes], table: str, progress: Progress) -> Iterator[bytes]:
    done = 0
    for line in lines:
        yield line
        done += 1
        if done % _NOW_AND_THEN == 0:
            progress(table, done)
    progress(table, done)
