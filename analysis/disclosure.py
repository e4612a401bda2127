"""Which groupings may be shown: too few people, or a difference that would give them away, are not."""

import numpy as np
from numpy.typing import NDArray


def shown(ballots: NDArray[np.int64], *, fewest: int, unnamed: NDArray[np.int64] | None = None) -> NDArray[np.bool_]:
    """Say of each sibling, and of each item by itself, whether its figures may be seen.

    A sibling is shown when at least `fewest` ballots hold a valid answer. When exactly one sibling is not
    shown, or those not shown have together fewer than `fewest` ballots, their figures are what is left of the
    parent's when the others are taken off, so the next smallest is not shown either (of equals, the first in
    the file).

    Siblings are the rows with the same parent and the same item: the units under everything; the members under
    one unit (under everything, when there are no units); the groups under everything, under one unit or under
    one member. Everything has no sibling. The rule guards each family by itself; it does not follow sums
    through several families or from the single items to all items together.

    Parameters
    ----------
    ballots : ndarray of int, shape (siblings, items)
        Ballots with at least one valid answer, siblings in the order of the file.
    fewest : int
        Fewer are not shown.
    unnamed : ndarray of int, shape (items,), optional
        The same of the parent's rows that name no sibling (a blank cell). They have no row of their own, yet
        what is left of the parent shows them: fewer than `fewest` of them count as a sibling not shown. None:
        there are no such rows.

    Returns
    -------
    ndarray of bool, shape (siblings, items)
    """
    hidden = ballots < fewest
    many = hidden.sum(axis=0)
    together = np.where(hidden, ballots, 0).sum(axis=0)
    if unnamed is not None:
        few = (unnamed < fewest) & (unnamed > 0)
        many, together = many + few, together + np.where(few, unnamed, 0)
    bare = (many == 1) | ((many > 0) & (together < fewest))
    largest = np.iinfo(np.int64).max
    smallest = np.where(hidden, largest, ballots).argmin(axis=0)
    items = np.flatnonzero(bare & ~hidden.all(axis=0))
    hidden[smallest[items], items] = True
    return ~hidden
