"""The answers of a survey to take away: what was answered, in words and in codes, and nothing a spreadsheet would run."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping
from http import HTTPStatus

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from analysis.cells import neutral
from survey.actions.house import House
from survey.domain.ballots import clean
from survey.domain.meetings import Stage
from survey.domain.papers import Paper
from survey.domain.questionnaires import Kind
from survey.store import meetings as kept
from tests.conftest import on_sqlite
from tests.surveys_for_tests import answer, finish, make_survey, paper_of
from tests.web.board.meetings_for_tests import counted

Browse = Callable[[str], FlaskClient]
FILES = ("answers.csv", "answers.xlsx", "codes.csv", "codebook.csv")


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    body = client.get(path)
    assert body.status_code == HTTPStatus.OK, body.text
    return list(csv.DictReader(io.StringIO(body.data.decode("utf-8-sig"), newline="")))


def spoken(paper: Paper, given: Mapping[str, list[str]]) -> tuple[str, ...]:
    """A ballot as the .csv must have it, made from the form that was sent: the condition of Q4 is Q1 = 公交车."""
    cells = []
    for name, (t, q) in paper.fields.items():
        question = paper.questions(paper.targets[t])[q]
        values = given.get(name, [])
        if question.show_if and given.get("0.0") != ["0"]:
            values = []
        if question.kind is Kind.CHOICE:
            cells.append("; ".join(question.candidates[place] for place in sorted(map(int, values))))
        elif question.kind is Kind.RATING:
            cells.append("".join(paper.scale(question).options[int(value)].label for value in values))
        else:
            cells.append(str(neutral(clean("".join(values)))))
    return tuple(cells)


def test_the_rows_of_the_csv_are_what_was_answered(house: House, browse: Browse) -> None:
    hall = make_survey(house)
    paper = paper_of(house, next(iter(hall.codes.values()))[0])
    said = answer(hall, 12)
    finish(hall)
    rows = table(browse("leader"), f"/board/meetings/{hall.meeting}/answers.csv")
    assert Counter(tuple(row.values()) for row in rows) == Counter(spoken(paper, each) for each in said)
    assert list(rows[0])[:2] == ["Q1 您怎么上班", "Q2 最需要办的事"]


def test_the_codes_and_the_book_say_the_same_as_the_words(house: House, browse: Browse) -> None:
    hall = make_survey(house)
    answer(hall, 12)
    finish(hall)
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    words, coded, book = (table(client, f"{base}/{name}.csv") for name in ("answers", "codes", "codebook"))
    assert list(coded[0]) == ["Q1", "Q2_1", "Q2_2", "Q2_3", "Q3", "Q4", "Q5", "Q6", "Q7"]
    meaning = {(line["列"], line["编码"]): line["含义"] for line in book}
    for row, codes in zip(words, coded, strict=True):
        assert row["Q1 您怎么上班"] == meaning["Q1", codes["Q1"]]
        ticked = [meaning[f"Q2_{n}", "1"] for n in (1, 2, 3) if codes[f"Q2_{n}"] == "1"]
        assert row["Q2 最需要办的事"] == "; ".join(ticked)
        assert row["Q3 路灯亮不亮"] == (meaning["Q3", codes["Q3"]] if codes["Q3"] else "")
        assert (row["Q4 等车要几分钟"], row["Q5 总体打分"], row["Q6 哪一天停过电"]) == (codes["Q4"], codes["Q5"], codes["Q6"])
    heads = {line["列"]: line for line in book if line["题目"]}
    assert heads["Q4"]["什么时候问"] == "Q1 选了：公交车" and heads["Q4"]["编码"] == "0–120"
    assert int(heads["Q1"]["回答数"]) == 12
    assert sum(int(line["回答数"]) for line in book if line["列"] == "Q1" and not line["题目"]) == 12


def test_the_workbook_has_the_three_tables_and_no_formula(house: House, browse: Browse) -> None:
    hall = make_survey(house)
    answer(hall, 12)
    finish(hall)
    client = browse("leader")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/board/meetings/{hall.meeting}/answers.xlsx").data))
    assert book.sheetnames == ["回答", "编码", "编码说明"]
    words = table(client, f"/board/meetings/{hall.meeting}/answers.csv")
    _head, *lines = book["回答"].iter_rows(values_only=True)
    assert [tuple(str(neutral(cell) if cell is not None else "") for cell in line) for line in lines] == [tuple(row.values()) for row in words]
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "=1+1" and cell.quotePrefix for cell in cells)


@on_sqlite
@pytest.mark.parametrize("name", FILES)
def test_there_are_no_rows_before_the_count_of_four_or_of_an_evaluation(house: House, browse: Browse, name: str) -> None:
    hall = make_survey(house)
    answer(hall, 4)
    client, path = browse("leader"), f"/board/meetings/{hall.meeting}/{name}"
    assert client.get(path).status_code == HTTPStatus.CONFLICT
    finish(hall)
    few = client.get(path)
    assert few.status_code == HTTPStatus.CONFLICT and "人数不足" in few.text


@on_sqlite
def test_an_evaluation_has_no_rows_to_give(house: House, browse: Browse) -> None:
    meeting = counted(house)
    assert {browse("leader").get(f"{meeting.base}/{name}").status_code for name in FILES} == {HTTPStatus.NOT_FOUND}


@on_sqlite
def test_who_does_not_see_the_survey_does_not_see_its_rows(house: House, browse: Browse) -> None:
    hall = make_survey(house)
    answer(hall, 9)
    finish(hall)
    client = browse("other")
    assert {client.get(f"/board/meetings/{hall.meeting}/{name}").status_code for name in FILES} == {HTTPStatus.NOT_FOUND}


def test_rows_that_were_changed_after_the_count_are_not_handed_out(house: House, browse: Browse) -> None:
    hall = make_survey(house)
    answer(hall, 9)
    finish(hall)
    with house.store.write() as db:
        assert kept.get(db, hall.meeting).stage is Stage.COUNTED
        db.execute(text("UPDATE strips SET body = (SELECT public_key FROM meetings WHERE public_key IS NOT NULL)"))
    answer_ = browse("leader").get(f"/board/meetings/{hall.meeting}/answers.csv")
    assert answer_.status_code == HTTPStatus.CONFLICT and "对不上" in answer_.text
