"""Ranks, grades and quotas: ties stay ties, and nothing is drawn by lot."""

from decimal import Decimal

import pytest

from analysis.grades import grade, quota, ranks

GRADES = [("优秀", Decimal(90)), ("合格", Decimal("80")), ("基本合格", Decimal(60)), ("不合格", Decimal(0))]


def scored(*scores: str) -> dict[str, Decimal | None]:
    return {"甲乙丙丁戊己庚辛"[at]: Decimal(each) if each else None for at, each in enumerate(scores)}


def test_after_a_tie_ranks_go_on_as_1_1_3_or_as_1_1_2() -> None:
    found = scored("92.50", "88", "92.5", "", "88", "70")
    assert list(ranks(found).values()) == [1, 3, 1, None, 3, 5]
    assert list(ranks(found, dense=True).values()) == [1, 2, 1, None, 2, 3]
    assert ranks({}) == {}


@pytest.mark.parametrize(("score", "wanted"), [("100", "优秀"), ("90.00", "优秀"), ("89.99", "合格"), ("60", "基本合格"), ("0", "不合格")])
def test_a_grade_begins_at_its_lowest_score(score: str, wanted: str) -> None:
    assert grade(Decimal(score), GRADES) == wanted


def test_no_score_has_no_grade() -> None:
    assert grade(None, GRADES) is None and grade(Decimal(50), GRADES[:1]) is None and grade(Decimal(50), []) is None


def test_of_eight_members_at_most_two_are_the_third_that_may_be_best() -> None:
    found = quota(scored("95", "93", "92", "91", "80", "70", "60", ""), Decimal(90), members=8, share=(1, 3))
    assert (found.most, found.reached, found.proposed, found.tied) == (2, ("甲", "乙", "丙", "丁"), ("甲", "乙"), ())
    assert found.binds and found.places == 0


def test_a_tie_at_the_border_is_told_and_left_to_people() -> None:
    found = quota(scored("92", "95", "92", "92", "80", "70", "60", "50"), Decimal(90), members=8, share=(1, 3))
    assert (found.proposed, found.tied, found.places) == (("乙",), ("甲", "丙", "丁"), 1)
    # All four alike: none is clearly among the first two.
    alike = quota(scored("92", "92", "92", "92", "", "", "", ""), Decimal(90), members=8, share=(1, 3))
    assert (alike.proposed, alike.tied, alike.places) == ((), ("甲", "乙", "丙", "丁"), 2)


def test_with_room_for_all_nothing_binds_and_with_no_room_nobody_is_tied() -> None:
    roomy = quota(scored("95", "89"), Decimal(90), members=3, share=(1, 3))
    assert (roomy.most, roomy.proposed, roomy.tied, roomy.binds) == (1, ("甲",), (), False)
    none = quota(scored("95", "95"), Decimal(90), members=2, share=(1, 3))
    assert (none.most, none.proposed, none.tied, none.binds) == (0, (), (), True)
