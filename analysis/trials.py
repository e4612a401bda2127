"""Many targets read by other rules than they were published by: how many would stand where."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from analysis.standings import Columns, Ints, Stand, ranks, stand

# Satisfied, basic, unsatisfied, don't know.
Roles = tuple[int, int, int, int]


@dataclass(frozen=True)
class Answers:
    """How often the four answers were given, shape (targets,) each; who abstained gave none."""

    satisfied: Ints
    basic: Ints
    unsatisfied: Ints
    unknown: Ints

    def __len__(self) -> int:
        return len(self.satisfied)

    def of(self, targets: Sequence[int]) -> "Answers":
        """Those of some targets."""
        chosen = np.asarray(targets, dtype=np.int64)
        return Answers(self.satisfied[chosen], self.basic[chosen], self.unsatisfied[chosen], self.unknown[chosen])

    def one(self, target: int) -> Roles:
        """Those of one target."""
        return int(self.satisfied[target]), int(self.basic[target]), int(self.unsatisfied[target]), int(self.unknown[target])


@dataclass(frozen=True)
class Outcome:
    """How many are rated how: `basic` are all from 基本满意 upwards; those nobody answered about are not among `all`."""

    all: int
    satisfied: int
    basic: int

    @property
    def below(self) -> int:
        """Those below both lines."""
        return self.all - self.basic


def answers(rows: Sequence[Roles]) -> Answers:
    """The answers of targets one by one."""
    table = np.asarray(rows, dtype=np.int64).reshape(-1, 4)
    return Answers(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def of_columns(
    made: Columns, satisfied: Sequence[Sequence[int]], basic: Sequence[Sequence[int]], known: Sequence[Sequence[int]], valid: Sequence[Sequence[int]]
) -> Answers:  # fmt: skip
    """The answers of all targets from columns.

    Parameters
    ----------
    satisfied, basic, known, valid : sequences of sequences of int, length scales
        For every scale, which of its answers are 满意, which 基本满意, which say something of the quality, which are answers at all.
    """
    told, every = stand(made, satisfied, basic, known), stand(made, satisfied, basic, valid)
    return Answers(told.satisfied, told.wide - told.satisfied, told.valid - told.wide, every.valid - told.valid)


def outcome(found: Answers, *, satisfied_at: Fraction, basic_at: Fraction, known_only: bool) -> Outcome:
    """How many are rated how by two lines, of all answers or of those alone who know."""
    wide = found.satisfied + found.basic
    valid = wide + found.unsatisfied + (0 if known_only else found.unknown)
    ranked = ranks(Stand(found.satisfied, wide, valid), satisfied_at=satisfied_at, basic_at=basic_at)
    _open, good, fair, below = np.bincount(ranked, minlength=4).tolist()
    return Outcome(good + fair + below, good, good + fair)
