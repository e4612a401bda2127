"""Parts of a workbook, read as a stream of XML: nothing in them may grow beyond what a list needs."""

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

_CHUNK = 1 << 16
# Far more than the format nests, and than one tag or one text is long.
_DEEPEST = 40
_LONGEST = 4 << 20
# A hundred thousand rows of twenty columns hold half as many.
_MOST_ELEMENTS = 12_000_000
_FEW_ELEMENTS = 500_000


class TooMuch(Exception):
    """A part holds more than any list would: it was made to fill our memory."""


def feed(
    source: IO[bytes], *, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None],
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hand a part to callbacks, names without prefix; between the chunks the caller may take what they gathered.

    Raises
    ------
    TooMuch
        It nests too deep, a single tag has no end, or there are tags without end.
    """
    depth = count = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > _DEEPEST or count > _MOST_ELEMENTS:
            raise TooMuch
        start(tag.rpartition(":")[2], attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag.rpartition(":")[2])

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    if text is not None:
        parser.CharacterDataHandler = text
    fed = 0
    while chunk := source.read(_CHUNK):
        parser.Parse(chunk, False)
        fed += len(chunk)
        if fed - max(parser.CurrentByteIndex, 0) > _LONGEST:
            raise TooMuch
        yield
    parser.Parse(b"", True)
    yield


def check_small(source: IO[bytes]) -> None:
    """Refuse a part of elements beyond counting, before a reader that keeps them all sees it.

    Raises
    ------
    TooMuch
        It holds too many elements, or nests too deep.
    """
    count = 0

    def start(_tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1 + len(attributes)
        if count > _FEW_ELEMENTS:
            raise TooMuch

    for _ in feed(source, start=start, end=lambda _tag: None):
        pass


class Words:
    """Text between tags, gathered while it is wanted; what is longer than a cell may be is cut."""

    _LONGEST = 40_000

    def __init__(self) -> None:
        self.wanted = False
        self._parts: list[str] = []
        self._room = self._LONGEST

    def add(self, text: str) -> None:
        """One more piece."""
        if self.wanted and self._room > 0:
            self._parts.append(text[: self._room])
            self._room -= len(text)

    def take(self) -> str:
        """All pieces as one; the next begins empty."""
        whole = "".join(self._parts)
        self._parts.clear()
        self._room = self._LONGEST
        return whole
