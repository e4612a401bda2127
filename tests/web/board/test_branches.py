"""The result of a meeting that rated several units: they stand beside each other, members under theirs, in every form."""

import csv
import io
import json

import pytest
from flask import Flask
from openpyxl import load_workbook

from survey.actions import ballots, rated
from survey.actions.house import House
from survey.domain.questionnaires import Audience, Kind
from tests.actions.test_rated import committee, opened
from tests.conftest import NOW, Hall, on_sqlite
from tests.web.desk.desks_for_tests import sit_down, text_in, words

pytestmark = on_sqlite


@pytest.fixture
def hall(house: House) -> Hall:
    """Ten ballots about two branches of three members each; everybody is satisfied with the second branch only."""
    hall = committee(house)
    rated.choose_units(house, hall.meeting, [hall.branch, hall.other_branch], by=hall.secretary, now=NOW)
    opened(hall)
    (codes,) = hall.codes.values()
    paper = house.paper(ballots.look(house, codes[0]).paper or "")
    second = [target.key for target in paper.targets if target.audience is Audience.UNIT][1]
    poor = {
        f"f{name.replace('.', '_')}": "2"
        for name, (t, q) in paper.fields.items()
        if paper.targets[t].key != second and paper.questions(paper.targets[t])[q].kind is Kind.RATING
    }
    for code in codes:
        hall.vote(code, **poor)
    hall.close()
    hall.count()
    return hall


def test_the_page_shows_the_units_beside_each_other_and_members_under_theirs(app: Flask, house: House, hall: Hall) -> None:
    desk = sit_down(app, house, "secretary")
    page = desk.client.get(f"/board/meetings/{hall.meeting}")
    said = words(page)
    assert "评议了 2 个单位" in said and said.count("100.00") >= 2 and said.count("0.00") > 6
    first, second = said.index("机修车间党支部 · "), said.index("青山小学党支部 · ")
    assert min(first, second) > said.index("评议了 2 个单位")
    assert page.text.count('id="members"') == page.text.count('id="members2"') == 1
    listed = words(desk.client.get("/board"))
    assert "评了 2 个单位，点进去看" in listed and "100.00" not in listed
    printed = words(desk.client.get(f"/board/meetings/{hall.meeting}/print"))
    assert "评议的单位" in printed and "机修车间党支部 · " in printed


def test_files_and_protocol_name_the_unit_of_every_row(app: Flask, house: House, hall: Hall) -> None:
    client = sit_down(app, house, "secretary").client
    rows = list(csv.DictReader(io.StringIO(client.get(f"/board/meetings/{hall.meeting}/results.csv").data.decode("utf-8-sig"))))
    homes = {(row["unit"], row["member"]) for row in rows if row["member"]}
    assert len(homes) == 6 and {unit for unit, _member in homes} == {"机修车间党支部", "青山小学党支部"}
    book = load_workbook(io.BytesIO(client.get(f"/board/meetings/{hall.meeting}/results.xlsx").data))
    assert "单位" in book.sheetnames and {cell.value for cell in book["单位"]["A"]} >= {"机修车间党支部", "青山小学党支部"}
    said = text_in(client.get(f"/board/meetings/{hall.meeting}/protocol.pdf").data)
    assert "评议的单位" in said and "2 个" in said
    body = json.loads(client.get(f"/board/meetings/{hall.meeting}/seal.json").data)
    assert {key for key, *_rest in body["counts"][0]["counts"]} >= {f"u{hall.branch}", f"u{hall.other_branch}"}
