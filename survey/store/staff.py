"""Accounts in the store."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from survey.domain.staff import Staff, StaffRole
from survey.store.office_tables import StaffRow
from survey.store.units import unit_ids_below


@dataclass(frozen=True, slots=True)
class Account:
    """What a login needs to know; the password is an Argon2 hash."""

    id: int
    login: str
    password: str
    stamp: str
    failures: int
    wait_until: datetime | None


def account(db: Connection, login: str) -> Account | None:
    """The account with this login name."""
    row = db.execute(select(StaffRow.__table__).where(StaffRow.login == login)).one_or_none()
    if row is None:
        return None
    return Account(row.id, row.login, row.password, row.stamp, row.failures, row.wait_until)


def staff(db: Connection, staff_id: int, *, stamp: str) -> Staff | None:
    """The person behind a login, unless the password changed since."""
    row = db.execute(select(StaffRow.__table__).where(StaffRow.id == staff_id, StaffRow.stamp == stamp)).one_or_none()
    if row is None:
        return None
    return Staff(row.id, row.login, row.name, StaffRole(row.role), row.unit_id, unit_ids_below(db, row.unit_id))


def all_staff(db: Connection) -> tuple[tuple[str, str, StaffRole, int], ...]:
    """Login, name, role and unit of every account."""
    rows = db.execute(select(StaffRow.login, StaffRow.name, StaffRow.role, StaffRow.unit_id).order_by(StaffRow.login))
    return tuple((row.login, row.name, StaffRole(row.role), row.unit_id) for row in rows)


def add(db: Connection, values: dict[str, object]) -> int:
    """Insert an account and return its id."""
    return int(db.execute(insert(StaffRow).values(values).returning(StaffRow.id)).scalar_one())


def set_password(db: Connection, staff_id: int, *, password: str, stamp: str) -> None:
    """Write a new hash; every login made before ends."""
    db.execute(
        update(StaffRow)
        .where(StaffRow.id == staff_id)
        .values(password=password, stamp=stamp, failures=0, wait_until=None)
    )


def set_failures(db: Connection, staff_id: int, failures: int, *, wait_until: datetime | None) -> None:
    """Write how often the password was wrong in a row and when the next try counts."""
    db.execute(update(StaffRow).where(StaffRow.id == staff_id).values(failures=failures, wait_until=wait_until))
