"""The elections of a counted paper, by votes: the same for the seal as for every page and file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from analysis.elections import Majority, People, Result, elect
from survey.domain.elections import NO_ELECTION
from survey.domain.meetings import Line
from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import Kind, Question, Role
from survey.domain.results import Count
from survey.domain.write_ins import Where, Written

_NOBODY = Written()
NONE_WRITTEN: Mapping[Where, Written] = MappingProxyType({})
_Votes = Mapping[tuple[str, str], Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who can be elected: by place on the paper, as a target of it, or as a written name. `against` and `abstained` are None
    where there is nothing but a tick."""

    key: str
    label: str
    note: str
    votes: int
    against: int | None = None
    abstained: int | None = None
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """One election and its outcome. `target` is whom a choice was about, `section` the part the question stands in;
    `written` what was written beside the candidates."""

    target: str
    section: str
    question: Question
    candidates: tuple[Candidate, ...]
    people: People
    result: Result
    written: Written = _NOBODY

    @property
    def is_vote(self) -> bool:
        """Whether there was a yes or no to each, not a choice among them."""
        return self.question.kind is Kind.RATING

    @property
    def base(self) -> int:
        """What shares are of: the base of the majority, else the valid ballots."""
        return self.people.valid if self.result.base is None else self.result.base

    def candidate(self, key: str) -> Candidate:
        """A candidate by its key."""
        return next(each for each in self.candidates if each.key == key)


def polls(
    paper: Paper, counts: Iterable[Count], whole: Line, written: Mapping[Where, Written] = NONE_WRITTEN
) -> tuple[Poll, ...]:
    """Every election of a paper in its order. A yes-or-no vote on several targets is one election among them.

    Parameters
    ----------
    counts : iterable of Count
        Of all groups; the same code may stand several times and is added up.
    whole : Line
        The accounting of all groups together.
    written : mapping of (target, question) to Written
        The names that may be told; who is not among them is not elected.
    """
    votes: dict[tuple[str, str], dict[int, int]] = {}
    for count in counts:
        marks = votes.setdefault((count.target, count.question), {})
        marks[count.option] = marks.get(count.option, 0) + count.ballots
    return tuple(_polls(paper, votes, whole, written))


def poll_json(poll: Poll) -> dict[str, Any]:
    """What the seal says of an election."""
    result = poll.result
    names = {each.key: each.label for each in poll.candidates}
    rows = [[names[each.key], each.votes, each.rank, each.outcome.value] for each in result.standings]
    return {
        "target": poll.target, "section": poll.section, "question": poll.question.key, "seats": result.seats,
        "majority": poll.question.election.majority.value, "base": result.base, "needed": result.needed,
        "open": result.open, "votes": rows, "others": [poll.written.others, poll.written.votes],
    }  # fmt: skip


def written_json(written: Mapping[Where, Written]) -> list[list[Any]]:
    """What the seal says of written names: it is the one place that keeps them."""
    rows = sorted(written.items())
    return [[*where, [list(each) for each in w.names], w.others, w.votes, w.fewest] for where, w in rows]


def read_written(rows: Iterable[Iterable[Any]]) -> dict[Where, Written]:
    """Written names out of a seal."""
    found = {}
    for target, question, names, *more in rows:
        found[target, question] = Written(tuple((name, n) for name, n in names), *more)
    return found


def _polls(paper: Paper, votes: _Votes, whole: Line, written: Mapping[Where, Written]) -> Iterator[Poll]:
    seen: set[tuple[str, str]] = set()
    for target in paper.targets:
        for question in paper.questions(target):
            if question.election == NO_ELECTION:
                continue
            if question.kind is Kind.CHOICE:
                where = (target.key, question.key)
                names = written.get(where, _NOBODY)
                found = (*_ticked(question, votes.get(where, {})), *_written(names))
                yield replace(_poll(target, question, found, whole), written=names)
            elif (target.section, question.key) not in seen:
                seen.add((target.section, question.key))
                among = [each for each in paper.targets if each.section == target.section]
                found = tuple(_voted(paper, each, question, votes.get((each.key, question.key), {})) for each in among)
                yield _poll(target, question, found, whole)


def _ticked(question: Question, marks: Mapping[int, int]) -> Iterator[Candidate]:
    for place, name in enumerate(question.candidates):
        yield Candidate(str(place), name, "", marks.get(place, 0))


def _written(names: Written) -> Iterator[Candidate]:
    for name, n in names.names:
        yield Candidate(f"+{name}", name, "", n, is_written=True)


def _voted(paper: Paper, target: Target, question: Question, marks: Mapping[int, int]) -> Candidate:
    roles = {option.code: option.role for option in paper.scale(question).options}
    found = {role: sum(n for code, n in marks.items() if roles[code] is role) for role in Role}
    against = found[Role.UNSATISFIED]
    other = found[Role.ABSTAIN] + found[Role.UNKNOWN] + found[Role.BASIC]
    return Candidate(target.key, target.label, target.note, found[Role.SATISFIED], against, other)


def _poll(target: Target, question: Question, candidates: tuple[Candidate, ...], whole: Line) -> Poll:
    election = question.election
    people = People(whole.valid, whole.present, whole.due)
    votes = {each.key: each.votes for each in candidates}
    result = elect(votes, seats=election.seats, majority=Majority(election.majority.value), people=people)
    return Poll(target.key, target.section, question, candidates, people, result)
