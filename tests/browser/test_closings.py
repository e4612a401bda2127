"""A pause and the last minute on a phone: told in time, nothing lost, everything by itself."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, expect

from survey.actions import meetings, pauses, rehearsals
from survey.domain.meetings import Entry
from survey.store import ballots as box
from survey.web.doors import now
from tests.browser.conftest import DESK, PATIENCE, PHONE, Served, sit_down
from tests.conftest import make_meeting, on_sqlite
from tests.web.booth.halls import make_hall

pytestmark = on_sqlite
# Longer than a phone waits between two looks at the clock.
A_WHILE = 60_000


def test_a_ballot_sent_into_a_pause_goes_in_by_itself_when_voting_resumes(served: Served, new_phone: Callable[..., BrowserContext]) -> None:
    hall = make_hall(served.house, n=2)
    phone = new_phone(viewport=PHONE).new_page()
    phone.goto(served.ballot(next(iter(hall.codes.values()))[0]))
    phone.locator(".same button").first.click()
    phone.get_by_role("button", name="检查并提交").click()
    pauses.pause(served.house, hall.meeting, by=hall.secretary, now=now())
    phone.locator("#send").click()
    expect(phone.locator("#say")).to_contain_text("现在暂停投票，恢复以后会自动再试", timeout=PATIENCE)
    pauses.resume(served.house, hall.meeting, by=hall.secretary, now=now())
    expect(phone.locator("main[data-page=in]")).to_be_visible(timeout=PATIENCE)
    with served.house.store.read() as db:
        assert box.in_box(db, hall.meeting) == 1


def test_a_ballot_counts_down_says_a_pause_and_that_it_is_over(served: Served, new_phone: Callable[..., BrowserContext]) -> None:
    hall = make_hall(served.house, n=2)
    phone = new_phone(viewport=PHONE).new_page()
    phone.clock.install()
    phone.goto(served.ballot(next(iter(hall.codes.values()))[0]))
    clock = phone.locator("#clock")
    expect(clock).to_be_hidden()
    pauses.close_soon(served.house, hall.meeting, by=hall.secretary, now=now() + timedelta(minutes=3))
    phone.clock.fast_forward(A_WHILE)
    expect(clock).to_contain_text("票箱马上就要封了，请检查并提交。", timeout=PATIENCE)
    expect(clock.locator("b")).to_contain_text("秒")
    # Guards: the clock sticks where it has a place of its own; fixed, it lay over the first lines of what is read before sending.
    phone.get_by_role("button", name="检查并提交").click()
    lines = "e => { const at = e.getBoundingClientRect(); return e.contains(document.elementFromPoint(at.left + 4, at.top + 4)); }"
    assert phone.get_by_role("heading", name="提交前请看一遍").evaluate(lines)
    pauses.pause(served.house, hall.meeting, by=hall.secretary, now=now())
    phone.clock.fast_forward(A_WHILE)
    expect(clock).to_contain_text("现在暂停投票", timeout=PATIENCE)
    pauses.resume(served.house, hall.meeting, by=hall.secretary, now=now())
    pauses.close_soon(served.house, hall.meeting, by=hall.secretary, now=now() - timedelta(minutes=3))
    phone.clock.fast_forward(A_WHILE)
    expect(clock).to_contain_text("评议已经结束", timeout=PATIENCE)


def test_a_wall_that_says_soon_shows_its_code_by_itself_once_the_key_is_tried(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    hall = make_meeting(served.house, entry=Entry.SCREEN, open_box=False)
    word = meetings.open_with(served.house, hall.meeting, key_on_slip=True, by=hall.secretary, now=now())
    wall = sit_down(served, new_phone(viewport=DESK), "secretary")
    wall.clock.install()
    wall.goto(f"{served.url}/desk/meetings/{hall.meeting}/screen")
    expect(wall.get_by_text("评议马上开始，请稍候。")).to_be_visible()
    expect(wall.locator("[data-path]")).to_have_count(0)
    rehearsals.rehearse(served.house, hall.meeting, word.key or "", by=hall.secretary, now=now())
    wall.clock.fast_forward(6_000)
    expect(wall.locator("[data-path]")).to_have_count(1, timeout=PATIENCE)
    expect(wall.get_by_text("评议马上开始")).to_have_count(0)
