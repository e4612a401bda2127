"""A survey through the box: its rows are kept as one value, an evaluation's never."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from survey.actions import meetings
from survey.actions.backups import backup, restore
from survey.actions.house import House
from survey.app import open_house
from survey.config import Config
from survey.domain.ballots import Opened, fill
from survey.domain.meetings import Entry, Stage
from survey.domain.refusals import BadField, BoxDiffers, TooFew
from survey.domain.strips import answers, unpack
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results, strips
from tests.conftest import NOW, TODAY, make_meeting, make_people
from tests.surveys_for_tests import answer, finish, make_survey, paper_of


def test_a_survey_keeps_every_row_as_it_was_answered_and_nothing_else_of_the_box(house: House) -> None:
    hall = make_survey(house)
    paper = paper_of(house, next(iter(hall.codes.values()))[0])
    said = answer(hall, 12)
    finish(hall)
    with house.store.read() as db:
        body = strips.get(db, hall.meeting)
        meeting = kept.get(db, hall.meeting)
        seal = results.seal(db, hall.meeting)
        assert box.in_box(db, hall.meeting) == 0
    assert body is not None and seal is not None
    found = unpack(body)
    assert Counter(row.answers for row in found.rows) == Counter(answers(paper, Opened(fill(paper, each), "")) for each in said)
    assert meeting.is_survey and meeting.stage is Stage.COUNTED and house.keys.names() == ()
    told = json.loads(seal[0])["strip"]
    assert told == {"rows": 12, "groups": False, "texts": True, "sha256": hashlib.sha256(body).hexdigest()}


def test_an_evaluation_keeps_no_row(house: House) -> None:
    hall = make_meeting(house)
    for each in hall.codes.values():
        for code in each:
            hall.vote(code)
    finish(hall)
    with house.store.read() as db:
        assert strips.get(db, hall.meeting) is None
        assert db.execute(text("SELECT count(*) FROM strips")).scalar_one() == 0
        assert not kept.get(db, hall.meeting).is_survey
        assert "strip" not in json.loads((results.seal(db, hall.meeting) or ("{}", ""))[0])


def test_of_four_answers_nothing_is_kept(house: House) -> None:
    hall = make_survey(house)
    answer(hall, 4)
    finish(hall)
    with house.store.read() as db:
        assert strips.get(db, hall.meeting) is None


def test_a_count_that_is_refused_leaves_no_strip(house: House) -> None:
    hall = make_survey(house)
    answer(hall, 9)
    hall.close()
    with house.store.write() as db:
        db.execute(text("DELETE FROM ballots WHERE key = (SELECT min(key) FROM ballots)"))
    with pytest.raises(BoxDiffers):
        hall.count()
    with house.store.read() as db:
        assert strips.get(db, hall.meeting) is None


def test_a_survey_of_four_does_not_open(house: House) -> None:
    hall = make_survey(house, groups=(("答卷人", 4, 4),), open_box=False)
    with pytest.raises(TooFew):
        meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)


def test_a_public_link_is_for_surveys_only(house: House) -> None:
    hall = make_people(house, members=2)
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.LINK, [("群众代表", 9, 9)])
    with pytest.raises(BadField):
        meetings.create(house, new, by=hall.secretary, now=NOW)


def test_a_survey_is_called_by_its_unit_and_its_questionnaire(house: House) -> None:
    hall = make_survey(house, entry=Entry.LINK)
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).title == "机修车间党支部 职工出行问卷"


def test_a_backup_brings_the_strip_back(house: House, make_config: Callable[..., Config], tmp_path: Path) -> None:
    hall = make_survey(house)
    answer(hall, 9)
    finish(hall)
    backup(house, tmp_path / "backup.zip", version="0", now=NOW, progress=lambda _table, _rows: None)
    other = open_house(make_config(f"sqlite:///{tmp_path / 'other.db'}"), random=Random(3))
    restore(other, tmp_path / "backup.zip", keep_pepper=lambda _: None, progress=lambda _table, _rows: None)
    with house.store.read() as db, other.store.read() as again:
        before = strips.get(db, hall.meeting)
        assert before is not None and strips.get(again, hall.meeting) == before
    other.store.close()
