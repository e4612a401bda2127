"""Accounts in the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from survey.domain.staff import Staff, StaffRole
from survey.store.office_tables import StaffRow, UnitRow
from survey.store.units import above as units_above
from survey.store.units import below as units_below
from survey.store.units import unit_ids_below

PEOPLE = select(StaffRow.__table__, UnitRow.parent_id).join(UnitRow, UnitRow.id == StaffRow.unit_id)


@dataclass(frozen=True, slots=True)
class Account:
    """What a login needs to know; the password is an Argon2 hash."""

    id: int
    login: str
    password: str
    failures: int
    wait_until: datetime | None
    locked: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """An account as those see it who look after accounts. `seen` is when it last did anything, UTC."""

    id: int
    login: str
    name: str
    role: StaffRole
    unit: int
    unit_name: str
    locked: bool
    seen: datetime | None
    email: str = ""


def account(db: Connection, login: str) -> Account | None:
    """The account with this login name."""
    row = db.execute(select(StaffRow.__table__).where(StaffRow.login == login)).one_or_none()
    if row is None:
        return None
    return Account(row.id, row.login, row.password, row.failures, row.wait_until, row.locked)


def staff(db: Connection, staff_id: int) -> Staff | None:
    """The person behind an account."""
    row = db.execute(PEOPLE.where(StaffRow.id == staff_id)).one_or_none()
    return person(db, row) if row is not None else None


def person(db: Connection, row: Row[Any]) -> Staff:
    """Who stands in a row of `PEOPLE`, with the units he may see."""
    units = unit_ids_below(db, row.unit_id)
    return Staff(row.id, row.login, row.name, StaffRole(row.role), row.unit_id, units, row.parent_id is None)


def colleague(db: Connection, staff_id: int) -> Colleague | None:
    """One account."""
    row = db.execute(_colleagues().where(StaffRow.id == staff_id)).one_or_none()
    return _colleague(row) if row is not None else None


def colleagues(
    db: Connection, below: int, *, asked: str = "", first: int = 0, most: int = 100
) -> tuple[int, tuple[Colleague, ...]]:
    """How many accounts of a subtree a search finds, and a page of them, by unit and name."""
    found = _colleagues().where(StaffRow.unit_id.in_(units_below(below)))
    if asked:
        fields = (StaffRow.name, StaffRow.login, UnitRow.name)
        found = found.where(or_(*(field.contains(asked, autoescape=True) for field in fields)))
    n = db.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    rows = db.execute(found.order_by(UnitRow.name, StaffRow.unit_id, StaffRow.name, StaffRow.id).offset(first).limit(most))
    return n, tuple(_colleague(row) for row in rows)


def admins_of(db: Connection, unit: int | None) -> frozenset[int]:
    """Ids of the admins of exactly this unit who can log in."""
    chosen = (StaffRow.unit_id == unit, StaffRow.role == StaffRole.ADMIN.value, StaffRow.locked.is_(False))
    return frozenset(db.execute(select(StaffRow.id).where(*chosen)).scalars())


def runners(db: Connection, unit: int) -> Mapping[int, str]:
    """Who may run the rounds of a unit and can log in: names by the numbers of their accounts, by name."""
    chosen = (StaffRow.unit_id.in_(units_above(unit)), StaffRow.role.in_((StaffRole.ADMIN.value, StaffRole.SECRETARY.value)), StaffRow.locked.is_(False))
    rows = db.execute(select(StaffRow.id, StaffRow.name).where(*chosen).order_by(StaffRow.name, StaffRow.id))
    return {row.id: row.name for row in rows}


def add(db: Connection, values: Mapping[str, object]) -> int:
    """Insert an account and return its id."""
    return int(db.execute(insert(StaffRow).values(dict(values)).returning(StaffRow.id)).scalar_one())


def change(db: Connection, staff_id: int, values: Mapping[str, object]) -> None:
    """Write fields of an account."""
    db.execute(update(StaffRow).where(StaffRow.id == staff_id).values(dict(values)))


def is_still(db: Connection, account: Account) -> bool:
    """Whether password and lock are as they were read; from here to the end of the transaction they stay so."""
    same = (StaffRow.id == account.id, StaffRow.password == account.password, StaffRow.locked == account.locked)
    return db.execute(select(StaffRow.id).where(*same).with_for_update()).one_or_none() is not None


def lock(db: Connection, staff_id: int) -> None:
    """One at a time at this account's links: two would each withdraw what stood before, and both of theirs would stay good."""
    db.execute(select(StaffRow.id).where(StaffRow.id == staff_id).with_for_update(key_share=True))


def set_password(db: Connection, staff_id: int, *, password: str) -> None:
    """Write a new hash and forget the wrong tries; ending the logins is the business of `logins`."""
    change(db, staff_id, {"password": password, "failures": 0, "wait_until": None})


def set_failures(db: Connection, staff_id: int, failures: int, *, wait_until: datetime | None) -> None:
    """Write how often the password was wrong in a row and when the next try counts."""
    change(db, staff_id, {"failures": failures, "wait_until": wait_until})


def _colleagues() -> Select[int, str, str, str, int, str, bool, datetime | None, str | None]:
    return select(
        StaffRow.id, StaffRow.login, StaffRow.name, StaffRow.role, StaffRow.unit_id, UnitRow.name.label("unit_name"),
        StaffRow.locked, StaffRow.seen, StaffRow.email,
    ).join(UnitRow, UnitRow.id == StaffRow.unit_id)  # fmt: skip


def _colleague(row: Row[int, str, str, str, int, str, bool, datetime | None, str | None]) -> Colleague:
    role, seen = StaffRole(row.role), row.seen.replace(tzinfo=UTC) if row.seen is not None else None
    return Colleague(row.id, row.login, row.name, role, row.unit_id, row.unit_name, row.locked, seen, row.email or "")
