"""Questionnaires brought along: the account on the page, nothing written before it is confirmed, and every refusal in words."""

import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

import survey
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.domain.questionnaires import Questionnaire
from survey.office.questionnaire_files import write_json
from survey.store import drafts
from survey.store.tables import DraftRow
from survey.web.desk import questionnaire_accounts
from tests.attacks.forms import forms
from tests.conftest import make_people, on_sqlite
from tests.web.desk.desks_for_tests import Desk, sit_down, words

READY = library()["five_goods_five_leads"]
TEXT = "我们的问卷\n1. 您常去哪里 [多选题] *\nA. 公园\nB. 其他____\n说一句\n2. 排一排 [排序题]\n① 快\n② 好"
PLACE = "/desk/questionnaires"


@pytest.fixture
def desk(app: Flask, house: House) -> Desk:
    make_people(house)
    return sit_down(app, house, "secretary")


def post(desk: Desk, path: str, **fields: object) -> TestResponse:
    return desk.client.post(f"{PLACE}/{path}", data={"csrf_token": desk.token(), **fields})


def sent(desk: Desk, data: bytes, name: str = "form.xlsx") -> TestResponse:
    return post(desk, "upload", file=(io.BytesIO(data), name))


def taken(desk: Desk, house: House, page: TestResponse) -> Questionnaire:
    """Press the button of a preview; the draft it made."""
    form = next(each for each in forms(page.text, f"{PLACE}/paste") if each.action == f"{PLACE}/take")
    answer = post(desk, "take", form=form.values("form")[0])
    found = re.match(rf"{PLACE}/(\d+)", answer.location or "")
    assert answer.status_code == 303 and found, words(answer)
    with house.store.read() as db:
        return drafts.get(db, int(found[1])).form


def in_english(client: FlaskClient) -> None:
    client.get("/desk?lang=en")


def number_of_drafts(house: House) -> int:
    with house.store.read() as db:
        return int(db.execute(select(func.count()).select_from(DraftRow)).scalar_one())


def test_pasted_text_is_looked_at_kept_and_taken(desk: Desk, house: House) -> None:
    page = post(desk, "paste", text=TEXT)
    said = words(page)
    assert page.status_code == 200
    assert "“我们的问卷”：1 个部分，2 道题" in said
    assert "可以选“其他”，但选了以后不能再写字" in said
    assert "不能排序，改成选几项" in said
    assert "说一句" in said
    assert forms(page.text, f"{PLACE}/paste")[-1].values("text") == [TEXT]
    assert number_of_drafts(house) == 0
    form = taken(desk, house, page)
    assert form.title == "我们的问卷"
    assert [question.candidates for question in form.sections[0].questions] == [("公园", "其他"), ("快", "好")]


@pytest.mark.parametrize("name", ["form.json", "form.xlsx"])
def test_a_file_that_was_taken_away_comes_back_the_same(desk: Desk, house: House, name: str) -> None:
    data = desk.client.get(f"{PLACE}/ready/five_goods_five_leads/{name}").data
    page = sent(desk, data, name)
    assert "没有照原样收" not in words(page)
    form = taken(desk, house, page)
    assert (form.title, form.sections, form.scales) == (READY.title, READY.sections, READY.scales)


REFUSED = (
    (b"", "这份文件是空的"), (b"PK\x03\x04cut", "文件不完整"), (b"%PDF-1.7", "这是 PDF 文件"), ("问卷".encode(), "请用“粘贴文字”收进来"),
    (b'{"key": "a",\n"title": }', "第 2 行第 10 个字附近写得不对"), (b"[" * 50_000, "括号一层套一层"), (b'{"a": 1, "a": 2}', "同一个“a”写了两次"),
    (b'{"a": NaN}', "有一个数“NaN”不能用"), (b"[]", "文件的最外层的类型不对"), (b'{"title": "x"}', "文件的最外层少了“"),
)  # fmt: skip


@on_sqlite
def test_a_file_without_a_questionnaire_is_refused_in_a_sentence(desk: Desk, house: House) -> None:
    for data, said in REFUSED:
        page = sent(desk, data)
        assert page.status_code == 400, data[:20]
        assert said in words(page), data[:20]
    assert number_of_drafts(house) == 0


@on_sqlite
def test_every_value_that_does_not_fit_is_told_with_its_place(desk: Desk) -> None:
    values = json.loads(write_json(READY))
    values["sections"][1]["questions"][2]["kind"] = "rateing"
    values["scales"][0]["options"][0]["code"] = 251
    values["sections"][0]["titel"] = "x"
    said = words(sent(desk, json.dumps(values).encode()))
    assert "第 2 部分 第 3 题 的“kind”不能是“rateing”" in said
    assert "第 1 组等次 第 1 档 的“code”不能大于 250" in said
    assert "第 1 部分多了“titel”" in said


@on_sqlite
def test_nothing_is_taken_from_a_form_that_was_tampered_with(desk: Desk, house: House) -> None:
    for wrong in ("", "{", "[1]", '{"key": "\ud800"}'.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "null"):
        assert post(desk, "take", form=wrong).status_code == 400
    assert post(desk, "paste", text="").status_code == 400
    assert post(desk, "paste", text="长" * 100_001).status_code == 400
    assert post(desk, "upload").status_code == 400
    assert number_of_drafts(house) == 0


@on_sqlite
def test_text_in_which_no_question_is_found_offers_nothing_to_take(desk: Desk) -> None:
    page = post(desk, "paste", text="只有一个名称")
    assert "没有读出题目" in words(page)
    assert f"{PLACE}/take" not in page.text


@on_sqlite
def test_both_ways_speak_english(desk: Desk) -> None:
    in_english(desk.client)
    page = desk.client.post(f"{PLACE}/paste?lang=en", data={"csrf_token": desk.token(), "text": "1. How is it\nA. Good\nB. Poor"})
    assert "This is what was read" in page.text
    assert "Take it and edit" in page.text
    page = desk.client.post(f"{PLACE}/upload?lang=en", data={"csrf_token": desk.token(), "file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")})
    assert "This is a PDF, neither a sheet nor JSON." in words(page)


def test_every_reason_a_reader_gives_has_its_sentence() -> None:
    given: set[str] = set()
    for name in ("domain/pasted", "domain/pasted_questions", "office/xlsform", "office/xlsform_questions", "office/xlsform_lists"):
        source = (Path(survey.__file__).parent / f"{name}.py").read_text("utf-8")
        reasons = re.findall(r'Fate\.\w+,\s*"(\w+)"|changed\.append\(\("(\w+)"|left="(\w+)"', source)
        given |= {each for found in reasons for each in found if each}
    known = {*questionnaire_accounts._TAKEN, *questionnaire_accounts._CHANGED, *questionnaire_accounts._LEFT}
    assert len(given) > 30
    assert given <= known, given - known


def test_the_schema_is_there_for_everybody(app: Flask, house: House) -> None:
    page = app.test_client().get(f"{PLACE}/schema.json")
    assert page.status_code == 200
    assert page.mimetype == "application/schema+json"
    assert json.loads(page.data)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
