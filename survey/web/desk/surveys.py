"""调查: a new one, how many may answer it, and the poster of its public link. Everything else is as with a meeting."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.actions import drafts, meetings
from survey.actions.groups import change
from survey.actions.meetings import NewMeeting
from survey.actions.questionnaires import library
from survey.domain.meetings import Entry, Stage
from survey.domain.refusals import BadField, NotFound, WrongStage
from survey.domain.rounds import FEWEST
from survey.domain.texts import line
from survey.office.posters import Poster, link_poster, poster_pdf
from survey.store.meetings import MOST_ID
from survey.web.desk.fields import MOST_PEOPLE, Errors, check_length, day_of, number
from survey.web.desk.halls import Hall, back_to, found, page, pdf, section
from survey.web.desk.unit_choosers import offer, one
from survey.web.doors import Who, admits, config, house, now, staff, today
from survey.web.errors import sentence
from survey.web.questionnaires import said

BLUEPRINT = section("desk_surveys", "/desk/surveys")


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a new survey as it was typed."""

    unit: str
    questionnaire: str = ""
    title: str = ""
    entry: str = Entry.LINK.value
    most: str = ""
    until: str = ""
    one_officer: bool = False


@BLUEPRINT.get("/new")
@admits(Who.SECRETARY)
def new() -> Response:
    """The empty form: the secretary's own unit, the public link."""
    return _form(Typed(str(staff().unit), request.args.get("questionnaire", "")), {})


@BLUEPRINT.post("/new")
@admits(Who.SECRETARY)
def create() -> Response:
    """Make the draft, or show the form again as it was typed with a sentence at each field to change."""
    form = _typed(request.form)
    if "find" in request.form:
        return _form(form, {})
    unit = one(form.unit)
    wanted, wrong = _read(form, units_seen={unit.id} if unit else set())
    if wanted is None:
        return _form(form, wrong)
    if form.questionnaire not in library():
        with house().store.read() as db:
            version = drafts.chosen(db, form.questionnaire, by=staff())
        # Put aside a moment ago: it is not there.
        wanted = replace(wanted, questionnaire=version or form.questionnaire)
    try:
        made = meetings.create(house(), wanted, by=staff(), now=now())
    except BadField as refused:
        field = str(refused.facts.get("field"))
        return _form(form, {field if field in ("title", "questionnaire", "entry") else "most": sentence(refused).text})
    return make_response(redirect(url_for("desk_meetings.meeting", meeting_id=made), 303))


@BLUEPRINT.get("/<int:meeting_id>/most")
@admits(Who.SECRETARY)
def most(meeting_id: int) -> Response:
    """How many may answer: of a draft freely, while open upwards."""
    hall = _changeable(found(meeting_id))
    return page("most", hall, typed={group.id: str(group.present) for group in hall.meeting.groups}, said="")


@BLUEPRINT.post("/<int:meeting_id>/most")
@admits(Who.SECRETARY)
def change_most(meeting_id: int) -> Response:
    """Write it, or say what to change."""
    hall = _changeable(found(meeting_id))
    typed = {group.id: line(request.form.get(f"most_{group.id}", "")) for group in hall.meeting.groups}
    read = [(group.name, number(typed[group.id])) for group in hall.meeting.groups]
    why = ""
    if any(n is None or n < FEWEST for _name, n in read):
        why = _most_wrong()
    else:
        try:
            rows = [(name, n, n) for name, n in read if n is not None]
            change(house(), meeting_id, rows, by=staff(), now=now())
            return back_to(meeting_id)
        except BadField:
            why = _("调查已经开始，份数只能调高。")
    return page("most", hall, typed=typed, said=why, status=400)


@BLUEPRINT.get("/<int:meeting_id>/poster")
@admits(Who.SECRETARY)
def poster(meeting_id: int) -> Response:
    """The public link as a code to hang up."""
    meeting = found(meeting_id).meeting
    if meeting.entry is not Entry.LINK or meeting.stage not in (Stage.DRAFT, Stage.OPEN):
        raise NotFound(what="poster")
    made: Poster = link_poster(meeting.title, f"{config().url}/d/{meeting.door}")
    return pdf(poster_pdf(made, _), _("海报 %(title)s", title=meeting.title))


def forms() -> dict[str, str]:
    """The titles of the questionnaires a survey can have, those that rate nobody: one's own first, then the library's."""
    with house().store.read() as db:
        own = {f"{drafts.CHOSEN}{each.id}": each.title for each in drafts.usable(db, by=staff(), rates=False)}
    return own | {key: said(form.title) for key, form in library().items() if form.is_survey}


def _typed(form: MultiDict[str, str]) -> Typed:
    fields = ("unit", "questionnaire", "title", "entry", "most", "until")
    return Typed(**{name: line(form.get(name, "")) for name in fields}, one_officer="one_officer" in form)


def _read(form: Typed, *, units_seen: Collection[int]) -> tuple[NewMeeting | None, Errors]:
    """The survey that was asked for, or a sentence for each field to change."""
    wrong: Errors = {}
    unit = number(form.unit, most=MOST_ID)
    if unit is None or unit not in units_seen:
        wrong["unit"] = _("请选择是哪个单位的调查。")
    if form.questionnaire not in forms():
        wrong["questionnaire"] = _("请选择一份问卷。")
    check_length("title", form.title, wrong)
    if form.entry not in set(Entry):
        wrong["entry"] = _("请选择大家怎么答问卷。")
    n = number(form.most)
    if n is None or n < FEWEST:
        wrong["most"] = _most_wrong()
    until = day_of(form.until)
    if form.until and (until is None or until < today()):
        wrong["until"] = _("请填今天或以后的日期，例如 %(day)s；也可以空着。", day=today().isoformat())
    if wrong or unit is None or n is None:
        return None, wrong
    groups = [(_("答卷人"), n, n)]
    chosen, entry = form.questionnaire, Entry(form.entry)
    return NewMeeting(unit, today(), "", entry, groups, form.title, chosen, form.one_officer, until), wrong


def _most_wrong() -> str:
    return _("份数要填 %(least)s 到 %(most)s 的整数；不到 %(least)s 份不能开始，以免推出个人的回答。", least=FEWEST, most=MOST_PEOPLE)


def _changeable(hall: Hall) -> Hall:
    """Refuse a page that could not be saved anyway."""
    if not hall.meeting.is_survey:
        raise NotFound(what="survey")
    if hall.meeting.stage not in (Stage.DRAFT, Stage.OPEN):
        raise WrongStage(stage=hall.meeting.stage.value, wanted=Stage.OPEN.value)
    return hall


def _form(form: Typed, wrong: Errors) -> Response:
    found = offer(form.unit, request.form.get("find_unit", ""))
    text = render_template("desk/surveys/new.html", form=form, offer=found, forms=forms(), wrong=wrong, fewest=FEWEST)
    return make_response(text, 400 if wrong else 200)
