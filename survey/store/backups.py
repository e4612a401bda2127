"""A database as plain rows, table by table, whatever its release: out of one kind of database and into the other.

Rows go out in the order of their keys. The order in which they lie on a disk would tell who voted when, and a backup must
tell nothing that a look into the tables does not.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Insert,
    Integer,
    MetaData,
    Table,
    Update,
    bindparam,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import DataError, IntegrityError

from survey.domain.meetings import BOXED
from survey.domain.refusals import BadBackup
from survey.store import schema
from survey.store.tables import Base

_AT_ONCE = 500
_REVISIONS = "alembic_version"


def tables(db: Connection) -> tuple[Table, ...]:
    """Pingyi's tables as they are in this database, those that others point to first."""
    found = MetaData()
    found.reflect(db)
    # Of an older release every table is taken: this release may have dropped one that still holds rows there.
    ours = set(Base.metadata.tables) if schema.current(db) == schema.head() else set(found.tables)
    return tuple(table for table in found.sorted_tables if table.name in ours - {_REVISIONS})


def columns(table: Table) -> list[str]:
    """Names of the columns, in the order in which a line holds them."""
    return [column.name for column in table.columns]


def lines(db: Connection, table: Table) -> Iterator[bytes]:
    """Every row as one line of JSON, a list in the order of the columns; read a few at a time."""
    rows = db.execute(select(table).order_by(*table.primary_key.columns), execution_options={"yield_per": _AT_ONCE})
    for row in rows:
        plain = [_plain(value) for value in row]
        yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def unsettled(db: Connection) -> tuple[tuple[str, bytes], ...]:
    """Meetings whose box is open or closed and not yet counted: title and public key."""
    (meetings,) = (table for table in tables(db) if table.name == "meetings")
    waiting = [stage.value for stage in BOXED]
    query = select(meetings.c.title, meetings.c.public_key).where(meetings.c.stage.in_(waiting))
    return tuple((row.title, row.public_key or b"") for row in db.execute(query.order_by(meetings.c.id)))


def is_empty(db: Connection) -> bool:
    """Whether a backup may be put here: nothing of anybody's is in it."""
    if schema.current(db) is None:
        return not inspect(db).get_table_names()
    return all(db.execute(select(table).limit(1)).first() is None for table in tables(db))


def clear(db: Connection) -> None:
    """Drop the tables of an empty database, to begin at the release of the backup."""
    found = MetaData()
    found.reflect(db)
    found.drop_all(db)


def load(db: Connection, table: Table, rows: Iterable[bytes], *, order: Sequence[str]) -> None:
    """Write the lines of one table, their places called as `order` says.

    A row that points into its own table gets that pointer when all rows stand.

    Raises
    ------
    BadBackup
        A line is not a row of this table.
    """
    if sorted(order) != sorted(columns(table)):
        raise BadBackup(why="rows", part=table.name)
    read = [(name, _reader(table.columns[name])) for name in order]
    own = [c.name for c in table.columns for key in c.foreign_keys if key.column.table is table]
    pointers: dict[str, list[dict[str, Any]]] = {name: [] for name in own}
    waiting: list[dict[str, Any]] = []
    for line in rows:
        values = _values(table, read, line)
        for name in own:
            pointers[name].append({"_row": values["id"], "_to": values[name]})
        waiting.append(values | dict.fromkeys(own))
        if len(waiting) == _AT_ONCE:
            _execute(db, table, insert(table), waiting)
            waiting = []
    _execute(db, table, insert(table), waiting)
    for name, found in pointers.items():
        point = update(table).where(table.c.id == bindparam("_row")).values({name: bindparam("_to")})
        _execute(db, table, point, [each for each in found if each["_to"] is not None])
    _count_on(db, table)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date | datetime) else value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    kind = column.type.python_type
    if kind is bytes:
        return base64.b64decode
    return kind.fromisoformat if kind in (date, datetime) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _values(table: Table, read: list[tuple[str, Callable[[Any], Any]]], line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
        return {name: None if v is None else reader(v) for (name, reader), v in zip(read, row, strict=True)}
    except (TypeError, ValueError) as fault:
        raise BadBackup(why="rows", part=table.name) from fault


def _execute(db: Connection, table: Table, statement: Insert | Update, rows: list[dict[str, Any]]) -> None:
    try:
        if rows:
            db.execute(statement, rows)
    except (IntegrityError, DataError) as fault:
        raise BadBackup(why="rows", part=table.name) from fault


def _count_on(db: Connection, table: Table) -> None:
    """PostgreSQL gives out the next number from a sequence, which knows nothing of rows that brought theirs along."""
    if db.dialect.name == "sqlite":
        return
    for column in table.primary_key.columns:
        name = db.dialect.identifier_preparer.quote(table.name)
        sequence = db.execute(select(func.pg_get_serial_sequence(name, column.name))).scalar_one()
        if isinstance(column.type, Integer) and sequence is not None:
            last = db.execute(select(func.max(column))).scalar_one()
            db.execute(select(func.setval(sequence, last or 1, last is not None)))
