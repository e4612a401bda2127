"""Merge, do not hide: what may be shown of a tree of units and groups so that nobody's answers can be worked out."""

from bisect import insort
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Path = tuple[Hashable, ...]
Label = TypeVar("Label", bound=Hashable)
_Block = tuple[int, int, list[int], list[Path]]


@dataclass(frozen=True, slots=True)
class Merged:
    """What may be shown.

    Attributes
    ----------
    atoms : tuple of tuples of paths
        Leaves that are only ever shown together. A leaf without ballots is in none.
    splits : mapping of path to tuple of tuples of paths
        Of every node whose parts may be told apart, the parts: one path stands alone, several are shown as one (合并显示).
        A node that is missing here is shown as a whole or not at all. Parts without ballots are left out.
    withheld : frozenset of int
        Targets of which nothing may be shown, since fewer than the fewest were asked about them anywhere.
    """

    atoms: tuple[tuple[Path, ...], ...]
    splits: Mapping[Path, tuple[tuple[Path, ...], ...]]
    withheld: frozenset[int]
    _atom_of: Mapping[Path, int]

    def stands_alone(self, node: Path) -> bool:
        """Whether a node is shown by itself; the root is when anything is."""
        return bool(self.atoms) if not node else (node,) in self.splits.get(node[:-1], ())

    def together(self, sets: Mapping[Label, Iterable[Path]]) -> tuple[tuple[Label, ...], ...]:
        """Sets of leaves that lie across the tree (a group in all units), joined until each is a sum of whole atoms.

        Parameters
        ----------
        sets : mapping of label to leaves
            Disjoint. Labels without ballots are left out.
        """
        owner = {leaf: label for label, leaves in sets.items() for leaf in leaves}
        lead = {label: label for label in sets}

        def first(label: Label) -> Label:
            while lead[label] != label:
                label = lead[label]
            return label

        outside: set[Label] = set()
        touched = dict.fromkeys(self._atom_of[leaf] for leaf in owner if leaf in self._atom_of)
        for atom in (self.atoms[place] for place in touched):
            labels = [owner[leaf] for leaf in atom if leaf in owner]
            for label in labels[1:]:
                lead[first(label)] = first(labels[0])
            # An atom that is only partly inside the sets cannot be cut at their edge.
            if labels and len(labels) < len(atom):
                outside.add(labels[0])
        cut = {first(label) for label in outside}
        seen = {label for leaf, label in owner.items() if leaf in self._atom_of}
        found: dict[Label, list[Label]] = {}
        for label in sets:
            if label in seen and first(label) not in cut:
                found.setdefault(first(label), []).append(label)
        return tuple(tuple(labels) for labels in found.values())


def merge(ballots: Mapping[Path, Sequence[int]], *, fewest: int) -> Merged:
    """Merge the parts of every node that are too few with the smallest of their siblings, until all are enough.

    Why it is enough. Going down from the root, the parts of a node are joined into blocks until, for every target, each
    block was asked of nobody or of at least `fewest`. A node is entered only when it is a block by itself, so it has
    that property, and joining all its parts reaches it: the joining ends. A block of several parts is not entered: it is
    an atom, and so is a leaf that is a block by itself. Hence the atoms are disjoint, hold every ballot of the targets
    shown, and each holds 0 or at least `fewest` ballots of every target. Every part that is shown is a block or a node
    above blocks, so it is a union of whole atoms. Let somebody add and subtract shown figures with whatever factors:
    what comes out counts all ballots of an atom with the same factor. If it is the figure of some set of ballots, every
    factor is 0 or 1, so the set is a union of whole atoms, and its base is 0 or at least `fewest`.

    Parameters
    ----------
    ballots : mapping of path to sequence of int, shape (targets,)
        For every leaf, how many people were asked about each target. A path names the nodes from the root down; the root is
        (). What belongs to a node itself and to none of its parts is a leaf below it with a name of its own.
    fewest : int
        Fewer ballots are never shown by themselves.

    Raises
    ------
    ValueError
        A leaf lies above another leaf, or the leaves differ in their number of targets.
    """
    sums, parts = _tree(ballots)
    whole = sums.get((), [])
    kept = [target for target, n in enumerate(whole) if n == 0 or n >= fewest]
    withheld = frozenset(range(len(whole))).difference(kept)
    atoms: list[tuple[Path, ...]] = []
    splits: dict[Path, tuple[tuple[Path, ...], ...]] = {}
    entered: list[Path] = [()] if any(whole[target] for target in kept) else []
    while entered:
        node = entered.pop(0)
        if node not in parts:
            atoms.append((node,))
            continue
        splits[node] = _blocks({part: [sums[part][t] for t in kept] for part in parts[node]}, fewest)
        for block in splits[node]:
            if len(block) == 1:
                entered.append(block[0])
            else:
                atoms.append(tuple(leaf for part in block for leaf in _leaves(part, parts)
                                   if any(sums[leaf][t] for t in kept)))
    atom_of = {leaf: place for place, atom in enumerate(atoms) for leaf in atom}
    return Merged(tuple(atoms), splits, withheld, atom_of)


def _tree(ballots: Mapping[Path, Sequence[int]]) -> tuple[dict[Path, list[int]], dict[Path, dict[Path, None]]]:
    sums: dict[Path, list[int]] = {}
    parts: dict[Path, dict[Path, None]] = {}
    for leaf, counts in ballots.items():
        for depth in range(len(leaf) + 1):
            node = leaf[:depth]
            before = sums.get(node, [0] * len(counts))
            sums[node] = [a + b for a, b in zip(before, counts, strict=True)]
            if depth:
                parts.setdefault(leaf[: depth - 1], {})[node] = None
    for leaf in ballots:
        if leaf in parts:
            raise ValueError(f"{leaf!r} is a leaf and lies above another leaf")
    return sums, parts


def _blocks(sizes: Mapping[Path, list[int]], fewest: int) -> tuple[tuple[Path, ...], ...]:
    """Parts joined into blocks, those with the parts that come first in front."""
    order = {part: place for place, part in enumerate(sizes)}
    queue: list[_Block] = []
    for part, counts in sizes.items():
        if any(counts):
            insort(queue, (sum(counts), order[part], counts, [part]))
    while len(queue) > 1:
        small = next((at for at, block in enumerate(queue) if any(0 < n < fewest for n in block[2])), None)
        if small is None:
            break
        size, place, counts, joined = queue.pop(small)
        other = queue.pop(0)
        both = [a + b for a, b in zip(counts, other[2], strict=True)]
        insort(queue, (size + other[0], min(place, other[1]), both, joined + other[3]))
    blocks = [tuple(sorted(block[3], key=order.__getitem__)) for block in queue]
    return tuple(sorted(blocks, key=lambda block: order[block[0]]))


def _leaves(node: Path, parts: Mapping[Path, Iterable[Path]]) -> Iterable[Path]:
    if node not in parts:
        yield node
    else:
        for part in parts[node]:
            yield from _leaves(part, parts)
