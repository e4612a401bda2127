"""Questionnaires: scales, questions and sections, and whom each section is for. As JSON: `questionnaire_files`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from survey.domain.elections import NO_ELECTION, Election
from survey.domain.refusals import NoSection

MOST_CODE = 250
BLANK = 255
# Bytes of a number or a date in a ballot.
WIDE = 4
MOST_NUMBER = 1_000_000_000


class Role(StrEnum):
    """What an option means for the rates."""

    SATISFIED = "satisfied"
    BASIC = "basic"
    UNSATISFIED = "unsatisfied"
    UNKNOWN = "unknown"
    ABSTAIN = "abstain"


# Who answers so says nothing of better or worse: it earns no points, whatever the scale or the rules give.
UNRATED = (Role.UNKNOWN, Role.ABSTAIN)


class Kind(StrEnum):
    """What a question asks for."""

    RATING = "rating"
    SCORE = "score"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    OPINION = "opinion"

    @property
    def is_wide(self) -> bool:
        """Whether an answer is a number or a day: four bytes in a ballot, and shown in classes."""
        return self in (Kind.NUMBER, Kind.DATE)


class Audience(StrEnum):
    """What a section is about."""

    UNIT = "unit"
    MEMBER = "member"
    GENERAL = "general"


class Purpose(StrEnum):
    """What a whole form is for; the library is searched by it."""

    EVALUATION = "evaluation"
    SELECTION = "selection"
    COMMENT = "comment"
    SURVEY = "survey"


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


_BOUNDS: Mapping[Kind, tuple[int, int]] = {
    Kind.NUMBER: (-MOST_NUMBER, MOST_NUMBER),
    Kind.DATE: (date(1900, 1, 1).toordinal(), date(2100, 12, 31).toordinal()),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only when an earlier question of the same section has one of these answers: codes of its scale, or places
    (from 0) of its candidates."""

    question: str
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes
    ----------
    scale : key of the scale of a rating; a grade (好/中/差) is a rating too
    candidates, choose, least : what a choice offers, how many may be ticked at most (1: single choice, all: any number),
        and how many at least when any is
    low, high : the least and the most a number or a date may be; dates as proleptic ordinals (`date.toordinal`)
    help : a line under the question
    show_if : the condition under which it is asked; None is always
    election : how a choice, or a rating whose best answer is a yes, elects
    """

    key: str
    kind: Kind
    text: str
    scale: str = ""
    required: bool = False
    candidates: tuple[str, ...] = ()
    choose: int = 0
    least: int = 0
    low: int | None = None
    high: int | None = None
    help: str = ""
    show_if: Condition | None = None
    election: Election = NO_ELECTION

    @property
    def offered(self) -> int:
        """How many candidates a choice has; of a pool as many as there can be, until the meeting opens."""
        return MOST_CODE if self.election.pool else len(self.candidates)

    @property
    def columns(self) -> int:
        """Bytes this question takes in a ballot: choose-K has one per candidate, numbers and dates four, an opinion none."""
        wide = {Kind.OPINION: 0, Kind.CHOICE: len(self.candidates), Kind.NUMBER: WIDE, Kind.DATE: WIDE}
        return wide.get(self.kind, 1)

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the most a number or a date may be."""
        least, most = _BOUNDS[self.kind]
        return (least if self.low is None else self.low, most if self.high is None else self.high)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions for one kind of target. `only` names sectors (unit) or member kinds (member); empty means all."""

    key: str
    title: str
    audience: Audience
    questions: tuple[Question, ...]
    only: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A whole form with its scales."""

    key: str
    title: str
    scales: tuple[Scale, ...]
    sections: tuple[Section, ...]
    source: str = field(default="")
    purpose: str = ""

    @property
    def is_survey(self) -> bool:
        """Nobody is rated: a plain survey, whose rows are kept."""
        return bool(self.sections) and all(section.audience is Audience.GENERAL for section in self.sections)

    @property
    def is_selection(self) -> bool:
        """Whether people are nominated or voted on: such ballots are never kept as rows."""
        asked = (question for section in self.sections for question in section.questions)
        return self.purpose == Purpose.SELECTION or any(question.election != NO_ELECTION for question in asked)

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
