"""Accounts in a real browser: invited on the desk, joined on a phone; the journal; a login that ends while somebody types."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import staff
from survey.store import meetings as kept
from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.test_everyone import axe, off
from tests.conftest import PASSWORD, Hall, logged_in, make_people, on_sqlite, person

GOOD = "denglong hema banshou"
WORDS = {
    "zh": ("做一个邀请链接", "开通并登录", "再提交一次", "登录"),
    "en": ("Make an invitation link", "Open account and log in", "Send once more", "Log in"),
}


def sit_down(served: Served, context: BrowserContext, login: str) -> Page:
    """A browser in which this person is logged in."""
    client = served.app.test_client()
    with client.session_transaction("/desk") as session:
        session["_user_id"] = logged_in(served.house, login)
    cookie = client.get_cookie("pingyi_desk")
    assert cookie is not None
    context.add_cookies([{"name": "pingyi_desk", "value": cookie.value, "url": served.url, "httpOnly": True}])
    return context.new_page()


def looked_at(page: Page, name: str, faults: list[str]) -> None:
    """What axe and a narrow window say of the page that is shown now."""
    faults += [f"{name}: {each}" for each in (*axe(page), *off(page))]


@on_sqlite
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_colleague_is_invited_joins_on_a_phone_and_is_in_the_journal(
    served: Served, new_phone: Callable[..., BrowserContext], language: str
) -> None:
    hall: Hall = make_people(served.house)
    make, join, _again, _enter = WORDS[language]
    locale = "zh-CN" if language == "zh" else "en-GB"
    faults: list[str] = []
    desk = sit_down(served, new_phone(locale=locale, viewport=DESK), "admin")
    desk.goto(f"{served.url}/desk/staff/invite")
    looked_at(desk, "invite", faults)
    desk.fill("[name=name]", "新来的人" if language == "zh" else "Newcomer")
    desk.check("[name=role][value=secretary]")
    desk.get_by_role("button", name=make, exact=True).click()
    link = desk.locator("[data-copied]")
    expect(link).to_be_visible()
    looked_at(desk, "link", faults)
    picture = Image.open(io.BytesIO(desk.locator("svg.qr").screenshot()))
    assert [each.text.rsplit("/", 1)[1] for each in zxingcpp.read_barcodes(picture)] == [link.input_value().rsplit("/", 1)[1]]
    phone = new_phone(locale=locale, viewport=PHONE).new_page()
    phone.goto(served.url + "/desk/invitation/" + link.input_value().rsplit("/", 1)[1])
    looked_at(phone, "invitation", faults)
    phone.set_viewport_size(PHONE)  # type: ignore[arg-type]
    phone.fill("[name=login]", "xinlai")
    for field in ("new_password", "again_password"):
        phone.fill(f"[name={field}]", GOOD)
    phone.get_by_role("button", name=join, exact=True).click()
    phone.wait_for_url(f"{served.url}/desk")
    whom = person(served.house, "leader").id
    for path in ("/desk/staff", f"/desk/staff/{whom}", f"/desk/staff/{whom}/lock", "/desk/me", "/desk/journal", "/desk/journal?since=x"):
        desk.goto(served.url + path)
        looked_at(desk, path, faults)
    desk.goto(f"{served.url}/desk/journal")
    expect(desk.get_by_text("xinlai")).to_be_visible()
    assert not faults, "\n".join(faults)
    assert person(served.house, "xinlai").unit == hall.root


@on_sqlite
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_login_that_ends_while_somebody_types_loses_nothing(
    served: Served, new_phone: Callable[..., BrowserContext], language: str
) -> None:
    hall = make_people(served.house)
    _make, _join, again, enter = WORDS[language]
    page = sit_down(served, new_phone(locale="zh-CN" if language == "zh" else "en-GB", viewport=DESK), "secretary")
    faults: list[str] = []
    page.goto(f"{served.url}/desk/meetings/new")
    page.select_option("[name=unit]", str(hall.branch))
    page.fill("[name=place]", "Hall two, “upstairs”")
    for field, value in (("group", "Workers"), ("due", "8"), ("present", "6")):
        page.locator(f"[name={field}]").first.fill(value)
    staff.reset(served.house, "secretary", password=PASSWORD, now=datetime.now(UTC))
    page.locator("[name=save]").click()
    expect(page.locator("[name=password]")).to_be_visible()
    looked_at(page, "login", faults)
    page.fill("[name=login]", "secretary")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name=enter, exact=True).click()
    expect(page.get_by_text("Hall two, “upstairs”")).to_be_visible()
    looked_at(page, "kept", faults)
    page.get_by_role("button", name=again, exact=True).click()
    page.wait_for_url(re.compile(r"/desk/meetings/\d+$"))
    with served.house.store.read() as db:
        (made,) = kept.of_units(db, [hall.branch])
    assert made.place == "Hall two, “upstairs”"
    assert not faults, "\n".join(faults)
