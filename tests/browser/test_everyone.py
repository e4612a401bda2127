"""For everyone: every page in both languages read by axe, by zoom, by keyboard, by ear, in forced colours and on paper."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from survey.actions import meetings, slips
from survey.domain.rounds import Scheme
from survey.domain.slips import Way
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import questionnaires, rounds
from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.test_access import RULES
from tests.conftest import NOW, logged_in, on_sqlite
from tests.web.towns import CHINESE, LATIN, Town, addresses, make_town, own_form

LEAST_TARGET = 44
# A window of 1280 by 1024 at 400 %, and the narrowest phone.
ZOOMED = {"width": 320, "height": 256}
HIDDEN = """() => [...document.querySelectorAll('h1,h2,h3,p,li,dt,dd,th,td,label,legend,button,a,span,b')].filter(node => {
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (!box.width || style.visibility === 'hidden' || node.closest('.unseen,.skip,[hidden],svg,.scroll,.a4,option')) return false;
    const cut = ['hidden', 'clip'].includes(style.overflowX) && node.scrollWidth > node.clientWidth + 1;
    const outside = box.right > document.documentElement.clientWidth + 1 || box.left < -1;
    const inScroller = (() => { for (let up = node.parentElement; up; up = up.parentElement)
        if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth) return true; return false; })();
    return cut || (outside && !inScroller);
}).map(node => node.tagName + '.' + node.className + ' ' + node.textContent.trim().slice(0, 40))"""
PART = re.compile(r'<(\w+)(?:[^>]*? class="([^"]*)")?')
SMALL = """least => [...document.querySelectorAll('a,button,input,textarea,select,summary')].filter(node => {
    let box = node.getBoundingClientRect();
    const label = node.closest('label');
    if (label) box = label.getBoundingClientRect();
    return box.height && box.height < least && !node.closest('.unseen,.skip,[hidden]') && !(node.tagName === 'A' && node.closest('p,.promise') && !node.classList.contains('speak'));
}).map(node => node.tagName + '.' + node.className + ' ' + node.textContent.trim().slice(0, 30) + ' ' + node.getBoundingClientRect().height)"""


@dataclass
class Walk:
    """A town that is served, and every page in it."""

    served: Served
    town: Town
    language: str

    def pages(self) -> Iterator[str]:
        """Addresses of pages. One made of the same parts as another before it teaches nothing new and is left out."""
        client, seen = self.served.app.test_client(), set()
        client.set_cookie("pingyi_desk", self._session())
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = self.language
        for path in addresses(self.served.app, self.town):
            answer = client.get(path)
            parts = (path.split("/")[1], frozenset(PART.findall(answer.text if answer.mimetype == "text/html" else "")))
            if answer.status_code != 303 and answer.mimetype == "text/html" and parts not in seen:
                seen.add(parts)
                yield path
        assert len(seen) >= 40

    def _session(self) -> str:
        serializer = self.served.app.session_interface.get_signing_serializer(self.served.app)  # type: ignore[attr-defined]
        return str(serializer.dumps({"_user_id": logged_in(self.served.house, "secretary"), "_fresh": True}))

    def sit_down(self, page: Page) -> None:
        """Staff at this browser, without typing: the cookie as the login sets it."""
        page.context.add_cookies([{"name": "pingyi_desk", "value": self._session(), "url": self.served.url, "httpOnly": True}])


@pytest.fixture(params=["zh", "en"])
def walk(request: pytest.FixtureRequest, served: Served) -> Walk:
    return Walk(served, make_town(served.house, CHINESE if request.param == "zh" else LATIN), request.param)


def a_page(walk: Walk, new_phone: Callable[..., BrowserContext], **options: object) -> Page:
    page = new_phone(locale="zh-CN" if walk.language == "zh" else "en-GB", **options).new_page()
    walk.sit_down(page)
    return page


def axe(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}).response
    assert len(found["passes"]) > 5, "it looked at all"
    return [f"{each['id']}: {node['html'][:140]}" for each in found["violations"] for node in each["nodes"]]


def off(page: Page) -> list[str]:
    """What a narrow and a zoomed window cut off or push aside."""
    faults, found = [], page.viewport_size
    for size in (PHONE, ZOOMED):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{size['width']}: {over} px sideways"] if over > 0 else []
        faults += [f"{size['width']}: cut off: {each}" for each in page.evaluate(HIDDEN)]
    page.set_viewport_size(found)  # type: ignore[arg-type]
    return faults


@on_sqlite
def test_every_page_reads_well_for_everyone(
    walk: Walk, new_phone: Callable[..., BrowserContext], pytestconfig: pytest.Config
) -> None:
    """axe, a narrow phone, 400 % zoom, and in the booth the size of all that is tapped. Chinese by day, English by night."""
    every = pytestconfig.getoption("whole")
    page = a_page(walk, new_phone, viewport=DESK, color_scheme="light" if walk.language == "zh" else "dark")
    faults: list[str] = []
    # In a run of the whole every page in both languages, else each in one of them.
    mine = slice(None) if every else slice(int(walk.language == "en"), None, 2)
    for path in list(walk.pages())[mine]:
        page.goto(walk.served.url + path)
        found = [*axe(page), *off(page)]
        if not path.startswith(("/desk", "/board")):
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            found += page.evaluate(SMALL, LEAST_TARGET)
            page.set_viewport_size(DESK)  # type: ignore[arg-type]
        faults += [f"{path}: {each}" for each in found]
    assert not faults, "\n".join(faults[:60])


def press_to(page: Page, name: str, *, most: int = 200) -> None:
    """Tab until the thing with this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(document.activeElement.textContent || '').trim()") == name:
            return
    raise AssertionError(f"no way to {name} by keyboard")


@on_sqlite
def test_a_ballot_of_every_kind_is_filled_and_sent_by_keyboard_alone(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    town = make_town(served.house, LATIN)
    code = own_ballot(town)
    page = new_phone(locale="en-GB").new_page()
    page.goto(served.ballot(code))
    names = page.evaluate("[...new Set([...document.querySelectorAll('#ballot [name]')].map(n => n.name).filter(n => n !== 'go'))]")
    for name in names:
        field = page.locator(f"[name='{name}']").first
        if field.evaluate("node => node.closest('.q').hidden || node.disabled"):
            continue
        kind = field.evaluate("node => node.tagName === 'TEXTAREA' ? 'words' : node.type")
        for _ in range(200):
            if page.evaluate("document.activeElement.name") == name:
                break
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == name
        page.keyboard.press("Space") if kind in ("radio", "checkbox") else page.keyboard.type({"text": "7", "date": "01032026"}.get(kind, "Well"))
        if field.evaluate("node => node.closest('.q').hasAttribute('data-least')"):
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
    press_to(page, "Check and submit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Read it through before you submit")).to_be_focused()
    press_to(page, "Submit ballot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your ballot is in the box. Thank you.")).to_be_focused()
    with served.house.store.read() as db:
        assert box.in_box(db, town.meetings["draft"]) == 1


@on_sqlite
def test_a_screen_reader_hears_whom_what_and_which_answer(served: Served, new_phone: Callable[..., BrowserContext]) -> None:
    town = make_town(served.house, LATIN)
    page = new_phone(locale="en-GB").new_page()
    page.goto(served.ballot(own_ballot(town)))
    page.locator("[name='1.0'][value='1']").check(force=True)
    heard = page.locator("#ballot").aria_snapshot()
    for line in (
        'region "Ann Archer"',
        'group "Ann Archer: Is he kind"',
        'radio "Fair" [checked]',
        'radio "Unsure"',
        'textbox "Ann Archer: Score it, 0 to 100 points"',
        'group "Millworks branch: Does it work Required"',
        'textbox "Millworks branch: A word"',
        'checkbox "Lamp"',
        'progressbar "Done"',
        'button "Check and submit"',
    ):
        assert line in heard, (line, heard)


@on_sqlite
def test_forced_colours_show_what_is_chosen_and_every_answer_of_a_bar(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    town = make_town(served.house, LATIN)
    page = new_phone(locale="en-GB", forced_colors="active").new_page()
    page.goto(served.ballot(town.codes["fresh"]))
    label = page.locator(".scale label").first
    before = colours(label.screenshot())
    label.locator("input").check(force=True)
    page.evaluate("document.activeElement.blur()")
    after = colours(label.screenshot())
    # A chosen answer is another ground, not a shade: at least half of its points differ.
    most = max(before, key=lambda colour: before[colour])
    assert after.get(most, 0) < before[most] / 2
    Walk(served, town, "en").sit_down(page)
    page.goto(f"{served.url}/board/meetings/{town.meetings['counted']}")
    grounds = [n for n in colours(page.locator("svg.stack").first.screenshot()).values() if n > 60]
    assert len(grounds) >= 4, "four answers, told apart"


def colours(picture: bytes) -> dict[tuple[int, ...], int]:
    """How many points of each colour a picture has."""
    seen = Image.open(io.BytesIO(picture)).convert("RGB")
    return {colour: number for number, colour in seen.getcolors(1 << 24) or []}  # type: ignore[misc]


@on_sqlite
def test_paper_carries_the_result_and_no_button(walk: Walk, new_phone: Callable[..., BrowserContext]) -> None:
    page = a_page(walk, new_phone, viewport=DESK)
    meeting = walk.town.meetings["counted"]
    meetings = ((f"/board/meetings/{meeting}/print", 1), (f"/board/meetings/{meeting}", 5), ("/board", 2), (f"/desk/meetings/{meeting}", 2))
    for path, most in (*meetings, (f"/board/rounds/{walk.town.published}/results", 1)):
        page.goto(walk.served.url + path)
        paper = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
        assert len(paper) <= most, (path, len(paper))
        sheet = paper[0]
        words = sheet.get_textpage().get_text_range()
        sheet.close()
        paper.close()
        page.emulate_media(media="print")
        left = page.evaluate("[...document.querySelectorAll('button,.button,nav,.speak,.skip')].filter(n => n.getBoundingClientRect().height > 0).map(n => n.textContent.trim())")
        page.emulate_media(media="null")
        assert left == [], (path, left)
        said = "".join(words.split())
        assert "".join(walk.town.names.branches[0].split()) in said and "中文" not in said and "English" not in said, path


def own_ballot(town: Town) -> str:
    """A fresh slip of a meeting with a questionnaire of every kind of question."""
    house = town.house
    with house.store.write() as db:
        form = questionnaires.keep(db, own_form(town.names))
        season = rounds.add(db, name=town.names.words[0], period="2026Q4", questionnaire=form, scheme=Scheme())
        kept.change(db, town.meetings["draft"], {"round_id": season, "questionnaire_id": form})
    meetings.open_box(house, town.meetings["draft"], by=town.secretary, now=NOW)
    with house.store.read() as db:
        group = kept.get(db, town.meetings["draft"]).groups[0].id
    return slips.issue(house, town.meetings["draft"], group, n=1, way=Way.SHEET, by=town.secretary, now=NOW)[0]
