"""Questionnaires brought along: pasted text or a file, looked at with an account of every row, taken as a draft."""

from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request
from flask_babel import gettext as _

from survey.actions import drafts
from survey.domain.pasted import LONGEST, read_pasted
from survey.domain.questionnaire_checks import faults
from survey.domain.readings import BadForm, Fate, Reading
from survey.office.files import BadFile
from survey.office.questionnaire_files import read_json, schema, write_json
from survey.office.xlsform import read_xlsform
from survey.web.desk.editor_answers import to_part
from survey.web.desk.questionnaire_accounts import fates, kind_names, note_sentence, place, refusal
from survey.web.desk.questionnaire_faults import fault_sentence
from survey.web.doors import Who, admits, house, now, staff
from survey.web.limits import takes

# More than may be read, so that what is too much is told so on its own page.
MOST_UPLOAD = 16 << 20
MOST_FILE = 10 << 20
MOST_TEXT = 4 << 20
# What a page lists of the rows: it must open on an old phone whatever was brought.
SHOWN = 300
_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Brought:
    """What the page shows: the reading, the form as it will be taken, the text it came from."""

    reading: Reading
    form: str
    text: str = ""
    file: str = ""

    @property
    def questions(self) -> int:
        """How many questions were read."""
        return sum(len(section.questions) for section in self.reading.form.sections)


@admits(Who.SECRETARY)
def paste() -> Response:
    """A place to paste the text of a questionnaire."""
    return _page("paste", "", [])


@takes(MOST_TEXT)
@admits(Who.SECRETARY)
def read_text() -> Response:
    """What the text would become; the text stays to be mended."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    if not text.strip():
        return _page("paste", text, refusal(BadForm("no_text")))
    if len(text) > LONGEST:
        return _page("paste", text, refusal(BadForm("long_text", most=LONGEST)))
    reading = read_pasted(text, title=_("粘贴的问卷"))
    return _preview(reading, text=text)


@admits(Who.SECRETARY)
def upload() -> Response:
    """Choose a file."""
    return _page("upload", "", [])


@takes(MOST_UPLOAD)
@admits(Who.SECRETARY)
def read_file() -> Response:
    """What the file would become."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page("upload", "", refusal(BadForm("no_file")))
    data = file.read()
    try:
        if len(data) > MOST_FILE:
            raise BadForm("too_large", most=MOST_FILE >> 20)
        if data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in (b"{", b"["):
            reading = read_json(data)
        else:
            reading = read_xlsform(data, file.filename, title=_("表格里的问卷"))
    except (BadForm, BadFile) as fault:
        return _page("upload", "", refusal(fault))
    return _preview(reading, file=file.filename[:100])


@takes(MOST_TEXT)
@admits(Who.SECRETARY)
def take() -> Response:
    """The form that was looked at becomes a draft; then straight to the editor."""
    try:
        reading = read_json(request.form.get("form", "").encode("utf-8", "replace"))
    except BadForm as fault:
        return _page("upload", "", refusal(fault))
    made = drafts.begin(house(), reading.form, by=staff(), now=now())
    return make_response(redirect(to_part(made), 303))


@admits(Who.ANYONE)
def published() -> Response:
    """The JSON Schema of a questionnaire file, for everybody who writes one."""
    response = make_response(schema())
    response.content_type = "application/schema+json"
    return response


def _page(name: str, text: str, wrong: list[str]) -> Response:
    page = render_template(f"desk/questionnaires/{name}.html", text=text, wrong=wrong, most=LONGEST)
    return make_response(page, 400 if wrong else 200)


def _preview(reading: Reading, *, text: str = "", file: str = "") -> Response:
    brought = Brought(reading, write_json(reading.form).decode(), text, file)
    changed = [note for note in reading.notes if note.fate is not Fate.TAKEN]
    said = dict.fromkeys(fault_sentence(fault, reading.form) for fault in faults(reading.form))
    page = render_template(
        "desk/questionnaires/brought.html",
        brought=brought,
        form=reading.form,
        changed=changed,
        counts={fate: len(reading.of(fate)) for fate in Fate},
        faults=list(said)[:_FAULTS],
        more=max(0, len(said) - _FAULTS),
        nothing=refusal(BadForm("nothing")),
        shown=SHOWN,
        kinds=kind_names(),
        fates=fates(),
        sentence=note_sentence,
        place=place,
    )
    return make_response(page)
