"""One rate as a picture draws it: whole answers, what is printed of them, and where they lie."""

from dataclasses import dataclass
from decimal import Decimal

from analysis.charts import NO_DATA
from analysis.labels import Labels
from analysis.satisfaction import percent, wilson


@dataclass(frozen=True)
class Share:
    """Whole answers: 满意, these with 基本满意, and all valid ones. `is_single`: of one question, so that an interval may be said."""

    satisfied: int
    wide: int
    valid: int
    is_single: bool = False

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the narrow rate in per cent; None for several questions together, whose answers are not
        independent, and without answers."""
        if not self.is_single or not self.valid:
            return None
        low, high = wilson(self.satisfied, self.valid)
        return 100 * float(low), 100 * float(high)


def said(share: Share, labels: Labels, decimals: int) -> str:
    """Both rates and their base in words, for who cannot see the picture."""
    parts = ((labels.narrow, share.satisfied), (labels.wide, share.wide))
    rates = [f"{head.removesuffix(' %')} {printed(part, share.valid, decimals)}" for head, part in parts]
    sign = "%" if share.valid else ""
    return labels.between.join([*(f"{rate}{sign}" for rate in rates), f"{labels.valid} {share.valid}"])


def printed(part: int, valid: int, decimals: int) -> str:
    """A rate in per cent as every page prints it, an en dash where nothing was counted."""
    found: Decimal | None = percent(part, valid, decimals)
    return NO_DATA if found is None else f"{found}"


def at(part: int, valid: int) -> float:
    """Where a rate lies, in per cent; there must be answers."""
    return 100 * part / valid
