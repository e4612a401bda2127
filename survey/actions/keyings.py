"""Paper forms into the box: keyed twice by the code that stands on them, compared, settled; or spoiled whole."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from survey.actions.ballots import closed
from survey.actions.boxes import check_key
from survey.actions.house import House
from survey.actions.rights import check_meeting, hold
from survey.domain.closings import stage_now
from survey.domain.keyings import (
    NAMELESS,
    OF_ANSWERS,
    Reading,
    Spoil,
    differences,
    pack_reading,
    read_form,
    unpack_reading,
)
from survey.domain.meetings import Meeting, Stage
from survey.domain.papers import Paper
from survey.domain.refusals import BadForm, UnknownCode, WrongStage
from survey.domain.rounds import SpoilRule
from survey.domain.slips import LENGTH, SlipState, letters, read
from survey.domain.staff import Staff
from survey.store import ballots, journal, keyings, meetings, rounds
from survey.store.engine import Connection
from survey.urn import codes, readings


@dataclass(frozen=True, slots=True)
class Form:
    """A form in somebody's hand: its code, group and paper; the first reading and who keyed it, when there is one."""

    code: str
    group: int
    group_name: str
    paper: Paper
    first: Reading | None = None
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Keying:
    """What became of a keying: kept as the first, cast, spoiled whole; or, when `apart` is not empty, nothing yet: the
    readings differ in these form fields."""

    done: str
    alone: bool = False
    apart: tuple[str, ...] = ()
    first: Reading | None = None
    second: Reading | None = None


def tracker(house: House, code: str) -> str:
    """The tracker of a form, printed on its strip: it will stand in the list once the form was keyed."""
    return codes.tracker(house.pepper, codes.paper_digest(house.pepper, code))


def find(house: House, meeting_id: int, typed: str, *, by: Staff, now: datetime) -> Form:
    """The form with this code, to be keyed.

    Raises
    ------
    BadForm
        No such form, a slip, another meeting's form, or it is in the box or void already.
    """
    code = _code(typed)
    with house.store.read() as db:
        meeting = meetings.get(db, meeting_id)
        check_meeting(by, meeting)
        stage = stage_now(meeting.stage, meeting.closing, now)
        if stage is not Stage.CLOSED:
            raise WrongStage(stage=stage.value, wanted=Stage.CLOSED.value)
        return _form(house, db, meeting, code)


def key(
    house: House,
    meeting_id: int,
    typed_code: str,
    *,
    typed: Mapping[str, str],
    settled: Mapping[str, str] | None = None,
    by: Staff,
    now: datetime,
) -> Keying:
    """Key a form: the first time it is kept closed by its code, the second time compared and cast when both agree.

    Parameters
    ----------
    settled : mapping of form field to what was typed, or None
        What a look at the paper settled where the two readings differ.

    Raises
    ------
    BadForm
        See `find`; or a line cannot be read (`wrong` says which), and nothing was changed.
    TextTooLong
        The words are too long.
    ExchangedKey
        Somebody else would read the ballot.
    """
    form = find(house, meeting_id, typed_code, by=by, now=now)
    code, reading = form.code, read_form(form.paper, typed)
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.CLOSED, by=by, now=now)
        # Somebody else may have had it in his hand since.
        form = _form(house, db, meeting, code)
        if form.first is None:
            if settled is not None:
                raise BadForm(why="again")
            _note(db, meeting, by=by, now=now)
            _keep(house, db, form, meeting_id, reading=reading, by=by)
            return Keying("first")
        apart = differences(form.paper, form.first, reading)
        if apart and settled is None:
            return Keying("apart", form.by == by.id, apart, form.first, reading)
        if apart:
            reading = read_form(form.paper, {**typed, **{name: (settled or {}).get(name, "") for name in apart}})
        _note(db, meeting, by=by, now=now)
        if reading.spoiled and rounds.get(db, meeting.round).scheme.spoil is SpoilRule.FORM:
            _void(house, db, code)
            reason = next(each for each in OF_ANSWERS if each in reading.spoiled.values())
            keyings.add_spoils(db, meeting_id, form.group, reason, forms=1)
            return Keying("void", form.by == by.id)
        _cast(house, db, form, reading)
        keyings.add(db, meeting_id, form.group, alone=form.by == by.id, settled=bool(apart))
        return Keying("cast", form.by == by.id)


def compare(form: Form, typed: Mapping[str, str]) -> Keying:
    """Where a second reading differs from the first one, which there must be; changes nothing."""
    assert form.first is not None
    second = read_form(form.paper, typed)
    return Keying("apart", False, differences(form.paper, form.first, second), form.first, second)


def drop(house: House, meeting_id: int, typed: str, *, by: Staff, now: datetime) -> None:
    """Throw the first keying of a form away: it can be keyed anew.

    Raises
    ------
    BadForm
        See `find`; or it was not keyed once.
    """
    code = _code(typed)
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.CLOSED, by=by, now=now)
        # A reading that somebody changed in the database opens no more, and must not stand in the way of the count.
        _slip(house, db, meeting, code)
        if not keyings.drop(db, _digest(house, code)):
            raise BadForm(why="once")
        _note(db, meeting, by=by, now=now)


def spoil(house: House, meeting_id: int, typed: str, reason: Spoil, *, group: int | None, by: Staff, now: datetime) -> None:
    """Count a whole form as spoiled: its slip is void and nothing goes into the box. Where no code can be read (see
    `NAMELESS`) the group is said, since no slip can be.

    Raises
    ------
    BadForm
        See `find`; no group is said; or more would have come back than went out.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.CLOSED, by=by, now=now)
        if reason in NAMELESS:
            chosen = next((each.id for each in meeting.groups if each.id == group), None)
            if chosen is None:
                raise BadForm(why="group")
            if ballots.in_box(db, meeting_id) + keyings.keyed(db, meeting_id).spoiled >= meeting.codes:
                raise BadForm(why="many")
        else:
            code = _code(typed)
            chosen = _slip(house, db, meeting, code).group
            _void(house, db, code)
        keyings.add_spoils(db, meeting_id, chosen, reason, forms=1)
        _note(db, meeting, by=by, now=now)


def unspoil(house: House, meeting_id: int, reason: Spoil, *, group: int, by: Staff, now: datetime) -> None:
    """Take back one form that was spoiled by mistake, where no code tells which.

    Raises
    ------
    BadForm
        There is none.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.CLOSED, by=by, now=now)
        known = reason in NAMELESS and any(each.id == group for each in meeting.groups)
        if not known or not keyings.add_spoils(db, meeting_id, group, reason, forms=-1):
            raise BadForm(why="none")
        _note(db, meeting, by=by, now=now)


def _code(typed: str) -> str:
    n = len(letters(typed))
    if n != LENGTH:
        raise BadForm(why="length", most=LENGTH, n=n)
    try:
        return read(typed)
    except UnknownCode as fault:
        raise BadForm(why="unknown", code=typed.strip()) from fault


def _digest(house: House, code: str) -> bytes:
    return codes.paper_digest(house.pepper, code)


def _bound(meeting: int, group: int, paper: Paper) -> bytes:
    return f"pingyi reading {meeting} {group} {paper.sha256}".encode()


def _slip(house: House, db: Connection, meeting: Meeting, code: str) -> ballots.Slip:
    """What the store has of the form with this code, when it may still be keyed; the meeting's row is held."""
    slip = ballots.slip(db, _digest(house, code))
    if slip is None:
        other = ballots.slip(db, codes.slip_digest(house.pepper, code))
        raise BadForm(why="slip" if other and other.meeting == meeting.id else "unknown", code=code)
    if slip.meeting != meeting.id:
        raise BadForm(why="other")
    if slip.state is not SlipState.FRESH:
        raise BadForm(why="used" if slip.state is SlipState.SPENT else "void")
    return slip


def _form(house: House, db: Connection, meeting: Meeting, code: str) -> Form:
    """The form with this code, with its first reading opened."""
    slip = _slip(house, db, meeting, code)
    assert slip.paper is not None
    paper = house.paper(slip.paper)
    sealed = keyings.first(db, _digest(house, code))
    if sealed is None:
        return Form(code, slip.group, slip.group_name, paper)
    plain = readings.unseal(house.pepper, code, sealed, bound=_bound(meeting.id, slip.group, paper))
    return Form(code, slip.group, slip.group_name, paper, *unpack_reading(paper, plain))


def _keep(house: House, db: Connection, form: Form, meeting: int, *, reading: Reading, by: Staff) -> None:
    """The first reading, closed by the form's own code, with who keyed it inside."""
    plain = pack_reading(form.paper, reading, by.id)
    sealed = readings.seal(house.pepper, form.code, plain, bound=_bound(meeting, form.group, form.paper))
    keyings.keep(db, _digest(house, form.code), meeting=meeting, group=form.group, sealed=sealed)


def _cast(house: House, db: Connection, form: Form, reading: Reading) -> None:
    """Spend the slip and drop the ballot into the box, exactly as a phone does, and forget the first reading."""
    digest = _digest(house, form.code)
    slip = ballots.slip(db, digest)
    assert slip is not None and slip.public_key is not None
    check_key(house, slip.meeting, slip.public_key, slip.key_proof)
    mark = codes.tracker(house.pepper, digest)
    why = Counter(reading.spoiled.values())
    marks = replace(reading.marks, spoiled=(why[Spoil.MARKS], why[Spoil.TICKS]))
    row, sealed = closed(house, slip, form.paper, marks, tracker=mark)
    if not ballots.spend(db, digest):
        raise BadForm(why="used")
    ballots.drop(db, key=row, meeting=slip.meeting, group=slip.group, sealed=sealed)
    keyings.drop(db, digest)


def _void(house: House, db: Connection, code: str) -> None:
    """A spoiled form's slip is void; it went out and came back, so it is not among those voided before."""
    if not ballots.spend(db, _digest(house, code), into=SlipState.VOID):
        raise BadForm(why="used")
    keyings.drop(db, _digest(house, code))


def _note(db: Connection, meeting: Meeting, *, by: Staff, now: datetime) -> None:
    """Who keyed is in the journal once; which form at what minute is nobody's business."""
    if not journal.has(db, meeting.id, "key_forms", by=by.id):
        journal.note(db, "key_forms", by=by.id, now=now, meeting=meeting.id)
