"""A survey from its creation to its table: the desk in a browser, phones at the public link, one of them without JavaScript."""

import csv
import io
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, Served
from tests.conftest import logged_in, make_people, on_sqlite

FORM = "needs"
# What the buttons say.
SAID = {
    "zh": {"make": "建好调查", "open": "开始调查", "begin": "开始答题", "check": "检查并提交", "send": "提交问卷", "end": "结束调查",
           "seal": "结束调查，封存票箱", "go": "继续", "count": "计票", "start": "开始计票", "done": "已投入票箱，谢谢您", "again": "这部手机已经投过",
           "full": "这份问卷已经领完", "promise": "这份问卷会按份保留您的全部回答", "read": "看结果", "file": "回答 CSV"},
    "en": {"make": "Make the survey", "open": "Open the survey", "begin": "Begin", "check": "Check and submit", "send": "Send", "end": "End the survey",
           "seal": "End the survey, seal the box", "go": "Go on", "count": "Count", "start": "Count now", "done": "Your ballot is in the box. Thank you.",
           "again": "This phone has sent its ballot", "full": "All sheets are taken", "promise": "All your answers are kept together as one sheet", "read": "See the result", "file": "Answers, CSV"},
}  # fmt: skip


def press(page: Page, name: str) -> None:
    """A button or a link by what it says."""
    page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first.click()


def answered(page: Page, place: int) -> tuple[str, ...]:
    """Answer every question, one by another on each phone; what the table must say of it."""
    said = []
    for question in page.locator("#ballot .q").all():
        labels, words = question.locator("label:has(input)"), question.locator("textarea")
        if words.count():
            words.fill(f"路灯 {place}")
            said.append(f"路灯 {place}")
        elif labels.count():
            chosen = labels.nth(place % labels.count())
            chosen.click()
            said.append(chosen.inner_text().strip())
        else:
            question.locator("input").fill(str(place + 1))
            said.append(str(place + 1))
    return tuple(said)


# With eight there are words to write, with fewer there are none.
@on_sqlite
@pytest.mark.parametrize(("language", "most"), [("zh", 8), ("en", 5)])
def test_a_survey_goes_from_its_form_over_the_link_to_a_table_of_what_was_answered(
    served: Served, new_phone: Callable[..., BrowserContext], language: str, most: int
) -> None:
    say, locale = SAID[language], "zh-CN" if language == "zh" else "en-GB"
    make_people(served.house, members=2)
    desk = new_phone(viewport=DESK, locale=locale).new_page()
    session = served.app.session_interface.get_signing_serializer(served.app)  # type: ignore[attr-defined]
    cookie = str(session.dumps({"_user_id": logged_in(served.house, "secretary"), "_fresh": True}))
    desk.context.add_cookies([{"name": "pingyi_desk", "value": cookie, "url": served.url, "httpOnly": True}])
    desk.goto(f"{served.url}/desk/surveys/new")
    desk.locator("[name=questionnaire]").select_option(FORM)
    desk.locator("[name=most]").fill(str(most))
    desk.locator("details summary").click()
    desk.locator("[name=one_officer]").check()
    press(desk, say["make"])
    home = desk.url
    press(desk, say["open"])
    press(desk, say["open"])
    address = served.url + "/d/" + desk.locator("[data-copied]").input_value().rsplit("/", 1)[1]
    said = []
    phones = [new_phone(locale=locale, java_script_enabled=place != 1) for place in range(most)]
    for place, phone in enumerate(phones):
        page = phone.new_page()
        page.goto(address)
        expect(page.locator("body")).to_contain_text(say["promise"])
        press(page, say["begin"])
        expect(page.locator(".promise")).to_contain_text(say["promise"])
        said.append(answered(page, place))
        press(page, say["check"])
        press(page, say["send"])
        expect(page.get_by_role("heading", name=say["done"])).to_be_visible()
    again = phones[0].new_page()
    again.goto(address)
    expect(again.get_by_role("heading", name=say["again"])).to_be_visible()
    late = new_phone(locale=locale).new_page()
    late.goto(address)
    expect(late.get_by_role("heading", name=say["full"])).to_be_visible()
    desk.goto(home)
    for name in ("end", "seal", "go", "count", "start", "read"):
        press(desk, say[name])
    with desk.expect_download() as download:
        press(desk, say["file"])
    rows = list(csv.reader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"))))[1:]
    assert Counter(map(tuple, rows)) == Counter(said)
