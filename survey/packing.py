"""The command `pingyi bundle`: makes the sheets that were asked for and puts them into one file, outside every request.

One process holds a bundle and says so in the database; as many as there are cores make its sheets. They are children of the
first, made after what they all read was read once. All of them give way to a meeting that is under way.
"""

import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from mmap import mmap
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from struct import calcsize
from threading import Event, Thread
from typing import NoReturn

from survey.actions import bundles
from survey.actions.house import House
from survey.app import create_app
from survey.config import Config, Unsafe
from survey.domain.bundles import SILENCE, Bundle
from survey.domain.refusals import Away, NoRoom, Refused
from survey.store import bundles as kept
from survey.store.bundle_files import BundleFiles
from survey.web.board.bundle_sheets import Contents, Studio, contents, index, make
from survey.web.errors import shortage

# How much a meeting goes before it, the most cores it takes, how often a child that was killed is replaced.
NICE, MOST_HANDS, MOST_DEATHS = 15, 4, 3
_PAUSE, _TELL_SECONDS = 0.4, 2.0
# Sheets after which it can be said how long the others take.
_KNOWN_AFTER = 4
_EXITS = {"disk": 10, "memory": 11, "fault": 12, "away": 13, "gone": 14}
_WHY = {code: why for why, code in _EXITS.items()}
# Waits so many seconds, or shorter; True when it is time to stop.
Wait = Callable[[float], bool]
log = logging.getLogger("pingyi")


class _Lost(Exception):
    """The bundle was given up, or another works on it."""


class _Stopped(Exception):
    """The server ends."""


class _Failed(Exception):
    """It cannot go on."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def pack(config: Config, *, attended: bool) -> int:
    """Work on bundles until none waits; `attended` ends also when the standard input does, which the server holds.

    Raises
    ------
    Unsafe
        The database is of another release.
    """
    watch = Watch(attended)
    os.nice(NICE)
    studio = Studio(create_app(config))
    house = studio.house
    if not house.store.is_current():
        raise Unsafe("The database is of another release. Run: pingyi migrate")
    try:
        work(studio, wait=watch)
    finally:
        house.store.close()
    return 0


def work(studio: Studio, *, wait: Wait, hands: int = 0) -> None:
    """One bundle after the other, unless somebody else on this machine is at it."""
    house, files = studio.house, BundleFiles(studio.instance)
    with files.alone() as alone:
        if not alone:
            return
        bundles.sweep(house, files, now=_now())
        idle_since: float | None = None
        while not wait(0.0 if idle_since is None else _PAUSE):
            holder = bundles.word(house)
            bundle = bundles.take(house, holder, now=_now())
            if bundle is not None:
                idle_since = None
                _Job(studio, house, files, bundle, holder, hands or _cores()).run(wait)
                continue
            # One whose holder was killed a moment ago may be taken when he has been silent long enough.
            idle_since = idle_since or time.monotonic()
            with house.store.read() as db:
                is_left = kept.is_under_way(db)
            if not is_left or time.monotonic() - idle_since > SILENCE.total_seconds() + _TELL_SECONDS:
                return


class Watch:
    """Waits, and knows when to stop: by a signal, or when whoever started this process is gone."""

    def __init__(self, attended: bool) -> None:
        self._attended = attended
        self._is_over = False
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, self._end)

    def __call__(self, seconds: float) -> bool:
        if self._attended and not self._is_over:
            readable, _writable, _odd = select.select([sys.stdin.fileno()], [], [], seconds)
            self._is_over = bool(readable) and not os.read(sys.stdin.fileno(), 1)
        elif not self._is_over:
            time.sleep(seconds)
        return self._is_over

    def _end(self, _signal: int, _frame: object) -> None:
        self._is_over = True


@dataclass
class _Job:
    """One bundle while it is worked on."""

    studio: Studio
    house: House
    files: BundleFiles
    bundle: Bundle
    holder: str
    hands: int
    _told: float = field(default_factory=time.monotonic)

    def run(self, wait: Wait) -> None:
        """Make what is missing and join it; whatever ends it, what is finished stays, unless nobody wants it any more."""
        try:
            self._run(wait)
        except _Stopped:
            bundles.let_go(self.house, self.bundle, self.holder, now=_now())
        except _Lost:
            self._drop_unwanted()
        except (_Failed, OSError, MemoryError, Refused) as fault:
            if isinstance(fault, Away) and not isinstance(fault, NoRoom):
                # The database is away: nothing can be said. Whoever finds the silence later goes on.
                raise
            if not bundles.fail(self.house, self.bundle, self.holder, _why(fault), now=_now()):
                self._drop_unwanted()

    def _run(self, wait: Wait) -> None:
        with self._alive(), self.studio.open(self.bundle.wanted):
            found = contents(self.bundle.wanted)
            there = self.files.begin(self.bundle.key, found.mark)
        left = [number for number in range(len(found.sheets)) if number not in there]
        self._tell(done=len(there), whole=len(found.sheets), scope=found.scope)
        self._make(found, left, wait)
        with self._alive(), self.studio.open(self.bundle.wanted):
            page = index(self.bundle.wanted, found.sheets)
            size = self.files.join(self.bundle.key, [each.path for each in found.sheets], page, at=found.at)
        if not bundles.finish(self.house, self.bundle, self.holder, size, now=_now()):
            raise _Lost()
        self.files.tidy(self.bundle.key)

    def _drop_unwanted(self) -> None:
        """Whoever stopped it removed its sheets; one may have been written at that very moment."""
        with self.house.store.read() as db:
            is_wanted = self.bundle.key in kept.with_files(db)
        if not is_wanted:
            self.files.drop(self.bundle.key)

    def _make(self, found: Contents, left: Sequence[int], wait: Wait) -> None:
        """Let the children make what is missing, and watch them."""
        before, begun, deaths = len(found.sheets) - len(left), time.monotonic(), 0
        shares = [list(left[n :: self.hands]) for n in range(self.hands) if left[n :: self.hands]]
        # Memory that parent and children share: how many sheets each child has made.
        done = memoryview(mmap(-1, (len(shares) or 1) * calcsize("L"))).cast("L")
        children = [self._child(found, share, done, n) for n, share in enumerate(shares)]
        try:
            while any(each.exitcode != 0 for each in children):
                if wait(_PAUSE):
                    raise _Stopped()
                made = sum(done)
                seconds = (time.monotonic() - begun) / made * (len(left) - made) if made >= _KNOWN_AFTER else None
                self._tell_now_and_then(done=before + made, seconds=None if seconds is None else round(seconds))
                for n, child in enumerate(children):
                    if child.exitcode:
                        deaths += 1
                        _judge(child.exitcode, deaths)
                        children[n] = self._child(found, shares[n][done[n] :], done, n)
        finally:
            for each in children:
                each.kill()
                each.join()
        self._tell(done=len(found.sheets))

    def _child(self, found: Contents, numbers: Sequence[int], done: memoryview, place: int) -> ForkProcess:
        # No connection may be in two processes: a child opens its own.
        self.house.store.close()
        made = get_context("fork").Process(target=self._make_some, args=(found, numbers, done, place, os.getpid()), daemon=True)
        made.start()
        return made

    def _make_some(self, found: Contents, numbers: Sequence[int], done: memoryview, place: int, parent: int) -> NoReturn:
        """What a child does: one sheet after the other, kept at once."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        number = -1
        try:
            with self.studio.open(self.bundle.wanted):
                for number in numbers:
                    # Nobody would tell an orphan to stop.
                    if os.getppid() != parent:
                        sys.exit(_EXITS["gone"])
                    self.files.keep(self.bundle.key, number, make(self.bundle.wanted, found.sheets[number]))
                    done[place] += 1
        except FileNotFoundError:
            sys.exit(_EXITS["gone"])
        except Exception as fault:
            log.error("Sheet %s could not be made: %s", found.sheets[number].key, type(fault).__name__)
            sys.exit(_EXITS[_why(fault)])
        sys.exit(0)

    def _tell_now_and_then(self, **values: object) -> None:
        """Look whether it is still wanted; and every few seconds, unless somebody votes at this moment, write how far it is."""
        if time.monotonic() - self._told >= _TELL_SECONDS:
            self._tell(**values)
            return
        with self.house.store.read() as db:
            if not kept.is_held(db, self.bundle.id, self.holder):
                raise _Lost()

    def _tell(self, **values: object) -> None:
        if not bundles.tell(self.house, self.bundle, self.holder, now=_now(), **values):
            raise _Lost()
        self._told = time.monotonic()

    @contextmanager
    def _alive(self) -> Iterator[None]:
        """Keep saying that this is worked on, during what cannot be interrupted. The thread is gone before any child is made."""
        over = Event()
        lost: list[Refused | _Lost] = []

        def say() -> None:
            while not over.wait(_TELL_SECONDS):
                try:
                    self._tell()
                except (Refused, _Lost) as fault:
                    lost.append(fault)
                    return

        thread = Thread(target=say)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
        if lost:
            raise lost[0]


def _judge(code: int, deaths: int) -> None:
    """Whether a child that did not finish may be replaced: one that was killed may, a few times."""
    if _WHY.get(code) == "gone":
        raise _Lost()
    if code > 0:
        raise _Failed(_WHY.get(code, "fault"))
    if deaths > MOST_DEATHS:
        # The system kills whoever takes too much of its memory.
        raise _Failed("memory")


def _why(fault: Exception) -> str:
    if isinstance(fault, _Failed):
        return fault.why
    short = fault if isinstance(fault, NoRoom) else shortage(fault)
    if short is not None:
        return str(short.facts.get("what", "disk"))
    return "away" if isinstance(fault, Away) else "fault"


def _cores() -> int:
    return min(MOST_HANDS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _now() -> datetime:
    return datetime.now(UTC)
