"""Contact-point leaders (联系点领导): let a leader look after a unit, or no longer."""

from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.domain.refusals import BadField, NotFound, UnitStays
from survey.domain.staff import Staff
from survey.domain.units import Member
from survey.store import contacts, journal, members, units
from survey.store.engine import Connection


def appoint(house: House, unit: int, member: int, *, by: Staff, now: datetime) -> None:
    """Let a member of the subtree look after a unit of it; nothing happens when he does already.

    Raises
    ------
    NotFound
        One of them lies outside the subtree.
    UnitStays
        The unit is closed.
    BadField
        The member has left.
    """
    check_runs(by, unit)
    with house.store.write() as db:
        here, leader = units.get(db, unit), _member(db, member, by)
        if here.is_closed:
            raise UnitStays(why="closed", unit=here.name)
        if leader.left_on is not None:
            raise BadField(field="contact", value=leader.name, why="left")
        if member in {each.id for each in contacts.leaders_of(db, unit)}:
            return
        contacts.put(db, unit, member)
        journal.note(db, "contact_add", by=by.id, now=now, unit_id=unit, name=here.name, member=leader.name)


def dismiss(house: House, unit: int, member: int, *, by: Staff, now: datetime) -> None:
    """A leader looks after a unit no longer; nothing happens when he does not."""
    check_runs(by, unit)
    with house.store.write() as db:
        leader = next((each for each in contacts.leaders_of(db, unit) if each.id == member), None)
        if leader is None:
            return
        contacts.remove(db, unit, [member])
        journal.note(db, "contact_remove", by=by.id, now=now, unit_id=unit, name=units.get(db, unit).name, member=leader.name)


def _member(db: Connection, member: int, by: Staff) -> Member:
    found = members.get(db, member)
    if not by.sees(found.unit):
        raise NotFound(what="member")
    return found
