"""The rehearsal: before anybody gets a ballot, the key is read back from the print on the scrutineer's slip.

A key that stands on one sheet of paper alone is lost with it, and a print that cannot be read is noticed too late at the count.
"""

from datetime import datetime

from survey.actions.boxes import check_key, key_name
from survey.actions.house import House
from survey.actions.rights import hold
from survey.domain.meetings import Meeting, Stage
from survey.domain.refusals import BadKey, NotFound
from survey.domain.slip_keys import read_key
from survey.domain.staff import Staff
from survey.store import journal, meetings
from survey.urn import box


def rehearse(house: House, meeting_id: int, typed: str, *, by: Staff, now: datetime) -> None:
    """Try the key on a ballot of nothing, forget it, and let the meeting begin. Tried again it changes nothing.

    Raises
    ------
    NotFound
        The key of this meeting stands on no slip.
    BadKey
        It was misread, or is another box's.
    ExchangedKey
        The public key is not the one of the opening.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.OPEN, by=by, now=now)
        if not meeting.key_on_slip:
            raise NotFound(what="meeting")
        typed_key(house, meeting, typed)
        if not meeting.rehearsed:
            meetings.change(db, meeting_id, {"rehearsed": True})
            journal.note(db, "rehearse", by=by.id, now=now, meeting=meeting_id)


def typed_key(house: House, meeting: Meeting, typed: str) -> bytes:
    """The key of this meeting's box, as it was typed from the slip.

    Raises
    ------
    BadKey
        It was misread, or is another box's.
    ExchangedKey
        The public key is not the one of the opening.
    """
    assert meeting.public_key is not None
    check_key(house, meeting.id, meeting.public_key, meeting.key_proof)
    private = read_key(typed)
    if not box.opens(private, meeting.public_key):
        raise BadKey(why="other")
    return private


def private_key(house: House, meeting: Meeting, typed: str) -> bytes:
    """The key that opens a meeting's box: from the key room, or as it was typed where it stands on the slip alone.

    Raises
    ------
    NoKey
        It does not lie in this machine's key room.
    BadKey
        It was misread, or is another box's.
    """
    assert meeting.public_key is not None
    return typed_key(house, meeting, typed) if meeting.key_on_slip else house.keys.get(key_name(meeting.public_key))
