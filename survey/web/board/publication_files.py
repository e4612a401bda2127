"""A published round to take away: the file that names itself by its digest, and every figure that follows from it."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from tempfile import TemporaryFile

from flask import Response, stream_with_context
from flask_babel import gettext as _

from survey.domain.plans import Planned
from survey.domain.publication_files import COUNTS, MANIFEST, ROUND, UNREADABLE
from survey.domain.refusals import NotFound, NotPublished
from survey.office.figure_tables import table
from survey.office.hand_ins import pack
from survey.store import plans, publications
from survey.store.engine import Connection
from survey.store.publications import Published
from survey.web.doors import Who, admits, house, staff
from survey.web.downloads import attached
from survey.web.rolls import altered, roll_of

_PIECE = 1 << 16


@admits(Who.STAFF)
def publication(round_id: int) -> Response:
    """The parts as they were frozen, in one file: the same bytes each time. A city's goes through the disk: it is too large for memory."""
    with house().store.read() as db:
        planned, made = _published(db, round_id)
        packed = publications.packed(db, round_id)
    if not _is_whole(packed, made.sha256):
        raise altered(round_id, None)
    return _file(Response(_zipped({name: packed[name] for name in (MANIFEST, ROUND, COUNTS)}), content_type="application/zip"), planned, "zip", _("公布的结果"))


@admits(Who.STAFF)
def figures(round_id: int) -> Response:
    """What `pingyi verify FILE --figures OUT.csv` writes, the same bytes; a city's is sent as it is made."""
    with house().store.read() as db:
        planned, made = _published(db, round_id)
        roll = roll_of(db, made).through()
    # What was changed in the database is come upon in the middle: then it is noted, and the rest is not sent.
    return _file(Response(stream_with_context(table(roll)), content_type="text/csv; charset=utf-8"), planned, "csv", _("全部数字"))


def _published(db: Connection, round_id: int) -> tuple[Planned, Published]:
    """The round, for whoever sees the whole of it: its file holds the counts of every unit in it.

    Raises
    ------
    NotFound
        There is no such round, or it reaches beyond what this person sees.
    NotPublished
        It is not published yet.
    """
    planned = plans.get(db, round_id)
    if not staff().sees(planned.unit):
        raise NotFound(what="round")
    made = publications.of_round(db, round_id)
    if made is None:
        raise NotPublished(why="yet")
    return planned, made


def _is_whole(packed: Mapping[str, bytes], sha256: str) -> bool:
    """Whether the parts are those that the digest of the publication names."""
    try:
        listed = json.loads(zlib.decompress(packed[MANIFEST]))["files"]
        return all(_digest(packed[name]) == wanted for name, wanted in ((MANIFEST, sha256), (ROUND, listed[ROUND]), (COUNTS, listed[COUNTS])))
    except UNREADABLE:
        return False


def _digest(packed: bytes) -> str:
    found = hashlib.sha256()
    for piece in _pieces(packed):
        found.update(piece)
    return found.hexdigest()


def _zipped(packed: Mapping[str, bytes]) -> Iterator[bytes]:
    with TemporaryFile() as file:
        pack(file, {name: _pieces(body) for name, body in packed.items()})
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _pieces(packed: bytes) -> Iterator[bytes]:
    reader = zlib.decompressobj()
    for at in range(0, len(packed), _PIECE):
        yield reader.decompress(packed[at : at + _PIECE])
    yield reader.flush()


def _file(response: Response, planned: Planned, kind: str, what: str) -> Response:
    return attached(response, f"{planned.name} {what}.{kind}", plain=f"round-{planned.id}.{kind}")
