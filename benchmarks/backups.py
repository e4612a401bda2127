"""A backup of a house with a full box, and putting it back into an empty database of the same kind."""

import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from random import SystemRandom

from benchmarks.town import NOW, Town, box, database, everything, median_and_range, postgres, town
from survey.actions import ballots
from survey.actions.backups import backup, restore
from survey.actions.house import House
from survey.store.engine import Store

PEOPLE = 5000
RUNS = 3


def main() -> None:
    """Print item 8, on both databases."""
    with postgres() as server:
        for name, where in (("SQLite", ""), ("PostgreSQL", server)):
            with town(server=where) as place:
                opened = box(place, "大会场党支部", members=20, people=PEOPLE)
                answers = {field: [value] for field, value in everything(opened.paper).items()}
                for code in opened.codes:
                    ballots.cast(place.house, code, answers)
                files = [place.folder / f"{number}.zip" for number in range(RUNS)]
                wrote = [_written(place, file) for file in files]
                back = [_put_back(place, file, where) for file in files]
            print(
                f"8 {name}: backup of a box of {PEOPLE} ballots {median_and_range(wrote, 's')}, "
                f"restore {median_and_range(back, 's')}"
            )


def _written(place: Town, file: Path) -> float:
    begun = time.perf_counter()
    backup(place.house, file, version="", now=NOW, progress=_silent)
    return time.perf_counter() - begun


def _put_back(place: Town, file: Path, server: str) -> float:
    with tempfile.TemporaryDirectory() as folder, database(server) if server else nullcontext("") as made:
        empty = Store(made or f"sqlite:///{folder}/empty.db")
        house = House(empty, place.house.keys, place.house.pepper, SystemRandom())
        begun = time.perf_counter()
        restore(house, file, keep_pepper=lambda _pepper: None, progress=_silent)
        took = time.perf_counter() - begun
        empty.close()
    return took


def _silent(_table: str, _rows: int) -> None:
    """Nobody looks at the progress."""
