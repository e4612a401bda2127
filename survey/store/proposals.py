"""Lists that were looked at and not yet confirmed."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select

from survey.store.clocks import minute
from survey.store.office_tables import ProposalRow

_KEPT = timedelta(days=1)


def put(db: Connection, key: str, body: bytes, *, by: int, now: datetime) -> None:
    """Keep a list for an account in place of the one before. Those of yesterday are forgotten, whosever they are."""
    at = minute(now)
    db.execute(delete(ProposalRow).where(or_(ProposalRow.staff_id == by, ProposalRow.minute < at - _KEPT)))
    db.execute(insert(ProposalRow).values(staff_id=by, key=key, minute=at, body=body))


def get(db: Connection, key: str, *, by: int) -> bytes | None:
    """A list by its key, None when it is gone or another account's."""
    query = select(ProposalRow.body).where(ProposalRow.staff_id == by, ProposalRow.key == key)
    return db.execute(query).scalar_one_or_none()


def take(db: Connection, key: str, *, by: int) -> bool:
    """Forget a list; True for the one who did, so that it is written once."""
    return db.execute(delete(ProposalRow).where(ProposalRow.staff_id == by, ProposalRow.key == key)).rowcount == 1
