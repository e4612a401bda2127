"""Meetings: create, change, open, close, reopen, void. Each is one transaction and one line in the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from survey.actions.boxes import destroy_keys, destroy_unless_taken, key_name, proof
from survey.actions.candidates import settled
from survey.actions.closings import note_close, settle
from survey.actions.house import House
from survey.actions.questionnaires import DEFAULT, library
from survey.actions.rights import check_meeting, check_runs, check_second, hold
from survey.domain.meetings import Entry, Meeting, Stage, check_groups, check_move, check_open
from survey.domain.papers import Paper, targets, used
from survey.domain.questionnaires import Questionnaire
from survey.domain.refusals import Away, BadField, BoxNotEmpty, UnitStays, UnknownCode, WrongScrutineer, WrongStage
from survey.domain.rounds import FEWEST_FOR_OPINIONS, Round, Scheme, check_weighed, period, period_name
from survey.domain.slip_keys import Word, check_holder, spell_key
from survey.domain.slips import read
from survey.domain.staff import Staff
from survey.domain.terms import TermList
from survey.domain.titles import evaluation
from survey.domain.units import Unit
from survey.store import ballots, journal, keyings, meeting_units, meetings, questionnaires, rounds, terms, units
from survey.store.engine import Connection
from survey.urn import box, codes

LONGEST_TITLE, LONGEST_REASON = 100, 500


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """The five fields: unit, day, place, how people come to their ballot, groups (name, due, present).

    `questionnaire` is a key of the library or a form of one's own; `until` the day to which a survey is meant to run.
    """

    unit: int
    held_on: date
    place: str
    entry: Entry
    groups: Sequence[tuple[str, int, int]]
    title: str = ""
    questionnaire: str | Questionnaire = DEFAULT
    one_officer: bool = False
    until: date | None = None


def create(house: House, new: NewMeeting, *, by: Staff, now: datetime) -> int:
    """Make a draft; the quarter's round and its default scheme are made when there are none. Returns its id.

    Raises
    ------
    BadField
        Groups that cannot be, an unknown questionnaire, a title or place that is too long.
    """
    check_runs(by, new.unit)
    check_groups(new.groups)
    form = library().get(new.questionnaire) if isinstance(new.questionnaire, str) else new.questionnaire
    if form is None:
        raise BadField(field="questionnaire", value=new.questionnaire, why="unknown")
    if form.is_survey and form.is_selection:
        # As a survey it would keep its rows, and who was told how to vote is found in rows.
        raise BadField(field="questionnaire", value=form.title, why="selection")
    if new.entry is Entry.LINK and not form.is_survey:
        # Who shares a link to an evaluation invites people who know nobody of the unit.
        raise BadField(field="entry", value=new.entry.value, why="only_survey")
    if len(new.title) > LONGEST_TITLE or len(new.place) > LONGEST_TITLE:
        raise BadField(field="title", value=new.title[:20], why="too_long", most=LONGEST_TITLE)
    key = period(new.held_on)
    with house.store.write() as db:
        # Nobody closes the unit or merges it away between the look at it and the meeting.
        units.lock(db)
        unit = units.get(db, new.unit)
        if unit.is_closed:
            raise UnitStays(why="closed", unit=unit.name)
        asked = questionnaires.keep(db, form)
        values = {
            "round_id": _round(db, key, form, asked),
            "questionnaire_id": asked,
            "unit_id": new.unit,
            "title": new.title.strip() or _title(unit, form, key),
            "place": new.place.strip(),
            "held_on": new.held_on,
            "stage": Stage.DRAFT.value,
            "entry": new.entry.value,
            "door": codes.fresh(house.random),
            "one_officer": new.one_officer,
            "is_survey": form.is_survey,
            "until": new.until,
        }
        added = meetings.add(db, values)
        meetings.replace_groups(db, added, new.groups)
        journal.note(db, "create", by=by.id, now=now, meeting=added, unit=unit.name)
    return added


def open_box(house: House, meeting_id: int, *, by: Staff, now: datetime) -> str | None:
    """Freeze the papers, make the key, open. Returns the scrutineer's code, once; None with one officer."""
    return open_with(house, meeting_id, by=by, now=now).code


def open_with(house: House, meeting_id: int, *, key_on_slip: bool = False, by: Staff, now: datetime) -> Word:
    """The same; with `key_on_slip` no machine keeps the key: the answer alone carries it, for the scrutineer's slip.

    Raises
    ------
    BadKey
        The key is to stand on a slip that nobody gets.
    TooFew
        The meeting or a group has fewer than five people present.
    NoSection
        A target has no section that fits.
    BadField
        The round has weights, and a group has none.
    WrongStage
        It is not a draft.
    """
    pair = box.new_key()
    scrutineer = codes.fresh(house.random)
    if not key_on_slip:
        house.keys.put(key_name(pair.public), pair.private)
    try:
        with house.store.write() as db:
            # Nor does anybody take a list or an act back while its members come onto the papers.
            units.lock(db)
            meeting = hold(db, meeting_id, Stage.DRAFT, by=by, now=now)
            check_open(meeting.groups)
            if key_on_slip:
                check_holder(meeting)
            # Frozen first: who changes the rules at this moment comes before the papers that name them, or is refused.
            rounds.freeze(db, meeting.round)
            the_round = rounds.get(db, meeting.round)
            check_weighed(the_round.scheme, (group.name for group in meeting.groups))
            form = settled(house, db, meeting, questionnaires.get(db, meeting.questionnaire))
            for paper in _papers(db, meeting, the_round, form):
                meetings.add_paper(db, paper)
            digest = None if meeting.one_officer else codes.scrutineer_digest(house.pepper, meeting_id, scrutineer)
            values: dict[str, Any] = {"stage": Stage.OPEN.value, "public_key": pair.public, "scrutineer": digest}
            values["key_proof"] = proof(house, meeting_id, pair.public)
            values |= {"key_on_slip": key_on_slip, "rehearsed": False}
            meetings.change(db, meeting_id, values)
            journal.note(db, "open", by=by.id, now=now, meeting=meeting_id, present=meeting.present)
    except Away:
        destroy_unless_taken(house, meeting_id, pair.public)
        raise
    except BaseException:
        house.keys.destroy(key_name(pair.public))
        raise
    return Word(None if meeting.one_officer else scrutineer, spell_key(pair.private) if key_on_slip else None)


def back_to_draft(house: House, meeting_id: int, *, by: Staff, now: datetime) -> None:
    """Open back to draft while the box is empty: its codes and papers are destroyed.

    Raises
    ------
    BoxNotEmpty
        Somebody voted already.
    """
    with house.store.write() as db:
        meeting = _move(db, meeting_id, Stage.DRAFT, by=by, now=now)
        inside = keyings.came_back(db, meeting_id)
        if inside:
            raise BoxNotEmpty(ballots=inside)
        ballots.delete_slips(db, meeting_id)
        keyings.forget(db, meeting_id)
        meetings.forget_codes(db, meeting_id)
        meetings.change(db, meeting_id, {"public_key": None, "key_proof": None, "scrutineer": None, "key_on_slip": False})
        journal.note(db, "back_to_draft", by=by.id, now=now, meeting=meeting_id)
    destroy_keys(house, [meeting])


def close(house: House, meeting_id: int, *, by: Staff, now: datetime) -> None:
    """Seal the box: one person; waits for casts in flight."""
    with house.store.write() as db:
        meeting = _move(db, meeting_id, Stage.CLOSED, by=by, now=now)
        note_close(db, meeting, act="close", by=by.id, now=now)


def reopen(house: House, meeting_id: int, scrutineer: str, *, by: Staff, now: datetime) -> None:
    """Closed back to open, with the second person's word; leftovers must be counted again.

    Raises
    ------
    WrongScrutineer
        The code is not the one of this meeting's slip.
    """
    with house.store.write() as db:
        hold(db, meeting_id, Stage.CLOSED, by=by, now=now)
        meeting = _move(db, meeting_id, Stage.OPEN, by=by, now=now)
        check_scrutineer(house, db, meeting, scrutineer)
        for group in meeting.groups:
            meetings.change_group(db, group.id, {"leftover": None})
        journal.note(db, "reopen", by=by.id, now=now, meeting=meeting_id)


def void(house: House, meeting_id: int, *, reason: str, scrutineer: str | Staff, by: Staff, now: datetime) -> None:
    """Destroy ballots and key. A draft needs no second person; there is no way back.

    When the scrutineer's slip is lost the second person is another account, who has just given his password.

    Raises
    ------
    BadField
        No reason is given or a long one, or the other account is no second person.
    WrongScrutineer
        The code is not the one of this meeting's slip.
    """
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        why = "too_long" if reason.strip() else "empty"
        raise BadField(field="reason", value=reason[:20], why=why, most=LONGEST_REASON)
    with house.store.write() as db:
        before = settle(db, meeting_id, now)
        if before is Stage.VOID:
            # Perhaps by an act whose answer was lost on its way: then its key still lies here.
            destroy_keys(house, [meetings.get(db, meeting_id)])
        meeting = _move(db, meeting_id, Stage.VOID, by=by, now=now)
        said: dict[str, Any] = {"reason": reason.strip()}
        if before is not Stage.DRAFT and isinstance(scrutineer, Staff):
            check_second(by, scrutineer, meeting)
            said["second"] = scrutineer.name
        elif before is not Stage.DRAFT:
            check_scrutineer(house, db, meeting, str(scrutineer))
        ballots.empty_box(db, meeting_id)
        ballots.void_slips(db, meeting_id)
        keyings.forget(db, meeting_id)
        journal.note(db, "void", by=by.id, now=now, meeting=meeting_id, **said)
    destroy_keys(house, [meeting])
    house.store.scrub()


def set_leftovers(house: House, meeting_id: int, left: Mapping[int, int], *, by: Staff, now: datetime) -> None:
    """Write the slips left over, counted by hand, by group id; only while closed."""
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.CLOSED, by=by, now=now)
        for group in meeting.groups:
            n = left.get(group.id)
            if n is None or not 0 <= n <= group.codes:
                raise BadField(field="leftover", value=group.name, why="range", most=group.codes)
            meetings.change_group(db, group.id, {"leftover": n})
        journal.note(db, "leftovers", by=by.id, now=now, meeting=meeting_id, n=sum(left.values()))


def check_scrutineer(house: House, db: Connection, meeting: Meeting, typed: str) -> None:
    """The second person's word: whoever holds the scrutineer's slip.

    Raises
    ------
    WrongScrutineer
        The code is not the one of this meeting's slip.
    """
    if meeting.one_officer:
        return
    try:
        digest = codes.scrutineer_digest(house.pepper, meeting.id, read(typed))
    except UnknownCode as fault:
        raise WrongScrutineer() from fault
    kept = meetings.scrutineer(db, meeting.id)
    if kept is None or not codes.same(kept, digest):
        raise WrongScrutineer()


def _move(db: Connection, meeting_id: int, wanted: Stage, *, by: Staff, now: datetime) -> Meeting:
    stage = settle(db, meeting_id, now)
    meeting = meetings.get(db, meeting_id)
    check_meeting(by, meeting)
    check_move(stage, wanted)
    if not meetings.move(db, meeting_id, stage, wanted=wanted):
        raise WrongStage(stage=stage.value, wanted=wanted.value)
    return meeting


def _title(unit: Unit, form: Questionnaire, key: str) -> str:
    return f"{unit.name} {form.title}"[:LONGEST_TITLE] if form.is_survey else evaluation(unit.name, key)[:LONGEST_TITLE]


def _round(db: Connection, key: str, form: Questionnaire, kept: int) -> int:
    found = rounds.find(db, key, kept)
    if found is not None:
        return found
    name = f"{period_name(key)} · {form.title}"
    return rounds.add(db, name=name, period=key, questionnaire=kept, scheme=Scheme())


def _papers(db: Connection, meeting: Meeting, the_round: Round, form: Questionnaire) -> tuple[Paper, ...]:
    kinds = terms.all_terms(db).labels(TermList.MEMBER_KIND, retired=True)
    chosen = targets(form, meeting_units.branches(db, meeting), kinds)
    sections, scales = used(form, chosen)
    # With so few present, handwriting in words would point at people: then there are no text boxes.
    texts = meeting.present >= FEWEST_FOR_OPINIONS
    scheme, validity = the_round.scheme.sha256(), the_round.scheme.validity
    return tuple(
        Paper(meeting.id, group.id, meeting.title, group.name, form.title, scheme, chosen, sections, scales, texts, validity)
        for group in meeting.groups
    )
