"""The members of a unit and of all below it who do not reach the line of 满意: by unit and roster, no order of merit."""

from dataclasses import dataclass

from flask import render_template

from survey.office.figures import Verdict
from survey.web.board.figures import Rate
from survey.web.board.publications import find
from survey.web.board.roll_ups import Reading
from survey.web.doors import Who, admits, house, staff
from survey.web.lists import on_page
from survey.web.questionnaires import noted

_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class _Row:
    """One member: both rates, and how he is rated by them."""

    key: str
    label: str
    note: str
    unit: str
    rate: Rate
    verdict: Verdict


@admits(Who.STAFF)
def members(round_id: int, unit_id: int) -> str:
    """Those of a unit this person sees."""
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
    reading = seen.reading
    if reading is None:
        return render_template("board/rounds/unpublished.html", seen=seen, planned=seen.planned)
    found = [key for unit in reading.inside(seen.unit) if staff().sees(unit) for key in reading.roll.own(unit) if _is_short(reading, key)]
    some, page, many = on_page(found, _A_PAGE)
    rows = [row for key in some if (row := _row(reading, key)) is not None]
    return render_template(
        "board/rounds/short_of.html", seen=seen, planned=seen.planned, reading=reading, node=seen.node, rows=rows, all=len(found), page=page, pages=many,
    )  # fmt: skip


def _is_short(reading: Reading, key: str) -> bool:
    return key.startswith("m") and reading.standings.verdict(reading.roll.spots[key]) in (Verdict.BASIC, Verdict.BELOW)


def _row(reading: Reading, key: str) -> _Row | None:
    named, rate, verdict = reading.made.targets[key], reading.rate(key), reading.standings.verdict(reading.roll.spots[key])
    if rate is None or verdict is None:
        return None
    return _Row(key, named.label, noted(named.note), reading.roll.place(named.unit).name, rate, verdict)
