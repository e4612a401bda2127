"""What two people changed in one section, each in another way: both texts beside each other, and which one is to stay."""

import json
from collections.abc import Sequence

from flask import Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _

from survey.domain.drafts import Work
from survey.domain.merging import GONE, mark
from survey.web.desk.editor_answers import View, opened, to_part
from survey.web.desk.editor_fields import audiences
from survey.web.desk.editor_typed import PICK, TEXT, Typed, standing
from survey.web.doors import staff
from survey.web.kept import wants_json

_OWN = ("csrf_token", "seen", "do", "base")


def parted(draft_id: int, typed: Typed, both: Sequence[str]) -> Response:
    """The fields both changed. What else was typed is written with them, once it is said which text stays."""
    if wants_json():
        return make_response(jsonify(stale=True), 409)
    view = opened(draft_id, edit=True)
    stands = standing(Work(view.draft.form, view.draft.deleted), typed.part, typed)
    rows = [(PICK + name, _name(name, typed), _told(name, typed.fields[name], view), _told(name, stands.get(name, ""), view)) for name in both]
    base = {**(typed.base or {}), **{name: mark(stands[name]) if name in stands else GONE for name in both}}
    asked = {*_OWN, *(name for name, *_told_both in rows)}
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in asked]
    text = render_template(
        "desk/questionnaires/both.html", view=view, rows=rows, kept=kept, base=json.dumps(base), address=to_part(draft_id, typed.part),
        is_own=view.draft.staff == staff().id,
    )  # fmt: skip
    return make_response(text, 409)


def _name(field: str, typed: Typed) -> str:
    if field.startswith(TEXT):
        return _("第 %(n)s 题", n=1 + list(typed.texts).index(field.removeprefix(TEXT)))
    names = {
        "title": _("问卷名称"), "heading": _("这一部分的标题"), "help": _("这一部分的说明"), "audience": _("评谁"), "only": _("只用于哪些"),
        "order": _("题目的次序"), "parts": _("各部分的次序"),
    }  # fmt: skip
    return names[field]


def _told(field: str, value: str, view: View) -> str:
    """A value in words."""
    form = view.draft.form
    if field == "audience":
        return audiences().get(value, value)
    words = {**view.sectors, **view.kinds} if field == "only" else {each.key: each.title for each in form.sections}
    if field == "order":
        words = {question.key: question.text for each in form.sections for question in each.questions}
    if field in ("only", "order", "parts"):
        return "\n".join(words.get(key, "") for key in value.split("\n") if words.get(key))
    return value
