"""One meeting from the member list to the chart, by hand: a secretary at 1280 by 800, twelve phones at 360 by 740."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import xlsxwriter
import zxingcpp
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from survey.actions import staff, units
from survey.domain.staff import StaffRole
from survey.domain.units import Unit, UnitKind
from survey.store import meetings, results
from survey.store import units as kept_units
from tests.browser.conftest import DESK, Served
from tests.conftest import NOW, PASSWORD

BRANCH = "机修车间党支部"
PEOPLE = (("张三", "支部书记"), ("李四", "组织委员"), ("王五", ""))
PHONES = 12


def member_list(folder: Path) -> Path:
    """The office's own sheet: a title above the header, and one row that cannot be used."""
    path = folder / "党员名单.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        rows = [("青山镇党员花名册", "", ""), ("姓名", "所在党支部", "职务")]
        rows += [(name, BRANCH, position) for name, position in PEOPLE] + [("赵六", "", "")]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def codes_of(pdf: bytes) -> list[str]:
    """What a phone's camera reads on the sheets."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=2).to_pil()
        found += [code.text for code in zxingcpp.read_barcodes(picture)]
    return found


def pressed(page: Page, button: str) -> bytes:
    """The file a button brings."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    return Path(waiting.value.path()).read_bytes()


def log_in(page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/desk/login")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def bring_people(page: Page, url: str, folder: Path) -> None:
    """From the first page to the list that is written."""
    expect(page.get_by_role("heading", name="还没有党员名单")).to_be_visible()
    page.get_by_role("link", name="导入名单").click()
    page.get_by_label("名单文件").set_input_files(member_list(folder))
    page.get_by_role("button", name="看预览").click()
    expect(page.get_by_role("heading", name="将增加 3 人，改动 0 人")).to_be_visible()
    expect(page.get_by_text("没有写单位。请在“所在党支部”一列填上单位名称。")).to_be_visible()
    page.get_by_role("button", name="确认写入").click()
    expect(page.get_by_role("heading", name="增加 3 人，改动 0 人")).to_be_visible()


def open_meeting(page: Page, folder: Path) -> tuple[str, list[str]]:
    """Five fields, the opening, both sheets of paper: the scrutineer's code and the slips' addresses."""
    page.get_by_role("link", name="新建评议会").click()
    page.get_by_label("地点").fill("二楼会议室")
    page.locator("[name=due]").first.fill("14")
    page.locator("[name=present]").first.fill(str(PHONES))
    page.screenshot(path=folder / "new.png")
    page.get_by_role("button", name="建好评议会").click()
    page.get_by_role("link", name="开始评议").click()
    page.get_by_role("button", name="开始评议").click()
    paper = pypdfium2.PdfDocument(pressed(page, "打印监票签"))
    text = paper[0].get_textpage().get_text_range()
    page.get_by_role("link", name="监票人已收好，回到评议会").click()
    slips = codes_of(pressed(page, "打印全部票签"))
    page.reload()
    expect(page.get_by_role("heading", name="还有 12 张票没有收回")).to_be_visible()
    page.screenshot(path=folder / "open.png", full_page=True)
    scrutineer = next(word for word in text.split() if len(word) == 14 and word.count("-") == 2)
    return scrutineer, slips


def vote(page: Page, address: str, *, dissent: bool = False) -> None:
    """Everybody gets 满意 by the shortcut; a dissenter gives the last person 不满意."""
    page.goto(address)
    cards = page.locator("section.card[data-rated]")
    cards.first.wait_for()
    for card in cards.all():
        card.locator(".same button").nth(0).click()
    if dissent:
        cards.last.locator(".same button").nth(2).click()
    page.get_by_role("button", name="检查并提交").click()


def vote_without_script(page: Page, address: str) -> None:
    """Radio by radio, and the review from the server."""
    page.goto(address)
    page.locator(".scale").first.wait_for()
    for scale in page.locator(".scale").all():
        scale.locator("label").first.click()
    page.get_by_role("button", name="检查并提交").click()
    expect(page.get_by_role("heading", name="提交前请看一遍")).to_be_visible()
    page.get_by_role("button", name="提交评议票").click()
    expect(page.get_by_role("heading", name="已投入票箱，谢谢您")).to_be_visible()


def vote_through_a_dead_minute(page: Page, address: str) -> None:
    """The first sendings get lost on the way back and on the way there; the phone goes on by itself."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and len(lost) < 2:
            lost.append("")
            if len(lost) == 2:
                route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/b/**", lose)
    vote(page, address)
    page.get_by_role("button", name="提交评议票").click()
    expect(page.locator(".ticket code")).to_be_visible()
    assert len(lost) == 2


@pytest.mark.long
def test_a_meeting_from_the_list_to_the_chart(
    served: Served, new_phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    root = units.found(served.house, Unit(0, None, UnitKind.COMMITTEE, "青山镇党委"), now=NOW)
    for login, role in (("secretary", StaffRole.SECRETARY), ("leader", StaffRole.LEADER)):
        staff.add(served.house, login, name="李秘书", role=role, unit=root, password=PASSWORD, now=NOW)
    desk = new_phone(viewport=DESK, accept_downloads=True).new_page()
    desk.on("dialog", Dialog.accept)
    log_in(desk, served.url, "secretary")
    bring_people(desk, served.url, tmp_path)
    scrutineer, slips = open_meeting(desk, tmp_path)
    assert len(set(slips)) == PHONES and all(slip.startswith("http://127.0.0.1:8000/b/") for slip in slips)

    addresses = [served.ballot(slip.rsplit("/", 1)[1]) for slip in slips]
    for number, address in enumerate(addresses[:10]):
        page = new_phone().new_page()
        vote(page, address, dissent=number < 3)
        page.get_by_role("button", name="提交评议票").click()
        expect(page.get_by_role("heading", name="已投入票箱，谢谢您")).to_be_visible()
        page.context.close()
    vote_without_script(new_phone(java_script_enabled=False).new_page(), addresses[10])
    vote_through_a_dead_minute(new_phone().new_page(), addresses[11])

    desk.reload()
    expect(desk.get_by_role("heading", name="票都收回了")).to_be_visible()
    desk.get_by_role("link", name="结束评议").click()
    desk.get_by_role("button", name="马上封箱").click()
    desk.get_by_label("群众代表").fill("0")
    desk.get_by_role("button", name="填好了").click()
    desk.get_by_role("link", name="计票", exact=True).click()
    desk.get_by_label("监票码").fill(scrutineer)
    desk.get_by_role("button", name="开始计票").click()
    desk.get_by_role("link", name="看结果").click()
    # Three members by five items, twelve ballots; three gave 王五 不满意 on all five: his rate is 9 in 12.
    expect(desk.locator("body")).to_contain_text("75.00")
    desk.screenshot(path=tmp_path / "result.png", full_page=True)
    with served.house.store.read() as db:
        (meeting,) = (row.id for row in meetings.of_units(db, [each.id for each in kept_units.all_units(db)]))
        (counts,) = results.counts(db, meeting).values()
    assert sum(c.ballots for c in counts if c.option == 2) == 3 * 5
    assert sum(c.ballots for c in counts) == PHONES * (5 + 3 * 5)

    leader = new_phone().new_page()
    log_in(leader, served.url, "leader")
    leader.get_by_role("link", name=BRANCH).first.click()
    expect(leader.locator("body")).to_contain_text("75.00")
    chart = leader.request.get(f"{served.url}/board/meetings/{meeting}/members.png")
    assert chart.ok and BytesIO(chart.body()).read(4) == b"\x89PNG"
