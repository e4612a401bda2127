"""Who of a published round has no grade yet: units, or members, of a unit and all below it; by unit and roster, no order of merit."""

from dataclasses import dataclass

from flask import render_template, request

from survey.domain.questionnaires import Audience
from survey.office.figures import Verdict
from survey.store import grades
from survey.web.board.figures import Rate
from survey.web.board.grade_pages import context
from survey.web.board.grades import open_keys
from survey.web.board.publications import find
from survey.web.board.roll_ups import Reading
from survey.web.doors import Who, admits, house, staff
from survey.web.lists import on_page
from survey.web.questionnaires import noted

_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class _Row:
    """One unit or member: its rates, how it is rated by them, and the unit on whose page it is decided."""

    key: str
    label: str
    note: str
    unit: str
    rate: Rate | None
    verdict: Verdict | None
    decided_at: int


@admits(Who.STAFF)
def undecided(round_id: int, unit_id: int) -> str:
    """Those of a unit this person sees; units, or with `of=member` members."""
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
        if seen.reading is None:
            return render_template("board/rounds/unpublished.html", seen=seen, planned=seen.planned)
        grading, found = grades.of_round(db, round_id), open_keys(db, seen)
    kinds = {each.value: found[each] for each in (Audience.UNIT, Audience.MEMBER)}
    of = request.args.get("of", "")
    of = of if of in kinds else Audience.UNIT.value if kinds[Audience.UNIT.value] else Audience.MEMBER.value
    some, page, many = on_page(kinds[of], _A_PAGE)
    rows = [_row(seen.reading, key) for key in some]
    decides = staff().runs_meetings and staff().sees(seen.planned.unit) and not grading.is_ended
    return render_template(
        "board/rounds/undecided.html", **context(seen), rows=rows, of=of, numbers={kind: len(keys) for kind, keys in kinds.items()}, page=page, pages=many, decides=decides,
    )  # fmt: skip


def _row(reading: Reading, key: str) -> _Row:
    named = reading.made.targets[key]
    place = reading.roll.place(named.unit)
    at, unit = (place.id, place.name) if key.startswith("m") else (place.parent if place.parent in reading.units else place.id, "")
    verdict = reading.standings.verdict(reading.roll.spots[key]) if key in reading.standings else None
    return _Row(key, named.label, noted(named.note), unit, reading.rate(key), verdict, at or place.id)
