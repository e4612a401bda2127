"""A report to take into a meeting as values: a sentence, figures, tables, pictures, rules; the same in PDF and in Word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

INNER = 178.0


@dataclass(frozen=True, slots=True)
class Piece:
    """One answer in a bar: where it lies, in per cent of the bar, and how it is painted; `slant` is its hatching."""

    label: str
    start: float
    width: float
    colour: str
    edge: str = ""
    slant: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """Answers side by side, drawn where there are lines to draw with; Word has a picture of all of them instead."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text on a ground of its own, or in heavy letters."""

    text: str
    ground: str = ""
    heavy: bool = False


Content = str | Cell | Bar


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, how wide it is in millimetres, and whether numbers stand in it."""

    head: str
    width: float
    is_number: bool = True
    is_bar: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads that stand again on every page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Content, ...], ...]
    key: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure to be seen first: what it is, the number, and what it is of."""

    label: str
    number: str
    note: str


@dataclass(frozen=True, slots=True)
class Figures:
    """A few of them side by side."""

    each: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, made when it is needed; `told` says the same in words. Of two numbers one is `wide` as another is `high`."""

    draw: Callable[[], bytes]
    told: str
    wide: float
    high: float
    # The bars of the table after it, for a paper that has none.
    is_bars: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `small` for what is there to be looked up; one that `leads` is never left by what follows it."""

    text: str
    small: bool = False
    leads: bool = False


Block = Table | Figures | Picture | Words


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands below it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A title, the line under it, the sentence that says it all, the parts, and what stands at the foot of every page."""

    title: str
    under: str
    sentence: str
    parts: tuple[Part, ...]
    foot: str
    lang: str = "zh-CN"
    # Set smaller until it fits on one.
    is_one_page: bool = False
    # The same with less in it, taken before the letters become small.
    shorter: "Callable[[], Report] | None" = None


def columns(rest: tuple[str, float], *, others: Sequence[Column], room: float = INNER) -> tuple[Column, ...]:
    """The first column of names, which takes what the others leave; never less than its own width, at which the others shrink."""
    head, least = rest
    wide = sum(each.width for each in others)
    first = max(least, room - wide)
    factor = min(1.0, (room - first) / wide) if wide else 1.0
    return (Column(head, first, is_number=False), *(Column(c.head, c.width * factor, c.is_number, c.is_bar) for c in others))
