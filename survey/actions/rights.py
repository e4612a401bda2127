"""Rights: what lies outside an account's subtree does not exist for it."""

from datetime import datetime

from survey.actions.closings import settle
from survey.domain.meetings import Meeting, Stage
from survey.domain.refusals import BadField, NotAllowed, NotFound, WrongStage
from survey.domain.staff import Staff, StaffRole
from survey.store import meetings
from survey.store.engine import Connection


def check_sees(by: Staff, unit: int) -> None:
    """Refuse a unit outside the subtree, in the words for one that is not there."""
    if not by.sees(unit):
        raise NotFound(what="unit")


def check_runs(by: Staff, unit: int) -> None:
    """Refuse whoever may not run meetings or change lists of this unit."""
    check_sees(by, unit)
    if not by.runs_meetings:
        raise NotAllowed()


def check_meeting(by: Staff, meeting: Meeting) -> None:
    """Refuse whoever may not run this meeting; a meeting of another subtree is not there."""
    if not by.sees(meeting.unit):
        raise NotFound(what="meeting")
    if not by.runs_meetings:
        raise NotAllowed()


def hold(db: Connection, meeting_id: int, stage: Stage, *, by: Staff, now: datetime) -> Meeting:
    """Lock a meeting this person may run, at the one stage at which an act can be done at this moment.

    Raises
    ------
    WrongStage
        It stands at another stage.
    """
    found = settle(db, meeting_id, now)
    meeting = meetings.get(db, meeting_id)
    check_meeting(by, meeting)
    if found is not stage:
        raise WrongStage(stage=found.value, wanted=stage.value)
    return meeting


def check_second(by: Staff, second: Staff, meeting: Meeting) -> None:
    """Refuse as a second person whoever is the first one, or has nothing to do with this meeting.

    Raises
    ------
    BadField
        With what is wrong with this person.
    """
    if second.id == by.id or not second.sees(meeting.unit):
        raise BadField(field="second", value=second.name, why="same" if second.id == by.id else "stranger")


def check_admin(by: Staff) -> None:
    """Refuse all but admins."""
    if by.role is not StaffRole.ADMIN:
        raise NotAllowed()
