"""The list of meetings, a page at a time."""

from survey.actions import meetings
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.store import meeting_pages
from tests.conftest import NOW, TODAY, make_people


def test_a_page_beyond_the_last_is_the_last_and_each_says_how_many_there_are(house: House) -> None:
    hall = make_people(house)
    new = meetings.NewMeeting(hall.branch, TODAY, "二楼会议室", Entry.SLIPS, (("群众代表", 8, 6),))
    made = [meetings.create(house, new, by=hall.secretary, now=NOW) for _ in range(3)]
    wanted = meeting_pages.Wanted(None)
    with house.store.read() as db:
        found = [meeting_pages.page(db, wanted, first=first, most=2) for first in (0, 2, 4, 40)]
        assert [[*names] for names, _total in found] == [made[:0:-1], made[:1], made[:1], made[:1]] and {total for _names, total in found} == {3}
        assert meeting_pages.page(db, meeting_pages.Wanted(None, "没有这样的"), first=2, most=2) == ({}, 0)
