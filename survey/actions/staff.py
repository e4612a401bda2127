"""Staff: add an account, reset a password, log in and out, and everybody's own password and logins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from survey.actions.house import House
from survey.domain.refusals import Away, BadField, BadLogin, Locked, NotFound
from survey.domain.staff import (
    LONGEST_LOGIN,
    LONGEST_NAME,
    Staff,
    StaffRole,
    seconds_left,
    wait_after,
)
from survey.domain.texts import line
from survey.store import journal, logins, staff, units
from survey.store.clocks import plain
from survey.store.engine import Connection
from survey.urn import codes, passwords
from survey.urn.passwords import SHORTEST

# A browser left alone so long is logged out; the cookie ends after as long.
IDLE = timedelta(hours=12)
# How exactly one can tell when somebody was last there.
_SEEN_EVERY = timedelta(minutes=5)
SHORTEST_PASSWORD = SHORTEST
_LONGEST_DEVICE = 100


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who is logged in: who, and by which of his logins."""

    person: Staff
    digest: bytes


def add(house: House, login: str, *, name: str, role: StaffRole, unit: int | None, password: str, now: datetime) -> int:
    """Add an account; `unit` None is the root of the tree.

    Raises
    ------
    BadField
        Empty or taken login, login or name too long, weak password, no such unit.
    """
    login, name = check_names(login, name)
    with house.store.read() as db:
        tree = units.all_units(db)
    found = next((u for u in tree if (u.parent is None if unit is None else u.id == unit)), None)
    if found is None:
        raise BadField(field="unit", value=str(unit), why="unknown")
    hashed = check_password(password, login, name, found.name)
    with house.store.write() as db:
        added = insert(db, {"login": login, "name": name, "role": role.value, "unit_id": found.id, "password": hashed})
        journal.note(db, "staff_add", by=None, now=now, unit_id=found.id, login=login, name=name, role=role.value)
    return added


def insert(db: Connection, values: dict[str, object]) -> int:
    """Write a new account.

    Raises
    ------
    BadField
        The login name is taken.
    """
    # Two who take the same name at once: the second waits here and then finds it taken.
    units.lock(db)
    if staff.account(db, str(values["login"])) is not None:
        raise BadField(field="login", value=values["login"], why="twice")
    return staff.add(db, values)


def check_names(login: str, name: str) -> tuple[str, str]:
    """Login and name as they are kept; whoever gives no name is called by his login.

    Raises
    ------
    BadField
        No login, or one of the two is too long.
    """
    login, name = line(login), line(name)
    if not login:
        raise BadField(field="login", value=login, why="empty")
    for field, text, most in (("login", login, LONGEST_LOGIN), ("name", name, LONGEST_NAME)):
        if len(text) > most:
            raise BadField(field=field, value=text[:20], why="too_long", most=most)
    return login, name or login


def check_password(password: str, *known: str) -> str:
    """The hash of a password that is hard to guess, also for whoever knows login, name and unit of the person.

    Raises
    ------
    BadField
        It is short, long, common, or made of what is known.
    """
    why = passwords.weakness(password, known)
    if why:
        raise BadField(field="password", value="", why=why, least=passwords.SHORTEST, most=passwords.LONGEST)
    return passwords.hashed(password)


def reset(house: House, login: str, *, password: str, now: datetime) -> None:
    """Write a new password; every login made before ends.

    Raises
    ------
    BadField
        No such account, or the password is weak.
    """
    with house.store.read() as db:
        account = staff.account(db, line(login))
        found = staff.colleague(db, account.id) if account is not None else None
    if found is None:
        raise BadField(field="login", value=login, why="unknown")
    hashed = check_password(password, found.login, found.name, found.unit_name)
    with house.store.write() as db:
        staff.set_password(db, found.id, password=hashed)
        logins.end_all(db, found.id)
        journal.note(db, "staff_reset", by=None, now=now, unit_id=found.unit, login=found.login, name=found.name)


def recognise(house: House, login: str, password: str, *, now: datetime) -> Staff:
    """The person of this login, by his password; nobody is logged in by that.

    Raises
    ------
    BadLogin
        Unknown login and wrong password read alike; `wait` is the seconds until the next try counts. Slowed after
        failures by account: a hall is one address.
    Locked
        The password fits, and the account is locked.
    """
    account = _tried(house, login, password, now=now)
    with house.store.write() as db:
        _check_still(db, account)
        journal.note(db, "login", by=account.id, now=now)
        found = staff.staff(db, account.id)
    if found is None:
        raise BadLogin(wait=0)
    return found


def log_in(house: House, login: str, password: str, *, now: datetime, device: str = "") -> str:
    """The key of a new login, for one browser's cookie; nobody else keeps it. Refused as by `recognise`."""
    account = _tried(house, login, password, now=now)
    with house.store.write() as db:
        _check_still(db, account)
        journal.note(db, "login", by=account.id, now=now)
        return enter(db, house, account.id, now=now, device=device)


def enter(db: Connection, house: House, staff_id: int, *, now: datetime, device: str) -> str:
    """Make a login in a transaction that has made sure of the person, and return its key."""
    key = codes.fresh_key(house.random)
    digest = codes.login_digest(house.pepper, key)
    logins.sweep(db, before=now - IDLE)
    logins.add(db, logins.Login(digest, staff_id, now, now, device[:_LONGEST_DEVICE]))
    return key


def entered(house: House, key: str, *, now: datetime) -> Entered | None:
    """Whose login a cookie's key is; None when it was ended, idle too long or never was. Says that he is there."""
    digest = codes.login_digest(house.pepper, key)
    with house.store.read() as db:
        found = logins.find(db, digest, since=now - IDLE)
    if found is None:
        return None
    login, person = found
    if abs(now - login.seen) >= _SEEN_EVERY:
        _see(house, login, now=now)
    return Entered(person, digest)


def log_out(house: House, by: Entered) -> None:
    """End this login."""
    with house.store.write() as db:
        logins.end(db, by.person.id, by.digest)


def end_login(house: House, by: Entered, key: str, *, now: datetime) -> None:
    """End one of one's own logins, named by its digest in hexadecimal.

    Raises
    ------
    NotFound
        None of one's own is called so.
    """
    try:
        digest = bytes.fromhex(key)
    except ValueError as fault:
        raise NotFound(what="login") from fault
    with house.store.write() as db:
        if not logins.end(db, by.person.id, digest):
            raise NotFound(what="login")
        journal.note(db, "logins_end", by=by.person.id, now=now, n=1)


def end_other_logins(house: House, by: Entered, *, now: datetime) -> int:
    """End all of one's own logins but this one; how many there were."""
    with house.store.write() as db:
        n = logins.end_all(db, by.person.id, but=by.digest)
        if n:
            journal.note(db, "logins_end", by=by.person.id, now=now, n=n)
    return n


def change_password(house: House, by: Entered, *, old: str, new: str, now: datetime) -> None:
    """Exchange one's own password; every other login of this person ends.

    Raises
    ------
    BadLogin
        The old one does not fit; counted like a wrong login.
    BadField
        The new one is weak, or the same.
    """
    with house.store.read() as db:
        found = staff.colleague(db, by.person.id)
    account = _tried(house, by.person.login, old, now=now)
    if new == old:
        raise BadField(field="password", value="", why="same")
    hashed = check_password(new, by.person.login, by.person.name, found.unit_name if found is not None else "")
    with house.store.write() as db:
        _check_still(db, account)
        staff.set_password(db, by.person.id, password=hashed)
        n = logins.end_all(db, by.person.id, but=by.digest)
        journal.note(db, "password", by=by.person.id, now=now, n=n)


def _tried(house: House, login: str, password: str, *, now: datetime) -> staff.Account:
    """The account, when the password fits; a wrong one is counted and the next try slowed."""
    moment = plain(now)
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
        if not fits:
            journal.note(db, "login_failed", by=account.id, now=now)
        elif account.locked:
            journal.note(db, "login_locked", by=account.id, now=now)
    if not fits:
        raise BadLogin(wait=wait)
    if account.locked:
        raise Locked()
    return account


def _check_still(db: Connection, account: staff.Account) -> None:
    """Somebody may have changed the password or locked the account while this password was checked."""
    if not staff.is_still(db, account):
        raise BadLogin(wait=0)


def _see(house: House, login: logins.Login, *, now: datetime) -> None:
    try:
        with house.store.write(at_once=True) as db:
            logins.see(db, login, now=now)
    except Away:
        # Who only looks at a page is not held up because others write just now: the next page says it.
        return
