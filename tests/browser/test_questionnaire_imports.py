"""Questionnaires brought along and taken away in a real browser: axe finds nothing, nothing runs off the page, no script needed."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from docx import Document
from playwright.sync_api import BrowserContext, Locator, Page, expect

from survey.actions.questionnaires import library
from survey.store import drafts
from tests.browser.conftest import Face, Served, sit_down
from tests.browser.test_desk_meetings import reads_well
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
def test_text_is_pasted_looked_at_taken_and_printed(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    make_people(served.house)
    page = sit_down(served, new_phone(**face.window, color_scheme=face.scheme, bypass_csp=True), "secretary")
    words = face.say("问卷的文字")
    pasted(page, served.url, button=face.say("看读成什么样"), field=words)
    page.get_by_text(face.say("每一行的去处")).click()
    reads_well(page)
    page.get_by_role("button", name=face.say("再读一遍")).click()
    assert page.get_by_label(words).input_value() == TEXT
    page.get_by_role("button", name=face.say("收下，去编辑")).click()
    expect(page).to_have_url(re.compile(r"/desk/questionnaires/\d+"))
    draft = page.url.split("/desk/questionnaires/")[1].split("?")[0].split("/")[0]
    page.goto(f"{served.url}/desk/questionnaires/{draft}/files")
    reads_well(page)
    expect(page.get_by_role("link", name="PDF")).to_have_count(1)


@on_sqlite
def test_papers_and_files_are_downloaded_and_the_files_come_back_also_without_a_script(
    served: Served, new_phone: Callable[..., BrowserContext], tmp_path: Path, face: Face, scripts: bool
) -> None:
    make_people(served.house)
    page = sit_down(served, new_phone(**face.window, java_script_enabled=scripts), "secretary")
    page.goto(f"{served.url}/desk/questionnaires/ready/five_goods_five_leads/files")
    page.locator("[name=q]").fill("机修")
    page.get_by_role("button", name=face.say("查找"), exact=True).click()
    row = page.get_by_role("row", name="机修车间党支部")
    # The browser shows this one instead of keeping it.
    sheets = page.request.get(served.url + str(row.get_by_role("link", name="PDF").get_attribute("href")))
    paper = pypdfium2.PdfDocument(sheets.body())
    with paper:
        words = "".join(sheet.get_textpage().get_text_range() for sheet in paper)
    for member in ("张三", "李四", "王五", "赵六"):
        assert member in words
    document = Document(str(fetched(page, row.get_by_role("link", name="Word"), tmp_path / "paper.docx")))
    assert "机修车间党支部" in document.element.xml and "赵六" in document.element.xml
    files = [fetched(page, page.get_by_role("link", name=face.say(f"下载 {kind}")), tmp_path / f"form.{kind.lower()}") for kind in ("JSON", "Excel")]
    files[1] = files[1].rename(tmp_path / "form.xlsx")
    for number, file in enumerate(files, 1):
        page.goto(f"{served.url}/desk/questionnaires/upload")
        page.get_by_label(face.say("问卷文件")).set_input_files(file)
        page.get_by_role("button", name=face.say("看读成什么样"), exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(face.say("读成这样"))
        page.get_by_role("button", name=face.say("收下，去编辑")).click()
        expect(page).to_have_url(re.compile(rf"/desk/questionnaires/{number}\b"))
        with served.house.store.read() as db:
            taken = drafts.get(db, number).form
        ready = library()["five_goods_five_leads"]
        assert [[q.kind for q in s.questions] for s in taken.sections] == [[q.kind for q in s.questions] for s in ready.sections]


def fetched(page: Page, link: Locator, path: Path) -> Path:
    """What a link brings, kept under this name."""
    with page.expect_download() as waiting:
        link.click()
    waiting.value.save_as(path)
    return path
