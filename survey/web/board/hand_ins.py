"""One file of a counted meeting, to hand in where the laptop of the hall has no network."""

import hashlib
import json

from flask import Response, render_template
from flask_babel import gettext as _

from survey.domain.hand_ins import parts
from survey.domain.papers import read_paper
from survey.office.hand_ins import packed
from survey.store import journal, meetings
from survey.web.board.face import counted
from survey.web.board.files import download
from survey.web.board.results import Found, Result
from survey.web.doors import Who, admits, house


@admits(Who.STAFF)
def page(meeting_id: int) -> str:
    """What is in the file, and its digest to be noted elsewhere."""
    here, result = counted(meeting_id)
    digest = hashlib.sha256(_file(here, result)).hexdigest()
    return render_template("board/meetings/handin.html", here=here, result=result, digest=digest)


@admits(Who.STAFF)
def file(meeting_id: int) -> Response:
    """The file, the same bytes each time."""
    here, result = counted(meeting_id)
    return download(_file(here, result), here, kind="zip", mimetype="application/zip", what=_("上交文件"))


def _file(here: Found, result: Result) -> bytes:
    meeting = here.meeting
    with house().store.read() as db:
        bodies = meetings.papers(db, meeting.id)
        head = journal.head(db, meeting.id)
    names = {group.id: group.name for group in meeting.groups}
    papers = {names[group]: body for group, body in bodies.items()}
    facts = {
        "unit": here.unit.name,
        "code": here.unit.code,
        "title": meeting.title,
        "held_on": meeting.held_on.isoformat(),
        "place": meeting.place,
        "round": result.round.name,
        "period": result.round.period,
        "questionnaire": read_paper(next(iter(bodies.values()))).questionnaire,
        "scheme": result.round.scheme.as_json(),
        "journal": head.hex(),
        # As it was called at the count, whatever it is called today.
        **json.loads(result.seal).get("of", {}),
    }
    return packed(parts(result.seal, papers, facts))
