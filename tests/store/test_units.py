"""Lists of units: by code, and without one as the office's own list had them."""

from survey.actions import units
from survey.actions.house import House
from survey.domain.rosters import RosterLine
from survey.store import choices, meeting_units, outlines
from survey.store import units as kept
from survey.store.meeting_units import Wanted
from tests.conftest import NOW, make_people, on_sqlite

NAMES = ("下桥党支部", "上桥党支部", "东坡党支部")


@on_sqlite
def test_units_without_a_code_stand_as_they_were_brought_in(house: House) -> None:
    hall = make_people(house)
    lines = [RosterLine(n + 2, "张三", name) for n, name in enumerate(NAMES)]
    units.take_over(house, lines, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        tree = [unit.name for unit in kept.all_units(db)]
        below = [unit.name for unit in outlines.children(db, hall.root, most=9)]
        offered = [each.unit.name for each in meeting_units.find(db, Wanted(hall.root, kind="branch"), most=9)[0]]
        chosen = [each.name for each in choices.some(db, [unit.id for unit in kept.all_units(db)], root=hall.root)]
        paper = meeting_units.inside(db, hall.root, [unit.id for unit in kept.all_units(db) if unit.name in NAMES])
        assert [kept.get(db, each).name for each in paper] == list(NAMES)
    for each in (tree, below, offered, chosen):
        assert [name for name in each if name in NAMES] == list(NAMES)
