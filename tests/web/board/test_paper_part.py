"""What the board and the protocol say of forms on paper: how many, who read them, what was spoiled; never of few."""

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from survey.actions import keyings, meetings
from survey.actions.house import House
from survey.domain.keyings import Spoil
from survey.domain.rounds import SpoilRule
from survey.store import results
from tests.conftest import NOW, on_sqlite
from tests.forms_for_tests import Pile, make_pile
from tests.web.desk.desks_for_tests import text_in, words

Browse = Callable[[str], FlaskClient]


def counted(pile: Pile) -> None:
    left = dict.fromkeys(pile.groups, 0)
    meetings.set_leftovers(pile.house, pile.hall.meeting, left, by=pile.hall.secretary, now=NOW)
    pile.hall.count()


def protocol(pile: Pile, browse: Browse) -> str:
    """The protocol on one line."""
    answer = browse("leader").get(f"/board/meetings/{pile.hall.meeting}/protocol.pdf")
    return re.sub(r"\s+", " ", text_in(answer.data))


@on_sqlite
def test_the_protocol_says_who_read_the_paper_and_what_was_spoiled(house: House, browse: Browse) -> None:
    pile = make_pile(house, forms=6, rule=SpoilRule.FORM)
    for code in pile.forms[:5]:
        pile.key(code, f0_0="2")
        pile.key(code, f0_0="2", by=pile.other() if code != pile.forms[0] else None)
    keyings.spoil(house, pile.hall.meeting, pile.forms[5], Spoil.TORN, group=None, by=pile.hall.secretary, now=NOW)
    counted(pile)
    said = protocol(pile, browse)
    for line in (
        "群众代表 14 12 12 12 1 11", "党员 6 6 6 6 0 6", "合计 20 18 18 18 1 17", "做出的纸表 6", "录入的人 李秘书、管管", "投进票箱的纸表 5",
        "两遍由同一人录入 1", "两遍不一样，核定的 0", "撕坏、涂毁，没法读 1", "他们看得到这些表上的答案", "整张无效",
    ):  # fmt: skip
        assert line in said, line
    page = words(browse("leader").get(f"/board/meetings/{pile.hall.meeting}"))
    assert "收回 18 无效 1 有效 17" in re.sub(r"\s+", " ", page)
    assert "合计 17 票" in re.sub(r"\s+", " ", page), "the sum of the groups, in which no spoiled form is"
    assert "18/18" in words(browse("leader").get("/board")) and "18 / 18" in words(browse("secretary").get("/desk"))


@on_sqlite
@pytest.mark.parametrize(("forms", "phones", "told"), [(4, 6, "不到 5 张。少于 5 张不写明，以免认出是谁。"), (6, 2, "除不到 5 张外都是。少于 5 张不写明，以免认出是谁。")])
def test_a_heap_of_few_is_told_no_closer(house: House, browse: Browse, forms: int, phones: int, told: str) -> None:
    """Guards: the two heaps in board.paper_part._read: paper, and what is left of the box."""
    pile = make_pile(house, forms=forms, phones=phones)
    for code in pile.forms:
        for _ in range(2):
            pile.key(code)
    counted(pile)
    said = protocol(pile, browse)
    assert f"投进票箱的纸表 {told}" in said and "两遍由同一人录入" not in said


@on_sqlite
def test_a_spoiled_form_of_a_group_shown_with_others_is_told_of_all_together(house: House, browse: Browse) -> None:
    """Guards: Result.tells_spoiled: the second group has two ballots and is merged, so nobody learns who of it spoiled a form."""
    pile = make_pile(house, phones=2, forms=4)
    for code in pile.forms[:3]:
        for _ in range(2):
            pile.key(code)
    keyings.spoil(house, pile.hall.meeting, "", Spoil.UNREADABLE, group=pile.groups[0], by=pile.hall.secretary, now=NOW)
    counted(pile)
    said = protocol(pile, browse)
    assert "群众代表 14 12 6 6 人数不足 人数不足" in said and "党员 6 6 2 2 人数不足 人数不足" in said
    assert "合计 20 18 8 8 1 7" in said


@on_sqlite
@pytest.mark.parametrize("torn", [0, 1])
def test_of_few_nobody_is_told_that_a_form_was_spoiled_nor_that_none_was(house: House, browse: Browse, torn: int) -> None:
    """Guards: Result.tells_valid and paper_part._read; in actions.results the number of trackers and that of opinions."""
    pile = make_pile(house, phones=0, forms=3)
    meeting = pile.hall.meeting
    for code in pile.forms[:torn]:
        keyings.spoil(house, meeting, code, Spoil.TORN, group=None, by=pile.hall.secretary, now=NOW)
    for code in pile.forms[torn:]:
        for _ in range(2):
            pile.key(code)
    counted(pile)
    said = protocol(pile, browse)
    for line in ("群众代表 14 12 3 3 人数不足 人数不足", "投进票箱的纸表 不到 5 张", "查验码，共 3 个", "无效的纸表也有一个"):
        assert line in said, line
    assert "3 无效 人数不足 有效 人数不足" in re.sub(r"\s+", " ", words(browse("leader").get(f"/board/meetings/{meeting}")))
    assert "无效的纸表也有一个查验码" in browse("leader").get(f"/board/meetings/{meeting}/trackers").text
    assert browse("secretary").get(f"/desk/meetings/{meeting}/box").json["returned"] == 3
    with house.store.read() as db:
        seal = json.loads((results.seal(db, meeting) or ("{}", ""))[0])
    assert len(seal["trackers"]) == 3 and seal["opinions"] == {"kept": 0} and "spoiled" not in seal
