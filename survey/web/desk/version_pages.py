"""One finished version of a questionnaire: what it asks, and what differs from the version before or another one."""

from flask import Response, make_response, render_template, request

from survey.actions import drafts
from survey.store import drafts as kept
from survey.store.terms import all_terms
from survey.web.desk.fields import number as read_number
from survey.web.desk.questionnaire_differences import told
from survey.web.desk.questionnaire_words import answers, asked_when, whom
from survey.web.doors import Who, admits, house, staff
from survey.web.words import member_kinds, sectors


@admits(Who.SECRETARY)
def show(draft_id: int, number: int) -> Response:
    """The version, beside the one before it; `?with=` names another one to compare it with."""
    with house().store.read() as db:
        draft = drafts.look(db, draft_id, by=staff())
        form = kept.version(db, draft_id, number)
        numbers = [row.number for row in kept.versions(db, draft_id)]
        asked = read_number(request.args.get("with", ""))
        other = asked if asked in numbers and asked != number else number - 1
        before = kept.version(db, draft_id, other) if other in numbers else None
        terms = all_terms(db)
    fields, kinds = sectors(terms, retired=True), member_kinds(terms, retired=True)
    text = render_template(
        "desk/questionnaires/version.html",
        draft=draft,
        form=form,
        number=number,
        numbers=numbers,
        other=other if before else 0,
        changes=told(before, form, labels={**fields, **kinds}) if before else (),
        answers=answers,
        asked_when=asked_when,
        whom=whom,
        sectors=fields,
        kinds=kinds,
    )
    return make_response(text)
