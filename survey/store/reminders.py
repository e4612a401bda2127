"""Who is to be reminded of a round: the accounts of the units that are not done."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from survey.domain.plans import Planned, Standing
from survey.domain.staff import StaffRole
from survey.store.coverage import WAITING, rank_of, standing_of, units_of
from survey.store.office_tables import StaffRow

_RUN_MEETINGS = (StaffRole.SECRETARY.value, StaffRole.ADMIN.value)


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody who runs the meetings of a unit that is not done; `email` is empty when he gave none."""

    unit: int
    unit_name: str
    standing: Standing
    name: str
    email: str


def clerks(db: Connection, planned: Planned) -> tuple[Clerk, ...]:
    """The accounts of units not yet counted, by unit; those that are locked are not asked."""
    base = units_of(planned, planned.unit)
    query = select(base.c.id, base.c.name.label("unit_name"), base.c.standing, StaffRow.name, StaffRow.email)
    rows = db.execute(
        query.join(StaffRow, StaffRow.unit_id == base.c.id)
        .where(base.c.standing.in_(map(rank_of, WAITING)), StaffRow.role.in_(_RUN_MEETINGS), StaffRow.locked.is_(False))
        .order_by(base.c.code, base.c.id, StaffRow.name, StaffRow.id)
    )
    return tuple(Clerk(row.id, row.unit_name, standing_of(row.standing), row.name, row.email or "") for row in rows)
