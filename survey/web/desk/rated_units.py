"""评议哪些单位: the meeting's own, or some of those at or below it, found by name, kind and sector."""

from flask import Response, make_response, redirect, request, url_for

from survey.actions import rated
from survey.domain.meetings import Meeting
from survey.domain.refusals import BadField
from survey.domain.units import Unit, UnitKind
from survey.store import meeting_units
from survey.store.engine import Connection
from survey.store.meeting_units import Wanted
from survey.store.terms import all_terms
from survey.web.desk.fields import numbers
from survey.web.desk.halls import back_to, page, section
from survey.web.desk.rated import draft
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import sentence
from survey.web.lists import looked_for
from survey.web.words import sectors, unit_kinds

BLUEPRINT = section("desk_rated_units")
_SHOWN = 200


@BLUEPRINT.get("/<int:meeting_id>/rated/units")
@admits(Who.SECRETARY)
def choose(meeting_id: int) -> Response:
    """The units that fit what is looked for, with a box to tick each; the chosen ones stay chosen."""
    return _form(meeting_id)


@BLUEPRINT.post("/<int:meeting_id>/rated/units")
@admits(Who.SECRETARY)
def write(meeting_id: int) -> Response:
    """Write what was ticked beside what is chosen and was not shown; all that fit; or the meeting's own unit alone."""
    hall, act = draft(meeting_id), request.form.get("act", "")
    with house().store.read() as db:
        before = {unit.id for unit in _chosen(db, hall.meeting)}
        fitting, _total = meeting_units.find(db, _wanted(hall.meeting.unit), most=_SHOWN)
    ticked = numbers(request.form.getlist("unit"))
    chosen = (before - numbers(request.form.getlist("shown"))) | ticked
    if act == "all":
        chosen = before | {each.unit.id for each in fitting}
    elif act in ("own", "itself"):
        chosen = set()
    try:
        rated.choose_units(house(), meeting_id, chosen, by=staff(), now=now())
    except BadField as refused:
        return _form(meeting_id, ticked=chosen, said=sentence(refused).text)
    if act == "itself":
        # Asked on the meeting's own page, the answer leads back to it.
        return back_to(meeting_id)
    return make_response(redirect(url_for("desk_rated.choose", meeting_id=meeting_id), 303))


def _form(meeting_id: int, *, ticked: set[int] | None = None, said: str = "") -> Response:
    hall = draft(meeting_id)
    if hall.meeting.is_survey:
        return back_to(meeting_id)
    wanted = _wanted(hall.meeting.unit)
    with house().store.read() as db:
        chosen = _chosen(db, hall.meeting)
        found, total = meeting_units.find(db, wanted, most=_SHOWN)
        words = sectors(all_terms(db), retired=True)
    here = {each.unit.id for each in found}
    marked = ticked if ticked is not None else {unit.id for unit in chosen}
    return page(
        "rated_units", hall, status=400 if said else 200, said=said, asked=wanted, found=found, total=total, ticked=marked,
        others=[unit for unit in chosen if unit.id not in here], kinds=unit_kinds(), sectors=words, most=rated.MOST_UNITS,
    )


def _chosen(db: Connection, meeting: Meeting) -> tuple[Unit, ...]:
    """The units that were chosen; the meeting's own unit alone is what is rated when nobody chose."""
    units = meeting_units.units(db, meeting)
    return () if [unit.id for unit in units] == [meeting.unit] else units


def _wanted(root: int) -> Wanted:
    """What is looked for: branches, until somebody looks for something else."""
    asked = request.values
    kind = asked.get("kind", UnitKind.BRANCH.value)
    known = kind if kind in {each.value for each in UnitKind} else ""
    return Wanted(root, looked_for(asked), known, looked_for(asked, "sector"))
