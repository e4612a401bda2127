"""What is worth a look in the rules by which figures are made: allowed, and seldom meant."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from analysis.satisfaction import Level, Role, Scale

HUNDRED: Final = 100


def bottom_earns(scale: Scale) -> Level | None:
    """The lowest unsatisfied answer when it earns points: nobody can come to 0 then. None when it earns none.

    With points 100/90/70/50 somebody whom all are dissatisfied with still has 50.
    """
    low = [level for level in scale.answers if level.role is Role.UNSATISFIED and level.points is not None]
    worst = min(low, key=_points, default=None)
    return worst if worst is not None and _points(worst) > 0 else None


def off_hundred(weights: Iterable[int]) -> int | None:
    """What weights sum to when that is not 100; None when it is, or when nothing is weighed."""
    whole = sum(weights)
    return None if whole in (0, HUNDRED) else whole


def calls_rate(name: str) -> bool:
    """Whether something that holds points is called a rate: 满意率 is a share of answers, an index is 分."""
    return "率" in name or "rate" in name.lower().split()


def _points(level: Level) -> Decimal:
    return level.points if level.points is not None else Decimal(0)
