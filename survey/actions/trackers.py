"""The trackers of a counted box, for whoever voted: the whole list, so that nobody has to name his own."""

import json
from dataclasses import dataclass

from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.domain.refusals import VoidSlip
from survey.store import meetings, results


@dataclass(frozen=True, slots=True)
class Published:
    """A meeting's title, and the sorted trackers of its ballots; None before the count."""

    title: str
    trackers: tuple[str, ...] | None
    is_survey: bool


def published(house: House, door: str) -> Published:
    """What anybody may see of a meeting's box.

    Raises
    ------
    NotFound
        No meeting has this door.
    VoidSlip
        The meeting is void; there will be no count.
    """
    with house.store.read() as db:
        meeting = meetings.by_door(db, door)
        sealed = results.seal(db, meeting.id)
    if meeting.stage is Stage.VOID:
        raise VoidSlip(meeting=True, title=meeting.title, survey=meeting.is_survey)
    found = None if sealed is None else tuple(json.loads(sealed[0])["trackers"])
    return Published(meeting.title, found, meeting.is_survey)
