"""PostgreSQL plans by the sizes it last counted, which it does by itself only a minute later: after a thousand new rows it is
asked to count now, or every page of a new city would be slow for that minute. SQLite plans by its indexes alone."""

from sqlalchemy import Connection, text

# Fewer rows change no plan.
MANY = 1000


def learn_people(db: Connection, new: int) -> None:
    """So many units and members were added."""
    _learn(db, new, "units, members")


def learn_meetings(db: Connection, new: int) -> None:
    """So many meetings were added."""
    _learn(db, new, "meetings, groups")


def _learn(db: Connection, new: int, tables: str) -> None:
    if new >= MANY and db.dialect.name == "postgresql":
        db.execute(text(f"ANALYZE {tables}"))
