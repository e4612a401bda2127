"""The key of a box as text: what a hand and a scanner make of it, and what is noticed."""

from random import Random

import pytest

from survey.domain.refusals import BadKey
from survey.domain.slip_keys import BYTES, LENGTH, Word, pretty_key, read_key, spell_key
from survey.domain.slips import ALPHABET

KEY = bytes(range(1, 33))
TEXT = spell_key(KEY)


@pytest.mark.parametrize("private", [bytes(32), b"\xff" * 32, KEY, Random(20261121).randbytes(32)])
def test_a_key_comes_back_from_its_text(private: bytes) -> None:
    text = spell_key(private)
    assert len(text) == LENGTH and set(text) <= set(ALPHABET)
    assert read_key(text) == private
    assert pretty_key(text).split(" ")[:-1] == [text[i : i + 4] for i in range(0, 52, 4)]


def test_the_text_of_a_known_key_stays_what_it_is() -> None:
    """By hand: four zero bits, then the bytes 00000001 00000010, in fives: 00000 00000 01000 00010, so 0 0 8 2."""
    assert spell_key(bytes(32)) == "0" * LENGTH
    assert TEXT.startswith("0082")
    assert spell_key(bytes(31) + b"\x01") == "0" * 51 + "12", "the last digit counts as itself, its check as x times that"


def test_a_tired_hand_is_read() -> None:
    typed = "\n".join(f"  {group.lower()}-" for group in pretty_key(TEXT).split(" "))
    assert read_key(typed.replace("0", "o").replace("1", "l")) == KEY
    assert read_key("".join(chr(ord(letter) + 0xFEE0) for letter in TEXT)) == KEY, "wide letters, as some keyboards type them"


def test_every_single_wrong_character_and_every_swap_of_neighbours_is_noticed() -> None:
    text = spell_key(Random(5).randbytes(BYTES))
    wrong = [text[:i] + other + text[i + 1 :] for i in range(LENGTH) for other in ALPHABET if other != text[i]]
    pairs = (i for i in range(LENGTH - 1) if text[i] != text[i + 1])
    wrong += [text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in pairs]
    assert len(wrong) > 53 * 31
    for each in wrong:
        with pytest.raises(BadKey) as refused:
            read_key(each)
        assert refused.value.facts == {"why": "check"}


def test_what_is_no_key_says_why_and_nothing_of_what_was_typed() -> None:
    for typed, facts in (
        ("", {"why": "missing", "most": 53}),
        (" -\n", {"why": "missing", "most": 53}),
        (TEXT[:-1], {"why": "length", "n": 52, "most": 53}),
        (TEXT + "0", {"why": "length", "n": 54, "most": 53}),
        (TEXT[:8] + "U" + TEXT[9:], {"why": "letter", "group": 3}),
        (TEXT[:8] + "好" + TEXT[9:], {"why": "letter", "group": 3}),
    ):
        with pytest.raises(BadKey) as refused:
            read_key(typed)
        assert refused.value.facts == facts
    # 2 x 2^255 has no place in 32 bytes, though its check character fits.
    digits = "2" + "0" * 51
    for check in ALPHABET:
        with pytest.raises(BadKey):
            read_key(digits + check)
    with pytest.raises(ValueError, match="32 bytes"):
        spell_key(b"short")


def test_a_printed_word_shows_neither_code_nor_key() -> None:
    assert TEXT not in repr(Word("7K3M9QX2P4TD", TEXT)) and "7K3M" not in repr(Word("7K3M9QX2P4TD", TEXT))
