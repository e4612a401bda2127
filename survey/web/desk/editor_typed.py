"""A section as it was typed into the editor, field by field: what of it is written, beside what others wrote meanwhile."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from flask import request

from survey.domain.drafts import (
    Work,
    bring_back,
    change_question,
    change_section,
    order_questions,
    order_sections,
    section_of,
)
from survey.domain.merging import mark, meet
from survey.domain.questionnaires import Audience, Question, Questionnaire, Section
from survey.domain.refusals import NotFound, Stale
from survey.domain.texts import line

TEXT = "text:"
PICK = "pick:"
_MOST_BASE = 100_000
_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the section `part`, the fields as plain text, and marks of what its page began with (None: not known)."""

    part: str
    fields: Mapping[str, str]
    base: Mapping[str, str] | None

    @property
    def texts(self) -> dict[str, str]:
        """What was typed of each question."""
        return {name.removeprefix(TEXT): value for name, value in self.fields.items() if name.startswith(TEXT)}

    def shown(self, form: Questionnaire, section: Section) -> tuple[Questionnaire, Section]:
        """A form and its section as they were typed, to stand on the page again."""
        questions = tuple(replace(each, text=self.texts.get(each.key, each.text)) for each in section.questions)
        return replace(form, title=self.fields.get("title", form.title)), replace(_section(section, self.fields), questions=questions)


def typed_section() -> Typed:
    """What the request brings, without what its sender chose to leave as it stands."""
    form, fields = request.form, {}
    for name in ("title", "heading", "help"):
        if name in form:
            fields[name] = line(form[name])
    if form.get("audience") in set(Audience):
        fields["audience"] = form["audience"]
        ticked = {line(each)[:20] for each in form.getlist("only")} if form["audience"] != Audience.GENERAL else set()
        fields["only"] = _BETWEEN.join(sorted(ticked))
    if "parts" in form:
        fields["parts"] = _BETWEEN.join(form.getlist("parts"))
    rows = dict(zip_longest(form.getlist("order"), map(line, form.getlist("text")), fillvalue=""))
    if rows:
        fields["order"] = _BETWEEN.join(rows)
    fields |= {TEXT + key: text for key, text in rows.items()}
    left = {name for name in fields if form.get(PICK + name) == "theirs"}
    return Typed(form.get("part", ""), {name: value for name, value in fields.items() if name not in left}, _base(form.get("base", "")))


def standing(work: Work, part: str, typed: Typed | None = None) -> dict[str, str]:
    """The same fields as they stand; a question that was sent to another section is found there."""
    form = work.form
    fields = {"title": line(form.title), "parts": _BETWEEN.join(each.key for each in form.sections)}
    section = next((each for each in form.sections if each.key == part), None)
    if section:
        fields |= {"heading": line(section.title), "help": line(section.help), "audience": section.audience.value}
        fields |= {"only": _BETWEEN.join(sorted(section.only)), "order": _BETWEEN.join(each.key for each in section.questions)}
        fields |= {TEXT + each.key: line(each.text) for each in section.questions}
    for key in typed.texts if typed else ():
        home = _home(work, part, key)
        if home:
            fields[TEXT + key] = line(home[1].text)
    return fields


def marks(fields: Mapping[str, str]) -> str:
    """The marks of some fields, as the page carries them."""
    return json.dumps({name: mark(value) for name, value in fields.items()})


def written(work: Work, typed: Typed, *, is_seen: bool) -> Work:
    """The form with what was typed. What only others changed stays theirs.

    Raises
    ------
    Stale
        Others changed the same fields in another way; facts: both, their names.
    """
    now = standing(work, typed.part, typed)
    base = typed.base
    if base is None:
        base = {name: mark(value) for name, value in now.items()} if is_seen else {}
    met = meet(base, typed.fields, now)
    if met.both:
        raise Stale(what="draft", both=met.both)
    try:
        return _applied(work, typed.part, met.taken)
    except NotFound as gone:
        raise Stale(what="draft", both=tuple(met.taken)) from gone


def _applied(work: Work, part: str, taken: Mapping[str, str]) -> Work:
    if "title" in taken:
        work = replace(work, form=replace(work.form, title=taken["title"]))
    if "parts" in taken:
        work = order_sections(work, taken["parts"].split(_BETWEEN))
    if not set(taken) - {"title", "parts"}:
        return work
    if part not in {each.key for each in work.form.sections}:
        work = bring_back(work, part)
    work = change_section(work, _section(section_of(work.form, part), taken))
    for name, text in taken.items():
        key = name.removeprefix(TEXT)
        if not name.startswith(TEXT):
            continue
        if _home(work, part, key) is None:
            work = bring_back(work, key, part=part)
        home, question = _home(work, part, key) or ("", None)
        if question:
            work = change_question(work, home, replace(question, text=text))
    return order_questions(work, part, taken["order"].split(_BETWEEN)) if "order" in taken else work


def _section(section: Section, fields: Mapping[str, str]) -> Section:
    audience = Audience(fields.get("audience", section.audience))
    only = tuple(filter(None, fields["only"].split(_BETWEEN))) if "only" in fields else section.only
    only = section.only if set(only) == set(section.only) else only
    return replace(
        section, title=fields.get("heading", section.title), help=fields.get("help", section.help), audience=audience,
        only=() if audience is Audience.GENERAL else only,
    )  # fmt: skip


def _home(work: Work, part: str, key: str) -> tuple[str, Question] | None:
    """The section a question of `part` stands in now, and itself: elsewhere only when it was not taken out."""
    here = [(each.key, question) for each in work.form.sections for question in each.questions if question.key == key]
    if any(section == part for section, _question in here):
        return next(found for found in here if found[0] == part)
    is_out = any((gone.key, gone.part) == (key, part) or gone.key == part for gone in work.deleted)
    return here[0] if here and not is_out else None


def _base(text: str) -> dict[str, str] | None:
    try:
        found = json.loads(text) if 0 < len(text) <= _MOST_BASE else None
    except (ValueError, RecursionError):
        return None
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else None
