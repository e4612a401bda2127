"""2,219 real ballots through the served box as two meetings, and every count against `python -m analysis`."""

import csv
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.town import Box, Town, body, box, close_and_count, served, town
from survey.domain.questionnaire_json import questionnaire
from survey.domain.questionnaires import Questionnaire
from survey.store import results

PORT = 8792
LEVELS = ("5", "4", "3", "2", "1")
ROLES = ("satisfied", "satisfied", "basic", "unsatisfied", "unsatisfied")
QUESTIONS = tuple(f"Q{i}" for i in range(1, 29))


def main(file: Path) -> None:
    """Item 16: cast, count, compare; prints how many counts are equal and ends with an error when one is not."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    by_unit: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_unit.setdefault(row["instr"], []).append(row)
    expected = _analysed(file)
    equal = different = 0
    with town(PORT) as place:
        counted = {unit: _vote(place, unit, ballots) for unit, ballots in by_unit.items()}
    for (unit, item, level), n in expected.items():
        if counted[unit].get((item, level), 0) == n:
            equal += 1
        else:
            different += 1
            print(f"  differs: {unit} {item} level {level}: analysis {n}, box {counted[unit].get((item, level), 0)}")
    sizes = ", ".join(f"{unit}: {len(ballots)}" for unit, ballots in by_unit.items())
    print(f"{sum(map(len, by_unit.values())):,} ballots through the served box ({sizes}): {equal} counts equal, {different} different")
    if different or not equal:
        raise SystemExit(1)


def _vote(place: Town, unit: str, ballots: list[dict[str, str]]) -> Counter[tuple[str, str]]:
    opened = box(place, f"第{unit}党支部", members=0, people=len(ballots), form=_form())
    with served(place, PORT), ThreadPoolExecutor(16) as pool:
        statuses = Counter(pool.map(partial(_post, opened=opened), opened.codes, ballots))
    if set(statuses) != {303}:
        raise SystemExit(f"Some ballots were not taken: {dict(statuses)}")
    close_and_count(place, opened)
    with place.house.store.read() as db:
        (counts,) = results.counts(db, opened.meeting).values()
    return Counter({(c.question, LEVELS[c.option]): c.ballots for c in counts})


def _post(code: str, ballot: dict[str, str], opened: Box) -> int:
    answers = {
        name: str(LEVELS.index(ballot[opened.paper.questions(opened.paper.targets[t])[q].key]))
        for name, (t, q) in opened.paper.fields.items()
    }
    connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("POST", f"/b/{code}", body(answers), {"Content-Type": "application/x-www-form-urlencoded"})
    status = connection.getresponse().status
    connection.close()
    return status


def _form() -> Questionnaire:
    options = [
        {"code": i, "label": level, "role": role, "points": 25 * (4 - i)}
        for i, (level, role) in enumerate(zip(LEVELS, ROLES, strict=True))
    ]
    questions = [{"key": q, "kind": "rating", "text": q, "scale": "five"} for q in QUESTIONS]
    return questionnaire(
        {
            "key": "uci262",
            "title": "UCI 262",
            "scales": [{"key": "five", "label": "1–5", "options": options}],
            "sections": [{"key": "unit", "title": "28", "audience": "unit", "questions": questions}],
        }
    )


def _analysed(file: Path) -> dict[tuple[str, str, str], int]:
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "analysis", str(file), "--out", out, "--items", "Q*"]
        command += ["--levels", ",".join(LEVELS), "--satisfied", "5,4", "--basic", "3", "--unit", "instr"]
        subprocess.run(command, check=True)
        with (Path(out) / "satisfaction.csv").open(encoding="utf-8-sig", newline="") as lines:
            return {
                (row["unit"], row["item"], level): int(row[f"n_{level}"])
                for row in csv.DictReader(lines)
                if row["unit"] and row["item"] != "*"
                for level in LEVELS
            }
