"""The editable lists: what an organisation changed stands in the place of what came with the house."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain import terms
from survey.domain.refusals import BadField
from survey.domain.terms import BUILT_IN, Term, TermList, Terms, overlaid
from survey.domain.units import MemberKind


def test_without_changes_the_lists_are_those_of_the_house() -> None:
    assert overlaid(()) == BUILT_IN
    assert BUILT_IN.labels(TermList.MEMBER_KIND)[MemberKind.RETIRED] == "离退休党员"


def test_a_changed_word_stands_in_its_place_and_a_new_one_where_it_belongs() -> None:
    found = overlaid((Term(TermList.SECTOR, "rural", "乡村", 0), Term(TermList.SECTOR, "mine", "矿区", 2)))
    labels = found.labels(TermList.SECTOR)
    assert labels["rural"] == "乡村"
    assert list(labels)[:4] == ["rural", "street", "mine", "office"]


def test_a_retired_word_is_not_offered_but_still_read() -> None:
    found = overlaid((Term(TermList.MEMBER_KIND, "mobile", "流动党员", 3, retired=True),))
    assert "mobile" not in found.labels(TermList.MEMBER_KIND)
    assert found.label(TermList.MEMBER_KIND, "mobile") == "流动党员"
    assert found.label(TermList.MEMBER_KIND, "nobody") == "nobody"


def do(now: Terms, act: str, key: str, said: tuple[int, str]) -> Sequence[Term]:
    """One act on the kinds of member: the words it changes."""
    which, (place, text) = TermList.MEMBER_KIND, said
    if act == "order":
        return terms.ordered(now, which, key, place)
    if act in ("add", "rename"):
        return [terms.added(now, which, text) if act == "add" else terms.renamed(now, which, key, text)]
    return [{"retire": terms.retired, "return": terms.returned, "restore": terms.restored}[act](now, which, key)]


@given(acts=st.lists(st.tuples(st.sampled_from(("add", "rename", "retire", "return", "order", "restore")), st.integers(0, 9), st.text(max_size=35)), max_size=20))
@settings(max_examples=100, deadline=None)
def test_whatever_is_done_no_word_is_lost_labels_differ_and_places_are_in_order(acts: list[tuple[str, int, str]]) -> None:
    which = TermList.MEMBER_KIND
    now = BUILT_IN
    for act, n, text in acts:
        rows = now.of(which)
        try:
            done = do(now, act, rows[n % len(rows)].key, (n, text))
        except BadField:
            continue
        after = overlaid([*(term for term in now.rows if term not in BUILT_IN.rows), *done])
        labels = list(after.labels(which, retired=True).values())
        assert len(labels) == len(set(labels)) and set(now.labels(which, retired=True)) <= set(after.labels(which, retired=True))
        assert MemberKind.WORKING in after.labels(which)
        assert [term.list for term in after.rows] == sorted((term.list for term in after.rows), key=list(TermList).index)
        now = after
    assert now.of(TermList.SECTOR) == BUILT_IN.of(TermList.SECTOR)


def test_a_word_is_put_at_its_place_and_the_others_close_up() -> None:
    moved = overlaid(terms.ordered(BUILT_IN, TermList.SECTOR, "office", 0))
    assert [*moved.labels(TermList.SECTOR)] == ["office", "rural", "street", "school", "state_enterprise", "new_organisation"]
    last = overlaid(terms.ordered(BUILT_IN, TermList.SECTOR, "rural", 99))
    assert [*last.labels(TermList.SECTOR)][-1] == "rural"


def test_the_last_word_and_the_usual_kind_cannot_be_retired() -> None:
    one = overlaid(replace(term, retired=True) for term in BUILT_IN.of(TermList.SECTOR)[1:])
    for lists, which, key in ((one, TermList.SECTOR, "rural"), (BUILT_IN, TermList.MEMBER_KIND, "working")):
        with pytest.raises(BadField):
            terms.retired(lists, which, key)
