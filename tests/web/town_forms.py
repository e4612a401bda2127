"""What the people of a town type: their names and words, and the questionnaires they wrote themselves."""

from dataclasses import dataclass
from datetime import date

from survey.domain.elections import Election, Majority
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


@dataclass(frozen=True)
class Names:
    """What the people of a town type."""

    root: str
    branches: tuple[str, str]
    people: tuple[str, ...]
    position: str
    groups: tuple[str, str]
    place: str
    meeting: str
    words: tuple[str, ...]
    opinion: str
    reason: str


LATIN = Names(
    "Greenhill", ("Millworks branch", "Greenhill school branch"),
    ("Ann Archer", "Ben Baker", "Cara Cooper", "Dan Dyer", "Eve Easton"), "Chief", ("Workers", "Guests"), "Hall two", "Autumn meeting",
    ("Own form", "Grades", "Fine", "Fair", "Poor", "Unsure", "The branch", "Does it work", "Score it", "A word", "The people", "Is he kind",
     "At the end", "What first", "Lamp", "Bus", "Anything else", "Abstain", "What is poor", "Slow", "Rude", "As you saw it", "Years here",
     "Coldest day", "Last visit", "Only to sort answers", "About you"),
    "More light please", "Wrong slips",
)  # fmt: skip
CHINESE = Names(
    "青山镇党委", ("机修车间党支部", "青山小学党支部"), ("张三", "李四", "王五", "赵六", "孙七"), "书记", ("群众代表", "服务对象"), "二楼会议室", "秋季评议会",
    ("自己的问卷", "等级", "好", "较好", "差", "说不清", "评支部", "工作怎样", "打分", "一句话", "评党员", "待人怎样", "最后", "先办什么", "路灯", "班车", "别的话",
     "弃权", "差在哪里", "慢", "态度", "按自己看到的选", "来了几年", "最冷几度", "哪天来过", "只用来分类", "关于您"),
    "灯再亮一些", "发错了票签",
)  # fmt: skip


def own_form(names: Names) -> Questionnaire:
    """A questionnaire that somebody typed, with every kind of question, conditions, help and two general parts."""
    w = names.words
    labels = zip((*w[2:6], w[17]), Role, (100.0, 80.0, 0.0, None, None), strict=True)
    scale = Scale("own", w[1], tuple(Option(c, label, role, points) for c, (label, role, points) in enumerate(labels)))
    unit = (
        Question("a", Kind.RATING, w[7], "own", required=True, help=w[21]), Question("b", Kind.SCORE, w[8]), Question("c", Kind.OPINION, w[9]),
        Question("h", Kind.CHOICE, w[18], candidates=(w[19], w[20]), choose=2, show_if=Condition("a", (1, 2))),
    )  # fmt: skip
    people = (Question("d", Kind.RATING, w[11], "own"), Question("e", Kind.SCORE, w[8]))
    general = (Question("f", Kind.CHOICE, w[13], candidates=(w[14], w[15]), choose=1, election=Election(1, Majority.HALF_PRESENT, write_ins=1)), Question("g", Kind.OPINION, w[16]))
    about = (
        Question("i", Kind.NUMBER, w[22], low=0), Question("j", Kind.NUMBER, w[23], low=-40, high=40),
        Question("k", Kind.DATE, w[24], low=date(2020, 1, 1).toordinal()),
        Question("l", Kind.CHOICE, w[13], candidates=(w[14], w[15], w[16]), choose=3, least=2),
    )  # fmt: skip
    return Questionnaire(
        "own", w[0], (scale,),
        (Section("u", w[6], Audience.UNIT, unit), Section("m", w[10], Audience.MEMBER, people), Section("g", w[12], Audience.GENERAL, general),
         Section("n", w[26], Audience.GENERAL, about, help=w[25])),
    )  # fmt: skip


def own_survey(names: Names) -> Questionnaire:
    """A questionnaire that rates nobody, in two parts; the number is asked only after the first answer."""
    w, form = names.words, own_form(names)
    first = (
        Question("a", Kind.CHOICE, w[13], candidates=(w[14], w[15]), choose=1, required=True, help=w[7]),
        Question("b", Kind.NUMBER, w[8], low=0, high=99, show_if=Condition("a", (0,))), Question("c", Kind.RATING, w[7], "own"),
    )  # fmt: skip
    more = (Question("d", Kind.CHOICE, w[11], candidates=(w[14], w[15]), choose=2), Question("e", Kind.DATE, w[1]), Question("f", Kind.SCORE, w[8]), Question("g", Kind.OPINION, w[16]))
    return Questionnaire(
        "ask", w[0], form.scales, (Section("one", w[6], Audience.GENERAL, first), Section("two", w[12], Audience.GENERAL, more)), purpose="survey",
    )  # fmt: skip
