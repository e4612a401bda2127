"""Plain surveys for tests: a form with every kind of question, answers drawn by lot, and a survey of a branch."""

from collections.abc import Mapping
from random import Random

from survey.actions import ballots, meetings, slips
from survey.actions.house import House
from survey.domain.ballots import fill
from survey.domain.meetings import Entry
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
from survey.domain.slips import Way
from survey.store import meetings as kept
from tests.conftest import NOW, TODAY, Hall, make_people

WORDS = ("路灯常常不亮", "=1+1", "希望多开几班车；周末也要", "-- 没有 --", "第一行\n第二行")
_LEVELS = (("满意", Role.SATISFIED), ("一般", Role.BASIC), ("不满意", Role.UNSATISFIED), ("不清楚", Role.UNKNOWN))


def survey_form(*, texts: bool = True) -> Questionnaire:
    """Every kind of question in two general parts; the fourth question is asked only of who chose the bus."""
    scale = Scale("level", "等级", tuple(Option(i, label, role) for i, (label, role) in enumerate(_LEVELS)))
    first = (
        Question("bus", Kind.CHOICE, "您怎么上班", candidates=("公交车", "骑车", "走路"), choose=1, required=True),
        Question("needs", Kind.CHOICE, "最需要办的事", candidates=("修路灯", "加车次", "建车棚"), choose=3),
        Question("light", Kind.RATING, "路灯亮不亮", "level"),
        Question("wait", Kind.NUMBER, "等车要几分钟", low=0, high=120, show_if=Condition("bus", (0,))),
    )
    more = (Question("score", Kind.SCORE, "总体打分"), Question("day", Kind.DATE, "哪一天停过电"))
    said = (Question("word", Kind.OPINION, "还想说什么"),) if texts else ()
    sections = (
        Section("one", "出行", Audience.GENERAL, first),
        Section("two", "其他", Audience.GENERAL, (*more, *said)),
    )
    return Questionnaire("travel", "职工出行问卷", (scale,), sections, purpose=Purpose.SURVEY)


def make_survey(
    house: House,
    *,
    form: Questionnaire | None = None,
    groups: tuple[tuple[str, int, int], ...] = (("答卷人", 12, 12),),
    entry: Entry = Entry.SLIPS,
    open_box: bool = True,
) -> Hall:
    """An open survey of the branch 机修车间党支部 with its slips made."""
    hall = make_people(house, members=2)
    begin(hall, form=form, groups=groups, entry=entry, open_box=open_box)
    return hall


def begin(
    hall: Hall,
    *,
    form: Questionnaire | None = None,
    groups: tuple[tuple[str, int, int], ...] = (("答卷人", 12, 12),),
    entry: Entry = Entry.SLIPS,
    open_box: bool = True,
) -> None:
    """A survey for people who are there already; `hall` is about it from then on."""
    house = hall.house
    new = meetings.NewMeeting(hall.branch, TODAY, "", entry, groups, questionnaire=form or survey_form())
    hall.meeting, hall.codes = meetings.create(house, new, by=hall.secretary, now=NOW), {}
    if open_box:
        hall.scrutineer = meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
    with house.store.read() as db:
        made = kept.get(db, hall.meeting).groups
    for group in made if open_box and entry is Entry.SLIPS else ():
        codes = slips.issue(house, hall.meeting, group.id, n=group.present, way=Way.SHEET, by=hall.secretary, now=NOW)
        hall.codes[group.id] = list(codes)


def paper_of(house: House, code: str) -> Paper:
    """The paper behind a code."""
    return house.paper(ballots.look(house, code).paper or "")


def drawn(paper: Paper, random: Random) -> dict[str, list[str]]:
    """Answers by lot: something that fits each question, or nothing where it is free."""
    given: dict[str, list[str]] = {}
    for name, (t, q) in paper.fields.items():
        question = paper.questions(paper.targets[t])[q]
        if question.required or random.random() < 0.8:
            given[name] = {
                Kind.RATING: lambda: [str(random.randrange(4))],
                Kind.SCORE: lambda: [str(random.randrange(101))],
                Kind.CHOICE: lambda: _ticked(question, random),  # noqa: B023
                Kind.NUMBER: lambda: [str(random.randrange(121))],
                Kind.DATE: lambda: [f"2026-0{random.randint(1, 9)}-1{random.randrange(10)}"],
                Kind.OPINION: lambda: [random.choice(WORDS)],
            }[question.kind]()
    fill(paper, given)
    return given


def _ticked(question: Question, random: Random) -> list[str]:
    chosen = random.sample(range(len(question.candidates)), random.randint(1, question.choose))
    return [str(place) for place in chosen]


def answer(hall: Hall, n: int, *, seed: int = 1) -> list[Mapping[str, list[str]]]:
    """The first `n` slips of the survey, group after group, answered by lot; what was answered, in the order of voting."""
    random = Random(seed)
    codes = [code for each in hall.codes.values() for code in each][:n]
    said = [drawn(paper_of(hall.house, code), random) for code in codes]
    for code, given in zip(codes, said, strict=True):
        ballots.cast(hall.house, code, given)
    return said


def finish(hall: Hall) -> None:
    """Close and count."""
    hall.close()
    hall.count()
