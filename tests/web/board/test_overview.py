"""The list of counted meetings, and how few questions pages ask the database."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from survey.actions.house import House
from survey.domain.staff import StaffRole
from survey.store import meetings
from survey.web.board.overview import overview
from survey.web.board.results import find
from survey.web.shelf import Shelf
from tests.conftest import person
from tests.web.board.meetings_for_tests import counted

Browse = Callable[[str], FlaskClient]


@contextmanager
def queries() -> Iterator[list[str]]:
    """Every SELECT sent while the block runs."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_the_list_shows_both_rates_with_base_and_number(house: House, browse: Browse) -> None:
    meeting = counted(house)
    page = browse("leader").get("/board").text
    assert f'href="{meeting.base}"' in page and "2026 年第三季度" in page
    # 52 of 55 and 53 of 55, as on the meeting's own page.
    assert re.search(r"11/11.*<b>94.55</b>.*96.36.*>55</td>.*满意", page, re.S)
    assert "分母是有效答案" in page


@pytest.mark.parametrize("page", ["9" * 30, "999999999", "999999", "0", "-5", "x", ""])
def test_a_page_there_is_not_is_the_last_or_the_first(house: House, browse: Browse, page: str) -> None:
    meeting = counted(house)
    answer = browse("leader").get(f"/board?page={page}")
    assert answer.status_code == 200 and f'href="{meeting.base}"' in answer.text


def test_nobody_sees_an_empty_table(house: House, browse: Browse) -> None:
    counted(house)
    assert person(house, "other").role is StaffRole.LEADER
    page = browse("other").get("/board").text
    assert "还没有计过票的评议会" in page and "<table" not in page


def test_both_databases_tell_the_same(house: House) -> None:
    meeting = counted(house)
    leader = person(house, "leader")
    with house.store.read() as db:
        listed = overview(db, by=leader, page=1)
        found = find(db, meeting.hall.meeting, by=leader, shelf=Shelf(1))
    row, result = listed.rows[0], found.result
    assert result is not None and row.sheet is not None and row.sheet.whole is not None
    assert (row.returned, row.issued, row.sheet.whole.narrow) == (11, 11, "94.55")
    assert result.units[0].whole == row.sheet.whole
    assert [(atom.names, atom.ballots) for atom in result.atoms] == [(("群众代表",), 6), (("党员",), 5)]


@pytest.mark.parametrize("page", ["0", "2", "-1", "abc"])
def test_a_page_beyond_the_list_is_the_nearest(house: House, browse: Browse, page: str) -> None:
    counted(house)
    assert "机修车间党支部" in browse("leader").get("/board", query_string={"page": page}).text


def test_a_warm_page_asks_the_database_little(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    client.get(meeting.base)
    # Login: account and tree. Meeting: row, groups, codes made. Tree for the trail. Digest of the seal.
    for end in ("", "/print", "/results.csv", "/chart.svg", f"/targets/{meeting.members[0]}"):
        with queries() as sent:
            assert client.get(meeting.base + end).status_code == 200
        assert len(sent) <= 7, sent


def test_the_list_asks_as_much_for_many_meetings_as_for_one(house: House, browse: Browse) -> None:
    counted(house)
    client = browse("leader")
    with queries() as sent:
        client.get("/board")
    assert len(sent) <= 10, sent
    with house.store.read() as db:
        assert meetings.one_paper(db, []) == {}
