"""Draw two to six units, members or rounds side by side: all questions together first, then each, a bar for every one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from matplotlib.figure import Figure

from analysis.charts import Bar, Words, drawn
from analysis.drawings import MARKS
from analysis.satisfaction import Scale, figures
from analysis.shares import Share, printed, said

MOST: Final = len(MARKS)
_ROWS: Final = 42


@dataclass(frozen=True)
class Block:
    """A question, or all of them together: a bar for each of those compared, always in the same order."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything one page shows."""

    blocks: tuple[Block, ...]
    scale: Scale
    words: Words


def comparison(plan: Comparison) -> Figure:
    """The picture. Each of those compared keeps its mark through all questions."""
    rows: list[Bar | str] = []
    for block in plan.blocks:
        rows.append(block.label)
        rows += [replace(bar, mark=MARKS[place % MOST]) for place, bar in enumerate(block.bars)]
    return drawn(rows or [plan.words.labels.nothing], scale=plan.scale, words=plan.words)


def comparison_pages(blocks: Sequence[Block]) -> list[Sequence[Block]]:
    """The blocks in pages as even as can be, as many rows on each as can be read; at least one page, no block cut."""
    rows = max((len(block.bars) + 1 for block in blocks), default=1)
    most = max(1, _ROWS // rows)
    many = max(1, -(-len(blocks) // most))
    cuts = [round(page * len(blocks) / many) for page in range(many + 1)]
    return [blocks[start:end] for start, end in pairwise(cuts)]


def told(plan: Comparison) -> str:
    """The picture in words."""
    labels, parts = plan.words.labels, []
    for block in plan.blocks:
        texts = []
        for bar in block.bars:
            if bar.counts is None:
                texts.append(f"{bar.label} {labels.too_few}")
                continue
            found = figures(bar.counts, scale=plan.scale, blank=bar.blank)
            share = Share(found.satisfied, found.satisfied + found.basic, found.valid)
            texts.append(f"{bar.label} {said(share, labels, plan.words.decimals)}{_weighted(bar, plan)}")
        parts.append(f"{block.label}{labels.after}{labels.apart.join(texts)}{labels.stop}")
    return "".join(parts) or labels.nothing


def _weighted(bar: Bar, plan: Comparison) -> str:
    if bar.weighted is None:
        return ""
    labels = plan.words.labels
    rate = printed(bar.weighted.numerator, bar.weighted.denominator, plan.words.decimals)
    return f"{labels.between}{labels.weighted.removesuffix(' %')} {rate}%"
