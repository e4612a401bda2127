"""The versions of the rules of a planned round in the store."""

import json
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from survey.domain.rounds import Scheme, read_scheme
from survey.domain.scheme_versions import Version
from survey.store.clocks import minute
from survey.store.office_tables import StaffRow
from survey.store.publication_tables import SchemeVersionRow


def versions(db: Connection, round_id: int) -> tuple[Version, ...]:
    """All versions of a round, the last one first."""
    query = (
        select(SchemeVersionRow.number, SchemeVersionRow.scheme, SchemeVersionRow.minute, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == SchemeVersionRow.staff_id)
        .where(SchemeVersionRow.round_id == round_id)
        .order_by(SchemeVersionRow.number.desc())
    )
    return tuple(
        Version(row.number, read_scheme(json.loads(row.scheme)), row.minute.replace(tzinfo=UTC) if row.minute else None, row.name or "")
        for row in db.execute(query)
    )


def last(db: Connection, round_id: int) -> int:
    """The number of the last version; 0 before the first."""
    query = select(func.max(SchemeVersionRow.number)).where(SchemeVersionRow.round_id == round_id)
    return db.execute(query).scalar_one() or 0


def add(db: Connection, round_id: int, scheme: Scheme, *, by: int, now: datetime) -> int:
    """Keep a scheme as the next version of its round. Returns its number."""
    number = last(db, round_id) + 1
    body = json.dumps(scheme.as_json(), sort_keys=True)
    values = {"round_id": round_id, "number": number, "scheme": body, "minute": minute(now), "staff_id": by}
    db.execute(insert(SchemeVersionRow).values(values))
    return number
