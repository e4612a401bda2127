"""Where and when a meeting is held: the office that made it may not have known."""

from datetime import date, datetime

from survey.actions.house import House
from survey.actions.meetings import LONGEST_TITLE
from survey.actions.rights import hold
from survey.domain.meetings import Stage
from survey.domain.refusals import BadField
from survey.domain.staff import Staff
from survey.store import journal, meetings


def settle(house: House, meeting_id: int, day: date, place: str, *, by: Staff, now: datetime) -> None:
    """Write day and place of a draft.

    Raises
    ------
    BadField
        The place is too long.
    WrongStage
        It has begun.
    """
    if len(place) > LONGEST_TITLE:
        raise BadField(field="title", value=place[:20], why="too_long", most=LONGEST_TITLE)
    with house.store.write() as db:
        hold(db, meeting_id, Stage.DRAFT, by=by, now=now)
        meetings.change(db, meeting_id, {"held_on": day, "place": place})
        journal.note(db, "settle", by=by.id, now=now, meeting=meeting_id, day=day.isoformat(), place=place)
