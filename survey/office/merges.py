"""Merged cells: a unit written once beside ten members is meant for all ten."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl.utils import column_index_from_string

_REF = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One column merged from row `first` to row `last`; columns count from 0, rows from 1 as in the file."""

    column: int
    first: int
    last: int


def spans(data: bytes, part: str) -> tuple[Span, ...]:
    """Cells merged downwards on the sheet that lies in `part` of the workbook.

    openpyxl tells them only when it loads a whole workbook into memory; they stand behind the rows.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheet = archive.read(part)
    found = []
    for left, first, right, last in _REF.findall(sheet, max(0, sheet.rfind(b"sheetData>"))):
        if left == right:
            found.append(Span(column_index_from_string(left.decode()) - 1, int(first), int(last)))
    return tuple(found)


def fill(rows: Sequence[tuple[int, tuple[str, ...]]], merged: Iterable[Span]) -> list[tuple[int, tuple[str, ...]]]:
    """Rows with their numbers, what was merged written into each; cells that hold something are left alone."""
    places = {number: place for place, (number, _) in enumerate(rows)}
    cells = [list(row) for _, row in rows]
    done: dict[int, int] = {}
    for span in sorted(merged):
        # Spans of one column never overlap; a file that says so is not worth the time it would take.
        if span.first <= done.get(span.column, 0) or span.first not in places:
            continue
        done[span.column] = span.last
        top = places[span.first]
        value = cells[top][span.column] if span.column < len(cells[top]) else ""
        for place in range(top + 1, len(rows)):
            if rows[place][0] > span.last:
                break
            if span.column < len(cells[place]) and not cells[place][span.column]:
                cells[place][span.column] = value
    return [(number, tuple(row)) for (number, _), row in zip(rows, cells, strict=True)]
