"""Keying forms on paper in a real browser, by keys alone."""

from playwright.sync_api import Page, expect

from survey.store import ballots as box
from tests.browser.conftest import Face, Served, sit_down
from tests.browser.test_access import faults
from tests.conftest import on_sqlite
from tests.forms_for_tests import Pile, make_pile

FORMS = 6
# Every line of the form but the words at its end: the branch and one member, five questions each.
LINES = 10


def key(page: Page, code: str, keys: str) -> None:
    """One form: its code, every line, Enter on the words, Enter on the button."""
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator(".key input").first).to_be_focused()
    page.keyboard.type(keys)
    if page.locator(".key textarea").count():
        page.keyboard.press("Enter")
    expect(page.locator(".keyform .button.seal")).to_be_focused()
    page.keyboard.press("Enter")


@on_sqlite
def test_six_forms_are_keyed_twice_without_a_mouse(served: Served, new_phone, face: Face) -> None:  # type: ignore[no-untyped-def]
    pile = make_pile(served.house, forms=FORMS, members=1)
    context = new_phone(**face.window, color_scheme=face.scheme)
    page = sit_down(served, context, "secretary")
    page.goto(f"{served.url}/desk/meetings/{pile.hall.meeting}/paper")
    assert faults(page) == []
    for reading in (1, 2):
        for place, code in enumerate(pile.forms):
            # The third form differs in its second and its last line.
            apart = reading == 2 and place == 2
            keys = f"1{'4' if apart else '2'}30x{'1' * (LINES - 6)}{'3' if apart else '1'}"
            key(page, code, keys)
            if apart:
                settle(page, face)
            expect(page.get_by_role("status")).to_be_visible()
    assert pile.keyed().done == FORMS and pile.keyed().settled == 1
    with served.house.store.read() as db:
        assert box.in_box(db, pile.hall.meeting) == 12 + FORMS


def settle(page: Page, face: Face) -> None:
    """What differs stands side by side; one key for each, and it is in."""
    expect(page.locator(".apart")).to_have_count(2)
    assert faults(page) == []
    assert page.locator(".apart dd").all_inner_texts()[:2] == [face.say("基本满意"), face.say("不了解")]
    page.keyboard.type("21")
    expect(page.locator(".keyform .button.seal")).to_be_focused()
    page.keyboard.press("Enter")


@on_sqlite
def test_a_wrong_key_stays_and_is_marked_and_backspace_goes_back(served: Served, new_phone, face: Face) -> None:  # type: ignore[no-untyped-def]
    pile: Pile = make_pile(served.house, forms=1)
    page = sit_down(served, new_phone(**face.window, color_scheme=face.scheme), "secretary")
    page.goto(f"{served.url}/desk/meetings/{pile.hall.meeting}/paper")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(pile.forms[0])
    page.keyboard.press("Enter")
    lines = page.locator(".key input")
    expect(lines.first).to_be_focused()
    assert faults(page) == []
    page.keyboard.type("17")
    expect(lines.nth(1)).to_be_focused()
    expect(lines.nth(1)).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("*")
    expect(lines.nth(1)).to_have_value("x")
    page.keyboard.press("Backspace")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(lines.nth(2)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(lines.nth(1)).to_be_focused()
    # What was left open is come back to before anything is sent.
    lines.last.focus()
    page.keyboard.type("1")
    if page.locator(".key textarea").count():
        page.keyboard.press("Enter")
    expect(lines.nth(2)).to_be_focused()
    page.goto(f"{served.url}/desk/meetings/{pile.hall.meeting}/paper/spoil")
    assert faults(page) == []
