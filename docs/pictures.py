"""The pictures of the README, taken from the demo's township with a real browser: `make pictures`.

Everything in them is the same every time: the people, the answers, the days, the codes. So a picture changes when its page does.
"""

import io
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from survey import quarters, township
from survey.actions import ballots, meetings, slips
from survey.actions.house import House
from survey.app import create_app, open_house
from survey.config import Config
from survey.demo_township import found, hold_round, person, publish_round
from survey.domain.meetings import Entry
from survey.domain.slips import Way
from survey.store import meetings as kept
from survey.store.units import all_units

FOLDER = Path(__file__).parent / "pictures"
TODAY, NOW = date(2026, 11, 20), datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
PHONE, DESK, TALL = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=800), ViewportSize(width=1280, height=1160)
# What phones in the hall would be sent to.
_ADDRESS = "http://192.168.1.5:8000"
_PASSWORDS = {login: f"a picture of {login}" for login in ("admin", "secretary", "leader")}
_COLOURS = 128
_MOST_BYTES = 150_000
SEED, _VOTED = 2026, 13


@dataclass(frozen=True)
class Scene:
    """The served township and the browser that looks at it."""

    house: House
    url: str
    browser: Browser

    def page(self, *, login: str = "", window: ViewportSize = DESK, english: bool = False) -> Page:
        """A page of somebody who is logged in, or of a phone."""
        opened = self.browser.new_context(
            locale="en-GB" if english else "zh-CN", viewport=window, device_scale_factor=2 if window is PHONE else 1, reduced_motion="reduce"
        )
        page = opened.new_page()
        if login:
            page.goto(f"{self.url}/desk/login")
            page.fill("[name=login]", login)
            page.fill("[name=password]", _PASSWORDS[login])
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    def take(self, page: Page, path: str, name: str) -> None:
        """One picture, of what is seen at first."""
        page.goto(f"{self.url}{path}")
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
        to = FOLDER / f"{name}.png"
        picture.save(to, optimize=True)
        size = to.stat().st_size
        if size > _MOST_BYTES:
            raise SystemExit(f"{to} has {size:,} bytes; take fewer colours or a smaller window.")
        print(f"{to.name}: {size:,} bytes")


def main() -> None:
    """Found the township, hold its rounds, and take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with _scene() as scene:
        house = scene.house
        found(house, _PASSWORDS, now=NOW)
        by = person(house, "secretary")
        (first, second, third), rounds = quarters.quarters(TODAY), []
        for turn, quarter in enumerate((first, second, third)):
            rounds.append(hold_round(house, quarter, turn, by=by))
            if quarter is third:
                desk = scene.page(login="secretary")
                scene.take(desk, f"/desk/rounds/{rounds[-1]}/publish", "preview")
            publish_round(house, rounds[-1], by=by, now=datetime.combine(quarter[2], NOW.timetz()))
        _published(scene, rounds[-1])
        _hall(scene)


def _published(scene: Scene, number: int) -> None:
    """What a leader sees of the last round."""
    with scene.house.store.read() as db:
        units = {unit.name: unit.id for unit in all_units(db)}
    base = f"/board/rounds/{number}"
    board = scene.page(login="leader", window=TALL)
    scene.take(board, f"{base}/results", "overview")
    member = board.locator(f"#look a[href*='{base}/members/']").first.get_attribute("href")
    assert member is not None
    scene.take(board, member, "member")
    scene.take(board, f"{base}/units/{units[quarters.FALLING]}", "branch")
    scene.take(scene.page(login="leader", window=TALL, english=True), f"{base}/results", "overview-en")


def _hall(scene: Scene) -> None:
    """The phone and the wall of a meeting that is open."""
    house, by = scene.house, person(scene.house, "secretary")
    with house.store.read() as db:
        unit = next(each.id for each in all_units(db) if each.name == township.VISITED)
    meeting = meetings.create(house, meetings.NewMeeting(unit, TODAY, "二楼会议室", Entry.SLIPS, (("群众代表", 20, 18),)), by=by, now=NOW)
    meetings.open_box(house, meeting, by=by, now=NOW)
    with house.store.read() as db:
        (group,) = kept.get(db, meeting).groups
    code, *others = slips.issue(house, meeting, group.id, n=18, way=Way.SHEET, by=by, now=NOW)
    dice = Random(SEED)
    for each in others[:_VOTED]:
        ballots.cast(house, each, township.answers(house.paper(ballots.look(house, each).paper or ""), dice))
    scene.take(scene.page(window=PHONE), f"/b/{code}", "phone")
    scene.take(scene.page(login="secretary"), f"/desk/meetings/{meeting}/screen", "wall")


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        return None


@contextmanager
def _scene() -> Iterator[Scene]:
    """An empty house, served on loopback, and Chromium with the Chinese font that Pingyi brings along."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        config = Config(
            database=f"sqlite:///{folder / 'pingyi.db'}", instance=folder, keyroom=folder / "keys", secret=b"s" * 40, pepper=b"p" * 40, url=_ADDRESS,
            zone=ZoneInfo("Asia/Shanghai"),
        )  # fmt: skip
        house = open_house(config, random=Random(SEED))
        house.store.upgrade()
        server = make_server("127.0.0.1", 0, create_app(config, random=Random(7), testing=True), threaded=True, request_handler=_Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        fonts = folder / "share" / "fonts"
        fonts.mkdir(parents=True)
        for font in Path(str(files("pylopdf_fonts_zh_cn"))).rglob("*.[ot]tf"):
            shutil.copy(font, fonts)
        program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"], env={**os.environ, "XDG_DATA_HOME": str(folder / "share")})
        yield Scene(house, f"http://127.0.0.1:{server.server_port}", browser)
        browser.close()
        server.shutdown()
        server.server_close()
        house.store.close()


if __name__ == "__main__":
    main()
