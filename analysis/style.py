"""The one palette of pages and pictures, and the letters of the pictures; the CSS tokens are held to it by a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from pylopdf_fonts_zh_cn import sans_path

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
# A second unsatisfied answer is as light as 天 in grey: dots tell it apart on a photocopy.
PALE_HATCH: Final = "..."

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
    """The levels in the order of the segments: satisfied, basic, unsatisfied, don't know; best to worst within each.

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


@cache
def letters(size: float) -> FontProperties:
    """Noto Sans SC at this size, from its file: nothing is registered and no font of the machine is used."""
    return FontProperties(fname=str(sans_path()), size=size)


@cache
def _drawn() -> frozenset[int]:
    return frozenset(FT2Font(str(sans_path())).get_charmap())


def legible(text: str) -> str:
    """The text on one line, with a box for each character the font does not have."""
    plain = "".join(c if c.isprintable() else " " for c in text).strip()
    return "".join(c if ord(c) in _drawn() else "□" for c in plain)


def shortened(text: str, ems: float) -> str:
    """The legible text, cut in the middle so that it is at most so many Chinese characters wide."""
    whole = legible(text)
    if _ems(whole) <= ems:
        return whole
    head, tail = len(whole[:200]), min(4, len(whole))
    short = whole
    while head > 1 and _ems(short) > ems:
        head -= 1
        short = whole[:head] + "…" + whole[len(whole) - tail:]
    return short


def _ems(text: str) -> float:
    return sum(1.0 if ord(c) > 0x2000 else 0.6 for c in text)
