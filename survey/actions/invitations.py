"""Invitations: a one-time link for a new account or a forgotten password, withdrawn or used once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from survey.actions import staff as verbs
from survey.actions.house import House
from survey.actions.rights import check_admin, check_sees
from survey.domain.refusals import BadField, BadInvitation, NotAllowed, NotFound, Repeated
from survey.domain.staff import LONGEST_NAME, Staff, StaffRole
from survey.domain.texts import line
from survey.store import forms, invitations, journal, logins, staff, units
from survey.store.engine import Connection
from survey.store.invitations import Invitation
from survey.urn import codes

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """A link that was just made: its key, shown once, and what it is for."""

    key: str
    invitation: Invitation


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the invited person types. `login` is not asked for where only a new password is set."""

    login: str
    password: str
    again: str
    device: str = ""


def invite(house: House, name: str, *, place: tuple[StaffRole, int], by: Staff, now: datetime, form: str = "") -> Invited:
    """A link for a new account with this role in this unit.

    Parameters
    ----------
    form : str
        Key of the form: sent again it gives the same link again, as long as nobody has used it.

    Raises
    ------
    BadField
        No name, or a long one.
    Repeated
        The form was sent before, and its link is used or withdrawn, or it said something else.
    """
    check_admin(by)
    role, unit = place
    check_sees(by, unit)
    name = line(name)
    if not name or len(name) > LONGEST_NAME:
        raise BadField(field="name", value=name[:20], why="too_long" if name else "empty", most=LONGEST_NAME)
    wanted = Invitation(b"", name, role, unit, None, by.id, now + GOOD_FOR)
    return _make(house, wanted, by=by, now=now, form=form)


def invite_back(house: House, staff_id: int, *, by: Staff, now: datetime, form: str = "") -> Invited:
    """A link for a new password of somebody else's account; a link made for it before is good no more.

    Raises
    ------
    NotFound
        No such account in the subtree.
    NotAllowed
        One's own: that takes the old password.
    """
    check_admin(by)
    with house.store.read() as db:
        found = staff.colleague(db, staff_id)
    if found is None or not by.sees(found.unit):
        raise NotFound(what="staff")
    if found.id == by.id or found.locked:
        raise NotAllowed()
    wanted = Invitation(b"", found.name, found.role, found.unit, found.id, by.id, now + GOOD_FOR)
    return _make(house, wanted, by=by, now=now, form=form)


def withdraw(house: House, digest: str, *, by: Staff, now: datetime) -> None:
    """Take a link back, named by its digest in hexadecimal.

    Raises
    ------
    NotFound
        None in the subtree is called so.
    """
    check_admin(by)
    try:
        wanted = bytes.fromhex(digest)
    except ValueError as fault:
        raise NotFound(what="invitation") from fault
    with house.store.write() as db:
        found = invitations.find(db, wanted)
        if found is None or not by.sees(found.unit) or not invitations.remove(db, wanted):
            raise NotFound(what="invitation")
        journal.note(db, "withdraw", by=by.id, now=now, unit_id=found.unit, name=found.name)


def look(house: House, key: str, *, now: datetime) -> Invitation:
    """What a link is for.

    Raises
    ------
    BadInvitation
        Unknown, used, withdrawn, run out, or whoever gave it may not any more: all read alike and take as long.
    """
    digest = codes.invitation_digest(house.pepper, key)
    with house.store.read() as db:
        return _good(db, digest, now=now)


def accept(house: House, key: str, chosen: Chosen, *, now: datetime) -> str:
    """Make the account, or set the new password, and log the person in: the key of the login.

    Raises
    ------
    BadInvitation
        As by `look`; of two who use it at once one gets in.
    BadField
        The login name is missing, long or taken, the passwords are weak or differ. The link stays good.
    """
    digest = codes.invitation_digest(house.pepper, key)
    with house.store.read() as db:
        found = _good(db, digest, now=now)
        known = staff.colleague(db, found.staff) if found.staff is not None else None
    login = known.login if known is not None else verbs.check_names(chosen.login, found.name)[0]
    if chosen.password != chosen.again:
        raise BadField(field="password", value="", why="different")
    hashed = verbs.check_password(chosen.password, login, found.name, found.unit_name)
    with house.store.write() as db:
        # The account first and then its link, as `_make` does: the other way round two could wait for each other.
        if found.staff is not None:
            staff.lock(db, found.staff)
        found = _good(db, digest, now=now)
        if not invitations.remove(db, digest):
            raise BadInvitation()
        if found.staff is not None:
            staff_id = found.staff
            staff.set_password(db, staff_id, password=hashed)
            logins.end_all(db, staff_id)
        else:
            values: dict[str, object] = {"login": login, "name": found.name, "role": found.role.value}
            staff_id = verbs.insert(db, {**values, "unit_id": found.unit, "password": hashed})
        act, host = "join" if found.staff is None else "new_password", found.by_name
        journal.note(db, act, by=staff_id, now=now, unit_id=found.unit, login=login, invited_by=host)
        return verbs.enter(db, house, staff_id, now=now, device=chosen.device)


def _make(house: House, wanted: Invitation, *, by: Staff, now: datetime, form: str) -> Invited:
    said = (wanted.name, wanted.role.value, wanted.unit, wanted.staff)
    # The same form gives the same link, so that a double click loses none; nobody can work it out without the pepper.
    key = codes.key_of(house.pepper, f"{by.id}\0{form}\0{said!r}") if form else codes.fresh_key(house.random)
    made = replace(wanted, digest=codes.invitation_digest(house.pepper, key))
    try:
        with house.store.write() as db:
            invitations.sweep(db, now=now)
            forms.note(db, form, by=by.id, made=made.digest.hex()[:32], now=now)
            if made.staff is not None:
                staff.lock(db, made.staff)
                invitations.remove_of(db, made.staff)
            invitations.add(db, made)
            what: dict[str, str] = {"name": made.name, "role": made.role.value}
            journal.note(db, "invite" if made.staff is None else "invite_back", by=by.id, now=now, unit_id=made.unit, meeting=None, **what)
    except Repeated:
        with house.store.read() as db:
            stands = invitations.find(db, made.digest)
        if stands is None:
            raise
        made = stands
    return Invited(key, made)


def _good(db: Connection, digest: bytes, *, now: datetime) -> Invitation:
    found = invitations.find(db, digest)
    if found is None or found.until <= now:
        raise BadInvitation()
    host = staff.colleague(db, found.by)
    person = staff.colleague(db, found.staff) if found.staff is not None else None
    # A link is worth no more than whoever gave it: locked, moved or no admin any more, and it opens nothing.
    if host is None or host.locked or host.role is not StaffRole.ADMIN:
        raise BadInvitation()
    if not {found.unit, person.unit if person else found.unit} <= units.unit_ids_below(db, host.unit):
        raise BadInvitation()
    if found.staff is not None and (person is None or person.locked):
        raise BadInvitation()
    return found
