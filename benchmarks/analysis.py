"""The analysis command: 100,000 ballots of 106 answers, and the pictures; medians, ranges, ratios."""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.charts import Bar, Words, pdf, png, side_by_side, svg
from analysis.heat_maps import Field, HeatMap, Line, heat_map
from analysis.satisfaction import Level, Role, Scale
from analysis.shares import Share
from analysis.tally import Ballots, tally

ROWS, ITEMS, UNITS = 100_000, 106, 22
# LimeSurvey 6.14, statistics of the same table on such a machine.
LIMESURVEY = 33.0
SCALE = Scale(tuple(Level(role.value, word, role) for role, word in zip(
    tuple(Role)[:4], ("满意", "基本满意", "不满意", "不了解"), strict=True)))


def main() -> None:
    """Print every figure of this part."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "ballots.csv"
        _write(table)
        whole = _times(lambda: _command(table, Path(folder) / "whole", []), 3)
        units = _times(lambda: _command(table, Path(folder) / "units", ["--unit", "unit"]), 3)
    _say(f"python -m analysis, {ROWS:,} x {ITEMS}, all together", whole, bar=10)
    _say(f"python -m analysis, {ROWS:,} x {ITEMS}, {UNITS} units with a chart each", units, bar=10)
    print(f"  ratio to LimeSurvey's {LIMESURVEY:.0f} s for its statistics: {LIMESURVEY / statistics.median(whole):.1f} times as fast")
    ballots = _coded()
    _say(f"tally alone, {ROWS:,} x {ITEMS}", _times(lambda: tally(ballots, codes=5, valid=range(5)), 7), bar=0.5)
    _say("chart of 25 members, SVG and PNG, first in a new process, imports apart", _cold(5), bar=0.4)
    _say("chart of 25 members, SVG and PNG, later ones", _times(_draw, 9), bar=0.4)
    _say("heat map of 25 members by 6 questions, SVG, PNG and PDF", _times(_draw_heat_map, 9), bar=0.5)


def _write(path: Path) -> None:
    rng = random.Random(1)
    with path.open("w", encoding="utf-8") as out:
        out.write("unit," + ",".join(f"Q{i}" for i in range(1, ITEMS + 1)) + "\n")
        for row in range(ROWS):
            out.write(f"支部{row % UNITS}," + ",".join(rng.choices("54321", k=ITEMS)) + "\n")


def _command(table: Path, out: Path, more: list[str]) -> None:
    subprocess.run([sys.executable, "-m", "analysis", str(table), "--out", str(out), "--items", "Q*", "--levels", "5,4,3,2,1",
                    "--satisfied", "5,4", "--basic", "3", *more], check=True, stdout=subprocess.DEVNULL)


def _coded() -> Ballots:
    rng = np.random.default_rng(1)
    marks = rng.integers(0, 5, size=(ROWS, ITEMS), dtype=np.uint8)
    atoms = [(f"支部{unit}", "", "") for unit in range(UNITS)]
    return Ballots(marks, rng.integers(0, UNITS, size=ROWS), atoms)


def _draw() -> None:
    rng = random.Random(1)
    bars = [Bar(f"党员{i}", {role.value: rng.randint(0, 40) for role in tuple(Role)[:4]}) for i in range(25)]
    figure = side_by_side(bars, scale=SCALE, words=Words("机修车间党支部：党员五带头", head="党员"))
    svg(figure)
    png(figure)


def _draw_heat_map() -> None:
    rng = random.Random(1)
    rows = [[rng.randint(20, 40) for _ in range(6)] for _ in range(25)]
    lines = tuple(
        Line(f"党员{place}", tuple(Field(Share(n, 40, 40), 1 + n % 5) for n in row), Share(sum(row), 240, 240)) for place, row in enumerate(rows)
    )
    figure = heat_map(HeatMap("机修车间党支部：党员五带头", "党员", tuple(f"题目{n}" for n in range(6)), lines, ("低", "较低", "中", "较高", "高")))
    svg(figure)
    png(figure)
    pdf(figure)


def _cold(times: int) -> list[float]:
    code = ("import time; from benchmarks.analysis import _draw; start = time.perf_counter(); _draw(); "
            "print(time.perf_counter() - start)")
    return [float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
            for _ in range(times)]


def _times(work: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return found


def _say(what: str, seconds: list[float], *, bar: float) -> None:
    middle = statistics.median(seconds)
    print(f"{what}: median {middle:.3f} s ({min(seconds):.3f}–{max(seconds):.3f}, n = {len(seconds)}); "
          f"bar {bar:g} s, {middle / bar:.2f} of it")


if __name__ == "__main__":
    main()
