"""A real browser on a real server: Chromium as phone or desk, in either language, and the app on a loopback port."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Literal
from zlib import crc32

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from survey.actions.house import House
from survey.app import create_app
from survey.config import Config
from survey.web.languages import CATALOGUE, LIBRARY
from tests.conftest import logged_in

# Milliseconds. Nothing waits so long on a machine that has nothing else to do.
PATIENCE = 40_000
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@dataclass(frozen=True)
class Served:
    """A house and the address its app answers at."""

    house: House
    app: Flask
    url: str

    def ballot(self, code: str) -> str:
        """The address of a slip."""
        return f"{self.url}/b/{code}"


@dataclass(frozen=True)
class Face:
    """Who looks: a language, and a phone or a desk."""

    language: str
    on_phone: bool

    def __str__(self) -> str:
        return f"{self.language}-{'phone' if self.on_phone else 'desk'}"

    @property
    def window(self) -> dict[str, object]:
        """What a browser is opened with."""
        return {"locale": {"zh": "zh-CN", "en": "en-GB"}[self.language], "viewport": PHONE if self.on_phone else DESK}

    @property
    def scheme(self) -> Literal["light", "dark"]:
        """Chinese by day, English by night, where a page is looked at in both."""
        return "light" if self.language == "zh" else "dark"

    def say(self, text: str, **values: object) -> str:
        """A sentence of the product as it is read here. One that no page says any more is a fault of the test."""
        said = text if self.language == "zh" and text in _english() else _english()[text]
        return said % values if values else said


FACES = tuple(Face(language, on_phone) for language in ("zh", "en") for on_phone in (True, False))
# Chinese on the phone and English at the desk, or the other way round.
_CROSSWISE = (FACES[0::3], FACES[1:3])


@cache
def _english() -> dict[str, str]:
    """Every sentence in English by its Chinese; of two numbers the plural."""
    found = {}
    for path in (LIBRARY, CATALOGUE):
        with path.open("rb") as text:
            for message in read_po(text, locale="en"):
                chinese, english = ([each] if isinstance(each, str) else list(each) for each in (message.id, message.string))
                if not message.context or chinese[0] not in found:
                    found[chinese[0]] = english[-1]
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A flow that wants a `face` is walked in all four, or, where time is scarce, in the one that its name decides; one that wants
    `scripts` too in two of them."""
    if "face" not in metafunc.fixturenames:
        return
    lot = crc32(metafunc.function.__name__.encode())
    scripts = "scripts" in metafunc.fixturenames
    faces: tuple[Face, ...] = FACES
    if not metafunc.config.getoption("whole"):
        faces = _CROSSWISE[lot % 2] if scripts else (FACES[lot % 4],)
    if not scripts:
        metafunc.parametrize("face", faces, ids=str)
        return
    # Each with and without a script; where time is scarce one with and one without.
    ways = [(face, script) for place, face in enumerate(faces) for script in (True, False) if len(faces) == 4 or script == (place == lot // 4 % 2)]
    metafunc.parametrize(("face", "scripts"), ways, ids=[f"{face}-{'script' if script else 'plain'}" for face, script in ways])


def sit_down(served: Served, context: BrowserContext, login: str) -> Page:
    """A page of this person, who is logged in."""
    client = served.app.test_client()
    with client.session_transaction("/desk") as session:
        session["_user_id"] = logged_in(served.house, login)
    cookie = client.get_cookie("pingyi_desk")
    assert cookie is not None
    context.add_cookies([{"name": "pingyi_desk", "value": cookie.value, "url": served.url, "httpOnly": True}])
    return context.new_page()


class _Silent(WSGIRequestHandler):
    """No line per request, and connections stay open as under gunicorn."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        return None


@pytest.fixture
def served(house: House, config: Config) -> Iterator[Served]:
    """The app over `house`'s database, on a thread per request."""
    app = create_app(config, random=Random(7), testing=True)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(house, app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["house"].store.close()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with the Chinese font the house brings along; without Chromium these tests fail.

    Its headless shell draws and runs pages by the same code; the whole of it builds a window for every page that nobody sees.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert found, "Install Chromium: apt-get install chromium-headless-shell (make tools does it)."
    home = tmp_path_factory.mktemp("share")
    fonts = home / "fonts"
    fonts.mkdir()
    for font in Path(str(files("pylopdf_fonts_zh_cn"))).rglob("*.[ot]tf"):
        shutil.copy(font, fonts)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        launched = driver.chromium.launch(
            executable_path=found, args=_SWITCHES, env={**os.environ, "XDG_DATA_HOME": str(home)}
        )
        yield launched
        launched.close()


def _settled(act: Callable[..., None]) -> Callable[..., None]:
    """A click that leads to another page comes back when its address is known: wait until there is something on it to read.
    On a page that is still coming in nothing is waited for: a test that reads half a page wants just that."""

    def done(locator: Locator, *what: object, **options: object) -> None:
        page = locator.page
        is_whole = page.evaluate("document.readyState") == "complete"
        act(locator, *what, **options)
        if is_whole and not page.is_closed():
            page.wait_for_load_state()

    return done


@pytest.fixture
def new_phone(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., BrowserContext]]:
    """Phones with nothing on them; what a page complains of in its console fails the test."""
    phones: list[BrowserContext] = []

    for name in ("click", "press"):
        monkeypatch.setattr(Locator, name, _settled(getattr(Locator, name)))

    def make(**options: object) -> BrowserContext:
        settings = {"viewport": PHONE, "has_touch": True, "locale": "zh-CN", **options}
        phone = browser.new_context(**settings)  # type: ignore[arg-type]
        phone.set_default_timeout(PATIENCE)
        phones.append(phone)
        return phone

    yield make
    for phone in phones:
        phone.close()


@pytest.fixture
def phone(new_phone: Callable[..., BrowserContext]) -> Page:
    """One page on one phone."""
    return new_phone().new_page()
