"""Leftovers and the count at the desk: every refusal says what to do."""

import pytest
from flask import Flask
from sqlalchemy import text

from survey.actions import meetings
from survey.actions.house import House
from survey.domain.meetings import Entry, Stage
from survey.store import meetings as kept
from tests.conftest import NOW, Hall, make_meeting
from tests.web.desk.desks_for_tests import Desk, sit_down, words


def closed(app: Flask, house: House, *, votes: int = 6) -> tuple[Hall, Desk, list[int]]:
    """A closed meeting: `votes` of each group are in the box."""
    hall = make_meeting(house)
    for codes in hall.codes.values():
        for code in codes[:votes]:
            hall.vote(code)
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    return hall, sit_down(app, house, "secretary"), list(hall.codes)


def leave(desk: Desk, hall: Hall, groups: list[int], *left: int) -> None:
    fields = {f"left_{group}": n for group, n in zip(groups, left, strict=True)}
    assert desk.send(f"/{hall.meeting}/leftovers", **fields).status_code == 303


def is_counted(hall: Hall) -> bool:
    with hall.house.store.read() as db:
        return kept.get(db, hall.meeting).stage is Stage.COUNTED


@pytest.mark.parametrize("typed", ["", "7", "-1", "zwei", "9" * 40])
def test_leftovers_that_cannot_be_stand_there_again_with_a_sentence(app: Flask, house: House, typed: str) -> None:
    hall, desk, (workers, members) = closed(app, house)
    answer = desk.send(f"/{hall.meeting}/leftovers", **{f"left_{workers}": typed, f"left_{members}": "2"})
    assert answer.status_code == 400
    assert "“群众代表”的剩余张数要填 0 到 6 的整数。" in words(answer)
    assert f'value="{typed}"' in answer.text and 'value="2"' in answer.text
    with house.store.read() as db:
        assert [group.leftover for group in kept.get(db, hall.meeting).groups] == [None, None]


def test_the_count_waits_for_the_leftovers(app: Flask, house: House) -> None:
    hall, desk, _groups = closed(app, house)
    assert desk.open(f"/{hall.meeting}/count").status_code == 303
    forced = desk.send(f"/{hall.meeting}/count", scrutineer=hall.scrutineer)
    assert forced.status_code == 409 and "剩余票签还没有清点" in words(forced)
    assert not is_counted(hall)


def test_a_wrong_scrutineer_is_told_so_at_the_field(app: Flask, house: House) -> None:
    hall, desk, groups = closed(app, house)
    leave(desk, hall, groups, 0, 0)
    for typed in ("", "0000-0000-0000", "监票"):
        answer = desk.send(f"/{hall.meeting}/count", scrutineer=typed)
        assert answer.status_code == 403 and "请监票人对照监票签，重新输入 12 位监票码。" in words(answer)
        assert 'aria-describedby="scrutineer-wrong"' in answer.text
    assert not is_counted(hall)


def test_more_back_than_went_out_names_the_group_and_no_number_of_it(app: Flask, house: House) -> None:
    hall, desk, groups = closed(app, house, votes=5)
    leave(desk, hall, groups, 2, 1)
    answer = desk.send(f"/{hall.meeting}/count", scrutineer=hall.scrutineer)
    said = words(answer)
    assert answer.status_code == 409 and "“群众代表”收回的票比发出的还多" in said
    assert "收回却有" not in said and "去改剩余张数" in said and "去作废这场评议会" in said
    leave(desk, hall, groups, 1, 1)
    assert desk.send(f"/{hall.meeting}/count", scrutineer=hall.scrutineer).status_code == 303
    assert is_counted(hall)


def test_fewer_gone_out_than_in_the_box_is_seen_before_the_count(app: Flask, house: House) -> None:
    hall, desk, groups = closed(app, house)
    leave(desk, hall, groups, 3, 0)
    assert "票箱里有 12 张票，发出的只有 9 张。请先重新清点剩余票签，再计票。" in desk.read(f"/{hall.meeting}")


def test_a_ballot_taken_out_of_the_box_is_told_and_nothing_is_counted(app: Flask, house: House) -> None:
    hall, desk, groups = closed(app, house)
    leave(desk, hall, groups, 0, 0)
    with house.store.write() as db:
        db.execute(text("DELETE FROM ballots WHERE key = (SELECT min(key) FROM ballots)"))
    answer = desk.send(f"/{hall.meeting}/count", scrutineer=hall.scrutineer)
    said = words(answer)
    assert answer.status_code == 409 and "票箱和票签对不上，没有计票" in said and "可以再试一次" in said
    assert "去作废这场评议会" in said and not is_counted(hall)


def test_where_the_key_does_not_lie_the_count_says_where_to_go(app: Flask, house: House) -> None:
    hall, desk, groups = closed(app, house)
    leave(desk, hall, groups, 0, 0)
    for name in house.keys.names():
        house.keys.destroy(name)
    answer = desk.send(f"/{hall.meeting}/count", scrutineer=hall.scrutineer)
    assert answer.status_code == 409 and "请在开会时用的那台服务器上计票" in words(answer)


def test_reopening_needs_the_scrutineer_and_the_leftovers_again(app: Flask, house: House) -> None:
    hall, desk, groups = closed(app, house, votes=5)
    leave(desk, hall, groups, 1, 1)
    alone = desk.send(f"/{hall.meeting}/reopen", scrutineer="")
    assert alone.status_code == 403 and "重新输入 12 位监票码" in words(alone)
    assert desk.send(f"/{hall.meeting}/reopen", scrutineer=hall.scrutineer).status_code == 303
    hall.vote(hall.codes[groups[0]][5])
    desk.send(f"/{hall.meeting}/close")
    page = desk.read(f"/{hall.meeting}")
    assert "数一数没有发出的票签" in page and "监票人在场，重新开放" in page


def test_off_the_screen_nothing_can_be_left_over(app: Flask, house: House) -> None:
    hall = make_meeting(house, entry=Entry.SCREEN)
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    desk = sit_down(app, house, "secretary")
    page = desk.read(f"/{hall.meeting}")
    assert "可以计票了" in page and "剩余票签" not in page
    assert desk.send(f"/{hall.meeting}/leftovers").status_code == 303
    assert "清点剩余票签" not in desk.read(f"/{hall.meeting}"), "nothing was counted, so nothing is noted"
