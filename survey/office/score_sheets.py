"""Scores of sources outside the box as a table: out with everybody's name, and back with the cells filled in."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.domain.scores import Filled
from survey.office.files import BadFile
from survey.office.grids import Grid, Numbered, fault_of, shown
from survey.office.lists import grids_of
from survey.office.tables import Rows, rows_xlsx

# In Chinese on every page: so it is read back.
KEY, UNIT, NAME = "编号", "单位", "名称"
MOST_ROWS = 200_000
_HEADER_WITHIN = 30
# Excel reckons with fifteen digits: what it shows as 92.3 may stand in the file as 92.30000000000001.
_RECKONED = re.compile(r"[0-9]+\.[0-9]{9,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each column of ours stands. A source may be called as one of them."""

    key: int
    name: int | None
    sources: Mapping[str, int]


def score_xlsx(sources: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A row for each unit and member: number, unit, name, then what there is of each source."""
    return rows_xlsx([Rows("分数", (KEY, UNIT, NAME, *sources), rows, (12, 30, 30, *[12] * len(sources)))])


def read_scores(data: bytes, filename: str, sources: Sequence[str]) -> tuple[Filled, ...]:
    """The rows below the header, as they were filled in.

    Raises
    ------
    BadFile
        The file is of a kind we do not read, harmful or broken, or has no header of ours.
    """
    found: list[Filled] = []
    with grids_of(data, filename, lambda rows: _known(rows, sources)) as grids:
        for grid in grids:
            if not grid.hidden:
                found += _lines(grid, sources, filename)
    if not found:
        raise BadFile("no_scores", file=filename)
    return tuple(found)


def _lines(grid: Grid, sources: Sequence[str], filename: str) -> Iterator[Filled]:
    columns: _Columns | None = None
    for number, cells in grid.rows():
        if columns is None:
            columns = _columns(cells, sources)
            if columns is None and number > _HEADER_WITHIN:
                return
            continue
        filled = _filled(number, cells, columns)
        if filled.key or any(filled.cells.values()):
            yield filled
        if number > MOST_ROWS:
            raise BadFile("too_many_rows", file=filename, most=MOST_ROWS)


def _columns(cells: Sequence[str], sources: Sequence[str]) -> _Columns | None:
    """Where each column stands, those of sources behind our own; None when the row is no header."""
    names = [shown(cell).strip() for cell in cells]
    found = {name: len(names) - 1 - names[::-1].index(name) for name in sources if name in names}
    if KEY not in names or not found:
        return None
    return _Columns(names.index(KEY), names.index(NAME) if NAME in names else None, found)


def _known(rows: Iterable[Numbered], sources: Sequence[str]) -> int:
    """How many columns of ours the best row has."""
    found = [each for _number, cells in rows if (each := _columns(cells, sources)) is not None]
    return max((1 + (each.name is not None) + len(each.sources) for each in found), default=0)


def _filled(number: int, cells: Sequence[str], columns: _Columns) -> Filled:
    def at(place: int | None) -> str:
        return str(cells[place]) if place is not None and place < len(cells) else ""

    texts = {name: at(place) for name, place in columns.sources.items()}
    faults = {name: fault_of(text) for name, text in texts.items() if fault_of(text)}
    points = {name: _tidy(shown(text).strip()) for name, text in texts.items()}
    return Filled(number, shown(at(columns.key)).strip(), shown(at(columns.name)).strip(), points, tuple(faults))


def _tidy(text: str) -> str:
    return f"{float(text):.8f}".rstrip("0").rstrip(".") if _RECKONED.fullmatch(text) else text
