"""A real browser on a real server: Chromium at 360 by 740, and the app on a loopback port."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from survey.actions.house import House
from survey.app import create_app
from survey.config import Config

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
    """Chromium with the Chinese font the house brings along; without Chromium these tests fail."""
    found = shutil.which("chromium")
    assert found, "Install Chromium: apt-get install chromium (make tools does it)."
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


@pytest.fixture
def new_phone(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Phones with nothing on them; what a page complains of in its console fails the test."""
    phones: list[BrowserContext] = []

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
