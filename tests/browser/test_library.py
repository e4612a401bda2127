"""The library in a browser, in both languages and sizes: found by a search, read through, seen as on a phone, taken to a meeting."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Face, Served, sit_down
from tests.browser.test_everyone import axe, off
from tests.conftest import on_sqlite
from tests.web.towns import CHINESE, LATIN, make_town


@on_sqlite
def test_a_form_is_found_read_and_taken_to_a_meeting(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    town = make_town(served.house, CHINESE if face.language == "zh" else LATIN)
    page = sit_down(served, new_phone(**face.window), "secretary")
    page.goto(f"{served.url}/desk/questionnaires")
    page.get_by_role("link", name=face.say("问卷库"), exact=True).click()
    page.locator("[name=purpose]").select_option("selection")
    page.get_by_role("button", name=face.say("查找"), exact=True).click()
    expect(page.locator(".shelf-cards h3")).to_have_count(4)
    assert axe(page) + off(page) == []
    page.get_by_role("link", name=face.say("逐名票决")).click()
    expect(page.get_by_text(face.say("弃权")).first).to_be_visible()
    assert axe(page) + off(page) == []
    page.get_by_role("link", name=face.say("看手机上的样子")).click()
    expect(page.locator("#ballot input[type=radio]").first).to_be_attached()
    page.go_back()
    page.get_by_role("link", name=face.say("用它开会")).click()
    expect(page.locator("[name=questionnaire]")).to_have_value("vote_on_members")
    page.go_back()
    page.get_by_role("button", name=face.say("照着改一份")).click()
    expect(page).to_have_url(f"{served.url}/desk/questionnaires/{max(town.drafts) + 1}", timeout=10_000)
    page.goto(f"{served.url}/desk/questionnaires/{town.drafts[0]}/versions/2")
    expect(page.locator("table.changes tbody tr")).to_have_count(1)
    assert axe(page) + off(page) == []
