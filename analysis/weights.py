"""Groups that carry weights: the weighted figures of a target, and how much each group really moves them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.satisfaction import Figures

# Nominal and effective weight that lie further apart than this many hundredths are worth a warning.
_FAR_APART = Fraction(10, 100)


@dataclass(frozen=True)
class Weighted:
    """Figures of one target over weighted groups, exact; None where no group with a weight has an answer.

    Attributes
    ----------
    narrow, wide : Fraction in [0, 1], or None
        Mean of the groups' rates by weight.
    score : Fraction or None
        Mean of the groups' mean points by weight; None unless every group that answers has points.
    missing : tuple of str
        Groups with a weight and no valid answer here. Their weight is shared among the others, or nothing is said.
    """

    narrow: Fraction | None
    wide: Fraction | None
    score: Fraction | None
    missing: tuple[str, ...]


def weighted(groups: Mapping[str, Figures], weights: Mapping[str, int], *, withhold: bool = False) -> Weighted:
    """Mean of group rates by weight, whatever the groups' sizes.

    Parameters
    ----------
    groups : mapping of group to Figures
    weights : mapping of group to whole number, not negative
        They need not sum to 100: only their proportions count.
    withhold : bool
        Say nothing when a group with a weight has no answer; else its weight is shared among the others.
    """
    here = {name: found for name, found in groups.items() if weights.get(name) and found.valid}
    missing = tuple(name for name, weight in weights.items() if weight and name not in here)
    whole = sum(weights[name] for name in here)
    if not whole or (withhold and missing):
        return Weighted(None, None, None, missing)
    narrow = sum((Fraction(weights[n] * f.satisfied, f.valid) for n, f in here.items()), Fraction(0)) / whole
    wide = sum((Fraction(weights[n] * (f.satisfied + f.basic), f.valid) for n, f in here.items()), Fraction(0)) / whole
    scored = {name: found for name, found in here.items() if found.known}
    if not scored or (withhold and len(scored) < len(here)) or any(found.earned is None for found in scored.values()):
        return Weighted(narrow, wide, None, missing)
    points = sum((weights[n] * Fraction(f.earned or 0) / f.known for n, f in scored.items()), Fraction(0))
    return Weighted(narrow, wide, points / sum(weights[name] for name in scored), missing)


def effective(rates: Sequence[Sequence[Fraction]], weights: Sequence[int]) -> tuple[Fraction, ...] | None:
    """Share of each group in the differences between targets: w_g cov(x_g, X) / var(X), where X = sum of w_g x_g.

    A group that rates everybody alike moves nobody up or down, whatever its nominal weight; then its share is 0.
    The shares sum to 1; one may be negative, when a group rates against the others.

    Parameters
    ----------
    rates : sequence of sequences, shape (targets, groups)
        Narrow rates.
    weights : sequence of int, shape (groups,)

    Returns
    -------
    tuple of Fraction, shape (groups,), or None
        None for fewer than two targets or when all come out alike.

    References
    ----------
    Wang, M. W. and Stanley, J. C. (1970), Review of Educational Research 40, 663-705.
    """
    size = len(rates)
    if size < 2:
        return None
    columns = [[row[at] for row in rates] for at in range(len(weights))]
    whole = [sum((w * rate for w, rate in zip(weights, row, strict=True)), Fraction(0)) for row in rates]
    middle = sum(whole, Fraction(0)) / size
    spread = sum(((x - middle) ** 2 for x in whole), Fraction(0))
    if not spread:
        return None
    return tuple(
        w * sum((rate * (x - middle) for rate, x in zip(column, whole, strict=True)), Fraction(0)) / spread
        for w, column in zip(weights, columns, strict=True)
    )


def nominal(weights: Mapping[str, int]) -> Mapping[str, Fraction]:
    """Weights as shares that sum to 1; {} when there are none."""
    whole = sum(weights.values())
    return {name: Fraction(weight, whole) for name, weight in weights.items()} if whole else {}


def far_apart(nominal: Mapping[str, Fraction], effective: Mapping[str, Fraction]) -> tuple[str, ...]:
    """Groups whose effect lies more than ten points from what was set; both are shares, and one without an effect is left out.

    Examples
    --------
    >>> far_apart({"甲": Fraction(1, 2), "乙": Fraction(1, 2)}, {"甲": Fraction(39, 100), "乙": Fraction(61, 100)})
    ('甲', '乙')
    """
    return tuple(name for name in nominal if name in effective and abs(effective[name] - nominal[name]) > _FAR_APART)
