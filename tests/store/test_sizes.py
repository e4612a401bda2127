"""After a large list PostgreSQL knows at once how large its tables are."""

import pytest
from sqlalchemy import text

from survey.actions import units
from survey.actions.house import House
from survey.domain.rosters import RosterLine
from survey.store.sizes import MANY
from tests.conftest import NOW, make_people


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_large_list_is_counted_before_the_first_page_asks_for_it(house: House) -> None:
    hall = make_people(house)
    lines = [RosterLine(n + 2, f"甲{n}", "机修车间党支部") for n in range(MANY)]

    def known() -> float:
        with house.store.read() as db:
            return float(db.execute(text("SELECT reltuples FROM pg_class WHERE relname = 'members'")).scalar_one())

    assert known() < MANY
    units.take_over(house, lines, by=hall.secretary, now=NOW)
    assert known() >= MANY
