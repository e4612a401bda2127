"""What binds the sums that pages read to the digest of their publication: the digest of every piece of them.

A piece is what is packed, not how: two machines may pack the same in two ways, and whoever makes the sums anew from the file must
come to the same digests. Those of the indexes stand in the list of the parts, which the publication's own digest names; those of
the sheets stand in an index of their own.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Protocol

# The index of the sheets' digests; and that of the digests of all indexes, of a round whose list of parts does not name them.
SHEETS, DIGESTS = "sheets", "digests"
_SHEET = struct.Struct("<q32s")


class Source(Protocol):
    """Where the sums of a publication lie."""

    def indexes(self, names: Collection[str]) -> Mapping[str, bytes]:
        """Some indexes by their names."""

    def sheets(self, units: Collection[int]) -> Mapping[int, bytes]:
        """Sheets of some units; one of which nothing is shown has none."""


class Bound(Source):
    """Sums that are held against their digests whenever they are read.

    Parameters
    ----------
    digests : mapping of index name to SHA-256
    refusal : function of a unit or None
        What is raised when the sheet of this unit, or an index of the whole round, is not what it was, or is missing.
    """

    def __init__(self, source: Source, digests: Mapping[str, str], refusal: Callable[[int | None], Exception]) -> None:
        self._source, self._digests, self._refusal = source, digests, refusal
        self._listed: bytes | None = None

    def indexes(self, names: Collection[str]) -> Mapping[str, bytes]:
        """Some indexes by their names; the list of the sheets' digests comes along with the first."""
        wanted = set(names) if self._listed is not None else {*names, SHEETS}
        found = self._source.indexes(wanted)
        for name in sorted(wanted):
            body = found.get(name)
            if body is None or piece_digest(body).hex() != self._digests.get(name):
                raise self._refusal(None)
        self._listed = found.get(SHEETS, self._listed)
        return found

    def sheets(self, units: Collection[int]) -> Mapping[int, bytes]:
        """Sheets of some units."""
        found, known = self._source.sheets(units), self._known
        for unit in units:
            body = found.get(unit)
            if (None if body is None else piece_digest(body)) != known.get(unit):
                raise self._refusal(unit)
        return found

    @cached_property
    def _known(self) -> Mapping[int, bytes]:
        listed = self._listed or self.indexes((SHEETS,))[SHEETS]
        return dict(_SHEET.iter_unpack(zlib.decompress(listed)))


def sheet_digests(sheets: Mapping[int, bytes]) -> bytes:
    """The index of the digests of some sheets, by the numbers of their units."""
    return zlib.compress(b"".join(_SHEET.pack(unit, piece_digest(body)) for unit, body in sorted(sheets.items())))


def index_digests(indexes: Mapping[str, bytes]) -> dict[str, str]:
    """What the list of the parts says of the indexes."""
    return {name: piece_digest(body).hex() for name, body in indexes.items()}


def is_bound(listed: bytes) -> bool:
    """Whether a list of parts, as it is kept, names the sums too, as an earlier release did not. One that cannot be read is none
    of those: the pages of its round refuse it by themselves."""
    try:
        return "sums" in json.loads(zlib.decompress(listed))
    except (ValueError, TypeError, zlib.error):
        return True


def packed_digests(indexes: Mapping[str, bytes]) -> bytes:
    """The same as a piece beside them."""
    return zlib.compress(json.dumps(index_digests(indexes)).encode())


def read_digests(body: bytes) -> dict[str, str]:
    """The way back."""
    return dict(json.loads(zlib.decompress(body)))


def piece_digest(body: bytes) -> bytes:
    """The SHA-256 of what a piece holds; of nothing where it cannot be unpacked, which is the digest of no piece."""
    try:
        return hashlib.sha256(zlib.decompress(body)).digest()
    except (TypeError, zlib.error):
        # SQLite keeps text where bytes belong, if somebody writes it there.
        return b""
