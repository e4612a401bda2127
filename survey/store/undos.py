"""The last act of each account on units and members, with what stood there before."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from survey.store.clocks import minute
from survey.store.office_tables import UndoRow


def put(db: Connection, key: str, body: bytes, *, by: int, now: datetime) -> None:
    """Remember an act in place of the one before."""
    at = minute(now)
    db.execute(delete(UndoRow).where(UndoRow.staff_id == by))
    db.execute(insert(UndoRow).values(staff_id=by, key=key, minute=at, body=body))


def get(db: Connection, key: str, *, by: int) -> bytes | None:
    """An act by its key; None when another one came after it, or when it is another account's."""
    return db.execute(select(UndoRow.body).where(UndoRow.staff_id == by, UndoRow.key == key)).scalar_one_or_none()


def change(db: Connection, key: str, body: bytes, *, by: int) -> None:
    """Write what is known of an act anew."""
    db.execute(update(UndoRow).where(UndoRow.staff_id == by, UndoRow.key == key).values(body=body))
