"""The meetings of a round: a preview of every unit, made together; those nobody touched taken back together."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, request

from survey.actions import batches as verbs
from survey.actions import plans
from survey.actions.batches import Batch
from survey.domain.plans import Planned
from survey.domain.titles import evaluation
from survey.domain.units import UnitKind
from survey.store import batches, coverage
from survey.store import plans as kept
from survey.store.coverage import WITHOUT, Wanted
from survey.store.terms import all_terms
from survey.web.desk.fields import numbers
from survey.web.desk.rounds import BLUEPRINT, shown, to
from survey.web.doors import Who, admits, house, now, staff, today
from survey.web.lists import asked_page, looked_for, pages
from survey.web.words import quarter, sectors, standings, unit_kinds

ON_A_PAGE = 200


@BLUEPRINT.get("/<int:round_id>/meetings")
@admits(Who.SECRETARY)
def ask_make(round_id: int) -> Response:
    """Every unit of the round with the questionnaire it gets; those that have no meeting yet can be ticked."""
    page = asked_page()
    with house().store.read() as db:
        planned = plans.own(db, round_id, by=staff())
        wanted = _wanted(planned, request.args)
        found, total = coverage.page(db, planned, wanted, first=(page - 1) * ON_A_PAGE, most=ON_A_PAGE)
        missing = coverage.number(db, planned, Wanted(wanted.root, wanted.text, wanted.kind, wanted.sector, WITHOUT))
        titles = kept.titles(db, {rule.questionnaire for rule in planned.plan.rules})
        words = sectors(all_terms(db), retired=True)
    more: dict[str, Any] = {"kinds": unit_kinds(), "sectors": words, "quarter": quarter, "titles": titles}
    more |= {"held_on": _day(planned), "standings": standings(), "ticked": request.args.get("ticks") != "none"}
    more |= {"page": page, "pages": pages(total, ON_A_PAGE)}
    return shown("meetings", planned=planned, places=found, total=total, missing=missing, wanted=wanted, **more)


@BLUEPRINT.post("/<int:round_id>/meetings")
@admits(Who.SECRETARY)
def make(round_id: int) -> Response:
    """Make drafts for those ticked, or for all that fit what was looked for."""
    with house().store.read() as db:
        planned = plans.own(db, round_id, by=staff())
    only = None if request.form.get("scope") == "all" else numbers(request.form.getlist("unit"))
    batch = Batch(_wanted(planned, request.form), only, _day(planned), lambda name: evaluation(name, planned.period))
    verbs.make(house(), round_id, batch, by=staff(), now=now())
    return to(round_id)


@BLUEPRINT.get("/<int:round_id>/take-back")
@admits(Who.SECRETARY)
def ask_take_back(round_id: int) -> Response:
    """How many drafts nobody touched, and what taking them back means."""
    with house().store.read() as db:
        planned = plans.own(db, round_id, by=staff())
        fresh = len(batches.untouched(db, round_id))
    return shown("take_back", planned=planned, fresh=fresh)


@BLUEPRINT.post("/<int:round_id>/take-back")
@admits(Who.SECRETARY)
def take_back(round_id: int) -> Response:
    """Take them back."""
    verbs.take_back(house(), round_id, by=staff(), now=now())
    return to(round_id)


def _wanted(planned: Planned, given: Mapping[str, str]) -> Wanted:
    """What was looked for in the preview."""
    kind = given.get("kind", "")
    return Wanted(planned.unit, looked_for(given), kind if kind in set(UnitKind) else "", looked_for(given, "sector"))


def _day(planned: Planned) -> date:
    """The day the drafts begin with: today while the round runs, else its nearest day."""
    return min(max(today(), planned.starts_on), planned.ends_on)
