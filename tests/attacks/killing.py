"""Every writing act as something that can be done in a process of its own and killed between any two of its statements."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from signal import SIGKILL

from sqlalchemy import Engine, Pool, event

from survey.actions import groups, meetings, screens, slips, staff, units
from survey.app import open_house
from survey.config import Config
from survey.domain.rosters import RosterLine
from survey.domain.slips import Way
from survey.store import meetings as kept
from tests.conftest import NAMES, NOW, PASSWORD, Hall
from tests.forms_for_tests import Pile


@dataclass(frozen=True)
class Given:
    """What an act needs beside its meeting: a code, or numbers by group."""

    code: str = ""
    numbers: tuple[tuple[int, int], ...] = ()


def _import(hall: Hall, _given: Given) -> None:
    places = ("机修车间党支部", "新成立党支部", "退休第一党支部")
    lines = [RosterLine(n + 2, f"{NAMES[n]}新", places[n % 3]) for n in range(12)]
    units.take_over(hall.house, lines, by=hall.secretary, now=NOW)


def _change_groups(hall: Hall, _given: Given) -> None:
    rows = [("群众代表", 9, 7), ("党员", 7, 7)]
    groups.change(hall.house, hall.meeting, rows, by=hall.secretary, now=NOW)


def _open(hall: Hall, _given: Given) -> None:
    meetings.open_box(hall.house, hall.meeting, by=hall.secretary, now=NOW)


def _back_to_draft(hall: Hall, _given: Given) -> None:
    meetings.back_to_draft(hall.house, hall.meeting, by=hall.secretary, now=NOW)


def _issue(hall: Hall, given: Given) -> None:
    for group, n in given.numbers:
        slips.issue(hall.house, hall.meeting, group, n=n, way=Way.SHEET, by=hall.secretary, now=NOW)


def _void_group(hall: Hall, given: Given) -> None:
    for group, _n in given.numbers:
        slips.void_group(hall.house, hall.meeting, group, by=hall.secretary, now=NOW)


def _void_code(hall: Hall, given: Given) -> None:
    slips.void_codes(hall.house, hall.meeting, [given.code], by=hall.secretary, now=NOW)


def _cast(hall: Hall, given: Given) -> None:
    hall.vote(given.code)


def _take(hall: Hall, given: Given) -> None:
    with hall.house.store.read() as db:
        door = kept.get(db, hall.meeting).door
    mark = screens.turn(hall.house, door, NOW)
    screens.take(hall.house, door, mark, given.numbers[0][0], now=NOW)


def _key(hall: Hall, given: Given) -> None:
    Pile(hall).key(given.code)


def _close(hall: Hall, _given: Given) -> None:
    meetings.close(hall.house, hall.meeting, by=hall.secretary, now=NOW)


def _reopen(hall: Hall, _given: Given) -> None:
    meetings.reopen(hall.house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)


def _leftovers(hall: Hall, given: Given) -> None:
    meetings.set_leftovers(hall.house, hall.meeting, dict(given.numbers), by=hall.secretary, now=NOW)


def _count(hall: Hall, _given: Given) -> None:
    hall.count()


def _void(hall: Hall, _given: Given) -> None:
    meetings.void(hall.house, hall.meeting, reason="停电", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)


def _log_in(hall: Hall, _given: Given) -> None:
    staff.log_in(hall.house, "secretary", PASSWORD, now=NOW)


ACTS: dict[str, Callable[[Hall, Given], None]] = {
    "import": _import,
    "change_groups": _change_groups,
    "open": _open,
    "back_to_draft": _back_to_draft,
    "issue": _issue,
    "void_group": _void_group,
    "void_code": _void_code,
    "cast": _cast,
    "take": _take,
    "key_first": _key,
    "key_second": _key,
    "close": _close,
    "reopen": _reopen,
    "leftovers": _leftovers,
    "count": _count,
    "void": _void,
    "log_in": _log_in,
}


def do_and_die(config: Config, hall: Hall, act: Callable[[Hall, Given], None], given: Given, last: int) -> None:
    """Do an act and be killed at step number `last`: before a statement, before the commit, or after it."""
    house = open_house(config)
    left = last

    def step(*_arguments: object, **_named: object) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), SIGKILL)
        left -= 1

    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, step)
    event.listen(Pool, "checkin", step)
    act(replace(hall, house=house), given)
    os._exit(0)
