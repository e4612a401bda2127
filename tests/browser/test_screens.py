"""Open mode in a real browser."""

from playwright.sync_api import Page, expect

from survey.actions import meetings, screens
from survey.domain.meetings import Entry
from survey.domain.slips import Way
from survey.web.doors import now
from tests.browser.conftest import Served
from tests.web.booth.halls import make_hall


def test_two_taps_take_one_ballot(served: Served, phone: Page) -> None:
    hall = make_hall(served.house, n=2, entry=Entry.SCREEN)
    with served.house.store.read() as db:
        door = meetings.meetings.get(db, hall.meeting).door
    phone.goto(f"{served.url}/m/{door}/{screens.turn(served.house, door, now())}")
    phone.get_by_role("button", name="领一张评议票").dblclick()
    expect(phone.locator(".far p")).to_contain_text("已评 0 / 3")
    with served.house.store.read() as db:
        (group,) = meetings.meetings.get(db, hall.meeting).groups
    assert group.minted[Way.SCREEN] == 1
