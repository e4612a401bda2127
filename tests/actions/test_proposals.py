"""A list between the preview and the confirmation."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from survey.actions import proposals
from survey.actions.house import House
from survey.actions.trees import Ask
from survey.domain.refusals import NotAllowed, NotFound
from survey.domain.rosters import RosterLine
from survey.store import members
from survey.store import units as kept
from tests.conftest import NOW, make_people, person

BRANCH = "机修车间党支部"
LINES = tuple(RosterLine(number, f"新{chr(0x4E00 + number)}", "新成立党支部", code=f"{number:03}") for number in range(2, 300))


def everybody(house: House) -> Counter[tuple[int, str]]:
    with house.store.read() as db:
        tree = kept.all_units(db)
        return Counter((member.unit, member.name) for member in members.of_units(db, [unit.id for unit in tree]))


def test_a_list_comes_back_as_it_was_put_down(house: House) -> None:
    make_people(house)
    by = person(house, "secretary")
    odd = (
        RosterLine(2, '引"号\\与\n换行', BRANCH, "007", "在职党员", "书记", "青山镇党委", "国有企业", "党支部", "一张表"),
        RosterLine(3, "", BRANCH, fault="formula_empty", at_fault="姓名"),
    )
    key, said = proposals.propose(house, odd, by=by, now=NOW)
    assert proposals.look(house, key, Ask(by, NOW, NOW.date())) == said


def test_a_list_is_its_owners_and_only_the_last_one_waits(house: House) -> None:
    make_people(house)
    by, other = person(house, "secretary"), person(house, "admin")
    first, _ = proposals.propose(house, LINES, by=by, now=NOW)
    for who, key in ((other, first), (by, "0" * 32), (by, "\0"), (by, first.upper() + "\n")):
        with pytest.raises(NotFound):
            proposals.confirm(house, key, by=who, now=NOW)
    second, _ = proposals.propose(house, LINES[:1], by=by, now=NOW)
    with pytest.raises(NotFound):
        proposals.confirm(house, first, by=by, now=NOW)
    # Another account's list of yesterday is forgotten when somebody looks at one today.
    proposals.propose(house, LINES[1:2], by=other, now=NOW + timedelta(days=1, minutes=1))
    with pytest.raises(NotFound):
        proposals.look(house, second, Ask(by, NOW, NOW.date()))
    with pytest.raises(NotAllowed):
        proposals.propose(house, LINES, by=person(house, "leader"), now=NOW)


def test_two_who_confirm_the_same_people_at_once_add_them_once(house: House) -> None:
    make_people(house)
    before = everybody(house)
    people = [person(house, "secretary"), person(house, "admin")]
    keys = [proposals.propose(house, LINES, by=by, now=NOW)[0] for by in people]
    together = Barrier(4)

    def confirm(turn: int) -> int:
        together.wait(30)
        try:
            return len(proposals.confirm(house, keys[turn % 2], by=people[turn % 2], now=NOW).added)
        except NotFound:
            return 0

    with ThreadPoolExecutor(4) as threads:
        added = list(threads.map(confirm, range(4)))
    assert sum(added) == len(LINES)
    assert sum((everybody(house) - before).values()) == len(LINES)
    assert max(everybody(house).values()) == 1
