"""评议会: a new one in five fields, its page, the numbers of people."""

from dataclasses import replace

from flask import Response, make_response, redirect, render_template, request, url_for

from survey.actions import drafts, meetings
from survey.actions.groups import change
from survey.actions.questionnaires import library
from survey.domain.meetings import Stage
from survey.domain.refusals import BadField, WrongStage
from survey.domain.texts import line
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
from survey.web.desk.unit_choosers import Offer, offer, one
from survey.web.doors import Who, admits, house, now, staff, today
from survey.web.errors import sentence
from survey.web.words import group_name, group_names, stages

BLUEPRINT = section("desk_meetings")


@BLUEPRINT.get("/new")
@admits(Who.SECRETARY)
def new() -> Response:
    """The empty form: today, the secretary's own unit."""
    every = offer("", rated=True)
    # A committee without members is seldom meant; of those that have some the only one is, or one's own.
    real = [each for each in every.choices if each.members] or list(every.choices)
    only = real[0].id if len(real) == 1 and every.total == len(every.choices) else staff().unit
    every = replace(every, chosen=next((each for each in real if each.id == only), None))
    form = empty(unit=str(every.chosen.id if every.chosen else ""), day=today().isoformat(), names=_names())
    # One that is not offered is not chosen either: the chooser then shows its first.
    asked = line(request.args.get("questionnaire", ""))
    return _form(replace(form, questionnaire=asked) if asked else form, {}, every, asked=bool(asked))


@BLUEPRINT.post("/new")
@admits(Who.SECRETARY)
def create() -> Response:
    """Make the draft, or show the form again as it was typed with a sentence at each field to change."""
    form = typed(request.form)
    if is_reshaping(request.form) or "find" in request.form:
        return _form(form, {})
    unit = one(form.unit)
    own = _values(_offered()) - library().keys()
    wanted, wrong = new_meeting(form, units={unit.id} if unit else set(), today=today(), own=own)
    if wanted is not None and form.questionnaire in own:
        with house().store.read() as db:
            version = drafts.chosen(db, form.questionnaire, by=staff())
        # Put aside a moment ago: it is not there.
        wanted = replace(wanted, questionnaire=version or form.questionnaire)
    if wanted is None:
        return _form(form, wrong)
    try:
        made = meetings.create(house(), wanted, by=staff(), now=now())
    except BadField as refused:
        # Fields the form knows carry their own sentence; what only the action can see stands at the groups.
        field = str(refused.facts.get("field"))
        return _form(form, {field if field in ("title", "questionnaire") else "groups": sentence(refused).text})
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
    chosen = as_rows([(group_name(group.name), group.due, group.present) for group in hall.meeting.groups])
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


def _form(form: Typed, wrong: Errors, every: Offer | None = None, *, asked: bool = False) -> Response:
    text = render_template(
        "desk/meetings/new.html",
        form=form,
        offer=every or offer(form.unit, request.form.get("find_unit", ""), rated=True),
        wrong=wrong,
        names=_names(),
        offered=_offered(),
        # Who came from a questionnaire's page sees which one it is, the default one too.
        asked=asked or "asked" in request.form,
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
