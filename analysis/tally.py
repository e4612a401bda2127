"""Count: from rows of marks to how often each answer was given, in every grouping, in whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLANK = 255
Atom = tuple[str, str, str]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Ballots:
    """A table of ballots, coded.

    Attributes
    ----------
    marks : ndarray of uint8, shape (rows, items)
        Place of the answer in the list of codes; BLANK where nothing is marked.
    atom : ndarray of int, shape (rows,)
        Place in `atoms` of the row's unit, member and group.
    atoms : sequence of (unit, member, group)
        In the order of the file; "" where the cell is blank or the table has no such column.
    weight : ndarray of int, shape (rows,), or None
        How many ballots each row stands for; None: one each.
    """

    marks: NDArray[np.uint8]
    atom: Whole
    atoms: Sequence[Atom]
    weight: Whole | None = None


@dataclass(frozen=True)
class Tally:
    """Whole counts of some groupings.

    Attributes
    ----------
    ballots : ndarray, shape (groupings,)
        Rows of the file (or the sum of their counts).
    counts : ndarray, shape (groupings, items, codes)
        How often each answer was given.
    blank : ndarray, shape (groupings, items)
        Ballots with nothing marked.
    answered : ndarray, shape (groupings, items + 1)
        Ballots with at least one valid answer to the item; in the last column, to any item.
    """

    ballots: Whole
    counts: Whole
    blank: Whole
    answered: Whole


def tally(ballots: Ballots, *, codes: int, valid: Sequence[int]) -> Tally:
    """Count every atom of the table.

    Parameters
    ----------
    ballots : Ballots
    codes : int
        How many different answers there are.
    valid : sequence of int
        Those that count as a valid answer.
    """
    size, items = len(ballots.atoms), ballots.marks.shape[1]
    place = ballots.atom * (codes + 1)
    counts = np.empty((size, items, codes + 1), dtype=np.int64)
    good = np.zeros(256, dtype=bool)
    good[list(valid)] = True
    some = np.zeros(len(place), dtype=bool)
    for item, column in enumerate(np.ascontiguousarray(ballots.marks.T)):
        spot = place + np.minimum(column, codes)
        counts[:, item, :] = _bins(spot, ballots.weight, size * (codes + 1)).reshape(size, codes + 1)
        some |= good[column]
    answered = np.empty((size, items + 1), dtype=np.int64)
    answered[:, :-1] = counts[:, :, list(valid)].sum(axis=2)
    answered[:, -1] = _bins(ballots.atom[some], None if ballots.weight is None else ballots.weight[some], size)
    return Tally(_bins(ballots.atom, ballots.weight, size), counts[:, :, :-1], counts[:, :, -1], answered)


def gathered(atoms: Tally, groupings: Sequence[Sequence[int]]) -> Tally:
    """Add atoms up: each grouping is the places of its atoms."""
    rows = np.repeat(np.arange(len(groupings)), [len(places) for places in groupings])
    places = np.array([place for each in groupings for place in each], dtype=np.int64)

    def add(values: Whole) -> Whole:
        out = np.zeros((len(groupings), *values.shape[1:]), dtype=np.int64)
        np.add.at(out, rows, values[places])
        return out
    return Tally(add(atoms.ballots), add(atoms.counts), add(atoms.blank), add(atoms.answered))


def _bins(places: Whole, weight: Whole | None, size: int) -> Whole:
    # Weights go through float64, exact below 2**53; the reader refuses tables that count more than 10**12.
    return np.bincount(places, weight, minlength=size).astype(np.int64)
