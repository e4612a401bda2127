"""Scores of sources outside the box as a table: out with everybody's name, and back with the cells filled in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from survey.domain.scores import Filled
from survey.office.files import BadFile, FileKind, kind_of
from survey.office.grids import Grid, Numbered, fault_of, shown
from survey.office.old_workbooks import old_workbook
from survey.office.tables import Rows, rows_xlsx
from survey.office.texts import text_grid
from survey.office.workbooks import workbook

# In Chinese on every page: so it is read back.
KEY, UNIT, NAME = "编号", "单位", "名称"
MOST_ROWS = 200_000
_HEADER_WITHIN = 30


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
    with _grids(data, filename, sources) as grids:
        for grid in grids:
            if not grid.hidden:
                found += _lines(grid, sources, filename)
    if not found:
        raise BadFile("no_scores", file=filename)
    return tuple(found)


@contextmanager
def _grids(data: bytes, filename: str, sources: Sequence[str]) -> Iterator[Sequence[Grid]]:
    match kind_of(data, filename):
        case FileKind.WORKBOOK:
            with workbook(data, filename) as grids:
                yield grids
        case FileKind.OLD_WORKBOOK:
            with old_workbook(data, filename) as grids:
                yield grids
        case FileKind.TEXT:
            yield [text_grid(data, filename, known=lambda rows: max((len(_columns(cells, sources)) for _number, cells in rows), default=0))]


def _lines(grid: Grid, sources: Sequence[str], filename: str) -> Iterator[Filled]:
    columns: Mapping[str, int] = {}
    for number, cells in grid.rows():
        if not columns:
            columns = _columns(cells, sources)
            if not columns and number > _HEADER_WITHIN:
                return
            continue
        filled = _filled(number, cells, columns)
        if filled.key or any(filled.cells.values()):
            yield filled
        if number > MOST_ROWS:
            raise BadFile("too_many_rows", file=filename, most=MOST_ROWS)


def _columns(cells: Sequence[str], sources: Sequence[str]) -> Mapping[str, int]:
    """Where each column of ours stands; {} when the row is no header."""
    names = [shown(cell).strip() for cell in cells]
    found = {name: names.index(name) for name in (KEY, NAME, *sources) if name in names}
    return found if KEY in found and any(name in found for name in sources) else {}


def _filled(number: int, cells: Numbered | Sequence[str], columns: Mapping[str, int]) -> Filled:
    def at(name: str) -> str:
        place = columns.get(name)
        return str(cells[place]) if place is not None and place < len(cells) else ""

    texts = {name: at(name) for name in columns if name not in (KEY, NAME)}
    faults = {name: fault_of(text) for name, text in texts.items() if fault_of(text)}
    return Filled(number, shown(at(KEY)).strip(), shown(at(NAME)).strip(), {name: shown(text).strip() for name, text in texts.items()}, tuple(faults))
