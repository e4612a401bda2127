"""Questionnaires brought along and taken away in a real browser: axe finds nothing, nothing runs off the page, no script needed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions.questionnaires import library
from survey.office.xlsform_writing import write_xlsform
from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.test_desk_meetings import reads_well
from tests.browser.test_story import log_in
from tests.conftest import make_people, on_sqlite

TEXT = """2026 年居民满意度调查
您好，请如实填写。
一、基本情况
1. 您的性别 [单选题] *
○男
○女
2. 您常去哪里 [最多选3项]
A. 公园 B. 超市 C. 图书馆 D. 其他____
二、评价
3. 您对下列各项的满意程度 [矩阵题]
\t满意\t基本满意\t不满意\t不了解
服务态度\t○\t○\t○\t○
办事效率\t○\t○\t○\t○
4. 请排序 [排序题]
① 快 ② 好
选快的请跳至第 5 题
5. 还有什么意见
谢谢您的参与
"""


def pasted(page: Page, url: str, *, button: str, field: str) -> None:
    page.goto(f"{url}/desk/questionnaires/paste")
    reads_well(page)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_be_visible()
    reads_well(page)
    page.get_by_label(field).fill(TEXT)
    page.get_by_role("button", name=button).click()


@on_sqlite
@pytest.mark.parametrize(
    ("size", "theme", "language"), [(PHONE, "light", "en"), (PHONE, "dark", "zh"), (DESK, "light", "zh"), (DESK, "dark", "en")],
)  # fmt: skip
def test_text_is_pasted_looked_at_taken_and_printed(
    served: Served, new_phone: Callable[..., BrowserContext], size: dict[str, int], theme: str, language: str
) -> None:
    make_people(served.house)
    page = new_phone(viewport=size, color_scheme=theme, bypass_csp=True).new_page()
    log_in(page, served.url, "secretary")
    words = {
        "zh": ("看读成什么样", "问卷的文字", "每一行的去处", "再读一遍", "收下，去编辑", "找单位", "查找"),
        "en": ("See what is read", "The words of the questionnaire", "Where every row went", "Read again", "Take it and edit", "Find a unit", "Search"),
    }[language]  # fmt: skip
    page.goto(f"{served.url}/desk?lang={language}")
    pasted(page, served.url, button=words[0], field=words[1])
    page.get_by_text(words[2]).click()
    reads_well(page)
    page.get_by_role("button", name=words[3]).click()
    assert page.get_by_label(words[1]).input_value() == TEXT
    page.get_by_role("button", name=words[4]).click()
    expect(page).to_have_url(re.compile(r"/desk/questionnaires/\d+"))
    draft = page.url.split("/desk/questionnaires/")[1].split("?")[0].split("/")[0]
    page.goto(f"{served.url}/desk/questionnaires/{draft}/files")
    reads_well(page)


def test_a_workbook_is_uploaded_without_a_script(
    served: Served, new_phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    make_people(served.house)
    file = tmp_path / "问卷.xlsx"
    file.write_bytes(write_xlsform(library()["five_goods_five_leads"]))
    page = new_phone(viewport=DESK, java_script_enabled=False).new_page()
    log_in(page, served.url, "secretary")
    page.goto(f"{served.url}/desk/questionnaires/upload")
    page.get_by_label("问卷文件").set_input_files(file)
    page.get_by_role("button", name="看读成什么样", exact=True).click()
    expect(page.get_by_role("heading", name="“五个好、五带头”")).to_be_visible()
    page.get_by_role("button", name="收下，去编辑").click()
    expect(page.get_by_role("heading", name="五个好、五带头")).to_be_visible()
