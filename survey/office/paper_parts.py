"""A questionnaire as people know it on paper: parts in the phone's order, members as rows, answers as columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from survey.domain.elections import Majority
from survey.domain.papers import Paper, Target, targets
from survey.domain.questionnaires import Audience, Kind, Question, Questionnaire, Section
from survey.domain.scheme_parts import Validity
from survey.domain.units import Member, Unit
from survey.office.words import Say, chinese, mark

# Rows left empty where no unit is chosen.
BLANK_ROWS = 12
_ORDINALS = mark("一 二 三 四 五 六 七 八 九 十")
_NUMBERED = mark("%(number)s、%(heading)s")
_MEMBERS = mark("评党员")
_ONE, _MOST, _BETWEEN, _ANY = (
    mark("选一个"),
    mark("最多选 %(most)s 个"),
    mark("选 %(least)s 到 %(most)s 个"),
    mark("可选几个"),
)
_SCORE, _DAY, _RANGE = mark("0 到 100 分"), mark("____年__月__日"), mark("%(low)s 到 %(high)s")
_LEAST_NUMBER, _MOST_NUMBER = mark("不小于 %(low)s"), mark("不大于 %(high)s")
_IF = mark("第 %(n)s 题选“%(answers)s”的人答")
_MUST = mark("必答")
_PAUSE = mark("、")
_WRITTEN = mark("另写 ____________")
_SEATS = mark("应选 %(n)s 名")
_MAJORITIES: Mapping[Majority, str] = {
    Majority.NONE: mark("得票多的当选"),
    Majority.HALF_VALID: mark("得票要超过有效票数的一半"),
    Majority.HALF_PRESENT: mark("得票要超过实到人数的一半"),
    Majority.HALF_DUE: mark("得票要超过应到人数的一半"),
    Majority.TWO_THIRDS_VALID: mark("得票要到有效票数的三分之二"),
    Majority.TWO_THIRDS_PRESENT: mark("得票要到实到人数的三分之二"),
    Majority.TWO_THIRDS_DUE: mark("得票要到应到人数的三分之二"),
}
_ASIDE = mark("（%(hint)s）")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: answers to tick, or room to write (`unit` behind it, `lines` of it for words). `hints` are in brackets."""

    number: int
    text: str
    hints: tuple[str, ...]
    answers: tuple[str, ...] = ()
    unit: str = ""
    lines: int = 0
    scale: str = ""

    @property
    def title(self) -> str:
        """The number and the words."""
        return f"{self.number}. {self.text}"


@dataclass(frozen=True, slots=True)
class Ratings:
    """Questions one below the other with the same answers beside them."""

    asks: tuple[Ask, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """Members one below the other with the answers to each question beside them. A row is a name and a position."""

    rows: tuple[tuple[str, str], ...]
    asks: tuple[Ask, ...]
    title: str = ""


Block = Ask | Ratings | People


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading."""

    heading: str
    note: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PaperForm:
    """The whole form. `unit` is empty where its name is to be written; `validity` is how much must be answered to count."""

    title: str
    unit: str
    has_unit: bool
    parts: tuple[Part, ...]
    validity: Validity = Validity.ANY


def paper_form(
    form: Questionnaire, unit: Unit | None, members: Sequence[Member], *, kinds: Mapping[str, str], say: Say = chinese
) -> PaperForm:
    """The form for a unit and its members, or with room for any.

    Raises
    ------
    NoSection, BadField
        The form does not fit this unit: see `papers.targets`.
    """
    found = targets(form, [(unit, members)], kinds) if unit else tuple(_blank(form))
    return PaperForm(form.title, unit.name if unit else "", not form.is_survey, tuple(_parts(form, found, say)))


def frozen_form(paper: Paper, say: Say = chinese) -> PaperForm:
    """The form of a meeting's frozen paper: what the phone asks, each unit under its own name."""
    sections = tuple(
        replace(section, questions=tuple(q for q in section.questions if paper.texts or q.kind is not Kind.OPINION))
        for section in paper.sections
    )
    form = Questionnaire("", paper.questionnaire, paper.scales, sections)
    return PaperForm(paper.title, "", False, tuple(_parts(form, paper.targets, say, named=True)), paper.validity)


def _parts(form: Questionnaire, found: Sequence[Target], say: Say, *, named: bool = False) -> Iterator[Part]:
    sections = {section.key: section for section in form.sections}
    for number, run in enumerate(_runs(found), start=1):
        heading, note = _heading(run, sections, say)
        if named and run[0].audience is Audience.UNIT:
            heading, note = run[0].label, note or heading
        yield Part(_numbered(number, heading, say), note, tuple(_blocks(form, run, sections, say)))


def _blank(form: Questionnaire) -> Iterator[Target]:
    """One target for each section; a member's stands for as many rows as are left empty."""
    order = (Audience.UNIT, Audience.MEMBER, Audience.GENERAL)
    for section in sorted(form.sections, key=lambda each: order.index(each.audience)):
        label = section.title if section.audience is Audience.GENERAL else ""
        rows = BLANK_ROWS if section.audience is Audience.MEMBER else 1
        yield from (Target(f"{section.key}{n}", section.audience, label, "", section.key) for n in range(rows))


def _runs(found: Sequence[Target]) -> Iterator[list[Target]]:
    """Targets under one heading, as on the phone: members in a row share one."""
    numbered = list(enumerate(found))
    for _key, run in groupby(numbered, lambda each: "member" if each[1].audience is Audience.MEMBER else each[0]):
        yield [target for _, target in run]


def _heading(run: Sequence[Target], sections: Mapping[str, Section], say: Say) -> tuple[str, str]:
    section = sections[run[0].section]
    if run[0].audience is not Audience.MEMBER:
        return section.title, section.help
    alike = len({target.section for target in run}) == 1
    return (section.title, section.help) if alike else (say(_MEMBERS), "")


def _blocks(form: Questionnaire, run: Sequence[Target], sections: Mapping[str, Section], say: Say) -> Iterator[Block]:
    if run[0].audience is Audience.MEMBER:
        keys = list(dict.fromkeys(target.section for target in run))
        for key in keys:
            rows = tuple((target.label, target.note) for target in run if target.section == key)
            title = sections[key].title if len(keys) > 1 else ""
            yield People(rows, tuple(_asks(form, sections[key], say)), title)
        return
    asks = list(_asks(form, sections[run[0].section], say))
    for scale, some in groupby(asks, lambda ask: ask.scale or f"{ask.number}"):
        alike = tuple(some)
        if len(alike) > 1 and scale:
            yield Ratings(alike, alike[0].answers)
        else:
            yield from alike


def _asks(form: Questionnaire, section: Section, say: Say) -> Iterator[Ask]:
    numbers = {question.key: number for number, question in enumerate(section.questions, start=1)}
    known = {question.key: question for question in section.questions}
    for question in section.questions:
        hints = [question.help] if question.help else []
        if question.show_if and question.show_if.question in known:
            answers = _answers(form, known[question.show_if.question])
            chosen = [answers[option] for option in question.show_if.options if option in answers]
            hints.append(say(_IF) % {"n": numbers[question.show_if.question], "answers": say(_PAUSE).join(chosen)})
        hints += [say(_MUST)] if question.required else []
        hints += _electing(question, say)
        ask = _ask(form, question, numbers[question.key], hints, say)
        yield replace(ask, hints=tuple(say(_ASIDE) % {"hint": hint} for hint in ask.hints))


def _ask(form: Questionnaire, question: Question, number: int, hints: list[str], say: Say) -> Ask:
    labels = tuple(_answers(form, question).values())
    match question.kind:
        case Kind.RATING:
            return Ask(
                number, question.text, tuple(hints), labels, scale=question.scale if not question.show_if else ""
            )
        case Kind.CHOICE:
            return Ask(number, question.text, (_choosing(question, say), *hints), labels + _boxes(question, say))
        case Kind.SCORE:
            return Ask(number, question.text, tuple(hints), unit=say(_SCORE))
        case Kind.NUMBER:
            return Ask(number, question.text, (*_limits(question, say), *hints), unit=" ")
        case Kind.DATE:
            return Ask(number, question.text, (*_limits(question, say), *hints), unit=say(_DAY))
    return Ask(number, question.text, tuple(hints), lines=3)


def _electing(question: Question, say: Say) -> tuple[str, ...]:
    election = question.election
    seats = (say(_SEATS) % {"n": election.seats},) if election.seats else ()
    return (*seats, say(_MAJORITIES[election.majority])) if election.elects else ()


def _boxes(question: Question, say: Say) -> tuple[str, ...]:
    return (say(_WRITTEN),) * question.election.write_ins if question.kind is Kind.CHOICE else ()


def _answers(form: Questionnaire, question: Question) -> dict[int, str]:
    """What is offered, by what a ballot holds."""
    if question.kind is Kind.RATING:
        scale = next((each for each in form.scales if each.key == question.scale), None)
        return {option.code: option.label for option in scale.options} if scale else {}
    return dict(enumerate(question.candidates))


def _choosing(question: Question, say: Say) -> str:
    facts = {"least": question.least, "most": question.choose}
    if question.choose == 1:
        return say(_ONE)
    if question.least:
        return say(_BETWEEN) % facts
    return say(_ANY) if question.choose >= question.offered else say(_MOST) % facts


def _limits(question: Question, say: Say) -> tuple[str, ...]:
    def show(bound: int | None) -> object:
        return date.fromordinal(bound).isoformat() if question.kind is Kind.DATE and bound is not None else bound

    facts = {"low": show(question.low), "high": show(question.high)}
    if question.low is not None and question.high is not None:
        return (say(_RANGE) % facts,)
    if question.low is not None:
        return (say(_LEAST_NUMBER) % facts,)
    return (say(_MOST_NUMBER) % facts,) if question.high is not None else ()


def _numbered(number: int, heading: str, say: Say) -> str:
    ordinals = say(_ORDINALS).split(" ")
    return say(_NUMBERED) % {"number": ordinals[number - 1] if number <= len(ordinals) else number, "heading": heading}
