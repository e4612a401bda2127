"""Slips: make codes, make them void. Codes are returned once and never kept."""

from collections.abc import Sequence
from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import hold
from survey.domain.meetings import Group, Meeting, Stage, check_issue
from survey.domain.refusals import BoxNotEmpty, NotFound, NotRehearsed, UnknownCode, UsedCode
from survey.domain.slips import SlipState, Way, read
from survey.domain.staff import Staff
from survey.store import ballots, journal, keyings, meetings
from survey.store.engine import Connection
from survey.urn import codes

# Links are noted as a number at closing, ballots off the screen never.
_NOTED = {Way.SHEET: "issue", Way.PAPER: "issue_forms"}


def issue(
    house: House, meeting_id: int, group_id: int, *, n: int, way: Way, by: Staff, now: datetime
) -> tuple[str, ...]:
    """Make `n` codes for a group of an open meeting.

    Raises
    ------
    TooMany
        More slips than people.
    WrongStage
        The meeting is not open.
    NotRehearsed
        Its key stands on the scrutineer's slip alone, and was not tried yet.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.OPEN, by=by, now=now)
        made = make(house, db, meeting, _group(meeting, group_id), n=n, way=way)
        if way in _NOTED:
            journal.note(db, _NOTED[way], by=by.id, now=now, meeting=meeting_id, group=group_id, n=n)
    return made


def make(house: House, db: Connection, meeting: Meeting, group: Group, *, n: int, way: Way) -> tuple[str, ...]:
    """Make codes inside a transaction that holds the meeting's row."""
    if meeting.unrehearsed:
        raise NotRehearsed(title=meeting.title)
    check_issue(group, n, way)
    made = tuple(codes.fresh(house.random) for _ in range(n))
    digest = codes.paper_digest if way is Way.PAPER else codes.slip_digest
    ballots.add_slips(db, meeting.id, group.id, [digest(house.pepper, code) for code in made])
    meetings.mint(db, group.id, way, n)
    return made


def void_group(house: House, meeting_id: int, group_id: int, *, by: Staff, now: datetime) -> int:
    """Void every code of a group while the box is empty, to print anew. How many there were.

    With ballots in the box the number of unspent codes would tell how many of a group have voted, so it is refused.

    Raises
    ------
    BoxNotEmpty
        Somebody voted already; single slips can still be voided by their codes.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.OPEN, by=by, now=now)
        group = _group(meeting, group_id)
        inside = keyings.came_back(db, meeting_id)
        if inside:
            raise BoxNotEmpty(ballots=inside)
        n = ballots.void_fresh(db, meeting_id, group.id)
        meetings.add_void(db, group.id, n)
        journal.note(db, "void_slips", by=by.id, now=now, meeting=meeting_id, group=group.id, n=n)
    return n


def void_codes(house: House, meeting_id: int, typed: Sequence[str], *, by: Staff, now: datetime) -> int:
    """Void single slips by their codes: all or none. How many were not void before.

    Raises
    ------
    UnknownCode, UsedCode
        A code is not of this meeting or its ballot is in the box; `code` names it.
    """
    with house.store.write() as db:
        hold(db, meeting_id, Stage.OPEN, by=by, now=now)
        n = sum(_void_one(house, db, meeting_id, text) for text in typed)
        journal.note(db, "void_slips", by=by.id, now=now, meeting=meeting_id, n=n)
    return n


def _void_one(house: House, db: Connection, meeting_id: int, text: str) -> bool:
    try:
        code = read(text)
    except UnknownCode as fault:
        raise UnknownCode(code=text) from fault
    digest = codes.slip_digest(house.pepper, code)
    slip = ballots.slip(db, digest)
    if slip is None:
        # A form on paper can be lost or spilt on like a slip.
        digest = codes.paper_digest(house.pepper, code)
        slip = ballots.slip(db, digest)
    if slip is None or slip.meeting != meeting_id:
        raise UnknownCode(code=text)
    if slip.state is SlipState.SPENT:
        raise UsedCode(code=text, tracker="", title=slip.title)
    voided = ballots.spend(db, digest, into=SlipState.VOID)
    if voided:
        # After reopening a form may have been keyed once: of a void one no reading waits for its second.
        keyings.drop(db, digest)
        meetings.add_void(db, slip.group, 1)
    return voided


def _group(meeting: Meeting, group_id: int) -> Group:
    found = next((group for group in meeting.groups if group.id == group_id), None)
    if found is None:
        raise NotFound(what="group")
    return found
