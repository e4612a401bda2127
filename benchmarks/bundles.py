"""All sheets of a round in one file, by `pingyi bundle`, to the last sheet: how long, how many a second, how much memory.

Each branch has 24 members, three groups and five questions, as in benchmarks/rounds.py, and a round before to compare with. A city
takes half an hour of two free cores: `--only city_sheets`.
"""

import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rounds import MEMBERS, memory, published
from benchmarks.town import Town, person, town
from survey.actions import bundles
from survey.config import from_environment
from survey.domain.bundles import Bundle, Format, Reach, State, Wanted
from survey.store import bundles as kept
from survey.store.bundle_files import BundleFiles

TOWN, CITY = 140, 7_079
MOST_MINUTES, NAP, TELL_SECONDS = 30, 1.0, 60.0


def main() -> None:
    """A town."""
    with town() as place:
        _measure(place, TOWN)


def city() -> None:
    """A city."""
    with town() as place:
        _measure(place, CITY)


def _measure(place: Town, size: int) -> None:
    begun = time.perf_counter()
    number, by = published(place, size), person(place.house)
    print(f"{size:,} branches of {MEMBERS} members published, {time.perf_counter() - begun:.0f} s after nothing", flush=True)
    files = BundleFiles(from_environment(place.environ).instance)
    wanted = Wanted(number, place.root, Format.PDF, Reach.UNITS, "zh")
    made = bundles.ask(place.house, wanted, files, by=by, now=datetime.now(UTC))
    place.house.store.close()
    _pack(place, made, size)


def _pack(place: Town, made: int, size: int) -> None:
    was, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    worker = subprocess.Popen([sys.executable, "-m", "survey", "bundle"], env={**os.environ, **place.environ})
    first, told, most = 0.0, begun, dict[int, float]()
    while worker.poll() is None:
        time.sleep(NAP)
        _watch(worker.pid, most)
        found = _found(place, made)
        first = first or (time.perf_counter() - begun if found.done else 0.0)
        if time.perf_counter() - told > TELL_SECONDS:
            told = time.perf_counter()
            print(f"  {(told - begun) / 60:.0f} min: {found.done:,} of {found.whole:,} sheets, {sum(os.getloadavg()[:1]):.1f} want a core", flush=True)
    took = time.perf_counter() - begun
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    found, cpu, cores = _found(place, made), now.ru_utime + now.ru_stime - was.ru_utime - was.ru_stime, len(os.sched_getaffinity(0))
    assert found.state is State.DONE and found.size, found
    print(f"{size:,} branches: {found.done:,} sheets in {took / 60:.1f} min ({first:.0f} s of it to the first), one file of {found.size / 1e6:.0f} MB")
    # What others do meanwhile goes before it: on a busy machine only the work itself says how long free cores take.
    print(f"{size:,} branches: {cpu / 60:.1f} min of one core, {cpu / found.done:.3f} s a sheet; {cpu / cores / 60:.1f} min on {cores} free ones (bar {MOST_MINUTES} min)")
    print(f"{size:,} branches: most memory of each process, pages they share in each: {', '.join(f'{each:.0f}' for each in most.values())} MB")


def _watch(parent: int, most: dict[int, float]) -> None:
    """The most memory each process held so far."""
    with suppress(OSError):
        for pid in (parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split())):
            with suppress(StopIteration):
                most[pid] = memory("VmHWM", pid)


def _found(place: Town, number: int) -> Bundle:
    with place.house.store.read() as db:
        found = kept.get(db, number)
    assert found is not None
    return found
