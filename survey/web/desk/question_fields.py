"""One question as it was typed into the editor: kept as it was for the next try, or read into values."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.domain.drafts import Work, add_scale, section_of
from survey.domain.elections import Election, Majority, Order, Pool
from survey.domain.questionnaires import MOST_CODE, MOST_NUMBER, Condition, Kind, Question, Questionnaire
from survey.domain.texts import line
from survey.web.desk.editor_fields import MOST, SEVERAL, SINGLE, kind_of, presets

Errors = dict[str, str]
PRESET = "preset:"
_SHAPES: Mapping[str, Kind] = {SINGLE: Kind.CHOICE, MOST: Kind.CHOICE, SEVERAL: Kind.CHOICE}


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """A question as it was typed. `candidates` one a line; `after` is the question it hangs on, `options` the answers."""

    text: str
    help: str
    kind: str
    required: bool
    scale: str
    candidates: str
    choose: str
    least: str
    low: str
    high: str
    after: str
    options: tuple[str, ...]
    seats: str = ""
    majority: str = ""
    order: str = ""
    pool: str = ""
    write_ins: str = ""

    def question(self, before: Question, scale: str, earlier: Sequence[Question]) -> tuple[Question, Errors]:
        """The question with what was typed, or a sentence for each field to change.

        What does not belong to its kind stays as it was: who tries another kind and comes back finds everything.
        """
        wrong: Errors = {}
        kind = _SHAPES.get(self.kind) or (Kind(self.kind) if self.kind in set(Kind) else before.kind)
        made = replace(before, kind=kind, text=self.text, help=self.help, required=self.required, show_if=self._condition(earlier))
        if kind in (Kind.RATING, Kind.CHOICE):
            made = replace(made, election=self._election(made.election, wrong))
        if kind is Kind.RATING:
            return replace(made, scale=scale), wrong
        if kind is Kind.CHOICE:
            return self._choice(made, wrong), wrong
        if kind.is_wide:
            read = _day if kind is Kind.DATE else _number
            return replace(made, low=read(self.low, "low", wrong), high=read(self.high, "high", wrong)), wrong
        return made, wrong

    def _choice(self, made: Question, wrong: Errors) -> Question:
        candidates = tuple(each for each in map(line, self.candidates.splitlines()) if each)
        if self.kind == SINGLE:
            return replace(made, candidates=candidates, choose=1, least=0)
        least = _count(self.least, "least", wrong)
        if self.kind == SEVERAL:
            # How many come from a pool is not known yet: then as many as there can be.
            made = replace(made, candidates=candidates, least=least or 0)
            return replace(made, choose=made.offered)
        choose = _count(self.choose, "choose", wrong)
        return replace(made, candidates=candidates, choose=2 if choose is None else choose, least=least or 0)

    def _election(self, before: Election, wrong: Errors) -> Election:
        return Election(
            seats=_count(self.seats, "seats", wrong) or 0,
            majority=Majority(self.majority) if self.majority in set(Majority) else before.majority,
            order=Order(self.order) if self.order in set(Order) else before.order,
            pool=Pool(self.pool) if self.pool in set(Pool) else before.pool,
            write_ins=_count(self.write_ins, "write_ins", wrong) or 0,
        )

    def _condition(self, earlier: Sequence[Question]) -> Condition | None:
        if self.after not in {each.key for each in earlier}:
            return None
        codes = (int(each) for each in self.options if each.isascii() and each.isdecimal() and len(each) < 4)
        return Condition(self.after, tuple(code for code in dict.fromkeys(codes) if code <= MOST_CODE))


def typed_question(form: MultiDict[str, str]) -> TypedQuestion:
    """The form as it was typed."""
    lines = form.get("candidates", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = form.get("kind", "")
    bounds = ("low_day", "high_day") if shown == Kind.DATE else ("low", "high")
    return TypedQuestion(
        text=line(form.get("text", "")),
        help=line(form.get("help", "")),
        kind=shown,
        required="required" in form,
        scale=form.get("scale", ""),
        candidates="\n".join(line(each) for each in lines),
        choose=line(form.get("choose", "")),
        least=line(form.get("least", "")),
        low=line(form.get(bounds[0], "")),
        high=line(form.get(bounds[1], "")),
        after=form.get("after", ""),
        options=tuple(form.getlist("option")),
        seats=line(form.get("seats", "")),
        majority=form.get("majority", ""),
        order=form.get("order", ""),
        pool=form.get("pool", ""),
        write_ins=line(form.get("write_ins", "")),
    )


def as_typed(question: Question) -> TypedQuestion:
    """A question as its form shows it."""
    condition = question.show_if
    show = _iso if question.kind is Kind.DATE else _plain
    return TypedQuestion(
        question.text, question.help, kind_of(question), question.required, question.scale, "\n".join(question.candidates),
        str(question.choose or ""), str(question.least or ""), show(question.low), show(question.high),
        condition.question if condition else "", tuple(map(str, condition.options)) if condition else (),
        str(question.election.seats or ""), question.election.majority.value, question.election.order.value,
        question.election.pool.value, str(question.election.write_ins or ""),
    )  # fmt: skip


def scale_for(work: Work, wanted: str) -> tuple[Work, str]:
    """The key of the scale that was chosen; a ready one is added to the form unless it is there already."""
    ready = presets().get(wanted.removeprefix(PRESET)) if wanted.startswith(PRESET) else None
    if ready is None:
        return work, wanted if wanted in {scale.key for scale in work.form.scales} else ""
    same = next((scale.key for scale in work.form.scales if replace(scale, key="") == ready), None)
    if same:
        return work, same
    added = add_scale(work, ready)
    return added, added.fresh


def asked_before(form: Questionnaire, part: str, key: str) -> tuple[Question, ...]:
    """The questions of a section on whose answers this one may hang."""
    found: list[Question] = []
    for question in section_of(form, part).questions:
        if question.key == key:
            break
        if question.kind in (Kind.RATING, Kind.CHOICE):
            found.append(question)
    return tuple(found)


def _count(typed: str, field: str, wrong: Errors) -> int | None:
    if not typed:
        return None
    if typed.isdecimal() and len(typed) < 4 and int(typed) <= MOST_CODE:
        return int(typed)
    wrong[field] = _("要填 0 到 %(most)s 的整数。", most=MOST_CODE)
    return None


def _number(typed: str, field: str, wrong: Errors) -> int | None:
    if not typed:
        return None
    plain = unicodedata.normalize("NFKC", typed).replace("\u2212", "-")
    digits = plain.removeprefix("-")
    if digits.isdecimal() and len(digits) < 11 and int(digits) <= MOST_NUMBER:
        return int(plain)
    wrong[field] = _("要填整数，不超过 %(most)s；空着就不限。", most=MOST_NUMBER)
    return None


def _day(typed: str, field: str, wrong: Errors) -> int | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed).toordinal()
    except ValueError:
        wrong[field] = _("要填日期，例如 2026-11-21；空着就不限。")
        return None


def _iso(bound: int | None) -> str:
    return date.fromordinal(bound).isoformat() if bound is not None else ""


def _plain(bound: int | None) -> str:
    return "" if bound is None else str(bound)
