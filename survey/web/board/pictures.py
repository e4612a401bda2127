"""Charts as files: drawn by `analysis`, kept by what they show, answered with 304 when the reader has them."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import pgettext

from analysis.charts import Bar, Words, pages, png, side_by_side, stacked, svg
from analysis.elections import Outcome
from analysis.satisfaction import Scale
from analysis.vote_charts import Plan as VotePlan
from analysis.vote_charts import Votes, votes
from survey.domain.refusals import NotFound
from survey.office.figures import as_scale
from survey.web.board.elections import Table, tables
from survey.web.board.face import shelves, shown
from survey.web.board.figures import Rate, Sheet, shared_scale
from survey.web.board.labels import labels
from survey.web.board.results import Found, Result
from survey.web.doors import Who, admits

_KINDS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
# matplotlib keeps its settings and letters in one place for the whole process: one hand draws at a time.
_PEN = Lock()


@dataclass(frozen=True)
class Plan:
    """Everything a picture shows; equal plans are equal pictures. `whole` makes it members side by side."""

    bars: tuple[Bar, ...]
    scale: Scale
    words: Words
    is_side_by_side: bool = False
    whole: Bar | None = None


@admits(Who.STAFF)
def chart(meeting_id: int, kind: str) -> Response:
    """The branch: one bar per question and all together."""
    _, result = shown(meeting_id)
    if not result.units:
        raise NotFound(what="target")
    return _picture(target_plan(result.units[0], result), kind)


@admits(Who.STAFF)
def target(meeting_id: int, key: str, kind: str) -> Response:
    """One target: one bar per question and all together."""
    _, result = shown(meeting_id)
    return _picture(target_plan(result.sheet(key), result), kind)


@admits(Who.STAFF)
def members(meeting_id: int, kind: str) -> Response:
    """Members side by side, up to 25 on a picture, by roster."""
    here, result = shown(meeting_id)
    plans = member_plans(here, result)
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= len(plans):
        raise NotFound(what="target")
    return _picture(plans[page - 1], kind)


@admits(Who.STAFF)
def poll(meeting_id: int, number: int, kind: str) -> Response:
    """One election: a bar of votes per candidate, and the line of the majority."""
    _, result = shown(meeting_id)
    found = tables(result)
    if not 1 <= number <= len(found):
        raise NotFound(what="target")
    return _picture(poll_plan(found[number - 1]), kind)


def poll_plan(table: Table) -> VotePlan:
    """The picture of one election."""
    bars = tuple(
        Votes(row.label, row.votes, row.share, row.short_word, row.outcome in (Outcome.ELECTED, Outcome.COUNTED))
        for row in table.rows
    )
    result = table.poll.result
    longest = max([table.poll.base, *(row.votes for row in table.rows)])
    heads = (_("候选人"), _("票"), _("占比 %"))
    word = _("当选线 %(n)s 票", n=result.needed) if result.needed else ""
    return VotePlan(table.title, heads, bars, result.needed, longest, word, f"{table.rule}{table.of}")


def target_plan(sheet: Sheet, result: Result) -> Plan:
    """The picture of one target.

    Raises
    ------
    NotFound
        It has no rating questions.
    """
    rates = [rate for _, rate in sheet.rated]
    if not rates:
        raise NotFound(what="target")
    scale = shared_scale(rates, scheme=result.round.scheme)
    bars = tuple(_bar(item.question.text, rate, scale) for item, rate in sheet.rated)
    words = Words(f"{sheet.target.label} · {sheet.section}", decimals=result.round.scheme.decimals, labels=labels())
    return Plan(bars, scale, words)


def branch_plan(here: Found, result: Result) -> Plan | None:
    """Several units side by side, each with all its questions together; None where there are not several with rates."""
    rated = [(each.sheet.target.label, each.sheet.whole) for each in result.branches if each.sheet.whole is not None]
    if len(rated) < 2:
        return None
    scheme = result.round.scheme
    scale = shared_scale([whole for _label, whole in rated], scheme=scheme)
    words = Words(f"{here.unit.name} · {pgettext('heading', '单位')}", head=_("单位"), decimals=scheme.decimals, labels=labels())
    return Plan(tuple(_bar(label, whole, scale) for label, whole in rated), scale, words, is_side_by_side=True)


def member_turns(result: Result) -> list[list[Sheet]]:
    """The members who were rated, by roster, as they stand on the pictures; none when nobody was rated."""
    rated = [sheet for sheet in result.members if sheet.whole is not None and not sheet.is_polled]
    places = pages([Bar(sheet.target.key, None) for sheet in rated]) if rated else []
    sheets = iter(rated)
    return [[next(sheets) for _ in each] for each in places]


def member_plans(here: Found, result: Result) -> list[Plan]:
    """The pictures of all members, up to 25 on each; none when nobody was rated."""
    turns = member_turns(result)
    wholes = [sheet.whole for turn in turns for sheet in turn if sheet.whole is not None]
    if not wholes:
        return []
    scheme = result.round.scheme
    scale = shared_scale(wholes, scheme=scheme)
    together = _all_members([_bar("", whole, scale) for whole in wholes])
    plans = []
    for number, turn in enumerate(turns, start=1):
        bars = tuple(_bar(sheet.target.label, sheet.whole, scale) for sheet in turn if sheet.whole is not None)
        place = _("（%(n)s/%(all)s）", n=number, all=len(turns)) if len(turns) > 1 else ""
        words = Words(f"{here.unit.name} · {pgettext('heading', '党员')}{place}", head=_("党员"), decimals=scheme.decimals, labels=labels())
        plans.append(Plan(bars, scale, words, is_side_by_side=True, whole=together))
    return plans


def _all_members(bars: Sequence[Bar]) -> Bar | None:
    if len(bars) < 2:
        return None
    counts: dict[str, int] = {}
    for bar in bars:
        for code, ballots in (bar.counts or {}).items():
            counts[code] = counts.get(code, 0) + ballots
    return Bar(_("党员合计"), counts, sum(bar.blank for bar in bars), total=True)


def _bar(label: str, rate: Rate, scale: Scale) -> Bar:
    figures = as_scale(rate, scale)
    return Bar(label, figures.counts, figures.blank, total=rate.is_pooled)


def is_narrow() -> bool:
    """Whether the picture is asked for as narrow as a phone."""
    return request.args.get("narrow") == "1"


def answer(plan: object, kind: str, draw: Callable[[], bytes]) -> Response:
    """The picture of a plan, drawn when it is neither on the shelf nor with the reader; equal plans are equal pictures."""
    digest = hashlib.sha256(f"{kind} {plan!r}".encode()).hexdigest()
    response = Response(status=304)
    if digest not in request.if_none_match:
        response = Response(shelves().pictures.get(digest, partial(alone, draw)), mimetype=_KINDS[kind])
    response.set_etag(digest)
    # No browser keeps it; who holds its mark, a program say, asks each time, so that whoever lost the right loses the sight.
    response.headers["Cache-Control"] = "no-store"
    return response


def alone(draw: Callable[[], bytes]) -> bytes:
    """Draw while nobody else does."""
    with _PEN:
        return draw()


def _picture(plan: Plan | VotePlan, kind: str) -> Response:
    if isinstance(plan, Plan) and is_narrow():
        plan = replace(plan, words=replace(plan.words, is_narrow=True))
    return answer(plan, kind, partial(_draw, plan, kind))


def _draw(plan: Plan | VotePlan, kind: str) -> bytes:
    if isinstance(plan, VotePlan):
        figure = votes(plan)
    elif plan.is_side_by_side:
        figure = side_by_side(plan.bars, scale=plan.scale, words=plan.words, whole=plan.whole)
    else:
        figure = stacked(plan.bars, scale=plan.scale, words=plan.words)
    return svg(figure) if kind == "svg" else png(figure)
