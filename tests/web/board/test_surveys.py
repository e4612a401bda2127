"""The results page of a survey: every question in order, its own words, nothing of branches, and rates only of ratings."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.domain.questionnaires import Audience, Kind, Question, Questionnaire, Section
from tests.conftest import on_sqlite
from tests.surveys_for_tests import answer, finish, make_survey
from tests.web.desk.desks_for_tests import words

Browse = Callable[[str], FlaskClient]


@on_sqlite
def test_every_question_stands_on_page_and_paper_in_the_order_it_was_asked(house: House, browse: Browse) -> None:
    hall = make_survey(house)
    answer(hall, 12)
    finish(hall)
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    for page in (client.get(base), client.get(f"{base}/print")):
        said = words(page)
        places = [said.find(text) for text in ("您怎么上班", "最需要办的事", "路灯亮不亮", "等车要几分钟", "总体打分", "哪一天停过电", "还想说什么")]
        assert page.status_code == HTTPStatus.OK and -1 not in places and places == sorted(places)
        assert "满意率" in said and not [word for word in ("评议会", "评议票", "评议人", "评议结果") if word in said]
    assert "answers.xlsx" in client.get(base).text and "codebook.csv" in client.get(base).text


@on_sqlite
def test_without_a_rating_nothing_speaks_of_satisfaction(house: House, browse: Browse) -> None:
    questions = (Question("a", Kind.CHOICE, "去哪里", candidates=("东", "西"), choose=1), Question("b", Kind.SCORE, "打几分"))
    form = Questionnaire("plain", "去处", (), (Section("g", "去处", Audience.GENERAL, questions),))
    hall = make_survey(house, form=form)
    answer(hall, 12)
    finish(hall)
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    for path in (base, f"{base}/print"):
        assert "满意" not in words(client.get(path))


@on_sqlite
@pytest.mark.parametrize("cast", [4, 7])
def test_what_too_few_keep_is_said(house: House, browse: Browse, cast: int) -> None:
    hall = make_survey(house)
    answer(hall, cast)
    finish(hall)
    said = words(browse("leader").get(f"/board/meetings/{hall.meeting}"))
    assert ("也没有保留回答" in said) is (cast < 5) and ("写的文字没有保留" in said) is (cast > 4)
    assert "您怎么上班" not in said or cast > 4


@on_sqlite
def test_the_list_names_a_survey_by_its_title_and_before_the_count_there_is_nothing(house: House, browse: Browse) -> None:
    hall = make_survey(house, entry=Entry.LINK)
    client = browse("leader")
    before = client.get(f"/board/meetings/{hall.meeting}")
    assert before.status_code == HTTPStatus.CONFLICT and "进行中" in before.text
    hall.close()
    hall.count()
    assert "机修车间党支部 职工出行问卷 调查" in words(client.get("/board"))
