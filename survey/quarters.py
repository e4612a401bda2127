"""Three quarters of the township as they were: the invented truth that its published rounds must show.

Most branches stand where they stood. Three need help, each for a reason of its own: FALLING lost ground on one question
since the second quarter, LOW was never good at one question, SPLIT is thought well of by its members and badly by the workers.
BETTER rose from quarter to quarter, of FEW too few ballots came back in the third, and nobody ever said anything but 满意 of
PERFECT. One member is thought badly of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import Audience, Kind
from survey.domain.rounds import period

GROUPS = ("群众代表", "党员")
FALLING, LOW, SPLIT = "河畔社区党支部", "柳树村党支部", "卫生院党支部"
BETTER, FEW, PERFECT = "供水站党支部", "电商协会党支部", "财政所党支部"
# Which of the five questions about a branch, and what share of those who answer is satisfied, quarter by quarter.
FELL_ON, FELL = 2, (0.9, 0.6, 0.35)
LOW_ON, LOW_AT = 4, 0.35
ROSE = (0.55, 0.72, 0.9)
DIVIDED = {"群众代表": 0.45, "党员": 0.95}
# A member by his branch and his place on its paper.
BADLY_OF, BADLY_AT = ("南湾村党支部", 6), (0.2, 0.3)
# Present, and ballots that came back, by group; LAST is the quarter in which they were few.
PRESENT, RETURNED, LAST = (14, 9), (13, 8), 2
FEW_PRESENT, FEW_RETURNED = (6, 5), (2, 1)
_WORDS = {
    FALLING: ("公示栏两个月没有换过了。", "说好的例会常常改时间，今年有几次没有开成。"),
    LOW: ("群众找支部办事，要跑好几趟。", "提过的路灯问题一直没有回音。"),
    SPLIT: ("排队太久，窗口中午没有人。", "希望多听听病人和家属的意见。"),
    BETTER: ("停水会提前通知了，比年初好。",),
}
_COMMON = ("会议可以再短一些，多留时间听大家说。", "年轻同志多，建议多组织学习。", "办事比以前快了。")
# How often somebody does not know a member, leaves an answer open, writes a line; of those not satisfied, how many basically are.
_UNKNOWN, _OPEN, _SPOKEN, _BASIC = 0.03, 0.01, 0.1, 0.7
_UNKNOWN_CODE = 3


@dataclass(frozen=True, slots=True)
class Vote:
    """Whose ballots: of which branch, in which of the three quarters (0 to 2), of which group, and how many."""

    branch: str
    turn: int
    group: str
    ballots: int


def quarters(today: date) -> tuple[tuple[str, date, date], ...]:
    """The three quarters before today's, each as its key, first and last day."""
    now = 4 * today.year + (today.month - 1) // 3
    firsts = [date(at // 4, at % 4 * 3 + 1, 1) for at in range(now - LAST - 1, now + 1)]
    return tuple((period(first), first, after - timedelta(days=1)) for first, after in pairwise(firsts))


def attended(branch: str, turn: int, *, due: Mapping[str, int]) -> Mapping[str, tuple[int, int]]:
    """How many of those due were present and how many ballots came back, by group."""
    present, returned = (FEW_PRESENT, FEW_RETURNED) if (branch, turn) == (FEW, LAST) else (PRESENT, RETURNED)
    # All come where fewer are due; one of them keeps his slip, as elsewhere.
    return {
        name: (min(there, due[name]), min(back, due[name] - 1)) for name, there, back in zip(GROUPS, present, returned, strict=True)
    }


def answers(paper: Paper, vote: Vote) -> tuple[dict[str, list[str]], ...]:
    """The ballots of a group, each as the fields a phone sends: whoever is of better cheer is so throughout."""
    dice = Random(repr(vote))
    made: tuple[dict[str, list[str]], ...] = tuple({} for _ in range(vote.ballots))
    cheer = [dice.gauss(0, 1) for _ in made]
    places = _places(paper)
    owed: dict[str, list[float]] = {target.key: [0.0, 0.0] for target in paper.targets}
    for name, (t, q) in paper.fields.items():
        target = paper.targets[t]
        kind = paper.questions(target)[q].kind
        if kind is Kind.RATING:
            unknown = sum(dice.random() < _UNKNOWN for _ in made) if target.audience is Audience.MEMBER and vote.branch != PERFECT else 0
            marks = _marks(vote.ballots - unknown, _shares(vote, target, places[t], q), owed[target.key])
            for _ in range(unknown):
                marks.insert(dice.randint(0, len(marks)), _UNKNOWN_CODE)
            mood = [each + dice.gauss(0, 0.7) for each in cheer]
            for at, mark in zip(sorted(range(vote.ballots), key=mood.__getitem__, reverse=True), marks, strict=True):
                made[at][name] = [str(mark)]
        for each in made:
            if kind is Kind.OPINION and target.audience is not Audience.MEMBER and dice.random() < _SPOKEN:
                each[name] = [dice.choice(_WORDS.get(vote.branch, _COMMON))]
            elif kind is Kind.RATING and vote.branch != PERFECT and dice.random() < _OPEN:
                del each[name]
    return made


def _places(paper: Paper) -> list[int]:
    """The place of every target among the members after their branch; of the branch it is -1."""
    found: list[int] = []
    for target in paper.targets:
        found.append(found[-1] + 1 if found and target.audience is Audience.MEMBER else -1)
    return found


def _shares(vote: Vote, target: Target, place: int, question: int) -> tuple[float, float]:
    """What share of those who answer is satisfied, and what share basically."""
    if target.audience is Audience.MEMBER and (vote.branch, place) == BADLY_OF:
        return BADLY_AT
    share = _satisfied(vote, target, question)
    return share, (1 - share) * _BASIC


def _satisfied(vote: Vote, target: Target, question: int) -> float:
    if vote.branch == PERFECT:
        return 1.0
    if target.audience is Audience.UNIT:
        known = {(FALLING, FELL_ON): FELL[vote.turn], (LOW, LOW_ON): LOW_AT}
        if vote.branch == SPLIT:
            return DIVIDED[vote.group]
        if vote.branch == BETTER:
            return ROSE[vote.turn]
        if (vote.branch, question) in known:
            return known[vote.branch, question]
    # Fixed by the name, so that people agree from quarter to quarter, if not quite.
    who = f"{vote.branch}/{target.label}"
    swing = ((who, 0.045), ((who, question), 0.03), ((who, question, vote.turn), 0.02))
    return 0.88 + sum(Random(repr(seed)).uniform(-wide, wide) for seed, wide in swing)


def _marks(ballots: int, shares: tuple[float, float], owed: list[float]) -> list[int]:
    """Satisfied, basically satisfied, not satisfied, in this order; what rounding takes at one question it gives at the next."""
    marks: list[int] = []
    for code, share in enumerate(shares):
        wanted = share * ballots + owed[code]
        given = min(max(round(wanted), 0), ballots - len(marks))
        owed[code] = wanted - given
        marks += [code] * given
    return marks + [2] * (ballots - len(marks))
