"""The editor: one question with all that belongs to it."""

from dataclasses import replace

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _

from survey.domain.drafts import (
    Work,
    change_question,
    duplicate_question,
    move_question,
    question_of,
    remove_question,
    section_of,
    send_question,
)
from survey.domain.questionnaires import Kind, Question, Section
from survey.domain.refusals import BadField, NotFound, Stale
from survey.web.desk.editor_answers import Compared, View, change, opened, overtaken, page, saved, to_part
from survey.web.desk.editor_fields import kind_of, kinds, presets
from survey.web.desk.question_fields import Errors, TypedQuestion, as_typed, asked_before, scale_for, typed_question
from survey.web.doors import Who, admits
from survey.web.elections import majorities, orders, pools
from survey.web.errors import sentence
from survey.web.limits import takes

_MOST_BODY = 1024 * 1024


@admits(Who.SECRETARY)
def show(draft_id: int) -> Response:
    """One question; without a name in the address the first there is."""
    view = opened(draft_id, edit=True)
    part, key = request.args.get("part", ""), request.args.get("q", "")
    if not part and not key:
        first = next(((s.key, s.questions[0].key) for s in view.draft.form.sections if s.questions), None)
        if first is None:
            return redirect(to_part(draft_id), 303)  # type: ignore[return-value]
        part, key = first
    question = question_of(view.draft.form, part, key)
    return _page(view, part, question, as_typed(question), {})


@admits(Who.SECRETARY)
@takes(_MOST_BODY)
def save(draft_id: int) -> Response:
    """Write what was typed about a question; then do what the button says."""
    view = opened(draft_id, edit=True)
    part, key = request.form.get("part", ""), request.form.get("q", "")
    typed, here = typed_question(request.form), _address(draft_id, part, key)
    before = next((q for s in view.draft.form.sections if s.key == part for q in s.questions if q.key == key), None)
    wrong: Errors = {}

    def edit(work: Work) -> Work:
        work, scale = scale_for(work, typed.scale)
        question, found = typed.question(question_of(work.form, part, key), scale, asked_before(work.form, part, key))
        wrong.update(found)
        return change_question(work, part, question) if not found else work

    try:
        draft, fresh = change(draft_id, lambda work: _act(edit(work), part, key) if not wrong else work)
    except Stale:
        return overtaken(draft_id, lambda now: _compared(now, part, key, typed), here)
    except BadField as fault:
        wrong["text"] = sentence(fault).text
    if before is None:
        raise NotFound(what="question")
    if wrong:
        return _page(view, part, before, typed, wrong)
    return saved(draft, _next(draft_id, part, key, fresh, places=_order(draft.form.sections, part)))


def _act(work: Work, part: str, key: str) -> Work:
    verb = request.form.get("do", "")
    match verb:
        case "up" | "down":
            return move_question(work, part, key, -1 if verb == "up" else 1)
        case "copy":
            return duplicate_question(work, part, key)
        case "remove":
            return remove_question(work, part, key)
        case "send":
            return send_question(work, part, key, request.form.get("to", part))
    return work


def _next(draft_id: int, part: str, key: str, fresh: str, *, places: list[str]) -> str:
    verb = request.form.get("do", "")
    if verb == "copy":
        return _address(draft_id, part, fresh)
    if verb == "send" and fresh:
        return _address(draft_id, request.form.get("to", part), fresh)
    if verb == "remove":
        return to_part(draft_id, part)
    if verb == "following" and key in places and places.index(key) + 1 < len(places):
        return _address(draft_id, part, places[places.index(key) + 1])
    if verb in ("back", "following"):
        return to_part(draft_id, part, f"q{places.index(key) + 1}" if key in places else "")
    return _address(draft_id, part, key)


def _page(view: View, part: str, question: Question, typed: TypedQuestion, wrong: Errors) -> Response:
    section = section_of(view.draft.form, part)
    earlier = asked_before(view.draft.form, part, question.key)
    hung = next((each for each in earlier if each.key == typed.after), None)
    place = [each.key for each in section.questions].index(question.key)
    return page(
        "question", view, section=section, place=place, question=question, typed=typed, wrong=wrong, kinds=kinds(),
        presets=presets(), majorities=majorities(), orders=orders(), pools=pools(), earlier=earlier, answers=_answers(view, hung), was=kind_of(question), status=400 if wrong else 200,
    )  # fmt: skip


def _answers(view: View, question: Question | None) -> list[tuple[str, str]]:
    """The answers of the question on which another one hangs."""
    if question is None:
        return []
    if question.kind is Kind.RATING:
        scale = next((each for each in view.draft.form.scales if each.key == question.scale), None)
        return [(str(option.code), option.label) for option in scale.options] if scale else []
    return [(str(place), candidate) for place, candidate in enumerate(question.candidates)]


def _order(sections: tuple[Section, ...], part: str) -> list[str]:
    return [question.key for section in sections if section.key == part for question in section.questions]


def _address(draft_id: int, part: str, key: str) -> str:
    return url_for("desk_questionnaires.question", draft_id=draft_id, part=part, q=key)


def _compared(view: View, part: str, key: str, typed: TypedQuestion) -> Compared:
    """What was typed about a question beside what stands there now."""
    section = next((each for each in view.draft.form.sections if each.key == part), None)
    now = next((each for each in section.questions if each.key == key), None) if section else None
    stands = as_typed(now) if now else replace(typed, text="", help="", candidates="")
    names = kinds()
    return [
        (_("题目"), typed.text, stands.text),
        (_("题目下面的说明"), typed.help, stands.help),
        (_("题型"), names.get(typed.kind, ""), names.get(stands.kind, "")),
        (_("选项"), typed.candidates, stands.candidates),
        (_("最多选几个"), typed.choose, stands.choose),
        (_("应选几名"), typed.seats, stands.seats),
        (_("怎样当选"), majorities().get(typed.majority, ""), majorities().get(stands.majority, "")),
        (_("候选人从哪里来"), pools().get(typed.pool, ""), pools().get(stands.pool, "")),
        (_("候选人的次序"), orders().get(typed.order, ""), orders().get(stands.order, "")),
        (_("可以另写几个姓名"), typed.write_ins, stands.write_ins),
        (_("最小"), typed.low, stands.low),
        (_("最大"), typed.high, stands.high),
    ]
