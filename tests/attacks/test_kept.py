"""What was kept of odd names comes back the same on every page and in every file it stands on, and nowhere as markup."""

import csv
import html
import io
import json
import re

import openpyxl
from flask import Flask

from analysis.cells import neutral
from survey.actions.house import House
from survey.domain.staff import StaffRole
from survey.store import meetings as kept
from survey.store.staff import account
from survey.store.units import all_units
from tests.attacks.forms import raw_markup
from tests.attacks.visitors import Visitor
from tests.conftest import hire, make_people
from tests.web.desk.desks_for_tests import Desk, new_meeting, sit_down, text_in

UNIT = "<b>“一”支部</b> & '=1+1'!A1 $x^{$"
MEMBERS = (
    "'=cmd|'/C calc'!A0", "@张三", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "$x^{_$", "%s%(n)s{0}{{7*7}}",
    "𠮷野家", "李👨👩👧", "-3王", "<r>&</r>", "_x0041_", "مرحبا", "O'Brien \\ /", "长" * 100,
)  # fmt: skip
GROUP = "=SUM(A1)<i>群众</i>"
TITLE = "</title><svg onload=alert(1)>评议%(x)s"
PLACE = "二楼 & {{config}} ＝1"
OPINIONS = ("=1+1 意见", "<script>alert(2)</script>", "%s {{7*7}} $\\frac{$", "行一\n@行二")


def brought(desk: Desk) -> None:
    """The members' list, by upload and confirmation."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["姓名", "单位", "职务"], *([name, UNIT, f"+{place}<u>"] for place, name in enumerate(MEMBERS))])
    visitor = Visitor("secretary", desk.client, StaffRole.SECRETARY)
    page = visitor.ask("POST", "/desk/units/import", {"file": (io.BytesIO(out.getvalue().encode()), "名单.csv")})
    key = re.search(r'name="key" value="(\w+)"', page.text)
    assert key and not raw_markup(page.text), page.text
    shows(page.text, (UNIT, *MEMBERS))
    assert desk.client.post("/desk/units/import/confirm", data={"csrf_token": desk.token(), "key": key.group(1)}).status_code == 200


def shows(page: str, words: tuple[str, ...]) -> None:
    """Each of the words stands on the page as text, and none of them as markup."""
    assert not raw_markup(page)
    plain = html.unescape(page.replace("<wbr>", ""))
    assert [word for word in words if word not in plain] == []


def voted(app: Flask, desk: Desk, path: str, group: int) -> None:
    """Ten ballots with opinions, on the phone."""
    from_links = [desk.send(f"{path}/links", group=str(group)).text for _ in range(10)]
    for place, page in enumerate(from_links):
        code = re.search(r"/b/(\w{12})", page)
        assert code
        phone = app.test_client()
        ballot = phone.get(f"/b/{code.group(1)}").text
        shows(ballot, (UNIT, *MEMBERS))
        names = re.findall(r'type="radio" name="(\d+\.\d+)" value="0"', ballot)
        texts = re.findall(r'<textarea[^>]* name="(\d+\.\d+)"', ballot)
        answers = {**dict.fromkeys(names, "0"), texts[0]: OPINIONS[place % len(OPINIONS)]}
        review = phone.post(f"/b/{code.group(1)}", data={**answers, "go": "review"})
        shows(review.text, (UNIT, *MEMBERS, OPINIONS[place % len(OPINIONS)]))
        assert phone.post(f"/b/{code.group(1)}", data={**answers, "go": "cast"}).status_code == 303


def test_odd_names_go_all_the_way_and_stay_what_they_are(app: Flask, house: House) -> None:
    hall = make_people(house)
    hire(house, "odd", MEMBERS[2], role=StaffRole.SECRETARY, unit=hall.root)
    with house.store.read() as db:
        assert account(db, "odd")
    desk = sit_down(app, house, "odd")
    brought(desk)
    with house.store.read() as db:
        unit = next(each.id for each in all_units(db) if each.name == UNIT)
    path = new_meeting(
        desk, hall, unit=str(unit), title=TITLE, place=PLACE, group=[GROUP, "党员"], due=["20", "5"], present=["5", "5"]
    )
    meeting = int(path.strip("/"))
    opened = re.search(r'name="scrutineer" value="(\w{12})"', desk.send(f"{path}/open").text)
    assert opened
    with house.store.read() as db:
        group = kept.get(db, meeting).groups[0].id
    for sheet in (desk.send(f"{path}/slips", group="all"), desk.open(f"{path}/poster")):
        assert sheet.data.startswith(b"%PDF") and "alert(1)" in text_in(sheet.data)
    voted(app, desk, path, group)
    for address in ("/desk", f"/desk/meetings{path}", f"/desk/units/{unit}", "/desk/units", f"/desk/meetings{path}/screen", "/desk/meetings/new"):
        shows(desk.client.get(address).text, ())
    shows(desk.client.get(f"/desk/units/{unit}").text, (UNIT, *MEMBERS, MEMBERS[2]))
    shows(desk.client.get("/desk/units?q=" + "%3Cscript").text, (MEMBERS[2],))
    shows(desk.open(path).text, (UNIT, TITLE, GROUP, PLACE))
    counted(desk, path, opened.group(1))
    board(desk, meeting)


def counted(desk: Desk, path: str, scrutineer: str) -> None:
    """Closed and counted; every paper slip was left over."""
    assert desk.send(f"{path}/close").status_code == 303
    left = re.findall(r'name="(left_\d+)"', desk.open(path).text)
    assert desk.send(f"{path}/leftovers", **dict.fromkeys(left, "5")).status_code == 303
    assert desk.send(f"{path}/count", scrutineer=scrutineer).status_code == 303


def board(desk: Desk, meeting: int) -> None:
    """Every page and every file of the result."""
    base = f"/board/meetings/{meeting}"
    shows(desk.client.get("/board").text, (UNIT,))
    shows(desk.client.get(base).text, (UNIT, *MEMBERS))
    shows(desk.client.get(f"{base}/print").text, (UNIT, *MEMBERS))
    shows(desk.client.get(f"{base}/opinions").text, OPINIONS)
    shows(desk.client.get(f"{base}/trackers?find=<script>alert(1)</script>").text, ("<script>alert(1)</script>",))
    keys = set(re.findall(rf'href="{base}/targets/(\w+)"', desk.client.get(base).text))
    assert len(keys) >= len(MEMBERS)
    for key in keys:
        page = desk.client.get(f"{base}/targets/{key}")
        assert page.status_code == 200 and not raw_markup(page.text)
    for picture in ("chart.svg", "members.svg", "members.png"):
        drawn = desk.client.get(f"{base}/{picture}")
        assert drawn.status_code == 200 and b"<script" not in drawn.data and b"onerror" not in drawn.data
    seal = json.loads(desk.client.get(f"{base}/seal.json").data)
    assert seal["title"] == TITLE and seal["accounting"][0]["group"] == GROUP
    files(desk, base)


def files(desk: Desk, base: str) -> None:
    """The table and the workbook hold the same names, as text."""
    answer = desk.client.get(f"{base}/results.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert {row["unit"] for row in rows} == {neutral(UNIT)}
    assert {row["member"] for row in rows} == {"", *map(neutral, MEMBERS)}
    book = openpyxl.load_workbook(io.BytesIO(desk.client.get(f"{base}/results.xlsx").data))
    cells = {str(cell.value) for page in book for row in page.iter_rows() for cell in row}
    assert {UNIT, TITLE, *MEMBERS} <= cells
