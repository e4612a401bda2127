"""The desk's ground floor in a real browser: axe finds nothing, nothing runs off the page, all without a script."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DESK, Face, Served
from tests.browser.test_desk_meetings import reads_well
from tests.browser.test_story import log_in, member_list
from tests.conftest import PASSWORD, make_meeting, on_sqlite


@on_sqlite
def test_every_page_of_the_ground_floor_reads_well(
    served: Served, new_phone: Callable[..., BrowserContext], tmp_path: Path, face: Face
) -> None:
    hall = make_meeting(served.house)
    page = new_phone(**face.window, color_scheme=face.scheme, bypass_csp=True).new_page()
    page.goto(f"{served.url}/desk/login")
    reads_well(page)
    page.get_by_label(face.say("登录名")).fill("secretary")
    page.get_by_label(face.say("密码")).fill(PASSWORD)
    page.get_by_role("button", name=face.say("登录"), exact=True).click()
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
    page.get_by_label(face.say("名单文件")).set_input_files(member_list(tmp_path))
    page.get_by_role("button", name=face.say("看预览")).click()
    expect(page.locator("h1")).to_have_text(face.say("导入预览"))
    reads_well(page)
    page.get_by_role("button", name=face.say("确认写入")).click()
    expect(page.get_by_role("heading", name=face.say("名单已经写入"))).to_be_visible()
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
