"""Whom a meeting rates: members of its unit can be left out this time."""

from collections.abc import Iterable
from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import hold
from survey.domain.meetings import Stage
from survey.domain.staff import Staff
from survey.store import journal, meetings, members


def leave_out(house: House, meeting_id: int, out: Iterable[int], *, by: Staff, now: datetime) -> None:
    """Write who of the unit's members is not rated at this meeting; who comes later is rated. Only in a draft.

    Raises
    ------
    WrongStage
        Its papers are frozen already.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.DRAFT, by=by, now=now)
        there = {member.id for member in members.of_units(db, [meeting.unit])}
        chosen = sorted(there.intersection(out))
        meetings.leave_out(db, meeting_id, chosen)
        left = len(there) - len(chosen)
        journal.note(db, "leave_out", by=by.id, now=now, meeting=meeting_id, rated=left, out=len(chosen))
