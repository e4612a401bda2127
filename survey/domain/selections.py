"""A selection's steps, named and dated, and the second ballot that a tie needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey.domain.elections import Election
from survey.domain.questionnaire_checks import LONGEST_CANDIDATE
from survey.domain.questionnaires import Audience, Kind, Purpose, Question, Questionnaire, Section
from survey.domain.refusals import BadField, NotFound
from survey.domain.titles import WHOM, again, has_bound, rebound

# 民主推荐 – 民主评议 – 支部申报 – 组织考核 – 审批: the first two are meetings.
STEPS = ("民主推荐", "民主评议", "支部申报", "组织考核", "审批")
MOST_STEPS = 12
LONGEST_STEP = 40
LONGEST_NOTE = 200
TIED = "tied"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a selection: its name, its day when there is one, a note, and the meeting it was held as."""

    name: str
    day: date | None = None
    note: str = ""
    meeting: int | None = None


def usual() -> tuple[Step, ...]:
    """The steps every selection begins with."""
    return tuple(Step(name) for name in STEPS)


def check_steps(steps: Sequence[Step]) -> None:
    """Refuse steps that cannot be kept.

    Raises
    ------
    BadField
        A step without a name, a name or note that is too long, more steps than there is room for.
    """
    if len(steps) > MOST_STEPS:
        raise BadField(field="steps", value="", why="many", most=MOST_STEPS)
    for number, step in enumerate(steps, start=1):
        if not step.name:
            raise BadField(field="steps", value=str(number), why="empty")
        if len(step.name) > LONGEST_STEP or len(step.note) > LONGEST_NOTE:
            raise BadField(field="steps", value=step.name[:20], why="too_long", most=LONGEST_NOTE)


def ties(seal: Mapping[str, Any]) -> dict[int, tuple[str, ...]]:
    """Who is tied for a last seat, by the number of the election (from 1) in a seal."""
    found = {}
    for number, election in enumerate(seal.get("elections", ()), start=1):
        names = tuple(label for label, _votes, _rank, outcome in election["votes"] if outcome == TIED)
        if names:
            found[number] = names
    return found


def run_off(seal: Mapping[str, Any], number: int, *, title: str, left: Section) -> Questionnaire:
    """The form of the second ballot: those who are tied, for the seats their tie left open; most votes win. Its words say
    its own numbers.

    Parameters
    ----------
    title, left : of the form that left the tie its title, and the section with the question

    Raises
    ------
    NotFound
        Nobody is tied at that election.
    """
    tied = ties(seal).get(number)
    if tied is None:
        raise NotFound(what="poll")
    election = seal["elections"][number - 1]
    seats = min(election["open"], len(tied) - 1)
    asked = next(question for question in left.questions if question.key == election["question"])
    numbers = {len(asked.candidates): len(tied), asked.election.seats: seats, asked.choose: seats}
    # A title that says how many, 最多选三名, would say the number of the first ballot: its section rarely does.
    name = left.title if has_bound(title) and not has_bound(left.title) else title
    called = rebound(again(name), numbers)
    # Of a vote on each is left a choice among them: 是否同意 is no question for that.
    text = rebound(asked.text, numbers) if asked.kind is Kind.CHOICE else WHOM
    pick = Question("pick", Kind.CHOICE, text, candidates=_apart(tied), choose=seats, election=Election(seats))
    section = Section("unit", called, Audience.UNIT, (pick,))
    return Questionnaire("run_off", called, (), (section,), purpose=Purpose.SELECTION.value)


def _apart(names: Sequence[str]) -> tuple[str, ...]:
    """Names that are told apart by a number where two are alike."""
    found: list[str] = []
    for name in names:
        plain = name[: LONGEST_CANDIDATE - 5]
        number, made = 2, plain
        while made in found:
            made, number = f"{plain}（{number}）", number + 1
        found.append(made)
    return tuple(found)
