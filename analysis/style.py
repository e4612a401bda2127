"""The one palette of pages and pictures; the CSS tokens are held to it by a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.satisfaction import Level, Role

INK: Final = "#221E1A"
INK_2: Final = "#514A42"
LINE: Final = "#DFD8CC"
LINE_STRONG: Final = "#877D70"
GROUND: Final = "#FFFFFF"

# Each role's shades, most pronounced first. The first of each is the token of the same name in tokens.css.
SHADES: Final[dict[Role, tuple[str, ...]]] = {
    Role.SATISFIED: ("#17444F", "#3F707A", "#557F88"),
    Role.BASIC: ("#6C9DA3", "#9FC0C5"),
    Role.UNSATISFIED: ("#99571F", "#CE9A63", "#E3C19B"),
    Role.UNKNOWN: ("#E2DBCF",),
}
ORDER: Final = (Role.SATISFIED, Role.BASIC, Role.UNSATISFIED, Role.UNKNOWN)
UNKNOWN_EDGE: Final = "#877D70"
UNKNOWN_HATCH: Final = "///"
# A second unsatisfied answer is as light as 天 in grey: lines the other way tell it apart on a photocopy.
PALE_HATCH: Final = "\\\\\\"
PALE_EDGE: Final = "#6B3D12"

# Steps of the heat map, `--h1` to `--h5` of tokens.css: below the threshold, at it, above it. Ink is legible on each.
HEAT: Final = ("#EBCB9F", "#F6E6CF", "#FFFFFF", "#E6EFF0", "#CBDFE2")

# Points. The figures of a page stand in the same sizes whatever its number of rows.
SIZE: Final = 10.5
TITLE: Final = 15.0
NOTE: Final = 9.0


@dataclass(frozen=True)
class Look:
    """How the segment of one level is painted."""

    level: Level
    colour: str
    edge: str
    hatch: str | None


def looks(levels: Sequence[Level]) -> list[Look]:
    """The levels in the order of the segments: satisfied, basic, unsatisfied, don't know; best to worst within each. Those
    that abstain have no segment: they are no answers.

    A scale written from the worst to the best is turned round; the worst of several unsatisfied answers, as the
    best of several satisfied ones, has the strongest shade.
    """
    place = {level.code: at for at, level in enumerate(levels)}
    good = [place[level.code] for level in levels if level.role is Role.SATISFIED]
    bad = [place[level.code] for level in levels if level.role is Role.UNSATISFIED]
    best_first = not good or not bad or sum(good) / len(good) < sum(bad) / len(bad)
    found = []
    for role in ORDER:
        same = [level for level in (levels if best_first else reversed(levels)) if level.role is role]
        for at, level in enumerate(same):
            strength = len(same) - 1 - at if role is Role.UNSATISFIED else at
            found.append(_look(level, SHADES[role], strength))
    return found


def _look(level: Level, shades: tuple[str, ...], strength: int) -> Look:
    if level.role is Role.UNKNOWN:
        return Look(level, shades[0], UNKNOWN_EDGE, UNKNOWN_HATCH)
    pale = level.role is Role.UNSATISFIED and strength > 0
    return Look(level, shades[min(strength, len(shades) - 1)], GROUND, PALE_HATCH if pale else None)
