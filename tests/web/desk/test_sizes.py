"""What a page sends to the database does not grow with the tree."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, event, insert

from survey.actions.house import House
from survey.domain.units import UnitKind
from survey.store.office_tables import UnitRow
from tests.conftest import make_people
from tests.web.desk.desks_for_tests import sit_down

UNITS = 400
# A page may name the units it shows.
MOST_VALUES = 150


@contextmanager
def longest() -> Iterator[list[tuple[int, str]]]:
    """How many values went with each statement."""
    found: list[tuple[int, str]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        found.append((len(values) if isinstance(values, (tuple, dict)) else 0, statement))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def pages(app: Flask) -> list[str]:
    """Every page of the desk that needs no number, and the board. What ends in a dot and letters is a file."""
    rules = (rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("desk_") and "GET" in (rule.methods or ()))
    return ["/board", *sorted(rule.rule for rule in rules if not rule.arguments and "." not in rule.rule)]


@pytest.mark.parametrize("login", ["secretary", "admin"])
def test_no_page_names_every_unit_to_the_database(app: Flask, house: House, login: str) -> None:
    """PostgreSQL takes longer to read seven thousand numbers than to walk the tree."""
    hall = make_people(house)
    branch = {"parent_id": hall.root, "kind": UnitKind.BRANCH.value, "code": ""}
    with house.store.write() as db:
        db.execute(insert(UnitRow), [{**branch, "name": f"第{n}党支部"} for n in range(UNITS)])
    client, every = sit_down(app, house, login).client, pages(app)
    assert client.get("/desk/units").status_code == client.get("/board").status_code == 200
    assert {"/desk", "/desk/questionnaires", "/desk/meetings/new", "/desk/units"} <= set(every)
    for path in [*every, f"/desk/units/{hall.root}", f"/desk/units/{hall.branch}", "/desk/units?q=第1"]:
        with longest() as sent:
            client.get(path)
        values, statement = max(sent)
        assert values < MOST_VALUES, (path, values, statement[:1000])


def test_whoever_looks_for_a_person_does_not_wait_for_members_to_be_counted_in_every_unit(app: Flask, house: House) -> None:
    make_people(house)
    client = sit_down(app, house, "secretary").client
    for words, counted in (("车间", True), ("张", False), ("zz", False)):
        with longest() as sent:
            page = client.get("/desk/units", query_string={"q": words}).text
        assert any("GROUP BY members.unit_id" in statement for _, statement in sent) is counted, words
        assert "/desk/units/export.xlsx" in page, "there are members to take away"
