"""A questionnaire taken away: four kinds of file, for a unit of one's own and no other, of a draft, a version or the library."""

import io
import json
import zipfile

import pytest
from flask import Flask

from survey.actions import drafts
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.office.questionnaire_files import read_json
from survey.office.xlsform import read_xlsform
from tests.conftest import NOW, Hall, make_people, on_sqlite, person
from tests.web.desk.desks_for_tests import Desk, sit_down, text_in, words

READY = library()["five_goods_five_leads"]
PLACE = "/desk/questionnaires"


@pytest.fixture
def hall(house: House) -> Hall:
    return make_people(house, members=3)


@pytest.fixture
def desk(app: Flask, house: House, hall: Hall) -> Desk:
    return sit_down(app, house, "secretary")


def test_a_draft_goes_out_as_four_kinds_of_file(desk: Desk, house: House, hall: Hall) -> None:
    draft = drafts.begin(house, READY, by=person(house, "secretary"), now=NOW)
    assert "版本、共享、打印" in desk.client.get(f"{PLACE}/{draft}").text, "the editor names the way to paper"
    assert f"{PLACE}/{draft}/files" in desk.client.get(f"{PLACE}/{draft}/versions").text
    page = desk.client.get(f"{PLACE}/{draft}/files")
    assert "纸质问卷" in words(page)
    for kind in ("json", "xlsx", "pdf", "docx"):
        assert f"{PLACE}/{draft}/form.{kind}" in page.text
    data = {kind: desk.client.get(f"{PLACE}/{draft}/form.{kind}?unit={hall.branch}") for kind in ("json", "xlsx", "pdf", "docx")}
    assert {answer.status_code for answer in data.values()} == {200}
    assert read_json(data["json"].data).form.sections == READY.sections
    assert read_xlsform(data["xlsx"].data, "a.xlsx", title="?").form.sections == READY.sections
    told = text_in(data["pdf"].data)
    with zipfile.ZipFile(io.BytesIO(data["docx"].data)) as archive:
        word = archive.read("word/document.xml").decode()
    with house.store.read() as db:
        names = [row[0] for row in db.exec_driver_sql(f"SELECT name FROM members WHERE unit_id = {hall.branch}")]
    assert len(names) == 3
    for name in (*names, READY.title):
        assert name in told
        assert name in word
    assert "filename*=UTF-8''%E4%BA%94" in data["docx"].headers["Content-Disposition"]


@on_sqlite
def test_a_version_goes_out_as_it_was_finished(desk: Desk, house: House) -> None:
    by = person(house, "secretary")
    draft = drafts.begin(house, READY, by=by, now=NOW)
    drafts.finish(house, draft, seen=1, by=by, now=NOW)
    found = json.loads(desk.client.get(f"{PLACE}/{draft}/form.json?version=1").data)
    assert found["title"] == READY.title
    assert desk.client.get(f"{PLACE}/{draft}/form.json?version=2").status_code == 404


@on_sqlite
def test_only_units_of_ones_own_are_printed(desk: Desk, hall: Hall) -> None:
    for unit in ("424242", "9" * 9):
        assert desk.client.get(f"{PLACE}/ready/{READY.key}/form.pdf?unit={unit}").status_code == 404
    for odd in ("", "x", "-1", "1" * 30):
        assert desk.client.get(f"{PLACE}/ready/{READY.key}/form.pdf?unit={odd}").status_code == 200
    assert desk.client.get(f"{PLACE}/ready/nothing/form.pdf").status_code == 404
    assert desk.client.get(f"{PLACE}/ready/nothing/files").status_code == 404


@on_sqlite
def test_the_paper_of_a_ready_questionnaire_speaks_english_on_an_english_page(desk: Desk) -> None:
    told = text_in(desk.client.get(f"{PLACE}/ready/{READY.key}/form.pdf?lang=en").data)
    assert "Five goods, five leads" in told
    assert "Please tick the boxes." in told
    assert "Page 1 of 1" in told or "page 1 of" in told.lower()


@on_sqlite
def test_a_unit_is_found_by_a_word_of_its_name(desk: Desk, house: House, hall: Hall) -> None:
    page = desk.client.get(f"{PLACE}/ready/{READY.key}/files?q=支部")
    assert f"unit={hall.branch}" in page.text
    assert "没有找到这样的单位" in words(desk.client.get(f"{PLACE}/ready/{READY.key}/files?q=没有这个"))
