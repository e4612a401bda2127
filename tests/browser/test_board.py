"""The board in a real browser: phone and desk, light and dark, no fault axe knows, nothing to scroll sideways."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from tests.browser.conftest import DESK, PHONE, Served
from tests.conftest import logged_in, on_sqlite
from tests.web.board.meetings_for_tests import PARTY, WORKERS, counted

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
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
