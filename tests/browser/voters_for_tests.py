"""People at a meeting, each with another kind of phone: how they fill their ballots, send them, and come by a tracker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, CDPSession, Page, Route, expect

from tests.browser.conftest import Face

# How a slow phone compares with this machine, as Chromium counts it.
SLOWNESS = 6
# More presses of a key than any ballot here has places to stop at.
MOST_STOPS = 200
CHINESE, ENGLISH = Face("zh", on_phone=True), Face("en", on_phone=True)


@dataclass(frozen=True)
class Voter:
    """Somebody with a ballot open before him. A wish is a level for every card of the ballot, () for none at all."""

    page: Page
    face: Face = CHINESE
    # What makes a phone slow, by keeping a processor busy all the while.
    brake: CDPSession | None = None

    def press(self, button: str) -> None:
        """A button by its words, in the language of this phone."""
        self.page.get_by_role("button", name=self.face.say(button)).click()

    def fill(self, wish: Sequence[int], *, onward: bool = False) -> None:
        """Card by card by the shortcut. Where one card is shown at a time the next one comes by itself, or at a press: `onward`."""
        cards = self.page.locator("section.card[data-rated]")
        for place, level in enumerate(wish):
            cards.nth(place).locator(".same button").nth(level).click()
            if onward:
                self.press("下一位")

    def review(self) -> None:
        """From the ballot to what is shown before sending."""
        self.press("检查并提交")
        expect(self.page.get_by_role("heading", name=self.face.say("提交前请看一遍"))).to_be_visible()

    def tracker(self) -> str:
        """What the thanks page shows once the ballot is in."""
        expect(self.page.get_by_role("heading", name=self.face.say("已投入票箱，谢谢您"))).to_be_visible()
        said = self.page.locator(".ticket code").inner_text()
        if self.brake:
            self.brake.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        return said

    def vote(self, wish: Sequence[int], *, onward: bool = False) -> str:
        """All of it."""
        self.fill(wish, onward=onward)
        self.review()
        self.press("提交评议票")
        return self.tracker()


def sit_by(new_phone: Callable[..., BrowserContext], address: str, *, slow: bool = False, face: Face = CHINESE) -> Voter:
    """A phone with a ballot open on it; `slow` is a cheap one."""
    page = new_phone(**face.window).new_page()
    brake = page.context.new_cdp_session(page) if slow else None
    if brake:
        brake.send("Emulation.setCPUThrottlingRate", {"rate": SLOWNESS})
    page.goto(address)
    return Voter(page, face, brake)


def without_script(new_phone: Callable[..., BrowserContext], address: str, wish: Sequence[int]) -> Voter:
    """A phone whose browser runs no script, with the review before its owner."""
    page = new_phone(java_script_enabled=False).new_page()
    page.goto(address)
    for card, level in zip(page.locator("section.card[data-rated]").all(), wish, strict=True):
        for scale in card.locator(".scale").all():
            scale.locator("label").nth(level).click()
    voter = Voter(page)
    voter.review()
    return voter


def in_large_letters(voter: Voter) -> Voter:
    """The elder view, by the switch on the page."""
    voter.page.locator("a.to-big").click()
    expect(voter.page.locator("html.elder")).to_be_attached()
    return voter


def losing(voter: Voter, *, answer: bool) -> Voter:
    """A network that loses the first sending: on its way there, or only the answer, when the ballot has arrived."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.request.url)
        if answer:
            route.fetch(max_redirects=0)
        route.abort()

    voter.page.route("**/b/*", lose)
    return voter


def by_keys(voter: Voter, wish: Sequence[int]) -> str:
    """No finger on the glass: tab, arrows, space and enter, from the first question to the tracker."""
    keys = voter.page.keyboard
    for _ in range(MOST_STOPS):
        keys.press("Tab")
        kind, name, text = voter.page.evaluate("(e => [e.type || '', e.name || '', e.textContent])(document.activeElement)")
        if kind == "radio":
            level = wish[int(name.split(".")[0])]
            for key in ["ArrowRight"] * level or ["Space"]:
                keys.press(key)
        elif text == voter.face.say("检查并提交"):
            break
    keys.press("Enter")
    expect(voter.page.get_by_role("heading", name=voter.face.say("提交前请看一遍"))).to_be_focused()
    for _ in range(MOST_STOPS):
        keys.press("Tab")
        if voter.page.evaluate("document.activeElement.id") == "send":
            break
    keys.press("Enter")
    return voter.tracker()
