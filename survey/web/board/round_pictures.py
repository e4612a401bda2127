"""Pictures of a published round: how units and members are spread, rounds one after the other, members by questions, several
units or rounds side by side. Whoever may not see the page may not see its picture."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import pgettext

from analysis import comparisons, distributions, heat_maps, trends
from analysis.charts import pdf, png, svg
from analysis.comparisons import MOST, Comparison
from analysis.distributions import Distribution
from analysis.heat_maps import HeatMap
from analysis.trends import Trend
from survey.domain.refusals import NotFound
from survey.web.board.branches import branch_of, past
from survey.web.board.changes import Then
from survey.web.board.compared import Chosen, fits
from survey.web.board.own_comparisons import chosen_of, own_member, own_unit, title_of
from survey.web.board.pictures import answer, is_narrow
from survey.web.board.publications import Seen, earlier, find, find_member
from survey.web.board.roll_ups import Reading
from survey.web.board.round_comparisons import compared_of, units_asked
from survey.web.board.round_plans import Drawn, comparison_plans, distribution_plan, heat_plans, trend_plan
from survey.web.board.round_weights import weighed_over
from survey.web.board.weights import narrow_of
from survey.web.doors import Who, admits, house
from survey.web.words import round_name

Plan = Distribution | Trend | HeatMap | Comparison


@admits(Who.STAFF)
def distribution(round_id: int, unit_id: int, kind: str) -> Response:
    """A unit with all below it."""
    seen, reading, _then = _look(round_id, unit_id)
    return drawn(distribution_plan(seen, reading), kind)


@admits(Who.STAFF)
def trend(round_id: int, unit_id: int, kind: str) -> Response:
    """A unit by itself, over rounds."""
    seen, reading, then = _look(round_id, unit_id)
    return drawn(_trend(seen, reading, f"u{unit_id}", then), kind)


@admits(Who.STAFF)
def member_trend(round_id: int, key: str, kind: str) -> Response:
    """A member, over rounds."""
    with house().store.read() as db:
        seen, reading = find_member(db, round_id, key)
        then = earlier(db, seen)
    return drawn(_trend(seen, reading, key, then), kind)


@admits(Who.STAFF)
def members(round_id: int, unit_id: int, kind: str) -> Response:
    """The members of a unit by questions, a page of them."""
    seen, reading, _then = _look(round_id, unit_id)
    own = branch_of(reading, seen.unit, ())
    return drawn(_page(heat_plans(reading, own.rolls if own else ())), kind)


@admits(Who.STAFF)
def rounds(round_id: int, unit_id: int, kind: str) -> Response:
    """A unit's questions in this round and in those before that may be compared with it."""
    seen, reading, then = _look(round_id, unit_id)
    key = f"u{unit_id}"
    if key not in reading.standings:
        raise NotFound(what="target")
    told = [each for each in reversed(past(reading, then, key)) if each.why is None]
    means = weighed_over(reading, key, told)
    compared = [Drawn(round_name(each.then.listed), each.then.reading.target(key), narrow_of(means.get(each.then.listed.round))) for each in told[1 - MOST :]]
    compared.append(Drawn(round_name(seen.planned), reading.target(key), narrow_of(means.get(seen.planned.id))))
    title = f"{seen.node.place.name} · {_('各轮次')}"
    return drawn(_page(comparison_plans(title, _("轮次"), compared, reading.scheme)), kind)


@admits(Who.STAFF)
def units(round_id: int, kind: str) -> Response:
    """Two to six units of the round side by side."""
    seen, reading, _then = _look(round_id, None)
    compared = compared_of(seen, reading, units_asked(reading))
    return _compared(f"{round_name(seen.planned)} · {pgettext('heading', '单位')}", _("单位"), compared, reading, kind)


@admits(Who.STAFF)
def own(round_id: int, unit_id: int, kind: str) -> Response:
    """Members, groups or rounds of a unit side by side."""
    _seen, found = own_unit(round_id, unit_id)
    if found is None:
        raise NotFound(what="target")
    what, compared = chosen_of(found)
    return _compared(*title_of(found, what), compared, found.reading, kind)


@admits(Who.STAFF)
def own_of_member(round_id: int, key: str, kind: str) -> Response:
    """Groups or rounds of a member side by side."""
    found = own_member(round_id, key)
    what, compared = chosen_of(found)
    return _compared(*title_of(found, what), compared, found.reading, kind)


def _compared(title: str, head: str, compared: Sequence[Chosen], reading: Reading, kind: str) -> Response:
    if not fits(len(compared)):
        raise NotFound(what="unit")
    return drawn(_page(comparison_plans(title, head, [Drawn(_with_below(each), each.part, narrow_of(each.weighted)) for each in compared], reading.scheme)), kind)


def _with_below(chosen: Chosen) -> str:
    return _("%(name)s（连同下级）", name=chosen.label) if chosen.is_with_below else chosen.label


def _look(round_id: int, unit_id: int | None) -> tuple[Seen, Reading, tuple[Then, ...]]:
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
        if seen.reading is None:
            raise NotFound(what="target")
        return seen, seen.reading, earlier(db, seen)


def _trend(seen: Seen, reading: Reading, key: str, then: tuple[Then, ...]) -> Trend:
    if key not in reading.standings:
        raise NotFound(what="target")
    return trend_plan(round_name(seen.planned), reading, key, past(reading, then, key))


def _page(plans: Sequence[HeatMap] | Sequence[Comparison]) -> HeatMap | Comparison:
    number = request.args.get("page", 1, type=int)
    if not 1 <= number <= len(plans):
        raise NotFound(what="target")
    return plans[number - 1]


def drawn(plan: Plan, kind: str) -> Response:
    """The picture of a plan."""
    if is_narrow():
        plan = _narrowed(plan)
    return answer(plan, kind, partial(_draw, plan, kind))


def _narrowed(plan: Plan) -> Plan:
    """As narrow as a phone; those that stand on no page have one width."""
    if isinstance(plan, Trend):
        return replace(plan, is_narrow=True)
    return replace(plan, words=replace(plan.words, is_narrow=True)) if isinstance(plan, Comparison) else plan


def _draw(plan: Plan, kind: str) -> bytes:
    if isinstance(plan, Distribution):
        figure, told = distributions.distribution(plan), distributions.told(plan)
    elif isinstance(plan, Trend):
        figure, told = trends.trend(plan), trends.told(plan)
    elif isinstance(plan, HeatMap):
        figure, told = heat_maps.heat_map(plan), heat_maps.told(plan)
    else:
        figure, told = comparisons.comparison(plan), comparisons.told(plan)
    if kind == "svg":
        return svg(figure, told)
    return png(figure) if kind == "png" else pdf(figure)
