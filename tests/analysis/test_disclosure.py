"""Merge, do not hide: the proof of `merge`, held against random trees, pairs of figures and somebody who solves equations."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import Merged, Path, merge
from tests.analysis.equations import reach

TARGETS = 2
counts = st.lists(st.integers(0, 9), min_size=TARGETS, max_size=TARGETS)
# Leaves of unequal depth: a town of branches, committees of branches, each with its groups.
names = st.sampled_from("甲乙丙丁")
leaves = st.dictionaries(st.lists(names, min_size=1, max_size=3).map(tuple), counts, min_size=1, max_size=9)


def trees() -> st.SearchStrategy[dict[Path, list[int]]]:
    """Random trees; a leaf that would lie above another becomes that node's own leaf."""
    return leaves.map(
        lambda found: {
            (*path, "own") if any(len(o) > len(path) and o[: len(path)] == path for o in found) else path: n
            for path, n in found.items()
        }
    )


def shown(found: Merged, ballots: dict[Path, list[int]]) -> list[frozenset[Path]]:
    """The leaves with ballots behind every figure that may be shown: the whole, and every part as it is shown."""
    held = {leaf for leaf, n in ballots.items() if any(n[t] for t in range(TARGETS) if t not in found.withheld)}

    def under(nodes: tuple[Path, ...]) -> frozenset[Path]:
        return frozenset(leaf for leaf in held for node in nodes if leaf[: len(node)] == node)

    every = [under(((),))] if found.atoms else []
    return every + [under(block) for blocks in found.splits.values() for block in blocks]


def bases(some: frozenset[Path], found: Merged, ballots: dict[Path, list[int]]) -> list[int]:
    """People asked, by target that may be shown."""
    return [sum(ballots[leaf][t] for leaf in some) for t in range(TARGETS) if t not in found.withheld]


@given(trees(), st.integers(1, 7))
def test_every_base_and_every_sum_and_difference_of_two_is_nobody_or_enough(
    ballots: dict[Path, list[int]], fewest: int
) -> None:
    found = merge(ballots, fewest=fewest)
    for one, other in product(shown(found, ballots), repeat=2):
        for some in (one, one | other, one - other, one & other, one ^ other):
            assert all(n == 0 or n >= fewest for n in bases(some, found, ballots))


@given(trees(), st.integers(1, 7))
def test_atoms_are_disjoint_hold_every_ballot_and_every_figure_is_a_sum_of_them(
    ballots: dict[Path, list[int]], fewest: int
) -> None:
    found = merge(ballots, fewest=fewest)
    inside = [leaf for atom in found.atoms for leaf in atom]
    assert len(inside) == len(set(inside))
    if found.atoms:
        assert set(inside) == shown(found, ballots)[0]
    for some in shown(found, ballots):
        assert all(set(atom) <= some or not some & set(atom) for atom in found.atoms)


@given(st.dictionaries(st.tuples(names, names), counts, min_size=1, max_size=7), st.integers(2, 7))
def test_somebody_who_solves_equations_finds_no_small_set(ballots: dict[Path, list[int]], fewest: int) -> None:
    """Any factors, any number of figures, groups across units as well: every set he can reckon is nobody or enough."""
    found = merge(ballots, fewest=fewest)
    groups = {name: [leaf for leaf in ballots if leaf[1] == name] for name in "甲乙丙丁"}
    across = [frozenset(leaf for label in labels for leaf in groups[label]) for labels in found.together(groups)]
    held = [leaf for leaf in ballots if any(leaf in atom for atom in found.atoms)]
    figures = [
        [Fraction(leaf in some) for leaf in held] for some in [*shown(found, ballots), *across] if some & set(held)
    ]
    for choice in product((0, 1), repeat=len(held)):
        some = frozenset(leaf for leaf, taken in zip(held, choice, strict=True) if taken)
        if any(0 < n < fewest for n in bases(some, found, ballots)):
            assert not reach(figures, [Fraction(taken) for taken in choice])


@given(trees(), st.integers(1, 7))
def test_what_is_enough_everywhere_is_shown_part_by_part(ballots: dict[Path, list[int]], fewest: int) -> None:
    full = {leaf: [n + fewest for n in each] for leaf, each in ballots.items()}
    found = merge(full, fewest=fewest)
    assert sorted(found.atoms, key=repr) == sorted(((leaf,) for leaf in full), key=repr)
    assert all(len(block) == 1 for blocks in found.splits.values() for block in blocks)


def flat(*sizes: int) -> tuple[tuple[str, ...], ...]:
    ballots = {(name,): (n,) for name, n in zip("甲乙丙丁", sizes, strict=False)}
    splits = merge(ballots, fewest=5).splits
    return tuple(tuple(str(path[0]) for path in block) for block in splits.get((), ()))


def test_the_few_join_the_smallest_of_their_siblings() -> None:
    assert flat(30, 4, 12, 20) == (("甲",), ("乙", "丙"), ("丁",))


def test_two_small_ones_that_make_enough_together_join_each_other() -> None:
    assert flat(30, 4, 3, 20) == (("甲",), ("乙", "丙"), ("丁",))


def test_two_small_ones_that_are_still_too_few_take_another() -> None:
    assert flat(30, 2, 2, 20) == (("甲",), ("乙", "丙", "丁"))


def test_fewer_than_the_fewest_in_all_show_nothing_and_nobody_is_no_few() -> None:
    assert flat(2, 2) == ()
    assert flat(0, 0) == ()
    assert flat(0, 9, 0, 5) == (("乙",), ("丁",))


def test_a_part_of_a_merged_unit_is_not_shown() -> None:
    """Otherwise what is left of the two units would be the three."""
    found = merge({("甲", "群众"): (3,), ("乙", "群众"): (9,), ("乙", "党员"): (9,)}, fewest=5)
    assert found.splits == {(): ((("甲",), ("乙",)),)}
    assert found.atoms == ((("甲", "群众"), ("乙", "群众"), ("乙", "党员")),)


def test_a_target_too_few_were_asked_about_is_withheld_and_does_not_join_the_rest() -> None:
    found = merge({("甲",): (9, 3), ("乙",): (9, 0)}, fewest=5)
    assert found.withheld == {1} and found.splits[()] == ((("甲",),), (("乙",),))


def test_a_group_that_is_merged_in_one_unit_is_merged_in_the_sum_over_units() -> None:
    found = merge({("甲", "群众"): (9,), ("甲", "党员"): (3,), ("乙", "群众"): (9,), ("乙", "党员"): (9,), ("乙", "代表"): (8,)}, fewest=5)
    groups = {name: [("甲", name), ("乙", name)] for name in ("群众", "党员", "代表")}
    assert found.together(groups) == (("群众", "党员"), ("代表",))
    inside = {name: [("乙", name)] for name in groups}
    assert found.together(inside) == (("群众",), ("党员",), ("代表",))
    assert found.together({"党员": [("甲", "党员")]}) == (), "an atom is not cut at the edge of a set"


def test_a_leaf_above_a_leaf_is_refused() -> None:
    with pytest.raises(ValueError, match="lies above"):
        merge({("甲",): (9,), ("甲", "群众"): (9,)}, fewest=5)
