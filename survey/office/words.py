"""How a document learns its language: whoever asks for it passes `say`, which turns a Chinese sentence into another."""

from collections.abc import Callable

Say = Callable[[str], str]


def chinese(text: str) -> str:
    """The sentence as it stands."""
    return text


def mark(text: str) -> str:
    """The sentence as it stands, noted for the catalogue: `say` gets it later."""
    return text


PAGE = mark("第 %(n)s 页，共 %(all)s 页")
