"""The end of a meeting by the clock: whoever looks at it after its time closes it."""

from datetime import datetime

from survey.actions.house import House
from survey.domain.closings import stage_now
from survey.domain.meetings import Meeting, Stage
from survey.domain.refusals import WrongStage
from survey.domain.slips import Way
from survey.store import journal, meetings
from survey.store.engine import Connection


def settle(db: Connection, meeting_id: int, now: datetime) -> Stage:
    """Lock a meeting's row and read where it stands; a box whose time is over is closed by that, with its line in the journal."""
    stage, closing = meetings.lock_clock(db, meeting_id)
    if closing is None or stage_now(stage, closing, now) is stage:
        return stage
    if not meetings.move(db, meeting_id, stage, wanted=Stage.CLOSED):
        raise WrongStage(stage=stage.value, wanted=Stage.CLOSED.value)
    # Nobody pressed anything, and it was over then, not now.
    note_close(db, meetings.get(db, meeting_id), act="time_up", by=None, now=closing)
    return Stage.CLOSED


def end(house: House, meeting_id: int, *, now: datetime) -> None:
    """Close a box whose time is over; nothing when it is closed already or takes ballots again."""
    with house.store.write() as db:
        settle(db, meeting_id, now)


def note_close(db: Connection, meeting: Meeting, *, act: str, by: int | None, now: datetime) -> None:
    """The line of a closing, with the number of links that were made."""
    links = sum(group.minted.get(Way.LINK, 0) for group in meeting.groups)
    journal.note(db, act, by=by, now=now, meeting=meeting.id, links=links)
