"""A hall that stops for a while, and the minute before a box is sealed. One person does each of them."""

from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import hold
from survey.domain.closings import GRACE, seconds_left
from survey.domain.meetings import Stage
from survey.domain.refusals import WrongStage
from survey.domain.staff import Staff
from survey.store import journal, meetings


def pause(house: House, meeting_id: int, *, by: Staff, now: datetime) -> None:
    """The open box takes nothing for a while; whoever sends his ballot meanwhile is told, and his phone tries again."""
    _turn(house, meeting_id, Stage.OPEN, Stage.PAUSED, by=by, now=now)


def resume(house: House, meeting_id: int, *, by: Staff, now: datetime) -> None:
    """The box takes ballots again. It was never closed, so nobody else need be there."""
    _turn(house, meeting_id, Stage.PAUSED, Stage.OPEN, by=by, now=now)


def close_soon(house: House, meeting_id: int, *, by: Staff, now: datetime) -> None:
    """The box is sealed in a minute by itself; asked again before that, a minute later."""
    with house.store.write() as db:
        closing = hold(db, meeting_id, Stage.OPEN, by=by, now=now).closing
        # An end set by a clock that was wrong is none to go on from.
        closing = None if seconds_left(closing, now) is None else closing
        meetings.change(db, meeting_id, {"closing": ((closing or now) + GRACE).replace(tzinfo=None)})
        journal.note(db, "extend" if closing else "close_soon", by=by.id, now=now, meeting=meeting_id)


def go_on(house: House, meeting_id: int, *, by: Staff, now: datetime) -> None:
    """No end after all: the box stays open."""
    with house.store.write() as db:
        if hold(db, meeting_id, Stage.OPEN, by=by, now=now).closing is None:
            return
        meetings.change(db, meeting_id, {"closing": None})
        journal.note(db, "go_on", by=by.id, now=now, meeting=meeting_id)


def _turn(house: House, meeting_id: int, stage: Stage, wanted: Stage, *, by: Staff, now: datetime) -> None:
    with house.store.write() as db:
        hold(db, meeting_id, stage, by=by, now=now)
        if not meetings.move(db, meeting_id, stage, wanted=wanted):
            raise WrongStage(stage=stage.value, wanted=wanted.value)
        journal.note(db, "pause" if wanted is Stage.PAUSED else "resume", by=by.id, now=now, meeting=meeting_id)
