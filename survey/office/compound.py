"""Microsoft's old container (MS-CFB), in which .xls, .doc and locked .xlsx files lie."""

import struct

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = 512
_FIRST_TABLES = 109
_FREE = 0xFFFFFFFF
_MOST_SECTOR = 0xFFFFFFFA


def holds(data: bytes, name: str) -> bool:
    """Whether a stream of this name is in the container's directory."""
    return name.encode("utf-16-le") in data


def is_whole(data: bytes) -> bool:
    """Whether every sector its tables speak of is there: a file cut off on the way may still look like a short list."""
    if len(data) < _HEADER:
        return False
    (shift,) = struct.unpack_from("<H", data, 30)
    (tables,) = struct.unpack_from("<I", data, 44)
    if shift not in (9, 12):
        return False
    size = 1 << shift
    last = -1
    places = struct.unpack_from(f"<{_FIRST_TABLES}I", data, 76)
    for number, sector in enumerate(places[: min(tables, _FIRST_TABLES)]):
        start = (sector + 1) * size
        if sector >= _MOST_SECTOR or start + size > len(data):
            return False
        entries = struct.unpack_from(f"<{size // 4}I", data, start)
        used = max((place for place, entry in enumerate(entries) if entry != _FREE), default=-1)
        if used >= 0:
            last = number * (size // 4) + used
    return (last + 2) * size <= len(data)
