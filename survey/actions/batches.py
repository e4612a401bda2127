"""The meetings of a planned round, hundreds at once: made from the plan, and taken back while nobody touched them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from survey.actions.house import House
from survey.actions.meetings import LONGEST_TITLE
from survey.actions.plans import own
from survey.domain.meetings import Stage
from survey.domain.plans import Planned
from survey.domain.staff import Staff
from survey.store import batches, coverage, journal, units
from survey.store.coverage import WITHOUT, Place, Wanted
from survey.store.engine import Connection
from survey.urn import codes

# No city has so many.
_ALL = 10**6


@dataclass(frozen=True, slots=True)
class Batch:
    """Which meetings to make.

    Attributes
    ----------
    wanted : Wanted
        Units that fit this and have no meeting in the round.
    only : ids of units or None
        Of them only these.
    held_on : date
        The day their secretaries will change when they know better.
    titled : function
        From the name of a unit to the title of its meeting.
    """

    wanted: Wanted
    only: Collection[int] | None
    held_on: date
    titled: Callable[[str], str]


def make(house: House, round_id: int, batch: Batch, *, by: Staff, now: datetime) -> int:
    """Drafts for all units of a batch; returns how many."""
    with house.store.write() as db:
        # Nobody closes a unit meanwhile, and two who make meetings at once come after each other.
        units.lock(db)
        planned = own(db, round_id, by=by, lock=True)
        found, _total = coverage.page(db, planned, _below(db, planned, batch.wanted), first=0, most=_ALL)
        # A unit whose only meeting was made void may have got a kind that no rule fits.
        chosen = [each for each in found if each.rule is not None and (batch.only is None or each.id in batch.only)]
        if chosen:
            made = batches.add(db, [_row(house, planned, each, batch) for each in chosen], [_groups(planned, each) for each in chosen])
            noted = [(meeting, each.id, {"unit": each.name}) for meeting, each in zip(made, chosen, strict=True)]
            journal.note_many(db, "create", noted, by=by.id, now=now)
            journal.note(db, "make_meetings", by=by.id, now=now, unit_id=planned.unit, name=planned.name, n=len(made))
    return len(chosen)


def take_back(house: House, round_id: int, *, by: Staff, now: datetime) -> int:
    """Delete the drafts of a round that nobody touched; returns how many."""
    with house.store.write() as db:
        units.lock(db)
        planned = own(db, round_id, by=by, lock=True)
        gone = batches.untouched(db, round_id)
        if gone:
            batches.remove(db, gone)
            journal.note(db, "unmake_meetings", by=by.id, now=now, unit_id=planned.unit, name=planned.name, n=len(gone))
    return len(gone)


def _below(db: Connection, planned: Planned, wanted: Wanted) -> Wanted:
    """What was looked for, held to units of this round that still need a meeting."""
    root = wanted.root if wanted.root in units.unit_ids_below(db, planned.unit) else planned.unit
    return Wanted(root, wanted.text, wanted.kind, wanted.sector, WITHOUT)


def _row(house: House, planned: Planned, place: Place, batch: Batch) -> dict[str, Any]:
    assert place.rule is not None
    return {
        "round_id": planned.id,
        "questionnaire_id": planned.plan.rules[place.rule].questionnaire,
        "unit_id": place.id,
        "title": batch.titled(place.name)[:LONGEST_TITLE],
        "place": "",
        "held_on": batch.held_on,
        "stage": Stage.DRAFT.value,
        "entry": planned.plan.entry,
        "door": codes.fresh(house.random),
    }


def _groups(planned: Planned, place: Place) -> list[tuple[str, int, int]]:
    """Who is due; who has come is known at the door."""
    return [(each.name, place.members if each.due is None else each.due, 0) for each in planned.plan.groups]
