"""Rounds and schemes: what is asked when, and by which rule it is read."""

import hashlib
import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from survey.domain.refusals import BadField
from survey.domain.scheme_parts import Missing, Point, Source, Ties, Validity, plain, read_parts

FEWEST = 5
# Between the names of groups that were merged into one.
JOINT = " + "
MOST_WEIGHT = 100
FEWEST_FOR_OPINIONS = 8
# Rules of a scheme that the first release had not.
_LATER = frozenset({
    "weights", "spoil", "quorum", "validity", "trim_ends", "points", "missing", "kinds", "below", "sources", "bonus", "grades", "quota",
    "ties", "league",
})  # fmt: skip
PARTS = {
    "Q1": "第一季度", "Q2": "第二季度", "Q3": "第三季度", "Q4": "第四季度", "H1": "上半年", "H2": "下半年", "Y": "全年",
}  # fmt: skip


class Base(StrEnum):
    """The denominator of the rates: all valid answers (不了解 inside), or only those who know."""

    VALID = "valid"
    KNOWN = "known"


class SpoilRule(StrEnum):
    """What several ticks, or marks nobody can read, spoil on a paper form: the answer (it counts as abstained), or the form."""

    ROW = "row"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Scheme:
    """How answers become figures; frozen when the round's first meeting opens.

    Attributes
    ----------
    satisfied_at, basic_at : float
        Shares in [0, 1]: narrow rate from which a target counts as 满意, wide rate for 基本满意以上.
    decimals : int
        Decimals of a printed percentage.
    trim : float
        Share of ballots cut at each end for the trimmed mean.
    weights : tuple of (group name, whole number)
        What each evaluator group weighs; () when all ballots weigh alike. Only the proportions count.
    spoil : SpoilRule
        What an unclear answer spoils on a paper form.
    quorum : bool
        Whether a box is counted only when more than half of those due were present.
    validity : Validity
        How many ratings of a ballot about a target must be marked to count.
    trim_ends : bool
        Of points: whether one highest and one lowest are left out when more than five were given.
    points : tuple of (scale key, code of the answer, points)
        What answers earn instead of the questionnaire's points.
    missing : Missing
        What a group or source without an answer does with its weight.
    kinds : tuple of (unit kind or sector, whole number)
        What the units below one weigh in its score, by what they are; () when all weigh alike.
    below : int
        Per cent of a unit's score that come from the units below it.
    sources : tuple of Source
        Where the 100-point composite comes from; () when there is none.
    bonus : int
        The most bonus points.
    grades : tuple of (label, lowest score)
        Best first; the last from 0.
    quota : (part, whole) or None
        The share of the members of a branch that may get the best grade.
    ties : Ties
    league : bool
        Whether members may be shown by rank; else by name.
    """

    base: Base = Base.VALID
    satisfied_at: float = 0.8
    basic_at: float = 0.6
    decimals: int = 2
    trim: float = 0.1
    weights: tuple[tuple[str, int], ...] = ()
    spoil: SpoilRule = SpoilRule.ROW
    quorum: bool = False
    validity: Validity = Validity.ANY
    trim_ends: bool = False
    points: tuple[Point, ...] = ()
    missing: Missing = Missing.SHARE
    kinds: tuple[tuple[str, int], ...] = ()
    below: int = 0
    sources: tuple[Source, ...] = ()
    bonus: int = 0
    grades: tuple[tuple[str, float], ...] = ()
    quota: tuple[int, int] | None = None
    ties: Ties = Ties.COMPETITION
    league: bool = False

    def as_json(self) -> dict[str, Any]:
        """The scheme as plain JSON values. A rule that came later is left out while it is as it always was: so the digest stays."""
        usual = Scheme()
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: plain(value) for name, value in found.items() if name not in _LATER or value != getattr(usual, name)}

    def weight(self, group: str) -> int | None:
        """The weight of a group; groups merged under one name weigh what they weigh together. None: it has none."""
        known = dict(self.weights)
        parts = parts_of(group, known)
        return sum(known[part] for part in parts if part in known) if any(part in known for part in parts) else None

    def earns(self, scale: str, code: int, usual: float | None) -> float | None:
        """The points of an answer: what the scheme says of it, else the questionnaire's."""
        return {answer: points for key, answer, points in self.points if key == scale}.get(code, usual)

    def lacks(self, *, due: int, present: int) -> bool:
        """Whether too few of those due are present for a box to be counted."""
        return self.quorum and 2 * present <= due

    def sha256(self) -> str:
        """Digest of the canonical JSON: printed in the protocol and held by every paper."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def parts_of(group: str, known: Container[str]) -> list[str]:
    """The groups behind a name: several where they were merged before a meeting opened and the name is none of those known."""
    return [group] if group in known else group.split(JOINT)


def read_scheme(data: Mapping[str, Any]) -> Scheme:
    """Read a scheme from JSON values."""
    weights = tuple((str(name), int(weight)) for name, weight in data.get("weights", ()))
    read = {"base": Base(data.get("base", Base.VALID)), "spoil": SpoilRule(data.get("spoil", SpoilRule.ROW))}
    return replace(Scheme(), **{**data, **read, "weights": weights, **read_parts(data)})


@dataclass(frozen=True, slots=True)
class Round:
    """One turn of evaluation: a period, a questionnaire, a scheme, which is frozen once a meeting has opened.

    Attributes
    ----------
    unit : int or None
        Who planned it for all that hangs below; None is a round that came about with the first meeting of its period.
    ends_on : date or None
        The last day of a planned one.
    """

    id: int
    name: str
    period: str
    questionnaire: int
    scheme: Scheme
    frozen: bool = False
    unit: int | None = None
    ends_on: date | None = None


def check_weights(weights: Mapping[str, int]) -> None:
    """Refuse weights that weigh nothing or are no whole numbers from 0 to 100.

    Raises
    ------
    BadField
        Names the group, or none when all of them weigh nothing.
    """
    for name, weight in weights.items():
        if not 0 <= weight <= MOST_WEIGHT:
            raise BadField(field="weight", value=name, why="range", most=MOST_WEIGHT)
    if weights and not any(weights.values()):
        raise BadField(field="weight", value="", why="nothing")


def check_weighed(scheme: Scheme, groups: Iterable[str]) -> None:
    """Refuse a group that the weights of its round do not name: nobody could say what it counts.

    Raises
    ------
    BadField
        Names the group and the groups that have a weight.
    """
    for name in groups if scheme.weights else ():
        if scheme.weight(name) is None:
            raise BadField(field="weight", value=name, why="missing", known="、".join(dict(scheme.weights)))


def period(today: date) -> str:
    """The quarter as a key: 2026-11-21 is in 2026Q4."""
    return f"{today.year}Q{(today.month + 2) // 3}"


def period_name(key: str) -> str:
    """A period as people say it: 2026Q4 is 2026 年第四季度, 2026H1 is 2026 年上半年."""
    return f"{key[:4]} 年{PARTS[key[4:]]}"
