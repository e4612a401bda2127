"""The first page: the one next step, and the meetings of the subtree."""

from flask import Blueprint, Response, make_response, redirect, render_template

from survey.domain.meetings import Stage
from survey.domain.refusals import Refused
from survey.domain.rounds import period
from survey.domain.units import UnitKind
from survey.store import ballots, meetings, outlines, results, rounds, units
from survey.web.desk.halls import refused
from survey.web.doors import Who, admits, house, staff, today
from survey.web.words import quarter as quarter_name
from survey.web.words import stages

COUNTED = (Stage.COUNTED, Stage.PUBLISHED)
BLUEPRINT = Blueprint("desk_home", __name__, url_prefix="/desk")
BLUEPRINT.register_error_handler(Refused, refused)


@BLUEPRINT.get("")
@admits(Who.STAFF)
def home() -> Response:
    """For secretaries and admins; a leader's first page is the board."""
    by = staff()
    if not by.runs_meetings:
        return make_response(redirect("/board", 303))
    with house().store.read() as db:
        branches, anybody = outlines.branches(db, by.unit)
        rows = meetings.of_subtree(db, by.unit)
        tree = units.some(db, {row.unit for row in rows})
        inside = ballots.in_boxes(db, [row.id for row in rows if row.stage in (Stage.OPEN, Stage.CLOSED)])
        inside = {**inside, **results.returned_in_all(db, [row.id for row in rows if row.stage in COUNTED])}
        seasons = rounds.get_many(db, {row.round for row in rows})
    quarter = period(today())
    done = {
        row.unit
        for row in rows
        if row.stage in COUNTED and not row.is_survey and seasons[row.round].period == quarter
    }
    # A survey runs for weeks: it stands in the list and is not what to do next.
    running = next((row for row in rows if row.stage in (Stage.OPEN, Stage.CLOSED) and not row.is_survey), None)
    text = render_template(
        "desk/home/home.html",
        meetings=rows,
        units=tree,
        inside=inside,
        members=anybody,
        running=running,
        stages=stages(),
        survey_stages=stages(survey=True),
        quarter=quarter_name(quarter),
        covered=sum(tree[unit].kind is UnitKind.BRANCH and not tree[unit].is_closed for unit in done),
        branches=branches,
    )
    return make_response(text)
