"""One palette for pages and pictures: the CSS tokens hold the colours of the charts."""

import re
from pathlib import Path

import pytest

from analysis import style
from analysis.satisfaction import Role

STATIC = Path(__file__).parent.parent / "static"
TOKENS = (STATIC / "tokens.css").read_text("utf-8")


def token(name: str) -> str:
    """A token's value in the light theme, which stands first."""
    found = re.search(rf"--{name}:\s*(#[0-9A-Fa-f]{{6}})", TOKENS)
    assert found, name
    return found[1].upper()


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("sat", style.SHADES[Role.SATISFIED][0]),
        ("basic", style.SHADES[Role.BASIC][0]),
        ("unsat", style.SHADES[Role.UNSATISFIED][0]),
        ("unknown", style.SHADES[Role.UNKNOWN][0]),
        ("unknown-edge", style.UNKNOWN_EDGE),
        ("ink", style.INK),
        ("ink-2", style.INK_2),
        ("line", style.LINE),
        *((f"h{step}", colour) for step, colour in enumerate(style.HEAT, start=1)),
    ],
)
def test_a_colour_is_the_same_on_pages_and_in_pictures(name: str, colour: str) -> None:
    assert token(name) == colour


def shades(name: str) -> list[str]:
    """A token's values: light, then dark."""
    return re.findall(rf"--{name}:\s*(#[0-9A-Fa-f]{{6}})", TOKENS)


def light(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        *((ink, ground, 7) for ink in ("ink", "ink-2") for ground in ("paper", "surface", "sunk")),
        ("on-ink", "ink", 7),
        ("on-seal", "seal", 7),
        ("note-ink", "note", 7),
        ("care-ink", "care", 7),
        # Edges of what is tapped, and the ring around what has the focus.
        *((edge, ground, 3) for edge in ("line-strong", "focus") for ground in ("paper", "surface")),
    ],
)
def test_letters_and_edges_stand_out_from_their_ground_by_day_and_by_night(ink: str, ground: str, least: float) -> None:
    for scheme in (0, 1):
        lights = sorted(light(shades(name)[scheme] if len(shades(name)) > 1 else shades(name)[0]) for name in (ink, ground))
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= least, (ink, ground, scheme)


@pytest.mark.parametrize("path", [*sorted((STATIC / "booth").glob("*.css")), STATIC / "tokens.css"], ids=lambda path: path.name)
def test_the_style_of_the_phone_names_no_side(path: Path) -> None:
    """Uyghur and Mongolian run another way: what stands at the start of a line stands at the start, wherever that is."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"[\w-]*\b(?:left|right)\b[\w-]*", text) == []
