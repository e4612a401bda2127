"""Pages of a published round: a unit with all below it, a branch, a member. Only sums of whole atoms, only one's own subtree."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import render_template, request

from survey.domain.periods import around
from survey.domain.publications import audience_of
from survey.domain.questionnaires import Audience
from survey.domain.rounds import FEWEST
from survey.office.figures import Verdict
from survey.web.board.branches import Branch, alike, branch_of, groups_of, held_about, past
from survey.web.board.changes import Change, Moves, Then, change, moves, steps, still_said
from survey.web.board.classes import classes
from survey.web.board.compared import pictures_of
from survey.web.board.doubts import doubtful, doubts, is_half_missing
from survey.web.board.figures import Rate, heat
from survey.web.board.grades import deadline_of
from survey.web.board.meetings import rule_of
from survey.web.board.need_words import groups_said, numbers_said, sure_said, weakest_said
from survey.web.board.needs import is_spotless, needs, spotless
from survey.web.board.other_rules import otherwise
from survey.web.board.others import share
from survey.web.board.publications import Seen, asked_unit, earlier, find, find_member
from survey.web.board.reasons import divided, rule_said, weak
from survey.web.board.roll_ups import Line, Node, Reading
from survey.web.board.round_opinions import heard_of, quotes_of
from survey.web.board.round_plans import heat_pages
from survey.web.board.round_weights import weighed_below, weighed_over, weighing_of
from survey.web.deadlines import remaining
from survey.web.doors import Who, admits, house, staff, today
from survey.web.lists import on_page
from survey.web.questionnaires import noted
from survey.web.words import quarter

A_PAGE = 100
# As many questions of either end, as many names to look at first.
ENDS = 3
MOST_BELOW = 12
SORTS = ("narrow", "wide", "members", "returned", "order")


@dataclass(frozen=True, slots=True)
class Row:
    """One unit in the table: with all below it, and by itself; `change` is that of itself since the last round."""

    node: Node
    own: Verdict | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Below:
    """Somebody or something below both thresholds."""

    key: str
    label: str
    note: str
    rate: Rate


@admits(Who.STAFF)
def results(round_id: int) -> str:
    """The highest unit this person sees, or the one asked for."""
    return _page(round_id, asked_unit())


@admits(Who.STAFF)
def unit(round_id: int, unit_id: int) -> str:
    """One unit."""
    return _page(round_id, unit_id)


@admits(Who.STAFF)
def member(round_id: int, key: str) -> str:
    """One member: his questions, his groups, how it was before, and those who were asked the same."""
    with house().store.read() as db:
        seen, reading = find_member(db, round_id, key)
        then, deadline = earlier(db, seen), deadline_of(db, seen)
    part, named = reading.target(key), reading.made.targets[key]
    return render_template(
        "board/rounds/member.html", **_context(seen, reading), key=key, named=named, note=noted(named.note), part=part,
        groups=groups_of(reading, key), ballots=reading.ballots(key), past=past(reading, then, key), alike=alike(reading, key), heard=heard_of(held_about(reading, named.unit), key),
        weighing=weighing_of(reading, key), deadline=deadline, weighed=weighed_over(reading, key, past(reading, then, key)),
        otherwise=otherwise(reading, then),
    )  # fmt: skip


def _page(round_id: int, unit_id: int | None) -> str:
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
        then, deadline = earlier(db, seen), deadline_of(db, seen)
    reading = seen.reading
    if reading is None:
        return render_template("board/rounds/unpublished.html", seen=seen, planned=seen.planned)
    has_below = bool(reading.roll.children.get(seen.unit))
    own = branch_of(reading, seen.unit, then)
    return render_template(
        "board/rounds/results.html", **_context(seen, reading), deadline=deadline, rule_said=rule_said, otherwise=otherwise(reading, then),
        **(_itself(reading, own) if own is not None else _unshown(reading, seen.unit, then)), **(_overview(seen, reading, then) if has_below else {"rows": ()}),
    )  # fmt: skip


def _itself(reading: Reading, own: Branch) -> dict[str, Any]:
    """What the page says of a unit by itself."""
    return {
        "own": own, "heard": heard_of(own.meetings, own.key), "weak": weak(own), "divided": divided(own),
        "doubts": _doubts(reading, own),
        "drawn": heat_pages(own.rolls, reading.scheme), "rounds_drawn": _rounds_drawn(own),
        "weighed_turns": weighed_over(reading, own.key, own.past) if own.part is not None else {},
    }  # fmt: skip


def _unshown(reading: Reading, unit: int, then: tuple[Then, ...]) -> dict[str, Any]:
    """What there is to say of a unit of which nothing is shown by itself: earlier rounds, its meetings."""
    before = [(each, rate) for each in then if (rate := each.reading.rate(f"u{unit}")) is not None and rate.valid]
    return {"own": None, "told_before": before, "held": [each for each in held_about(reading, unit) if staff().sees(each.unit)]}


def _doubts(reading: Reading, own: Branch) -> str:
    """What is worth a look before a unit's figure is believed; "" where nothing is."""
    if own.part is None or own.part.whole is None or not is_spotless(reading, own.key):
        return ""
    return doubts(reading, int(own.key[1:]), own.part.whole, staff().sees)


def _rounds_drawn(own: Branch) -> range:
    """The pictures of a unit's questions over rounds; none where no earlier round may be compared."""
    told = [each for each in own.past if each.why is None]
    return pictures_of(len(told) + 1, len(own.part.rated)) if told and own.part is not None else range(0)


def _context(seen: Seen, reading: Reading) -> dict[str, Any]:
    """What every page of a published round needs."""
    account = seen.node.account
    scheme = reading.scheme
    return {
        "seen": seen,
        "planned": seen.planned,
        "reading": reading,
        "node": seen.node,
        "whole_seen": staff().sees(seen.planned.unit),
        "rule": rule_of(scheme),
        "returned": {"rate": share(account.returned, account.issued, scheme=scheme), "turnout": share(account.returned, account.due, scheme=scheme)},
        "is_half_missing": is_half_missing(account),
        "is_doubtful": doubtful(reading),
        "heat": heat,
        "steps": steps,
        "left": lambda day: remaining(day, today()),
        "fewest": FEWEST,
        "quarter": quarter,
        "spans": around((seen.planned.period,)),
    }


def _overview(seen: Seen, reading: Reading, then: tuple[Then, ...]) -> dict[str, Any]:
    """What the page says of a unit with all below it: what is worth a look first, then the units themselves."""
    sees = staff().sees
    inside = [each for each in reading.inside(seen.unit) if sees(each)]
    last = then[0] if then else None
    few = [reading.roll.place(each) for each in reading.few(inside)]
    return {"few": few, **_looked_at(seen, reading, inside, then), **_listed(seen, reading, inside, last), "last": last}


def _listed(seen: Seen, reading: Reading, inside: list[int], last: Then | None) -> dict[str, Any]:
    """The table of the units right below, or of all branches."""
    known = set(inside)
    branches = [each for each in inside if each != seen.unit and not reading.roll.children.get(each)]
    below = [place.id for place in reading.roll.children.get(seen.unit, ()) if place.id in known]
    is_all = request.args.get("all") == "1" and set(branches) != set(below)
    sort = request.args.get("sort", "")
    sort, is_up = sort if sort in SORTS else SORTS[0], request.args.get("up") == "1"
    chosen = _sorted(reading, branches if is_all else below, sort, is_up=is_up)
    some, page, many = on_page(chosen, A_PAGE)
    rows = [_row(reading, each, last) for each in some]
    return {
        "rows": rows, "is_all": is_all, "has_deeper": set(branches) != set(below), "many": len(chosen), "sort": sort, "is_up": is_up,
        "page": page, "pages": many, "has_moves": any(row.change is not None and row.change.narrow is not None for row in rows),
    }  # fmt: skip


def _looked_at(seen: Seen, reading: Reading, inside: list[int], then: tuple[Then, ...]) -> dict[str, Any]:
    """Who needs help, who is to be put right, how the units are spread, what changed, which questions lie at either end."""
    named, many_below = put_right(reading, inside, None if request.args.get("below") == "all" else MOST_BELOW)
    shown = [f"u{each}" for each in inside if f"u{each}" in reading.standings]
    moved = moves(reading, then[0], shown) if then else Moves((), (), {})
    needing, many_needing = needs(reading, seen.unit, shown, then)
    return {
        "needs": needing, "needs_all": many_needing, "weakest_said": weakest_said, "groups_said": groups_said, "sure_said": sure_said, "numbers_said": numbers_said,
        "spotless": [(named, doubts(reading, named.unit, rate, staff().sees)) for named, rate in spotless(reading, shown)],
        "quotes": quotes_of({each.key: held_about(reading, int(each.key[1:])) for each in needing}), "below": named, "below_all": many_below,
        "classes": classes(reading, shown), "changed": (moved.rose, moved.fell), "still_said": still_said(moved.still), "unsaid": moved.unsaid, "weighed": weighed_below(reading, seen.unit),
        "ends": {"unit": ends(seen.node.units.lines), "member": ends(seen.node.members.lines)},
    }  # fmt: skip


def _row(reading: Reading, unit_id: int, last: Then | None) -> Row:
    key = f"u{unit_id}"
    standing = reading.standings.get(key)
    return Row(reading.brief(unit_id), standing[0] if standing else None, change(reading, last, key) if last and standing else None)


def _sorted(reading: Reading, chosen: list[int], sort: str, *, is_up: bool) -> list[int]:
    """By a figure, the highest first unless the other way is asked for; those without one always last."""
    if sort == "order":
        return chosen[::-1] if is_up else chosen
    known = {each: found for each in chosen if (found := _figure(reading, each, sort)) is not None}
    return sorted(known, key=lambda each: known[each], reverse=not is_up) + [each for each in chosen if each not in known]


def _figure(reading: Reading, unit_id: int, sort: str) -> float | None:
    """For the order of lines alone: of two shares of so few ballots the larger one is never the smaller as a float."""
    if sort == "returned":
        account = reading.roll.accounting(unit_id)
        return account.returned / account.issued if account.issued else None
    satisfied, wide, valid = reading.rates_of(unit_id, Audience.MEMBER if sort == "members" else Audience.UNIT)
    return (wide if sort == "wide" else satisfied) / valid if valid else None


def ends(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The weakest and the strongest questions, none of them twice, and none as strong that is no better than a weak one.

    Of so few that all of them are told, one that equals a weak one stands with it.
    """
    rated = sorted((each for each in lines if each.rate is not None and each.rate.valid), key=_narrow)
    weak = rated[: min(ENDS, len(rated) // 2 or 1)]
    better = [each for each in rated if _narrow(each) > _narrow(weak[-1])]
    return tuple(rated[: len(rated) - len(better)] if len(rated) < 2 * ENDS else weak), tuple(reversed(better[-ENDS:]))


def _narrow(line: Line) -> Fraction:
    assert line.rate is not None
    return Fraction(line.rate.figures.satisfied, line.rate.valid)


def put_right(reading: Reading, inside: list[int], most: int | None) -> tuple[list[Below], int]:
    """By name, units before members: whoever is to be put right, in no order of merit; and how many there are."""
    units = set(inside)
    found = []
    for key in reading.standings.below():
        if (unit := reading.roll.unit_of(key)) in units:
            found.append((key, reading.made.targets[key].label, reading.roll.place(unit).name if key.startswith("m") else ""))
    found.sort(key=lambda each: (audience_of(each[0]) is Audience.MEMBER, each[2], each[1]))
    shown = ((key, label, note, reading.rate(key)) for key, label, note in found[:most])
    return [Below(key, label, note, rate) for key, label, note, rate in shown if rate is not None], len(found)
