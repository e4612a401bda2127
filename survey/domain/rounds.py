"""Rounds and schemes: what is asked when, and by which rule it is read."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

FEWEST = 5
FEWEST_FOR_OPINIONS = 8
_QUARTERS = ("一", "二", "三", "四")


class Base(StrEnum):
    """The denominator of the rates: all valid answers (不了解 inside), or only those who know."""

    VALID = "valid"
    KNOWN = "known"


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
    """

    base: Base = Base.VALID
    satisfied_at: float = 0.8
    basic_at: float = 0.6
    decimals: int = 2
    trim: float = 0.1

    def as_json(self) -> dict[str, Any]:
        """The scheme as plain JSON values."""
        return {**asdict(self), "base": self.base.value}

    def sha256(self) -> str:
        """Digest of the canonical JSON: printed in the protocol and held by every paper."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def read_scheme(data: Mapping[str, Any]) -> Scheme:
    """Read a scheme from JSON values."""
    return replace(Scheme(), **{**data, "base": Base(data.get("base", Base.VALID))})


@dataclass(frozen=True, slots=True)
class Round:
    """One turn of evaluation: a period, a questionnaire, a scheme."""

    id: int
    name: str
    period: str
    questionnaire: int
    scheme: Scheme


def period(today: date) -> str:
    """The quarter as a key: 2026-11-21 is in 2026Q4."""
    return f"{today.year}Q{(today.month + 2) // 3}"


def period_name(key: str) -> str:
    """The quarter as people say it: 2026Q4 is 2026 年第四季度."""
    year, quarter = key.split("Q")
    return f"{year} 年第{_QUARTERS[int(quarter) - 1]}季度"
