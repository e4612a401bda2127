"""The counts of many targets as columns: their rates, how many stand where, and sums of any of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """One row for every target and scale.

    Attributes
    ----------
    targets : int
        How many there are; one without a row was asked for points alone.
    target, scale, slots : ndarray, shape (rows,)
        The number of the target, rising; that of its scale; how many answers there could have been.
    counts : ndarray, shape (rows, width)
        Ballots by the answers of the scale in its order, then zeros.
    """

    targets: int
    target: Ints
    scale: Ints
    slots: Ints
    counts: Ints


@dataclass(frozen=True)
class Stand:
    """Whole answers of every target, shape (targets,): those that are 满意, these and 基本满意, the denominator."""

    satisfied: Ints
    wide: Ints
    valid: Ints


def columns(body: bytes, *, targets: int, rows: int, word: int) -> Columns:
    """Read columns of unsigned numbers of `word` bytes, the least first: target, scale, slots, then the counts.

    Raises
    ------
    ValueError
        The body has not as many numbers.
    """
    found = np.frombuffer(body, dtype=f"<u{word}").astype(np.int64).reshape(-1, rows) if rows else np.zeros((3, 0), dtype=np.int64)
    return Columns(targets, found[0], found[1], found[2], found[3:].T)


def stand(made: Columns, satisfied: Sequence[Sequence[int]], basic: Sequence[Sequence[int]], based: Sequence[Sequence[int]]) -> Stand:
    """The whole answers of every target.

    Parameters
    ----------
    satisfied, basic, based : sequences of sequences of int, length scales
        For every scale, which of its answers are 满意, which 基本满意, which stand in the denominator.
    """
    sums = []
    for chosen in (satisfied, basic, based):
        weights = np.zeros((max(len(chosen), 1), made.counts.shape[1]), dtype=np.int64)
        for scale, places in enumerate(chosen):
            # Of a scale that no row is of, answers may lie beyond the columns there are.
            weights[scale, [each for each in places if each < made.counts.shape[1]]] = 1
        whole = np.zeros(made.targets, dtype=np.int64)
        np.add.at(whole, made.target, (made.counts * weights[made.scale]).sum(axis=1))
        sums.append(whole)
    return Stand(sums[0], sums[0] + sums[1], sums[2])


def ranks(found: Stand, *, satisfied_at: Fraction, basic_at: Fraction) -> Ints:
    """How every target as a whole is rated, shape (targets,): 1 满意, 2 基本满意, 3 neither, 0 without an answer.

    In whole numbers, as single targets are: a rate that just reaches the threshold has reached it.
    """
    good = found.satisfied * satisfied_at.denominator >= found.valid * satisfied_at.numerator
    fair = found.wide * basic_at.denominator >= found.valid * basic_at.numerator
    return np.where(found.valid == 0, 0, np.where(good, 1, np.where(fair, 2, 3))).astype(np.int64)


def tallies(ranked: Sequence[int], places: Sequence[int], parents: Sequence[int]) -> list[list[int]]:
    """How many targets stand where at or below every place, shape (places, 4), from 0 without an answer to 3 neither.

    Parameters
    ----------
    places : sequence of int, shape (targets,)
        Where each target belongs.
    parents : sequence of int, shape (places,)
        The place above each, which stands before it; -1 above the first.
    """
    flat = np.bincount(np.asarray(places, dtype=np.int64) * 4 + np.asarray(ranked, dtype=np.int64), minlength=4 * len(parents))
    found: list[list[int]] = flat.reshape(-1, 4).tolist()
    for at in range(len(parents) - 1, -1, -1):
        if parents[at] >= 0:
            above = found[parents[at]]
            for rank, n in enumerate(found[at]):
                above[rank] += n
    return found


def spread(found: Stand, targets: Sequence[int], edges: Sequence[int]) -> tuple[int, ...]:
    """How many narrow rates of some targets lie from each edge to below the next; the last class holds its upper edge too.

    Parameters
    ----------
    edges : sequence of int, length n + 1
        In per cent, from 0 to 100, rising.
    """
    chosen = np.asarray(targets, dtype=np.int64)
    valid = found.valid[chosen]
    part, whole = 100 * found.satisfied[chosen][valid > 0], valid[valid > 0]
    reached = [int((part >= edge * whole).sum()) for edge in edges[:-1]]
    return tuple(a - b for a, b in zip(reached, [*reached[1:], 0], strict=True))


def sums(made: Columns, targets: Iterable[int]) -> list[tuple[int, int, list[int]]]:
    """Some targets together, each taken once: scale, slots and counts by its answers, for every scale they were rated by."""
    wanted = np.zeros(made.targets, dtype=bool)
    wanted[list(targets)] = True
    rows = wanted[made.target]
    found = []
    for scale in np.unique(made.scale[rows]).tolist():
        some = rows & (made.scale == scale)
        found.append((scale, int(made.slots[some].sum()), made.counts[some].sum(axis=0).tolist()))
    return found


def one(made: Columns, target: int) -> list[tuple[int, int, list[int]]]:
    """A single target: scale, slots and counts for every scale it was rated by."""
    first, last = np.searchsorted(made.target, [target, target + 1])
    rows = range(int(first), int(last))
    return [(int(made.scale[at]), int(made.slots[at]), made.counts[at].tolist()) for at in rows]
