"""评议会: a new one in five fields, its page, the numbers of people."""

from dataclasses import dataclass, replace

from flask import Response, make_response, redirect, render_template, request, url_for

from survey.actions import drafts, meetings
from survey.actions.groups import change
from survey.actions.questionnaires import library
from survey.domain.meetings import Stage
from survey.domain.refusals import BadField, NotFound, WrongStage
from survey.domain.rounds import period
from survey.domain.units import UnitKind
from survey.store import members, units
from survey.store.terms import all_terms
from survey.web.desk.choosers import Offered, offered
from survey.web.desk.fields import (
    Errors,
    Typed,
    as_rows,
    empty,
    groups,
    is_reshaping,
    new_meeting,
    rows,
    typed,
)
from survey.web.desk.halls import Hall, back_to, found, page, section, show
from survey.web.doors import Who, admits, house, now, staff, today
from survey.web.errors import sentence
from survey.web.words import default_title, group_names, stages

BLUEPRINT = section("desk_meetings")


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit that can be evaluated, the unit above it, and how many members it has."""

    id: int
    name: str
    above: str
    members: int


@BLUEPRINT.get("/new")
@admits(Who.SECRETARY)
def new() -> Response:
    """The empty form: today, the secretary's own unit."""
    choices = _choices()
    own = next((each.id for each in choices if each.id == staff().unit), None)
    only = choices[0].id if len(choices) == 1 else own
    asked = request.args.get("questionnaire", "")
    form = empty(unit=str(only or ""), day=today().isoformat(), names=_names())
    return _form(replace(form, questionnaire=asked) if asked in _values(_offered()) else form, choices, {})


@BLUEPRINT.post("/new")
@admits(Who.SECRETARY)
def create() -> Response:
    """Make the draft, or show the form again as it was typed with a sentence at each field to change."""
    choices = _choices()
    form = typed(request.form)
    if is_reshaping(request.form):
        return _form(form, choices, {})
    own = _values(_offered()) - library().keys()
    wanted, wrong = new_meeting(form, units={each.id for each in choices}, today=today(), own=own)
    if wanted is not None and form.questionnaire in own:
        with house().store.read() as db:
            version = drafts.chosen(db, form.questionnaire, by=staff())
        # Put aside a moment ago: it is not there.
        wanted = replace(wanted, questionnaire=version or form.questionnaire)
    if wanted is None:
        return _form(form, choices, wrong)
    if not wanted.title:
        name = next(each.name for each in choices if each.id == wanted.unit)
        wanted = replace(wanted, title=default_title(name, period(wanted.held_on))[: meetings.LONGEST_TITLE])
    try:
        made = meetings.create(house(), wanted, by=staff(), now=now())
    except BadField as refused:
        # Fields the form knows carry their own sentence; what only the action can see stands at the groups.
        field = str(refused.facts.get("field"))
        return _form(form, choices, {field if field in ("title", "questionnaire") else "groups": sentence(refused).text})
    return make_response(redirect(url_for("desk_meetings.meeting", meeting_id=made), 303))


@BLUEPRINT.get("/<int:meeting_id>")
@admits(Who.SECRETARY)
def meeting(meeting_id: int) -> Response:
    """The page of a meeting, which always says what to do next."""
    return show(meeting_id)


@BLUEPRINT.get("/<int:meeting_id>/groups")
@admits(Who.SECRETARY)
def numbers(meeting_id: int) -> Response:
    """The groups and numbers to change: all of a draft, upwards while open."""
    hall = _changeable(found(meeting_id))
    if hall.meeting.is_survey:
        return make_response(redirect(url_for("desk_surveys.most", meeting_id=meeting_id), 303))
    chosen = as_rows([(group.name, group.due, group.present) for group in hall.meeting.groups])
    return page("groups", hall, rows=chosen, names=_names(), said="")


@BLUEPRINT.post("/<int:meeting_id>/groups")
@admits(Who.SECRETARY)
def change_numbers(meeting_id: int) -> Response:
    """Write the groups and numbers, or say what to change."""
    hall = _changeable(found(meeting_id))
    chosen = rows(request.form)
    if is_reshaping(request.form):
        return page("groups", hall, rows=chosen, names=_names(), said="")
    read, said = groups(chosen)
    if not said:
        try:
            change(house(), meeting_id, read, by=staff(), now=now())
            return back_to(meeting_id)
        except BadField as refused:
            said = sentence(refused).text
    return page("groups", hall, rows=chosen, names=_names(), said=said, status=400)


def _changeable(hall: Hall) -> Hall:
    """Refuse a page that could not be saved anyway."""
    if hall.meeting.stage not in (Stage.DRAFT, Stage.OPEN):
        raise WrongStage(stage=hall.meeting.stage.value, wanted=Stage.OPEN.value)
    return hall


def _form(form: Typed, choices: tuple[Choice, ...], wrong: Errors) -> Response:
    text = render_template(
        "desk/meetings/new.html",
        form=form,
        choices=choices,
        wrong=wrong,
        names=_names(),
        offered=_offered(),
        stages=stages(),
    )
    return make_response(text, 400 if wrong else 200)


def _offered() -> Offered:
    with house().store.read() as db:
        return offered(db, staff())


def _values(groups: Offered) -> set[str]:
    """What the chooser may send."""
    return {value for _name, group in groups for value, _title in group}


def _names() -> tuple[str, ...]:
    """What the groups of evaluators are called here, to be offered."""
    with house().store.read() as db:
        return group_names(all_terms(db))


def _choices() -> tuple[Choice, ...]:
    """Units of the subtree that have members or are branches, each with the unit above it."""
    by = staff()
    with house().store.read() as db:
        tree = units.all_units(db)
        counts = members.counts(db)
    names = {unit.id: unit.name for unit in tree if by.sees(unit.id)}
    if by.unit not in names:
        raise NotFound(what="unit")
    return tuple(
        Choice(unit.id, unit.name, names.get(unit.parent or 0, ""), counts.get(unit.id, 0))
        for unit in tree
        if by.sees(unit.id) and not unit.is_closed and (unit.kind is UnitKind.BRANCH or counts.get(unit.id))
    )
