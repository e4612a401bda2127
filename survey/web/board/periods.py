"""Half-years and years: published rounds of a unit or a member together, and how it went from one to the next."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask import render_template, request

from survey.domain.questionnaires import Audience
from survey.domain.rounds import FEWEST
from survey.web.board.doubts import doubtful
from survey.web.board.meetings import rule_of
from survey.web.board.others import said, share
from survey.web.board.period_figures import Line, since, told
from survey.web.board.period_words import first_said
from survey.web.board.publications import asked_unit
from survey.web.board.turns import Span, find_own, find_span
from survey.web.doors import Who, admits, house
from survey.web.lists import on_page
from survey.web.questionnaires import noted
from survey.web.words import quarter

A_PAGE = 100
SORTS = ("narrow", "turns", "order")


@admits(Who.STAFF)
def results(period: str) -> str:
    """The highest unit this person sees, or the one asked for."""
    return _page(period, asked_unit())


@admits(Who.STAFF)
def unit(period: str, unit_id: int) -> str:
    """One unit."""
    return _page(period, unit_id)


@admits(Who.STAFF)
def member(period: str, key: str) -> str:
    """One member: each round, and its questions over all of them."""
    with house().store.read() as db:
        span, named = find_own(db, period, key, asked_unit())
    rates = [each.reading.rate(key) for each in span.turns]
    rows = [(then, rate, since(span.turns, place, key)) for place, (then, rate) in enumerate(zip(span.turns, rates, strict=True))]
    found = span.over(lambda reading: reading.roll.sums(reading.roll.about(reading.made.targets[key].unit), targets={key}))
    return render_template(
        "board/periods/member.html", **_context(span), key=key, named=named, note=noted(named.note), rows=rows, whole=span.pooled(rates),
        asked=found.get(Audience.MEMBER), ballots=sum(each.reading.ballots(key) for each in span.turns),
    )  # fmt: skip


def _page(period: str, unit_id: int | None) -> str:
    with house().store.read() as db:
        span = find_span(db, period, unit_id)
    if not span.turns:
        return render_template("board/periods/empty.html", span=span, quarter=quarter)
    found = told(span)
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else SORTS[-1 if span.is_mixed else 0]
    some, page, many = on_page(_sorted(found.lines, sort), A_PAGE)
    account = found.account
    return render_template(
        "board/periods/results.html", **_context(span), first_said=first_said(found), is_doubtful=doubtful(*(each.reading for each in span.turns)),
        place=found.place, rows=found.rows, account=account,
        returned={"rate": share(account.returned, account.issued, scheme=span.scheme), "turnout": share(account.returned, account.due, scheme=span.scheme)},
        units=found.units, members=found.members, own=found.own, has_own=any(row.own for row in found.rows), asked=found.asked, is_shown=found.is_shown,
        lines=some, many=len(found.lines), sort=sort, page=page, pages=many, newest=span.turns[-1],
        has_newest=len(found.rows) > 1 and any(each.newest for each in found.lines), has_stood=any(each.verdict or each.change for each in found.lines),
        every=sum(each.turns == len(span.turns) for each in found.lines), people=found.people,
    )  # fmt: skip


def _context(span: Span) -> dict[str, Any]:
    return {"span": span, "rule": rule_of(span.scheme), "fewest": FEWEST, "quarter": quarter, "said": said}


def _sorted(lines: Sequence[Line], sort: str) -> Sequence[Line]:
    """By a figure, the highest first; those without one last, and equal ones in the order of the list."""
    if sort == "turns":
        return sorted(lines, key=lambda each: each.turns)
    if sort == "narrow":
        return sorted(lines, key=_narrow, reverse=True)
    return lines


def _narrow(line: Line) -> Fraction:
    whole = line.units or line.members
    rate = None if whole is None else whole.figures.exact
    return Fraction(-1) if rate is None else rate
