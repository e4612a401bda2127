"""The meeting behind an address, the page that says what comes next, and what every act on a meeting shares."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for

from survey.actions import closings
from survey.actions.boxes import has_key, is_exchanged
from survey.actions.rights import check_meeting
from survey.domain.closings import seconds_left, stage_now
from survey.domain.meetings import BOXED, Entry, Group, Meeting, Stage, check_move
from survey.domain.refusals import NotAllowed, NotFound, Refused, WrongStage
from survey.domain.rounds import Round
from survey.domain.units import Unit
from survey.store import ballots, journal, keyings, meeting_units, meetings, publications, results, rounds, units
from survey.store.engine import Connection
from survey.store.keyings import Keyed
from survey.store.meetings import MOST_ID
from survey.web.acts import acts
from survey.web.desk.selecting import selection_of
from survey.web.desk.steps import Standing, standing
from survey.web.doors import config, house, now, staff
from survey.web.downloads import attached
from survey.web.errors import Sentence, sentence
from survey.web.words import group_name, meeting_title, stages, steps

# Pages that say other words of a survey than of an evaluation meeting.
_OF_SURVEYS = frozenset({"meeting", "open", "opened", "close", "count", "void", "screen", "most"})


class TimeIsUp(Exception):
    """The minute before sealing is over, and nobody has closed the box yet: whoever looks does."""


@dataclass(frozen=True, slots=True)
class Hall:
    """A meeting, where its unit hangs in the tree as far as the asker sees, the ballots in its box, what comes next.

    Attributes
    ----------
    keyless : bool
        Its box waits for the count, and the key lies on another machine or nowhere any more; not where a slip holds it.
    exchanged : bool
        Somebody put another public key into its row: it takes no ballot and is not counted.
    seconds : int or None
        How long an open box is still open, when its end is set.
    forms : Keyed
        How far the keying of its forms on paper is.
    """

    meeting: Meeting
    trail: tuple[Unit, ...]
    inside: int
    standing: Standing
    keyless: bool
    exchanged: bool
    seconds: int | None
    forms: Keyed

    @property
    def unit(self) -> Unit:
        """The unit that is evaluated."""
        return self.trail[-1]

    @property
    def back(self) -> int:
        """What came back: ballots in the box, and forms that were keyed once or spoiled and are in no box."""
        return self.inside + self.forms.once + self.forms.spoiled

    @property
    def small(self) -> Group | None:
        """The group that keeps a draft from opening, when merging can help: somebody of it has come."""
        few = self.standing.few
        return next((g for g in self.meeting.groups if few and g.name == few.facts["group"] and g.present), None)

    @property
    def issued(self) -> int | None:
        """Slips that went out, all groups; None until the leftovers are counted."""
        each = [group.issued for group in self.meeting.groups]
        return None if None in each else sum(n for n in each if n is not None)


def section(name: str, under: str = "/desk/meetings") -> Blueprint:
    """A blueprint of addresses that answers refusals with a sentence and a way back."""
    made = Blueprint(name, __name__, url_prefix=under)
    made.register_error_handler(Refused, refused)
    made.register_error_handler(TimeIsUp, _close_and_show)
    made.url_value_preprocessor(check_ids)
    return made


def found(meeting_id: int) -> Hall:
    """The meeting behind an address, for the person who asks.

    Raises
    ------
    NotFound
        There is none, or it lies in another subtree.
    """
    with house().store.read() as db:
        return find(db, meeting_id)


def find(db: Connection, meeting_id: int) -> Hall:
    """The same through an open door."""
    by = staff()
    meeting = meetings.get(db, meeting_id)
    check_meeting(by, meeting)
    moment = now()
    if stage_now(meeting.stage, meeting.closing, moment) is not meeting.stage:
        raise TimeIsUp()
    seen = tuple(unit for unit in units.path(db, meeting.unit) if by.sees(unit.id))
    waits = meeting.stage in BOXED
    inside = ballots.in_box(db, meeting_id) if waits else 0
    if meeting.stage in (Stage.COUNTED, Stage.PUBLISHED):
        # Nothing is in the box any more: what was, for spoiled forms by themselves are told of nobody.
        inside = results.returned_in_all(db, [meeting_id]).get(meeting_id, 0)
    keyless = waits and not meeting.key_on_slip and not has_key(house(), meeting)
    exchanged = waits and is_exchanged(house(), meeting)
    left = seconds_left(meeting.closing, moment)
    forms = keyings.keyed(db, meeting_id) if meeting.forms else Keyed()
    unchosen = meeting.stage is Stage.DRAFT and not meeting.is_survey and meeting_units.is_unchosen(db, meeting)
    coming = standing(meeting, inside, forms, unchosen=unchosen)
    return Hall(meeting, seen, inside, coming, keyless, exchanged, left, forms)


def is_late(db: Connection, meeting: Meeting, season: Round) -> bool:
    """Whether a meeting that is held only now comes too late: its round is published, and it will never be part of that."""
    waits = not meeting.is_survey and meeting.stage in (Stage.DRAFT, Stage.OPEN)
    # What nobody planned is not published.
    return waits and season.unit is not None and publications.of_round(db, meeting.round) is not None


def may(hall: Hall, wanted: Stage) -> Hall:
    """Refuse a page about a step this meeting cannot take."""
    check_move(hall.meeting.stage, wanted)
    return hall


def at(hall: Hall, stage: Stage) -> Hall:
    """Refuse what only a meeting at this stage allows."""
    if hall.meeting.stage is not stage:
        raise WrongStage(stage=hall.meeting.stage.value, wanted=stage.value)
    return hall


def group_of(hall: Hall, asked: str) -> Group:
    """The group of this meeting that a form or an address names."""
    chosen = next((group for group in hall.meeting.groups if str(group.id) == asked), None)
    if chosen is None:
        raise NotFound(what="group")
    return chosen


@dataclass(frozen=True, slots=True)
class Tried:
    """A number of slips (or of forms on paper) to print that cannot be: for which group, as it was typed, and why."""

    group: int
    typed: str
    said: str
    forms: bool = False


def show(
    meeting_id: int, *, said: str = "", typed: dict[int, str] | None = None, tried: Tried | None = None,
    status: int = 200,
) -> Response:
    """The page of a meeting. `said` stands at the leftovers, which keep what was `typed`; `tried` at the printing."""
    with house().store.read() as db:
        hall = find(db, meeting_id)
        done = journal.of_meeting(db, meeting_id)
        season = rounds.get(db, hall.meeting.round)
        is_draft = hall.meeting.stage is Stage.DRAFT
        selection = selection_of(db, hall.meeting)
        rated = meeting_units.rated(db, hall.meeting) if is_draft and not hall.meeting.is_survey else None
        late = is_late(db, hall.meeting, season)
    groups = _in_words(hall).meeting.groups
    small = hall.small
    return page(
        "meeting",
        hall,
        status=status,
        season=season,
        # Forms that were spoiled came back too.
        returned=hall.inside + hall.forms.spoiled,
        lacks=hall.meeting.lacks(season.scheme),
        late=late,
        acts=acts(done, hall.meeting, zone=config().zone),
        rated=rated,
        selection=selection,
        few=sentence(hall.standing.few) if hall.standing.few else None,
        small=next((g for g in groups if small and g.id == small.id), None),
        others=sorted((g for g in groups if not small or g.id != small.id), key=lambda group: (not group.present, group.present)),
        said=said,
        typed=typed or {},
        tried=tried,
        address=f"{config().url}/d/{hall.meeting.door}",
        pad=f"{config().url}/pad",
    )


def page(name: str, hall: Hall, *, status: int = 200, **more: Any) -> Response:
    """A page about one meeting."""
    # While people take ballots off the screen, how many a group took is nearly how many it cast: nobody sees it.
    shows_made = hall.meeting.entry is Entry.SLIPS
    sheets = sum(group.on_paper for group in hall.meeting.groups)
    survey = hall.meeting.is_survey
    whole = {"hall": _in_words(hall), "stages": stages(survey=survey), "steps": steps(survey=survey)}
    whole |= {"shows_made": shows_made, "sheets": sheets, **more}
    folder = "surveys" if survey and name in _OF_SURVEYS else "meetings"
    return make_response(render_template(f"desk/{folder}/{name}.html", **whole), status)


def _in_words(hall: Hall) -> Hall:
    """To be shown only: what the house named stands in the language of the page."""
    meeting = hall.meeting
    groups = tuple(replace(group, name=group_name(group.name)) for group in meeting.groups)
    return replace(hall, meeting=replace(meeting, title=meeting_title(meeting.title), groups=groups))


def back_to(meeting_id: int) -> Response:
    """To the page of the meeting, so that reloading it repeats nothing."""
    return make_response(redirect(url_for("desk_meetings.meeting", meeting_id=meeting_id), 303))


def refused(fault: Refused) -> Response:
    """A refusal in a whole sentence, with a link to the meeting when there is one to go back to."""
    gone = isinstance(fault, NotFound | NotAllowed)
    meeting_id = None if gone else (request.view_args or {}).get("meeting_id")
    if isinstance(fault, WrongStage) and meeting_id is not None:
        with house().store.read() as db:
            fault.facts["survey"] = meetings.get(db, meeting_id).is_survey
    return message(sentence(fault), meeting_id)


def _close_and_show(_over: TimeIsUp) -> Response:
    """Close the box whose time is over, then answer what was asked."""
    asked = request.view_args or {}
    try:
        closings.end(house(), asked["meeting_id"], now=now())
        if request.method != "GET":
            return back_to(asked["meeting_id"])
        return make_response(current_app.view_functions[request.endpoint or ""](**asked))
    except Refused as fault:
        return refused(fault)


def message(said: Sentence, meeting_id: int | None, *, more: str = "") -> Response:
    """One sentence on a page of its own; `more` is what to do about it here."""
    text = render_template("desk/meetings/refused.html", said=said, meeting_id=meeting_id, more=more)
    return make_response(text, said.status)


def check_ids(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A number no database key can have is a number of nothing."""
    if any(isinstance(number, int) and number > MOST_ID for number in (values or {}).values()):
        raise NotFound(what="meeting")


def pdf(data: bytes, name: str) -> Response:
    """A document to save or print; it holds codes, so nothing on the way may keep it."""
    response = make_response(data)
    response.mimetype = "application/pdf"
    response.headers["Cache-Control"] = "no-store"
    return attached(response, f"{name}.pdf", plain="pingyi.pdf")
