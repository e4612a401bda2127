"""A township of plainly invented people, and how they answer: the same every time, by a seeded randomness."""

from collections.abc import Iterator
from random import Random

from survey.domain.papers import Paper
from survey.domain.questionnaires import Audience, Kind
from survey.domain.rosters import RosterLine
from survey.domain.units import MEMBER_KINDS, SECTORS, MemberKind, Sector

COMMITTEE = "青山镇党委"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
_NUMERALS = "一二三四五六七八九十"
# 王八 is a swear word, and 周一 to 周六 are days of the week.
_NO_NAMES = frozenset({"王八", "周一", "周二", "周三", "周四", "周五", "周六"})
_BRANCHES: tuple[tuple[Sector, tuple[str, ...]], ...] = (
    (Sector.RURAL, ("东坡村", "西河村", "南湾村", "北岭村", "上桥村", "下桥村", "柳树村", "石塘村")),
    (Sector.STREET, ("青山社区", "河畔社区", "新街社区")),
    (Sector.OFFICE, ("镇机关", "财政所", "卫生院")),
    (Sector.SCHOOL, ("中心小学", "青山中学")),
    (Sector.STATE_ENTERPRISE, ("供水站", "机修车间", "粮站")),
    (Sector.NEW_ORGANISATION, ("果品合作社", "养老服务中心", "电商协会")),
)
RATED = "机修车间党支部"
VISITED = "粮站党支部"
_MEMBERS = {RATED: 24, VISITED: 6}
_OPINIONS = (
    "会议可以再短一些，多留时间听大家说。",
    "希望公开承诺每季度贴出来，让大家看得到。",
    "值班室的灯坏了很久，请帮忙修一修。",
    "年轻同志多，建议多组织学习。",
    "办事比以前快了。",
)


def branches() -> tuple[tuple[str, Sector], ...]:
    """Names and sectors of the 22 branches."""
    return tuple((f"{name}党支部", sector) for sector, names in _BRANCHES for name in names)


def roster() -> tuple[RosterLine, ...]:
    """About 480 members of 22 branches, as the rows of a member list."""
    random = Random(1921)
    names = _names()
    lines: list[RosterLine] = []
    for branch, sector in branches():
        for place in range(_MEMBERS.get(branch, random.randint(19, 26))):
            position = {0: "支部书记", 1: "组织委员", 2: "宣传委员"}.get(place, "")
            kind = MemberKind.WORKING if place < 3 else random.choices(list(MemberKind), (1, 12, 4, 2, 2))[0]
            number = len(lines) + 2
            lines.append(
                RosterLine(
                    number,
                    next(names),
                    branch,
                    code=f"QS{number:04d}",
                    kind=MEMBER_KINDS[kind],
                    position=position,
                    sector=SECTORS[sector],
                )
            )
    return tuple(lines)


def answers(paper: Paper, random: Random) -> dict[str, list[str]]:
    """One invented evaluator's answers, by field: kind on the whole, hard on some, silent now and then."""
    mood = random.gauss(0, 0.5)
    found: dict[str, list[str]] = {}
    for name, (t, q) in paper.fields.items():
        target = paper.targets[t]
        question = paper.questions(target)[q]
        if question.kind is Kind.RATING:
            found[name] = [
                str(_rating(mood + _merit(target.key, q), random, member=target.audience is Audience.MEMBER))
            ]
        elif question.kind is Kind.OPINION and random.random() < 0.2:
            found[name] = [random.choice(_OPINIONS)]
        if random.random() < 0.01:
            found.pop(name, None)
    return found


def _merit(key: str, question: int) -> float:
    """How well a target does at a question: fixed by its key, so that people agree more or less."""
    return Random(f"{key}/{question}").gauss(0, 0.35) + Random(key).gauss(0, 0.6)


def _rating(lean: float, random: Random, *, member: bool) -> int:
    if member and random.random() < 0.04:
        return 3
    draw = random.gauss(lean, 0.6)
    return 0 if draw > -0.7 else 1 if draw > -1.6 else 2


def _names() -> Iterator[str]:
    for numeral in _NUMERALS:
        for surname in _SURNAMES:
            if surname + numeral not in _NO_NAMES:
                yield surname + numeral
