"""Every kind of question on the phone: numbers, days, ticks, and what is asked only after certain answers."""

from collections.abc import Callable
from datetime import date
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from survey.actions import ballots
from survey.domain.results import ANSWERED
from survey.store import results
from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.test_access import faults
from tests.conftest import Hall, on_sqlite
from tests.web.booth.halls import make_hall, whole_form

REVIEW = {"zh-CN": "检查并提交", "en-GB": "Check and submit"}
SUBMIT = {"zh-CN": "提交评议票", "en-GB": "Submit ballot"}
# With and without a script, both languages, phone and desk, by day and by night.
WAYS = [
    (PHONE, True, "zh-CN", "light"),
    (DESK, True, "en-GB", "dark"),
    (PHONE, False, "en-GB", "light"),
    (DESK, False, "zh-CN", "dark"),
]


def pick(page: Page, name: str, *values: str) -> None:
    for value in values:
        page.locator(f"label:has([name='{name}'][value='{value}'])").click()


def question(page: Page, name: str) -> Locator:
    return page.locator(f".q:has([name='{name}'])")


def fill_in(page: Page) -> None:
    """A whole ballot; on the way a written word is hidden again and a number of ticks is changed."""
    pick(page, "0.0", "2")
    pick(page, "0.1", "0", "3")
    page.locator("[name='0.2']").fill("谁也不该看到的话")
    pick(page, "0.1", "3")
    expect(question(page, "0.2")).to_be_hidden()
    expect(question(page, "0.3")).to_be_hidden()
    pick(page, "0.4", "4")
    for target in ("1", "2"):
        expect(question(page, f"{target}.1")).to_be_hidden()
    pick(page, "1.0", "0")
    page.locator("[name='1.1']").fill("90")
    pick(page, "2.0", "3")
    pick(page, "3.0", "1")
    page.locator("[name='3.1']").fill("12")
    page.locator("[name='3.2']").fill("-5")
    page.locator("[name='3.3']").fill("2026-03-01")
    pick(page, "4.0", "1", "2")
    page.locator("[name='4.1']").fill("没有了")


@on_sqlite
@pytest.mark.parametrize(("size", "script", "language", "scheme"), WAYS)
def test_a_ballot_of_every_kind_is_filled_reviewed_and_counted(
    served: Served,
    new_phone: Callable[..., BrowserContext],
    size: dict[str, int],
    script: bool,
    language: str,
    scheme: str,
) -> None:
    hall = make_hall(served.house, n=2, form=whole_form())
    (code, *others) = next(iter(hall.codes.values()))
    page = new_phone(viewport=size, java_script_enabled=script, locale=language, color_scheme=scheme).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("console", lambda message: complaints.append(message.text))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(unquote_plus(request.post_data or "")))
    page.goto(served.ballot(code))
    fill_in(page)
    if script:
        expect(page.locator(".far p")).to_contain_text("5 / 5")
        assert faults(page) == []
    page.get_by_role("button", name=REVIEW[language]).click()
    said = " ".join(page.locator(".rows:visible").all_inner_texts())
    assert "谁也不该看到的话" not in said
    for words in ("90", "36 到 50 岁", "12", "-5", "2026-03-01", "没有了"):
        assert words in said, (words, said)
    assert page.locator(".care:visible").count() == 0, "nothing is open: what was not asked does not count"
    page.get_by_role("button", name=SUBMIT[language]).click()
    expect(page.locator(".ticket code")).to_be_visible()
    assert complaints == []
    assert not script or not any("谁也不该看到的话" in each for each in sent), "a hidden word does not leave the phone"
    found = counted(hall, code, others)
    member = next(key for key, asked in found if asked == "g")
    assert {key: options for key, options in found.items() if key[1] not in ("rate", "rest", "f", "often")} == {
        (f"u{hall.branch}", "why"): {0: 1, ANSWERED: 1}, (member, "g"): {90: 1}, ("g", "age"): {1: 1}, ("g", "years"): {12: 1},
        ("g", "degrees"): {-5: 1}, ("g", "since"): {date(2026, 3, 1).toordinal(): 1}, ("g2", "first"): {1: 1, 2: 1, ANSWERED: 1},
    }  # fmt: skip
    assert found[f"u{hall.branch}", "rest"] == {0: 5, 4: 1}, "弃权 is an answer that is counted"


def counted(hall: Hall, code: str, others: list[str]) -> dict[tuple[str, str], dict[int, int]]:
    """Five more ballots, the count, and what it keeps of every question."""
    assert ballots.look(hall.house, code).tracker
    for other in others[:5]:
        hall.vote(other, f0_3="1")
    hall.close()
    hall.count()
    found: dict[tuple[str, str], dict[int, int]] = {}
    with hall.house.store.read() as db:
        for counts in results.counts(db, hall.meeting).values():
            for each in counts:
                found.setdefault((each.target, each.question), {})[each.option] = each.ballots
    return found


@on_sqlite
def test_what_is_out_of_bounds_is_told_and_jumped_to(served: Served, phone: Page) -> None:
    code = next(iter(make_hall(served.house, n=1, form=whole_form()).codes.values()))[0]
    phone.goto(served.ballot(code))
    pick(phone, "0.0", "2")
    pick(phone, "0.1", "3")
    pick(phone, "3.0", "0")
    phone.locator("[name='2.1']").fill("61")
    phone.locator("[name='2.2']").fill("零下")
    phone.locator("[name='2.3']").fill("2019-12-31")
    phone.get_by_role("button", name="检查并提交").click()
    notice = phone.locator("#care")
    for sentence in (
        "“其他指什么”必须回答", "“您在这里工作几年”要填 0 到 60 的整数", "“办公室冬天几度”要填整数",
        "的日期要在 2020-01-01 到 2026-12-31 之间", "“最该先办的事”选了就至少选 2 个",
    ):  # fmt: skip
        expect(notice).to_contain_text(sentence)
    expect(phone.locator("#send")).to_be_hidden()
    notice.get_by_role("link").nth(1).click()
    expect(phone.locator("[name='2.1']")).to_be_focused()
    phone.locator("[name='2.1']").fill("１２")
    phone.locator("[name='2.2']").fill("")
    phone.locator("[name='2.3']").fill("")
    pick(phone, "3.0", "1")
    pick(phone, "0.1", "3")
    phone.get_by_role("button", name="检查并提交").click()
    expect(notice).to_contain_text("可以去选，也可以就这样提交")
    phone.get_by_role("button", name="提交评议票").click()
    expect(phone.locator(".ticket code")).to_be_visible()


@on_sqlite
def test_a_browser_that_cannot_hide_tells_when_a_question_is_asked(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    code = next(iter(make_hall(served.house, n=1, form=whole_form()).codes.values()))[0]
    address = served.ballot(code)
    page = new_phone(java_script_enabled=False).new_page()

    def without_has(route) -> None:  # type: ignore[no-untyped-def]
        answer = route.fetch()
        # The style block changes, so its hash does not fit: this browser has no such policy either.
        headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
        route.fulfill(
            status=answer.status, headers=headers, body=answer.text().replace("selector(:has(*))", "(no: such)")
        )

    page.route("**/b/*", without_has)
    page.goto(address)
    expect(question(page, "0.2")).to_be_visible()
    expect(question(page, "0.2")).to_contain_text("上一题选“其他”时才答。")
    expect(question(page, "0.3")).to_contain_text("“工作怎么样”选“满意”时才答。")
    pick(page, "0.0", "0")
    page.locator("[name='0.2']").fill("不该算的话")
    page.get_by_role("button", name="检查并提交").click()
    expect(page.locator(".rows")).to_have_count(4)
    row = page.locator(".rows li").first
    expect(row).to_contain_text("满意 1，还有 2 项没选")
    expect(row).not_to_contain_text("不该算的话")
    page.get_by_role("button", name="提交评议票").click()
    expect(page.locator(".ticket code")).to_be_visible()


@on_sqlite
def test_with_a_script_the_answer_decides_and_what_was_typed_comes_back(served: Served, phone: Page) -> None:
    code = next(iter(make_hall(served.house, n=1, form=whole_form()).codes.values()))[0]
    phone.goto(served.ballot(code))
    pick(phone, "0.0", "1")
    pick(phone, "0.1", "3")
    phone.locator("[name='0.2']").fill("食堂")
    phone.locator("[name='2.3']").fill("2026-03-01")
    pick(phone, "0.0", "0")
    expect(question(phone, "0.1")).to_have_attribute("hidden", "")
    expect(question(phone, "0.2")).to_be_hidden()
    phone.reload()
    expect(phone.locator("[name='2.3']")).to_have_value("2026-03-01")
    pick(phone, "0.0", "2")
    expect(phone.locator("[name='0.2']")).to_have_value("食堂")
    heard = phone.locator("#ballot").aria_snapshot()
    for line in (
        'textbox "关于您：您在这里工作几年，0 到 60 的整数"',
        'radio "51 岁以上"',
        'checkbox "修路灯"',
        'radio "弃权"',
    ):
        assert line in heard, (line, heard)


@on_sqlite
@pytest.mark.parametrize("width", [320, 1280])
def test_every_kind_fits_and_is_large_enough(
    served: Served, new_phone: Callable[..., BrowserContext], width: int
) -> None:
    code = next(iter(make_hall(served.house, n=1, form=whole_form()).codes.values()))[0]
    page = new_phone(viewport={"width": width, "height": 740}).new_page()
    for path in (served.ballot(code), served.ballot(code) + "?big=1"):
        for size in ("100%", "200%"):
            page.goto(path)
            pick(page, "0.0", "2")
            pick(page, "0.1", "3")
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, size)
            small = page.evaluate(
                "[...document.querySelectorAll('.scale label, button, textarea, input.typed')].filter(e => e.offsetParent)"
                ".map(e => [e.textContent, e.getBoundingClientRect().height]).filter(e => e[1] < 44)"
            )
            assert small == []
        assert faults(page) == []
