"""The demo's township: founded with its people, and three rounds held, counted and published by the same acts as anybody's."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from survey import quarters, township
from survey.actions import ballots, batches, groups, meetings, plans, publications, results, slips, staff, units
from survey.actions.house import House
from survey.actions.questionnaires import DEFAULT
from survey.config import release
from survey.domain.meetings import Entry
from survey.domain.plans import Invited
from survey.domain.rosters import Plan
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Source
from survey.domain.slips import Way
from survey.domain.staff import Staff, StaffRole
from survey.domain.titles import evaluation, whole_round
from survey.domain.units import Unit, UnitKind
from survey.store import coverage
from survey.store import meetings as kept
from survey.store import plans as planned
from survey.store.staff import account
from survey.store.staff import staff as read_staff

# In the morning, by the zone of the township's own clocks.
_HOUR = time(1, 30, tzinfo=UTC)
_WORKERS = 20
_HELD, _PUBLISHED = timedelta(days=20), timedelta(days=4)
# Scores come from the box alone, so that there are grades to propose before anybody has typed any.
_SCHEME = Scheme(
    sources=(Source("群众评", 60, quarters.GROUPS[:1]), Source("党员评", 40, quarters.GROUPS[1:])),
    grades=(("优秀", 95.0), ("合格", 70.0), ("基本合格", 60.0), ("不合格", 0.0)), quota=(1, 3),
)  # fmt: skip
_PEOPLE = ((StaffRole.ADMIN, "admin", "管一"), (StaffRole.SECRETARY, "secretary", "李四"), (StaffRole.LEADER, "leader", "王五"))


def found(house: House, passwords: Mapping[str, str], *, now: datetime) -> Plan:
    """Found the township with its accounts, its branches and their members."""
    root = units.found(house, Unit(0, None, UnitKind.COMMITTEE, township.COMMITTEE), now=now)
    for role, login, name in _PEOPLE:
        staff.add(house, login, name=name, role=role, unit=root, password=passwords[login], now=now)
    return units.take_over(house, township.roster(), by=person(house, "secretary"), now=now)


def person(house: House, login: str) -> Staff:
    """One of the demo's accounts."""
    with house.store.read() as db:
        known = account(db, login)
        one = read_staff(db, known.id) if known else None
    if one is None:
        raise SystemExit(f"The folder holds no demo: there is no {login}. Choose another with --folder.")
    return one


def hold_rounds(house: House, *, by: Staff, today: date, watch: Callable[[int, int], None] = lambda done, all_: None) -> list[int]:
    """A round for each of the three quarters before today's, published; returns their ids.

    Parameters
    ----------
    watch : callable
        Told how many meetings were counted, of how many.
    """
    made = []
    every = len(township.branches())
    found = quarters.quarters(today)
    for turn, quarter in enumerate(found):
        made.append(hold_round(house, quarter, turn, by=by, watch=partial(_watch, watch, turn * every, len(found) * every)))
        publish_round(house, made[-1], by=by, now=datetime.combine(quarter[2] + _PUBLISHED, _HOUR))
    return made


def hold_round(
    house: House, quarter: tuple[str, date, date], turn: int, *, by: Staff, watch: Callable[[int], None] = lambda done: None
) -> int:
    """One round, counted and not yet published; returns its id. `quarter` is its key, first and last day; `turn` which of the three."""
    number = _plan(house, quarter, by=by)
    for done, (meeting, branch) in enumerate(_meetings(house, number), 1):
        _hold(house, meeting, (branch, turn), by=by, now=datetime.combine(quarter[2] - _HELD, _HOUR))
        watch(done)
    return number


def publish_round(house: House, number: int, *, by: Staff, now: datetime) -> None:
    """Publish a round as it stands."""
    with house.store.read() as db:
        seen = publications.preview(db, number, release=release(), by=by).seen
    publications.publish(house, number, seen, release=release(), by=by, now=now)


def _watch(watch: Callable[[int, int], None], before: int, all_: int, done: int) -> None:
    watch(before + done, all_)


def _plan(house: House, quarter: tuple[str, date, date], *, by: Staff) -> int:
    """The round with a draft for every branch."""
    key, first, last = quarter
    now = datetime.combine(first, _HOUR)
    invited = (Invited(quarters.GROUPS[0], _WORKERS), Invited(quarters.GROUPS[1], None))
    rules = ((UnitKind.BRANCH.value, "", DEFAULT),)
    asked = plans.Asked(by.unit, whole_round(key), key, first, last, rules, invited, Entry.SLIPS.value, _SCHEME)
    number = plans.plan(house, asked, by=by, now=now)
    batch = batches.Batch(coverage.Wanted(by.unit), None, last - _HELD, lambda name: evaluation(name, key))
    batches.make(house, number, batch, by=by, now=now)
    return number


def _meetings(house: House, number: int) -> list[tuple[int, str]]:
    """The meetings of a round with the names of their branches."""
    with house.store.read() as db:
        found, _total = coverage.page(db, planned.get(db, number), coverage.Wanted(planned.get(db, number).unit), first=0, most=100)
    return [(each.meeting, each.name) for each in found if each.meeting is not None]


def _hold(house: House, meeting: int, when: tuple[str, int], *, by: Staff, now: datetime) -> None:
    """One meeting from its draft to the count."""
    branch, turn = when
    with house.store.read() as db:
        due = {each.name: each.due for each in kept.get(db, meeting).groups}
    attended = quarters.attended(branch, turn, due=due)
    groups.change(house, meeting, [(name, n, attended[name][0]) for name, n in due.items()], by=by, now=now)
    word = meetings.open_box(house, meeting, by=by, now=now) or ""
    with house.store.read() as db:
        opened = kept.get(db, meeting).groups
    for group in opened:
        present, returned = attended[group.name]
        codes = slips.issue(house, meeting, group.id, n=present, way=Way.SHEET, by=by, now=now)
        paper = house.paper(ballots.look(house, codes[0]).paper or "")
        for code, answers in zip(codes, quarters.answers(paper, quarters.Vote(branch, turn, group.name, returned)), strict=False):
            ballots.cast(house, code, answers)
    meetings.close(house, meeting, by=by, now=now)
    meetings.set_leftovers(house, meeting, {group.id: 0 for group in opened}, by=by, now=now)
    results.count(house, meeting, word, by=by, now=now)
