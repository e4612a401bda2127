"""All sheets of a round in one file: how many a second `pingyi bundle` makes, and what that is for a city.

Each branch has 24 members, three groups and five questions, as in benchmarks/rounds.py. The small town is made whole. Of a city,
published whole (`--only city_bundles`), sheets are made for a minute and a half: what reading so large a round costs is in it.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

from benchmarks.rounds import MEMBERS, held
from benchmarks.town import NOW, Town, person, town
from survey.actions import bundles, publications
from survey.config import from_environment
from survey.domain.bundles import Bundle, Format, Reach, State, Wanted
from survey.store import bundles as kept
from survey.store.bundle_files import BundleFiles

TOWN, CITY, BRANCHES = 140, 7_000, 7_079
MOST_MINUTES, CITY_SECONDS = 30, 90


def main() -> None:
    """A town, to the end."""
    with town() as place:
        _measure(place, TOWN, seconds=None)


def city() -> None:
    """A city, for a while."""
    with town() as place:
        _measure(place, CITY, seconds=CITY_SECONDS)


def _measure(place: Town, size: int, *, seconds: int | None) -> None:
    number = held(place, size)
    by = person(place.house)
    with place.house.store.read() as db:
        seen = publications.preview(db, number, release="", by=by).seen
    publications.publish(place.house, number, seen, release="", by=by, now=NOW)
    files = BundleFiles(from_environment(place.environ).instance)
    wanted = Wanted(number, place.root, Format.PDF, Reach.UNITS, "zh")
    made = bundles.ask(place.house, wanted, files, by=by, now=datetime.now(UTC))
    place.house.store.close()
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    worker = subprocess.Popen([sys.executable, "-m", "survey", "bundle"], env={**os.environ, **place.environ})
    first: float | None = None
    while worker.poll() is None:
        time.sleep(0.5)
        found = _found(place, made)
        took = time.perf_counter() - begun
        first = took if first is None and found.done else first
        if seconds is not None and took > seconds:
            worker.send_signal(signal.SIGTERM)
            worker.wait()
    took = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    _say(_found(place, made), size, took=took, first=first or took, cpu=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"{size:,} branches: most memory of one process {after.ru_maxrss / 1024:.0f} MB")


def _say(found: Bundle, size: int, *, took: float, first: float, cpu: float) -> None:
    assert found.done and found.state in (State.DONE, State.WAITING), found
    rate = found.done / (took - first) if took > first else 0.0
    cores = len(os.sched_getaffinity(0))
    print(f"{size:,} branches of {MEMBERS} members: {found.done:,} sheets in {took:.1f} s ({first:.1f} s of it to the first), {cpu / found.done:.3f} s of a core each")
    if found.size:
        print(f"{size:,} branches: one file of {found.size / 1e6:.1f} MB, {found.size / found.done / 1e3:.0f} kB a sheet")
    # What others do meanwhile goes before it: on a busy machine only the work itself says how long free cores take.
    alone = (first + BRANCHES * cpu / found.done / cores) / 60
    print(f"{size:,} branches: {BRANCHES:,} are {BRANCHES * cpu / found.done / 60:.1f} min of one core, {alone:.1f} min on {cores} free ones (bar {MOST_MINUTES} min)")
    print(f"{size:,} branches: {rate:.1f} sheets a second now; {BRANCHES:,} take {(first + BRANCHES / rate) / 60:.1f} min at that rate")


def _found(place: Town, number: int) -> Bundle:
    with place.house.store.read() as db:
        found = kept.get(db, number)
    assert found is not None
    return found
