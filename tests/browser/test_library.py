"""The library in a browser, in both languages and sizes: found by a search, read through, seen as on a phone, taken to a meeting."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.test_everyone import Walk, a_page, axe, off
from tests.conftest import on_sqlite
from tests.web.towns import CHINESE, LATIN, make_town

WORDS = {
    "zh": ("问卷库", "弃权", "逐名票决", "看手机上的样子", "用它开会", "查找", "照着改一份"),
    "en": ("Library", "Abstain", "Vote on each member", "See it as on a phone", "Use it in a meeting", "Find", "Make your own from it"),
}


@on_sqlite
@pytest.mark.parametrize(("language", "size"), [("zh", DESK), ("en", PHONE)])
def test_a_form_is_found_read_and_taken_to_a_meeting(
    served: Served, new_phone: Callable[..., BrowserContext], language: str, size: dict[str, int]
) -> None:
    library, answer, title, phone, use, find, copy = WORDS[language]
    walk = Walk(served, make_town(served.house, CHINESE if language == "zh" else LATIN), language)
    page = a_page(walk, new_phone, viewport=size)
    page.goto(f"{served.url}/desk/questionnaires")
    page.get_by_role("link", name=library, exact=True).click()
    page.locator("[name=purpose]").select_option("selection")
    page.get_by_role("button", name=find, exact=True).click()
    expect(page.locator(".shelf-cards h3")).to_have_count(4)
    assert axe(page) + off(page) == []
    page.get_by_role("link", name=title).click()
    expect(page.get_by_text(answer).first).to_be_visible()
    assert axe(page) + off(page) == []
    page.get_by_role("link", name=phone).click()
    expect(page.locator("#ballot input[type=radio]").first).to_be_attached()
    page.go_back()
    page.get_by_role("link", name=use).click()
    expect(page.locator("[name=questionnaire]")).to_have_value("vote_on_members")
    page.go_back()
    page.get_by_role("button", name=copy).click()
    expect(page).to_have_url(f"{served.url}/desk/questionnaires/{max(walk.town.drafts) + 1}", timeout=10_000)
    page.goto(f"{served.url}/desk/questionnaires/{walk.town.drafts[0]}/versions/2")
    expect(page.locator("table.changes tbody tr")).to_have_count(1)
    assert axe(page) + off(page) == []
