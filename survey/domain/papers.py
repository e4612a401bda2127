"""The paper: what one group at one meeting is asked, frozen at opening."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from survey.domain.questionnaire_json import read_scale, read_section, scale_json, section_json
from survey.domain.questionnaires import Audience, Kind, Question, Questionnaire, Scale, Section
from survey.domain.refusals import BadField
from survey.domain.scheme_parts import Validity
from survey.domain.units import MEMBER_KINDS, Member, Unit, by_position

TEXT_BUDGET = 1000
MOST_SCORE = 100
MARKED = 1
FORMAT = 1
_TICK = frozenset({MARKED})
_SCORES = frozenset(range(MOST_SCORE + 1))
_BYTES = frozenset(range(256))


@dataclass(frozen=True, slots=True)
class Target:
    """What a card on the phone is about. `key` is u<id>, m<id>, g or g<place> for general parts after the first; `note` a
    position or kind."""

    key: str
    audience: Audience
    label: str
    note: str
    section: str


@dataclass(frozen=True, slots=True)
class Column:
    """One byte of a ballot: a question about a target; for choices one candidate of it, for numbers and dates one of four
    bytes (else None)."""

    target: int
    question: int
    candidate: int | None = None


@dataclass(frozen=True)
class Paper:
    """Targets in order, their sections, the scales, whether there are text boxes, and how much of a row must be marked."""

    meeting: int
    group: int
    title: str
    group_name: str
    questionnaire: str
    scheme: str
    targets: tuple[Target, ...]
    sections: tuple[Section, ...]
    scales: tuple[Scale, ...]
    texts: bool
    validity: Validity = Validity.ANY

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.key: section for section in self.sections}

    @cached_property
    def _scales(self) -> dict[str, Scale]:
        return {scale.key: scale for scale in self.scales}

    @cached_property
    def _questions(self) -> dict[str, tuple[Question, ...]]:
        return {
            section.key: tuple(q for q in section.questions if self.texts or q.kind is not Kind.OPINION)
            for section in self.sections
        }

    def questions(self, target: Target) -> tuple[Question, ...]:
        """The questions asked about a target; opinions only when the paper has text boxes."""
        return self._questions[target.section]

    def section(self, target: Target) -> Section:
        """The section a target is asked about."""
        return self._sections[target.section]

    def scale(self, question: Question) -> Scale:
        """The scale of a rating question."""
        return self._scales[question.scale]

    def write_ins(self, question: Question) -> int:
        """How many names may be written beside the candidates: none where the paper has no text boxes."""
        return question.election.write_ins if self.texts and question.kind is Kind.CHOICE else 0

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The layout of a ballot, byte by byte."""
        found: list[Column] = []
        for t, target in enumerate(self.targets):
            for q, question in enumerate(self.questions(target)):
                if question.kind is Kind.CHOICE or question.kind.is_wide:
                    found.extend(Column(t, q, c) for c in range(question.columns))
                elif question.kind is not Kind.OPINION:
                    found.append(Column(t, q))
        return tuple(found)

    @cached_property
    def _codes(self) -> dict[str, frozenset[int]]:
        return {scale.key: frozenset(option.code for option in scale.options) for scale in self.scales}

    def codes(self, question: Question) -> frozenset[int]:
        """The codes an answer to this question may have beside blank; for a choice those of one candidate, for a number or
        a date those of one byte."""
        if question.kind is Kind.CHOICE:
            return _TICK
        if question.kind.is_wide:
            return _BYTES
        return _SCORES if question.kind is Kind.SCORE else self._codes[question.scale]

    @cached_property
    def offered(self) -> tuple[frozenset[int], ...]:
        """The codes each column may hold beside blank."""
        return tuple(self.codes(self.questions(self.targets[c.target])[c.question]) for c in self.columns)

    @cached_property
    def is_survey(self) -> bool:
        """Whether nobody is rated: a plain survey, whose rows are kept."""
        return bool(self.targets) and all(target.audience is Audience.GENERAL for target in self.targets)

    @cached_property
    def is_conditional(self) -> bool:
        """Whether any question is asked only after certain answers."""
        return any(question.show_if for section in self.sections for question in section.questions)

    @cached_property
    def places(self) -> dict[tuple[int, int], slice]:
        """Where the bytes of every question that has any stand in a ballot, by target and question."""
        found: dict[tuple[int, int], slice] = {}
        at = 0
        for t, q in self.fields.values():
            size = self.questions(self.targets[t])[q].columns
            if size:
                found[t, q] = slice(at, at + size)
            at += size
        return found

    @cached_property
    def conditional(self) -> tuple[tuple[int, int, int], ...]:
        """Questions that are asked only after certain answers: target, question, and the question that decides."""
        found = []
        for t, q in self.fields.values():
            asked = self.questions(self.targets[t])
            condition = asked[q].show_if
            if condition is not None:
                found.append((t, q, [each.key for each in asked].index(condition.question)))
        return tuple(found)

    @cached_property
    def is_uneven(self) -> bool:
        """Whether any question takes numbers or dates, whose bytes mean something only together."""
        return any(question.kind.is_wide for section in self.sections for question in section.questions)

    @cached_property
    def fields(self) -> dict[str, tuple[int, int]]:
        """Form fields by name: `3.0` is question 0 about target 3."""
        return {f"{t}.{q}": (t, q) for t, target in enumerate(self.targets) for q in range(len(self.questions(target)))}

    def as_json(self) -> str:
        """Canonical JSON: what is frozen, hashed and stored."""
        body = {
            "format": FORMAT,
            "meeting": self.meeting,
            "group": self.group,
            "title": self.title,
            "group_name": self.group_name,
            "questionnaire": self.questionnaire,
            "scheme": self.scheme,
            "texts": self.texts,
            "targets": [[t.key, t.audience.value, t.label, t.note, t.section] for t in self.targets],
            "sections": [section_json(section) for section in self.sections],
            "scales": [scale_json(scale) for scale in self.scales],
        }
        if self.validity is not Validity.ANY:
            body["validity"] = self.validity.value
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        """Digest of the canonical JSON; every ballot is sealed to it."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()


def read_paper(body: str) -> Paper:
    """Read a paper back from its canonical JSON."""
    data: Mapping[str, Any] = json.loads(body)
    if data["format"] != FORMAT:
        raise BadField(field="paper", value=data["format"], why="format")
    return Paper(
        meeting=data["meeting"],
        group=data["group"],
        title=data["title"],
        group_name=data["group_name"],
        questionnaire=data["questionnaire"],
        scheme=data["scheme"],
        targets=tuple(Target(t[0], Audience(t[1]), t[2], t[3], t[4]) for t in data["targets"]),
        sections=tuple(read_section(each) for each in data["sections"]),
        scales=tuple(read_scale(each) for each in data["scales"]),
        texts=data["texts"],
        validity=Validity(data.get("validity", Validity.ANY)),
    )


def targets(
    form: Questionnaire,
    branches: Sequence[tuple[Unit, Iterable[Member]]],
    kinds: Mapping[str, str] = MEMBER_KINDS,
) -> tuple[Target, ...]:
    """Every branch, then its members by position and name, next branch …; the general sections last.

    A questionnaire without a section for members (or for units) does not ask about them; one with neither is a plain
    survey. `kinds` are the labels of member kinds.

    Raises
    ------
    NoSection
        A target has no section that fits; names it.
    BadField
        Nobody is left to be rated.
    """
    audiences = {section.audience for section in form.sections}
    found: list[Target] = []
    for unit, members in branches:
        if Audience.UNIT in audiences:
            section = form.section_for(Audience.UNIT, unit.sector or "", target=unit.name)
            found.append(Target(f"u{unit.id}", Audience.UNIT, unit.name, "", section.key))
        if Audience.MEMBER in audiences:
            for member in by_position(members):
                section = form.section_for(Audience.MEMBER, member.kind, target=member.name)
                note = member.position or kinds.get(member.kind, member.kind)
                if len(branches) > 1 and Audience.UNIT not in audiences:
                    # No heading of his branch stands above him, and others may have his name.
                    note = f"{note}，{unit.name}"
                found.append(Target(f"m{member.id}", Audience.MEMBER, member.name, note, section.key))
    for place, section in enumerate(s for s in form.sections if s.audience is Audience.GENERAL):
        found.append(Target(f"g{place + 1}" if place else "g", Audience.GENERAL, section.title, "", section.key))
    if not form.is_survey and all(target.audience is Audience.GENERAL for target in found):
        raise BadField(field="targets", value=form.title, why="none")
    return tuple(found)


def used(form: Questionnaire, chosen: Sequence[Target]) -> tuple[tuple[Section, ...], tuple[Scale, ...]]:
    """The sections these targets use, and the scales these sections use."""
    keys = {target.section for target in chosen}
    sections = tuple(section for section in form.sections if section.key in keys)
    scales = {question.scale for section in sections for question in section.questions}
    return sections, tuple(scale for scale in form.scales if scale.key in scales)
