"""A questionnaire read from somebody's file or text, with an account of every row: taken, changed or left, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey.domain.questionnaires import Questionnaire
from survey.domain.refusals import Refused


class Fate(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    CHANGED = "changed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Note:
    """One row of what was brought: its number from 1 (0 is the whole), its text, what became of it.

    `why` is the key of a sentence: for what was taken, as what; `detail` is what that sentence speaks of.
    """

    place: int
    text: str
    fate: Fate
    why: str
    detail: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A form that may still be unfinished, and the account in the order of the rows."""

    form: Questionnaire
    notes: tuple[Note, ...]

    def of(self, fate: Fate) -> Sequence[Note]:
        """The rows that had this fate."""
        return [note for note in self.notes if note.fate is fate]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that is not as the schema has it: the way to it, the rule it breaks, what stands there, what the rule asks."""

    path: tuple[str | int, ...]
    rule: str
    said: str
    wanted: str


class BadForm(Refused):
    """A file or text in which there is no questionnaire. Facts: why, and what the sentence needs; misfits with their places."""

    key = "bad_form"

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why=why, **facts)
        self.why = why
