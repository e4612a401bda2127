"""评议对象: the units of a meeting, their members, and who of them is not rated this time."""

from flask import Response, request

from survey.actions import rated
from survey.domain.meetings import Stage
from survey.domain.units import by_position
from survey.store import meeting_units
from survey.store.terms import all_terms
from survey.web.desk.fields import numbers
from survey.web.desk.halls import Hall, at, back_to, found, page, section
from survey.web.doors import Who, admits, house, now, staff
from survey.web.words import member_kinds

BLUEPRINT = section("desk_rated")


@BLUEPRINT.get("/<int:meeting_id>/rated")
@admits(Who.SECRETARY)
def choose(meeting_id: int) -> Response:
    """Every member with a box to tick; `kind` ticks those of one kind alone, and nothing is written yet."""
    hall = draft(meeting_id)
    if hall.meeting.is_survey:
        return back_to(meeting_id)
    with house().store.read() as db:
        units = meeting_units.units(db, hall.meeting)
        here = meeting_units.people(db, hall.meeting, [unit.id for unit in units])
        words = member_kinds(all_terms(db), retired=True)
        has_below = meeting_units.has_below(db, hall.meeting.unit)
    people, out = by_position(each for each, _out in here), {each.id for each, is_out in here if is_out}
    many = {kind: sum(member.kind == kind for member in people) for kind in dict.fromkeys(each.kind for each in people)}
    asked = request.args.get("kind", "")
    only = asked if asked in many else ""
    ticked = {each.id for each in people if (each.kind == only if only else each.id not in out)}
    groups = [(unit, [each for each in people if each.unit == unit.id]) for unit in units]
    several = has_below or len(units) > 1
    return page(
        "rated", hall, groups=groups, people=people, ticked=ticked, kinds=many, words=words, only=only, several=several
    )


@BLUEPRINT.post("/<int:meeting_id>/rated")
@admits(Who.SECRETARY)
def write(meeting_id: int) -> Response:
    """Leave out who was shown and is not ticked; who joined a unit meanwhile is rated."""
    out = numbers(request.form.getlist("shown")) - numbers(request.form.getlist("rated"))
    units_only = request.form.get("who") == "units"
    rated.leave_out(house(), meeting_id, out, by=staff(), now=now(), units_only=units_only)
    return back_to(meeting_id)


def draft(meeting_id: int) -> Hall:
    """The meeting behind an address, while whom it rates can still be changed."""
    return at(found(meeting_id), Stage.DRAFT)
