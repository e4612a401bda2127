"""Accounts in a real browser: invited on the desk, joined on a phone; the journal; a login that ends while somebody types."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import staff
from survey.store import meetings as kept
from tests.browser.conftest import PHONE, Face, Served, sit_down
from tests.browser.test_everyone import axe, off
from tests.conftest import PASSWORD, Hall, make_people, on_sqlite, person

GOOD = "denglong hema banshou"

def looked_at(page: Page, name: str, faults: list[str]) -> None:
    """What axe and a narrow window say of the page that is shown now."""
    faults += [f"{name}: {each}" for each in (*axe(page), *off(page))]


@on_sqlite
def test_a_colleague_is_invited_joins_on_a_phone_and_is_in_the_journal(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    hall: Hall = make_people(served.house)
    faults: list[str] = []
    desk = sit_down(served, new_phone(**face.window), "admin")
    desk.goto(f"{served.url}/desk/staff/invite")
    looked_at(desk, "invite", faults)
    desk.fill("[name=name]", "新来的人" if face.language == "zh" else "Newcomer")
    desk.check("[name=role][value=secretary]")
    desk.get_by_role("button", name=face.say("做一个邀请链接"), exact=True).click()
    link = desk.locator("[data-copied]")
    expect(link).to_be_visible()
    looked_at(desk, "link", faults)
    picture = Image.open(io.BytesIO(desk.locator("svg.qr").screenshot()))
    assert [each.text.rsplit("/", 1)[1] for each in zxingcpp.read_barcodes(picture)] == [link.input_value().rsplit("/", 1)[1]]
    phone = new_phone(**{**face.window, "viewport": PHONE}).new_page()
    phone.goto(served.url + "/desk/invitation/" + link.input_value().rsplit("/", 1)[1])
    looked_at(phone, "invitation", faults)
    phone.fill("[name=login]", "xinlai")
    for field in ("new_password", "again_password"):
        phone.fill(f"[name={field}]", GOOD)
    phone.get_by_role("button", name=face.say("开通并登录"), exact=True).click()
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
def test_an_account_is_locked_and_unlocked_a_login_is_ended_and_the_journal_is_sifted(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    make_people(served.house)
    admin = sit_down(served, new_phone(**face.window), "admin")
    theirs = sit_down(served, new_phone(**face.window), "secretary")
    theirs.goto(f"{served.url}/desk")
    expect(theirs.locator("form.person")).to_be_visible()
    admin.goto(f"{served.url}/desk/staff/{person(served.house, 'secretary').id}")
    admin.get_by_role("link", name=face.say("锁定这个账号")).click()
    admin.get_by_role("button", name=face.say("锁定"), exact=True).click()
    unlock = admin.get_by_role("button", name=face.say("解锁这个账号"))
    expect(unlock).to_be_visible()

    def log_in() -> None:
        theirs.fill("[name=login]", "secretary")
        theirs.fill("[name=password]", PASSWORD)
        theirs.get_by_role("button", name=face.say("登录"), exact=True).click()

    theirs.goto(f"{served.url}/desk/units")
    log_in()
    expect(theirs.get_by_role("alert")).to_be_visible()
    unlock.click()
    expect(unlock).to_have_count(0)
    log_in()
    expect(theirs.locator("form.person")).to_be_visible()
    elsewhere = sit_down(served, new_phone(**face.window), "secretary")
    theirs.goto(f"{served.url}/desk/me")
    theirs.get_by_role("button", name=face.say("结束别处的 %(n)s 个登录", n=1)).click()
    expect(theirs.get_by_role("status")).to_be_visible()
    elsewhere.goto(f"{served.url}/desk")
    expect(elsewhere.locator("[name=password]")).to_be_visible()
    admin.goto(f"{served.url}/desk/journal")
    lines = admin.locator("table.rows tbody tr")
    every = lines.count()
    for kind, fewest in (("accounts", 2), ("logins", 2), ("slips", 0)):
        admin.locator("[name=kind]").select_option(kind)
        admin.get_by_role("button", name=face.say("查找"), exact=True).click()
        expect(admin.locator("[name=kind]")).to_have_value(kind)
        assert fewest <= lines.count() < every and bool(lines.count()) == bool(fewest), kind
    expect(admin.get_by_text(face.say("没有找到"))).to_be_visible()
    admin.get_by_role("link", name=face.say("看全部"), exact=True).click()
    admin.locator("[name=name]").fill("李秘书")
    admin.locator("[name=name]").press("Enter")
    expect(admin.locator("[name=name]")).to_have_value("李秘书")
    assert 0 < lines.count() < every
    assert set(admin.locator("table.rows tbody tr td:nth-child(2)").all_inner_texts()) == {"李秘书"}


@on_sqlite
def test_a_login_that_ends_while_somebody_types_loses_nothing(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    hall = make_people(served.house)
    page = sit_down(served, new_phone(**face.window), "secretary")
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
    page.get_by_role("button", name=face.say("登录"), exact=True).click()
    expect(page.get_by_text("Hall two, “upstairs”")).to_be_visible()
    looked_at(page, "kept", faults)
    page.get_by_role("button", name=face.say("再提交一次"), exact=True).click()
    page.wait_for_url(re.compile(r"/desk/meetings/\d+$"))
    with served.house.store.read() as db:
        (made,) = kept.of_units(db, [hall.branch])
    assert made.place == "Hall two, “upstairs”"
    assert not faults, "\n".join(faults)
