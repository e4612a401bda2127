"""Candidates are settled when a meeting opens: who stands, and in which order, the same on every paper of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from survey.domain.advice import is_placeholder
from survey.domain.elections import NO_ELECTION, Order, Pool
from survey.domain.questionnaire_checks import LONGEST_CANDIDATE
from survey.domain.questionnaires import MOST_CODE, Condition, Kind, Purpose, Question, Questionnaire, Section
from survey.domain.refusals import BadField
from survey.domain.titles import rebound
from survey.domain.units import Member, Unit, by_position

Arrange = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is to stand at one choice, how many of them are to be elected (0 where that is not said), how many ticks there
    may be at most."""

    names: tuple[str, ...]
    seats: int
    choose: int


def typed_choices(form: Questionnaire) -> tuple[tuple[Section, Question], ...]:
    """The choices of a selection whose candidates are typed, in the order of the form: in a form for selecting every choice,
    in any other those that elect."""
    asked = ((section, question) for section in form.sections for question in section.questions)
    every = form.purpose == Purpose.SELECTION
    choices = ((s, q) for s, q in asked if q.kind is Kind.CHOICE and (every or q.election != NO_ELECTION))
    return tuple((s, q) for s, q in choices if q.election.pool is Pool.TYPED)


def check_named(form: Questionnaire) -> None:
    """Refuse a selection in which a name only holds the place of another, as in a ready form.

    Raises
    ------
    BadField
        Somebody could be elected who is called 候选人甲.
    """
    for _section_of, question in typed_choices(form):
        for name in question.candidates:
            if is_placeholder(name):
                raise BadField(field="candidates", value=name, why="placeholder")


def with_candidates(form: Questionnaire, wanted: Sequence[Standing]) -> Questionnaire:
    """The form with other candidates at its typed choices, one standing for each; where its words say how many may be
    chosen they say the new number.

    Raises
    ------
    BadField
        Fewer than two candidates or too many, a name that is too long or stands there twice, seats or ticks out of range.
    """
    choices = typed_choices(form)
    for (_section_of, question), standing in zip(choices, wanted, strict=True):
        _check(question, standing)
    for (section, question), standing in zip(choices, wanted, strict=True):
        form = _stand(form, section.key, question, standing, alone=len(choices) == 1)
    return form


def _check(question: Question, wanted: Standing) -> None:
    most = len(wanted.names)
    if not 2 <= most <= MOST_CODE:
        raise BadField(field="candidates", value=question.text, why="few" if most < 2 else "many", most=MOST_CODE)
    for name, often in Counter(wanted.names).items():
        if len(name) > LONGEST_CANDIDATE:
            raise BadField(field="candidates", value=name[:10], why="long", most=LONGEST_CANDIDATE)
        if often > 1:
            raise BadField(field="candidates", value=name, why="twice")
    if not 0 <= wanted.seats <= most:
        raise BadField(field="candidates", value=question.text, why="seats", most=most)
    if not max(1, question.election.write_ins) <= wanted.choose <= most:
        raise BadField(field="candidates", value=question.text, why="choose", least=max(1, question.election.write_ins), most=most)


def _stand(form: Questionnaire, key: str, question: Question, wanted: Standing, *, alone: bool) -> Questionnaire:
    numbers = {len(question.candidates): len(wanted.names)}
    if wanted.seats:
        numbers[question.election.seats] = wanted.seats
    numbers[question.choose] = wanted.choose

    def put(text: str) -> str:
        return rebound(text, numbers)

    made = replace(
        question, candidates=wanted.names, choose=wanted.choose, least=min(question.least, wanted.choose),
        election=replace(question.election, seats=wanted.seats), text=put(question.text), help=put(question.help),
    )  # fmt: skip
    places = {name: place for place, name in enumerate(wanted.names)}
    moved = {question.key: {at: places[name] for at, name in enumerate(question.candidates) if name in places}}
    sections = []
    for section in form.sections:
        if section.key == key:
            asked = tuple(_follow(made if each.key == question.key else each, moved) for each in section.questions)
            one = sum(each.kind is Kind.CHOICE for each in asked) == 1
            section = replace(section, questions=asked)
            if one:
                section = replace(section, title=put(section.title), help=put(section.help))
        sections.append(section)
    return replace(form, title=put(form.title) if alone else form.title, sections=tuple(sections))


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
