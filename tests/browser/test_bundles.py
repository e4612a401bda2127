"""All sheets in one file, in a real browser: asked for with one press, made by a process of its own, taken away."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from survey.config import Config
from survey.packers import Packers
from survey.store.bundle_files import BundleFiles
from tests.browser.conftest import Face, Served, sit_down
from tests.conftest import on_sqlite
from tests.townships_for_tests import published


@on_sqlite
def test_the_bar_fills_by_itself_and_the_file_comes_down(
    served: Served, config: Config, new_phone: Callable[..., BrowserContext], face: Face, tmp_path: Path
) -> None:
    town = published(served.house)
    packers = served.app.extensions["packers"] = Packers(config)
    page = sit_down(served, new_phone(**face.window), "secretary")
    page.goto(f"{served.url}/board/rounds/{town.round}/units/{town.tree.root}/bundle?lang={face.language}")
    page.get_by_role("button", name=face.say("开始做")).click()
    link = page.get_by_role("link", name=face.say("下载（%(size)s）").partition("%")[0])
    # Nobody reads the page anew: its script does when the file is there.
    expect(link).to_be_visible()
    with page.expect_download() as coming:
        link.click()
    coming.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        # One of every branch, the overviews of the committee and of two heads, and the index.
        assert archive.testzip() is None and len(archive.namelist()) == len(town.branches) + 3 + 1
    # It ends with its server, and leaves the place to the next.
    packers.stop()
    with BundleFiles(config.instance).alone() as nobody_works:
        assert nobody_works
