"""Selections at the desk: steps named and dated, on the page and in the protocol; a second ballot among the tied."""

from dataclasses import replace
from datetime import date
from http import HTTPStatus

import pytest
from flask import Flask

from survey.actions import meetings as opening
from survey.actions import slips
from survey.actions.house import House
from survey.domain.elections import Election
from survey.domain.meetings import Stage
from survey.domain.questionnaires import Audience, Kind, Question, Section
from survey.domain.refusals import NotFound
from survey.domain.selections import STEPS, Step, run_off, ties
from survey.domain.slips import Way
from survey.store import meetings, questionnaires, selections
from tests.conftest import NOW, Hall, make_meeting, on_sqlite
from tests.elections_for_tests import NAMES, cast, form, hold
from tests.web.board.test_protocols import text_in
from tests.web.desk.desks_for_tests import Desk, sit_down, words

ROWS = {
    "name": ["民主推荐", "支部讨论", "", "审批"], "day": ["2026-09-18", "", "", "2026-10-01"],
    "note": ["到会 12 人", "", "", "党委会"], "meeting": ["", "", "", ""],
}  # fmt: skip


@pytest.fixture
def hall(house: House) -> Hall:
    return hold(house, form(election=Election(2)))


@pytest.fixture
def desk(app: Flask, house: House, hall: Hall) -> Desk:
    return sit_down(app, house, "secretary")


def kept(house: House, meeting: int) -> tuple[Step, ...]:
    with house.store.read() as db:
        return selections.steps(db, meeting)


def test_steps_are_written_shown_and_stand_in_the_protocol(house: House, hall: Hall, desk: Desk) -> None:
    assert all(name in desk.read(f"/{hall.meeting}") for name in STEPS), "before any were written, the usual ones"
    rows = {**ROWS, "meeting": [str(hall.meeting), "", "", ""]}
    assert desk.send(f"/{hall.meeting}/selection", **rows).status_code == HTTPStatus.SEE_OTHER
    assert kept(house, hall.meeting) == (
        Step("民主推荐", date(2026, 9, 18), "到会 12 人", hall.meeting), Step("支部讨论"), Step("审批", date(2026, 10, 1), "党委会"),
    )  # fmt: skip
    page = desk.read(f"/{hall.meeting}")
    assert "支部讨论 还没有日期" in page and "就是这场会" in page and "到会 12 人" in page and "写评选的步骤，共 3 步" in page
    cast(hall, (("0", "1"),) * 6)
    protocol = text_in(desk.client.get(f"/board/meetings/{hall.meeting}/protocol.pdf").data)
    assert "评选的步骤" in protocol and "机修车间党支部选举大会" in protocol and "党委会" in protocol


@on_sqlite
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ["", "支部讨论", "", "审批"]}, "第 1 步还没有名称。"), ({"day": ["昨天", "", "", ""]}, "“民主推荐”的日期要写成 2026-11-21 这样。"),
        ({"note": ["长" * 201, "", "", ""]}, "“民主推荐”这一步写得太长"), ({"meeting": ["99", "", "", ""]}, "“民主推荐”选的会不是这个单位的，请重新选。"),
    ],
)  # fmt: skip
def test_steps_that_cannot_be_kept_stand_there_again(house: House, hall: Hall, desk: Desk, changed: dict[str, list[str]], said: str) -> None:
    page = desk.send(f"/{hall.meeting}/selection", **{**ROWS, **changed})
    assert page.status_code == HTTPStatus.BAD_REQUEST and said in words(page) and 'value="支部讨论"' in page.text
    assert kept(house, hall.meeting) == ()


@on_sqlite
def test_a_meeting_that_selects_nobody_has_no_steps(app: Flask, house: House) -> None:
    plain = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    assert "评选的步骤" not in desk.read(f"/{plain.meeting}")
    assert desk.open(f"/{plain.meeting}/selection").status_code == HTTPStatus.SEE_OTHER
    page = desk.send(f"/{plain.meeting}/selection", **ROWS)
    assert page.status_code == HTTPStatus.BAD_REQUEST and "不推荐也不票决" in words(page)


def test_a_tie_leads_to_a_draft_in_which_only_the_tied_stand(app: Flask, house: House, hall: Hall, desk: Desk) -> None:
    cast(hall, (*(("0", "1"),) * 3, *(("0", "2"),) * 3, ("3",)))
    assert "钱二、孙三票数相同，名额不够。新建一场只有这几名的评议会" in desk.read(f"/{hall.meeting}")
    # Made from an English page: what is kept and frozen is the same, and each reader has it in his language.
    made = desk.send(f"/{hall.meeting}/run-off/1?lang=en")
    assert made.status_code == HTTPStatus.SEE_OTHER
    number = int(made.location.rsplit("/", 1)[1])
    with house.store.read() as db:
        meeting = meetings.get(db, number)
        kept_form = questionnaires.get(db, meeting.questionnaire)
    (section,) = kept_form.sections
    (pick,) = section.questions
    assert (meeting.stage, meeting.due, meeting.present) == (Stage.DRAFT, 14, 12)
    assert (meeting.title, kept_form.title) == ("机修车间党支部选举大会：再次投票", "支部选举：再次投票")
    assert (pick.candidates, pick.choose, pick.election, pick.text) == (("钱二", "孙三"), 1, Election(1), "选支部委员")
    assert desk.send(f"/{hall.meeting}/run-off/2").status_code == HTTPStatus.NOT_FOUND
    sheet = vote_at(hall, number)
    english, chinese = (words(app.test_client().get(f"/b/{sheet}?lang={tag}")) for tag in ("en", "zh"))
    assert "机修车间党支部选举大会: second ballot" in english and "支部选举: second ballot" in english and "Party members ·" in english
    assert "机修车间党支部选举大会：再次投票" in chinese and "second ballot" not in chinese and "党员 ·" in chinese


@on_sqlite
def test_without_a_tie_there_is_no_second_ballot(hall: Hall, desk: Desk) -> None:
    assert desk.send(f"/{hall.meeting}/run-off/1").status_code == HTTPStatus.NOT_FOUND
    cast(hall, (("0", "1"),) * 6)
    assert "再投一次" not in desk.read(f"/{hall.meeting}")
    assert desk.send(f"/{hall.meeting}/run-off/1").status_code == HTTPStatus.NOT_FOUND


def vote_at(hall: Hall, meeting: int) -> str:
    """The code of a slip at a meeting opened now."""
    opening.open_box(hall.house, meeting, by=hall.secretary, now=NOW)
    with hall.house.store.read() as db:
        (group,) = meetings.get(db, meeting).groups
    return slips.issue(hall.house, meeting, group.id, n=1, way=Way.SHEET, by=hall.secretary, now=NOW)[0]


def test_of_three_tied_for_two_seats_two_are_chosen_and_namesakes_are_told_apart() -> None:
    votes = [["甲", 9, 1, "elected"], ["乙", 5, 2, "tied"], ["乙", 5, 2, "tied"], ["丙", 5, 2, "tied"]]
    seal = {"elections": [{"open": 2, "question": "pick", "votes": votes}]}
    assert ties(seal) == {1: ("乙", "乙", "丙")}
    (left,) = form(election=Election(2)).sections
    (pick,) = run_off(seal, 1, title="选谁", left=left).sections[0].questions
    assert (pick.candidates, pick.choose, pick.election.seats) == (("乙", "乙（2）", "丙"), 2, 2)
    with pytest.raises(NotFound):
        run_off(seal, 2, title="选谁", left=left)


def test_the_words_of_a_run_off_say_its_own_numbers() -> None:
    seal = {"elections": [{"open": 1, "question": "pick", "votes": [["乙", 5, 3, "tied"], ["丙", 5, 3, "tied"]]}]}
    question = Question("pick", Kind.CHOICE, "从四名候选人中最多选三名", candidates=NAMES, choose=3, election=Election(3))
    left = Section("unit", "推荐优秀共产党员", Audience.UNIT, (question,))
    made = run_off(seal, 1, title="民主推荐优秀党员（最多选三名）", left=left)
    assert made.title == "推荐优秀共产党员：再次投票" and made.sections[0].questions[0].text == "从两名候选人中最多选一名"
    # Where the section says the number too it is put right; a vote on each becomes a choice.
    vote = replace(question, kind=Kind.RATING, text="是否同意", scale="vote", candidates=(), choose=0)
    made = run_off(seal, 1, title="推荐三名", left=replace(left, title="最多推荐3名", questions=(vote,)))
    assert made.title == "推荐一名：再次投票" and made.sections[0].questions[0].text == "您选谁"
