"""The steps a meeting takes: open, back to draft, close, reopen, void. Each has a page that says what will happen."""

from flask import Response, request
from flask_babel import gettext as _

from survey.actions import meetings, pauses
from survey.actions.staff import recognise
from survey.domain.advice import is_placeholder
from survey.domain.candidates import check_named, typed_choices
from survey.domain.meetings import Stage, check_open
from survey.domain.papers import Target, targets
from survey.domain.questionnaires import Audience
from survey.domain.refusals import (
    BadField,
    BadLogin,
    BoxNotEmpty,
    Locked,
    NoSection,
    Refused,
    TooFew,
    WrongScrutineer,
    WrongStage,
)
from survey.domain.rounds import check_weighed
from survey.domain.slip_keys import pretty_key
from survey.domain.texts import line
from survey.store import meeting_units, questionnaires, rounds
from survey.web.desk.halls import at, back_to, find, found, is_late, may, message, page, section
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.questionnaires import named

BLUEPRINT = section("desk_stages")


@BLUEPRINT.get("/<int:meeting_id>/open")
@admits(Who.SECRETARY)
def ask_open(meeting_id: int) -> Response:
    """Who will be rated, what stays as it is from then on, and what is still in the way."""
    return _ask_open(meeting_id)


@BLUEPRINT.post("/<int:meeting_id>/open")
@admits(Who.SECRETARY)
def open_box(meeting_id: int) -> Response:
    """Open; the answer alone carries the scrutineer's code, and the key if it stands on his slip: both are kept nowhere."""
    on_slip = "key_on_slip" in request.form
    try:
        word = meetings.open_with(house(), meeting_id, key_on_slip=on_slip, by=staff(), now=now())
    except (TooFew, NoSection, BadField):
        return _ask_open(meeting_id, status=409, on_slip=on_slip)
    except WrongStage as refused:
        return _opened_already(meeting_id, refused)
    if word.code is None:
        return back_to(meeting_id)
    return page("opened", found(meeting_id), code=word.code, key=pretty_key(word.key) if word.key else "")


@BLUEPRINT.get("/<int:meeting_id>/draft")
@admits(Who.SECRETARY)
def ask_draft(meeting_id: int) -> Response:
    """What going back destroys."""
    hall = may(found(meeting_id), Stage.DRAFT)
    if hall.back:
        raise BoxNotEmpty(ballots=hall.back)
    return page("draft", hall)


@BLUEPRINT.post("/<int:meeting_id>/draft")
@admits(Who.SECRETARY)
def back_to_draft(meeting_id: int) -> Response:
    """Back to draft while nobody has voted."""
    meetings.back_to_draft(house(), meeting_id, by=staff(), now=now())
    return back_to(meeting_id)


@BLUEPRINT.get("/<int:meeting_id>/close")
@admits(Who.SECRETARY)
def ask_close(meeting_id: int) -> Response:
    """What ends with closing."""
    hall = may(found(meeting_id), Stage.CLOSED)
    with house().store.read() as db:
        scheme = rounds.get(db, hall.meeting.round).scheme
    return page("close", hall, lacks=hall.meeting.lacks(scheme))


@BLUEPRINT.post("/<int:meeting_id>/close")
@admits(Who.SECRETARY)
def close(meeting_id: int) -> Response:
    """Seal the box, or have it sealed in a minute."""
    act = pauses.close_soon if request.form.get("how") == "soon" else meetings.close
    act(house(), meeting_id, by=staff(), now=now())
    return back_to(meeting_id)


@BLUEPRINT.get("/<int:meeting_id>/reopen")
@admits(Who.SECRETARY)
def ask_reopen(meeting_id: int) -> Response:
    """Reopening needs the scrutineer."""
    return page("reopen", at(found(meeting_id), Stage.CLOSED), said="")


@BLUEPRINT.post("/<int:meeting_id>/reopen")
@admits(Who.SECRETARY)
def reopen(meeting_id: int) -> Response:
    """Closed back to open with the second person's word."""
    typed = request.form.get("scrutineer", "")
    try:
        meetings.reopen(house(), meeting_id, typed, by=staff(), now=now())
    except WrongScrutineer as refused:
        return page("reopen", found(meeting_id), said=sentence(refused).text, status=403)
    return back_to(meeting_id)


@BLUEPRINT.get("/<int:meeting_id>/void")
@admits(Who.SECRETARY)
def ask_void(meeting_id: int) -> Response:
    """What voiding destroys, in numbers."""
    lost = bool(request.args.get("lost"))
    return page("void", may(found(meeting_id), Stage.VOID), wrong={}, reason="", lost=lost, login="")


@BLUEPRINT.post("/<int:meeting_id>/void")
@admits(Who.SECRETARY)
def void(meeting_id: int) -> Response:
    """Destroy ballots and key; a reason is kept."""
    reason, lost = line(request.form.get("reason", "")), bool(request.form.get("lost"))
    login = line(request.form.get("second_login", ""))
    try:
        # The other person, by his password; who is logged in at this browser does not change.
        second = (
            recognise(house(), login, request.form.get("second_password", ""), now=now())
            if lost
            else request.form.get("scrutineer", "")
        )
        meetings.void(house(), meeting_id, reason=reason, scrutineer=second, by=staff(), now=now())
    except (BadField, BadLogin, Locked, WrongScrutineer) as refused:
        field = "second" if lost and refused.facts.get("field") != "reason" else "scrutineer"
        field = "reason" if refused.facts.get("field") == "reason" else field
        said = sentence(refused)
        text = _("%(title)s。%(text)s", title=said.title, text=said.text) if isinstance(refused, BadLogin | Locked) else said.text
        more = {"reason": reason, "lost": lost, "login": login}
        return page("void", found(meeting_id), wrong={field: text}, status=said.status, **more)
    return back_to(meeting_id)


def _ask_open(meeting_id: int, *, status: int = 200, on_slip: bool = False) -> Response:
    with house().store.read() as db:
        hall = at(find(db, meeting_id), Stage.DRAFT)
        season = rounds.get(db, hall.meeting.round)
        late = is_late(db, hall.meeting, season)
        form = questionnaires.get(db, hall.meeting.questionnaire)
        branches = meeting_units.branches(db, hall.meeting)
    said: Sentence | None = None
    rated: tuple[Target, ...] = ()
    try:
        check_open(hall.meeting.groups)
        check_weighed(season.scheme, (group.name for group in hall.meeting.groups))
        rated = targets(form, branches)
        check_named(form)
    except Refused as refused:
        said = sentence(refused)
    elects = [question for part in form.sections for question in part.questions if question.election.elects]
    standing = [each for question in elects for each in question.candidates]
    pretended = any(is_placeholder(each) for _section, question in typed_choices(form) for each in question.candidates)
    rated_members = [named(target) for target in rated if target.audience is Audience.MEMBER]
    return page(
        "open",
        hall,
        status=status,
        form=form,
        lacks=hall.meeting.lacks(season.scheme),
        late=late,
        units=[target.label for target in rated if target.audience is Audience.UNIT],
        members=rated_members,
        candidates=standing,
        pretended=pretended,
        left_out=not rated_members and not elects and any(people for _unit, people in branches),
        said=said,
        on_slip=on_slip,
    )


def _opened_already(meeting_id: int, refused: WrongStage) -> Response:
    """A second click, or a colleague: the slip was on the first answer, and whoever missed it must know what to do."""
    hall = found(meeting_id)
    more = ""
    if hall.meeting.stage is Stage.OPEN and not hall.meeting.one_officer:
        more = _(
            "监票签在开始时只给一次。如果没有打印出来，趁票箱还空着，可以在评议会页面退回准备，再开始一次，会有一张新的监票签。"
        )
    return message(sentence(refused), meeting_id, more=more)
