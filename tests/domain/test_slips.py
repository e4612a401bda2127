"""Codes as they are spelled, printed and typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.domain.refusals import UnknownCode
from survey.domain.slips import ALPHABET, BITS, pretty, read, spell


@given(st.integers(0, (1 << BITS) - 1))
def test_a_code_is_read_back_however_it_is_typed(number: int) -> None:
    code = spell(number)
    assert len(code) == 12 and set(code) <= set(ALPHABET)
    mixed = pretty(code).lower().replace("0", "o").replace("1", "l")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    assert read(mixed) == read(f"  {code[:4]} {code[4:]} ") == read(wide) == read(code) == code


@pytest.mark.parametrize("text", ["", "123", "U" * 12, "0" * 13, "中" * 12, "\x00" * 12])
def test_what_cannot_be_a_code_is_unknown(text: str) -> None:
    with pytest.raises(UnknownCode):
        read(text)
