"""What the house itself calls things. It is composed in Chinese, whoever made it: a title is frozen into papers that many
people read, and `web/words` says these parts of it in the language of each reader."""

import re
from collections.abc import Iterator, Mapping

from survey.domain.questionnaire_checks import LONGEST_TITLE
from survey.domain.rounds import PARTS, period_name

# Beside a candidate's question where a vote on each has ended in a tie.
WHOM = "您选谁"
_DIGITS = "零一二三四五六七八九"
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_EVALUATION = re.compile(rf"(?:(?P<unit>.+) )?(?P<year>\d{{4}}) 年(?P<part>{'|'.join(PARTS.values())})评议会")
_AGAIN = re.compile(r"(?P<title>.+)：(?:再次投票|第 (?P<number>\d{1,2}) 次投票)")
_FIGURE = r"(?<![\d一二两三四五六七八九十百])(?:\d+|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_OF_PEOPLE = re.compile(rf"({_FIGURE})( ?[名个位人])")
_AT_MOST = re.compile(rf"\b(at most|up to|no more than) (\d+|{'|'.join(_ENGLISH)})\b", re.IGNORECASE)
_BOUND = re.compile(rf"(?:最多|至多|不超过|应选|限)\D{{0,3}}?{_FIGURE}")


def evaluation(unit: str, period: str) -> str:
    """The title of an evaluation meeting that nobody gave another."""
    return f"{unit} {period_name(period)}评议会"


def read_evaluation(title: str) -> tuple[str, str] | None:
    """The unit ("" where it is left out) and the period of such a title; None when somebody wrote it."""
    found = _EVALUATION.fullmatch(title)
    if found is None:
        return None
    part = next(key for key, name in PARTS.items() if name == found["part"])
    return found["unit"] or "", f"{found['year']}{part}"


def whole_round(period: str) -> str:
    """The name of a planned round that nobody gave another."""
    return f"{period_name(period)}评议"


def again(title: str) -> str:
    """The title of the next ballot on the same; it keeps within the longest a title may be."""
    before, number = ballot(title)
    last = "：再次投票" if number == 1 else f"：第 {number + 1} 次投票"
    return before[: LONGEST_TITLE - len(last)] + last


def ballot(title: str) -> tuple[str, int]:
    """What is voted on, and for which time."""
    found = _AGAIN.fullmatch(title)
    return (found["title"], int(found["number"] or 2)) if found is not None else (title, 1)


def has_bound(text: str) -> bool:
    """Whether a text says how many may be chosen."""
    return any(pattern.search(text) for pattern in (_BOUND, _AT_MOST))


def rebound(text: str, numbers: Mapping[int, int]) -> str:
    """A text in which numbers of people are those of another ballot: 最多选三名 is 最多选一名 by {3: 1}, in the same figures."""

    def chinese(found: re.Match[str]) -> str:
        new = numbers.get(_number(found[1]))
        return found[0] if new is None else (str(new) if found[1].isdecimal() else _figure(new)) + found[2]

    def english(found: re.Match[str]) -> str:
        typed = found[2].lower()
        new = numbers.get(int(typed) if typed.isdecimal() else _ENGLISH.index(typed))
        if new is None:
            return found[0]
        return f"{found[1]} {_ENGLISH[new] if new < len(_ENGLISH) and not typed.isdecimal() else new}"

    return _AT_MOST.sub(english, _OF_PEOPLE.sub(chinese, text))


def variants(text: str) -> Iterator[tuple[str, dict[int, int]]]:
    """The same text with other numbers of people, each with the way back: a ready text whose number was changed is known by
    the one it was."""
    for typed in dict.fromkeys(found[1] for found in _OF_PEOPLE.finditer(text)):
        number = _number(typed)
        for other in range(1, len(_ENGLISH)):
            if other != number:
                yield rebound(text, {number: other}), {other: number}


def _number(typed: str) -> int:
    """十二 is 12, 两 is 2."""
    if typed.isdecimal():
        return int(typed)
    tens, ten, ones = typed.replace("两", "二").rpartition("十")
    return 10 * (_DIGITS.index(tens) if tens else 1 if ten else 0) + (_DIGITS.index(ones) if ones else 0)


def _figure(number: int) -> str:
    """12 is 十二; of two people there are 两."""
    tens, ones = divmod(number, 10)
    if number == 2:
        return "两"
    if not 0 < tens < 10:
        return _DIGITS[ones] if not tens else str(number)
    return f"{'' if tens == 1 else _DIGITS[tens]}十{_DIGITS[ones] if ones else ''}"
