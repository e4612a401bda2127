"""Accounts of others: lock, unlock, another role, another unit. Never above oneself, never oneself, never the last admin."""

from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import check_admin, check_sees
from survey.domain.refusals import LastAdmin, NotAllowed, NotFound
from survey.domain.staff import Staff, StaffRole
from survey.store import journal, logins, staff, units
from survey.store.engine import Connection
from survey.store.staff import Colleague


def look(db: Connection, staff_id: int, *, by: Staff) -> Colleague:
    """An account of one's subtree.

    Raises
    ------
    NotFound
        There is none.
    """
    check_admin(by)
    found = staff.colleague(db, staff_id)
    if found is None or not by.sees(found.unit):
        raise NotFound(what="staff")
    return found


def lock(house: House, staff_id: int, *, by: Staff, now: datetime) -> None:
    """Keep somebody out: every login of his ends at once. Locking twice is one locking.

    Raises
    ------
    NotAllowed
        Oneself.
    LastAdmin
        Nobody else could let the others in.
    """
    with house.store.write() as db:
        found = _hold(db, staff_id, by=by)
        if found.locked:
            return
        _check_not_last(db, found)
        staff.change(db, found.id, {"locked": True})
        n = logins.end_all(db, found.id)
        journal.note(db, "lock", by=by.id, now=now, unit_id=found.unit, name=found.name, login=found.login, n=n)


def unlock(house: House, staff_id: int, *, by: Staff, now: datetime) -> None:
    """Let somebody in again, with his old password; also after too many wrong ones."""
    with house.store.write() as db:
        found = _hold(db, staff_id, by=by)
        if not found.locked:
            return
        staff.change(db, found.id, {"locked": False, "failures": 0, "wait_until": None})
        journal.note(db, "unlock", by=by.id, now=now, unit_id=found.unit, name=found.name, login=found.login)


def change(house: House, staff_id: int, *, place: tuple[StaffRole, int], by: Staff, now: datetime) -> None:
    """Give an account another role, another unit, or both; from the next page on it has them.

    Raises
    ------
    NotAllowed
        Oneself.
    LastAdmin
        The root would be left without an admin.
    """
    role, unit = place
    check_sees(by, unit)
    with house.store.write() as db:
        found = _hold(db, staff_id, by=by)
        if (found.role, found.unit) == (role, unit):
            return
        _check_not_last(db, found)
        staff.change(db, found.id, {"role": role.value, "unit_id": unit})
        names = {each.id: each.name for each in units.all_units(db) if each.id in (found.unit, unit)}
        said: dict[str, str] = {"name": found.name, "role": role.value, "unit": names[unit], "was": found.role.value}
        said |= {"from": names[found.unit]} if found.unit != unit else {}
        journal.note(db, "change_staff", by=by.id, now=now, unit_id=unit, meeting=None, **said)


def _hold(db: Connection, staff_id: int, *, by: Staff) -> Colleague:
    """Lock all accounts, so that of two who each take away the other's rights only one does, and look at this one."""
    units.lock(db)
    me = staff.colleague(db, by.id)
    if me is None or me.locked or me.role is not StaffRole.ADMIN or me.unit != by.unit:
        raise NotAllowed()
    found = look(db, staff_id, by=by)
    if found.id == by.id:
        raise NotAllowed()
    return found


def _check_not_last(db: Connection, found: Colleague) -> None:
    root = units.root(db)
    if found.unit == root and staff.admins_of(db, root) == {found.id}:
        raise LastAdmin()
