"""The editor in a browser: with its script and without, on a desk and on a phone, by two at once, and by axe."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import drafts
from survey.actions.questionnaires import library
from survey.store import drafts as kept
from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.test_access import RULES
from tests.browser.test_everyone import Walk
from tests.conftest import NOW, make_people, on_sqlite, person
from tests.web.towns import CHINESE, Town

WORDS = {
    "zh": {"add": "加一题", "finish": "定稿", "use": "用来开会", "saved": "已保存", "start": "开始编辑", "new": "新建问卷",
           "kind": "第 6 题的题型和选项", "answers": "选项", "back": "保存，回到这一部分", "preview": "这是预览，不会提交。", "first": "第 1 题"},
    "en": {"add": "Add a question", "finish": "Finish", "use": "Use in a meeting", "saved": "Saved",
           "start": "Start editing", "new": "New questionnaire", "kind": "Kind and answers of question 6", "answers": "Answers",
           "back": "Save, back to this part", "preview": "This is a preview. Nothing is submitted.", "first": "Question 1"},
}  # fmt: skip
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@pytest.fixture
def draft(served: Served) -> int:
    """A draft of the office, from the library."""
    make_people(served.house)
    return drafts.begin(served.house, library()["five_goods_five_leads"], by=person(served.house, "secretary"), now=NOW)


def seat(served: Served, page: Page, language: str = "zh") -> Page:
    """A member of the office at this browser."""
    Walk(served, Town(served.house, CHINESE, 0, 0, person(served.house, "secretary")), language).sit_down(page)
    return page


def texts(served: Served, draft: int, part: int = 0) -> list[str]:
    with served.house.store.read() as db:
        return [question.text for question in kept.get(db, draft).form.sections[part].questions]


def drag(page: Page, row: str, onto: str) -> None:
    """A row by its grip to the upper edge of another one."""
    page.locator(f"{row} [data-grip]").hover()
    page.mouse.down()
    box = page.locator(onto).bounding_box()
    assert box
    page.mouse.move(box["x"] + 10, box["y"] + 4, steps=6)
    page.mouse.up()


def saved(page: Page) -> None:
    """Everything typed is in the house."""
    expect(page.locator("#saving[data-state=saved]")).to_be_visible()


@on_sqlite
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize(("language", "size"), [("zh", DESK), ("en", PHONE)], ids=["zh-desk", "en-phone"])
def test_from_the_list_to_a_meeting(
    served: Served, new_phone: Callable[..., BrowserContext], language: str, size: dict[str, int], script: bool
) -> None:
    make_people(served.house)
    words = WORDS[language]
    page = seat(served, new_phone(viewport=size, locale=LOCALES[language], java_script_enabled=script).new_page())
    page.goto(f"{served.url}/desk/questionnaires")
    page.get_by_role("link", name=words["new"]).click()
    page.locator("[name=source]").select_option("library:five_goods")
    page.locator("[name=title]").fill("Our own")
    page.get_by_role("button", name=words["start"]).click()
    page.locator("#q1 [name=text]").fill("First of all")
    page.locator("[name=kind]").select_option("most")
    page.get_by_role("button", name=words["add"], exact=True).click()
    page.locator("#q6 [name=text]").fill("What first")
    if script:
        saved(page)
    else:
        page.locator(".acts [name=do][value=save]").click()
    page.get_by_role("link", name=words["kind"]).click()
    page.get_by_label(words["answers"]).first.fill("Lamp\nBus\nCanteen")
    page.locator("[name=choose]").fill("2")
    page.get_by_role("button", name=words["back"]).click()
    assert texts(served, 1)[0] == "First of all"
    frame = page.frame_locator("#preview")
    expect(frame.get_by_text(words["preview"])).to_be_visible()
    expect(frame.get_by_text("Canteen")).to_be_visible()
    page.get_by_role("link", name=words["finish"], exact=True).click()
    page.get_by_role("button", name=words["finish"], exact=True).click()
    page.get_by_role("link", name=words["use"]).click()
    assert page.locator("select[name=questionnaire]").input_value() == "d1"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0 if script else True


@on_sqlite
def test_what_is_typed_is_saved_and_seen_on_the_phone_beside_it(served: Served, draft: int, new_phone: Callable[..., BrowserContext]) -> None:
    page = seat(served, new_phone(viewport=DESK).new_page())
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    page.get_by_label("第 1 题", exact=True).fill("班子真好")
    saved(page)
    expect(page.frame_locator("#preview").get_by_text("班子真好")).to_be_visible()
    frame = page.frame_locator("#preview")
    frame.locator("label:has([name='0.0'][value='0'])").click()
    frame.get_by_role("button", name="检查并提交").click()
    frame.get_by_role("button", name="提交评议票").click()
    expect(frame.locator("#say")).to_have_text("这是预览，不会提交。")
    assert texts(served, draft)[0] == "班子真好"


@on_sqlite
def test_rows_are_moved_by_keys_by_buttons_and_by_dragging(served: Served, draft: int, new_phone: Callable[..., BrowserContext]) -> None:
    page = seat(served, new_phone(viewport=DESK, has_touch=False).new_page())
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    first = texts(served, draft)
    page.get_by_label("第 2 题", exact=True).press("Alt+ArrowUp")
    expect(page.locator("#moved")).to_have_text(f"“{first[1]}”现在是第 1 题，共 5 题")
    assert page.evaluate("document.activeElement.value") == first[1], "the focus goes along"
    page.get_by_role("button", name="下移第 1 题").click()
    expect(page.locator("#moved")).to_have_text(f"“{first[1]}”现在是第 2 题，共 5 题")
    drag(page, "#q5", "#q1")
    expect(page.locator("#moved")).to_have_text(f"“{first[4]}”现在是第 1 题，共 5 题")
    saved(page)
    page.reload()
    assert texts(served, draft) == [first[4], *first[:4]]
    drag(page, "[data-part=general]", "[data-part=unit]")
    expect(page.locator("#moved")).to_have_text("“意见建议”现在是第 1 部分，共 3 部分")
    page.locator("[data-part=general] a").press("Alt+ArrowDown")
    expect(page.locator("#moved")).to_have_text("“意见建议”现在是第 2 部分，共 3 部分")
    saved(page)
    drag(page, "#q1", "[data-part=member]")
    expect(page.locator("#q6 [name=text]")).to_have_value(first[4])
    assert texts(served, draft) == first[:4] and texts(served, draft, 2)[-1] == first[4], "the parts stand in their new order"


@on_sqlite
def test_a_question_taken_out_comes_back(served: Served, draft: int, new_phone: Callable[..., BrowserContext]) -> None:
    page = seat(served, new_phone(viewport=DESK).new_page())
    first = texts(served, draft)
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    # Typed and pressed at once: the words are in before the button does its work.
    page.get_by_label("第 1 题", exact=True).fill("刚写的")
    page.get_by_role("button", name="删除第 3 题").click()
    expect(page.get_by_role("status").filter(has_text="删去了一项。")).to_be_visible()
    page.get_by_role("button", name=f"撤销删除“{first[2]}”").click()
    expect(page.get_by_label("第 3 题", exact=True)).to_have_value(first[2])
    assert texts(served, draft) == ["刚写的", *first[1:]]


@on_sqlite
def test_without_a_network_the_text_stays_and_is_saved_later(served: Served, draft: int, new_phone: Callable[..., BrowserContext]) -> None:
    page = seat(served, new_phone(viewport=DESK).new_page())
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    page.context.set_offline(True)
    page.get_by_label("第 1 题", exact=True).fill("断网时写的")
    expect(page.locator("#saving")).to_have_text("没有保存上，文字还在这里。连上以后会自动再存。")
    page.get_by_role("button", name="复制第 2 题").click()
    expect(page.get_by_label("第 1 题", exact=True)).to_have_value("断网时写的")
    page.context.set_offline(False)
    expect(page.get_by_label("第 6 题", exact=True)).to_be_visible()
    first = texts(served, draft)
    assert first[0] == "断网时写的" and first[1] == first[2], "the button did its work as soon as it could"


@on_sqlite
def test_a_login_that_ended_keeps_the_text_until_the_next(served: Served, draft: int, new_phone: Callable[..., BrowserContext]) -> None:
    page = seat(served, new_phone(viewport=DESK).new_page())
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    page.context.clear_cookies()
    page.get_by_label("第 1 题", exact=True).fill("过期时写的")
    expect(page.locator("#saving")).to_contain_text("登录已经过期，文字还在这里。")
    assert texts(served, draft)[0] != "过期时写的"
    # Logged in again in another window: a session of its own, with a token of its own.
    other = seat(served, page.context.new_page())
    other.goto(f"{served.url}/desk")
    page.get_by_label("第 1 题", exact=True).fill("过期以后写的")
    saved(page)
    assert texts(served, draft)[0] == "过期以后写的"


@on_sqlite
def test_two_browsers_on_one_questionnaire_see_both_and_lose_nothing(
    served: Served, draft: int, new_phone: Callable[..., BrowserContext]
) -> None:
    pages = [seat(served, new_phone(viewport=DESK).new_page()) for _ in range(2)]
    for page in pages:
        page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    pages[0].get_by_label("第 1 题", exact=True).fill("甲写的")
    saved(pages[0])
    pages[1].get_by_label("第 1 题", exact=True).fill("乙写的")
    expect(pages[1].locator("#saving")).to_contain_text("您的改动还没有写入")
    pages[1].locator(".acts [name=do][value=save]").click()
    expect(pages[1].get_by_role("row", name="第 1 题")).to_contain_text("乙写的")
    expect(pages[1].get_by_role("row", name="第 1 题")).to_contain_text("甲写的")
    assert texts(served, draft)[0] == "甲写的"
    pages[1].get_by_role("button", name="按选好的写入").click()
    expect(pages[1].get_by_label("第 1 题", exact=True)).to_have_value("乙写的")
    assert texts(served, draft)[0] == "乙写的"


@on_sqlite
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_one_edits(served: Served, draft: int, new_phone: Callable[..., BrowserContext], scheme: str) -> None:
    page = seat(served, new_phone(viewport=DESK, color_scheme=scheme).new_page())
    base = f"{served.url}/desk/questionnaires/{draft}"
    found: list[str] = []

    def look() -> None:
        heard = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}).response
        assert len(heard["passes"]) > 5
        found.extend(f"{page.url} {each['id']}: {node['html'][:140]}" for each in heard["violations"] for node in each["nodes"])

    page.goto(f"{base}?part=member")
    page.locator("details").first.locator("summary").click()
    look()
    page.get_by_role("button", name="删除第 1 题").click()
    expect(page.get_by_role("button", name="撤销删除")).to_be_visible()
    look()
    page.goto(f"{base}/question?part=unit&q=good2")
    page.locator("[name=after]").select_option("good1")
    expect(page.get_by_text("选了下面哪个回答，才问这一题")).to_be_visible()
    look()
    page.locator("[name=kind]").select_option("number")
    page.locator("[name=low]").fill("x")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    look()
    page.goto(f"{base}/finish")
    look()
    assert found == []
