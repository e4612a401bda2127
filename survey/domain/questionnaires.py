"""Questionnaires: scales, questions and sections, and whom each section is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from survey.domain.refusals import BadField, NoSection

MOST_CODE = 250
BLANK = 255


class Role(StrEnum):
    """What an option means for the rates."""

    SATISFIED = "satisfied"
    BASIC = "basic"
    UNSATISFIED = "unsatisfied"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a question asks for."""

    RATING = "rating"
    SCORE = "score"
    CHOICE = "choice"
    OPINION = "opinion"


class Audience(StrEnum):
    """What a section is about."""

    UNIT = "unit"
    MEMBER = "member"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a scale. `code` is what a ballot holds (0–250); points are None where there are none."""

    code: int
    label: str
    role: Role
    points: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """An ordered set of answers, best first."""

    key: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `scale` for ratings, `candidates` and `choose` (K of N) for choices."""

    key: str
    kind: Kind
    text: str
    scale: str = ""
    required: bool = False
    candidates: tuple[str, ...] = ()
    choose: int = 0

    @property
    def columns(self) -> int:
        """Bytes this question takes in a ballot: choose-K has one per candidate, an opinion none."""
        return {Kind.OPINION: 0, Kind.CHOICE: len(self.candidates)}.get(self.kind, 1)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions for one kind of target. `only` names sectors (unit) or member kinds (member); empty means all."""

    key: str
    title: str
    audience: Audience
    questions: tuple[Question, ...]
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A whole form with its scales."""

    key: str
    title: str
    scales: tuple[Scale, ...]
    sections: tuple[Section, ...]
    source: str = field(default="")

    def scale(self, key: str) -> Scale:
        """The scale called `key`; a KeyError is a fault of ours, since `questionnaire` has checked."""
        return {scale.key: scale for scale in self.scales}[key]

    def section_for(self, audience: Audience, kind: str, *, target: str) -> Section:
        """The first section that fits a target of this audience and sector or member kind.

        Raises
        ------
        NoSection
            None fits; names the target.
        """
        for section in self.sections:
            if section.audience is audience and (not section.only or kind in section.only):
                return section
        raise NoSection(target=target)


def as_json(thing: Questionnaire) -> dict[str, Any]:
    """A questionnaire as plain JSON values; `questionnaire` reads it back."""
    return {
        "key": thing.key,
        "title": thing.title,
        "source": thing.source,
        "scales": [scale_json(scale) for scale in thing.scales],
        "sections": [section_json(section) for section in thing.sections],
    }


def scale_json(scale: Scale) -> dict[str, Any]:
    """A scale as plain JSON values."""
    options = [{"code": o.code, "label": o.label, "role": o.role.value, "points": o.points} for o in scale.options]
    return {"key": scale.key, "label": scale.label, "options": options}


def section_json(section: Section) -> dict[str, Any]:
    """A section as plain JSON values."""
    return {
        "key": section.key,
        "title": section.title,
        "audience": section.audience.value,
        "only": list(section.only),
        "questions": [
            {
                "key": q.key,
                "kind": q.kind.value,
                "text": q.text,
                "scale": q.scale,
                "required": q.required,
                "candidates": list(q.candidates),
                "choose": q.choose,
            }
            for q in section.questions
        ],
    }


def questionnaire(data: Mapping[str, Any]) -> Questionnaire:
    """Read a questionnaire from JSON values and check that it hangs together.

    Raises
    ------
    BadField
        Names the place: a key twice, a code out of range, a scale that is not there, K larger than N.
    """
    try:
        scales = tuple(read_scale(each) for each in data["scales"])
        sections = tuple(read_section(each) for each in data["sections"])
        form = Questionnaire(data["key"], data["title"], scales, sections, data.get("source", ""))
    except (KeyError, TypeError, ValueError) as fault:
        raise BadField(field="questionnaire", value=str(data.get("key", "")), why=str(fault)) from fault
    _check(form)
    return form


def read_scale(data: Mapping[str, Any]) -> Scale:
    """Read one scale from JSON values."""
    options = tuple(Option(o["code"], o["label"], Role(o["role"]), o.get("points")) for o in data["options"])
    return Scale(data["key"], data["label"], options)


def read_section(data: Mapping[str, Any]) -> Section:
    """Read one section from JSON values."""
    questions = tuple(
        Question(
            key=q["key"],
            kind=Kind(q["kind"]),
            text=q["text"],
            scale=q.get("scale", ""),
            required=bool(q.get("required", False)),
            candidates=tuple(q.get("candidates", ())),
            choose=int(q.get("choose", 0)),
        )
        for q in data["questions"]
    )
    return Section(data["key"], data["title"], Audience(data["audience"]), questions, tuple(data.get("only", ())))


def _check(form: Questionnaire) -> None:
    _unique("scales", [scale.key for scale in form.scales])
    _unique("sections", [section.key for section in form.sections])
    for scale in form.scales:
        _unique(scale.key, [option.code for option in scale.options])
        if not scale.options or any(not 0 <= option.code <= MOST_CODE for option in scale.options):
            raise BadField(field=scale.key, value=scale.label, why="codes are whole numbers from 0 to 250")
    scales = {scale.key for scale in form.scales}
    for section in form.sections:
        _unique(section.key, [question.key for question in section.questions])
        for question in section.questions:
            if question.kind is Kind.RATING and question.scale not in scales:
                raise BadField(field=question.key, value=question.scale, why="there is no such scale")
            if question.kind is Kind.CHOICE and not 1 <= question.choose <= len(question.candidates) <= MOST_CODE:
                raise BadField(field=question.key, value=question.choose, why="choose K of N needs 1 ≤ K ≤ N ≤ 250")


def _unique(where: str, keys: list[Any]) -> None:
    if len(set(keys)) != len(keys):
        raise BadField(field=where, value=str(keys), why="a key stands twice")
