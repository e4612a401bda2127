"""The acts of running a hall and of a planned round, to be killed between any two of their statements like those of `killing`."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from survey.actions import batches, closings, keyings, pauses, places, rated, slips
from survey.domain.keyings import Spoil
from survey.domain.slips import Way
from survey.store import members
from tests.attacks.killing import Given
from tests.conftest import NOW, TODAY, Hall
from tests.rounds_for_tests import batch

LATER = NOW + timedelta(hours=1)


def _pause(hall: Hall, _given: Given) -> None:
    pauses.pause(hall.house, hall.meeting, by=hall.secretary, now=NOW)


def _resume(hall: Hall, _given: Given) -> None:
    pauses.resume(hall.house, hall.meeting, by=hall.secretary, now=NOW)


def _close_soon(hall: Hall, _given: Given) -> None:
    pauses.close_soon(hall.house, hall.meeting, by=hall.secretary, now=NOW)


def _go_on(hall: Hall, _given: Given) -> None:
    pauses.go_on(hall.house, hall.meeting, by=hall.secretary, now=NOW)


def _end(hall: Hall, _given: Given) -> None:
    closings.end(hall.house, hall.meeting, now=LATER)


def _print_forms(hall: Hall, given: Given) -> None:
    for group, n in given.numbers:
        slips.issue(hall.house, hall.meeting, group, n=n, way=Way.PAPER, by=hall.secretary, now=NOW)


def _drop(hall: Hall, given: Given) -> None:
    keyings.drop(hall.house, hall.meeting, given.code, by=hall.secretary, now=LATER)


def _spoil(hall: Hall, given: Given) -> None:
    keyings.spoil(hall.house, hall.meeting, given.code, Spoil.TORN, group=None, by=hall.secretary, now=LATER)


def _leave_out(hall: Hall, _given: Given) -> None:
    with hall.house.store.read() as db:
        out = [member.id for member in members.of_units(db, [hall.branch])[:2]]
    rated.leave_out(hall.house, hall.meeting, out, by=hall.secretary, now=NOW)


def _settle(hall: Hall, _given: Given) -> None:
    places.settle(hall.house, hall.meeting, TODAY, "车间", by=hall.secretary, now=NOW)


def _make_meetings(hall: Hall, given: Given) -> None:
    batches.make(hall.house, given.numbers[0][0], batch(hall.root), by=hall.secretary, now=NOW)


def _take_back(hall: Hall, given: Given) -> None:
    batches.take_back(hall.house, given.numbers[0][0], by=hall.secretary, now=NOW)


OF_HALLS: Mapping[str, Callable[[Hall, Given], None]] = {
    "pause": _pause,
    "resume": _resume,
    "close_soon": _close_soon,
    "extend": _close_soon,
    "go_on": _go_on,
    "end": _end,
    "print_forms": _print_forms,
    "drop": _drop,
    "spoil": _spoil,
    "leave_out": _leave_out,
    "settle": _settle,
    "make_meetings": _make_meetings,
    "take_back": _take_back,
}
