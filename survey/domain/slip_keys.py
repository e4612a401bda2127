"""The key of a box as it stands on the scrutineer's slip, where it is kept nowhere else: written in groups, read back by hand."""

from dataclasses import dataclass, field

from survey.domain.meetings import Meeting
from survey.domain.refusals import BadKey
from survey.domain.slips import ALPHABET, letters

BYTES = 32
# 52 characters of five bits hold the 256 bits; one more holds all of them against each other.
LENGTH = 53
_GROUP = 4
# x^5 + x^2 + 1: multiplying by x goes through all 31 numbers but zero, so each of 31 neighbours has a weight of its own.
_POLYNOMIAL = 0b100101


@dataclass(frozen=True, slots=True)
class Word:
    """What an opening gives to the scrutineer, once: his code, and the key where no machine keeps it. Its repr tells neither."""

    code: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)


def check_holder(meeting: Meeting) -> None:
    """Refuse a key on a slip that nobody gets, and for a survey, which may run for weeks.

    Raises
    ------
    BadKey
        There is no second person, or it is a survey.
    """
    if meeting.one_officer or meeting.is_survey:
        raise BadKey(why="alone")


def spell_key(private: bytes) -> str:
    """A key of 32 bytes as 52 characters and the one that checks them."""
    if len(private) != BYTES:
        raise ValueError("a key has 32 bytes")
    number = int.from_bytes(private, "big")
    digits = [number >> 5 * place & 31 for place in reversed(range(LENGTH - 1))]
    return "".join(ALPHABET[digit] for digit in (*digits, _times_x(_folded(digits))))


def pretty_key(text: str) -> str:
    """A key as it is printed: groups of four."""
    return " ".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def read_key(typed: str) -> bytes:
    """The 32 bytes of a typed or scanned key: separators out, O and 0, I and l and 1 taken for each other.

    The check notices every single wrong character and every two neighbours that changed places. What it refuses says nothing
    of what was typed but its length and the group of a letter that no key has.

    Raises
    ------
    BadKey
        Nothing was typed, it has another length, a letter no key has, or does not fit its check character.
    """
    text = letters(typed)
    if not text:
        raise BadKey(why="missing", most=LENGTH)
    if len(text) != LENGTH:
        raise BadKey(why="length", n=len(text), most=LENGTH)
    strange = next((place for place, letter in enumerate(text) if letter not in ALPHABET), None)
    if strange is not None:
        raise BadKey(why="letter", group=strange // _GROUP + 1)
    digits = [ALPHABET.index(letter) for letter in text]
    number = 0
    for digit in digits[:-1]:
        number = number << 5 | digit
    if _folded(digits) or number >> 8 * BYTES:
        raise BadKey(why="check")
    return number.to_bytes(BYTES, "big")


def _folded(digits: list[int]) -> int:
    """The digits as a polynomial over the field of 32 elements, at x: zero for a key with its check character."""
    value = 0
    for digit in digits:
        value = _times_x(value) ^ digit
    return value


def _times_x(value: int) -> int:
    return value << 1 ^ (_POLYNOMIAL if value & 16 else 0)
