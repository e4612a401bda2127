"""Merged cells: a unit written once beside ten members is meant for all ten."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One column merged from row `first` to row `last`; columns count from 0, rows from 1 as in the file."""

    column: int
    first: int
    last: int


class Merges:
    """What was merged downwards, asked cell by cell. Spans of one column never overlap; one that does is left out."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._by_column: dict[int, tuple[list[int], list[int]]] = {}
        for span in sorted(spans):
            firsts, lasts = self._by_column.setdefault(span.column, ([], []))
            if span.last > span.first and (not lasts or span.first > lasts[-1]):
                firsts.append(span.first)
                lasts.append(span.last)

    def top(self, column: int, row: int) -> int | None:
        """The row above in which the text of this cell stands, None when the cell stands for itself."""
        firsts, lasts = self._by_column.get(column, ((), ()))
        place = bisect_right(firsts, row) - 1
        return firsts[place] if place >= 0 and firsts[place] < row <= lasts[place] else None

    def fill(
        self, rows: Iterable[tuple[int, tuple[str, ...]]], columns: Sequence[int]
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Rows with their numbers, empty cells filled from the top of what they are merged with.

        `columns` says in which column of the file each cell stands. What a cell holds is never written over.
        """
        merged = [(place, column) for place, column in enumerate(columns) if column in self._by_column]
        above = dict.fromkeys(columns, (0, ""))
        for number, cells in rows:
            whole = cells
            for place, column in merged:
                top = self.top(column, number)
                if top is None:
                    above[column] = (number, cells[place])
                elif not cells[place] and above[column][0] == top:
                    whole = (*whole[:place], above[column][1], *whole[place + 1 :])
            yield number, whole
