"""The board in a real browser: phone and desk, light and dark, no fault axe knows, nothing to scroll sideways."""

from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from tests.browser.conftest import DESK, PHONE, Served
from tests.conftest import logged_in, on_sqlite
from tests.rounds_for_tests import GRADED
from tests.townships_for_tests import published
from tests.web.board.meetings_for_tests import PARTY, WORKERS, counted

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Words of tables that stand on two lines.
BROKEN = """() => [...document.querySelectorAll('table th, table td, dt')].filter(cell => (cell.closest('thead') || cell).getBoundingClientRect().width > 1).flatMap(cell => {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) for (const word of node.textContent.matchAll(/[A-Za-z]+/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
    }
    return found;
})"""
GROUPS = (("群众代表", 8, 6), ("党员", 6, 5), ("服务对象", 5, 5))


def cookie(served: Served, login: str) -> str:
    """What the browser of this person carries."""
    client = served.app.test_client()
    with client.session_transaction("/board") as session:
        session["_user_id"] = logged_in(served.house, login)
    found = client.get_cookie("pingyi_desk")
    assert found is not None
    return found.value


@on_sqlite
@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone in light", "desk in dark"])
def test_every_page_reads_well(
    served: Served, new_phone: Callable[..., BrowserContext], size: dict[str, int], theme: str
) -> None:
    meeting = counted(served.house, (WORKERS, PARTY, ({}, {})), groups=GROUPS)
    # axe is brought in from outside, which the pages themselves forbid.
    context = new_phone(viewport=size, color_scheme=theme, bypass_csp=True)
    context.add_cookies([{"name": "pingyi_desk", "value": cookie(served, "secretary"), "url": served.url}])
    page = context.new_page()
    ends = (
        "",
        "?sort=rate",
        "/opinions",
        "/trackers?find=AAAAAAAAAA",
        "/print",
        f"/targets/{meeting.members[0]}",
        "/targets/x",
    )
    for path in ("/board", *(meeting.base + end for end in ends)):
        page.goto(served.url + path)
        found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


@on_sqlite
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_english_tables_of_a_round_and_a_year_break_no_word(served: Served, new_phone: Callable[..., BrowserContext], size: dict[str, int]) -> None:
    town = published(served.house, GRADED)
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    town.hold()
    town.publish()
    head, unit = town.tree.heads["第1总支"], next(iter(town.tree.branches.values())).unit
    context = new_phone(viewport=size, locale="en-GB")
    context.add_cookies([{"name": "pingyi_desk", "value": cookie(served, "secretary"), "url": served.url}])
    page, base = context.new_page(), f"/board/rounds/{town.round}"
    for path in ("/board/periods/2026Y", f"/board/periods/2026Y/units/{unit}", f"{base}/lists", f"{base}/units/{head}/grades", f"{base}/units/{unit}", f"{base}/results"):
        page.goto(served.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        assert page.evaluate(BROKEN) == [], path


def test_pages_need_no_script_and_break_no_rule_of_their_own(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    meeting = counted(served.house)
    context = new_phone(java_script_enabled=False)
    context.add_cookies([{"name": "pingyi_desk", "value": cookie(served, "leader"), "url": served.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(f"{served.url}/board")
    page.get_by_role("link", name="机修车间党支部").click()
    page.get_by_role("link", name="按满意率排").click()
    page.get_by_role("link", name="查验码").click()
    page.get_by_label("投票后手机上显示的查验码").fill(meeting.trackers[0].lower())
    page.get_by_role("button", name="查一查").click()
    assert "这张票已经计入" in page.get_by_role("status").inner_text()
    page.goto(f"{served.url}{meeting.base}/print")
    assert complaints == []
