"""Pictures of a half-year or a year: a unit or a member over its rounds."""

from flask import Response

from survey.domain.refusals import NotFound
from survey.web.board.period_plans import over_rounds, unit_plan
from survey.web.board.publications import asked_unit
from survey.web.board.round_pictures import drawn
from survey.web.board.turns import find_own, find_span
from survey.web.doors import Who, admits, house


@admits(Who.STAFF)
def trend(period: str, unit_id: int, kind: str) -> Response:
    """A unit by itself or, when it was not rated, all below it."""
    with house().store.read() as db:
        span = find_span(db, period, unit_id)
    plan = unit_plan(span)
    if plan is None:
        raise NotFound(what="target")
    return drawn(plan, kind)


@admits(Who.STAFF)
def member_trend(period: str, key: str, kind: str) -> Response:
    """A member."""
    with house().store.read() as db:
        span, named = find_own(db, period, key, asked_unit())
    return drawn(over_rounds(span, named.label, ((each, each.reading.rate(key), False) for each in span.turns)), kind)
