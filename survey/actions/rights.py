"""Rights: what lies outside an account's subtree does not exist for it."""

from survey.domain.meetings import Meeting
from survey.domain.refusals import BadField, NotAllowed, NotFound
from survey.domain.staff import Staff, StaffRole


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
