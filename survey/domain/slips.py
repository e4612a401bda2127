"""Slips: the one-time codes, how they are written and how they are read back from a tired hand."""

import unicodedata
from enum import StrEnum

from survey.domain.refusals import UnknownCode

# Crockford's base 32: no I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
BITS = 5 * LENGTH
_MIXED_UP = str.maketrans({"O": "0", "I": "1", "L": "1"})


class SlipState(StrEnum):
    """FRESH may be cast, SPENT has its ballot in the box, VOID was destroyed unspent."""

    FRESH = "fresh"
    SPENT = "spent"
    VOID = "void"


class Way(StrEnum):
    """How slips leave the office. Kept as counts per group, never on a slip."""

    SHEET = "sheet"
    LINK = "link"
    SCREEN = "screen"
    PAPER = "paper"


def spell(number: int) -> str:
    """60 bits as 12 characters."""
    if not 0 <= number < 1 << BITS:
        raise ValueError("a code has 60 bits")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def pretty(code: str) -> str:
    """A code as it is printed: XXXX-XXXX-XXXX."""
    return "-".join(code[i : i + 4] for i in range(0, LENGTH, 4))


def read(text: str) -> str:
    """A typed code in its one form: separators out, O and 0, I and l and 1 taken for each other.

    Raises
    ------
    UnknownCode
        It cannot be a code: wrong length or letters.
    """
    code = letters(text)
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
        raise UnknownCode()
    return code


def letters(text: str) -> str:
    """The letters and digits of a typed code or key, those that are mixed up by eye taken for each other."""
    typed = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in typed if letter.isalnum()).translate(_MIXED_UP)
