"""The small language of an XLSForm: conditions and limits, as far as a questionnaire of ours can say the same."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# Letters of a rule that is read at all; a longer one is as one that nobody here can say.
_LONGEST = 2000
_TERM = re.compile(
    r"""\s*(?:\$\{(?P<name>[^{}]+)\}\s*=\s*(?P<value>'[^']*'|"[^"]*"|-?\d+(?:\.\d+)?)"""
    r"""|selected\s*\(\s*\$\{(?P<name2>[^{}]+)\}\s*,\s*(?P<value2>'[^']*'|"[^"]*"|-?\d+(?:\.\d+)?)\s*\))\s*"""
)
_LIMIT = re.compile(
    r"\s*\.\s*(<=|>=|<|>)\s*(-?\d{1,12}(?:\.\d{1,9})?|date\(\s*['\"]\d{4}-\d{2}-\d{2}['\"]\s*\)|['\"]\d{4}-\d{2}-\d{2}['\"])\s*"
)
_TICKS = re.compile(r"\s*count-selected\(\s*\.\s*\)\s*(<=|>=|<|>|=)\s*(\d{1,4})\s*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARAMETER = re.compile(r"([\w-]+)\s*=\s*([^\s;,]+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition that we can ask: the name of a question, and which of its answers."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the most; None is not said."""

    low: int | None = None
    high: int | None = None


def condition(text: str) -> Asked | None:
    """`${q} = 'a' or selected(${q}, 'b')`: answers of one question; None for anything else."""
    found: list[tuple[str, str]] = []
    place = 0
    bare = _unwrapped(text)
    while True:
        term = _TERM.match(bare, place)
        if not term:
            return None
        found.append(((term["name"] or term["name2"]).strip(), (term["value"] or term["value2"]).strip("'\"")))
        place = term.end()
        if place == len(bare):
            break
        joint = re.compile(r"or\b", re.IGNORECASE).match(bare, place)
        if not joint:
            return None
        place = joint.end()
    names = {name for name, _ in found}
    return Asked(names.pop(), tuple(value for _, value in found)) if len(names) == 1 else None


def limits(text: str, *, days: bool = False) -> Limits | None:
    """`. >= 1 and . <= 5` for whole numbers, or days as ordinals; None for anything else."""
    low = high = None
    for term in re.split(r"\band\b", _unwrapped(text), flags=re.IGNORECASE):
        found = _LIMIT.fullmatch(_unwrapped(term))
        if not found:
            return None
        sign, said = found.groups()
        day = _DAY.search(said)
        if bool(day) != days:
            return None
        try:
            value = float(date.fromisoformat(day[0]).toordinal()) if day else float(said)
        except ValueError:
            return None
        if sign.startswith(">"):
            low = math.floor(value) + 1 if sign == ">" else math.ceil(value)
        else:
            high = math.ceil(value) - 1 if sign == "<" else math.floor(value)
    return Limits(low, high)


def ticks(text: str) -> Limits | None:
    """`count-selected(.) <= 3`: how many answers may be chosen; None for anything else."""
    low = high = None
    for term in re.split(r"\band\b", _unwrapped(text), flags=re.IGNORECASE):
        found = _TICKS.fullmatch(_unwrapped(term))
        if not found:
            return None
        sign, number = found[1], int(found[2])
        if sign in (">", ">=", "="):
            low = number + (sign == ">")
        if sign in ("<", "<=", "="):
            high = number - (sign == "<")
    return Limits(low, high)


def parameters(text: str) -> dict[str, str]:
    """`start=0 end=100 step=5`."""
    return {name.lower(): value for name, value in _PARAMETER.findall(text[:_LONGEST])}


def either(name: str, values: Sequence[str], *, several: bool) -> str:
    """A condition written down."""
    terms = (f"selected(${{{name}}}, '{value}')" if several else f"${{{name}}} = '{value}'" for value in values)
    return " or ".join(terms)


def between(low: str, high: str, *, of: str = ".") -> str:
    """Limits written down; "" for one that is not there."""
    return " and ".join(f"{of} {sign} {value}" for sign, value in ((">=", low), ("<=", high)) if value)


def _unwrapped(text: str) -> str:
    """Without the brackets around the whole; nothing that any rule is made of when it is too long."""
    bare = text.strip() if len(text) <= _LONGEST else "?"
    while bare.startswith("(") and bare.endswith(")") and _closes(bare) == len(bare) - 1:
        bare = bare[1:-1].strip()
    return bare


def _closes(text: str) -> int:
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            return place
    return -1
