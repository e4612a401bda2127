"""Meetings for the phone: a branch of 24, and a questionnaire with every kind of question."""

from datetime import date

from survey.actions import ballots, meetings, slips, units
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.domain.papers import Paper
from survey.domain.questionnaires import (
    Audience,
    Condition,
    Kind,
    Option,
    Question,
    Questionnaire,
    Role,
    Scale,
    Section,
)
from survey.domain.rosters import RosterLine
from survey.domain.rounds import Scheme
from survey.domain.slips import Way
from survey.store import meetings as kept
from survey.store import questionnaires, rounds
from tests.conftest import NOW, Hall, make_meeting

SURNAMES = "张李王赵孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施曹"
GIVEN = "建国志强秀英海燕明华国庆"
POSITIONS = ("支部委员", "支部委员")
_MARKS = (Role.SATISFIED, Role.SATISFIED, Role.BASIC, Role.UNSATISFIED, Role.UNSATISFIED, Role.UNKNOWN)
_WORDS = ("很满意", "满意", "基本满意", "不太满意", "很不满意", "不了解")


def members(n: int) -> list[str]:
    """Plainly invented names, all different."""
    return [SURNAMES[i % len(SURNAMES)] + GIVEN[(i + i // 24) % 6 * 2 :][:2] for i in range(n)]


def every_kind() -> Questionnaire:
    """Six levels, two levels, a score, a choice, required questions, an opinion on the branch and one at the end."""
    six = Scale("six", "六级", tuple(Option(c, w, r) for c, (w, r) in enumerate(zip(_WORDS, _MARKS, strict=True))))
    two = Scale("two", "是否", (Option(0, "是", Role.SATISFIED), Option(1, "否", Role.UNSATISFIED)))
    unit = (
        Question("a", Kind.RATING, "工作有成效", "six"),
        Question("b", Kind.RATING, "群众能参与", "six"),
        Question("c", Kind.RATING, "承诺是否兑现", "two", required=True),
        Question("d", Kind.SCORE, "总体打分"),
        Question("e", Kind.OPINION, "对支部的意见"),
    )
    person = (Question("f", Kind.RATING, "作用发挥", "six"), Question("g", Kind.SCORE, "打分"))
    general = (
        Question("h", Kind.CHOICE, "最该先办的事", candidates=("修路灯", "通班车", "建食堂", "办夜校"), choose=2),
        Question("i", Kind.OPINION, "别的话"),
    )
    return Questionnaire(
        "kinds",
        "各种题目",
        (six, two),
        (
            Section("unit", "评支部", Audience.UNIT, unit),
            Section("member", "评党员", Audience.MEMBER, person),
            Section("general", "征求意见", Audience.GENERAL, general),
        ),
    )


def whole_form() -> Questionnaire:
    """Every kind of question there is: help, conditions one upon the other, bounds, ticks, a scale with 弃权, two general parts."""
    marks = zip(("满意", "基本满意", "不满意", "不了解", "弃权"), Role, (100, 60, 0, None, None), strict=True)
    five = Scale("five", "五种", tuple(Option(c, w, r, p) for c, (w, r, p) in enumerate(marks)))
    why = Question("why", Kind.CHOICE, "哪里不满意", candidates=("学习", "服务", "纪律", "其他"), choose=4, show_if=Condition("rate", (1, 2)))
    unit = (
        Question("rate", Kind.RATING, "工作怎么样", "five", required=True, help="只看这个季度。"),
        why,
        Question("what", Kind.OPINION, "其他指什么", required=True, show_if=Condition("why", (3,))),
        Question("often", Kind.RATING, "多久见一次", "five", show_if=Condition("rate", (0,))),
        Question("rest", Kind.RATING, "说话算不算数", "five"),
    )
    person = (Question("f", Kind.RATING, "作用发挥", "five"), Question("g", Kind.SCORE, "打分", show_if=Condition("f", (0, 1))))
    about = (
        Question("age", Kind.CHOICE, "您的年龄段", candidates=("35 岁以下", "36 到 50 岁", "51 岁以上"), choose=1),
        Question("years", Kind.NUMBER, "您在这里工作几年", low=0, high=60, help="不满一年写 0。"),
        Question("degrees", Kind.NUMBER, "办公室冬天几度", low=-30, high=40),
        Question("since", Kind.DATE, "最近一次办事是哪一天", low=date(2020, 1, 1).toordinal(), high=date(2026, 12, 31).toordinal()),
    )
    last = (
        Question("first", Kind.CHOICE, "最该先办的事", candidates=("修路灯", "通班车", "建食堂", "办夜校"), choose=3, least=2),
        Question("any", Kind.OPINION, "别的话", help="不要写自己的姓名。"),
    )
    return Questionnaire(
        "whole",
        "全部题型",
        (five,),
        (
            Section("unit", "评支部", Audience.UNIT, unit, help="请按自己看到的来选。"),
            Section("member", "评党员", Audience.MEMBER, person),
            Section("about", "关于您", Audience.GENERAL, about, help="这些只用来分类，不用来找人。"),
            Section("last", "征求意见", Audience.GENERAL, last),
        ),
    )


def make_hall(
    house: House,
    *,
    n: int = 24,
    form: Questionnaire | None = None,
    groups: tuple[tuple[str, int, int], ...] = (("群众代表", 12, 10),),
    entry: Entry = Entry.SLIPS,
) -> Hall:
    """A meeting of a branch with `n` members (张三 leads it), open, its slips made; `form` may be a questionnaire of one's own."""
    hall = make_meeting(house, groups=groups, members=1, entry=entry, open_box=False)
    lines = [
        RosterLine(i + 2, name, "机修车间党支部", sector="国有企业", position=POSITIONS[i] if i < 2 else "")
        for i, name in enumerate(members(n - 1))
    ]
    units.take_over(house, lines, by=hall.secretary, now=NOW)
    if form is not None:
        with house.store.write() as db:
            own = questionnaires.keep(db, form)
            added = rounds.add(db, name=form.title, period="2026Q3", questionnaire=own, scheme=Scheme())
            kept.change(db, hall.meeting, {"round_id": added, "questionnaire_id": own})
    hall.scrutineer = meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
    if entry is Entry.SLIPS:
        with house.store.read() as db:
            made = kept.get(db, hall.meeting).groups
        for group in made:
            hall.codes[group.id] = list(
                slips.issue(house, hall.meeting, group.id, n=group.present, way=Way.SHEET, by=hall.secretary, now=NOW)
            )
    return hall


def paper_of(house: House, code: str) -> Paper:
    """The paper behind a code."""
    return house.paper(ballots.look(house, code).paper or "")


def satisfied(paper: Paper) -> dict[str, str]:
    """Every rating question answered with its first option."""
    return {
        name: "0" for name, (t, q) in paper.fields.items() if paper.questions(paper.targets[t])[q].kind is Kind.RATING
    }
