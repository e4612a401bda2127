"""Whom a meeting rates: its own unit or some at or below it, with or without their members, some of whom can be left out."""

from collections.abc import Iterable
from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import hold
from survey.domain.meetings import Stage
from survey.domain.refusals import BadField
from survey.domain.staff import Staff
from survey.store import journal, meeting_units, meetings, members

# What people can still rate with care, and a paper one can still send from a phone.
MOST_UNITS = 60


def choose_units(house: House, meeting_id: int, chosen: Iterable[int], *, by: Staff, now: datetime) -> None:
    """Write which units are rated, in the order of their codes and names; none is the meeting's own unit alone. Only in a draft.

    Raises
    ------
    BadField
        There are too many for one paper.
    WrongStage
        Its papers are frozen already.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.DRAFT, by=by, now=now)
        inside = meeting_units.inside(db, meeting.unit, chosen)
        if len(inside) > MOST_UNITS:
            raise BadField(field="units", value=str(len(inside)), why="too_many", most=MOST_UNITS)
        meeting_units.write(db, meeting_id, inside or (meeting.unit,))
        journal.note(db, "rate_units", by=by.id, now=now, meeting=meeting_id, n=len(inside) or 1)


def leave_out(
    house: House, meeting_id: int, out: Iterable[int], *, by: Staff, now: datetime, units_only: bool = False
) -> None:
    """Write who of the units' members is not rated at this meeting, or that none is; who comes later is rated. Only in a draft.

    Raises
    ------
    WrongStage
        Its papers are frozen already.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.DRAFT, by=by, now=now)
        there = {member.id for member in members.of_units(db, [unit.id for unit in meeting_units.units(db, meeting)])}
        chosen = sorted(there.intersection(out))
        meetings.leave_out(db, meeting_id, chosen)
        meetings.change(db, meeting_id, {"units_only": units_only})
        left = 0 if units_only else len(there) - len(chosen)
        journal.note(db, "leave_out", by=by.id, now=now, meeting=meeting_id, rated=left, out=len(there) - left)
