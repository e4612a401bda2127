"""Questionnaires of one's own: the list, a new one, a copy, what is shared and what is put aside."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey.actions import drafts
from survey.actions.questionnaires import library
from survey.domain.questionnaires import Questionnaire
from survey.domain.refusals import BadField, NotFound, Refused
from survey.domain.texts import line
from survey.store import drafts as kept
from survey.store.meetings import MOST_ID
from survey.web.clocks import minute
from survey.web.desk import (
    editor,
    editor_questions,
    editor_scales,
    questionnaire_downloads,
    questionnaire_imports,
    version_pages,
    versions,
)
from survey.web.desk.editor_answers import to_part
from survey.web.desk.halls import refused
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import sentence
from survey.web.lists import asked_page, looked_for, pages
from survey.web.questionnaires import said

PAGE = 50
BLUEPRINT = Blueprint("desk_questionnaires", __name__, url_prefix="/desk/questionnaires")
BLUEPRINT.register_error_handler(Refused, refused)


@BLUEPRINT.url_value_preprocessor
def _check_ids(_endpoint: str | None, values: dict[str, object] | None) -> None:
    """A number no database key can have is a number of nothing."""
    if any(isinstance(number, int) and number > MOST_ID for number in (values or {}).values()):
        raise NotFound(what="draft")


@BLUEPRINT.get("")
@admits(Who.SECRETARY)
def index() -> Response:
    """One's own and the shared ones, fifty a page; those put aside on demand."""
    by = staff()
    words, page = looked_for(request.args), asked_page()
    shelved = request.args.get("shelved") == "1"
    with house().store.read() as db:
        asked = kept.Asked(by.unit, kept.above(db, by.unit), words, shelved)
        total = kept.number_listed(db, asked)
        rows = kept.listed(db, asked, most=PAGE, skip=PAGE * (page - 1))
        aside = kept.number_listed(db, kept.Asked(by.unit, shelved=True))
    text = render_template(
        "desk/questionnaires/index.html", rows=rows, total=total, page=page, pages=pages(total, PAGE), words=words,
        shelved=shelved, aside=aside, by=by, minute=minute,
    )  # fmt: skip
    return make_response(text)


@BLUEPRINT.get("/new")
@admits(Who.SECRETARY)
def new() -> Response:
    """What to begin with."""
    return _new("", "", "")


@BLUEPRINT.post("/new")
@admits(Who.SECRETARY)
def begin() -> Response:
    """An empty one, one of the library, or a copy; then straight to the editor."""
    title, source = line(request.form.get("title", "")), request.form.get("source", "")
    if not source:
        return _new(title, source, _("请选从哪一份开始，或者选“空白问卷”。"))
    try:
        form = _beginning(source)
        if title:
            form = Questionnaire(form.key, title, form.scales, form.sections, form.source, form.purpose)
        made = _begun(form)
    except BadField as fault:
        return _new(title, source, sentence(fault).text)
    return make_response(redirect(to_part(made), 303))


@BLUEPRINT.post("/<int:draft_id>/copy")
@admits(Who.SECRETARY)
def copy(draft_id: int) -> Response:
    """A draft of one's own like this one."""
    with house().store.read() as db:
        form = drafts.look(db, draft_id, by=staff()).form
    return make_response(redirect(to_part(_begun(form)), 303))


@BLUEPRINT.post("/<int:draft_id>/share")
@admits(Who.SECRETARY)
def share(draft_id: int) -> Response:
    """Lend it to the units below, or no longer."""
    drafts.share(house(), draft_id, request.form.get("on") == "1", by=staff(), now=now())
    return make_response(redirect(url_for("desk_questionnaires.versions", draft_id=draft_id), 303))


@BLUEPRINT.post("/<int:draft_id>/shelve")
@admits(Who.SECRETARY)
def shelve(draft_id: int) -> Response:
    """Put it aside, or take it up again."""
    drafts.shelve(house(), draft_id, request.form.get("on") == "1", by=staff(), now=now())
    return make_response(redirect(url_for("desk_questionnaires.versions", draft_id=draft_id), 303))


BLUEPRINT.add_url_rule("/<int:draft_id>", "edit", editor.show)
BLUEPRINT.add_url_rule("/<int:draft_id>", "save", editor.save, methods=["POST"])
BLUEPRINT.add_url_rule("/<int:draft_id>/question", "question", editor_questions.show)
BLUEPRINT.add_url_rule("/<int:draft_id>/question", "save_question", editor_questions.save, methods=["POST"])
BLUEPRINT.add_url_rule("/<int:draft_id>/scale", "scale", editor_scales.show)
BLUEPRINT.add_url_rule("/<int:draft_id>/scale", "save_scale", editor_scales.save, methods=["POST"])
BLUEPRINT.add_url_rule("/<int:draft_id>/preview", "preview", versions.preview)
BLUEPRINT.add_url_rule("/<int:draft_id>/finish", "ask_finish", versions.ask_finish)
BLUEPRINT.add_url_rule("/<int:draft_id>/finish", "finish", versions.finish, methods=["POST"])
BLUEPRINT.add_url_rule("/<int:draft_id>/versions", "versions", versions.versions)
BLUEPRINT.add_url_rule("/<int:draft_id>/versions/<int:number>", "version", version_pages.show)

BLUEPRINT.add_url_rule("/paste", "paste", questionnaire_imports.paste)
BLUEPRINT.add_url_rule("/paste", "read_text", questionnaire_imports.read_text, methods=["POST"])
BLUEPRINT.add_url_rule("/upload", "upload", questionnaire_imports.upload)
BLUEPRINT.add_url_rule("/upload", "read_file", questionnaire_imports.read_file, methods=["POST"])
BLUEPRINT.add_url_rule("/take", "take", questionnaire_imports.take, methods=["POST"])
BLUEPRINT.add_url_rule("/schema.json", "schema", questionnaire_imports.published)
BLUEPRINT.add_url_rule("/<int:draft_id>/files", "files", questionnaire_downloads.files)
BLUEPRINT.add_url_rule("/ready/<key>/files", "ready_files", questionnaire_downloads.ready_files)
for _kind in ("json", "xlsx", "pdf", "docx"):
    BLUEPRINT.add_url_rule(f"/<int:draft_id>/form.{_kind}", f"form_{_kind}", questionnaire_downloads.of_draft(_kind))
    BLUEPRINT.add_url_rule(f"/ready/<key>/form.{_kind}", f"ready_{_kind}", questionnaire_downloads.of_library(_kind))


def _begun(form: Questionnaire) -> int:
    return drafts.begin(house(), form, by=staff(), now=now())


def _new(title: str, source: str, wrong: str) -> Response:
    by = staff()
    with house().store.read() as db:
        rows = kept.listed(db, kept.Asked(by.unit, kept.above(db, by.unit)), most=PAGE)
    ready = [(f"library:{form.key}", said(form.title)) for form in library().values()]
    own = [(f"draft:{row.id}", row.title) for row in rows]
    text = render_template("desk/questionnaires/new.html", title=title, source=source, ready=ready, own=own, wrong=wrong)
    return make_response(text, 400 if wrong else 200)


def _beginning(source: str) -> Questionnaire:
    """The form that was chosen to begin with.

    Raises
    ------
    BadField
        There is no such form.
    """
    kind, _colon, name = source.partition(":")
    if source == "empty":
        return editor.blank()
    if kind == "library" and name in library():
        return library()[name]
    if kind == "draft" and name.isascii() and name.isdecimal() and len(name) < 10:
        try:
            with house().store.read() as db:
                return drafts.look(db, int(name), by=staff()).form
        except NotFound as gone:
            raise BadField(field="questionnaire", value="", why="unknown") from gone
    raise BadField(field="questionnaire", value="", why="unknown")
