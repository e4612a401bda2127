"""How long a meeting still takes ballots, for whoever holds one of its papers. Knows no slip and no person."""

from dataclasses import dataclass
from datetime import datetime

from survey.actions.house import House
from survey.domain.closings import seconds_left, stage_now
from survey.domain.meetings import Stage
from survey.store import meetings


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a meeting stands, and the seconds it still takes ballots when an end is set."""

    stage: Stage
    seconds: int | None


def clock(house: House, door: str, *, now: datetime) -> Clock:
    """The clock of the meeting behind a door; changes nothing.

    Raises
    ------
    NotFound
        No meeting has this door.
    """
    with house.store.read() as db:
        stage, closing = meetings.clock(db, door)
    here = stage_now(stage, closing, now)
    return Clock(here, seconds_left(closing, now) if here is Stage.OPEN else None)
