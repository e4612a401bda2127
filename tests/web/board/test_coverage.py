"""The coverage board: right at every moment, of the asker's subtree alone, and never a word of how anybody voted."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from flask import Flask
from openpyxl import load_workbook

from survey.actions import batches, meetings, rated, results, slips
from survey.actions.house import House
from survey.domain.slips import Way
from survey.domain.staff import StaffRole
from survey.domain.units import Unit, UnitKind
from survey.store import meetings as kept
from survey.store import units
from tests.conftest import NOW, Hall, hire, make_people, on_sqlite
from tests.rounds_for_tests import ANY, batch, heard, plan_round
from tests.web.desk.desks_for_tests import sit_down, words

pytestmark = on_sqlite
LONG_AGO = (date(2020, 7, 1), date(2020, 9, 30))
SCHOOL_ALONE = (("branch", "school", "school_five_goods"),)


def figures(page: str) -> dict[str, int]:
    """The numbers above the list, by their names."""
    return {name: int(re.sub("<[^>]*>", "", n)) for name, n in re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page)}


def read(client, path: str) -> str:
    answer = client.get(f"/board{path}")
    assert answer.status_code == 200, (path, answer.status)
    return answer.text


def menu(page: str) -> list[tuple[str, str]]:
    """Where the menu of a page leads, and what it says."""
    return re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', page.split("<nav")[1].split("</nav>")[0])


def the_meeting(house: House, unit: int):
    with house.store.read() as db:
        return kept.of_units(db, [unit])[0]


def hold_and_count(house: House, hall: Hall, unit: int) -> Iterator[str]:
    """A meeting from its draft to its count, moment by moment."""
    own = the_meeting(house, unit)
    with house.store.write() as db:
        for group in own.groups:
            kept.change_group(db, group.id, {"due": 9, "present": 9})
    scrutineer = meetings.open_box(house, own.id, by=hall.secretary, now=NOW)
    yield "open"
    for group in own.groups:
        for code in slips.issue(house, own.id, group.id, n=6, way=Way.SHEET, by=hall.secretary, now=NOW):
            hall.vote(code)
    yield "voted"
    meetings.close(house, own.id, by=hall.secretary, now=NOW)
    meetings.set_leftovers(house, own.id, {group.id: 0 for group in own.groups}, by=hall.secretary, now=NOW)
    yield "closed"
    results.count(house, own.id, scrutineer or "", by=hall.secretary, now=NOW)
    yield "counted"


def test_the_board_is_right_at_every_moment_of_a_round(app: Flask, house: House) -> None:
    hall = make_people(house, members=6)
    client = sit_down(app, house, "secretary").client
    made = plan_round(house, hall.root, by=hall.secretary)
    shown = figures(read(client, f"/rounds/{made}"))
    assert shown == {"单位数": 2, "没有评议会": 2, "准备": 0, "评议中": 0, "已封箱": 0, "已计票": 0, "已作废": 0, "党员人数": 12, "已评党员": 0}
    batches.make(house, made, batch(hall.root, only={hall.branch}), by=hall.secretary, now=NOW)
    assert figures(read(client, f"/rounds/{made}")) == {**shown, "没有评议会": 1, "准备": 1}
    shown["没有评议会"] = 1
    wanted = {"open": {"评议中": 1}, "voted": {"评议中": 1}, "closed": {"已封箱": 1}, "counted": {"已计票": 1, "已评党员": 6}}
    for moment in hold_and_count(house, hall, hall.branch):
        page = read(client, f"/rounds/{made}")
        assert figures(page) == {**shown, **wanted[moment]}, moment
    # Who has no meeting is named, and stands before those who are done.
    assert page.index("青山小学党支部") < page.index("机修车间党支部")
    batches.make(house, made, batch(hall.root), by=hall.secretary, now=NOW)
    meetings.void(house, the_meeting(house, hall.other_branch).id, reason="改期", scrutineer="", by=hall.secretary, now=NOW)
    assert figures(read(client, f"/rounds/{made}")) == {**shown, "没有评议会": 0, "已作废": 1, "已计票": 1, "已评党员": 6}


def test_nothing_of_an_open_box_is_on_the_board(app: Flask, house: House) -> None:
    """Guards: the board counts units, not ballots. Before and after twelve ballots every page and file is the same, byte for byte."""
    hall = make_people(house, members=6)
    client = sit_down(app, house, "secretary").client
    made = plan_round(house, hall.root, by=hall.secretary)
    batches.make(house, made, batch(hall.root), by=hall.secretary, now=NOW)
    seen: dict[str, list[bytes]] = {}
    for moment in hold_and_count(house, hall, hall.branch):
        if moment in ("open", "voted"):
            for path in ("/rounds", f"/rounds/{made}", f"/rounds/{made}/coverage.csv", f"/rounds/{made}/coverage.xlsx"):
                body = re.sub(rb'(csrf_token"|once") value="[^"]*"', b"", client.get(f"/board{path}").data)
                seen.setdefault(path, []).append(body)
    for path, (before, after) in seen.items():
        assert before == after, path


def test_a_leader_sees_his_part_of_the_round_and_no_other(app: Flask, house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary)
    batches.make(house, made, batch(hall.root), by=hall.secretary, now=NOW)
    client = sit_down(app, house, "leader").client
    page = read(client, f"/rounds/{made}")
    assert figures(page)["单位数"] == 1 and "机修车间党支部" in page
    for text in (page, read(client, "/rounds"), read(client, f"/rounds/{made}/coverage.csv")):
        assert "青山小学" not in text
    assert client.get(f"/board/rounds/{made}?under={hall.other_branch}").status_code == 404
    assert client.get(f"/board/rounds/{made}?under={hall.root}").status_code == 404
    other = plan_round(house, hall.other_branch, by=hall.secretary)
    assert client.get(f"/board/rounds/{other}").status_code == 404


def test_a_committee_has_its_line_and_its_own_page(app: Flask, house: House) -> None:
    hall = make_people(house)
    with house.store.write() as db:
        committee = units.add_unit(db, Unit(0, hall.root, UnitKind.COMMITTEE, "河东党委", "09"))
        for n in range(3):
            units.add_unit(db, Unit(0, committee, UnitKind.BRANCH, f"河东第{n}支部", sector="rural"))
    made = plan_round(house, hall.root, by=hall.secretary)
    client = sit_down(app, house, "secretary").client
    batches.make(house, made, batch(committee), by=hall.secretary, now=NOW)
    page = read(client, f"/rounds/{made}")
    lines = [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", row)).strip() for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page)]
    assert "本级和直属 2 2 0 0 0 0 0 / 8" in lines and "河东党委 3 0 3 0 0 0 0 / 0" in lines
    assert figures(read(client, f"/rounds/{made}?under={committee}"))["单位数"] == 3
    found = read(client, f"/rounds/{made}?stage=none")
    assert "河东第1支部" not in found and "青山小学党支部" in found
    assert "没有找到" in read(client, f"/rounds/{made}?q=没有这个")


def test_units_that_no_rule_fits_are_named_and_not_counted(app: Flask, house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary, rules=SCHOOL_ALONE)
    page = read(sit_down(app, house, "secretary").client, f"/rounds/{made}")
    assert figures(page)["单位数"] == 1 and "没有合适的问卷，不在这一轮里" in page
    assert "机修车间党支部" in page


def test_what_is_late_says_so_beside_every_unit(app: Flask, house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary, days=LONG_AGO)
    client = sit_down(app, house, "secretary").client
    page = words(client.get(f"/board/rounds/{made}"))
    assert page.count("逾期 · 没有评议会") == 2 and "最后一天已经过了，还有 2 个单位没有计票。" in page
    assert re.search(r"已逾期 \d+ 天", page) and re.search(r"已逾期 \d+ 天", words(client.get("/board/rounds")))


def test_the_board_is_taken_away_as_tables(app: Flask, house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary, rules=(ANY,), name="=1+1", days=LONG_AGO)
    client = sit_down(app, house, "secretary").client
    rows = list(csv.reader(io.StringIO(client.get(f"/board/rounds/{made}/coverage.csv").data.decode("utf-8-sig"))))
    assert sorted(row[0] for row in rows[1:]) == ["机修车间党支部", "青山小学党支部"]
    assert rows[1][5] == "4" and rows[1][7] == "没有评议会" and re.fullmatch(r"已逾期 \d+ 天", rows[1][10])
    book = load_workbook(io.BytesIO(client.get(f"/board/rounds/{made}/coverage.xlsx").data))
    assert [[cell.value for cell in row][:2] for row in book.worksheets[0].rows][-1] == ["合计", 2]
    assert book.worksheets[1].max_row == 3


def test_the_board_needs_few_queries_however_many_units_there_are(app: Flask, house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary)
    hire(house, "looker", "看的人", role=StaffRole.LEADER, unit=hall.root)
    client = sit_down(app, house, "looker").client
    read(client, f"/rounds/{made}")
    with heard() as said:
        read(client, f"/rounds/{made}")
    assert len([each for each in said if each.lstrip().startswith(("SELECT", "WITH"))]) <= 10, said


def test_a_unit_rated_at_anothers_meeting_is_not_left_out(app: Flask, house: House) -> None:
    """The committee rates both branches at one meeting, without their members."""
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary, rules=(("committee", "", "five_goods"), ANY))
    client = sit_down(app, house, "secretary").client
    batches.make(house, made, batch(hall.root, only={hall.root}), by=hall.secretary, now=NOW)
    assert figures(read(client, f"/rounds/{made}"))["没有评议会"] == 2
    own = the_meeting(house, hall.root)
    rated.choose_units(house, own.id, [hall.branch, hall.other_branch], by=hall.secretary, now=NOW)
    shown = figures(read(client, f"/rounds/{made}"))
    assert (shown["单位数"], shown["没有评议会"], shown["准备"]) == (3, 1, 2)
    assert batches.make(house, made, batch(hall.root, only={hall.branch}), by=hall.secretary, now=NOW) == 0


def test_one_menu_leads_to_rounds_whoever_plans_them_and_whoever_reads_them(app: Flask, house: House) -> None:
    hall = make_people(house)
    made = plan_round(house, hall.root, by=hall.secretary)
    menus = {login: menu(read(sit_down(app, house, login).client, f"/rounds/{made}")) for login in ("secretary", "admin")}
    assert [name for _to, name in menus["secretary"]] == ["评议会", "轮次", "单位和党员", "问卷", "结果"]
    assert menus["admin"] == [*menus["secretary"], ("/desk/staff", "账号")]
    assert menu(sit_down(app, house, "admin").client.get("/desk/rounds").text) == menus["admin"], "the desk has the very same"
    leader = read(sit_down(app, house, "leader").client, "")
    assert "进度</a>" in leader and "轮次</a>" not in leader
