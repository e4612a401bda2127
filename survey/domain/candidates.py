"""Candidates are settled when a meeting opens: who stands, and in which order, the same on every paper of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from survey.domain.elections import Order, Pool
from survey.domain.questionnaires import Condition, Kind, Question, Questionnaire, Section
from survey.domain.refusals import BadField
from survey.domain.units import Member, Unit, by_position

Arrange = Callable[[Sequence[str]], Sequence[str]]


def settle(
    form: Questionnaire, pools: Mapping[Pool, Sequence[str]], arranged: Mapping[Order, Arrange]
) -> Questionnaire:
    """The form with every choice's candidates as they will stand on the paper.

    Parameters
    ----------
    pools : who is there, by the pool they make
    arranged : how each order but the one they are listed in arranges names

    Raises
    ------
    BadField
        A question takes its candidates from people or units of which there are fewer than two.
    """
    return replace(form, sections=tuple(_section(each, pools, arranged) for each in form.sections))


def named(members: Sequence[Member]) -> tuple[str, ...]:
    """Members by roster as they stand among candidates: by name, with position or number where two share it."""
    often = Counter(member.name for member in members)
    found: list[str] = []
    for member in by_position(members):
        name = f"{member.name}（{member.position}）" if often[member.name] > 1 and member.position else member.name
        number = 2
        plain = name
        while name in found:
            name, number = f"{plain}（{number}）", number + 1
        found.append(name)
    return tuple(found)


def standing(rated: Sequence[Unit], below: Sequence[Unit]) -> tuple[str, ...]:
    """Units among candidates: those rated, or where only one is rated those right below it."""
    chosen = rated if len(rated) > 1 else below
    return tuple(dict.fromkeys(unit.name for unit in chosen))


def _section(section: Section, pools: Mapping[Pool, Sequence[str]], arranged: Mapping[Order, Arrange]) -> Section:
    done: dict[str, Question] = {}
    moved: dict[str, dict[int, int]] = {}
    for question in section.questions:
        if question.kind is Kind.CHOICE:
            done[question.key] = _question(question, pools, arranged)
            places = {name: place for place, name in enumerate(done[question.key].candidates)}
            moved[question.key] = {place: places[name] for place, name in enumerate(question.candidates) if name in places}
    asked = (_follow(done.get(question.key, question), moved) for question in section.questions)
    return replace(section, questions=tuple(asked))


def _question(question: Question, pools: Mapping[Pool, Sequence[str]], arranged: Mapping[Order, Arrange]) -> Question:
    election = question.election
    names: Sequence[str] = question.candidates
    if election.pool is not Pool.TYPED:
        names = pools[election.pool]
        if len(names) < 2:
            raise BadField(field="candidates", value=question.text, why=election.pool.value)
    if election.order is not Order.LISTED:
        names = arranged[election.order](names)
    choose = min(question.choose, len(names))
    return replace(question, candidates=tuple(names), choose=choose, least=min(question.least, choose))


def _follow(question: Question, moved: Mapping[str, Mapping[int, int]]) -> Question:
    """A condition goes on naming the same candidates."""
    condition = question.show_if
    if condition is None or condition.question not in moved:
        return question
    places = moved[condition.question]
    kept = tuple(sorted(places[place] for place in condition.options if place in places))
    return replace(question, show_if=Condition(condition.question, kept))
