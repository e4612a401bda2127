"""A list of the office, whatever program wrote it: its sheets as grids of text."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from survey.office.files import FileKind, kind_of
from survey.office.grids import Grid, Numbered
from survey.office.old_workbooks import old_workbook
from survey.office.texts import text_grid
from survey.office.workbooks import workbook


@contextmanager
def grids_of(data: bytes, filename: str, known: Callable[[list[Numbered]], int]) -> Iterator[Sequence[Grid]]:
    """The sheets of an .xlsx, .xls or text. `known` tells how many columns of a text's first rows it knows.

    Raises
    ------
    BadFile
        It is none of these, or it cannot be read.
    """
    match kind_of(data, filename):
        case FileKind.WORKBOOK:
            with workbook(data, filename) as grids:
                yield grids
        case FileKind.OLD_WORKBOOK:
            with old_workbook(data, filename) as grids:
                yield grids
        case FileKind.TEXT:
            yield [text_grid(data, filename, known=known)]
