"""One palette for pages and pictures: the CSS tokens hold the colours of the charts."""

import re
from pathlib import Path

import pytest

from analysis import style
from analysis.satisfaction import Role

TOKENS = (Path(__file__).parent.parent / "static" / "tokens.css").read_text("utf-8")


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
    ],
)
def test_a_colour_is_the_same_on_pages_and_in_pictures(name: str, colour: str) -> None:
    assert token(name) == colour
