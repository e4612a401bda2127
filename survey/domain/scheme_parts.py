"""The parts of a scheme: what its choices are called, and where a score comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Validity(StrEnum):
    """When the ratings of a ballot about one target count: always, when half of them are marked, or only when all are. A ballot
    with fewer marks abstained about this target."""

    ANY = "any"
    HALF = "half"
    ALL = "all"

    def enough(self, marked: int, asked: int) -> bool:
        """Whether so many marked ratings, of as many as were asked, count."""
        least = {Validity.ANY: 0, Validity.HALF: asked, Validity.ALL: 2 * asked}[self]
        return 2 * marked >= least


class Missing(StrEnum):
    """What a group or source without an answer does: its weight is shared among the others, or no figure is said."""

    SHARE = "share"
    WITHHOLD = "withhold"


class Ties(StrEnum):
    """How ranks go on after a tie: 1-1-3, or 1-1-2."""

    COMPETITION = "competition"
    DENSE = "dense"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of the 100-point composite: one or several groups of the box, or () for what the office types."""

    name: str
    weight: int
    groups: tuple[str, ...] = ()

    @property
    def is_typed(self) -> bool:
        """Whether its scores come from the office (self, peers, leader), not from the box."""
        return not self.groups


# Points of an answer: key of the scale, code of the answer, points.
Point = tuple[str, int, float]


def plain(value: Any) -> Any:
    """A rule of a scheme as JSON writes it. In a list 90.0 is written as 90, so that equal rules have one digest."""
    if isinstance(value, Source):
        return [value.name, value.weight, list(value.groups)]
    if isinstance(value, tuple):
        return [int(each) if isinstance(each, float) and each.is_integer() else plain(each) for each in value]
    return value.value if isinstance(value, StrEnum) else value


def read_parts(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The rules that were written as JSON: those that stand in `data`, and no others."""
    read = {
        "validity": Validity, "missing": Missing, "ties": Ties, "trim_ends": _flag, "league": _flag, "below": _whole, "bonus": _whole,
        "points": _points, "kinds": _weights, "sources": _sources, "grades": _grades, "quota": _quota,
    }  # fmt: skip
    return {name: read[name](data[name]) for name in read if name in data}


def _points(rows: Iterable[Sequence[Any]]) -> tuple[Point, ...]:
    return tuple((str(scale), _whole(code), _number(points)) for scale, code, points in rows)


def _weights(rows: Iterable[Sequence[Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), _whole(weight)) for name, weight in rows)


def _sources(rows: Iterable[Sequence[Any]]) -> tuple[Source, ...]:
    return tuple(Source(str(name), _whole(weight), tuple(map(str, groups))) for name, weight, groups in rows)


def _grades(rows: Iterable[Sequence[Any]]) -> tuple[tuple[str, float], ...]:
    return tuple((str(label), _number(lowest)) for label, lowest in rows)


def _quota(pair: Sequence[Any] | None) -> tuple[int, int] | None:
    if pair is None:
        return None
    part, whole = pair
    return _whole(part), _whole(whole)


def _whole(value: Any) -> int:
    """A whole number; never a truth or a text that looks like one, since what is read must be what was written."""
    if type(value) is not int:
        raise TypeError(f"{value!r} is no whole number")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError(f"{value!r} is neither true nor false")
    return value
