"""Things of known height set one below the other, page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from survey.office.pages import HEIGHT

TOP = 16.0
BOTTOM = HEIGHT - 17.0
# Rows of a table that stand alone on neither side of a turned page.
_ROWS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """Something of a height; `head` is drawn again where a page begins with this row of a table."""

    height: float
    draw: Callable[[float], None]
    head: "Item | None" = None
    with_next: bool = False


def sheets(items: Sequence[Item], *, strip: float = 0.0) -> list[list[tuple[Item, float]]]:
    """Items with their places, page by page; a heading stays with what it heads. The first page leaves a strip at its foot."""
    found: list[list[tuple[Item, float]]] = [[]]
    top = TOP
    bottom = BOTTOM - strip
    for place, item in enumerate(items):
        needed = item.height
        follow = place
        while items[follow].with_next and follow + 1 < len(items):
            follow += 1
            needed += items[follow].height
        if top + min(needed, bottom - TOP) > bottom and found[-1]:
            found.append([])
            top, bottom = TOP, BOTTOM
            if item.head:
                found[-1].append((item.head, top))
                top += item.head.height
        found[-1].append((item, top))
        top += item.height
    return found


def together(rows: Sequence[Item]) -> list[Item]:
    """The rows of a table, of which a page begins or ends with no fewer than three."""
    last = len(rows) - 1
    return [
        replace(row, with_next=place < last and (place < _ROWS - 1 or place > last - _ROWS)) for place, row in enumerate(rows)
    ]


def room(height: float) -> Item:
    """Room between two things."""
    return Item(height, _nothing, with_next=True)


def _nothing(_top: float) -> None:
    """Draws nothing."""
