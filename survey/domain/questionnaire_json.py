"""Questionnaires as plain JSON values and back. What is at its default is left out: papers frozen before a field was
invented keep their digest."""

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Any

from survey.domain.elections import election_json, read_election
from survey.domain.questionnaire_checks import faults
from survey.domain.questionnaires import (
    Audience,
    Condition,
    Kind,
    Option,
    Question,
    Questionnaire,
    Role,
    Scale,
    Section,
)
from survey.domain.refusals import BadField


def as_json(form: Questionnaire) -> dict[str, Any]:
    """A questionnaire as plain JSON values; `questionnaire` reads it back."""
    plain = {
        "key": form.key,
        "title": form.title,
        "source": form.source,
        "scales": [scale_json(scale) for scale in form.scales],
        "sections": [section_json(section) for section in form.sections],
    }
    return plain | _set(purpose=form.purpose)


def scale_json(scale: Scale) -> dict[str, Any]:
    """A scale as plain JSON values."""
    options = [{"code": o.code, "label": o.label, "role": o.role.value, "points": o.points} for o in scale.options]
    return {"key": scale.key, "label": scale.label, "options": options}


def section_json(section: Section) -> dict[str, Any]:
    """A section as plain JSON values."""
    plain = {
        "key": section.key,
        "title": section.title,
        "audience": section.audience.value,
        "only": list(section.only),
        "questions": [question_json(question) for question in section.questions],
    }
    return plain | _set(help=section.help)


def question_json(question: Question) -> dict[str, Any]:
    """A question as plain JSON values; the bounds of a date as ISO days."""
    plain = {
        "key": question.key,
        "kind": question.kind.value,
        "text": question.text,
        "scale": question.scale,
        "required": question.required,
        "candidates": list(question.candidates),
        "choose": question.choose,
    }
    condition = question.show_if
    shown = {"question": condition.question, "options": list(condition.options)} if condition else None
    bounds = {"low": _bound(question, question.low), "high": _bound(question, question.high)}
    election = election_json(question.election)
    return plain | _set(least=question.least, help=question.help, show_if=shown, election=election, **bounds)


def questionnaire(data: Mapping[str, Any]) -> Questionnaire:
    """Read a questionnaire from JSON values and check that it hangs together.

    Raises
    ------
    BadField
        Names the place: a key twice, a code out of range, a scale that is not there, K larger than N.
    """
    form = read(data)
    for fault in faults(form):
        raise BadField(field="questionnaire", value=form.title, why=fault.why, fault=fault)
    return form


def read(data: Mapping[str, Any]) -> Questionnaire:
    """Read a questionnaire that may be unfinished: its shape is right, and `faults` tells the rest.

    Raises
    ------
    BadField
        These values are not shaped like a questionnaire.
    """
    try:
        scales = tuple(read_scale(each) for each in data["scales"])
        sections = tuple(read_section(each) for each in data["sections"])
        source, purpose = _text(data.get("source", "")), _text(data.get("purpose", ""))
        return Questionnaire(_text(data["key"]), _text(data["title"]), scales, sections, source, purpose)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as fault:
        raise BadField(field="questionnaire", value="", why="shape", fault=str(fault)) from fault


def read_scale(data: Mapping[str, Any]) -> Scale:
    """Read one scale from JSON values."""
    options = tuple(
        Option(_whole(o["code"]), _text(o["label"]), Role(o["role"]), _points(o.get("points"))) for o in data["options"]
    )
    return Scale(_text(data["key"]), _text(data["label"]), options)


def read_section(data: Mapping[str, Any]) -> Section:
    """Read one section from JSON values."""
    return Section(
        key=_text(data["key"]),
        title=_text(data["title"]),
        audience=Audience(data["audience"]),
        questions=tuple(read_question(each) for each in data["questions"]),
        only=_texts(data.get("only", ())),
        help=_text(data.get("help", "")),
    )


def read_question(data: Mapping[str, Any]) -> Question:
    """Read one question from JSON values."""
    kind = Kind(data["kind"])
    shown = data.get("show_if")
    return Question(
        key=_text(data["key"]),
        kind=kind,
        text=_text(data["text"]),
        scale=_text(data.get("scale", "")),
        required=bool(data.get("required", False)),
        candidates=_texts(data.get("candidates", ())),
        choose=_whole(data.get("choose", 0)),
        least=_whole(data.get("least", 0)),
        low=_read_bound(kind, data.get("low")),
        high=_read_bound(kind, data.get("high")),
        help=_text(data.get("help", "")),
        show_if=Condition(_text(shown["question"]), tuple(map(_whole, shown["options"]))) if shown else None,
        election=read_election(data.get("election", {})),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError(f"{values!r} is no list")
    return tuple(map(_text, values))


def _whole(value: Any) -> int:
    # In Python True is a number; in JSON it is none.
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _points(value: Any) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value)):
        raise TypeError(f"{value!r} are no points")
    return value


def _set(**values: Any) -> dict[str, Any]:
    """Fields that are not at their default."""
    return {name: value for name, value in values.items() if value or (value == 0 and name in ("low", "high"))}


def _bound(question: Question, value: int | None) -> int | str | None:
    return date.fromordinal(value).isoformat() if question.kind is Kind.DATE and value is not None else value


def _read_bound(kind: Kind, value: int | str | None) -> int | None:
    if value is None:
        return None
    return date.fromisoformat(_text(value)).toordinal() if kind is Kind.DATE else _whole(value)
