"""Half-years and years: published rounds of a unit or a member together, and how it went from one to the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from flask import render_template, request

from survey.domain.publications import Place
from survey.domain.questionnaires import Audience
from survey.domain.roll_ups import Accounting
from survey.domain.rounds import FEWEST
from survey.office.figures import Rated, Verdict, verdict
from survey.web.board.changes import Change, Then, change
from survey.web.board.figures import Rate
from survey.web.board.meetings import rule_of
from survey.web.board.others import said, share
from survey.web.board.publications import asked_unit
from survey.web.board.roll_ups import Node
from survey.web.board.turns import Span, find_own, find_span
from survey.web.doors import Who, admits, house, staff
from survey.web.lists import on_page
from survey.web.questionnaires import noted
from survey.web.words import quarter

A_PAGE = 100
SORTS = ("narrow", "turns", "order")


@dataclass(frozen=True, slots=True)
class Row:
    """One round at a unit: with all below it, and `own`, of the unit by itself; `change` is that since the round before."""

    then: Then
    node: Node
    own: Rate | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Line:
    """One unit or member over the rounds.

    Attributes
    ----------
    turns : int
        In how many rounds it is shown.
    few, missing : tuple of Then
        Rounds in which too few voted about it, and those that did not rate it.
    units, members : Rate or None
        All answers about it, or about the units and members at or below it.
    newest : Rate or None
        The same of units, in the last round alone.
    change : Change or None
        From the first to the last round in which it stands by itself.
    """

    key: str
    label: str
    note: str
    turns: int
    few: tuple[Then, ...]
    missing: tuple[Then, ...]
    units: Rate | None
    members: Rate | None
    verdict: Verdict | None
    change: Change | None
    newest: Rate | None = None


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
    rows = [(then, rate, _since(span.turns, place, key)) for place, (then, rate) in enumerate(zip(span.turns, rates, strict=True))]
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
    rows = [_row(span, place) for place in range(len(span.turns))]
    found = span.over(lambda reading: reading.roll.sums(reading.roll.atoms(span.unit)))
    lines = [_unit_line(span, place) for place in span.children()]
    has_newest = len(rows) > 1 and any(each.newest for each in lines)
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else SORTS[-1 if span.is_mixed else 0]
    some, page, many = on_page(_sorted(lines, sort), A_PAGE)
    account = _added(row.node.account for row in rows)
    return render_template(
        "board/periods/results.html", **_context(span), place=rows[-1].node.place, rows=rows, account=account,
        returned={"rate": share(account.returned, account.issued, scheme=span.scheme), "turnout": share(account.returned, account.due, scheme=span.scheme)},
        units=span.pooled(row.node.units.whole for row in rows), members=span.pooled(row.node.members.whole for row in rows),
        own=span.pooled(row.own for row in rows), has_own=any(row.own for row in rows), asked=found,
        is_shown=any(row.node.units.whole or row.node.members.whole for row in rows),
        lines=some, many=len(lines), sort=sort, page=page, pages=many, newest=span.turns[-1], has_newest=has_newest,
        has_stood=any(each.verdict or each.change for each in lines), every=sum(each.turns == len(span.turns) for each in lines),
        people=[_member_line(span, key, each.label, each.note) for key, each in span.members().items()],
    )  # fmt: skip


def _context(span: Span) -> dict[str, Any]:
    return {"span": span, "rule": rule_of(span.scheme), "fewest": FEWEST, "quarter": quarter, "said": said}


def _row(span: Span, place: int) -> Row:
    then = span.turns[place]
    key = f"u{span.unit}"
    own = then.reading.rate(key)
    return Row(then, then.reading.brief(span.unit), own, _since(span.turns, place, key) if own is not None else None)


def _since(turns: Sequence[Then], place: int, key: str) -> Change | None:
    """The change since the round before; None in the first."""
    return change(turns[place].reading, turns[place - 1], key) if place else None


def _unit_line(span: Span, place: Place) -> Line:
    """A unit with all below it; its verdict and its change are those of itself."""
    key = f"u{place.id}"
    nodes = [(each, each.reading.brief(place.id)) for each in span.turns if place.id in each.reading.units]
    shown = [(each, node) for each, node in nodes if node.units.whole is not None or node.members.whole is not None]
    few = tuple(each for each, node in nodes if node.is_few)
    missing = tuple(each for each in span.turns if all(each is not then for then in few) and all(each is not then for then, _node in shown))
    units, members = span.pooled(node.units.whole for _then, node in shown), span.pooled(node.members.whole for _then, node in shown)
    stood = [each for each in span.turns if key in each.reading.standings]
    newest = next((node.units.whole for each, node in shown if each is span.turns[-1]), None)
    return Line(key, place.name, "", len(shown), few, missing, units, members, *_standing(span, key, stood), newest=newest)


def _member_line(span: Span, key: str, label: str, note: str) -> Line:
    shown = tuple(each for each in span.turns if key in each.reading.standings and staff().sees(each.reading.made.targets[key].unit))
    missing = tuple(each for each in span.turns if each not in shown)
    whole = span.pooled(each.reading.rate(key) for each in shown)
    return Line(key, label, noted(note), len(shown), (), missing, None, whole, *_standing(span, key, shown))


def _standing(span: Span, key: str, stood: Sequence[Then]) -> tuple[Verdict | None, Change | None]:
    """How it is rated over the rounds in which it stands by itself, and what changed from the first to the last of them."""
    whole: Rated | None = span.pooled(each.reading.rate(key) for each in stood)
    return verdict(whole, span.scheme), change(stood[-1].reading, stood[0], key) if len(stood) > 1 else None


def _added(accounts: Iterable[Accounting]) -> Accounting:
    every = list(accounts)
    return Accounting(*(sum(getattr(each, one.name) for each in every) for one in fields(Accounting)))


def _sorted(lines: list[Line], sort: str) -> list[Line]:
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
