"""The rows of satisfaction.csv: every grouping and every item, shown or hidden, as text and as records for the charts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure import Merged, Path, merge
from analysis.points import MOST_UNTRIMMED
from analysis.satisfaction import Role, Scale, half_up, wilson
from analysis.tally import Atom, Tally, gathered

ALL = "*"
JOINT = "＋"
NAMELESS = "（空白）"
PLACES = 6
# So many groupings are written at once: a city has hundreds of thousands.
_AT_ONCE = 4_096
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Block:
    """Groupings of one kind: their keys, whose part each is, their counts, and what may be seen of them."""

    keys: list[Key]
    tally: Tally
    shown: NDArray[np.bool_]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """Everything that was counted, in the order of the file. `ends`: scores leave out one highest and one lowest."""

    items: list[str]
    scale: Scale
    blocks: list[Block]
    ends: bool = False


def header(scale: Scale) -> list[str]:
    """Column names of satisfaction.csv."""
    return ["unit", "member", "group", "item", "ballots", "valid", "blank",
            *(f"n_{level.code}" for level in scale.levels), "narrow", "wide", "low", "high", "score", "shown"]


def results(atoms: Sequence[Atom], counted: Tally, *, items: list[str], scale: Scale, fewest: int) -> Results:
    """Roll the atoms up: everything, units, members, and each of these again by group.

    Groupings that are too few are merged. Each of them keeps a row that says it is not shown, and together they have one
    under their names joined by ＋. A row of the file whose unit, member or group is blank counts in what stands above it and
    has no row of its own. An item was asked of all rows of one unit, member and group when any of them answers it.
    """
    asked = np.where(counted.answered[:, :-1] > 0, counted.ballots[:, None], 0)
    merged = merge(dict(zip(atoms, asked.tolist(), strict=True)), fewest=fewest)
    if merged.withheld:
        # What may not be shown may not be in the sum of all items either.
        told = np.array([item not in merged.withheld for item in range(len(items))])
        counted = replace(counted, counts=counted.counts * told[:, None], blank=counted.blank * told)
    tree = _Tree(atoms, merged, fewest)
    # Without a unit column every unit is "", and a member stands directly under everything.
    lone = not any(unit for unit, _, _ in atoms)
    units = [node for node in tree.nodes(1) if node[0]]
    members = [node for node in tree.nodes(2) if node[1] and (node[0] or lone)]
    above = [node for node in tree.nodes(1) if node[0] or lone]
    kinds = [
        [_Line(("", "", ""), tree.leaves[()], tree.is_shown(()))],
        tree.parts([()] if units else []),
        tree.parts(above if members else []),
        *([line for node in nodes for line in tree.groups(node)] for nodes in ([()], units, members)),
    ]
    codes = tuple(level.code for level in scale.levels)
    seen = np.array([item not in merged.withheld for item in range(len(items))] + [True])
    return Results(items, scale, [_block(lines, counted, seen, codes) for lines in kinds if lines])


@dataclass(frozen=True, slots=True)
class _Line:
    """One grouping: its key, its leaves by place, and whether it is shown."""

    key: Key
    leaves: list[int]
    shown: bool


class _Tree:
    """Everything over units over members over groups, as far as it may be told apart."""

    def __init__(self, atoms: Sequence[Atom], merged: Merged, fewest: int) -> None:
        self._atoms, self._merged, self._all = atoms, merged, fewest < 1
        self.leaves: dict[Path, list[int]] = {(): []}
        for place, atom in enumerate(atoms):
            for depth in range(3):
                self.leaves.setdefault(atom[:depth], []).append(place)

    def nodes(self, depth: int) -> list[Path]:
        """Nodes so deep below the root, in the order of the file."""
        return [node for node in self.leaves if len(node) == depth]

    def is_shown(self, node: Path) -> bool:
        """Whether a node is shown by itself."""
        return self._all or self._merged.stands_alone(node)

    def parts(self, nodes: Iterable[Path]) -> list[_Line]:
        """The named parts of each node by themselves, then those shown together."""
        lines: list[_Line] = []
        inner = self._inner()
        for node in nodes:
            lines += [_Line(_key(part), self.leaves[part], self.is_shown(part)) for part in inner.get(node, []) if part[-1]]
            for block in () if self._all else self._merged.splits.get(node, ()):
                if len(block) > 1:
                    joined = (*node, JOINT.join(str(part[-1]) or NAMELESS for part in block))
                    lines.append(_Line(_key(joined), [leaf for part in block for leaf in self.leaves[part]], True))
        return lines

    def groups(self, node: Path) -> list[_Line]:
        """The groups inside a node by themselves, then those shown together."""
        inside: dict[str, list[int]] = {}
        for leaf in self.leaves[node]:
            if self._atoms[leaf][2]:
                inside.setdefault(self._atoms[leaf][2], []).append(leaf)
        sets = {group: [self._atoms[leaf] for leaf in leaves] for group, leaves in inside.items()}
        together = self._merged.together(sets) if self.is_shown(node) else ()
        lines = [_Line(_key(node, group), leaves, self._all or (group,) in together) for group, leaves in inside.items()]
        for some in () if self._all else together:
            if len(some) > 1:
                leaves = [leaf for group in some for leaf in inside[group]]
                lines.append(_Line(_key(node, JOINT.join(some)), leaves, True))
        return lines

    def _inner(self) -> dict[Path, list[Path]]:
        found: dict[Path, list[Path]] = {}
        for node in self.leaves:
            if node:
                found.setdefault(node[:-1], []).append(node)
        return found


def _key(node: Path, group: str = "") -> Key:
    unit, member = (*map(str, node), "", "")[:2]
    return unit, member, group


def _block(lines: list[_Line], counted: Tally, seen: NDArray[np.bool_], codes: tuple[str, ...]) -> Block:
    sums = gathered(counted, [line.leaves for line in lines])
    shown = np.array([line.shown for line in lines])[:, None] & seen
    return Block([line.key for line in lines], sums, shown, codes)


def rows(found: Results) -> Iterator[list[str | int | float | None]]:
    """The rows of satisfaction.csv; None is an empty cell, shares and scores are text with six decimals."""
    for block in found.blocks:
        for at in range(0, len(block.keys), _AT_ONCE):
            yield from _rows(block, found, slice(at, at + _AT_ONCE))


def _rows(block: Block, found: Results, some: slice) -> Iterator[list[str | int | float | None]]:
    scale, items = found.scale, [*found.items, ALL]
    counts, blank, sizes, shown = block.tally.counts[some], block.tally.blank[some], block.tally.ballots[some], block.shown[some]
    counts = np.concatenate([counts, counts.sum(axis=1, keepdims=True)], axis=1)
    blank = np.concatenate([blank, blank.sum(axis=1, keepdims=True)], axis=1)
    cells = _cells(counts, scale, ends=found.ends)
    empty: list[str | int | float | None] = [None] * (len(scale.levels) + 8)
    for place, key in enumerate(block.keys[some]):
        size = int(sizes[place])
        marks, blanks, seen = counts[place].tolist(), blank[place].tolist(), shown[place].tolist()
        for item, name in enumerate(items):
            if not seen[item]:
                yield [*key, name, *empty, 0]
                continue
            valid, narrow, wide, low, high, score = (column[place][item] for column in cells)
            if item == len(found.items):
                low = high = None
            yield [*key, name, size, valid, blanks[item], *marks[item], narrow, wide, low, high, score, 1]


def _cells(counts: NDArray[np.int64], scale: Scale, *, ends: bool) -> list[list[list[int | str | None]]]:
    def total(codes: Sequence[str]) -> NDArray[np.int64]:
        return counts[:, :, [place for place, lv in enumerate(scale.levels) if lv.code in codes]].sum(axis=2)
    valid = total([level.code for level in scale.based])
    satisfied = total(scale.codes(Role.SATISFIED))
    wide = total(scale.codes(Role.SATISFIED, Role.BASIC))
    some = np.maximum(valid, 1)
    low, high = (np.nan_to_num(np.floor(end * 10**PLACES + 0.5)).astype(np.int64) for end in wilson(satisfied, valid))
    shares = [half_up(satisfied, some, PLACES), half_up(wide, some, PLACES), low, high]
    texts = [_texts(share, valid) for share in shares]
    return [valid.tolist(), *texts, _scores(counts, scale, ends=ends)]


def _scores(counts: NDArray[np.int64], scale: Scale, *, ends: bool) -> list[list[int | str | None]]:
    known = [place for place, level in enumerate(scale.levels) if level in scale.known]
    if not scale.scored:
        return [[None] * counts.shape[1] for _ in range(counts.shape[0])]
    points = [scale.levels[place].points for place in known]
    finest = max(0, *(-int(point.as_tuple().exponent) for point in points if point is not None))
    size = counts[:, :, known].sum(axis=2)
    # Python's whole numbers, not int64: points may have decimals, and the products must stay exact.
    earned = sum(int(point.scaleb(finest)) * counts[:, :, place].astype(object)
                 for place, point in zip(known, points, strict=True) if point is not None)
    if ends:
        cut = size > MOST_UNTRIMMED
        order = sorted((point, place) for place, point in zip(known, points, strict=True) if point is not None)
        low, high = (_first(counts, [(int(point.scaleb(finest)), place) for point, place in some]) for some in (order, order[::-1]))
        earned, size = earned - np.where(cut, low + high, 0), size - 2 * cut
        # All items together: each drops its own ends.
        earned[:, -1], size[:, -1] = earned[:, :-1].sum(axis=1), size[:, :-1].sum(axis=1)
    return _texts(half_up(earned, np.maximum(size, 1).astype(object) * 10**finest, PLACES), size)


def _first(counts: NDArray[np.int64], levels: Sequence[tuple[int, int]]) -> NDArray[np.object_]:
    """The points of the first of these levels (points, place) that anybody marked; 0 when nobody did."""
    found = np.zeros(counts.shape[:2], dtype=object)
    for point, place in reversed(levels):
        found = np.where(counts[:, :, place] > 0, point, found)
    return found


def _texts(values: NDArray[np.int64], size: NDArray[np.int64]) -> list[list[int | str | None]]:
    return [[_text(value) if n else None for value, n in zip(*pair, strict=True)]
            for pair in zip(values.tolist(), size.tolist(), strict=True)]


def _text(value: int) -> str:
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 10**PLACES}.{value % 10**PLACES:0{PLACES}d}"
