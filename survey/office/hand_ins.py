"""The file to hand in as a .zip: the same bytes for the same parts, and read back without trusting it."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import IO

from survey.domain.hand_ins import NotWhole

# The oldest moment a .zip can say: when it was written is no part of what was counted.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_MOST_PARTS, MOST_BYTES = 100, 32 << 20
_BEGINS, _ENCRYPTED = b"PK", 1


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts in one file, uncompressed, so that every machine writes the same bytes."""
    data = io.BytesIO()
    pack(data, {name: [body] for name, body in parts.items()})
    return data.getvalue()


def pack(file: IO[bytes], parts: Mapping[str, Iterable[bytes]]) -> None:
    """The same written into a file, each part piece by piece."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, pieces in parts.items():
            with archive.open(zipfile.ZipInfo(name, _NO_TIME), "w") as part:
                for each in pieces:
                    part.write(each)


def unpacked(data: bytes, *, most: int = MOST_BYTES) -> dict[str, bytes]:
    """The parts of a file somebody handed in.

    Raises
    ------
    NotWhole
        It is no such file, is cut off or encrypted, or holds more than `most` bytes.
    """
    if not data.startswith(_BEGINS):
        raise NotWhole("kind" if data else "empty")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        # What a .zip holds stands at its end.
        raise NotWhole("cut")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if any(each.flag_bits & _ENCRYPTED for each in listed):
                raise NotWhole("encrypted")
            names = {each.filename for each in listed}
            # Somebody may have unpacked and packed it again; other ways of packing are not ours to unpack.
            plain = all(each.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for each in listed)
            if not plain or len(names) < len(listed) or len(listed) > _MOST_PARTS or sum(each.file_size for each in listed) > most:
                raise NotWhole("strange")
            return {each.filename: archive.read(each) for each in listed}
    except (zipfile.BadZipFile, zlib.error, ArithmeticError, EOFError, OSError, RuntimeError, ValueError) as fault:
        raise NotWhole("unreadable") from fault
