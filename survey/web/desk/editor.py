"""The editor: one section of a questionnaire at a time, with its questions as rows."""

from dataclasses import dataclass, replace
from itertools import zip_longest

from flask import Response, request
from flask_babel import gettext as _

from survey.domain.advice import advice
from survey.domain.drafts import (
    Work,
    add_question,
    add_section,
    change_question,
    change_section,
    duplicate_question,
    duplicate_section,
    move_question,
    move_section,
    order_questions,
    put_back,
    question_of,
    remove_question,
    remove_section,
    section_of,
)
from survey.domain.questionnaires import Audience, Question, Questionnaire, Section
from survey.domain.refusals import BadField, Stale
from survey.domain.texts import line
from survey.store.drafts import Draft
from survey.web.desk.editor_answers import (
    Compared,
    View,
    change,
    opened,
    overtaken,
    page,
    place_address,
    saved,
    to_part,
)
from survey.web.desk.editor_fields import audiences, kind_of, kinds, new_question, presets
from survey.web.desk.questionnaire_advice import advice_sentence
from survey.web.doors import Who, admits
from survey.web.errors import sentence
from survey.web.limits import takes

# Two hundred questions of 500 characters, every byte of them as %E8.
_MOST_BODY = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Typed:
    """A section as it was typed: the name of the form, what the section is called and whom it is for, and its rows."""

    title: str
    part: str
    heading: str
    help: str
    audience: Audience | None
    only: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]

    def section(self, before: Section) -> Section:
        """The section with what was typed about it."""
        if self.audience is None:
            return before
        only = self.only if self.audience is not Audience.GENERAL else ()
        return replace(before, title=self.heading, help=self.help, audience=self.audience, only=only)


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
    typed = _typed(view.draft.form)
    verb, _colon, key = request.form.get("do", "").partition(":")
    try:
        draft, fresh = change(draft_id, lambda work: _act(_written(work, typed), typed, verb, key))
    except Stale:
        return overtaken(draft_id, lambda now: _compared(now, typed), to_part(draft_id, typed.part))
    except BadField as fault:
        return _page(view, typed.part, typed=typed, wrong=sentence(fault).text)
    return saved(draft, _next(draft, typed.part, verb, fresh or key))


def blank() -> Questionnaire:
    """A form to begin with: a title, and the scale that is used most."""
    return Questionnaire("", _("新问卷"), (replace(presets()["four"], key="r1"),), ())


def _page(view: View, part: str, *, typed: Typed | None = None, wrong: str = "") -> Response:
    form = view.draft.form
    section = next((each for each in form.sections if each.key == part), form.sections[0] if form.sections else None)
    place = form.sections.index(section) if section else 0
    if section and typed:
        texts = dict(typed.rows)
        questions = tuple(replace(each, text=texts.get(each.key, each.text)) for each in section.questions)
        section = replace(typed.section(section), questions=questions)
        view = replace(view, draft=replace(view.draft, form=replace(form, title=typed.title)))
    advised = advice(view.draft.form, members=view.members)
    return page(
        "edit", view, advice=[(advice_sentence(each), place_address(view.draft.id, each) if each.section or each.scale else "") for each in advised], section=section, place=place, wrong=wrong, audiences=audiences(), kinds=kinds(), kind_of=kind_of,
        status=400 if wrong else 200,
    )


def _typed(form: Questionnaire) -> Typed:
    fields = request.form
    audience = fields.get("audience", "")
    rows = zip_longest(fields.getlist("order"), map(line, fields.getlist("text")), fillvalue="")
    return Typed(
        line(fields.get("title", form.title)),
        fields.get("part", ""),
        line(fields.get("heading", "")),
        line(fields.get("help", "")),
        Audience(audience) if audience in set(Audience) else None,
        tuple(dict.fromkeys(line(each)[:20] for each in fields.getlist("only"))),
        tuple(rows),
    )


def _written(work: Work, typed: Typed) -> Work:
    work = replace(work, form=replace(work.form, title=typed.title))
    if not typed.part and not work.form.sections:
        return work
    section = section_of(work.form, typed.part)
    work = change_section(work, typed.section(section))
    texts = {key: text for key, text in typed.rows if key in {each.key for each in section.questions}}
    for key, text in texts.items():
        question = question_of(work.form, typed.part, key)
        if question.text != text:
            work = change_question(work, typed.part, replace(question, text=text))
    return order_questions(work, typed.part, tuple(texts)) if texts else work


def _act(work: Work, typed: Typed, verb: str, key: str) -> Work:
    part = typed.part
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
            return put_back(work) if work.deleted else work
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
            return add_section(work, Section("", titles[Audience(key)], Audience(key), ()))
    return work


def _next(draft: Draft, part: str, verb: str, key: str) -> str:
    """Where to go on after a button: to what it was about."""
    if verb == "undo":
        home = next((each.key for each in draft.form.sections if key in {each.key, *(q.key for q in each.questions)}), part)
        return to_part(draft.id, home, _anchor(draft.form, home, key))
    if verb.startswith("part-"):
        return to_part(draft.id, "" if verb == "part-remove" else key)
    return to_part(draft.id, part, _anchor(draft.form, part, key))


def _anchor(form: Questionnaire, part: str, key: str) -> str:
    """Where a question stands in its section, as its row is called."""
    section = next((each for each in form.sections if each.key == part), None)
    places = {question.key: place for place, question in enumerate(section.questions, 1)} if section else {}
    return f"q{places[key]}" if key in places else ""


def _compared(view: View, typed: Typed) -> Compared:
    form = view.draft.form
    rows = [(_("问卷名称"), typed.title, form.title)]
    section = next((each for each in form.sections if each.key == typed.part), None)
    rows.append((_("这一部分的标题"), typed.heading, section.title if section else ""))
    rows.append((_("这一部分的说明"), typed.help, section.help if section else ""))
    now: dict[str, Question] = {each.key: each for each in section.questions} if section else {}
    for number, (key, text) in enumerate(typed.rows, 1):
        rows.append((_("第 %(n)s 题", n=number), text, now[key].text if key in now else ""))
    return rows
