"""评议对象: the members of the unit, and who of them is not rated this time."""

from flask import Response, request

from survey.actions import rated
from survey.domain.meetings import Stage
from survey.domain.refusals import WrongStage
from survey.domain.units import by_position
from survey.store import meetings, members
from survey.store.terms import all_terms
from survey.web.desk.halls import Hall, back_to, found, page, section
from survey.web.doors import Who, admits, house, now, staff
from survey.web.words import member_kinds

BLUEPRINT = section("desk_rated")
_LONGEST_ID = 9


@BLUEPRINT.get("/<int:meeting_id>/rated")
@admits(Who.SECRETARY)
def choose(meeting_id: int) -> Response:
    """Every member with a box to tick; `kind` ticks those of one kind alone, and nothing is written yet."""
    hall = _draft(meeting_id)
    if hall.meeting.is_survey:
        return back_to(meeting_id)
    with house().store.read() as db:
        people = by_position(members.of_units(db, [hall.meeting.unit]))
        out = meetings.left_out(db, meeting_id)
        words = member_kinds(all_terms(db), retired=True)
    many = {kind: sum(member.kind == kind for member in people) for kind in dict.fromkeys(each.kind for each in people)}
    only = request.args.get("kind", "")
    ticked = {each.id for each in people if (each.kind == only if only in many else each.id not in out)}
    return page("rated", hall, people=people, ticked=ticked, kinds=many, words=words, only=only if only in many else "")


@BLUEPRINT.post("/<int:meeting_id>/rated")
@admits(Who.SECRETARY)
def write(meeting_id: int) -> Response:
    """Leave out who was shown and is not ticked; who joined the unit meanwhile is rated."""
    out = _numbers("shown") - _numbers("rated")
    rated.leave_out(house(), meeting_id, out, by=staff(), now=now())
    return back_to(meeting_id)


def _numbers(field: str) -> set[int]:
    typed = request.form.getlist(field)
    return {int(each) for each in typed if each.isascii() and each.isdigit() and len(each) <= _LONGEST_ID}


def _draft(meeting_id: int) -> Hall:
    hall = found(meeting_id)
    if hall.meeting.stage is not Stage.DRAFT:
        raise WrongStage(stage=hall.meeting.stage.value, wanted=Stage.DRAFT.value)
    return hall
