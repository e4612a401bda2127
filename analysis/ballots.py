"""Turn rows of text into coded ballots, refusing with row and column whatever is neither blank nor a known answer."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

import numpy as np

from analysis.refusals import Refused
from analysis.tally import BLANK, Atom, Ballots

MOST_BALLOTS: Final = 10**12
MOST_CODES: Final = 250
WHOLE: Final = re.compile(r"\s*[0-9]{1,13}\s*", re.ASCII)


@dataclass(frozen=True)
class Columns:
    """Which columns to read: a pattern for the items, the names of the others ("" or None: there is none)."""

    items: str
    unit: str | None = None
    member: str | None = None
    group: str | None = None
    count: str | None = None

    @property
    def keys(self) -> tuple[str | None, str | None, str | None]:
        """The three columns that say whose ballot a row is."""
        return self.unit, self.member, self.group


class _Codes(dict[str, int]):
    """Codes of the answers by their text; a cell of spaces is blank, anything else is a KeyError."""

    def __missing__(self, cell: str) -> int:
        if not cell or cell.isspace():
            return BLANK
        raise KeyError(cell)


def read(rows: Iterator[tuple[int, list[str]]], columns: Columns, *, answers: Sequence[str],
         watch: Callable[[int], None] = lambda row: None) -> tuple[list[str], Ballots]:
    """Read the whole table.

    Parameters
    ----------
    rows : iterator of (row number, cells)
        The header first.
    columns : Columns
    answers : sequence of str
        Every text that may stand in an item's cell, compared letter by letter.
    watch : callable
        Told the row number now and then.

    Returns
    -------
    items : list of str
        Names of the item columns, in the order of the file.
    ballots : Ballots

    Raises
    ------
    Refused
        A column is missing or doubled, or a cell cannot be read; the message names row and column.
    """
    _, header = next(rows, (1, []))
    items = _items(header, columns)
    where = [header.index(name) for name in items]
    keys = [_place(header, name) for name in columns.keys]
    counted = _place(header, columns.count)
    code = _Codes({answer: place for place, answer in enumerate(answers)}).__getitem__
    marks, atom, weight = bytearray(), [], []
    atoms: dict[Atom, int] = {}
    for number, row in rows:
        if not number % 8192:
            watch(number)
        try:
            marks.extend([code(row[place]) for place in where])
        except KeyError:
            raise _strange(number, row, zip(where, items, strict=True), code) from None
        atom.append(atoms.setdefault(_atom(row, keys), len(atoms)))
        if counted is not None:
            weight.append(_whole(row[counted], number, header[counted]))
    total = (sum(weight) if counted is not None else len(atom)) * len(items)
    if total > MOST_BALLOTS:
        raise Refused("票数加起来超过一万亿，不像是真的。请核对计数列。",
                      "The counts add up to more than 10^12, which cannot be right. Please check the column of counts.")
    coded = np.frombuffer(bytes(marks), dtype=np.uint8).reshape(len(atom), len(items))
    return items, Ballots(coded, np.array(atom, dtype=np.int64), list(atoms),
                          np.array(weight, dtype=np.int64) if counted is not None else None)


def _items(header: list[str], columns: Columns) -> list[str]:
    if not header:
        raise Refused("第 1 行没有表头。请在第 1 行写上列名。", "Row 1 has no header. Please write the names of the columns in row 1.")
    others = {*columns.keys, columns.count} - {None, ""}
    items = [name for name in header if name not in others and name and _fits(name, columns.items)]
    if not items:
        raise Refused(f"没有一列的名字符合 --items {columns.items!r}。表头是：{_listed(header)}。",
                      f"No column fits --items {columns.items!r}. The header reads: {_listed(header)}.")
    for name in [*items, *sorted(str(other) for other in others)]:
        if header.count(name) > 1:
            raise Refused(f"表头里有 {header.count(name)} 列都叫“{name}”（{_letters(header, name)}）。请改成不同的名字。",
                          f"{header.count(name)} columns are called “{name}” ({_letters(header, name)}). Please give "
                          "them different names.")
    if "*" in items:
        raise Refused("有一列题目叫“*”，它在结果里表示各题合计。请换个名字。",
                      "An item is called “*”, which stands for all items together in the result. Please rename it.")
    return items


def _fits(name: str, pattern: str) -> bool:
    # A column may itself be called “[1] 学习”: its own name always fits, wildcards or not.
    return name == pattern or fnmatchcase(name, pattern)


def _place(header: list[str], name: str | None) -> int | None:
    if not name:
        return None
    if name not in header:
        raise Refused(f"表头里没有“{name}”这一列。表头是：{_listed(header)}。",
                      f"There is no column “{name}”. The header reads: {_listed(header)}.")
    return header.index(name)


def _atom(row: list[str], keys: list[int | None]) -> Atom:
    unit, member, group = ("" if place is None or row[place].isspace() else row[place] for place in keys)
    return unit, member, group


def _whole(cell: str, number: int, column: str) -> int:
    if not WHOLE.fullmatch(cell):
        raise Refused(f"第 {number} 行“{column}”列是“{cell}”，不是不小于 0 的整数。请改正后再试。",
                      f"Row {number}, column “{column}” holds “{cell}”, which is not a whole number of 0 or more.")
    return int(cell)


def _strange(number: int, row: list[str], cells: Iterator[tuple[int, str]], code: Callable[[str], int]) -> Refused:
    for place, name in cells:
        try:
            code(row[place])
        except KeyError:
            cell = row[place] if len(row[place]) <= 60 else row[place][:60] + "…"
            return Refused(
                f"第 {number} 行“{name}”列是“{cell}”，既不是空白，也不在 --levels 或 --dont-know 里。请改正，或把它加进去。",
                f"Row {number}, column “{name}” holds “{cell}”, which is neither blank nor in --levels or --dont-know. "
                "Please mend the cell or add the answer.")
    raise AssertionError("a cell was refused and then found good")


def _listed(header: list[str]) -> str:
    return "、".join(header[:40]) + ("……" if len(header) > 40 else "")


def _letters(header: list[str], name: str) -> str:
    return "、".join(_letter(place) for place, each in enumerate(header) if each == name)


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
