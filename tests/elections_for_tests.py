"""Meetings that elect: a form with one choice, and ballots with known ticks."""

from collections.abc import Sequence

from survey.actions import ballots, candidates, meetings, slips
from survey.actions.house import House
from survey.domain.candidates import Standing, typed_choices
from survey.domain.elections import NO_ELECTION, Election
from survey.domain.meetings import Entry
from survey.domain.questionnaires import Audience, Kind, Purpose, Question, Questionnaire, Section
from survey.domain.slips import Way
from survey.domain.staff import Staff
from tests.conftest import NOW, TODAY, Hall, make_people

NAMES = ("赵一", "钱二", "孙三", "李四")


def form(
    *, election: Election = NO_ELECTION, candidates: Sequence[str] = NAMES, choose: int = 2, key: str = "elect"
) -> Questionnaire:
    """One choice about the branch."""
    pick = Question("pick", Kind.CHOICE, "选支部委员", candidates=tuple(candidates), choose=choose, election=election)
    section = Section("unit", "选举", Audience.UNIT, (pick,))
    return Questionnaire(key, "支部选举", (), (section,), purpose=Purpose.SELECTION.value)


def name_candidates(house: House, meeting: int, asked: Questionnaire, *, by: Staff) -> None:
    """Put names where a ready form has 候选人甲: such a form opens no meeting."""
    choices = typed_choices(asked)
    if choices:
        candidates.stand(house, meeting, [Standing(NAMES, 2, 2) for _each in choices], by=by, now=NOW)


def hold(house: House, asked: Questionnaire | str, *, present: int = 12, members: int = 4) -> Hall:
    """An open meeting of one group with its slips made."""
    hall = make_people(house, members=members)
    groups = (("党员", present + 2, present),)
    new = meetings.NewMeeting(hall.branch, TODAY, "二楼会议室", Entry.SLIPS, groups, "机修车间党支部选举大会", asked)
    hall.meeting = meetings.create(house, new, by=hall.secretary, now=NOW)
    hall.scrutineer = meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
    with house.store.read() as db:
        (group,) = meetings.meetings.get(db, hall.meeting).groups
    made = slips.issue(house, hall.meeting, group.id, n=present, way=Way.SHEET, by=hall.secretary, now=NOW)
    hall.codes[group.id] = list(made)
    return hall


def cast(hall: Hall, ticks: Sequence[Sequence[str]]) -> None:
    """A ballot for each row of answers to the first question; the other slips are left over, and the box is counted."""
    ((group, codes),) = hall.codes.items()
    for code, each in zip(codes, ticks, strict=False):
        ballots.cast(hall.house, code, {"0.0": list(each)})
    hall.close({group: len(codes) - len(ticks)})
    hall.count()
