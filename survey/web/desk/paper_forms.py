"""Forms to be filled in with a pen: printed while the meeting is open, each with its own code and a strip to tear off."""

from flask import Response, request
from flask_babel import gettext as _

from survey.actions import keyings, slips
from survey.domain.meetings import Entry, Group, Stage
from survey.domain.papers import read_paper
from survey.domain.refusals import NotFound, TooMany
from survey.domain.slips import Way
from survey.office.paper_forms import FormSheet, forms_pdf
from survey.office.paper_parts import frozen_form
from survey.office.slips import bare_host
from survey.store import meetings
from survey.web.desk.fields import number
from survey.web.desk.halls import Hall, Tried, at, found, group_of, pdf, section, show
from survey.web.desk.slips import all_taken
from survey.web.doors import Who, admits, config, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.questionnaires import in_words

BLUEPRINT = section("desk_paper_forms")
# One document takes two seconds for so many.
MOST_FORMS = 500


@BLUEPRINT.post("/<int:meeting_id>/forms")
@admits(Who.SECRETARY)
def print_forms(meeting_id: int) -> Response:
    """Make forms for one group and answer with the document: their codes are only in it."""
    hall = found(meeting_id)
    if hall.meeting.is_survey:
        raise NotFound(what="form")
    group = group_of(at(hall, Stage.OPEN), request.form.get("group", ""))
    typed = request.form.get("n", "")
    n = number(typed, most=MOST_FORMS)
    if n:
        try:
            return _print(hall, group, n)
        except TooMany as refused:
            # How many a group took off the screen is nearly how many it cast: the room left is not told.
            said = sentence(refused) if hall.meeting.entry is Entry.SLIPS else all_taken()
    else:
        said = Sentence(400, _("张数要改一改"), _("一次最多打印 %(most)s 张，请填 1 到 %(most)s 的整数。", most=MOST_FORMS))
    text = _("%(title)s：%(text)s", title=said.title, text=said.text)
    return show(meeting_id, tried=Tried(group.id, typed, text, forms=True), status=said.status)


def _print(hall: Hall, group: Group, n: int) -> Response:
    with house().store.read() as db:
        paper = in_words(read_paper(meetings.papers(db, hall.meeting.id)[group.id]))
    made = slips.issue(house(), hall.meeting.id, group.id, n=n, way=Way.PAPER, by=staff(), now=now())
    sheet = FormSheet(
        frozen_form(paper, _),
        group.name,
        tuple((code, keyings.tracker(house(), code)) for code in made),
        f"{bare_host(config().url)}/t/{hall.meeting.door}",
    )
    return pdf(forms_pdf(sheet, say=_), _("纸质评议表 %(title)s %(group)s", title=hall.meeting.title, group=group.name))
