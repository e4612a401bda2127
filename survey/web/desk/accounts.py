"""Accounts for those who look after them: the list, invitations by one-time link, lock, role and unit."""

from dataclasses import dataclass, field

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey.actions import accounts, invitations
from survey.actions.invitations import Invited
from survey.domain.refusals import BadField, NotFound, Refused
from survey.domain.staff import StaffRole
from survey.domain.texts import line
from survey.office.qr import qr_path
from survey.store import invitations as kept
from survey.store import staff as people
from survey.store.staff import Colleague
from survey.web.clocks import minute
from survey.web.desk.halls import check_ids, refused
from survey.web.desk.unit_choosers import Offer, offer
from survey.web.doors import Who, admits, config, house, now, staff
from survey.web.errors import sentence
from survey.web.lists import asked_page, looked_for, pages
from survey.web.words import staff_roles

BLUEPRINT = Blueprint("desk_accounts", __name__, url_prefix="/desk/staff")
BLUEPRINT.register_error_handler(Refused, refused)
BLUEPRINT.url_value_preprocessor(check_ids)
_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of an account as they were typed, and what is wrong with them."""

    name: str = ""
    role: str = ""
    unit: str = ""
    wrong: dict[str, str] = field(default_factory=dict)


@BLUEPRINT.get("")
@admits(Who.ADMIN)
def index() -> Response:
    """Who may log in, in the subtree, and the links nobody has used yet."""
    asked, page, by = looked_for(request.args), asked_page(), staff()
    with house().store.read() as db:
        total, found = people.colleagues(db, by.unit, asked=asked, first=(page - 1) * _ON_A_PAGE, most=_ON_A_PAGE)
        unused = [each for each in kept.below(db, by.unit) if each.until > now()]
    return _page("index", total=total, people=found, asked=asked, open=unused, page=page, pages=pages(total, _ON_A_PAGE))


@BLUEPRINT.get("/invite")
@admits(Who.ADMIN)
def ask_invite() -> Response:
    """For whom a link is to be made."""
    return _ask(Typed(unit=str(staff().unit)))


@BLUEPRINT.post("/invite")
@admits(Who.ADMIN)
def invite() -> Response:
    """Make the link; the answer alone carries it."""
    typed = _typed()
    place = None if "find" in request.form else _place(typed)
    if place is None:
        return _ask(typed)
    try:
        form = request.form.get("form", "")
        made = invitations.invite(house(), typed.name, place=place, by=staff(), now=now(), form=form)
    except BadField as fault:
        typed.wrong[str(fault.facts["field"])] = sentence(fault).text
        return _ask(typed)
    return _link(made)


@BLUEPRINT.post("/invitations/<key>/withdraw")
@admits(Who.ADMIN)
def withdraw(key: str) -> Response:
    """Take a link back."""
    invitations.withdraw(house(), key, by=staff(), now=now())
    return make_response(redirect(url_for("desk_accounts.index"), 303))


@BLUEPRINT.get("/<int:staff_id>")
@admits(Who.ADMIN)
def account(staff_id: int) -> Response:
    """One account, and what can be done with it."""
    found = _found(staff_id)
    return _account(found, Typed(found.name, found.role.value, str(found.unit)))


@BLUEPRINT.post("/<int:staff_id>")
@admits(Who.ADMIN)
def change(staff_id: int) -> Response:
    """Another role, another unit."""
    found = _found(staff_id)
    typed = _typed()
    place = None if "find" in request.form else _place(typed)
    if place is None:
        return _account(found, typed)
    accounts.change(house(), staff_id, place=place, by=staff(), now=now())
    return _back_to(staff_id)


@BLUEPRINT.post("/<int:staff_id>/link")
@admits(Who.ADMIN)
def invite_back(staff_id: int) -> Response:
    """A link for a new password; the answer alone carries it."""
    form = request.form.get("form", "")
    return _link(invitations.invite_back(house(), staff_id, by=staff(), now=now(), form=form))


@BLUEPRINT.get("/<int:staff_id>/lock")
@admits(Who.ADMIN)
def ask_lock(staff_id: int) -> Response:
    """What locking ends."""
    found = _found(staff_id)
    if found.id == staff().id or found.locked:
        return _back_to(staff_id)
    return _page("lock", holder=found)


@BLUEPRINT.post("/<int:staff_id>/lock")
@admits(Who.ADMIN)
def lock(staff_id: int) -> Response:
    """Keep somebody out."""
    accounts.lock(house(), staff_id, by=staff(), now=now())
    return _back_to(staff_id)


@BLUEPRINT.post("/<int:staff_id>/unlock")
@admits(Who.ADMIN)
def unlock(staff_id: int) -> Response:
    """Let somebody in again."""
    accounts.unlock(house(), staff_id, by=staff(), now=now())
    return _back_to(staff_id)


def _found(staff_id: int) -> Colleague:
    with house().store.read() as db:
        return accounts.look(db, staff_id, by=staff())


def _typed() -> Typed:
    name, role, unit = (line(request.form.get(field, "")) for field in ("name", "role", "unit"))
    return Typed(name, role, unit)


def _place(typed: Typed) -> tuple[StaffRole, int] | None:
    """Role and unit as typed; None when one is missing, and then `typed.wrong` says so."""
    if typed.role not in set(StaffRole):
        typed.wrong["role"] = _("请选一个角色。")
    unit = int(typed.unit) if typed.unit.isascii() and typed.unit.isdecimal() and len(typed.unit) < 10 else 0
    if not staff().sees(unit):
        typed.wrong["unit"] = _("请选择管哪个单位。")
    return None if typed.wrong else (StaffRole(typed.role), unit)


def _offer(typed: Typed) -> Offer:
    return offer(typed.unit, request.form.get("find_unit", ""))


def _ask(typed: Typed) -> Response:
    return _page("invite", typed=typed, wrong=typed.wrong, offer=_offer(typed), status=400 if typed.wrong else 200)


def _account(found: Colleague, typed: Typed) -> Response:
    status = 400 if typed.wrong else 200
    return _page("account", holder=found, typed=typed, wrong=typed.wrong, offer=_offer(typed), status=status)


def _link(made: Invited) -> Response:
    address = config().url + url_for("desk_invitations.look", token=made.key)
    with house().store.read() as db:
        found = kept.find(db, made.invitation.digest)
    if found is None:
        raise NotFound(what="invitation")
    return _page("link", address=address, invitation=found, qr=qr_path(address))


def _page(name: str, *, status: int = 200, **more: object) -> Response:
    whole = {"roles": staff_roles(), "minute": minute, "me": staff().id, **more}
    return make_response(render_template(f"desk/accounts/{name}.html", **whole), status)


def _back_to(staff_id: int) -> Response:
    return make_response(redirect(url_for("desk_accounts.account", staff_id=staff_id), 303))
