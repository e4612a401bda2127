"""A questionnaire to take away: as JSON, as an Excel sheet, as a paper form in PDF or Word, filled with a unit's members."""

from collections.abc import Callable, Mapping

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from survey.actions import drafts
from survey.actions.questionnaires import library
from survey.actions.rights import check_sees
from survey.domain.questionnaire_checks import faults
from survey.domain.questionnaires import Questionnaire
from survey.domain.refusals import NotFound
from survey.domain.terms import TermList
from survey.domain.units import MEMBER_KINDS, by_position
from survey.office.paper_docx import paper_docx
from survey.office.paper_parts import PaperForm, paper_form
from survey.office.paper_pdf import paper_pdf
from survey.office.questionnaire_files import write_json
from survey.office.xlsform_writing import write_xlsform
from survey.store import drafts as kept
from survey.store import members, terms, units
from survey.store.outlines import Wanted, find_units
from survey.web.desk.editor_answers import View, opened
from survey.web.desk.fields import number
from survey.web.doors import Who, admits, house, staff
from survey.web.downloads import attached
from survey.web.lists import looked_for
from survey.web.questionnaires import form_in_words
from survey.web.words import member_kinds

SHOWN = 30
_MOST_NUMBER = 2**31 - 1
_TYPES = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@admits(Who.SECRETARY)
def files(draft_id: int) -> Response:
    """What can be taken away of a draft, and for which unit."""
    view = opened(draft_id)
    return _files(view.draft.form, "form", {"draft_id": draft_id}, view=view)


@admits(Who.SECRETARY)
def ready_files(key: str) -> Response:
    """What can be taken away of a ready questionnaire, and for which unit."""
    return _files(_ready(key), "ready", {"key": key}, view=None)


def _files(form: Questionnaire, ending: str, place: Mapping[str, object], *, view: View | None) -> Response:
    by = staff()
    asked = looked_for(request.args)
    with house().store.read() as db:
        own = units.get(db, by.unit)
        found = find_units(db, Wanted(by.unit, text=asked), most=SHOWN) if asked else ()

    def link(kind: str, unit: int | None = None) -> str:
        return url_for(f"desk_questionnaires.{ending}_{kind}", unit=unit, **place)  # type: ignore[arg-type]

    page = render_template(
        "desk/questionnaires/files.html", view=view, form=form, link=link, asked=asked, found=found, own=own, wrong=faults(form)
    )
    return make_response(page)


def _ready(key: str) -> Questionnaire:
    """A questionnaire of the library.

    Raises
    ------
    NotFound
        There is none.
    """
    if key not in library():
        raise NotFound(what="questionnaire")
    return library()[key]


def of_draft(kind: str) -> Callable[..., Response]:
    """The view that sends a draft, or with ?version= one of its versions, as such a file."""

    @admits(Who.SECRETARY)
    def send(draft_id: int) -> Response:
        asked = number(request.args.get("version", ""), most=_MOST_NUMBER)
        with house().store.read() as db:
            form = drafts.look(db, draft_id, by=staff()).form
            if asked is not None:
                form = kept.version(db, draft_id, asked)
        return _file(form, kind)

    send.__doc__ = f"A draft as {kind}."
    return send


def of_library(kind: str) -> Callable[..., Response]:
    """The view that sends a ready questionnaire as such a file."""

    @admits(Who.SECRETARY)
    def send(key: str) -> Response:
        return _file(_ready(key), kind)

    send.__doc__ = f"A ready questionnaire as {kind}."
    return send


def _file(form: Questionnaire, kind: str) -> Response:
    match kind:
        case "json":
            data = write_json(form)
        case "xlsx":
            data = write_xlsform(form)
        case "pdf":
            data = paper_pdf(_paper(form), _)
        case _:
            data = paper_docx(_paper(form), _)
    response = make_response(data)
    response.content_type = _TYPES[kind]
    name = (form.title or _("没有名称的问卷"))[:60]
    return attached(response, f"{name}.{kind}", plain=f"questionnaire.{kind}", way="inline" if kind == "pdf" else "attachment")


def _paper(form: Questionnaire) -> PaperForm:
    """The form on paper: with ?unit= for this unit and its members, in the language of the page where we know the words."""
    asked = number(request.args.get("unit", ""), most=_MOST_NUMBER)
    shown = form_in_words(form)
    if asked is None:
        return paper_form(shown, None, (), kinds={}, say=_)
    check_sees(staff(), asked)
    with house().store.read() as db:
        unit = units.get(db, asked)
        people = members.of_units(db, [asked])
        own = terms.all_terms(db).labels(TermList.MEMBER_KIND, retired=True)
    # A kind the organisation named itself is said as it named it.
    kinds = {**member_kinds(), **{key: label for key, label in own.items() if MEMBER_KINDS.get(key) != label}}
    return paper_form(shown, unit, by_position(people), kinds=kinds, say=_)
