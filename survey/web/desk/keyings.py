"""Keying the forms on paper after closing: a code, the form's lines by keys alone, a second time, and what differs."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from survey.actions import keyings
from survey.actions.keyings import Form, Keying
from survey.domain.keyings import NAMELESS, OF_FORMS, Spoil, lines
from survey.domain.meetings import Stage
from survey.domain.refusals import BadForm, TextTooLong
from survey.domain.rounds import SpoilRule
from survey.store import keyings as kept
from survey.store import rounds
from survey.store.meetings import MOST_ID
from survey.web.desk.fields import number
from survey.web.desk.halls import Hall, at, found, page, section
from survey.web.desk.keying_lines import rows, settling
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.paper_words import reason_words
from survey.web.questionnaires import in_words

BLUEPRINT = section("desk_keyings")
# Of a form field's name on the page; what was settled has another.
KEY, SETTLED = "k", "s"
_DONE = ("first", "cast", "settled", "alone", "void", "spoiled", "dropped", "back")


@BLUEPRINT.get("/<int:meeting_id>/paper")
@admits(Who.SECRETARY)
def start(meeting_id: int) -> Response:
    """How far the keying is, and the field for the next form's code."""
    return _start(at(found(meeting_id), Stage.CLOSED))


@BLUEPRINT.post("/<int:meeting_id>/paper/form")
@admits(Who.SECRETARY)
def form(meeting_id: int) -> Response:
    """The lines of the form with this code. The code is never in an address: addresses are logged."""
    typed = request.form.get("code", "")
    try:
        here = keyings.find(house(), meeting_id, typed, by=staff(), now=now())
    except BadForm as refused:
        return _start(at(found(meeting_id), Stage.CLOSED), said=sentence(refused), typed=typed)
    return _lines(found(meeting_id), here, {}, {})


@BLUEPRINT.post("/<int:meeting_id>/paper/key")
@admits(Who.SECRETARY)
def key(meeting_id: int) -> Response:
    """Key a form: kept, cast, or what differs is shown; a line that cannot be read keeps what was typed."""
    code = request.form.get("code", "")
    typed, settled = _fields(KEY), _fields(SETTLED) if "settle" in request.form else None
    try:
        done = keyings.key(house(), meeting_id, code, typed=typed, settled=settled, by=staff(), now=now())
    except TextTooLong as refused:
        return _again(meeting_id, code, sentence(refused), {})
    except BadForm as refused:
        wrong = refused.facts.get("wrong")
        if not isinstance(wrong, dict):
            return _start(at(found(meeting_id), Stage.CLOSED), said=sentence(refused), typed=code)
        return _again(meeting_id, code, sentence(refused), wrong)
    if done.apart:
        return _apart(found(meeting_id), keyings.find(house(), meeting_id, code, by=staff(), now=now()), done)
    if done.done != "cast":
        return _to(meeting_id, done.done)
    return _to(meeting_id, "alone" if done.alone else "cast" if settled is None else "settled")


@BLUEPRINT.post("/<int:meeting_id>/paper/drop")
@admits(Who.SECRETARY)
def drop(meeting_id: int) -> Response:
    """Throw the first keying of a form away."""
    code = request.form.get("code", "")
    try:
        keyings.drop(house(), meeting_id, code, by=staff(), now=now())
    except BadForm as refused:
        return _start(at(found(meeting_id), Stage.CLOSED), said=sentence(refused), typed=code)
    return _to(meeting_id, "dropped")


@BLUEPRINT.get("/<int:meeting_id>/paper/spoil")
@admits(Who.SECRETARY)
def ask_spoil(meeting_id: int) -> Response:
    """What makes a whole form count as spoiled, and those already counted that have no code."""
    return _spoiling(at(found(meeting_id), Stage.CLOSED))


@BLUEPRINT.post("/<int:meeting_id>/paper/spoil")
@admits(Who.SECRETARY)
def spoil(meeting_id: int) -> Response:
    """Count a form as spoiled."""
    hall = at(found(meeting_id), Stage.CLOSED)
    typed, group = request.form.get("code", ""), number(request.form.get("group", ""), most=MOST_ID)
    reason = next((each for each in OF_FORMS if each.value == request.form.get("reason", "")), None)
    try:
        if reason is None:
            raise BadForm(why="reason")
        keyings.spoil(house(), meeting_id, typed, reason, group=group, by=staff(), now=now())
    except BadForm as refused:
        return _spoiling(hall, said=sentence(refused))
    return _to(meeting_id, "spoiled")


@BLUEPRINT.post("/<int:meeting_id>/paper/unspoil")
@admits(Who.SECRETARY)
def unspoil(meeting_id: int) -> Response:
    """Take one form without a code back that was counted by mistake."""
    hall = at(found(meeting_id), Stage.CLOSED)
    reason, group = (request.form.get(name, "") for name in ("reason", "group"))
    try:
        chosen = next((each for each in NAMELESS if each.value == reason), Spoil.TORN)
        keyings.unspoil(house(), meeting_id, chosen, group=number(group, most=MOST_ID) or 0, by=staff(), now=now())
    except BadForm as refused:
        return _spoiling(hall, said=sentence(refused))
    return _to(meeting_id, "back")


def _fields(letter: str) -> dict[str, str]:
    """What was typed by form field."""
    return {name[1:]: text for name, text in request.form.items() if name[:1] == letter and name[1:2].isdecimal()}


def _start(hall: Hall, *, said: Sentence | None = None, typed: str = "") -> Response:
    done = request.args.get("done", "")
    more = {"done": done if done in _DONE else "", "said": said, "typed": typed}
    return page("paper", hall, status=said.status if said else 200, **more)


def _lines(hall: Hall, here: Form, typed: Mapping[str, str], wrong: Mapping[str, str], **more: Any) -> Response:
    paper = in_words(here.paper)
    with house().store.read() as db:
        is_whole = rounds.get(db, hall.meeting.round).scheme.spoil is SpoilRule.FORM
    values: dict[str, Any] = {"said": None, "status": 200, "is_whole": is_whole, **more}
    return page(
        "paper_form", hall, form=here, rows=rows(paper, lines(paper), typed, wrong), same=here.by == staff().id, **values
    )


def _again(meeting_id: int, code: str, said: Sentence, wrong: Mapping[str, str]) -> Response:
    """The lines once more, with what was typed; while differences are settled, those alone."""
    hall, here = found(meeting_id), keyings.find(house(), meeting_id, code, by=staff(), now=now())
    typed = _fields(KEY)
    if "settle" in request.form and here.first is not None and not wrong.keys() - _fields(SETTLED).keys():
        done = keyings.compare(here, typed)
        return _apart(hall, here, done, said=said, wrong=wrong)
    return _lines(hall, here, typed, wrong, said=said, status=said.status)


def _apart(
    hall: Hall, here: Form, done: Keying, *, said: Sentence | None = None, wrong: Mapping[str, str] | None = None
) -> Response:
    """Where two readings differ, side by side."""
    found_apart = settling(in_words(here.paper), done, _fields(SETTLED), wrong or {})
    status = said.status if said else 200
    return page("paper_apart", hall, form=here, rows=found_apart, typed=_fields(KEY), said=said, same=done.alone, status=status)


def _spoiling(hall: Hall, *, said: Sentence | None = None) -> Response:
    with house().store.read() as db:
        counted = kept.spoils(db, hall.meeting.id)
    nameless = [
        (group, reason, forms)
        for group in hall.meeting.groups
        for reason, (forms, _answers) in counted.get(group.id, {}).items()
        if reason in NAMELESS and forms
    ]
    words = reason_words()
    typed = {name: request.form.get(name, "") for name in ("code", "reason", "group")}
    more = {"reasons": OF_FORMS, "words": words, "nameless": nameless, "said": said, "typed": typed}
    return page("paper_spoil", hall, status=said.status if said else 200, **more)


def _to(meeting_id: int, done: str) -> Response:
    return make_response(redirect(url_for("desk_keyings.start", meeting_id=meeting_id, done=done), 303))
