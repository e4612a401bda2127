"""A meeting with forms on paper, closed: their codes, and what somebody keys."""

from dataclasses import dataclass, field

from survey.actions import groups, keyings, meetings, slips
from survey.actions.house import House
from survey.actions.keyings import Keying
from survey.actions.questionnaires import library
from survey.domain.keyings import lines
from survey.domain.questionnaires import Kind
from survey.domain.rounds import SpoilRule
from survey.domain.slips import Way
from survey.domain.staff import Staff
from survey.store import keyings as kept
from survey.store import meetings as stored
from tests.conftest import NOW, Hall, make_meeting, person
from tests.elections_for_tests import name_candidates


@dataclass
class Pile:
    """A closed meeting, some of its people with phones, and a pile of forms."""

    hall: Hall
    forms: list[str] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    trackers: list[str] = field(default_factory=list)

    @property
    def house(self) -> House:
        """Where it is."""
        return self.hall.house

    def typed(self, code: str, **changes: str) -> dict[str, str]:
        """Every first box ticked, no words; `changes` names fields, like f1_0="x" for 1.0."""
        paper = keyings.find(self.house, self.hall.meeting, code, by=self.hall.secretary, now=NOW).paper
        made = {asked.field: "" if asked.question.kind is Kind.OPINION else "1" for asked in lines(paper)}
        return made | {name[1:].replace("_", "."): text for name, text in changes.items()}

    def key(self, code: str, *, by: Staff | None = None, settled: dict[str, str] | None = None, **changes: str) -> Keying:
        """Key a form once."""
        who = by or self.hall.secretary
        typed = self.typed(code, **changes)
        return keyings.key(self.house, self.hall.meeting, code, typed=typed, settled=settled, by=who, now=NOW)

    def keyed(self) -> kept.Keyed:
        """How far it is."""
        with self.house.store.read() as db:
            return kept.keyed(db, self.hall.meeting)

    def other(self) -> Staff:
        """A second pair of eyes."""
        return person(self.house, "admin")


def make_pile(
    house: House,
    *,
    forms: int = 4,
    phones: int = 6,
    members: int = 4,
    questionnaire: str = "five_goods_five_leads",
    rule: SpoilRule = SpoilRule.ROW,
) -> Pile:
    """A meeting of 群众代表 (12, of whom `forms` write) and 党员 (6), closed; everybody with a phone has voted."""
    hall = make_meeting(
        house, groups=(("群众代表", 14, 12), ("党员", 6, 6)), open_box=False, questionnaire=questionnaire, members=members
    )
    name_candidates(house, hall.meeting, library()[questionnaire], by=hall.secretary)
    groups.weigh(house, hall.meeting, {}, rules=groups.Rules(spoil=rule), by=hall.secretary, now=NOW)
    hall.scrutineer = meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
    with house.store.read() as db:
        ids = [group.id for group in stored.get(db, hall.meeting).groups]
    pile = Pile(hall, groups=ids)
    made = slips.issue(house, hall.meeting, ids[0], n=forms, way=Way.PAPER, by=hall.secretary, now=NOW)
    pile.forms = list(made)
    for group in ids:
        codes = slips.issue(house, hall.meeting, group, n=phones, way=Way.SHEET, by=hall.secretary, now=NOW) if phones else ()
        hall.codes[group] = list(codes)
        pile.trackers += [hall.vote(code) for code in codes]
    meetings.close(house, hall.meeting, by=hall.secretary, now=NOW)
    return pile
