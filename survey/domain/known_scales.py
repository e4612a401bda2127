"""Scales that people write without saying so: 满意/基本满意/不满意/不了解 and their like, with the role of every answer."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from survey.domain.questionnaires import Option, Role, Scale

# Ranks of the answers, best first: up to 2 satisfied, up to 4 basic, above unsatisfied.
_LAST_SATISFIED = 2
_LAST_BASIC = 4
_DEGREES: Mapping[int, tuple[str, ...]] = {
    0: ("非常", "很", "十分", "特别", "完全", "极其"), 1: ("",), 2: ("比较", "较", "较为"), 3: ("基本", "基本上"),
    5: ("不太", "比较不", "较不", "不大", "不够", "不怎么"), 6: ("不",), 7: ("很不", "非常不", "完全不", "极不", "十分不", "特别不"),
}  # fmt: skip
_STEMS = (
    "满意",
    "同意",
    "认同",
    "赞同",
    "符合",
    "认可",
    "支持",
    "重要",
    "放心",
    "信任",
    "方便",
    "称职",
    "合格",
    "胜任",
    "适应",
)
_GRADES: Mapping[int, tuple[str, ...]] = {
    0: ("优秀", "优", "非常好", "很好", "excellent", "very satisfied", "strongly agree", "very good", "completely satisfied"),
    1: ("好", "赞成", "达标", "satisfied", "agree", "good"),
    2: ("良好", "良", "较好", "比较好", "somewhat satisfied", "somewhat agree", "mostly satisfied"),
    3: ("基本达标",),
    4: ("一般", "中", "中等", "中立", "普通", "尚可", "还行", "一般般", "及格", "neutral", "fair", "average", "neither agree nor disagree",
        "neither satisfied nor dissatisfied", "okay", "ok"),
    5: ("较差", "比较差", "不太好", "somewhat dissatisfied", "somewhat disagree"),
    6: ("差", "不好", "反对", "不及格", "不达标", "dissatisfied", "unsatisfied", "not satisfied", "disagree", "poor", "bad"),
    7: ("很差", "非常差", "极差", "very dissatisfied", "very unsatisfied", "strongly disagree", "very poor", "very bad"),
}  # fmt: skip
_UNKNOWN = frozenset((
    "不了解", "不清楚", "不知道", "说不清", "说不清楚", "不熟悉", "不适用", "不好说", "不确定", "无法评价", "不便评价", "未接触",
    "don't know", "dont know", "do not know", "don’t know", "not sure", "not applicable", "n/a", "na", "no opinion", "unsure",
))  # fmt: skip
_ABSTAIN = frozenset(("弃权", "弃权票", "abstain", "prefer not to say", "prefer not to answer"))
_RANKS = {degree + stem: rank for rank, degrees in _DEGREES.items() for degree, stem in product(degrees, _STEMS)} | {
    word: rank for rank, words in _GRADES.items() for word in words
}
_POINTS: Mapping[int, tuple[float, ...]] = {
    1: (100,), 2: (100, 0), 3: (100, 80, 0), 4: (100, 80, 60, 0), 5: (100, 80, 60, 30, 0),
}  # fmt: skip
# The letters of these words as they are written elsewhere.
_SIMPLE = str.maketrans("滿較極認適應說瞭優贊當", "满较极认适应说了优赞当")
_ASIDE = re.compile(r"\s*[（(][^（）()]*[)）]\s*$")
_WORTH = re.compile(r"\s*[（(]\s*(\d{1,3})\s*分?\s*[）)]\s*$")


def known(labels: Sequence[str]) -> tuple[Option, ...]:
    """These answers as options of a scale, best first and with roles; () when they are no scale that everybody knows.

    Points are those written behind the answers, or what is usual for so many levels.
    """
    ranks = [_rank(label) for label in labels]
    rated = sorted({rank for rank in ranks if isinstance(rank, int)})
    if None in ranks or len(rated) < 2 or rated[0] > _LAST_BASIC - 1 or rated[-1] < _LAST_BASIC:
        return ()
    return _options(list(zip(labels, ranks, strict=True)))


def is_known(label: str) -> bool:
    """Whether this is an answer of a scale that everybody knows."""
    return _rank(label) is not None


def levels(labels: Sequence[str]) -> tuple[Option, ...]:
    """Any ordered answers, best first, as options: the upper third satisfied, the lower unsatisfied."""
    last = max(1, len(labels) - 1)
    ranks = [0 if place * 3 <= last else 6 if place * 3 >= 2 * last else 4 for place in range(len(labels))]
    return _options(list(zip(labels, ranks, strict=True)))


def numbered(low: int, high: int, *, worst: str = "", best: str = "") -> tuple[Option, ...]:
    """Levels that are numbers, the highest first; the words at the ends stand beside them."""
    words = {low: worst, high: best}
    return levels([f"{n} {words[n]}" if words.get(n) else str(n) for n in range(high, low - 1, -1)])


def same_scale(scales: Iterable[Scale], options: tuple[Option, ...]) -> Scale | None:
    """The scale that offers just these answers."""
    return next((scale for scale in scales if scale.options == options), None)


def _rank(label: str) -> int | Role | None:
    word = _ASIDE.sub("", _WORTH.sub("", label)).strip().lower().rstrip("。.；;,，").translate(_SIMPLE)
    if word in _UNKNOWN:
        return Role.UNKNOWN
    if word in _ABSTAIN:
        return Role.ABSTAIN
    return _RANKS.get(word)


def _options(ranked: list[tuple[str, int | Role | None]]) -> tuple[Option, ...]:
    order: Mapping[int | Role | None, int] = {Role.UNKNOWN: 100, Role.ABSTAIN: 101}
    ranked = sorted(ranked, key=lambda each: order.get(each[1], each[1] if isinstance(each[1], int) else 0))
    rated = sum(isinstance(rank, int) and not isinstance(rank, Role) for _, rank in ranked)
    usual = _POINTS.get(rated) or tuple(round(100 * (rated - 1 - n) / (rated - 1)) for n in range(rated))
    found = []
    for code, (label, rank) in enumerate(ranked):
        worth = _WORTH.search(label)
        if isinstance(rank, Role):
            found.append(Option(code, label, rank))
        else:
            role = Role.UNSATISFIED
            if rank is None or rank <= _LAST_BASIC:
                role = Role.SATISFIED if (rank or 0) <= _LAST_SATISFIED else Role.BASIC
            found.append(Option(code, label, role, int(worth[1]) if worth else usual[code]))
    return tuple(found)
