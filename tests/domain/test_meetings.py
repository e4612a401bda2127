"""Stages, groups, gates and the accounting; atoms that never show few people."""

import pytest

from survey.domain.meetings import (
    Group,
    Stage,
    account,
    check_groups,
    check_issue,
    check_move,
    check_open,
    total,
)
from survey.domain.refusals import BadField, BadSheet, TooFew, TooMany, WrongStage
from survey.domain.slips import Way


def group(**changes: object) -> Group:
    values: dict[str, object] = {"id": 1, "name": "群众代表", "due": 10, "present": 8, "minted": {Way.SHEET: 6}}
    return Group(**{**values, **changes})  # type: ignore[arg-type]


def test_there_is_no_way_back_from_counted() -> None:
    allowed = {(one, other) for one in Stage for other in Stage if _moves(one, other)}
    assert allowed == {
        (Stage.DRAFT, Stage.OPEN),
        (Stage.OPEN, Stage.DRAFT),
        (Stage.OPEN, Stage.CLOSED),
        (Stage.OPEN, Stage.PAUSED),
        (Stage.PAUSED, Stage.OPEN),
        (Stage.PAUSED, Stage.CLOSED),
        (Stage.PAUSED, Stage.VOID),
        (Stage.CLOSED, Stage.OPEN),
        (Stage.CLOSED, Stage.COUNTED),
        (Stage.COUNTED, Stage.PUBLISHED),
        (Stage.DRAFT, Stage.VOID),
        (Stage.OPEN, Stage.VOID),
        (Stage.CLOSED, Stage.VOID),
    }


def _moves(one: Stage, other: Stage) -> bool:
    try:
        check_move(one, other)
    except WrongStage:
        return False
    return True


def test_sheets_and_screen_stop_at_those_present_and_links_at_those_absent() -> None:
    mixed = group(minted={Way.SHEET: 5, Way.SCREEN: 2, Way.LINK: 1})
    check_issue(mixed, 1, Way.PAPER)
    check_issue(mixed, 1, Way.LINK)
    for way in (Way.PAPER, Way.LINK):
        with pytest.raises(TooMany) as refused:
            check_issue(mixed, 2, way)
        assert refused.value.facts["most"] == 1


def test_a_voided_sheet_makes_room() -> None:
    assert group(minted={Way.SHEET: 8}, voided=8).room == 8


@pytest.mark.parametrize(
    "rows",
    [[], [("", 5, 5)], [("甲", 5, 5), ("甲", 6, 6)], [("甲", 5, 6)], [("甲", 5, -1)]],
)
def test_groups_that_cannot_be_are_refused(rows: list[tuple[str, int, int]]) -> None:
    with pytest.raises(BadField):
        check_groups(rows)


def test_a_meeting_opens_with_five_in_every_group() -> None:
    check_open([group(present=5)])
    with pytest.raises(TooFew) as refused:
        check_open([group(present=8), group(id=2, name="服务对象", present=4)])
    assert refused.value.facts["group"] == "服务对象"
    with pytest.raises(TooFew) as refused:
        check_open([group(present=4)])
    assert refused.value.facts["group"] is None


def test_the_accounting_balances_or_stops() -> None:
    (line,) = account([group(minted={Way.SHEET: 8, Way.LINK: 1}, leftover=2)], {1: 6})
    assert (line.issued, line.returned, line.valid) == (7, 6, 6)
    assert total([line, line]).issued == 14
    (line,) = account([group(minted={Way.SCREEN: 8, Way.LINK: 1})], {1: 6})
    assert line.issued == 9, "no slip was printed, so none can be left over"
    for leftover, back in ((None, 6), (10, 0), (2, 8)):
        with pytest.raises(BadSheet):
            account([group(minted={Way.SHEET: 8, Way.LINK: 1}, leftover=leftover)], {1: back})
