"""Lists in text files: UTF-8, UTF-16 or GB 18030, parted by commas, tabs or semicolons."""

import csv
import io
from collections.abc import Callable, Iterator
from functools import partial

from survey.office.files import BadFile
from survey.office.grids import MOST_COLUMNS, Cleaner, Grid, Numbered, no_spans

_DELIMITERS = (",", "\t", ";", "，", "；", "|")
_SAMPLE = 200


def text_grid(data: bytes, filename: str, known: Callable[[list[Numbered]], int]) -> Grid:
    """The text as one sheet. `known` tells how many columns of a header it knows in the first rows.

    Raises
    ------
    BadFile
        The encoding cannot be read, or the text breaks off in the middle of a letter.
    """
    encoding = _encoding(data, filename)
    sample = "".join(line for line, _ in zip(_open(data, encoding), range(_SAMPLE), strict=False))
    best, most = _DELIMITERS[0], -1
    for delimiter in _DELIMITERS:
        found = known(_sampled(sample, delimiter))
        if found > most:
            best, most = delimiter, found
    return Grid("", False, partial(_rows, data, encoding, best, filename), no_spans)


def _open(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")


def _sampled(sample: str, delimiter: str) -> list[Numbered]:
    """The first rows as a delimiter would part them; what is wrong with them is told when all are read."""
    tidy = Cleaner()
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[Numbered] = []
    try:
        for number, row in enumerate(reader, start=1):
            rows.append((number, tuple(tidy(cell) for cell in row[:MOST_COLUMNS])))
    except csv.Error:
        return rows
    return rows


def _rows(data: bytes, encoding: str, delimiter: str, filename: str) -> Iterator[Numbered]:
    tidy = Cleaner()
    reader = csv.reader(_open(data, encoding), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if row:
                yield number, tuple(tidy(cell) for cell in row[:MOST_COLUMNS])
    except csv.Error as fault:
        # A quotation mark that is never closed swallows all that follows: the row it stands in is the one to mend.
        raise BadFile("quotes", file=filename, row=number + 1) from fault


def _encoding(data: bytes, filename: str) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, or GB 18030, which Excel writes in China."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        names: tuple[str, ...] = ("utf-16",)
    elif data.startswith(b"\xef\xbb\xbf"):
        names = ("utf-8-sig",)
    else:
        names = ("utf-8", "gb18030")
    for name in names:
        try:
            data.decode(name)
        except UnicodeDecodeError as fault:
            whole = len(fault.object)
            # Only the last letter is not whole, and letters came before it: this is the encoding, and the end is missing.
            if fault.end >= whole and fault.start >= whole - 4 and not fault.object[: fault.start].isascii():
                raise BadFile("cut_off", file=filename) from fault
        else:
            return name
    raise BadFile("encoding", file=filename)
