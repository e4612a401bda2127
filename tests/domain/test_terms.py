"""The editable lists: what an organisation changed stands in the place of what came with the house."""

from survey.domain.terms import BUILT_IN, Term, TermList, overlaid
from survey.domain.units import MemberKind


def test_without_changes_the_lists_are_those_of_the_house() -> None:
    assert overlaid(()) == BUILT_IN
    assert BUILT_IN.labels(TermList.MEMBER_KIND)[MemberKind.RETIRED] == "离退休党员"


def test_a_changed_word_stands_in_its_place_and_a_new_one_where_it_belongs() -> None:
    terms = overlaid((Term(TermList.SECTOR, "rural", "乡村", 0), Term(TermList.SECTOR, "mine", "矿区", 2)))
    labels = terms.labels(TermList.SECTOR)
    assert labels["rural"] == "乡村"
    assert list(labels)[:4] == ["rural", "street", "mine", "office"]


def test_a_retired_word_is_not_offered_but_still_read() -> None:
    terms = overlaid((Term(TermList.MEMBER_KIND, "mobile", "流动党员", 3, retired=True),))
    assert "mobile" not in terms.labels(TermList.MEMBER_KIND)
    assert terms.label(TermList.MEMBER_KIND, "mobile") == "流动党员"
    assert terms.label(TermList.MEMBER_KIND, "nobody") == "nobody"
