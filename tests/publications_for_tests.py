"""A publication and its file, whole in memory; the house itself writes and reads a city's row by row."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import replace

from survey.domain.publication_files import (
    COUNTS,
    MANIFEST,
    ROUND,
    CountsFile,
    digest,
    manifest,
    marks_of,
    read_round,
    round_json,
    row_of,
)
from survey.domain.publication_readings import opened
from survey.domain.publications import Publication


def parts(made: Publication, *, sums: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """The parts of the file by their names. Equal publications give equal bytes."""
    counts = CountsFile()
    for mark in made.marks:
        counts.write(f"{row_of(mark.atom, mark.unit, mark[2:6])}{mark.answer},{mark.ballots}\r\n")
    bodies = {ROUND: round_json(made), COUNTS: zlib.decompress(counts.done()[0])}
    return {MANIFEST: manifest({name: digest({MANIFEST: body}) for name, body in bodies.items()}, sums=sums), **bodies}


def read(found: Mapping[str, bytes]) -> Publication:
    """The way back, after the house has looked the file through.

    Raises
    ------
    NotWhole
        As the house says.
    """
    opened(found)
    return replace(read_round(json.loads(found[ROUND])), marks=tuple(marks_of(found[COUNTS])))
