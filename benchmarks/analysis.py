"""The arithmetic: `python -m analysis` on 100,000 ballots of 106 answers, and the tally alone."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.tally import BLANK, Ballots, tally
from benchmarks.town import median_and_range

BALLOTS = 100_000
ITEMS = 106
UNITS = 20
LIMESURVEY_SECONDS = 33
SEED = 19


def main() -> None:
    """Print item 19."""
    random = np.random.default_rng(SEED)
    marks = random.choice(
        np.array([0, 1, 2, 3, 4, BLANK], np.uint8), (BALLOTS, ITEMS), p=[0.4, 0.3, 0.15, 0.08, 0.05, 0.02]
    )
    units = random.integers(0, UNITS, BALLOTS)
    _tally(marks, units)
    with tempfile.TemporaryDirectory() as name:
        table = Path(name) / "ballots.csv"
        _write(table, marks, units)
        took = [_command(table, Path(name) / f"out{run}") for run in range(3)]
    ratio = LIMESURVEY_SECONDS / sorted(took)[1]
    print(
        f"19 python -m analysis, {BALLOTS} ballots x {ITEMS} answers, {UNITS} units: {median_and_range(took, 's')}; "
        f"{ratio:.1f} times as fast as LimeSurvey's {LIMESURVEY_SECONDS} s"
    )


def _tally(marks: NDArray[np.uint8], units: NDArray[np.int64]) -> None:
    atoms = [(f"第{unit + 1}党支部", "", "") for unit in range(UNITS)]
    ballots = Ballots(marks, units, atoms)
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        counted = tally(ballots, codes=5, valid=range(5))
        took.append(time.perf_counter() - begun)
    assert int(counted.counts.sum()) == int((marks != BLANK).sum())
    print(f"19 the tally alone: {median_and_range(took, 's')}")


def _write(table: Path, marks: NDArray[np.uint8], units: NDArray[np.int64]) -> None:
    letters = np.array(["5", "4", "3", "2", "1", *[""] * (BLANK - 4)])
    with table.open("w", encoding="utf-8") as file:
        file.write(",".join(["unit", *(f"Q{i + 1}" for i in range(ITEMS))]) + "\n")
        for unit, row in zip(units, marks, strict=True):
            file.write(f"第{unit + 1}党支部,{','.join(letters[row])}\n")


def _command(table: Path, out: Path) -> float:
    command = [sys.executable, "-m", "analysis", str(table), "--out", str(out), "--items", "Q*"]
    command += [
        "--levels",
        "5,4,3,2,1",
        "--satisfied",
        "5,4",
        "--basic",
        "3",
        "--unit",
        "unit",
        "--points",
        "100,80,60,30,0",
    ]
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun
