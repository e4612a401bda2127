"""The editor in a browser: with its script and without, on a desk and on a phone, by two at once, and by axe."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import drafts
from survey.actions.questionnaires import library
from survey.store import drafts as kept
from survey.web.desk.editor_fields import kind_of
from tests.browser.conftest import Face, Served, sit_down
from tests.browser.test_access import RULES
from tests.conftest import NOW, make_people, on_sqlite, person

KINDS = ["rating", "score", "single", "most", "several", "number", "date", "opinion"]


@pytest.fixture
def draft(served: Served) -> int:
    """A draft of the office, from the library."""
    make_people(served.house)
    return drafts.begin(served.house, library()["five_goods_five_leads"], by=person(served.house, "secretary"), now=NOW)


def texts(served: Served, draft: int, part: int = 0) -> list[str]:
    with served.house.store.read() as db:
        return [question.text for question in kept.get(db, draft).form.sections[part].questions]


def key_of(served: Served, draft: int) -> str:
    with served.house.store.read() as db:
        return kept.get(db, draft).form.sections[0].questions[0].key


def drag(page: Page, row: str, onto: str) -> None:
    """A row by its grip to the upper edge of another one; nothing scrolls while it is held."""
    page.locator(onto).evaluate("node => node.scrollIntoView()")
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
def test_from_the_list_to_a_meeting(served: Served, new_phone: Callable[..., BrowserContext], face: Face, scripts: bool) -> None:
    make_people(served.house)
    page = sit_down(served, new_phone(**face.window, java_script_enabled=scripts), "secretary")
    page.goto(f"{served.url}/desk/questionnaires")
    page.get_by_role("link", name=face.say("新建问卷")).click()
    page.locator("[name=source]").select_option("library:five_goods")
    page.locator("[name=title]").fill("Our own")
    page.get_by_role("button", name=face.say("开始编辑")).click()
    page.locator("#q1 [name=text]").fill("First of all")
    page.locator("[name=kind]").select_option("most")
    page.get_by_role("button", name=face.say("加一题"), exact=True).click()
    page.locator("#q6 [name=text]").fill("What first")
    save(page, scripts)
    page.get_by_role("link", name=face.say("第 %(n)s 题的题型和选项", n=6)).click()
    page.get_by_label(face.say("选项")).first.fill("Lamp\nBus\nCanteen")
    page.locator("[name=choose]").fill("2")
    page.get_by_role("button", name=face.say("保存，回到这一部分")).click()
    assert texts(served, 1)[0] == "First of all"
    frame = page.frame_locator("#preview")
    expect(frame.get_by_text(face.say("这是预览，不会提交。"))).to_be_visible()
    expect(frame.get_by_text("Canteen")).to_be_visible()
    finish(page, face)
    page.get_by_role("link", name=face.say("用来开会")).click()
    assert page.locator("select[name=questionnaire]").input_value() == "d1"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0 if scripts else True


@on_sqlite
def test_every_kind_of_question_is_made_finished_and_goes_on_as_a_second_version(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face, scripts: bool
) -> None:
    make_people(served.house)
    page = sit_down(served, new_phone(**face.window, java_script_enabled=scripts), "secretary")
    page.goto(f"{served.url}/desk/questionnaires/new")
    page.locator("[name=source]").select_option("empty")
    page.get_by_role("button", name=face.say("开始编辑")).click()
    page.locator("[name=title]").fill("Every kind")
    for whom in ("general", "member"):
        page.locator(f".adds [value='part-add:{whom}']").click()
    page.get_by_role("button", name=face.say("这一部分上移")).click()
    page.get_by_role("button", name=face.say("删除这一部分")).click()
    page.locator("[name=do][value^=undo]").click()
    page.get_by_role("button", name=face.say("删除这一部分")).click()
    for number, kind in enumerate(KINDS, 1):
        page.locator(".addone [name=kind]").select_option(kind)
        page.get_by_role("button", name=face.say("加一题"), exact=True).click()
        page.locator(f"#q{number} [name=text]").fill(f"The {kind}")
    save(page, scripts)
    for number, kind in enumerate(KINDS, 1):
        page.get_by_role("link", name=face.say("第 %(n)s 题的题型和选项", n=number)).click()
        if kind in ("single", "most", "several"):
            page.locator("[name=candidates]").fill("Lamp\nBus\nCanteen")
        elif kind == "date":
            page.locator("[name=low_day]").fill("2026-01-01")
        elif kind == "number":
            page.locator("[name=high]").fill("60")
        elif kind == "opinion":
            page.locator("[name=after]").select_option(index=1)
            save(page, scripts, by_itself=False)
            page.locator("[name=option]").last.check()
        page.get_by_role("button", name=face.say("保存，回到这一部分")).click()
    frame = page.frame_locator("#preview")
    expect(frame.locator("#ballot .q")).to_have_count(len(KINDS))
    finish(page, face)
    with served.house.store.read() as db:
        (section,) = kept.get(db, 1).form.sections
    assert [kind_of(question) for question in section.questions] == KINDS
    assert section.questions[-1].show_if is not None and section.questions[5].high == 60
    page.goto(f"{served.url}/desk/questionnaires/1")
    page.locator("#q1 [name=text]").fill("Another rating")
    save(page, scripts)
    finish(page, face)
    page.goto(f"{served.url}/desk/questionnaires/1/versions")
    page.get_by_role("link", name=face.say("第 %(n)s 版", n=2), exact=True).click()
    expect(page.locator("table.changes tbody tr")).to_have_count(1)
    expect(page.locator("table.changes tbody tr")).to_contain_text("Another rating")


def save(page: Page, scripts: bool, *, by_itself: bool = True) -> None:
    """What was typed goes in by itself, or by the button."""
    if scripts and by_itself:
        saved(page)
    elif not scripts:
        page.locator(".acts [name=do][value=save]").click()


def finish(page: Page, face: Face) -> None:
    """From the editor to the next version."""
    for verb in ("link", "button"):
        page.get_by_role(verb, name=face.say("定稿"), exact=True).click()
    expect(page.get_by_role("button", name=face.say("定稿"), exact=True)).to_have_count(0)


@on_sqlite
def test_what_is_typed_is_saved_and_seen_on_the_phone_beside_it(served: Served, draft: int, new_phone: Callable[..., BrowserContext], face: Face) -> None:
    page = sit_down(served, new_phone(**face.window), "secretary")
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    page.get_by_label(face.say("第 %(n)s 题", n=1), exact=True).fill("班子真好")
    saved(page)
    expect(page.frame_locator("#preview").get_by_text("班子真好")).to_be_visible()
    frame = page.frame_locator("#preview")
    frame.locator("label:has([name='0.0'][value='0'])").click()
    frame.get_by_role("button", name=face.say("检查并提交")).click()
    frame.get_by_role("button", name=face.say("提交评议票")).click()
    expect(frame.locator("#say")).to_have_text(face.say("这是预览，不会提交。"))
    assert texts(served, draft)[0] == "班子真好"


@on_sqlite
def test_rows_are_moved_by_keys_by_buttons_and_by_dragging(served: Served, draft: int, new_phone: Callable[..., BrowserContext], face: Face) -> None:
    page = sit_down(served, new_phone(**face.window, has_touch=False), "secretary")
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    first = texts(served, draft)
    page.get_by_label(face.say("第 %(n)s 题", n=2), exact=True).press("Alt+ArrowUp")
    moved = face.say("“{text}”现在是第 {n} 题，共 {all} 题")
    expect(page.locator("#moved")).to_have_text(moved.format(text=first[1], n=1, all=5))
    assert page.evaluate("document.activeElement.value") == first[1], "the focus goes along"
    page.get_by_role("button", name=face.say("下移第 %(n)s 题", n=1)).click()
    expect(page.locator("#moved")).to_have_text(moved.format(text=first[1], n=2, all=5))
    drag(page, "#q5", "#q1")
    expect(page.locator("#moved")).to_have_text(moved.format(text=first[4], n=1, all=5))
    saved(page)
    page.reload()
    assert texts(served, draft) == [first[4], *first[:4]]
    parted = face.say("“{text}”现在是第 {n} 部分，共 {all} 部分")
    # A phone has no grips at its parts, and they are too far above their questions: there keys and buttons are the way.
    if face.on_phone:
        for _ in range(2):
            page.locator("[data-part=general] a").press("Alt+ArrowUp")
    else:
        drag(page, "[data-part=general]", "[data-part=unit]")
    expect(page.locator("#moved")).to_have_text(parted.format(text="意见建议", n=1, all=3))
    page.locator("[data-part=general] a").press("Alt+ArrowDown")
    expect(page.locator("#moved")).to_have_text(parted.format(text="意见建议", n=2, all=3))
    saved(page)
    if face.on_phone:
        page.goto(f"{served.url}/desk/questionnaires/{draft}/question?part=unit&q={key_of(served, draft)}")
        page.locator("[name=to]").select_option("member")
        page.get_by_role("button", name=face.say("移到这一部分")).click()
        expect(page.locator("[name=part]")).to_have_value("member")
    else:
        drag(page, "#q1", "[data-part=member]")
        expect(page.locator("#q6 [name=text]")).to_have_value(first[4])
    assert texts(served, draft) == first[:4] and texts(served, draft, 2)[-1] == first[4], "the parts stand in their new order"


@on_sqlite
def test_a_question_taken_out_comes_back(served: Served, draft: int, new_phone: Callable[..., BrowserContext], face: Face) -> None:
    page = sit_down(served, new_phone(**face.window), "secretary")
    first = texts(served, draft)
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    # Typed and pressed at once: the words are in before the button does its work.
    page.get_by_label(face.say("第 %(n)s 题", n=1), exact=True).fill("刚写的")
    page.get_by_role("button", name=face.say("删除第 %(n)s 题", n=3)).click()
    expect(page.get_by_role("status").filter(has_text=face.say("删去了一项。"))).to_be_visible()
    page.get_by_role("button", name=face.say("撤销删除“%(words)s”", words=first[2])).click()
    expect(page.get_by_label(face.say("第 %(n)s 题", n=3), exact=True)).to_have_value(first[2])
    assert texts(served, draft) == ["刚写的", *first[1:]]


@on_sqlite
def test_without_a_network_the_text_stays_and_is_saved_later(served: Served, draft: int, new_phone: Callable[..., BrowserContext], face: Face) -> None:
    page = sit_down(served, new_phone(**face.window), "secretary")
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    page.context.set_offline(True)
    page.get_by_label(face.say("第 %(n)s 题", n=1), exact=True).fill("断网时写的")
    expect(page.locator("#saving")).to_have_text(face.say("没有保存上，文字还在这里。连上以后会自动再存。"))
    page.get_by_role("button", name=face.say("复制第 %(n)s 题", n=2)).click()
    expect(page.get_by_label(face.say("第 %(n)s 题", n=1), exact=True)).to_have_value("断网时写的")
    page.context.set_offline(False)
    expect(page.get_by_label(face.say("第 %(n)s 题", n=6), exact=True)).to_be_visible()
    first = texts(served, draft)
    assert first[0] == "断网时写的" and first[1] == first[2], "the button did its work as soon as it could"


@on_sqlite
def test_a_login_that_ended_keeps_the_text_until_the_next(served: Served, draft: int, new_phone: Callable[..., BrowserContext], face: Face) -> None:
    page = sit_down(served, new_phone(**face.window), "secretary")
    page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    page.context.clear_cookies()
    page.get_by_label(face.say("第 %(n)s 题", n=1), exact=True).fill("过期时写的")
    expect(page.locator("#saving")).to_have_text(face.say("登录已经过期，文字还在这里。请在另一个窗口重新登录，再回到这里继续。"))
    assert texts(served, draft)[0] != "过期时写的"
    # Logged in again in another window: a session of its own, with a token of its own.
    other = sit_down(served, page.context, "secretary")
    other.goto(f"{served.url}/desk")
    page.get_by_label(face.say("第 %(n)s 题", n=1), exact=True).fill("过期以后写的")
    saved(page)
    assert texts(served, draft)[0] == "过期以后写的"


@on_sqlite
def test_two_browsers_on_one_questionnaire_see_both_and_lose_nothing(
    served: Served, draft: int, new_phone: Callable[..., BrowserContext], face: Face
) -> None:
    pages = [sit_down(served, new_phone(**face.window), "secretary") for _ in range(2)]
    for page in pages:
        page.goto(f"{served.url}/desk/questionnaires/{draft}?part=unit")
    pages[0].get_by_label(face.say("第 %(n)s 题", n=1), exact=True).fill("甲写的")
    saved(pages[0])
    pages[1].get_by_label(face.say("第 %(n)s 题", n=1), exact=True).fill("乙写的")
    expect(pages[1].locator("#saving")).to_have_text(face.say("别人刚刚改过这份问卷，您的改动还没有写入。请按“保存”，看看两边有什么不同。"))
    pages[1].locator(".acts [name=do][value=save]").click()
    expect(pages[1].get_by_role("row", name=face.say("第 %(n)s 题", n=1))).to_contain_text("乙写的")
    expect(pages[1].get_by_role("row", name=face.say("第 %(n)s 题", n=1))).to_contain_text("甲写的")
    assert texts(served, draft)[0] == "甲写的"
    pages[1].get_by_role("button", name=face.say("按选好的写入")).click()
    expect(pages[1].get_by_label(face.say("第 %(n)s 题", n=1), exact=True)).to_have_value("乙写的")
    assert texts(served, draft)[0] == "乙写的"


@on_sqlite
def test_axe_finds_nothing_while_one_edits(served: Served, draft: int, new_phone: Callable[..., BrowserContext], face: Face) -> None:
    page = sit_down(served, new_phone(**face.window, color_scheme=face.scheme), "secretary")
    base = f"{served.url}/desk/questionnaires/{draft}"
    found: list[str] = []

    def look() -> None:
        heard = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}).response
        assert len(heard["passes"]) > 5
        found.extend(f"{page.url} {each['id']}: {node['html'][:140]}" for each in heard["violations"] for node in each["nodes"])

    page.goto(f"{base}?part=member")
    page.locator("details").first.locator("summary").click()
    look()
    page.get_by_role("button", name=face.say("删除第 %(n)s 题", n=1)).click()
    expect(page.locator("[name=do][value^=undo]")).to_be_visible()
    look()
    page.goto(f"{base}/question?part=unit&q=good2")
    page.locator("[name=after]").select_option("good1")
    expect(page.get_by_text(face.say("选了下面哪个回答，才问这一题"))).to_be_visible()
    look()
    page.locator("[name=kind]").select_option("number")
    page.locator("[name=low]").fill("x")
    page.get_by_role("button", name=face.say("保存"), exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    look()
    page.goto(f"{base}/finish")
    look()
    assert found == []
