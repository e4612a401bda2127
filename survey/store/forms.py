"""Forms that made something, for a week: a double click or the back button makes nothing a second time.

A page with a form that creates something puts a fresh key into a hidden field `form`; its verb notes the key in the
transaction that creates. Of two equal forms at once the second waits for the first one's commit and is rolled back whole.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from survey.domain.refusals import Repeated
from survey.store.office_tables import FormRow

# Longer than an invitation is good.
_KEPT = timedelta(days=8)


def note(db: Connection, key: str, *, by: int, made: object, now: datetime) -> None:
    """Note at the end of a verb's transaction what the form with this key made; an empty key is not noted.

    Raises
    ------
    Repeated
        It made something already, which is told; the caller's transaction must not be committed.
    """
    if not key:
        return
    minute = now.astimezone(UTC).replace(second=0, microsecond=0, tzinfo=None)
    db.execute(delete(FormRow).where(FormRow.minute < minute - _KEPT))
    dialect = sqlite if db.dialect.name == "sqlite" else postgresql
    row = {"key": _digest(key, by), "made": str(made), "minute": minute}
    written = dialect.insert(FormRow).values(row).on_conflict_do_nothing().returning(FormRow.key)
    if db.execute(written).one_or_none() is None:
        raise Repeated(made=made_by(db, key, by=by) or "")


def made_by(db: Connection, key: str, *, by: int) -> str | None:
    """What this person's form with this key made; None when it was not sent before."""
    return db.execute(select(FormRow.made).where(FormRow.key == _digest(key, by))).scalar_one_or_none()


def _digest(key: str, by: int) -> bytes:
    """A key is good for one person: nobody can use up another's."""
    return sha256(f"{by}\0{key}".encode("utf-8", "replace")).digest()
