"""Names written beside the candidates of a choice: in the form, in a ballot, and counted."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.domain.elections import LONGEST_NAME, fewest_written, name_of
from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import Kind, Question
from survey.domain.refusals import BadAnswer, BoxDiffers
from survey.domain.rounds import FEWEST, FEWEST_FOR_OPINIONS

Where = tuple[str, str]
_COMMAS = re.compile("[、，,;；]")
_KEYED = re.compile(r"([\d\s、，,;；.]*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written at one question about one target: names that at least `fewest` ballots bear, and of all others only
    how many names and how many votes they were."""

    names: tuple[tuple[str, int], ...] = ()
    others: int = 0
    votes: int = 0
    fewest: int = 0


def boxes(paper: Paper) -> dict[str, tuple[int, int]]:
    """Form fields for written names: `3.0.w1` is the first box of question 0 about target 3."""
    found = {}
    for name, (t, q) in paper.fields.items():
        many = paper.write_ins(paper.questions(paper.targets[t])[q])
        found.update({f"{name}.w{n}": (t, q) for n in range(1, many + 1)})
    return found


def names_in(field: str, many: int, answers: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The names in the boxes of a question, as they are counted."""
    typed = (value for n in range(1, many + 1) for value in answers.get(f"{field}.w{n}", ()))
    return tuple(name for name in map(name_of, typed) if name)


def keyed(text: str) -> tuple[str, tuple[str, ...]]:
    """What was keyed of a form on paper: the numbers of its ticks, and behind them the names, parted by commas."""
    found = _KEYED.fullmatch(text)
    ticks, rest = found.groups() if found else ("", text)
    return ticks.strip(), tuple(name for name in map(name_of, _COMMAS.split(rest)) if name)


def check_names(target: Target, question: Question, names: Sequence[str], ticks: int) -> None:
    """Refuse names that cannot be counted as written.

    Raises
    ------
    BadAnswer
        A name is too long, was written twice, is a candidate's, or is one too many beside the ticks.
    """
    where = {"target": target.label, "question": question.text}
    listed = {name_of(candidate) for candidate in question.candidates}
    for name in names:
        if len(name) > LONGEST_NAME:
            raise BadAnswer(**where, why="name_long", most=LONGEST_NAME)
        if name in listed:
            raise BadAnswer(**where, why="name_listed", name=name)
    if len(set(names)) < len(names):
        raise BadAnswer(**where, why="name_twice", name=Counter(names).most_common(1)[0][0])
    if len(names) > question.election.write_ins or ticks + len(names) > question.choose:
        raise BadAnswer(**where, why="too_many_ticks", most=question.choose)


def check_box(paper: Paper, ticks: Mapping[tuple[int, int], int], texts: Iterable[tuple[int, int, str]]) -> None:
    """Refuse what no phone could have put in: names where none may be written, too many, or not as they are counted.

    Parameters
    ----------
    ticks : how many candidates were ticked, by target and question

    Raises
    ------
    BoxDiffers
        Names the question.
    """
    names: dict[tuple[int, int], list[str]] = {}
    for t, q, text in texts:
        if paper.questions(paper.targets[t])[q].kind is not Kind.OPINION:
            names.setdefault((t, q), []).append(text)
    for (t, q), given in names.items():
        question = paper.questions(paper.targets[t])[q]
        try:
            check_names(paper.targets[t], question, given, ticks.get((t, q), 0))
        except BadAnswer as fault:
            raise BoxDiffers(why="text", expected="names as they are counted", found=question.text) from fault
        if not paper.write_ins(question) or [name_of(name) for name in given] != given:
            raise BoxDiffers(why="text", expected="names as they are counted", found=question.text)


def counted(names: Iterable[tuple[str, str, str]], *, returned: int) -> dict[Where, Written]:
    """Written names of a whole meeting, by target and question: those on enough ballots by votes, the others only summed.

    Parameters
    ----------
    names : (target, question, name), one for each ballot that bears it
    returned : ballots returned by all groups; fewer than five tell nothing at all
    """
    sums: dict[Where, Counter[str]] = {}
    for target, question, name in names:
        sums.setdefault((target, question), Counter())[name] += 1
    fewest = fewest_written(returned, fewest=FEWEST, for_words=FEWEST_FOR_OPINIONS)
    found = {}
    for where, votes in sums.items() if returned >= FEWEST else ():
        kept = sorted(((name, n) for name, n in votes.items() if n >= fewest), key=lambda each: (-each[1], each[0]))
        others = [n for n in votes.values() if n < fewest]
        found[where] = Written(tuple(kept), len(others), sum(others), fewest)
    return found
