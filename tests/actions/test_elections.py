"""Elections from opening to seal: candidates settled once for every group, names kept only where enough ballots bear them."""

import json

import pytest

from survey.actions import ballots, meetings
from survey.actions.house import House
from survey.domain.elections import Election, Order, Pool
from survey.domain.meetings import Entry
from survey.domain.papers import read_paper
from survey.domain.questionnaires import Audience, Kind, Question, Questionnaire, Section
from survey.domain.refusals import BadField
from survey.store import meetings as kept
from survey.store import results
from tests.conftest import NOW, TODAY, Hall, make_people
from tests.elections_for_tests import NAMES, cast, form, hold

GROUPS = (("党员", 9, 8), ("群众代表", 9, 8))


def candidates(hall: Hall, asked: Questionnaire, unit: int) -> list[tuple[str, ...]]:
    """The candidates on the paper of each group of a meeting opened with this form."""
    new = meetings.NewMeeting(unit, TODAY, "", Entry.SLIPS, GROUPS, "选举", asked)
    meeting = meetings.create(hall.house, new, by=hall.secretary, now=NOW)
    meetings.open_box(hall.house, meeting, by=hall.secretary, now=NOW)
    with hall.house.store.read() as db:
        papers = [read_paper(body) for body in kept.papers(db, meeting).values()]
    return [paper.sections[0].questions[0].candidates for paper in papers]


def test_candidates_stand_in_one_order_on_every_paper(house: House) -> None:
    hall = make_people(house, members=4)
    # 孙 6, 李 7, 赵 9, 钱 10 strokes.
    strokes = form(election=Election(2, order=Order.STROKES), key="a")
    assert candidates(hall, strokes, hall.branch) == [("孙三", "李四", "赵一", "钱二")] * 2
    # As they are written on the mainland 范 has 8 strokes and 荧 9; elsewhere 9 and 10 are counted.
    mainland = form(election=Election(2, order=Order.STROKES), candidates=("钱二", "荧一", "侯三", "范四"), key="m")
    assert candidates(hall, mainland, hall.branch)[0] == ("范四", "侯三", "荧一", "钱二")
    one, other = candidates(hall, form(election=Election(2, order=Order.RANDOM), key="b"), hall.branch)
    assert one == other and sorted(one) == sorted(NAMES)
    drawn = {candidates(hall, form(election=Election(1, order=Order.RANDOM), key=f"c{n}"), hall.branch)[0] for n in range(6)}
    assert len(drawn) > 1, "each meeting has a draw of its own"


def test_candidates_may_be_the_members_or_the_units_that_are_there(house: House) -> None:
    hall = make_people(house, members=3)
    members = form(election=Election(1, pool=Pool.MEMBERS), candidates=(), choose=3, key="a")
    assert candidates(hall, members, hall.branch) == [("张三", "李四", "王五")] * 2
    units = form(election=Election(1, pool=Pool.UNITS), candidates=(), choose=1, key="b")
    assert [sorted(each) for each in candidates(hall, units, hall.root)] == [["机修车间党支部", "青山小学党支部"]] * 2
    with pytest.raises(BadField) as refused:
        candidates(hall, units, hall.branch)
    assert refused.value.facts["why"] == "units"


def test_a_form_that_elects_is_never_held_as_a_survey(house: House) -> None:
    hall = make_people(house)
    pick = Question("pick", Kind.CHOICE, "选谁", candidates=NAMES, choose=1, election=Election(1))
    asked = Questionnaire("plain", "选举", (), (Section("g", "选举", Audience.GENERAL, (pick,)),), purpose="survey")
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, GROUPS, "调查", asked)
    with pytest.raises(BadField) as refused:
        meetings.create(house, new, by=hall.secretary, now=NOW)
    assert refused.value.facts["why"] == "selection"


def written(hall: Hall, names: list[str]) -> dict[str, object]:
    """The seal after ballots that tick nobody and bear these names, some typed with blanks."""
    ((group, codes),) = hall.codes.items()
    for place, (code, name) in enumerate(zip(codes, names, strict=False)):
        ballots.cast(hall.house, code, {"0.0.w1": [name if place % 2 else " ".join(name)]})
    hall.close({group: len(codes) - len(names)})
    hall.count()
    with hall.house.store.read() as db:
        body, _digest = results.seal(db, hall.meeting) or ("{}", "")
        assert results.opinions(db, hall.meeting) == ()
    found: dict[str, object] = json.loads(body)
    return found


def test_written_names_are_counted_and_the_rare_ones_only_summed(house: House) -> None:
    hall = hold(house, form(election=Election(2, write_ins=1)))
    seal = written(hall, ["周八"] * 5 + ["郑十"] * 3 + ["暗号"] * 2)
    assert seal["written"] == [[f"u{hall.branch}", "pick", [["周八", 5], ["郑十", 3]], 1, 2, 3]]
    (election,) = seal["elections"]  # type: ignore[misc]
    assert election["votes"][:2] == [["周八", 5, 1, "elected"], ["郑十", 3, 2, "elected"]] and election["others"] == [1, 2]
    assert "暗号" not in json.dumps(seal, ensure_ascii=False)


def test_where_fewer_than_eight_came_back_a_name_needs_five(house: House) -> None:
    hall = hold(house, form(election=Election(2, write_ins=1)))
    seal = written(hall, ["周八"] * 5 + ["郑十"] * 2)
    assert seal["written"] == [[f"u{hall.branch}", "pick", [["周八", 5]], 1, 2, 5]]


def test_with_fewer_than_five_ballots_no_name_is_kept(house: House) -> None:
    hall = hold(house, form(election=Election(2, write_ins=1)))
    seal = written(hall, ["周八"] * 4)
    assert "written" not in seal and "周八" not in json.dumps(seal, ensure_ascii=False)


def test_with_fewer_than_eight_present_nobody_is_asked_for_names(house: House) -> None:
    hall = hold(house, form(election=Election(2, write_ins=1)), present=7)
    paper = house.paper(ballots.look(house, next(iter(hall.codes.values()))[0]).paper or "")
    assert paper.write_ins(paper.sections[0].questions[0]) == 0
    cast(hall, (("0",),) * 5)
