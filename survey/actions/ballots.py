"""Ballots: look at a slip, cast a ballot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from survey.actions.boxes import check_key
from survey.actions.house import House
from survey.domain.ballots import Marks, fill, pack
from survey.domain.closings import stage_now
from survey.domain.meetings import Entry, Stage
from survey.domain.papers import Paper
from survey.domain.refusals import OnPaper, Refused, UnknownCode, UsedCode, VoidSlip, WrongStage
from survey.domain.slips import SlipState, read
from survey.store import ballots, meetings
from survey.store.engine import Connection
from survey.urn import box, codes

KEY_BITS = 128


@dataclass(frozen=True, slots=True)
class Look:
    """What the holder of a slip may know. `tracker` only when the ballot is in the box; `door` leads to the list of all;
    `key_on_slip` says that the key of the box stands on the scrutineer's slip alone."""

    meeting: int
    title: str
    group_name: str
    stage: Stage
    state: SlipState
    entry: Entry
    paper: str | None
    tracker: str | None
    door: str
    is_survey: bool = False
    key_on_slip: bool = False


def look(house: House, code: str, *, now: datetime | None = None) -> Look:
    """Look at a slip; changes nothing. Without a moment the stage is the one that is written down.

    Raises
    ------
    UnknownCode, OnPaper
        No slip has this code, or a paper form has it.
    ExchangedKey
        It could be cast now, but somebody else would read it.
    """
    digest = codes.slip_digest(house.pepper, read(code))
    with house.store.read() as db:
        slip = ballots.slip(db, digest)
        if slip is None:
            raise _unknown(house, db, code)
    stage = _stage(slip, now)
    if stage is Stage.OPEN and slip.state is SlipState.FRESH and slip.public_key is not None:
        check_key(house, slip.meeting, slip.public_key, slip.key_proof)
    tracker = codes.tracker(house.pepper, digest) if slip.state is SlipState.SPENT else None
    entry = Entry(slip.entry)
    return Look(
        meeting=slip.meeting,
        title=slip.title,
        group_name=slip.group_name,
        stage=stage,
        state=slip.state,
        entry=entry,
        paper=slip.paper,
        tracker=tracker,
        door=slip.door,
        is_survey=slip.is_survey,
        key_on_slip=slip.key_on_slip,
    )


def cast(house: House, code: str, answers: Mapping[str, Sequence[str]], *, now: datetime | None = None) -> str:
    """Spend the slip and drop the ballot into the box: both happen, or neither does. Returns the tracker.

    `now` is held against the end of the minute before sealing and kept nowhere; without it only what is written down counts.

    Raises
    ------
    UnknownCode, OnPaper, UsedCode, VoidSlip, WrongStage, ExchangedKey
        Nothing was changed; a used code's ballot is in the box already, which is the answer to every retry.
    BadAnswer, MissingAnswer, TextTooLong
        The answers do not fit the paper; the slip stays good.
    """
    digest = codes.slip_digest(house.pepper, read(code))
    with house.store.read() as db:
        slip = ballots.slip(db, digest)
        if slip is None:
            raise _unknown(house, db, code)
    _check(house, slip, digest, now)
    assert slip.paper is not None and slip.public_key is not None
    check_key(house, slip.meeting, slip.public_key, slip.key_proof)
    paper = house.paper(slip.paper)
    tracker = codes.tracker(house.pepper, digest)
    key, sealed = closed(house, slip, paper, fill(paper, answers), tracker=tracker)
    with house.store.write() as db:
        stage, closing = meetings.lock_clock(db, slip.meeting, share=True)
        stage = stage_now(stage, closing, now) if now else stage
        if stage is not Stage.OPEN:
            raise WrongStage(stage=stage.value, wanted=Stage.OPEN.value, title=slip.title, survey=slip.is_survey)
        if not ballots.spend(db, digest):
            _check(house, ballots.slip(db, digest), digest, now)
            raise UnknownCode()
        ballots.drop(db, key=key, meeting=slip.meeting, group=slip.group, sealed=sealed)
    return tracker


def closed(house: House, slip: ballots.Slip, paper: Paper, marks: Marks, *, tracker: str) -> tuple[bytes, bytes]:
    """A ballot as it goes into the box: its random key, and itself sealed to the meeting's public key."""
    assert slip.paper is not None and slip.public_key is not None
    key = house.random.getrandbits(KEY_BITS).to_bytes(KEY_BITS // 8, "big")
    bind = bound(slip.meeting, slip.group, slip.paper, key)
    return key, box.seal(slip.public_key, pack(paper, marks, tracker), bound=bind)


def bound(meeting: int, group: int, paper: str, key: bytes) -> bytes:
    """What a ballot is sealed to: moved to another meeting, group, paper or row it does not open."""
    return f"pingyi ballot {meeting} {group} {paper} ".encode() + key


def _unknown(house: House, db: Connection, code: str) -> Refused:
    """What is said of a code that no slip has."""
    form = ballots.slip(db, codes.paper_digest(house.pepper, read(code)))
    return UnknownCode() if form is None else OnPaper(title=form.title)


def _check(house: House, slip: ballots.Slip | None, digest: bytes, now: datetime | None) -> None:
    if slip is None:
        raise UnknownCode()
    if slip.state is SlipState.SPENT:
        raise UsedCode(tracker=codes.tracker(house.pepper, digest), title=slip.title, entry=slip.entry)
    if slip.state is SlipState.VOID:
        raise VoidSlip(meeting=slip.stage is Stage.VOID, title=slip.title, survey=slip.is_survey)
    stage = _stage(slip, now)
    if stage is not Stage.OPEN:
        raise WrongStage(stage=stage.value, wanted=Stage.OPEN.value, title=slip.title, survey=slip.is_survey)


def _stage(slip: ballots.Slip, now: datetime | None) -> Stage:
    return stage_now(slip.stage, slip.closing, now) if now else slip.stage
