"""The chain of a meeting's acts: whoever changes, takes out or slips in one is found."""

import pytest
from sqlalchemy import create_engine, text

from survey.actions import meetings
from survey.actions.house import House
from survey.store import journal
from tests.conftest import NOW, make_meeting

TAMPERINGS = (
    "UPDATE journal SET detail = replace(detail, '12', '13') WHERE act = 'open'",
    "UPDATE journal SET staff_id = NULL WHERE act = 'open'",
    "UPDATE journal SET minute = '2026-09-18 07:00:00' WHERE act = 'open'",
    "UPDATE journal SET act = 'close' WHERE act = 'open'",
    "DELETE FROM journal WHERE act = 'open'",
    "UPDATE journal SET link = NULL WHERE act = 'issue'",
)


def test_a_chain_begins_with_the_first_act_and_grows_with_each(house: House) -> None:
    hall = make_meeting(house, open_box=False)
    with house.store.read() as db:
        first = journal.head(db, hall.meeting)
        assert any(first) and len(first) == 32
        assert not any(journal.head(db, hall.meeting + 1))
        assert journal.first_broken(db, hall.meeting) is None
    meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert journal.head(db, hall.meeting) != first and journal.first_broken(db, hall.meeting) is None


@pytest.mark.parametrize("sql", TAMPERINGS)
def test_an_act_that_was_changed_or_taken_out_is_found(house: House, sql: str) -> None:
    """Guards: _link in store.journal and its use in note()."""
    hall = make_meeting(house)
    with house.store.read() as db:
        assert journal.first_broken(db, hall.meeting) is None
    engine = create_engine(house.store.url)
    with engine.begin() as db:
        assert db.execute(text(sql)).rowcount >= 1
    engine.dispose()
    with house.store.read() as db:
        assert journal.first_broken(db, hall.meeting) is not None
