"""The rows of satisfaction.csv: every grouping and every item, shown or hidden, as text and as records for the charts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure import shown
from analysis.satisfaction import Role, Scale, half_up, wilson
from analysis.tally import Atom, Tally, gathered

ALL = "*"
PLACES = 6
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Block:
    """Groupings of one kind: their keys, whose part each is, their counts, and what may be seen of them."""

    keys: list[Key]
    tally: Tally
    shown: NDArray[np.bool_]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """Everything that was counted, in the order of the file."""

    items: list[str]
    scale: Scale
    blocks: list[Block]


def header(scale: Scale) -> list[str]:
    """Column names of satisfaction.csv."""
    return ["unit", "member", "group", "item", "ballots", "valid", "blank",
            *(f"n_{level.code}" for level in scale.levels), "narrow", "wide", "low", "high", "score", "shown"]


def results(atoms: Sequence[Atom], counted: Tally, *, items: list[str], scale: Scale, fewest: int) -> Results:
    """Roll the atoms up: everything, units, members, and each of these again by group.

    A row whose unit, member or group is blank counts in what stands above it and has no row of its own there.
    """
    whole = [("", "", "")] * len(atoms)
    units = [(unit, "", "") for unit, _, _ in atoms]
    # Without a unit column every unit is "", and a member stands directly under everything.
    lone = not any(unit for unit, _, _ in atoms)
    members = [(unit, member, "") if member and (unit or lone) else ("", "", "") for unit, member, _ in atoms]
    kinds = [(whole, None), (units, whole), (members, units)]
    for above, _ in list(kinds):
        inner = [(*key[:2], group) if group and (key != ("", "", "") or above is whole) else ("", "", "")
                 for key, (_, _, group) in zip(above, atoms, strict=True)]
        kinds.append((inner, above))
    blocks = [_block(keys, above, counted, fewest) for keys, above in kinds]
    codes = tuple(level.code for level in scale.levels)
    return Results(items, scale, [replace(block, codes=codes) for block in blocks if block.keys])


def _block(keys: list[Key], above: list[Key] | None, counted: Tally, fewest: int) -> Block:
    if above is None:
        gathering = gathered(counted, np.zeros(len(keys), dtype=np.int64), 1)
        return Block([("", "", "")], gathering, shown(gathering.answered, fewest=fewest))
    places: dict[Key, int] = {}
    families: dict[Key, dict[int, None]] = {}
    nameless: dict[Key, list[int]] = {}
    into = np.full(len(keys), -1, dtype=np.int64)
    for atom, (key, parent) in enumerate(zip(keys, above, strict=True)):
        if key == ("", "", ""):
            nameless.setdefault(parent, []).append(atom)
            continue
        into[atom] = places.setdefault(key, len(places))
        families.setdefault(parent, {})[int(into[atom])] = None
    gathering = gathered(counted, into, len(places))
    seen = np.zeros_like(gathering.answered, dtype=bool)
    for parent, children in families.items():
        rows = list(children)
        rest = counted.answered[nameless[parent]].sum(axis=0) if parent in nameless else None
        seen[rows] = shown(gathering.answered[rows], fewest=fewest, unnamed=rest)
    return _nested(list(places), families, gathering, seen)


def _nested(keys: list[Key], families: dict[Key, dict[int, None]], counts: Tally, seen: NDArray[np.bool_]) -> Block:
    """Siblings together, parents in the order of the file."""
    order = [row for children in families.values() for row in children]
    rows = np.array(order, dtype=np.int64)
    tally = Tally(counts.ballots[rows], counts.counts[rows], counts.blank[rows], counts.answered[rows])
    return Block([keys[row] for row in order], tally, seen[rows])


def rows(found: Results) -> Iterator[list[str | int | float | None]]:
    """The rows of satisfaction.csv; None is an empty cell, shares and scores are text with six decimals."""
    for block in found.blocks:
        yield from _rows(block, found)


def _rows(block: Block, found: Results) -> Iterator[list[str | int | float | None]]:
    scale, items = found.scale, [*found.items, ALL]
    together = block.tally.counts.sum(axis=1, keepdims=True)
    counts = np.concatenate([block.tally.counts, together], axis=1)
    blank = np.concatenate([block.tally.blank, block.tally.blank.sum(axis=1, keepdims=True)], axis=1)
    cells = _cells(counts, scale)
    empty: list[str | int | float | None] = [None] * (len(scale.levels) + 8)
    for place, key in enumerate(block.keys):
        size = int(block.tally.ballots[place])
        marks, blanks, seen = counts[place].tolist(), blank[place].tolist(), block.shown[place].tolist()
        for item, name in enumerate(items):
            if not seen[item]:
                yield [*key, name, *empty, 0]
                continue
            valid, narrow, wide, low, high, score = (column[place][item] for column in cells)
            if item == len(found.items):
                low = high = None
            yield [*key, name, size, valid, blanks[item], *marks[item], narrow, wide, low, high, score, 1]


def _cells(counts: NDArray[np.int64], scale: Scale) -> list[list[list[int | str | None]]]:
    def total(codes: Sequence[str]) -> NDArray[np.int64]:
        return counts[:, :, [place for place, lv in enumerate(scale.levels) if lv.code in codes]].sum(axis=2)
    valid = total([level.code for level in scale.based])
    satisfied = total(scale.codes(Role.SATISFIED))
    wide = total(scale.codes(Role.SATISFIED, Role.BASIC))
    some = np.maximum(valid, 1)
    low, high = (np.nan_to_num(np.floor(end * 10**PLACES + 0.5)).astype(np.int64) for end in wilson(satisfied, valid))
    shares = [half_up(satisfied, some, PLACES), half_up(wide, some, PLACES), low, high]
    texts = [_texts(share, valid) for share in shares]
    return [valid.tolist(), *texts, _scores(counts, scale)]


def _scores(counts: NDArray[np.int64], scale: Scale) -> list[list[int | str | None]]:
    known = [place for place, level in enumerate(scale.levels) if level.role is not Role.UNKNOWN]
    if not scale.scored:
        return [[None] * counts.shape[1] for _ in range(counts.shape[0])]
    points = [scale.levels[place].points for place in known]
    finest = max(0, *(-int(point.as_tuple().exponent) for point in points if point is not None))
    size = counts[:, :, known].sum(axis=2)
    # Python's whole numbers, not int64: points may have decimals, and the products must stay exact.
    earned = sum(int(point.scaleb(finest)) * counts[:, :, place].astype(object)
                 for place, point in zip(known, points, strict=True) if point is not None)
    return _texts(half_up(earned, np.maximum(size, 1).astype(object) * 10**finest, PLACES), size)


def _texts(values: NDArray[np.int64], size: NDArray[np.int64]) -> list[list[int | str | None]]:
    return [[_text(value) if n else None for value, n in zip(*pair, strict=True)]
            for pair in zip(values.tolist(), size.tolist(), strict=True)]


def _text(value: int) -> str:
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 10**PLACES}.{value % 10**PLACES:0{PLACES}d}"
