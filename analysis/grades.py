"""Ranks and grades from scores as they are printed: equal figures are equal, and what a tie leaves open is told, never drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Quota:
    """Who of a branch may get the best grade.

    Attributes
    ----------
    members, most : int
        How many there are, how many of them may get it (rounded down).
    reached : tuple of str
        Whose score is enough for it, the highest first.
    proposed : tuple of str
        Those of them who are clearly among the first `most`.
    tied : tuple of str
        Those with one and the same score of whom only some would have room: somebody must decide.
    """

    members: int
    most: int
    reached: tuple[str, ...]
    proposed: tuple[str, ...]
    tied: tuple[str, ...]

    @property
    def places(self) -> int:
        """How many of the tied have room; 0 when none are tied."""
        return self.most - len(self.proposed) if self.tied else 0

    @property
    def binds(self) -> bool:
        """Whether somebody whose score is enough has no room."""
        return len(self.reached) > self.most


def ranks(scores: Mapping[str, Decimal | None], *, dense: bool = False) -> Mapping[str, int | None]:
    """The place of each, the highest score first: 1-1-3, or 1-1-2 when `dense`; None without a score."""
    known = sorted((score for score in scores.values() if score is not None), reverse=True)
    places: dict[Decimal, int] = {}
    for place, score in enumerate(dict.fromkeys(known) if dense else known, start=1):
        places.setdefault(score, place)
    return {name: None if score is None else places[score] for name, score in scores.items()}


def grade(score: Decimal | None, grades: Sequence[tuple[str, Decimal]]) -> str | None:
    """The first grade whose lowest score is reached; None without a score or when none is.

    Parameters
    ----------
    grades : sequence of (label, lowest score)
        Best first.
    """
    if score is None:
        return None
    return next((label for label, lowest in grades if score >= lowest), None)


def quota(scores: Mapping[str, Decimal | None], lowest: Decimal, *, members: int, share: tuple[int, int]) -> Quota:
    """Who may get the best grade when at most a share of the members of a branch may.

    Parameters
    ----------
    scores : mapping of name to score as printed, or None
    lowest : Decimal
        The lowest score of the best grade.
    members : int
        All members of the branch, those without a score among them.
    share : (part, whole)
        1 and 3: of 8 members at most 2.
    """
    part, whole = share
    most = members * part // whole
    known = {name: score for name, score in scores.items() if score is not None and score >= lowest}
    reached = tuple(sorted(known, key=lambda name: -known[name]))
    if len(reached) <= most:
        return Quota(members, most, reached, reached, ())
    # The first who has no room: whoever has more than he is in, and whoever has as much is tied with him.
    border = known[reached[most]]
    tied = tuple(name for name in reached if known[name] == border)
    proposed = tuple(name for name in reached if known[name] > border)
    return Quota(members, most, reached, proposed, tied if len(proposed) < most else ())
