"""Any questionnaire at all, and any way a person may fill it: Hypothesis strategies that every round trip shares."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from hypothesis import strategies as st

from survey.domain.elections import MOST_SEATS, Election, Majority, Order, Pool
from survey.domain.papers import Paper
from survey.domain.questionnaires import (
    Audience,
    Condition,
    Kind,
    Option,
    Purpose,
    Question,
    Questionnaire,
    Role,
    Scale,
    Section,
)
from survey.domain.results import ANSWERED
from survey.domain.texts import line
from survey.domain.units import MemberKind, Sector

MOST_SECTIONS = 4
MOST_QUESTIONS = 5
# What spreadsheets, pages and files are most likely to trip over.
_AWKWARD = (
    "=1+1",
    "@cmd",
    "<b>粗</b>",
    '"双引号"',
    "a,b;c",
    "否",
    "TRUE",
    "007",
    "1e5",
    "${age}",
    "很 满 意",
    "𠮷野家",
    "\\n",
    "%(n)s",
)
# Names as they are typed, and as they are counted.
NAMES = {
    "王大锤": "王大锤",
    " 欧阳 娜娜": "欧阳娜娜",
    "阿不都•买买提": "阿不都·买买提",
    "Ann  Lee": "Ann Lee",
}
_KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True)
_DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.toordinal)


def lines(most: int) -> st.SearchStrategy[str]:
    """One line of text that a questionnaire may hold."""
    free = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=min(most, 12))
    return st.one_of(st.sampled_from(_AWKWARD), free.map(line).filter(bool))


def _keys(n: int) -> st.SearchStrategy[list[str]]:
    return st.lists(_KEYS, min_size=n, max_size=n, unique=True)


@st.composite
def scales(draw: st.DrawFn, key: str) -> Scale:
    """A scale with any roles in any order, points or none, codes in any order."""
    n = draw(st.integers(2, 6))
    codes = draw(st.lists(st.integers(0, 250), min_size=n, max_size=n, unique=True))
    labels = draw(st.lists(lines(60), min_size=n, max_size=n, unique=True))
    points = st.none() | st.integers(-10_000, 10_000).map(lambda tenths: tenths / 10)
    options = [
        Option(code, label, draw(st.sampled_from(Role)), draw(points))
        for code, label in zip(codes, labels, strict=True)
    ]
    return Scale(key, draw(lines(60)), tuple(options))


def elections(most: int, *, choose: int = 0, pools: Sequence[Pool] = (Pool.TYPED,)) -> st.SearchStrategy[Election]:
    """No rule, or any rule for as many seats; of a choice also order, pool and written names."""
    seats, majorities = st.integers(0, most), st.sampled_from(Majority)
    if not choose:
        return st.just(Election()) | st.builds(Election, seats, majorities)
    orders, written = st.sampled_from(Order), st.integers(0, min(choose, 3))
    return st.just(Election()) | st.builds(Election, seats, majorities, orders, st.sampled_from(pools), written)


@st.composite
def _conditions(draw: st.DrawFn, before: Sequence[Question], known: dict[str, Scale]) -> Condition | None:
    askable = [q for q in before if q.kind in (Kind.RATING, Kind.CHOICE) and not q.election.pool]
    if not askable or not draw(st.booleans()):
        return None
    asked = draw(st.sampled_from(askable))
    rated = asked.kind is Kind.RATING
    offered = [option.code for option in known[asked.scale].options] if rated else list(range(len(asked.candidates)))
    return Condition(asked.key, tuple(draw(st.lists(st.sampled_from(offered), min_size=1, unique=True))))


@st.composite
def questions(
    draw: st.DrawFn, key: str, known: dict[str, Scale], before: Sequence[Question] = (), *,
    pools: Sequence[Pool] = (Pool.TYPED,),
) -> Question:
    """One question of any kind; `before` are those a condition may name, `pools` where candidates may come from."""
    kind = draw(st.sampled_from(Kind))
    more: dict[str, object] = {}
    if kind is Kind.RATING:
        more["scale"] = draw(st.sampled_from(sorted(known)))
    if kind is Kind.CHOICE:
        candidates = draw(st.lists(lines(100), min_size=2, max_size=6, unique=True))
        choose = draw(st.integers(1, len(candidates)))
        more |= {"candidates": tuple(candidates), "choose": choose, "least": draw(st.integers(0, choose))}
    if kind in (Kind.NUMBER, Kind.DATE):
        value = st.integers(-1_000_000_000, 1_000_000_000) if kind is Kind.NUMBER else _DAYS
        low, high = sorted((draw(value), draw(value)))
        more |= {"low": draw(st.sampled_from((None, low))), "high": draw(st.sampled_from((None, high)))}
    if kind is Kind.RATING and any(option.role is Role.SATISFIED for option in known[str(more["scale"])].options):
        more["election"] = draw(elections(MOST_SEATS))
    if kind is Kind.CHOICE:
        election = draw(elections(len(candidates), choose=choose, pools=pools))
        more["election"] = election
        if election.pool:
            more["candidates"] = ()
    return Question(
        key,
        kind,
        draw(lines(500)),
        required=draw(st.booleans()),
        help=draw(st.just("") | lines(500)),
        show_if=draw(_conditions(before, known)),
        **more,  # type: ignore[arg-type]
    )


@st.composite
def _sections(
    draw: st.DrawFn, key: str, audience: Audience, known: dict[str, Scale], *, pools: Sequence[Pool]
) -> Section:
    asked: list[Question] = []
    for each in draw(st.integers(1, MOST_QUESTIONS).flatmap(_keys)):
        asked.append(draw(questions(each, known, asked, pools=pools)))
    names: dict[Audience, list[str]] = {Audience.UNIT: [*Sector], Audience.MEMBER: [*MemberKind]}
    only = draw(st.lists(st.sampled_from(names[audience]), max_size=2, unique=True)) if audience in names else []
    return Section(key, draw(lines(100)), audience, tuple(asked), tuple(map(str, only)), draw(st.just("") | lines(500)))


@st.composite
def questionnaires(
    draw: st.DrawFn, *, rated: bool | None = None, pools: Sequence[Pool] = (Pool.TYPED,)
) -> Questionnaire:
    """Any questionnaire that is whole. `rated`: True has a section about units or members, False has none (a plain survey).

    The last section of each audience is for everybody, so that each target finds one. `pools` are where the candidates of
    a choice may come from.
    """
    known = {key: draw(scales(key)) for key in draw(st.integers(1, 3).flatmap(_keys))}
    choices = [Audience.GENERAL] if rated is False else list(Audience)
    audiences = draw(st.lists(st.sampled_from(choices), min_size=1, max_size=MOST_SECTIONS))
    if rated and not set(audiences) & {Audience.UNIT, Audience.MEMBER}:
        audiences[0] = draw(st.sampled_from((Audience.UNIT, Audience.MEMBER)))
    keys = draw(_keys(len(audiences)))
    made = [draw(_sections(key, audience, known, pools=pools)) for key, audience in zip(keys, audiences, strict=True)]
    last = {section.audience: section.key for section in made}
    whole = [
        Section(s.key, s.title, s.audience, s.questions, () if last[s.audience] == s.key else s.only, s.help)
        for s in made
    ]
    purpose = draw(st.sampled_from(("", *map(str, Purpose))))
    if rated is False:
        # Whoever elects anybody is no plain survey.
        whole = [replace(s, questions=tuple(replace(q, election=Election()) for q in s.questions)) for s in whole]
    return Questionnaire(
        draw(_KEYS), draw(lines(100)), tuple(known.values()), tuple(whole), draw(st.just("") | lines(100)), purpose
    )


@dataclass(frozen=True, slots=True)
class Filling:
    """One ballot as a person fills it: form fields as a browser sends them, and what ought to be counted, by hand: each
    (target, question, code) that is marked, each opinion as (target, question, text), and each written name likewise."""

    fields: dict[str, list[str]]
    marks: frozenset[tuple[str, str, int]]
    opinions: frozenset[tuple[str, str, str]]
    names: frozenset[tuple[str, str, str]] = frozenset()


@st.composite
def fillings(draw: st.DrawFn, paper: Paper) -> Filling:
    """Any way to fill a paper that the box takes: blanks, hidden answers that must not count, all the rest."""
    fields: dict[str, list[str]] = {}
    marks: set[tuple[str, str, int]] = set()
    opinions: set[tuple[str, str, str]] = set()
    written: set[tuple[str, str, str]] = set()
    for t, target in enumerate(paper.targets):
        chosen: dict[str, list[int]] = {}
        for q, question in enumerate(paper.questions(target)):
            shown = question.show_if is None or any(
                code in question.show_if.options for code in chosen.get(question.show_if.question, [])
            )
            sent, codes, text = draw(_answers(paper, question, must=shown and question.required))
            if sent:
                fields[f"{t}.{q}"] = sent
            names = draw(_written(paper, question, ticks=len(codes)))
            fields.update({f"{t}.{q}.w{n}": [typed] for n, typed in enumerate(names, start=1)})
            if shown:
                chosen[question.key] = codes if question.kind in (Kind.RATING, Kind.CHOICE) else []
                marks.update((target.key, question.key, code) for code in codes)
                written.update((target.key, question.key, NAMES[typed]) for typed in names)
                several = question.kind is Kind.CHOICE and (question.choose > 1 or paper.write_ins(question))
                if several and (codes or names):
                    marks.add((target.key, question.key, ANSWERED))
                if text:
                    opinions.add((target.key, question.key, text))
    return Filling(fields, frozenset(marks), frozenset(opinions), frozenset(written))


@st.composite
def _written(draw: st.DrawFn, paper: Paper, question: Question, *, ticks: int) -> list[str]:
    """Names as they are typed beside so many ticks."""
    most = min(paper.write_ins(question), question.choose - ticks)
    names = draw(st.lists(st.sampled_from(sorted(NAMES)), max_size=max(most, 0), unique=True))
    return names if ticks + len(names) >= question.least else []


@st.composite
def _answers(draw: st.DrawFn, paper: Paper, question: Question, *, must: bool) -> tuple[list[str], list[int], str]:
    """An answer as it is sent, the codes it counts as, and its text."""
    if not must and draw(st.integers(0, 3)) == 0:
        return [], [], ""
    if question.kind is Kind.OPINION:
        text = draw(st.sampled_from(("挺好。", "路灯不亮", "=1+1", "<script>", "no, thanks", "一行\n两行")))
        return [text], [], text
    if question.kind is Kind.CHOICE:
        least = max(1, question.least)
        picked = draw(
            st.lists(
                st.integers(0, len(question.candidates) - 1), min_size=least, max_size=question.choose, unique=True
            )
        )
        return [str(code) for code in picked], picked, ""
    if question.kind is Kind.RATING:
        code = draw(st.sampled_from([option.code for option in paper.scale(question).options]))
        return [str(code)], [code], ""
    if question.kind is Kind.SCORE:
        score = draw(st.integers(0, 100))
        return [str(score)], [score], ""
    value = draw(st.integers(*question.bounds))
    if question.kind is Kind.NUMBER:
        return [str(value)], [value], ""
    day = date.fromordinal(value)
    return [draw(st.sampled_from((day.isoformat(), f"{day.year}年{day.month}月{day.day}日")))], [value], ""
