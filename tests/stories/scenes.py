"""One round with those before it: what is known by hand of its units, and what a page or a sheet of it says of whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import takewhile
from math import sqrt

from tests.stories.ledgers import TEXTS, TURNS
from tests.stories.truths import Cells, Round
from tests.stories.years import GIVEN, SURNAMES, Story
from tests.townships_for_tests import GROUPS, Branch

# From here on a unit is well thought of.
LINE = 80
Z95 = 1.959963984540054
_TOKEN = re.compile(
    "|".join((r"第\d总支第\d支部", r"第\d总支", rf"[{SURNAMES}][{GIVEN}]", *TEXTS.values(), *TURNS, *(rf"{name}(?=给|”)" for name in GROUPS), r"[-+]?\d+(?:\.\d+)?"))
)


@dataclass(frozen=True)
class Scene:
    """One round with those before it, the last first."""

    story: Story
    at: int

    @property
    def one(self) -> Round:
        """The round itself."""
        return self.story.rounds[self.at]

    @cached_property
    def rows(self) -> list[dict[tuple[int, str, str, str, str], Cells]]:
        """Every figure of this round, then of those before."""
        return [dict(self.story.truth.rows(each)) for each in self.story.rounds[self.at :: -1]]

    def own(self, unit: int, question: str = "", group: str = "", *, back: int = 0) -> Cells | None:
        """What is said of a unit by itself, so many rounds ago."""
        return self.rows[back].get((unit, "own", f"u{unit}", group, question))

    def narrow(self, unit: int, question: str = "", group: str = "") -> Fraction:
        """Its exact rate in per cent."""
        cells = self.own(unit, question, group)
        assert cells is not None
        return rate(cells)

    def name(self, unit: int) -> str:
        """As pages call it."""
        return self.story.names[unit]

    def inside(self, node: int) -> list[Branch]:
        """Those shown by themselves at or below a unit, in the order of the tree."""
        return [each for each in self.one.shown() if node in (self.story.truth.root, self.one.heads[each.unit], each.unit)]

    def turns(self, unit: int) -> int:
        """For how many rounds without a break it has not reached the line."""
        every = [self.own(unit, back=back) for back in range(len(self.rows))]
        return len([*takewhile(lambda cells: cells is not None and Decimal(cells[7]) < LINE, every)])

    def moved(self, unit: int) -> Decimal | None:
        """How far it moved since the last round."""
        now, then = self.own(unit), self.own(unit, back=1) if len(self.rows) > 1 else None
        return Decimal(now[7]) - Decimal(then[7]) if now and then else None

    def past(self, unit: int, question: str, most: int) -> list[tuple[str, str]]:
        """Earlier rounds with what was said there, the first first."""
        found = [(TURNS[self.at - back], self.own(unit, question, back=back)) for back in range(1, len(self.rows))][:most]
        return [(turn, cells[7]) for turn, cells in reversed(found) if cells]

    def groups(self, unit: int) -> list[tuple[str, Cells]]:
        """Groups told apart, the lowest first."""
        found = [(name, cells) for name in GROUPS if (cells := self.own(unit, "", name)) is not None]
        return sorted(found, key=lambda each: rate(each[1]))


def rate(cells: Cells) -> Fraction:
    """The exact one, in per cent."""
    return Fraction(100 * int(cells[3]), int(cells[1]))


def wilson(cells: Cells) -> tuple[float, float]:
    """The score interval of Wilson (1927)."""
    k, n = int(cells[3]), int(cells[1])
    middle, half = k + Z95**2 / 2, Z95 * sqrt(k * (n - k) / n + Z95**2 / 4)
    return max((middle - half) / (n + Z95**2), 0.0) if k else 0.0, min((middle + half) / (n + Z95**2), 1.0) if k < n else 1.0


def tokens(text: str) -> list[str]:
    """Whom a text names and its figures, in its order."""
    text = re.sub(r"(?s)<svg.*?</svg>|<[^>]*>|盼修路\w\w\d\d", " ", text)
    return _TOKEN.findall(re.sub(r"↓ +降 +", "-", re.sub(r"↑ +升 +", "+", re.sub(r"\s+", " ", text))))


def joined(some: Sequence[str]) -> str:
    """Lines of paper as they were before they were broken."""
    return re.sub(r"(?<=\w)\n(?=\w)|\n", lambda found: " " if found.start() and found.string[found.start() - 1].isascii() and found.string[found.end() : found.end() + 1].isascii() else "", "\n".join(some))


def part(text: str, begin: str, end: str) -> str:
    """From one word on, to before another; nothing where the second is missing."""
    assert begin in text, begin
    return text[text.index(begin) :].partition(end)[0] if end in text[text.index(begin) :] else ""
