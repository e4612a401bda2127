"""Every messy trait and every pair of traits, by every program that can write it, reads as the plain list it is."""

from itertools import combinations

import pytest

from survey.office.sheets import read_list
from tests.office.messy import Program, Trait, expected, fits, written

PAIRS = [frozenset(pair) for size in (0, 1, 2) for pair in combinations(Trait, size)]
POSSIBLE = [pair for pair in PAIRS if any(fits(pair, program) for program in Program)]


def named(traits: frozenset[Trait]) -> str:
    return "+".join(sorted(trait.name for trait in traits)) or "plain"


@pytest.mark.parametrize("traits", POSSIBLE, ids=named)
def test_a_messy_list_reads_as_the_plain_list_it_is(traits: frozenset[Trait]) -> None:
    wanted = expected(traits)
    assert len(wanted) >= 3
    for program in Program:
        if fits(traits, program):
            found = read_list(written(traits, program), f"名单.{program.value}")
            assert list(found.lines) == wanted, program


@pytest.mark.parametrize("program", [Program.OPENPYXL, Program.XLSXWRITER, Program.XLWT])
def test_all_traits_that_go_together_read_as_the_plain_list_too(program: Program) -> None:
    apart = {Trait.SHEETS, Trait.CAPTION, Trait.FORMULAS, Trait.WIDE}
    traits = frozenset(set(Trait) - apart)
    assert fits(traits, program)
    assert list(read_list(written(traits, program), "名单").lines) == expected(traits)
