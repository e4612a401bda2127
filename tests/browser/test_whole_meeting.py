"""One meeting of a whole hall in real browsers: phones of every kind, a pile of paper, a link for somebody absent, the wall; and the books
that must balance afterwards, on every page and in every file."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from survey.domain.slips import pretty
from survey.domain.staff import StaffRole
from survey.store import meetings
from survey.web.doors import now
from tests.browser.books_for_tests import (
    ACCOUNT,
    FORMS,
    OPINIONS,
    TRACKER,
    VALID,
    brought,
    check_the_files,
    check_the_lists,
    check_the_page,
    check_the_protocol,
)
from tests.browser.conftest import DESK, Served, sit_down
from tests.browser.test_story import codes_of
from tests.browser.voters_for_tests import ENGLISH, Voter, by_keys, in_large_letters, losing, sit_by, without_script
from tests.conftest import hire, make_people
from tests.web.desk.desks_for_tests import text_in

# A level for every card of a ballot: the branch 机修车间党支部, then 张三, 李四, 王五; five questions each.
WELL, MILD, CROSS, NOTHING = (0, 0, 0, 0), (0, 0, 1, 0), (0, 0, 0, 2), ()


@dataclass
class Meeting:
    """The meeting as its clerk sees it, the wall beside her, and what voters noted down."""

    served: Served
    new_phone: Callable[..., BrowserContext]
    desk: Page
    wall: Page
    at: str = ""
    scrutineer: str = ""
    slips: list[str] = field(default_factory=list)
    link: str = ""
    # The code of every form, and the tracker on its strip.
    forms: dict[str, str] = field(default_factory=dict)
    trackers: list[str] = field(default_factory=list)

    def seat(self, address: str, **kind: object) -> Voter:
        """A phone with the ballot of this address; addresses on paper name the server by its settled name."""
        return sit_by(self.new_phone, self.served.ballot(address.rsplit("/", 1)[1]), **kind)  # type: ignore[arg-type]

    def look_up(self) -> None:
        """The wall asks anew, as it does every few seconds."""
        self.wall.clock.run_for(5_000)


def prepare(here: Meeting) -> None:
    """Five fields, the opening, the scrutineer's slip; then forms, slips and the link."""
    desk = here.desk
    desk.goto(f"{here.served.url}/desk/meetings/new")
    desk.get_by_label("评议哪个支部").select_option(label="机修车间党支部 · 青山镇党委（3 位党员）")
    desk.get_by_label("地点").fill("二楼会议室")
    desk.get_by_role("button", name="加一类").click()
    for place, name in enumerate(("群众代表", "党员"), start=1):
        desk.get_by_label(f"第 {place} 类的名称").fill(name)
        desk.get_by_label(f"第 {place} 类应到人数").fill(str(ACCOUNT[name]["due"]))
        desk.get_by_label(f"第 {place} 类实到人数").fill(str(ACCOUNT[name]["present"]))
    desk.get_by_role("button", name="建好评议会").click()
    desk.get_by_role("link", name="开始评议").click()
    here.at = desk.url.removesuffix("/open")
    desk.get_by_role("button", name="开始评议").click()
    slip = text_in(brought(desk.get_by_role("button", name="打印监票签")))
    here.scrutineer = next(word for word in slip.split() if len(word) == 14 and word.count("-") == 2)
    desk.get_by_role("link", name="监票人已收好，回到评议会").click()
    desk.get_by_text("打印纸质评议表", exact=True).click()
    number = desk.get_by_label("“群众代表”的纸质评议表张数")
    number.fill(str(FORMS))
    here.forms = strips(brought(desk.locator("form", has=number).get_by_role("button", name="打印")))
    desk.reload()
    here.slips = codes_of(brought(desk.get_by_role("button", name="打印全部票签")))
    assert len(set(here.slips)) == 13
    desk.reload()
    desk.locator("form", has_text="还可做 1 个").filter(has_text="党员").get_by_role("button", name="复制下一个链接").click()
    here.link = desk.get_by_label("链接").input_value()
    desk.get_by_role("link", name="回到评议会").click()
    here.wall.goto(f"{here.at}/screen")


def strips(pdf: bytes) -> dict[str, str]:
    """The code a scanner reads on each form, and the tracker on the strip below it."""
    found: dict[str, str] = {}
    for page in pypdfium2.PdfDocument(pdf):
        codes = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
        for code in codes:
            (tracker,) = TRACKER.findall(page.get_textpage().get_text_range())
            found[code.text] = tracker
    assert len(found) == FORMS
    return found


def vote_in_the_hall(here: Meeting) -> None:
    """Ten phones, a pause in the middle, and the link; the last two are still at it when the minute begins."""
    said = here.trackers
    said.append(in_large_letters(here.seat(here.slips[2])).vote(WELL))
    said.append(in_large_letters(here.seat(here.slips[3])).vote(CROSS, onward=True))
    for place, answer in ((4, True), (5, False)):
        said.append(losing(here.seat(here.slips[place]), answer=answer).vote(WELL))
    plain = without_script(here.new_phone, here.served.ballot(here.slips[0].rsplit("/", 1)[1]), WELL)
    plain.press("提交评议票")
    said.append(plain.tracker())
    vote_through_a_pause(here)
    said.append(here.seat(here.slips[9], slow=True).vote(WELL))
    said.append(by_keys(here.seat(here.slips[10]), WELL))
    said.append(by_keys(here.seat(here.slips[11]), CROSS))
    absent = here.seat(here.link)
    absent.page.locator("textarea").fill(OPINIONS[0])
    said.append(absent.vote(CROSS))


def vote_through_a_pause(here: Meeting) -> None:
    """The hall stops. A slow phone tries again by itself; the one without a script is told what to press."""
    plain = without_script(here.new_phone, here.served.ballot(here.slips[1].rsplit("/", 1)[1]), CROSS)
    slow = here.seat(here.slips[6], slow=True)
    slow.fill(MILD)
    slow.review()
    here.desk.reload()
    here.desk.get_by_role("link", name="暂停投票").click()
    here.desk.get_by_role("button", name="暂停投票").click()
    here.look_up()
    expect(here.wall.get_by_text("现在暂停投票，请稍候")).to_be_visible()
    slow.press("提交评议票")
    expect(slow.page.locator("#say")).to_contain_text("现在暂停投票，恢复以后会自动再试")
    plain.press("提交评议票")
    expect(plain.page.get_by_role("heading", name="现在暂停投票")).to_be_visible()
    here.desk.get_by_role("button", name="恢复投票").click()
    plain.press("再投一次")
    here.trackers += [slow.tracker(), plain.tracker()]


def seal_the_box(here: Meeting) -> None:
    """A minute's grace, taken back once; two phones read English, one of them sends within the minute; then it is over by itself."""
    desk = here.desk
    first, last = (here.seat(here.slips[place], face=ENGLISH) for place in (8, 12))
    last.page.clock.install()
    last.page.reload()
    desk.reload()
    desk.get_by_role("link", name="结束评议").click()
    desk.get_by_role("button", name="一分钟后封箱").click()
    desk.get_by_role("button", name="不结束了").click()
    here.trackers.append(first.vote(WELL))
    desk.get_by_role("link", name="结束评议").click()
    desk.get_by_role("button", name="一分钟后封箱").click()
    here.look_up()
    expect(here.wall.get_by_text("秒封箱，请现在提交")).to_be_visible()
    last.page.clock.fast_forward(60_000)
    expect(last.page.locator("#clock")).to_contain_text(ENGLISH.say("票箱马上就要封了，请检查并提交。"))
    here.trackers.append(last.vote(NOTHING))
    here.look_up()
    expect(here.wall.locator(".big")).to_have_text(re.compile(r"13\s*/ 14"))
    # The minute is over a minute early: nobody needs to sit it out.
    with here.served.house.store.write() as db:
        meetings.change(db, int(here.at.rsplit("/", 1)[1]), {"closing": (now() - timedelta(minutes=1)).replace(tzinfo=None)})
    here.look_up()
    expect(here.wall.get_by_text("评议已经结束，票箱已经封存")).to_be_visible()
    desk.goto(here.at)
    desk.get_by_label("群众代表").fill("1")
    desk.get_by_label("党员").fill("0")
    desk.get_by_role("button", name="填好了").click()


def key_the_pile(here: Meeting, second: Page) -> None:
    """Five forms came back: four are read twice by keys alone, one of them not alike; one is torn."""
    *read, torn = list(here.forms)[:5]
    rows = ["1" * 20] * 4
    rows[2] = "1x" + "1" * 18
    for reader in (here.desk, second):
        reader.goto(here.at)
        reader.get_by_role("link", name="录入纸质评议表").click()
        for place, code in enumerate(read):
            row = "2" + rows[place][1:] if place == 1 and reader is second else rows[place]
            key(reader, code, row, words=OPINIONS[1] if place == 3 else "")
            if place == 1 and reader is second:
                settle(reader)
                expect(reader.locator(".alert")).to_contain_text("核定好了")
        expect(reader.locator(".alert")).to_contain_text("第一遍存好了" if reader is here.desk else "两遍一样")
    here.trackers += [here.forms[code] for code in read]
    desk = here.desk
    desk.reload()
    desk.get_by_role("link", name="有一张表整张无效").click()
    desk.get_by_label("撕坏、涂毁，没法读").check()
    desk.get_by_label("表头的编码").fill(pretty(torn))
    desk.get_by_role("button", name="记为无效").click()
    desk.get_by_role("link", name="录完了，回到评议会").click()


def key(reader: Page, code: str, row: str, *, words: str) -> None:
    """A form by keys: its code, a key for every line, the words, and enter on the button that has the focus by then."""
    expect(reader.locator("#code")).to_be_focused()
    reader.keyboard.type(pretty(code))
    reader.keyboard.press("Enter")
    expect(reader.locator(".key input").first).to_be_focused()
    reader.keyboard.type(row + words)
    reader.keyboard.press("Enter")
    expect(reader.locator(".keyform .seal")).to_be_focused()
    reader.keyboard.press("Enter")


def settle(reader: Page) -> None:
    """Where two readings differ the paper is looked at once more."""
    expect(reader.get_by_role("heading", name="两遍有 1 处不一样")).to_be_visible()
    expect(reader.locator(".apart dd")).to_have_text(["满意", "基本满意"])
    reader.keyboard.type("2")
    reader.keyboard.press("Enter")


def count(here: Meeting) -> None:
    """Together with the scrutineer; what is missing is said first."""
    desk = here.desk
    desk.get_by_role("link", name="其余的没有交回，去计票").or_(desk.get_by_role("link", name="计票", exact=True)).first.click()
    desk.get_by_label("监票码").fill(here.scrutineer)
    desk.get_by_role("button", name="开始计票").click()
    desk.get_by_role("link", name="看结果").click()
    expect(desk.get_by_role("heading", name="机修车间党支部").first).to_be_visible()


def find_every_tracker(here: Meeting) -> None:
    """On the public list, with paper or phone, and the server hears no name; a form that went into no box has none there."""
    with here.served.house.store.read() as db:
        door = meetings.get(db, int(here.at.rsplit("/", 1)[1])).door
    phone = here.new_phone().new_page()
    phone.goto(f"{here.served.url}/t/{door}")
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    for tracker in here.trackers:
        phone.locator("#find").fill(tracker)
        expect(phone.locator("#told")).to_contain_text("在里面，这张票已经计入")
    for tracker in set(here.forms.values()) - set(here.trackers):
        phone.locator("#find").fill(tracker)
        expect(phone.locator("#told")).to_contain_text("不在里面")
    assert not asked and len(set(here.trackers)) == VALID


@pytest.mark.long
def test_a_whole_hall_with_phones_paper_and_a_link_balances_to_the_last_number(
    served: Served, new_phone: Callable[..., BrowserContext]
) -> None:
    people = make_people(served.house, members=3)
    hire(served.house, "clerk", "王干事", role=StaffRole.SECRETARY, unit=people.root)
    desk, second, wall = (
        sit_down(served, new_phone(viewport=DESK), login) for login in ("secretary", "clerk", "secretary")
    )
    desk.on("dialog", Dialog.accept)
    wall.clock.install()
    here = Meeting(served, new_phone, desk, wall)
    prepare(here)
    vote_in_the_hall(here)
    seal_the_box(here)
    key_the_pile(here, second)
    count(here)
    digest = check_the_page(desk)
    check_the_protocol(desk, here.trackers, digest)
    check_the_files(desk, here.trackers, digest)
    check_the_lists(desk, served.url)
    find_every_tracker(here)
