"""Members going over to another unit, one or many, and coming back: choose the unit by searching, see what will happen, do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from survey.actions import members
from survey.actions.rights import check_runs
from survey.domain.refusals import BadField, NotFound, Refused
from survey.domain.texts import line
from survey.domain.units import Member
from survey.store import choices, units
from survey.store import members as kept
from survey.store.choices import Choice, Wanted
from survey.store.meetings import MOST_ID
from survey.web.desk.fields import number
from survey.web.desk.halls import check_ids, refused
from survey.web.desk.member_words import field_fault
from survey.web.desk.members import ask, day_of, done_page, see
from survey.web.doors import Who, admits, house, staff, today

BLUEPRINT = Blueprint("desk_moves", __name__, url_prefix="/desk/members")
BLUEPRINT.register_error_handler(Refused, refused)
BLUEPRINT.url_value_preprocessor(check_ids)
# How many units a page offers; who does not find his types a few letters.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Typed:
    """Where to and when, as it was typed."""

    q: str = ""
    unit: str = ""
    day: str = ""


@BLUEPRINT.get("/<int:member_id>/move")
@admits(Who.SECRETARY)
def moving(member_id: int) -> Response:
    """Where one member goes, and since when."""
    return _choose([see(member_id)], Typed(day=today().isoformat()), {})


@BLUEPRINT.post("/moving")
@admits(Who.SECRETARY)
def moving_some() -> Response:
    """The same for those who were ticked on the page of a unit."""
    people = _people()
    return _choose(people, Typed(day=today().isoformat()), {}) if people else _nobody()


@BLUEPRINT.post("/move")
@admits(Who.SECRETARY)
def move() -> Response:
    """Search, or say what would happen, or do it: by the button that was pressed."""
    people, form = _people(), _typed()
    if not people:
        return _nobody()
    if "find" in request.form:
        return _choose(people, form, {})
    choice, day, wrong = _read(form)
    if choice is None or day is None:
        return _choose(people, form, wrong)
    if "sure" not in request.form:
        return _confirm(people, form, choice)
    try:
        return done_page(members.move(house(), [m.id for m in people], choice.id, day=day, ask=ask()))
    except BadField as fault:
        found = field_fault(fault)
        return _choose(people, form, {"unit": found["name"]} if "name" in found else found)


@BLUEPRINT.get("/<int:member_id>/back")
@admits(Who.SECRETARY)
def coming_back(member_id: int) -> Response:
    """Where a member comes back to, and since when."""
    return _back(see(member_id), Typed(day=today().isoformat()), {})


@BLUEPRINT.post("/<int:member_id>/back")
@admits(Who.SECRETARY)
def come_back(member_id: int) -> Response:
    """Search, or take him back."""
    found, form = see(member_id), _typed()
    if "find" in request.form:
        return _back(found, form, {})
    choice, day, wrong = _read(form)
    if choice is not None and day is not None:
        try:
            return done_page(members.come_back(house(), member_id, choice.id, day=day, ask=ask()))
        except BadField as fault:
            said = field_fault(fault)
            wrong = {"unit": next(iter(said.values()))} if not said.keys() & {"day", "unit"} else said
    return _back(found, form, wrong)


def _people() -> Sequence[Member]:
    """The members a form names; nobody when one of them is not there."""
    ids = {number(text, most=MOST_ID) for text in request.form.getlist("member")}
    wanted = {each for each in ids if each is not None}
    if not wanted or None in ids or len(wanted) > members.MOST_AT_ONCE:
        return ()
    with house().store.read() as db:
        found = kept.get_many(db, wanted)
    try:
        for unit in {member.unit for member in found}:
            check_runs(staff(), unit)
    except NotFound:
        return ()
    return found if len(found) == len(wanted) else ()


def _typed() -> Typed:
    return Typed(*(line(request.form.get(field, "")) for field in ("q", "unit", "day")))


def _read(form: Typed) -> tuple[Choice | None, date | None, Mapping[str, str]]:
    """The unit and the day that were chosen, and a sentence for each that is missing."""
    unit = number(form.unit, most=MOST_ID)
    with house().store.read() as db:
        choice = choices.one(db, unit, root=staff().unit) if unit is not None else None
    day, wrong = day_of(form.day)
    if choice is None:
        wrong = {**wrong, "unit": _("请选择一个单位。找不到时，请在上面输入几个字再找。")}
    return choice, day, wrong


def _offered(form: Typed, *, but: int | None) -> Mapping[str, object]:
    """The units a page offers: those found, and the one that was chosen before."""
    with house().store.read() as db:
        found, total = choices.find(db, Wanted(staff().unit, form.q), most=SHOWN)
        chosen = number(form.unit, most=MOST_ID)
        before = choices.one(db, chosen, root=staff().unit) if chosen is not None else None
    if before is not None and before not in found:
        found = (before, *found)
    return {"choices": [each for each in found if each.id != but], "total": total, "form": form, "shown": SHOWN}


def _choose(people: Sequence[Member], form: Typed, wrong: Mapping[str, str]) -> Response:
    only = {member.unit for member in people}
    with house().store.read() as db:
        names = units.names(db, only)
    offered = _offered(form, but=only.pop() if len(only) == 1 else None)
    text = render_template("desk/members/move.html", people=people, names=names, wrong=wrong, **offered)
    return make_response(text, 400 if wrong else 200)


def _confirm(people: Sequence[Member], form: Typed, choice: Choice) -> Response:
    with house().store.read() as db:
        names = units.names(db, {member.unit for member in people})
    there = [member for member in people if member.unit == choice.id]
    going = [member for member in people if member.unit != choice.id and member.left_on is None]
    text = render_template(
        "desk/members/moving.html", people=people, going=going, there=there, names=names, form=form, choice=choice
    )
    return make_response(text)


def _back(member: Member, form: Typed, wrong: Mapping[str, str]) -> Response:
    with house().store.read() as db:
        names = units.names(db, [member.unit])
    offered = _offered(form, but=None)
    text = render_template("desk/members/back.html", member=member, names=names, wrong=wrong, **offered)
    return make_response(text, 400 if wrong else 200)


def _nobody() -> Response:
    return make_response(render_template("desk/members/nobody.html"), 400)
