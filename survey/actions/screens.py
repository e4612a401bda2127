"""Open mode: one QR code on the screen, turning over; whoever is in the hall takes a ballot. A survey may have a public
link instead, which does not turn: whoever has it takes a ballot."""

from dataclasses import dataclass
from datetime import datetime

from survey.actions.boxes import check_key
from survey.actions.house import House
from survey.actions.slips import make
from survey.domain.closings import stage_now
from survey.domain.meetings import Entry, Meeting, Stage
from survey.domain.refusals import NotFound, NotRehearsed, StaleTurn, TooMany, WrongStage
from survey.domain.slips import Way
from survey.store import meetings
from survey.urn import codes

TURN_SECONDS = 45
# A page may be scanned while the code turns over, and read for a while before the tap.
TURNS_TO_SCAN = 2
TURNS_TO_TAKE = 14


@dataclass(frozen=True, slots=True)
class Screen:
    """What the first page of open mode shows: groups as (id, name, ballots that may still be taken)."""

    meeting: int
    title: str
    stage: Stage
    groups: tuple[tuple[int, str, int], ...]
    entry: Entry = Entry.SCREEN
    is_survey: bool = False


def turn(house: House, door: str, now: datetime) -> str:
    """The mark the screen's code carries now."""
    return codes.turn_mark(house.pepper, door, _number(now))


def seconds_left(now: datetime) -> int:
    """Seconds until the code turns over."""
    return TURN_SECONDS - int(now.timestamp()) % TURN_SECONDS


def screen(house: House, door: str, mark: str | None, *, now: datetime) -> Screen:
    """What to show for a scanned code, or without a mark for a public link.

    Raises
    ------
    NotFound
        No meeting has this door.
    StaleTurn
        The code has turned over; scan the screen again.
    WrongStage
        The meeting is not open.
    ExchangedKey
        A ballot could be read by somebody else.
    """
    with house.store.read() as db:
        meeting = meetings.by_door(db, door)
    _check(house, meeting, mark, now=now, turns=TURNS_TO_SCAN)
    groups = tuple((group.id, group.name, group.room) for group in meeting.groups)
    return Screen(meeting.id, meeting.title, meeting.stage, groups, meeting.entry, meeting.is_survey)


def take(house: House, door: str, mark: str | None, group_id: int, *, now: datetime) -> str:
    """A fresh code for one tap, while fewer were taken than people are present.

    Raises
    ------
    TooMany
        Every ballot of this group is taken.
    """
    with house.store.write() as db:
        found = meetings.by_door(db, door)
        meetings.lock(db, found.id)
        meeting = meetings.get(db, found.id)
        _check(house, meeting, mark, now=now, turns=TURNS_TO_TAKE)
        group = next((each for each in meeting.groups if each.id == group_id), None)
        if group is None:
            raise NotFound(what="group")
        if meeting.is_survey and not group.room:
            raise full(meeting.title)
        return make(house, db, meeting, group, n=1, way=Way.SCREEN)[0]


def full(title: str) -> TooMany:
    """A survey has as many answers under way as were asked for."""
    return TooMany(group=title, way=Way.SCREEN.value, most=0, asked=1, survey=True)


def _check(house: House, meeting: Meeting, mark: str | None, *, now: datetime, turns: int) -> None:
    if meeting.entry is not (Entry.LINK if mark is None else Entry.SCREEN):
        raise NotFound(what="meeting")
    stage = stage_now(meeting.stage, meeting.closing, now)
    if stage is not Stage.OPEN:
        raise WrongStage(
            stage=stage.value, wanted=Stage.OPEN.value, title=meeting.title, survey=meeting.is_survey
        )
    if meeting.unrehearsed:
        raise NotRehearsed(title=meeting.title)
    if mark is not None:
        _check_turn(house, meeting, mark, now=now, turns=turns)
    if meeting.public_key is not None:
        check_key(house, meeting.id, meeting.public_key, meeting.key_proof)


def _check_turn(house: House, meeting: Meeting, mark: str, *, now: datetime, turns: int) -> None:
    marks = (codes.turn_mark(house.pepper, meeting.door, _number(now) - back) for back in range(turns))
    if not any(codes.same(each.encode(), mark.encode()) for each in marks):
        raise StaleTurn(title=meeting.title)


def _number(now: datetime) -> int:
    return int(now.timestamp()) // TURN_SECONDS
