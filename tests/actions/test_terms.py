"""The editable lists on both databases: who may change them, and where the product uses the changed words."""

import pytest

from survey.actions import contacts, meetings, terms, trees
from survey.actions.house import House
from survey.actions.terms import Ask
from survey.domain.meetings import Entry
from survey.domain.papers import read_paper
from survey.domain.refusals import BadField, NotAllowed, NotFound, Stale, UnitStays
from survey.domain.staff import StaffRole
from survey.domain.terms import TermList
from survey.domain.units import Unit, UnitKind
from survey.store import contacts as kept_contacts
from survey.store import journal, members
from survey.store import meetings as kept_meetings
from survey.store import terms as kept
from tests.conftest import NOW, TODAY, Hall, hire, make_people, person


def ask(house: House, which: TermList = TermList.MEMBER_KIND, login: str = "admin") -> Ask:
    with house.store.read() as db:
        return Ask(which, person(house, login), NOW, kept.all_terms(db).mark(which))


def labels(house: House, which: TermList = TermList.MEMBER_KIND) -> list[str]:
    with house.store.read() as db:
        return [*kept.all_terms(db).labels(which).values()]


def test_words_are_added_renamed_ordered_retired_and_brought_back(house: House) -> None:
    make_people(house)
    terms.add(house, "预备党员", ask(house))
    terms.order(house, "own1", 0, ask(house))
    terms.rename(house, "working", "在岗党员", ask(house))
    terms.retire(house, "mobile", ask(house))
    assert labels(house) == ["预备党员", "党员领导干部", "在岗党员", "离退休党员", "无职党员"]
    terms.bring_back(house, "mobile", ask(house))
    terms.restore(house, "working", ask(house))
    assert labels(house) == ["预备党员", "党员领导干部", "在职党员", "离退休党员", "流动党员", "无职党员"]
    with pytest.raises(BadField):
        terms.add(house, "在职党员", ask(house))


def test_only_the_administrator_of_the_whole_tree_changes_them(house: House) -> None:
    hall = make_people(house)
    hire(house, "below", "支部管理员", role=StaffRole.ADMIN, unit=hall.branch)
    for login in ("secretary", "below", "leader"):
        with pytest.raises(NotAllowed):
            terms.add(house, "预备党员", ask(house, login=login))
    assert "预备党员" not in labels(house)


def test_the_second_of_two_who_change_a_list_is_told(house: House) -> None:
    make_people(house)
    first = ask(house)
    terms.add(house, "甲", first)
    with pytest.raises(Stale):
        terms.add(house, "乙", first)
    terms.add(house, "丙", ask(house, TermList.SECTOR))


def test_a_paper_names_kinds_by_the_words_of_the_day_it_opened(house: House) -> None:
    hall = make_people(house)
    terms.rename(house, "working", "在岗党员", ask(house))
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, (("群众代表", 8, 6),))
    meeting = meetings.create(house, new, by=hall.secretary, now=NOW)
    meetings.open_box(house, meeting, by=hall.secretary, now=NOW)
    terms.rename(house, "working", "又改了", ask(house))
    with house.store.read() as db:
        (body,) = kept_meetings.papers(db, meeting).values()
    assert {target.note for target in read_paper(body).targets if target.key.startswith("m")} == {"支部书记", "在岗党员"}


def test_a_unit_takes_the_sectors_on_offer(house: House) -> None:
    hall = make_people(house)
    terms.add(house, "矿区", ask(house, TermList.SECTOR))
    terms.retire(house, "rural", ask(house, TermList.SECTOR))
    by = trees.Ask(hall.secretary, NOW, TODAY)
    trees.add(house, Unit(0, hall.root, UnitKind.BRANCH, "新", sector="own1"), by)
    with pytest.raises(BadField):
        trees.add(house, Unit(0, hall.root, UnitKind.BRANCH, "旧", sector="rural"), by)


def leaders(hall: Hall) -> set[int]:
    with hall.house.store.read() as db:
        return {member.id for member in kept_contacts.leaders_of(db, hall.branch)}


def test_a_leader_looks_after_a_unit_until_he_does_no_longer(house: House) -> None:
    hall = make_people(house)
    with house.store.read() as db:
        leader = members.of_units(db, [hall.other_branch])[0].id
    for _ in range(2):
        contacts.appoint(house, hall.branch, leader, by=hall.secretary, now=NOW)
    assert leaders(hall) == {leader}
    with house.store.read() as db:
        assert [unit.id for unit in kept_contacts.units_of(db, leader)] == [hall.branch]
    for _ in range(2):
        contacts.dismiss(house, hall.branch, leader, by=hall.secretary, now=NOW)
    assert leaders(hall) == set()


def test_nobody_outside_and_nobody_who_left_looks_after_a_unit(house: House) -> None:
    hall = make_people(house)
    hire(house, "below", "支部秘书", role=StaffRole.SECRETARY, unit=hall.branch)
    with house.store.read() as db:
        far = members.of_units(db, [hall.other_branch])[0].id
    with pytest.raises(NotFound):
        contacts.appoint(house, hall.branch, far, by=person(house, "below"), now=NOW)
    with pytest.raises(NotFound):
        contacts.appoint(house, hall.branch, 10**6, by=hall.secretary, now=NOW)
    by = trees.Ask(hall.secretary, NOW, TODAY)
    empty = trees.add(house, Unit(0, hall.root, UnitKind.BRANCH, "空"), by)
    by = trees.Ask(person(house, "secretary"), NOW, TODAY)
    seen = trees.foresee(house, empty, by=by.by).mark
    entry = trees.close(house, empty, trees.Ask(by.by, NOW, TODAY, seen))
    with pytest.raises(UnitStays):
        contacts.appoint(house, empty, far, by=by.by, now=NOW)
    assert leaders(hall) == set()
    with house.store.read() as db:
        assert journal.get(db, entry)[0] == "unit_close"
