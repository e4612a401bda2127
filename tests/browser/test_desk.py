"""The desk's ground floor in a real browser: axe finds nothing, nothing runs off the page, all without a script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.test_desk_meetings import reads_well
from tests.browser.test_story import log_in, member_list
from tests.conftest import make_meeting, on_sqlite


@on_sqlite
@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone in light", "desk in dark"])
def test_every_page_of_the_ground_floor_reads_well(
    served: Served, new_phone: Callable[..., BrowserContext], tmp_path: Path, size: dict[str, int], theme: str
) -> None:
    hall = make_meeting(served.house)
    page = new_phone(viewport=size, color_scheme=theme, bypass_csp=True).new_page()
    page.goto(f"{served.url}/desk/login")
    reads_well(page)
    log_in(page, served.url, "secretary")
    for path in (
        "/desk",
        "/desk/units",
        "/desk/units?q=张",
        "/desk/units?q=没有",
        f"/desk/units/{hall.branch}",
        "/desk/nowhere",
    ):
        page.goto(served.url + path)
        reads_well(page)
    page.goto(f"{served.url}/desk/units/import")
    reads_well(page)
    page.get_by_label("名单文件").set_input_files(member_list(tmp_path))
    page.get_by_role("button", name="看预览").click()
    reads_well(page)
    page.get_by_role("button", name="确认写入").click()
    reads_well(page)


def test_a_list_is_imported_without_a_script(
    served: Served, new_phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    make_meeting(served.house)
    page = new_phone(viewport=DESK, java_script_enabled=False).new_page()
    log_in(page, served.url, "secretary")
    page.goto(f"{served.url}/desk/units/import")
    page.get_by_label("名单文件").set_input_files(member_list(tmp_path))
    page.get_by_role("button", name="看预览").click()
    page.get_by_role("button", name="确认写入").click()
    expect(page.get_by_role("heading", name="名单已经写入")).to_be_visible()
