"""Forms that did their work, for a week: a double click, a reload or the back button does nothing a second time.

A page of staff puts a fresh key into a hidden field of each form. The first transaction of the verb that the form asks for
claims the key before it does anything: of two equal forms at once the second waits for the first one's commit and is told.
Where the first one led is noted when it is answered, and the second is sent there too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from survey.domain.refusals import Repeated
from survey.store.clocks import minute
from survey.store.office_tables import FormRow

# Longer than an invitation is good.
_KEPT = timedelta(days=8)
# As long as its column.
_LONGEST = 300


class SentTwice(Exception):
    """The same form was sent before, or is being sent at this moment. No refusal: no view has a sentence for it."""


@dataclass(slots=True)
class Claim:
    """One form that is being sent; `mine` once a transaction of this sending has claimed it."""

    digest: bytes
    minute: datetime
    mine: bool = False

    def take(self, db: Connection) -> None:
        """Claim the form at the beginning of a transaction.

        Raises
        ------
        SentTwice
            Somebody else did, and committed; nothing may be done.
        """
        if not _insert(db, self.digest, "", self.minute) and not self.mine:
            raise SentTwice()
        self.mine = True

    def settle(self, db: Connection, made: str) -> None:
        """Note where the form led, and forget those of long ago."""
        place = made if len(made) <= _LONGEST else ""
        db.execute(update(FormRow).where(FormRow.key == self.digest).values(made=place))
        _sweep(db, self.minute)

    def drop(self, db: Connection) -> None:
        """The form did nothing that could be led to: it may be sent again."""
        db.execute(delete(FormRow).where(FormRow.key == self.digest))

    def made(self, db: Connection) -> str | None:
        """Where the form led; empty while that is not known, None when it was not sent or did nothing."""
        return _made(db, self.digest)


def claim(key: str, fields: Iterable[tuple[str, str]], *, by: int, now: datetime) -> Claim:
    """A form by its key, the person who sends it and all that was typed: with another name in it, it is another form."""
    return Claim(_digest("\0".join((key, *(text for pair in fields for text in pair))), by), _day(now))


def note(db: Connection, key: str, *, by: int, made: object, now: datetime) -> None:
    """Note at the end of a verb's transaction what the form with this key made; an empty key is not noted.

    Raises
    ------
    Repeated
        It made something already, which is told; the caller's transaction must not be committed.
    """
    if not key:
        return
    _sweep(db, _day(now))
    if not _insert(db, _digest(key, by), str(made), _day(now)):
        raise Repeated(made=made_by(db, key, by=by) or "")


def made_by(db: Connection, key: str, *, by: int) -> str | None:
    """What this person's form with this key made; None when it was not sent before."""
    return _made(db, _digest(key, by))


def _insert(db: Connection, digest: bytes, made: str, minute: datetime) -> bool:
    """Whether the form was not there."""
    dialect = sqlite if db.dialect.name == "sqlite" else postgresql
    row = {"key": digest, "made": made, "minute": minute}
    written = dialect.insert(FormRow).values(row).on_conflict_do_nothing().returning(FormRow.key)
    return db.execute(written).one_or_none() is not None


def _made(db: Connection, digest: bytes) -> str | None:
    return db.execute(select(FormRow.made).where(FormRow.key == digest)).scalar_one_or_none()


def _sweep(db: Connection, minute: datetime) -> None:
    db.execute(delete(FormRow).where(FormRow.minute < minute - _KEPT))


def _day(now: datetime) -> datetime:
    """By the day: where a form led says what became of a form on paper, and when that was keyed is in no table."""
    return minute(now).replace(hour=0, minute=0)


def _digest(key: str, by: int) -> bytes:
    """A key is good for one person: nobody can use up another's."""
    return sha256(f"{by}\0{key}".encode("utf-8", "replace")).digest()
