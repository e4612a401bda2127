"""What the picture of a unit or member over rounds shows, and the same in words."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from analysis.drawings import Mark
from analysis.labels import CHINESE, Labels
from analysis.shares import Share, at, printed, said


@dataclass(frozen=True)
class Turn:
    """One round. `share` None: hidden, or not to be compared, and `word` says so under it. No line leads to a round that `is_apart`.
    `weighted` is the narrow rate by the weights of the groups, in [0, 1]; None where there is none to say."""

    label: str
    share: Share | None
    word: str = ""
    is_apart: bool = False
    weighted: Fraction | None = None


@dataclass(frozen=True)
class Trend:
    """Everything the picture shows; the first round first. `line` is the threshold of the narrow rate in per cent. `is_narrow`: as
    wide as a phone."""

    title: str
    turns: tuple[Turn, ...]
    line: Fraction | None = None
    note: str = ""
    decimals: int = 1
    labels: Labels = CHINESE
    is_narrow: bool = False

    @property
    def is_weighted(self) -> bool:
        """Whether any round has a weighted rate."""
        return any(turn.weighted is not None for turn in self.turns)


def told(plan: Trend) -> str:
    """The picture in words."""
    words, parts = plan.labels, []
    for turn in plan.turns:
        parts.append(f"{turn.label}{words.after}{word(turn, plan)}{words.stop}")
    return "".join(parts) or words.nothing


def word(turn: Turn, plan: Trend) -> str:
    """What is said of one round."""
    if turn.share is None:
        return turn.word or plan.labels.too_few
    found = said(turn.share, plan.labels, plan.decimals)
    if turn.weighted is None:
        return found
    return f"{found}{plan.labels.between}{plan.labels.weighted.removesuffix(' %')} {weighted(turn.weighted, plan)}%"


def weighted(share: Fraction, plan: Trend) -> str:
    """A weighted rate as it is printed, in per cent."""
    return printed(share.numerator, share.denominator, plan.decimals)


def lines(plan: Trend) -> list[tuple[Mark, str, Callable[[Turn, Share], float | None]]]:
    """Each line with its mark and name, and what it says of a round, in per cent."""
    found: list[tuple[Mark, str, Callable[[Turn, Share], float | None]]] = [
        (Mark.CIRCLE, plan.labels.narrow, lambda _turn, share: at(share.satisfied, share.valid)),
        (Mark.SQUARE, plan.labels.wide, lambda _turn, share: at(share.wide, share.valid)),
    ]
    if plan.is_weighted:
        found.append((Mark.DIAMOND, plan.labels.weighted, lambda turn, _share: None if turn.weighted is None else 100 * float(turn.weighted)))
    return found
