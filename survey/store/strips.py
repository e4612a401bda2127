"""Strips in the store: one value for each counted survey, whatever it holds."""

from sqlalchemy import Connection, insert, select

from survey.store.tables import StripRow


def add(db: Connection, meeting: int, body: bytes) -> None:
    """Keep the strip of a survey."""
    db.execute(insert(StripRow).values(meeting_id=meeting, body=body))


def get(db: Connection, meeting: int) -> bytes | None:
    """The strip of a survey; None when none was kept."""
    return db.execute(select(StripRow.body).where(StripRow.meeting_id == meeting)).scalar_one_or_none()
