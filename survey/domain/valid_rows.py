"""Which rows count: what one ballot says about one target, when the scheme wants half or all of it to be marked."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from survey.domain.ballots import Marks, Opened, is_asked, picked
from survey.domain.elections import NO_ELECTION
from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import BLANK, Audience, Kind, Question
from survey.domain.scheme_parts import Validity

_RATED = (Kind.RATING, Kind.SCORE)
_ABOUT = (Audience.UNIT, Audience.MEMBER)


def valid_rows(paper: Paper, ballots: Sequence[Opened], rule: Validity) -> tuple[Opened, ...]:
    """The ballots with every row left blank of which too little is marked: they abstain about this target.

    Ratings and points about a unit or member are what must be marked; of those that were put only after certain answers, the
    ones that were put. Together with them go the choices, numbers and days about the same target. Votes, opinions and what is
    asked in general stand as they are: nothing of them is a judgement of somebody in several parts.
    """
    if rule is Validity.ANY:
        return tuple(ballots)
    rows = [(t, target) for t, target in enumerate(paper.targets) if target.audience in _ABOUT]
    return tuple(_kept(paper, ballot, [t for t, target in rows if not _counts(paper, t, target, ballot.marks, rule)]) for ballot in ballots)


def _counts(paper: Paper, t: int, target: Target, marks: Marks, rule: Validity) -> bool:
    """Whether enough of one row is marked."""
    chosen: dict[str, Collection[int]] = {}
    asked = marked = 0
    for q, question in enumerate(paper.questions(target)):
        if (t, q) not in paper.places or not is_asked(question, chosen):
            continue
        codes = marks.columns[paper.places[t, q]]
        chosen[question.key] = picked(question, codes)
        if _is_rated(question):
            asked += 1
            marked += codes != bytes([BLANK])
    return rule.enough(marked, asked)


def _kept(paper: Paper, ballot: Opened, out: Collection[int]) -> Opened:
    """A ballot without what it says about some targets."""
    if not out:
        return ballot
    columns = bytearray(ballot.marks.columns)
    for (t, q), place in paper.places.items():
        question = paper.questions(paper.targets[t])[q]
        if t in out and question.election == NO_ELECTION:
            columns[place] = bytes([BLANK]) * question.columns
    return replace(ballot, marks=replace(ballot.marks, columns=bytes(columns)))


def _is_rated(question: Question) -> bool:
    return question.kind in _RATED and question.election == NO_ELECTION
