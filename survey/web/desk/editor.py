"""The editor: one section of a questionnaire at a time, with its questions as rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from flask import Response, request
from flask_babel import gettext as _

from survey.actions.drafts import join
from survey.domain.advice import advice
from survey.domain.drafts import (
    Work,
    add_question,
    add_section,
    duplicate_question,
    duplicate_section,
    move_question,
    move_section,
    put_back,
    remove_question,
    remove_section,
    section_of,
    send_question,
)
from survey.domain.questionnaires import Audience, Questionnaire, Section
from survey.domain.refusals import BadField, NotFound, Stale
from survey.store.drafts import Draft
from survey.web.desk.editor_answers import View, opened, page, place_address, saved, seen, to_part
from survey.web.desk.editor_both import parted
from survey.web.desk.editor_fields import audiences, kind_of, kinds, new_question, presets
from survey.web.desk.editor_typed import Typed, marks, standing, typed_section, written
from survey.web.desk.questionnaire_advice import advice_sentence
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import sentence
from survey.web.limits import takes

# Two hundred questions of 500 characters, every byte of them as %E8.
_MOST_BODY = 2 * 1024 * 1024


@admits(Who.SECRETARY)
def show(draft_id: int) -> Response:
    """One section, the first when none is named; whoever may not change it sees what it is like."""
    view = opened(draft_id)
    if not view.can_edit:
        return page("shared", view)
    return _page(view, request.args.get("part", ""))


@admits(Who.SECRETARY)
@takes(_MOST_BODY)
def save(draft_id: int) -> Response:
    """Write what was typed into a section; then do what the button says."""
    view = opened(draft_id, edit=True)
    typed = typed_section()
    verb, _colon, key = request.form.get("do", "").partition(":")

    def step(draft: Draft, work: Work) -> Work:
        is_seen = draft.revision == seen()
        work = written(work, typed, is_seen=is_seen)
        # A button pressed twice: what the second one would do was done by the first.
        return work if not is_seen and draft.staff == staff().id else _pressed(work, typed.part, verb, key, is_seen=is_seen)

    try:
        draft, fresh = join(house(), draft_id, step, by=staff(), now=now())
    except Stale as both:
        return parted(draft_id, typed, cast(Sequence[str], both.facts["both"]))
    except BadField as fault:
        return _page(view, typed.part, typed=typed, wrong=sentence(fault).text)
    stands = standing(Work(draft.form, draft.deleted), typed.part, typed)
    also = any(stands.get(name) != value for name, value in typed.fields.items())
    return saved(draft, _next(draft, typed.part, verb, fresh or key), base=marks(typed.fields), also=also)


def blank() -> Questionnaire:
    """A form to begin with: a title, and the scale that is used most."""
    return Questionnaire("", _("新问卷"), (replace(presets()["four"], key="r1"),), ())


def _page(view: View, part: str, *, typed: Typed | None = None, wrong: str = "") -> Response:
    form = view.draft.form
    section = next((each for each in form.sections if each.key == part), form.sections[0] if form.sections else None)
    place = form.sections.index(section) if section else 0
    base = marks(standing(Work(form), section.key if section else ""))
    if section and typed:
        form, section = typed.shown(form, section)
        view, base = replace(view, draft=replace(view.draft, form=form)), request.form.get("base", "")
    advised = advice(view.draft.form, members=view.members)
    return page(
        "edit", view, advice=[(advice_sentence(each), place_address(view.draft.id, each) if each.section or each.scale else "") for each in advised], section=section, place=place, base=base, wrong=wrong, audiences=audiences(), kinds=kinds(), kind_of=kind_of,
        status=400 if wrong else 200,
    )


def _pressed(work: Work, part: str, verb: str, key: str, *, is_seen: bool) -> Work:
    try:
        return _act(work, part, verb, key)
    except NotFound:
        if is_seen:
            raise
        # What the button was about was taken out by another.
        return work


def _act(work: Work, part: str, verb: str, key: str) -> Work:
    match verb:
        case "up" | "down":
            return move_question(work, part, key, -1 if verb == "up" else 1)
        case "copy":
            return duplicate_question(work, part, key)
        case "remove":
            return remove_question(work, part, key)
        case "add":
            before = section_of(work.form, part).questions
            return add_question(work, part, new_question(request.form.get("kind", ""), work.form, before))
        case "undo":
            # The button says what it puts back: when that came back already, it has nothing to do.
            return put_back(work) if work.deleted and work.deleted[-1].key == key else work
        case "send":
            return send_question(work, part, key, request.form.get("to", part))
    return _act_on_parts(work, verb, key)


def _act_on_parts(work: Work, verb: str, key: str) -> Work:
    match verb:
        case "part-up" | "part-down":
            return move_section(work, key, -1 if verb == "part-up" else 1)
        case "part-copy":
            return duplicate_section(work, key)
        case "part-remove":
            return remove_section(work, key)
        case "part-add" if key in set(Audience):
            titles = {Audience.UNIT: _("评单位"), Audience.MEMBER: _("评党员"), Audience.GENERAL: _("意见建议")}
            return add_section(work, Section("", _unused(titles[Audience(key)], work.form), Audience(key), ()))
    return work


def _unused(title: str, form: Questionnaire) -> str:
    """The title, with a number when other sections are called so."""
    known = {each.title for each in form.sections}
    return next(each for each in (title, *(f"{title} {n}" for n in range(2, len(known) + 3))) if each not in known)


def _next(draft: Draft, part: str, verb: str, key: str) -> str:
    """Where to go on after a button: to what it was about."""
    if verb == "undo":
        home = next((each.key for each in draft.form.sections if key in {each.key, *(q.key for q in each.questions)}), part)
        return to_part(draft.id, home, _anchor(draft.form, home, key))
    if verb.startswith("part-"):
        return to_part(draft.id, "" if verb == "part-remove" else key)
    if verb == "send":
        part = request.form.get("to", part)
    return to_part(draft.id, part, _anchor(draft.form, part, key))


def _anchor(form: Questionnaire, part: str, key: str) -> str:
    """Where a question stands in its section, as its row is called."""
    section = next((each for each in form.sections if each.key == part), None)
    places = {question.key: place for place, question in enumerate(section.questions, 1)} if section else {}
    return f"q{places[key]}" if key in places else ""
