"""Members: the page of one, add and edit, move, leave, come back, and taking the last of these back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey.actions import members, undos
from survey.actions.members import Wanted
from survey.actions.rights import check_runs
from survey.actions.trees import Ask
from survey.domain.members import read_day, seen
from survey.domain.refusals import BadField, NotFound, Refused, Stale
from survey.domain.texts import line
from survey.domain.units import Member, MemberKind
from survey.store import contacts, terms, units
from survey.store import members as kept
from survey.web.desk.halls import check_ids, refused
from survey.web.desk.member_words import field_fault
from survey.web.doors import Who, admits, house, now, staff, today
from survey.web.words import member_kinds

BLUEPRINT = Blueprint("desk_members", __name__, url_prefix="/desk/members")
BLUEPRINT.register_error_handler(Refused, refused)
BLUEPRINT.url_value_preprocessor(check_ids)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a member as it was typed."""

    name: str = ""
    kind: str = MemberKind.WORKING.value
    position: str = ""
    code: str = ""
    since: str = ""
    seen: str = ""


@BLUEPRINT.get("/in/<int:unit_id>")
@admits(Who.SECRETARY)
def new(unit_id: int) -> Response:
    """The empty form."""
    return _new(unit_id, Typed(since=today().isoformat()), {})


@BLUEPRINT.post("/in/<int:unit_id>")
@admits(Who.SECRETARY)
def add(unit_id: int) -> Response:
    """Add a member, or show the form again as it was typed."""
    form = _typed()
    wanted, wrong = _wanted(form)
    if wanted is not None:
        try:
            return done_page(members.add(house(), unit_id, wanted, ask()))
        except BadField as fault:
            wrong = field_fault(fault)
    return _new(unit_id, form, wrong)


@BLUEPRINT.get("/<int:member_id>")
@admits(Who.SECRETARY)
def member(member_id: int) -> Response:
    """One member: where he is and was, what he looks after, what can be done."""
    with house().store.read() as db:
        found = see(member_id)
        stays = kept.stays_of(db, member_id)
        names = units.names(db, {found.unit, *(stay.unit for stay in stays)})
        looks_after = contacts.units_of(db, member_id)
        words = terms.all_terms(db)
    # Where somebody was outside the subtree is not this account's business.
    names = {unit: name if staff().sees(unit) else _("别的单位") for unit, name in names.items()}
    looks_after = tuple(unit for unit in looks_after if staff().sees(unit.id))
    text = render_template(
        "desk/members/member.html", member=found, stays=stays, names=names, looks_after=looks_after,
        kind=member_kinds(words, retired=True).get(found.kind, found.kind),
    )  # fmt: skip
    return make_response(text)


@BLUEPRINT.get("/<int:member_id>/edit")
@admits(Who.SECRETARY)
def editing(member_id: int) -> Response:
    """What is known of a member, to change."""
    found = see(member_id)
    return _edit(found, _as_typed(found), {})


@BLUEPRINT.post("/<int:member_id>/edit")
@admits(Who.SECRETARY)
def edit(member_id: int) -> Response:
    """Write it, or show the form again; when somebody else was faster, both side by side."""
    found = see(member_id)
    form = _typed()
    wanted, wrong = _wanted(form)
    if wanted is not None:
        try:
            return done_page(members.edit(house(), member_id, wanted, replace(ask(), seen=form.seen)))
        except BadField as fault:
            wrong = field_fault(fault)
        except Stale:
            return _edit(see(member_id), replace(form, seen=seen(see(member_id))), {}, stale=True)
    return _edit(found, form, wrong)


@BLUEPRINT.get("/<int:member_id>/leave")
@admits(Who.SECRETARY)
def leaving(member_id: int) -> Response:
    """Since when he is gone."""
    return _leave(see(member_id), today().isoformat(), {})


@BLUEPRINT.post("/<int:member_id>/leave")
@admits(Who.SECRETARY)
def leave(member_id: int) -> Response:
    """Write the day, or say what is wrong with it."""
    found = see(member_id)
    text = line(request.form.get("day", ""))
    day, wrong = day_of(text)
    if day is not None:
        try:
            return done_page(members.leave(house(), member_id, day=day, ask=ask()))
        except BadField as fault:
            wrong = field_fault(fault)
    return _leave(found, text, wrong)


@BLUEPRINT.get("/done/<key>")
@admits(Who.SECRETARY)
def done(key: str) -> Response:
    """What the last act did, and the way back from it."""
    act = undos.look(house(), key, by=staff())
    return make_response(render_template("desk/members/done.html", act=act, key=key))


@BLUEPRINT.post("/done/<key>")
@admits(Who.SECRETARY)
def undo(key: str) -> Response:
    """Take the last act back."""
    try:
        undos.undo(house(), key, by=staff(), now=now())
    except Stale:
        act = undos.look(house(), key, by=staff())
        return make_response(render_template("desk/members/done.html", act=act, key=key, stale=True), 409)
    return done_page(key)


def ask() -> Ask:
    """Who asks, and when."""
    return Ask(staff(), now(), today())


def done_page(key: str) -> Response:
    """To the page that says what was done, so that reloading it repeats nothing."""
    return make_response(redirect(url_for("desk_members.done", key=key), 303))


def see(member_id: int) -> Member:
    """A member of the subtree.

    Raises
    ------
    NotFound
        There is none, or he belongs to another subtree.
    """
    with house().store.read() as db:
        found = kept.get(db, member_id)
    if not staff().sees(found.unit):
        raise NotFound(what="member")
    return found


def day_of(text: str) -> tuple[date | None, Mapping[str, str]]:
    """A day as it was typed, or the sentence for its field."""
    day = read_day(text)
    return day, {} if day else {"day": _("请填日期，例如 %(day)s。", day=today().isoformat())}


def _typed() -> Typed:
    form = request.form
    return Typed(*(line(form.get(field, "")) for field in ("name", "kind", "position", "code", "since", "seen")))


def _as_typed(member: Member) -> Typed:
    since = member.since.isoformat() if member.since else ""
    return Typed(member.name, member.kind, member.position, member.code, since, seen(member))


def _wanted(form: Typed) -> tuple[Wanted | None, Mapping[str, str]]:
    since = read_day(form.since)
    if form.since and since is None:
        return None, {"since": _("请填日期，例如 %(day)s；不知道可以空着。", day=today().isoformat())}
    return Wanted(form.name, form.kind, form.position, form.code, since), {}


def _new(unit_id: int, form: Typed, wrong: Mapping[str, str]) -> Response:
    check_runs(staff(), unit_id)
    with house().store.read() as db:
        unit = units.get(db, unit_id)
        kinds = member_kinds(terms.all_terms(db))
    text = render_template("desk/members/new.html", unit=unit, form=form, wrong=wrong, kinds=kinds)
    return make_response(text, 400 if wrong else 200)


def _edit(member: Member, form: Typed, wrong: Mapping[str, str], *, stale: bool = False) -> Response:
    with house().store.read() as db:
        unit = units.get(db, member.unit)
        words = terms.all_terms(db)
    kinds = {member.kind: member_kinds(words, retired=True).get(member.kind, member.kind), **member_kinds(words)}
    text = render_template(
        "desk/members/edit.html", member=member, unit=unit, form=form, wrong=wrong, kinds=kinds, stale=stale,
        there=_as_typed(member),
    )  # fmt: skip
    return make_response(text, 409 if stale else 400 if wrong else 200)


def _leave(member: Member, day: str, wrong: Mapping[str, str]) -> Response:
    with house().store.read() as db:
        unit = units.get(db, member.unit)
    text = render_template("desk/members/leave.html", member=member, unit=unit, day=day, wrong=wrong)
    return make_response(text, 400 if wrong else 200)
