"""Finished versions of a questionnaire: what keeps it from being finished, the versions there are, and the preview."""

from collections.abc import Mapping

from flask import Response, current_app, make_response, redirect, request, url_for
from flask_babel import gettext as _

from survey.actions import drafts
from survey.domain.drafts import fitting
from survey.domain.previews import Invented, preview_paper
from survey.domain.questionnaire_checks import faults
from survey.domain.questionnaires import Questionnaire
from survey.domain.refusals import Stale, Unfinished
from survey.store import drafts as kept
from survey.web.clocks import minute
from survey.web.desk.editor_answers import View, opened, page, place_address, seen
from survey.web.desk.questionnaire_faults import fault_sentence
from survey.web.doors import Who, admits, house, now, staff


@admits(Who.SECRETARY)
def ask_finish(draft_id: int) -> Response:
    """Every fault with a way to its place; when there is none, the button."""
    return _ask(opened(draft_id, edit=True))


@admits(Who.SECRETARY)
def finish(draft_id: int) -> Response:
    """Freeze it as the next version."""
    try:
        drafts.finish(house(), draft_id, seen=seen(), by=staff(), now=now())
    except Unfinished:
        return _ask(opened(draft_id, edit=True), status=409)
    except Stale:
        view = opened(draft_id, edit=True)
        if not view.draft.is_changed:
            # Pressed twice: it is done.
            return make_response(redirect(_address(draft_id), 303))
        return _ask(view, status=409, is_stale=True)
    return make_response(redirect(_address(draft_id), 303))


@admits(Who.SECRETARY)
def versions(draft_id: int) -> Response:
    """What was finished when, how often it is used, and what else can be done with the questionnaire."""
    view = opened(draft_id)
    with house().store.read() as db:
        rows = kept.versions(db, draft_id)
    return page("versions", view, rows=rows, minute=minute, framed=False)


@admits(Who.SECRETARY)
def preview(draft_id: int) -> Response:
    """The booth's own page of what is asked, about people who are invented; nothing of it is kept, nothing is sent."""
    view = opened(draft_id)
    return on_a_phone(view.draft.form, view.kinds, view.sectors)


def on_a_phone(form: Questionnaire, kinds: Mapping[str, str], sectors: Mapping[str, str]) -> Response:
    """The booth's page of any form; `kinds` and `sectors` are labels."""
    people = _("张三 李四 王五 赵六 孙七 周八").split()
    invented = Invented(_("示例党支部"), people, _("（还没有写）"), kinds, sectors)
    lend = current_app.extensions["booth_preview"]
    response: Response = lend(preview_paper(form, invented), request.args.get("part", ""))
    return response


def _ask(view: View, *, status: int = 200, is_stale: bool = False) -> Response:
    form = fitting(view.draft.form)
    said: dict[str, str] = {}
    for fault in faults(form):
        said.setdefault(fault_sentence(fault, form), place_address(view.draft.id, fault))
    return page("finish", view, said=list(said.items()), is_stale=is_stale, status=status, framed=False)


def _address(draft_id: int) -> str:
    return url_for("desk_questionnaires.versions", draft_id=draft_id)
