"""Candidates typed on the draft of a selection: kept, told apart, and the words of the form follow their number."""

import re
from http import HTTPStatus

import pytest
from flask import Flask

from survey.actions.house import House
from survey.domain.elections import Election
from survey.domain.questionnaires import Questionnaire
from survey.store import meetings, questionnaires
from tests.conftest import Hall, make_people, on_sqlite
from tests.web.desk.desks_for_tests import Desk, acts, new_meeting, sit_down, words

NAMES = "赵一\r\n 钱二 \n\n孙三\n李四"


@pytest.fixture
def hall(house: House) -> Hall:
    return make_people(house)


@pytest.fixture
def desk(app: Flask, house: House, hall: Hall) -> Desk:
    return sit_down(app, house, "secretary")


@pytest.fixture
def path(desk: Desk, hall: Hall) -> str:
    return new_meeting(desk, hall, questionnaire="recommend_members")


def asked(house: House, path: str) -> Questionnaire:
    with house.store.read() as db:
        return questionnaires.get(db, meetings.get(db, int(path.strip("/"))).questionnaire)


def typed(desk: Desk, path: str, **changes: str) -> dict[str, str]:
    seen = re.search(r'name="seen" value="(\d+)"', desk.open(f"{path}/candidates").text)
    assert seen is not None
    return {"seen": seen[1], "names": NAMES, "seats": "2", "choose": "2", **changes}


def test_the_meeting_has_the_candidates_of_its_own_and_opens_with_them(app: Flask, house: House, desk: Desk, path: str) -> None:
    assert "候选人甲" not in desk.open(f"{path}/candidates").text
    assert desk.send(f"{path}/candidates", **typed(desk, path)).status_code == HTTPStatus.SEE_OTHER
    form = asked(house, path)
    pick = form.sections[0].questions[0]
    assert (pick.candidates, pick.choose, pick.election) == (("赵一", "钱二", "孙三", "李四"), 2, Election(2))
    assert (form.title, form.sections[0].help) == ("民主推荐优秀党员（最多选两名）", "最多选两名。")
    page = desk.read(path)
    assert "4 名候选人；应选 2 名；每人最多选 2 名" in page and "写候选人，共 4 名" in page and "先写上候选人" not in page
    # The words of the ready form are known by another number too.
    english = words(desk.open(f"{path}/open?lang=en"))
    assert "Recommend members: at most two" in english and "Begin" in english
    assert desk.send(f"{path}/open").status_code == HTTPStatus.OK and acts(house, path) == ["create", "stand", "open"]
    assert desk.open(f"{path}/candidates").status_code == HTTPStatus.CONFLICT, "it is open"


@on_sqlite
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"names": "赵一"}, "“您推荐谁”至少要写两名候选人"), ({"names": "赵一\n钱二\n赵一"}, "候选人“赵一”写了两次"), ({"names": "长" * 101 + "\n钱二"}, "太长"),
        ({"seats": "5"}, "应选名额要填 0 到 4 的整数"), ({"choose": "5"}, "要填 1 到 4 的整数"), ({"choose": "两"}, "每人最多选几名"),
        ({"seen": "0"}, "有人改过候选人"), ({"names": "\n".join(f"张{n}" for n in range(251))}, "最多写 250 名"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_stands_there_again(house: House, desk: Desk, path: str, changed: dict[str, str], said: str) -> None:
    before = asked(house, path)
    page = desk.send(f"{path}/candidates", **typed(desk, path, **changed))
    assert page.status_code == HTTPStatus.BAD_REQUEST and said in words(page)
    assert {**typed(desk, path), **changed}["names"].split("\n")[-1] in page.text and asked(house, path) == before


@on_sqlite
def test_a_meeting_without_typed_candidates_has_no_such_page(desk: Desk, hall: Hall) -> None:
    for form in ("five_goods", "vote_on_members"):
        path = new_meeting(desk, hall, questionnaire=form, title=form)
        assert desk.open(f"{path}/candidates").status_code == desk.send(f"{path}/candidates", names=NAMES).status_code == HTTPStatus.SEE_OTHER
    assert "逐个同意或者不同意；得票要超过实到人数的一半" in desk.read(path) and "评议对象 4 名党员" in desk.read(path)
