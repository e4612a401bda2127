"""Staff: add an account, reset a password, log in."""

from datetime import UTC, datetime, timedelta

from survey.actions.house import House
from survey.domain.refusals import BadField, BadLogin
from survey.domain.staff import (
    LONGEST_LOGIN,
    LONGEST_NAME,
    SHORTEST_PASSWORD,
    StaffRole,
    seconds_left,
    wait_after,
)
from survey.domain.texts import line
from survey.store import journal, staff, units
from survey.urn import passwords
from survey.urn.codes import fresh


def add(house: House, login: str, *, name: str, role: StaffRole, unit: int | None, password: str, now: datetime) -> int:
    """Add an account; `unit` None is the root of the tree.

    Raises
    ------
    BadField
        Empty or taken login, login or name too long, short password, no such unit.
    """
    login, name = line(login), line(name)
    if not login:
        raise BadField(field="login", value=login, why="empty")
    for field, text, most in (("login", login, LONGEST_LOGIN), ("name", name, LONGEST_NAME)):
        if len(text) > most:
            raise BadField(field=field, value=text[:20], why="too_long", most=most)
    _check_password(password)
    hashed = passwords.hashed(password)
    with house.store.write() as db:
        if staff.account(db, login) is not None:
            raise BadField(field="login", value=login, why="twice")
        tree = units.all_units(db)
        found = next((u.id for u in tree if (u.parent is None if unit is None else u.id == unit)), None)
        if found is None:
            raise BadField(field="unit", value=str(unit), why="unknown")
        values = {"login": login, "name": name or login, "role": role.value, "unit_id": found}
        added = staff.add(db, {**values, "password": hashed, "stamp": fresh(house.random)})
        journal.note(db, "staff_add", by=None, now=now, login=login, role=role.value)
    return added


def reset(house: House, login: str, *, password: str, now: datetime) -> None:
    """Write a new password; every login made before ends.

    Raises
    ------
    BadField
        No such account, or the password is short.
    """
    _check_password(password)
    hashed = passwords.hashed(password)
    with house.store.write() as db:
        account = staff.account(db, line(login))
        if account is None:
            raise BadField(field="login", value=login, why="unknown")
        staff.set_password(db, account.id, password=hashed, stamp=fresh(house.random))
        journal.note(db, "staff_reset", by=None, now=now, login=account.login)


def log_in(house: House, login: str, password: str, *, now: datetime) -> tuple[int, str]:
    """Id and stamp of the account, when the password fits. Slowed after failures, by account: a hall is one address.

    Raises
    ------
    BadLogin
        Unknown login and wrong password read alike; `wait` is the seconds until the next try counts.
    """
    moment = now.astimezone(UTC).replace(tzinfo=None)
    with house.store.read() as db:
        account = staff.account(db, line(login))
    left = seconds_left(account.wait_until, moment) if account is not None else 0
    if left:
        raise BadLogin(wait=left)
    fits = passwords.fits(account.password if account else passwords.NOBODY, password)
    if account is None:
        raise BadLogin(wait=0)
    failures = 0 if fits else account.failures + 1
    wait = wait_after(failures)
    with house.store.write() as db:
        staff.set_failures(db, account.id, failures, wait_until=moment + timedelta(seconds=wait) if wait else None)
        journal.note(db, "login" if fits else "login_failed", by=account.id, now=now)
    if not fits:
        raise BadLogin(wait=wait)
    return account.id, account.stamp


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise BadField(field="password", value="", why="short", least=SHORTEST_PASSWORD)
