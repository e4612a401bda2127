"""What the tables of the box may hold, column by column, and what the booth may leave on a phone."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect

from survey.actions import screens
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.store import meetings as kept
from survey.web.booth.screens import COOKIE
from survey.web.doors import now
from tests.conftest import PASSWORD, Hall, make_meeting, on_sqlite

# Read the README on anonymity before adding a column: no address, device, time, number, way or holder belongs here.
ALLOWED = {
    "slips": {"digest", "meeting_id", "group_id", "state"},
    "ballots": {"key", "meeting_id", "group_id", "sealed"},
    "counts": {"group_id", "target", "question", "option", "meeting_id", "ballots"},
    "wholes": {"group_id", "target", "meeting_id", "straight", "alpha", "trimmed"},
    "opinions": {"key", "meeting_id", "target", "question", "text"},
    "strips": {"meeting_id", "body"},
    # A form on paper that was keyed once: closed by the code that stands on it, which is kept nowhere. Who keyed it is inside.
    "keyed": {"digest", "meeting_id", "group_id", "sealed"},
    # Numbers of forms, never which: how many were read, by one pair of eyes, settled; how many spoiled and why.
    "readings": {"group_id", "meeting_id", "forms", "alone", "settled"},
    "spoils": {"group_id", "reason", "meeting_id", "forms", "answers"},
    "seals": {"meeting_id", "body", "sha256"},
}
# Digests of staff's own links and logins; no table of theirs may point at the box either.
OF_STAFF = {"invitations", "logins"}
FIELDS = {"0.0": "0", "go": "cast"}


@pytest.mark.parametrize("table", ALLOWED)
def test_a_table_of_the_box_has_the_columns_it_may_have_and_no_others(house: House, table: str) -> None:
    """Guards: the tables and migrations of the store; the database itself is asked, not the code."""
    engine = create_engine(house.store.url)
    assert {column["name"] for column in inspect(engine).get_columns(table)} == ALLOWED[table]
    engine.dispose()


def test_no_table_points_at_a_slip_or_a_ballot(house: House) -> None:
    """Guards: the same against a second table that would hold beside a slip what the slip may not hold."""
    engine = create_engine(house.store.url)
    found = inspect(engine)
    for table in found.get_table_names():
        pointed = {key["referred_table"] for key in found.get_foreign_keys(table)}
        assert not pointed & {"slips", "ballots", "opinions"}, table
        columns = {column["name"] for column in found.get_columns(table)}
        assert table in {*ALLOWED, *OF_STAFF} or not columns & {"digest", "slip", "ballot", "address", "agent", "device"}
    engine.dispose()


@on_sqlite
def test_no_row_of_the_box_has_a_hidden_number_on_sqlite(house: House) -> None:
    """Guards: `sqlite_with_rowid: False`: a rowid is the order of arrival."""
    with house.store.read() as db:
        for table in ("slips", "ballots", "counts", "opinions", "keyed"):
            made = db.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{table}'").scalar_one()
            assert made.rstrip().upper().endswith("WITHOUT ROWID"), table


def visits(hall: Hall, codes: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every address of the booth, with good and bad codes."""
    yield "GET", "/", {}
    yield "POST", "/", {"code": codes[0]}
    yield "POST", "/", {"code": "no code"}
    yield "GET", "/pad", {}
    yield "POST", "/pad", {"code": codes[1]}
    yield "POST", "/pad", {"code": "no code"}
    for code in (codes[0], "0000-0000-0000", codes[0]):
        yield "GET", f"/b/{code}", {}
        yield "POST", f"/b/{code}", {"0.0": "0"}
        yield "POST", f"/b/{code}", {"9.9": "0", "go": "cast"}
        yield "POST", f"/b/{code}", FIELDS
        yield "GET", f"/b/{code}/in", {}
    yield "GET", f"/b/{codes[1]}?lang=en&big=1", {}
    yield "POST", f"/b/{codes[1]}", {"9.9": "x" * 300_000}
    yield "GET", "/m/nodoor/nomark", {}
    yield "GET", "/d/nodoor", {}


@pytest.mark.parametrize("logged_in", [False, True])
def test_the_booth_sets_no_cookie(app: Flask, house: House, logged_in: bool) -> None:
    """Guards: web.sessions.StaffSessions, and a booth without flash and CSRF token, even in a secretary's browser."""
    hall = make_meeting(house)
    client = app.test_client()
    if logged_in:
        client.set_cookie("pingyi_desk", "spoiled")
        client.post("/desk/login", data={"login": "secretary", "password": PASSWORD})
    for method, path, fields in visits(hall, next(iter(hall.codes.values()))):
        answer = client.open(path, method=method, data=fields)
        assert "Set-Cookie" not in answer.headers, f"{method} {path}"
        assert "Cookie" not in answer.headers.get("Vary", ""), f"{method} {path}"
        assert "session" not in answer.text and "csrf" not in answer.text


def test_open_mode_sets_one_cookie_for_its_own_door(app: Flask, house: House) -> None:
    """Guards: the attributes in web.booth.screens.take."""
    hall = make_meeting(house, entry=Entry.SCREEN)
    with house.store.read() as db:
        door = kept.get(db, hall.meeting).door
    mark = screens.turn(house, door, now())
    client = app.test_client()
    page = client.get(f"/m/{door}/{mark}")
    assert page.status_code == HTTPStatus.OK and "Set-Cookie" not in page.headers
    with house.store.read() as db:
        group = kept.get(db, hall.meeting).groups[0].id
    taken = client.post(f"/m/{door}/{mark}", data={"group": str(group)})
    (cookie,) = taken.headers.getlist("Set-Cookie")
    parts = cookie.split("; ")
    assert parts[0].startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Lax", f"Path=/m/{door}"} <= set(parts)
