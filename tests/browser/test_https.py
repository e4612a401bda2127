"""By https through the shipped nginx: a phone votes and a secretary works, and the browser has nothing to complain of."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.attacks.test_proxies import standing
from tests.browser.conftest import DESK
from tests.browser.test_ballots import fill_in, send, to_review
from tests.conftest import PASSWORD


def test_with_every_header_in_force_people_vote_and_staff_log_in_and_the_console_stays_empty(
    new_phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """Guards: policy, opener and transport headers together with the pages they stand on; cookies that are Secure."""
    complaints: list[str] = []
    with standing(tmp_path) as street:
        url = f"https://127.0.0.1:{street.proxy.port}"
        phone = new_phone(ignore_https_errors=True).new_page()
        desk = new_phone(ignore_https_errors=True, viewport=DESK).new_page()
        for page in (phone, desk):
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda fault: complaints.append(str(fault)))
        phone.goto(f"{url}/b/{street.codes[0]}")
        fill_in(phone)
        to_review(phone)
        send(phone)
        expect(phone.get_by_role("heading", name="已投入票箱，谢谢您")).to_be_visible()
        desk.goto(f"{url}/desk/meetings/{street.hearing.hall.meeting}")
        desk.fill("[name=login]", "secretary")
        desk.fill("[name=password]", PASSWORD)
        desk.get_by_role("button", name="登录").click()
        expect(desk.locator("h1")).to_contain_text("机修车间党支部第三季度评议会")
        (cookie,) = desk.context.cookies()
        assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Lax"
        assert phone.context.cookies() == []
    assert complaints == []
