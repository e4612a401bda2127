"""A survey from its creation to its table: by link, by slips and by the wall, one of the phones without JavaScript."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import zxingcpp
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Face, Served, sit_down
from tests.browser.test_story import codes_of, pressed
from tests.conftest import make_people, on_sqlite

FORM = "needs"

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


@dataclass(frozen=True)
class Survey:
    """A survey on the desk, and how its phones come to it."""

    served: Served
    face: Face
    desk: Page
    new_phone: Callable[..., BrowserContext]

    def begin(self, entry: str, *, most: int) -> str:
        """Made and opened; the address of its page."""
        self.desk.goto(f"{self.served.url}/desk/surveys/new")
        self.desk.locator("[name=questionnaire]").select_option(FORM)
        self.desk.locator(f"[name=entry][value={entry}]").check()
        self.desk.locator("[name=most]").fill(str(most))
        self.desk.locator("details summary").click()
        self.desk.locator("[name=one_officer]").check()
        press(self.desk, self.face.say("建好调查"))
        home = self.desk.url
        for _ in range(2):
            press(self.desk, self.face.say("开始调查"))
        return home

    def answer(self, place: int, address: str, *, promise: str = "") -> tuple[BrowserContext, tuple[str, ...]]:
        """One more phone, the second of them without JavaScript; with a promise there is a page before the first question."""
        phone = self.new_phone(locale=self.face.window["locale"], java_script_enabled=place != 1)
        page = phone.new_page()
        page.goto(address)
        if promise:
            expect(page.locator("body")).to_contain_text(promise)
            press(page, self.face.say("开始答题"))
        expect(page.locator(".promise")).to_contain_text(self.face.say("这份问卷会按份保留您的全部回答，不记姓名、手机、时间和地址。"))
        said = answered(page, place)
        press(page, self.face.say("检查并提交"))
        press(page, self.face.say("提交问卷"))
        expect(page.get_by_role("heading", name=self.face.say("已投入票箱，谢谢您"))).to_be_visible()
        return phone, said

    def rows(self, home: str, *, before: tuple[str, ...] = ()) -> list[list[str]]:
        """Closed and counted; what the table holds."""
        self.desk.goto(home)
        for text in ("结束调查", "马上封箱"):
            press(self.desk, self.face.say(text))
        for field in self.desk.locator("form.leftovers input.n").all():
            field.fill("0")
        for text in (*before, "计票", "开始计票", "看结果"):
            press(self.desk, self.face.say(text))
        with self.desk.expect_download() as download:
            press(self.desk, self.face.say("回答 CSV"))
        return list(csv.reader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"))))[1:]


@pytest.fixture
def survey(served: Served, new_phone: Callable[..., BrowserContext], face: Face) -> Survey:
    make_people(served.house, members=2)
    return Survey(served, face, sit_down(served, new_phone(**face.window), "secretary"), new_phone)


@on_sqlite
def test_a_survey_goes_from_its_form_over_the_link_to_a_table_of_what_was_answered(survey: Survey, face: Face) -> None:
    # With eight there are words to write, with fewer there are none.
    most = 8 if face.language == "zh" else 5
    home = survey.begin("link", most=most)
    address = survey.served.url + "/d/" + survey.desk.locator("[data-copied]").input_value().rsplit("/", 1)[1]
    promise = face.say("这份问卷会按份保留您的全部回答：您选的、填的和写的放在一起，不记姓名、手机、时间和地址。")
    phones, said = zip(*(survey.answer(place, address, promise=promise) for place in range(most)), strict=True)
    again = phones[0].new_page()
    again.goto(address)
    expect(again.get_by_role("heading", name=face.say("这部手机已经投过"))).to_be_visible()
    late = survey.new_phone(locale=face.window["locale"]).new_page()
    late.goto(address)
    expect(late.get_by_role("heading", name=face.say("这份问卷已经领完"))).to_be_visible()
    assert Counter(map(tuple, survey.rows(home))) == Counter(said)
    with survey.desk.expect_download() as book:
        press(survey.desk, face.say("回答 Excel"))
    assert load_workbook(io.BytesIO(book.value.path().read_bytes())).worksheets[0].max_row == most + 1


@on_sqlite
def test_a_survey_goes_by_slips_to_the_same_table(survey: Survey, face: Face) -> None:
    home = survey.begin("slips", most=5)
    slips = codes_of(pressed(survey.desk, face.say("打印全部票签")))
    assert len(set(slips)) == 5
    said = [survey.answer(place, survey.served.ballot(slip.rsplit("/", 1)[1]))[1] for place, slip in enumerate(slips)]
    assert Counter(map(tuple, survey.rows(home, before=("填好了",)))) == Counter(said)


@on_sqlite
def test_a_survey_goes_by_the_code_on_the_wall_to_the_same_table(survey: Survey, face: Face) -> None:
    home = survey.begin("screen", most=5)
    wall = survey.desk.context.new_page()
    wall.goto(f"{home}/screen")
    promise = face.say("这份问卷会按份保留您的全部回答：您选的、填的和写的放在一起，不记姓名、手机、时间和地址。")
    said = []
    for place in range(5):
        seen = zxingcpp.read_barcodes(Image.open(io.BytesIO(wall.locator("svg.qr").screenshot())))
        said.append(survey.answer(place, survey.served.url + urlsplit(seen[0].text).path, promise=promise)[1])
    assert Counter(map(tuple, survey.rows(home))) == Counter(said)
