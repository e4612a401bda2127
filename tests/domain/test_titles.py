"""Titles the house composes: read back, counted on, and put right in their numbers."""

import pytest

from survey.domain.titles import again, ballot, evaluation, has_bound, read_evaluation, rebound


def test_a_title_of_the_house_is_read_back_and_one_somebody_wrote_is_not() -> None:
    title = evaluation("机修 车间党支部", "2026Q3")
    assert title == "机修 车间党支部 2026 年第三季度评议会" and read_evaluation(title) == ("机修 车间党支部", "2026Q3")
    assert read_evaluation("2026 年全年评议会") == ("", "2026Y")
    assert read_evaluation("机修车间党支部第三季度评议会") is None and read_evaluation("2026 年第三季度评议会（补）") is None


def test_every_further_ballot_says_its_number_within_the_longest_title() -> None:
    second = again("选举大会")
    assert (second, again(second), again(again(second))) == ("选举大会：再次投票", "选举大会：第 3 次投票", "选举大会：第 4 次投票")
    assert ballot(again(second)) == ("选举大会", 3) and ballot("选举大会") == ("选举大会", 1)
    assert len(again("长" * 100)) == 100 and ballot(again("长" * 100))[1] == 2


@pytest.mark.parametrize(
    ("said", "numbers", "now"),
    [
        ("最多选三名", {3: 1}, "最多选一名"), ("最多选 12 名", {12: 2}, "最多选 2 名"), ("应选十二名委员", {12: 2, 2: 9}, "应选两名委员"),
        ("选两个支部", {2: 13}, "选十三个支部"), ("第三季度选三名", {3: 1}, "第三季度选一名"), ("选二十名", {20: 30}, "选三十名"),
        ("Choose at most three members", {3: 1}, "Choose at most one members"), ("up to 3", {3: 2}, "up to 2"), ("选三名", {2: 1}, "选三名"),
    ],
)  # fmt: skip
def test_numbers_of_people_are_those_of_the_other_ballot(said: str, numbers: dict[int, int], now: str) -> None:
    assert rebound(said, numbers) == now


def test_a_text_that_says_how_many_is_known_by_it() -> None:
    assert all(map(has_bound, ("优秀党员（最多选三名）", "限选 2 名", "应选五名", "At most three")))
    assert not any(map(has_bound, ("推荐优秀共产党员", "第三季度选举", "最多的意见")))
