"""A box is closed, paused, or its minute runs out while many write: what was acknowledged is in it, and nothing comes in after its end."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from survey.actions import ballots, closings, meetings, pauses
from survey.actions.house import House
from survey.domain.closings import GRACE
from survey.domain.meetings import Stage
from survey.domain.refusals import WrongStage
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results as counted
from survey.urn import codes
from tests.conftest import NOW, Hall, make_meeting

WRITERS = 6
SLIPS = 4000
# Of each of the three endings.
TURNS = 4
PATIENCE = 60.0
SOON = timedelta(seconds=0.1)


@dataclass(frozen=True)
class Told:
    """What somebody was told of his ballot, and the moment he sent it."""

    code: str
    is_in: bool
    sent: datetime


class Writers:
    """People who send one ballot after the other as fast as they can; who is refused tries another time."""

    def __init__(self, hall: Hall, slips: list[str]) -> None:
        self.told: list[Told] = []
        self._hall, self._slips, self._heard, self._enough = hall, deque(slips), threading.Condition(), threading.Event()
        paper = hall.house.paper(ballots.look(hall.house, slips[0]).paper or "")
        self._answers = {name: ["0"] for name, (t, _q) in paper.fields.items() if t == 0}
        self._pool = ThreadPoolExecutor(WRITERS)
        self._hands = [self._pool.submit(self._write) for _ in range(WRITERS)]

    def until(self, many: int, *, is_in: bool) -> None:
        """Wait until so many more were told this."""
        with self._heard:
            begun = len(self.told)
            assert self._heard.wait_for(lambda: sum(each.is_in is is_in for each in self.told[begun:]) >= many, PATIENCE)

    def stop(self) -> None:
        """Everybody ends the ballot in hand; whatever failed otherwise than by a refusal fails here."""
        self._enough.set()
        for hand in self._hands:
            hand.result(PATIENCE)
        self._pool.shutdown()

    def _write(self) -> None:
        while not self._enough.is_set():
            code, sent = self._slips.popleft(), datetime.now(UTC)
            try:
                ballots.cast(self._hall.house, code, self._answers, now=sent)
                is_in = True
            except WrongStage:
                is_in = False
                self._slips.append(code)
            with self._heard:
                self.told.append(Told(code, is_in, sent))
                self._heard.notify_all()


@pytest.fixture
def hall(house: House) -> Hall:
    return make_meeting(house, groups=(("群众代表", SLIPS, SLIPS),), questionnaire="five_goods")


@contextmanager
def writing(hall: Hall) -> Iterator[Writers]:
    """People write for as long as the block lasts."""
    (slips,) = hall.codes.values()
    writers = Writers(hall, slips)
    try:
        yield writers
    finally:
        writers.stop()


def inside(hall: Hall) -> int:
    with hall.house.store.read() as db:
        spent, ballots_in = len(box.spent(db, hall.meeting)), box.in_box(db, hall.meeting)
    assert spent == ballots_in
    return ballots_in


def close(hall: Hall, act: Callable[..., None] = meetings.close) -> None:
    act(hall.house, hall.meeting, by=hall.secretary, now=NOW)


def run_out(hall: Hall, writers: Writers) -> None:
    """The minute is nearly over already; nobody presses anything, and whoever looks afterwards closes the box."""
    begun, end = len(writers.told), datetime.now(UTC) + SOON
    pauses.close_soon(hall.house, hall.meeting, by=hall.secretary, now=end - GRACE)
    writers.until(WRITERS, is_in=False)
    closings.end(hall.house, hall.meeting, now=datetime.now(UTC))
    with hall.house.store.read() as db:
        assert kept.get(db, hall.meeting).stage is Stage.CLOSED
    for told in writers.told[begun:]:
        assert not (told.is_in and told.sent >= end), "cast after the end"


@pytest.mark.long
def test_nothing_comes_in_after_an_end_and_what_was_told_is_in(hall: Hall) -> None:
    """Guards: the lock of actions.ballots.cast with the stage read again under it, and `stage_now` held against its moment."""
    with writing(hall) as writers:
        end_again_and_again(hall, writers)
    check(hall, writers)


def end_again_and_again(hall: Hall, writers: Writers) -> None:
    """Close, pause and run out in an order that was drawn, each time with somebody in the middle of writing."""
    dice = Random(7)
    back = {
        "close": lambda: meetings.reopen(hall.house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW),
        "pause": lambda: close(hall, pauses.resume),
    }
    back["time_up"] = back["close"]
    ends = {"close": lambda: close(hall), "pause": lambda: close(hall, pauses.pause), "time_up": lambda: run_out(hall, writers)}
    for way in dice.sample([*ends] * TURNS, TURNS * len(ends)):
        writers.until(dice.randrange(1, 12), is_in=True)
        ends[way]()
        before = inside(hall)
        writers.until(WRITERS, is_in=False)
        assert inside(hall) == before, way
        back[way]()


def check(hall: Hall, writers: Writers) -> None:
    """Acknowledged, spent, in the box and counted are the same."""
    acknowledged = {told.code for told in writers.told if told.is_in}
    assert len(acknowledged) == sum(told.is_in for told in writers.told) == inside(hall)
    refused = len(writers.told) - len(acknowledged)
    hall.close({group: SLIPS - len(acknowledged) for group in hall.codes})
    hall.count()
    with hall.house.store.read() as db:
        seal = counted.seal(db, hall.meeting)
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == len(acknowledged)
    digests = [codes.slip_digest(hall.house.pepper, code) for code in acknowledged]
    assert seal is not None and all(codes.tracker(hall.house.pepper, digest) in seal[0] for digest in digests)
    print(f"{TURNS * 3} endings, {len(writers.told)} tries, {len(acknowledged)} in the box, {refused} refused, 0 lost, 0 late")
