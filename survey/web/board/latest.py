"""What the first page says of the round that was published last: how it went, who needs help, and until when things must be put right."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from survey.domain.refusals import AlteredRound
from survey.store import grades
from survey.store.engine import Connection
from survey.store.publications import Listed
from survey.web.board.changes import Then
from survey.web.board.needs import MOST, needing
from survey.web.board.publications import read_one
from survey.web.board.roll_ups import Node
from survey.web.deadlines import remaining
from survey.web.doors import config, staff, today


@dataclass(frozen=True, slots=True)
class Latest:
    """A round at the highest unit of it that a person sees: `needs` are the first of `many` units that need help, each
    with its name. Whoever reaches neither threshold is to be put right by the day `until`; `left` says that it is near or over."""

    node: Node
    needs: tuple[tuple[int, str], ...]
    many: int
    until: date | None
    left: str


def latest(db: Connection, listed: Sequence[Listed]) -> Latest | None:
    """Of the first of some rounds, the last of which is the oldest; None where there is nothing to say of it."""
    # What was changed behind the publication's back says so on the pages of the round; this one stands without it.
    with suppress(AlteredRound):
        return _latest(db, listed[0], [each for each in listed[1:] if each.unit == listed[0].unit]) if listed else None
    return None


def _latest(db: Connection, one: Listed, before: Sequence[Listed]) -> Latest | None:
    reading, sees = read_one(db, one), staff().sees
    root = one.unit if sees(one.unit) else staff().unit
    if root not in reading.units:
        return None
    inside = [unit for unit in reading.inside(root) if sees(unit)]
    then = [Then(each, read_one(db, each)) for each in before[:1]]
    found = needing(reading, [f"u{unit}" for unit in inside if f"u{unit}" in reading.standings], then)
    named = tuple((int(key[1:]), reading.made.targets[key].label) for key in found[:MOST])
    node = reading.brief(root)
    is_poor = node.unit_tally.below or node.member_tally.below
    until = grades.of_round(db, one.round).until(one.minute.astimezone(config().zone).date()) if is_poor else None
    return Latest(node, named, len(found), until, remaining(until, today()) if until is not None else "")
