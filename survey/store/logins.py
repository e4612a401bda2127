"""Logins of staff in the store: who is logged in where, by the minute. The cookie's key is not here, only its digest."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from survey.domain.staff import Staff
from survey.store.clocks import minute
from survey.store.office_tables import LoginRow, StaffRow
from survey.store.staff import PEOPLE, person


@dataclass(frozen=True, slots=True)
class Login:
    """One login on one device."""

    digest: bytes
    staff: int
    began: datetime
    seen: datetime
    device: str


def add(db: Connection, login: Login) -> None:
    """A new login."""
    seen = minute(login.seen)
    values = {"digest": login.digest, "staff_id": login.staff, "began": minute(login.began), "seen": seen}
    db.execute(insert(LoginRow).values({**values, "device": login.device}))
    db.execute(update(StaffRow).where(StaffRow.id == login.staff).values(seen=seen))


def find(db: Connection, digest: bytes, *, since: datetime) -> tuple[Login, Staff] | None:
    """A login and whose it is, when he is not locked and was seen since."""
    columns = (LoginRow.digest, LoginRow.began, LoginRow.seen.label("last"), LoginRow.device)
    chosen = PEOPLE.add_columns(*columns).join(LoginRow, LoginRow.staff_id == StaffRow.id)
    row = db.execute(chosen.where(LoginRow.digest == digest, StaffRow.locked.is_(False))).one_or_none()
    if row is None or _aware(row.last) <= since:
        return None
    return Login(row.digest, row.id, _aware(row.began), _aware(row.last), row.device), person(db, row)


def of_staff(db: Connection, staff: int) -> tuple[Login, ...]:
    """Where somebody is logged in, the latest seen first."""
    rows = db.execute(
        select(LoginRow.__table__).where(LoginRow.staff_id == staff).order_by(LoginRow.seen.desc(), LoginRow.digest)
    )
    return tuple(Login(row.digest, row.staff_id, _aware(row.began), _aware(row.seen), row.device) for row in rows)


def see(db: Connection, login: Login, *, now: datetime) -> None:
    """Write that somebody is still there."""
    db.execute(update(LoginRow).where(LoginRow.digest == login.digest).values(seen=minute(now)))
    db.execute(update(StaffRow).where(StaffRow.id == login.staff).values(seen=minute(now)))


def end(db: Connection, staff: int, digest: bytes) -> bool:
    """End one login of somebody; False when there is none such."""
    chosen = (LoginRow.staff_id == staff, LoginRow.digest == digest)
    return db.execute(delete(LoginRow).where(*chosen).returning(LoginRow.digest)).one_or_none() is not None


def end_all(db: Connection, staff: int, *, but: bytes | None = None) -> int:
    """End all logins of somebody but this one; how many there were."""
    chosen = delete(LoginRow).where(LoginRow.staff_id == staff)
    if but is not None:
        chosen = chosen.where(LoginRow.digest != but)
    return len(db.execute(chosen.returning(LoginRow.digest)).all())


def sweep(db: Connection, *, before: datetime) -> None:
    """Forget the logins nobody has used since."""
    db.execute(delete(LoginRow).where(LoginRow.seen < minute(before)))


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
