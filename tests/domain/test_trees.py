"""Rules of the tree: whatever is moved, merged, closed and taken back, it stays one tree and nobody is lost."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain import trees
from survey.domain.refusals import BadField, Refused, Stale, UnitStays
from survey.domain.trees import Tree
from survey.domain.units import Unit, UnitKind, subtree, trail

TODAY = date(2026, 9, 18)


def make(parents: list[int]) -> Tree:
    """Unit n hangs below unit parents[n - 2] % n, so that every list of numbers is a tree; 1 is the top."""
    units = [Unit(1, None, UnitKind.COMMITTEE, "党委")]
    for n, parent in enumerate(parents, start=2):
        units.append(Unit(n, parent % (n - 1) + 1, UnitKind.BRANCH, f"单位{n}", sector="rural"))
    return trees.tree_of(units)


def put(tree: Tree, changed: tuple[Unit, ...]) -> Tree:
    return {**tree, **trees.tree_of(changed)}


def check(tree: Tree, top: int = 1) -> None:
    """One tree: every unit is found from the top, no open one hangs below a closed one."""
    assert subtree(tree.values(), top) == frozenset(tree)
    for unit in tree.values():
        assert trail(tree.values(), unit.id)[0].id == top
        if unit.parent is not None and not unit.is_closed:
            assert not tree[unit.parent].is_closed, unit


TREES = st.builds(make, st.lists(st.integers(0, 30), min_size=1, max_size=14))
ACTS = st.lists(st.tuples(st.sampled_from(("move", "merge", "close", "reopen")), st.integers(0, 30), st.integers(0, 30)), max_size=12)


@given(tree=TREES, acts=ACTS)
@settings(max_examples=150, deadline=None)
def test_any_acts_in_any_order_leave_one_tree_and_each_can_be_taken_back(tree: Tree, acts: list[tuple[str, int, int]]) -> None:
    for act, first, second in acts:
        unit, other = first % len(tree) + 1, second % len(tree) + 1
        try:
            if act == "move":
                after: tuple[Unit, ...] = (trees.moved(tree, unit, other),)
            elif act == "merge":
                after = trees.merged(tree, unit, other, today=TODAY)
            elif act == "close":
                after = (trees.closed(tree, unit, members=0, meetings=0, today=TODAY),)
            else:
                after = (trees.reopened(tree, unit),)
        except Refused:
            continue
        changed = put(tree, after)
        check(changed)
        before = tuple(tree[each.id] for each in after)
        assert put(changed, trees.restored(changed, before, after)) == tree
        tree = changed


@given(tree=TREES, first=st.integers(0, 30), second=st.integers(0, 30))
@settings(max_examples=150, deadline=None)
def test_moving_takes_everything_below_along(tree: Tree, first: int, second: int) -> None:
    unit, parent = first % len(tree) + 1, second % len(tree) + 1
    below = subtree(tree.values(), unit)
    if parent in below or tree[unit].parent in (None, parent):
        with pytest.raises(UnitStays):
            trees.moved(tree, unit, parent)
        return
    after = put(tree, (trees.moved(tree, unit, parent),))
    assert subtree(after.values(), unit) == below <= subtree(after.values(), parent)


def test_an_act_is_not_taken_back_over_what_somebody_did_since() -> None:
    tree = make([0, 0, 0])
    after = trees.moved(tree, 2, 3)
    changed = put(tree, (after,))
    renamed = put(changed, (replace(after, name="别的"),))
    with pytest.raises(Stale):
        trees.restored(renamed, [tree[2]], [after])
    taken = put(changed, (Unit(9, 1, UnitKind.BRANCH, "单位2"),))
    with pytest.raises(BadField):
        trees.restored(taken, [tree[2]], [after])


def test_a_unit_with_anything_in_the_way_is_not_closed() -> None:
    tree = make([0, 1])
    for unit, members, meetings in ((2, 0, 0), (3, 1, 0), (3, 0, 1)):
        with pytest.raises(UnitStays) as refused:
            trees.closed(tree, unit, members=members, meetings=meetings, today=TODAY)
        assert refused.value.facts["why"] == "in_the_way"
    assert trees.closed(tree, 3, members=0, meetings=0, today=TODAY).closed_on == TODAY


def test_a_name_may_come_again_elsewhere_and_after_a_closing_but_not_beside_itself() -> None:
    tree = make([0, 0, 1])
    with pytest.raises(BadField):
        trees.written(tree, Unit(0, 1, UnitKind.BRANCH, " 单位2 "), sectors=())
    assert trees.written(tree, Unit(0, 2, UnitKind.BRANCH, "单位2"), sectors=()).name == "单位2"
    shut = put(tree, (replace(tree[2], closed_on=TODAY), replace(tree[4], closed_on=TODAY)))
    fresh = trees.written(shut, Unit(0, 1, UnitKind.BRANCH, "单位2"), sectors=())
    with pytest.raises(BadField):
        trees.reopened(put(shut, (replace(fresh, id=9),)), 2)


def test_a_sector_offered_no_longer_stays_with_who_has_it() -> None:
    tree = make([0])
    assert trees.written(tree, tree[2], sectors=()).sector == "rural"
    with pytest.raises(BadField):
        trees.written(tree, replace(tree[2], sector="school"), sectors=("office",))


@given(tree=TREES)
def test_the_journal_gives_units_back_as_they_were(tree: Tree) -> None:
    for unit in (*tree.values(), replace(tree[1], closed_on=TODAY, into=2, sector=None)):
        assert trees.read(trees.as_json(unit)) == unit
