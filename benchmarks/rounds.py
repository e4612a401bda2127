"""A round that is published: how long its preview, its publication and its pages take, and how that grows.

Meetings are written straight into the store with a seal each, as a count leaves them: three groups, a branch of 24 members, five
questions, and one meeting in ten too small to show anything. 7,000 branches are a city: `--only city_rounds`.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from urllib.request import OpenerDirector

from sqlalchemy import insert, text

from benchmarks.boards import logged_in
from benchmarks.town import NOW, Town, median_and_range, person, served, town
from survey.actions import publications
from survey.actions.plans import Asked, plan
from survey.actions.questionnaires import library
from survey.domain.meetings import Entry, Stage
from survey.domain.papers import Paper, Target
from survey.domain.plans import Invited
from survey.domain.publication_files import COUNTS, MANIFEST
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.questionnaires import Audience, Questionnaire
from survey.domain.rounds import Scheme
from survey.office.hand_ins import packed
from survey.store import publications as kept
from survey.store.office_tables import UnitRow
from survey.store.publication_sums import Kept
from survey.store.tables import CountRow, GroupRow, MeetingRow, PaperRow, RoundRow, SealRow

SIZES, CITY, PROVINCE = (300, 700), (7_000,), (700, 7_000, 70_000)
PORT, WARM = 8796, 9
GROUPS, MEMBERS = ("群众代表", "党员", "服务对象"), 24
# The fewest and most ballots of a group; and in a small meeting.
BALLOTS, FEW = (8, 16), 1
# How likely each answer is in good, middling and poor branches, and how many there are of each: counts are no more alike than a city's.
LIKELY, DRAWN = (*6 * ((90, 8, 1, 1),), *3 * ((72, 20, 5, 3),), (40, 22, 25, 13)), 1_024
_A_HEAD, _AT_ONCE, _NAP = 7, 100, 0.2
Thing = TypeVar("Thing")


def main() -> None:
    """The sizes that take a minute."""
    _all(SIZES)


def city() -> None:
    """A city's."""
    _all(CITY)


def province() -> None:
    """How cost grows with meetings: ten times a city, with two members a branch instead of 24."""
    _all(PROVINCE, members=2)


def files(size: int = CITY[0]) -> None:
    """What a city's round takes for whoever has its file: to verify it, to make every figure anew, to count its table as any other."""
    scale = ("--levels", "0,1,2,3", "--satisfied", "0", "--basic", "1", "--items", "answer", "--unit", "unit", "--member", "target", "--count", "ballots")
    with town() as place:
        number = published(place, size)
        file, table, out = place.folder / "round.zip", place.folder / "counts.csv", place.folder / "out"
        with place.house.store.read() as db:
            parts = kept.bodies(db, number)
        table.write_bytes(parts[COUNTS])
        file.write_bytes(packed(parts))
        commands = {
            "verify": ("-m", "survey", "verify", file), "verify, with every figure": ("-m", "survey", "verify", file, "--figures", place.folder / "figures.csv"),
            "analysis of its counts": ("-m", "analysis", table, "--out", out, "--no-charts", *scale),
        }  # fmt: skip
        for name, command in commands.items():
            print(f"{size:,} branches, {name}: {_ran(place, *map(str, command))}", flush=True)


def _ran(place: Town, *command: str) -> str:
    """How long a program ran, and the most memory it held."""
    was, begun, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0.0
    process = subprocess.Popen([sys.executable, *command], env={**os.environ, **place.environ}, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        time.sleep(_NAP)
        with suppress(OSError, StopIteration):
            most = max(most, memory("VmHWM", process.pid))
    assert process.returncode == 0, command
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return f"{time.perf_counter() - begun:.1f} s, {now.ru_utime + now.ru_stime - was.ru_utime - was.ru_stime:.1f} s of a core, at most {most:.0f} MB"


def published(place: Town, size: int) -> int:
    """A round of so many branches, published, with one before it."""
    number, by = held(place, size), person(place.house)
    with place.house.store.read() as db:
        seen = publications.preview(db, number, release="", by=by).seen
    publications.publish(place.house, number, seen, release="", by=by, now=NOW)
    a_round_before(place, number)
    return number


def _all(sizes: Sequence[int], *, members: int = MEMBERS) -> None:
    before = None
    for size in sizes:
        with town(PORT) as place:
            took = _measure(place, size, members)
        if before is not None:
            ratios = ", ".join(f"{name} {took[name] / before[name]:.2f}" for name in took)
            print(f"from {sizes[sizes.index(size) - 1]:,} to {size:,} branches (in proportion {size / sizes[sizes.index(size) - 1]:.2f}): {ratios}")
        before = took


def _measure(place: Town, size: int, members: int) -> dict[str, float]:
    number = held(place, size, members=members)
    by = person(place.house)
    took: dict[str, float] = {}
    with place.house.store.read() as db:
        found = _timed(took, "preview", lambda: publications.preview(db, number, release="", by=by))
    made = found.made
    print(f"{size:,} branches: {len(made.meetings):,} meetings, {found.few:,} of them small, {len(made.atoms):,} atoms")
    _timed(took, "publish", lambda: publications.publish(place.house, number, found.seen, release="", by=by, now=NOW))
    with place.house.store.read() as db:
        size_of = sum(map(len, kept.packed(db, number).values()))
    print(f"{size:,} branches: the file has {size_of / 1e6:.1f} MB packed")
    roll = _timed(took, "sums", lambda: _overview(place, number))
    _timed(took, "units", lambda: [_unit(roll, each.id) for each in made.places])
    a_round_before(place, number)
    _pages(place, number, roll)
    print(f"{size:,} branches: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in took.items()))
    return took


def a_round_before(place: Town, number: int) -> None:
    """A round before, with the same sums: pages compare with it."""
    days = (date(2026, 4, 1), date(2026, 6, 30))
    by, form = person(place.house), library()["five_goods_five_leads"].key
    asked = Asked(place.root, "第二季度评议", "2026Q2", *days, (("", "", form),), tuple(Invited(name, 20) for name in GROUPS), "slips", Scheme())
    old = plan(place.house, asked, by=by, now=NOW)
    with place.house.store.write() as db:
        # One blank more in the list of its parts gives it a digest of its own.
        listed = kept.bodies(db, number, names=(MANIFEST,))[MANIFEST] + b" "
        kept.add(db, kept.Published(old, hashlib.sha256(listed).hexdigest(), NOW), {MANIFEST: zlib.compress(listed)})
        for table, key in (("published_parts", "name"), ("published_indexes", "name"), ("published_sheets", "unit_id")):
            copied = f"INSERT INTO {table} SELECT :old, {key}, body FROM {table} WHERE round_id = :number AND CAST({key} AS TEXT) <> :listed"
            db.execute(text(copied), {"old": old, "number": number, "listed": MANIFEST})


def _pages(place: Town, number: int, roll: FrozenRoll) -> None:
    """Over HTTP, one worker that has just been started: each page the first time, and then warm."""
    made, root = roll.made, roll.made.root.id
    branch = made.meetings[1].unit
    member = next(key for key in roll.own(branch) if key.startswith("m"))
    head = made.places[roll.at[branch]].parent
    base = f"board/rounds/{number}"
    pages = {
        "overview": f"{base}/results", "all branches": f"{base}/results?all=1", "a general branch": f"{base}/units/{head}", "a branch": f"{base}/units/{branch}",
        "a member": f"{base}/members/{member}", "two side by side": f"{base}/compare?unit={branch}&unit={branch + 1}", "distribution": f"{base}/units/{root}/distribution.svg",
    }  # fmt: skip
    with served(place, PORT, workers=1) as server:
        browser = logged_in(server.url)
        for name, path in pages.items():
            first, *warm = [_ask(browser, f"{server.url}/{path}") for _ in range(1 + WARM)]
            print(f"  {name}: the first time {1e3 * first:.0f} ms, then {median_and_range(warm, 'ms', scale=1e3)}")


def _ask(browser: OpenerDirector, address: str) -> float:
    begun = time.perf_counter()
    with browser.open(address) as response:
        response.read()
    return time.perf_counter() - begun


def _overview(place: Town, number: int) -> FrozenRoll:
    """What the highest unit's page reads, from nothing."""
    roll = FrozenRoll(Kept(place.house.store, number))
    root = roll.made.root.id
    roll.sums(roll.atoms(root))
    _unit(roll, root)
    return roll


def _unit(roll: FrozenRoll, unit: int) -> tuple[Any, ...]:
    """What every line of an overview asks for."""
    return roll.trail(unit), roll.left_out(unit), roll.accounting(unit), roll.own(unit), roll.about(unit), roll.groups(roll.about(unit))


def _timed(took: dict[str, float], name: str, do: Callable[[], Thing]) -> Thing:
    """Do it, and print the most memory it held beyond what there was before."""
    was, begun = memory("VmRSS"), time.perf_counter()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    found = do()
    took[name] = time.perf_counter() - begun
    print(f"  {name} {took[name]:.2f} s, at most {memory('VmHWM') - was:.0f} MB more than the {was:.0f} MB before")
    return found


def memory(line: str, process: int | str = "self") -> float:
    """What the system says of the memory of a process, in MB."""
    said = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(each.split()[1]) / 1024 for each in said if each.startswith(f"{line}:"))


def held(place: Town, size: int, *, members: int = MEMBERS) -> int:
    """A planned round with a counted meeting of every branch."""
    form, root = library()["five_goods_five_leads"], place.root
    heads = -(-size // _A_HEAD)
    first, branches = root + 1, root + 1 + heads
    with place.house.store.write() as db:
        tree = [{"id": first + n, "parent_id": root, "kind": "general_branch", "name": f"第{n + 1}党总支"} for n in range(heads)]
        tree += [{"id": branches + n, "parent_id": first + n // _A_HEAD, "kind": "branch", "name": f"第{n + 1}支部"} for n in range(size)]
        db.execute(insert(UnitRow), [{"code": "", "sector": "rural", **each} for each in tree])
    days = (date(2026, 7, 1), date(2026, 9, 30))
    asked = Asked(root, "第三季度评议", "2026Q3", *days, (("", "", form.key),), tuple(Invited(name, 20) for name in GROUPS), "slips", Scheme())
    number = plan(place.house, asked, by=person(place.house), now=NOW)
    for at in range(0, size, _AT_ONCE):
        with place.house.store.write() as db:
            questionnaire = db.execute(RoundRow.__table__.select().where(RoundRow.id == number)).one().questionnaire_id
            for table, some in _rows(partial(_paper, form, members), number, questionnaire, range(at, min(at + _AT_ONCE, size)), branches):
                db.execute(insert(table), some)
    return number


def _rows(paper_of: Callable[[int, int], Paper], number: int, questionnaire: int, some: range, branches: int) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    held, groups, papers, counts, seals = [], [], [], [], []
    for n in some:
        meeting, unit, random = n + 1, branches + n, Random(n)
        ballots = FEW if n % 10 == 0 else random.randint(*BALLOTS)
        drawn = _drawn(ballots, random.choice(LIKELY))
        held.append({
            "id": meeting, "round_id": number, "questionnaire_id": questionnaire, "unit_id": unit, "title": f"第{n + 1}场评议会", "place": "",
            "held_on": date(2026, 9, 1), "stage": Stage.COUNTED.value, "entry": Entry.SLIPS.value, "door": f"{meeting:032x}", "one_officer": True,
        })  # fmt: skip
        body = paper_of(meeting, unit)
        asked = [(t.key, q.key) for t in body.targets for q in body.questions(t)]
        marks = [[(*each, *one) for each in asked for one in random.choice(drawn)] for _group in GROUPS]
        for place, name in enumerate(GROUPS):
            group = 3 * n + place + 1
            groups.append({"id": group, "meeting_id": meeting, "place": place, "name": name, "due": 20, "present": 18, "leftover": 0, "returned": ballots, "abstained": 0})
            counts += [{"group_id": group, "meeting_id": meeting, "target": t, "question": q, "option": code, "ballots": each} for t, q, code, each in marks[place]]
        said = body.as_json()
        papers.append({"group_id": 3 * n + 1, "meeting_id": meeting, "sha256": hashlib.sha256(said.encode()).hexdigest(), "body": said})
        sealed = _seal(marks, ballots)
        seals.append({"meeting_id": meeting, "body": sealed, "sha256": hashlib.sha256(sealed.encode()).hexdigest()})
    yield from ((MeetingRow, held), (GroupRow, groups), (PaperRow, papers), (CountRow, counts), (SealRow, seals))


@cache
def _drawn(ballots: int, likely: Sequence[int]) -> list[list[tuple[int, int]]]:
    """What some ballots may answer: codes with how many gave each."""
    random = Random(ballots)
    return [sorted(Counter(random.choices(range(len(likely)), likely, k=ballots)).items()) for _ in range(DRAWN)]


def _paper(form: Questionnaire, members: int, meeting: int, unit: int) -> Paper:
    of = {section.audience: section.key for section in form.sections}
    targets = [Target(f"u{unit}", Audience.UNIT, f"{unit} 支部", "", of[Audience.UNIT])]
    targets += [Target(f"m{unit * MEMBERS + n}", Audience.MEMBER, f"张{n:03}", "党员", of[Audience.MEMBER]) for n in range(members)]
    sections = tuple(section for section in form.sections if section.audience is not Audience.GENERAL)
    return Paper(meeting, 0, "评议会", GROUPS[0], form.title, Scheme().sha256(), tuple(targets), sections, form.scales, texts=False)


def _seal(marks: list[list[tuple[str, str, int, int]]], ballots: int) -> str:
    lines = [{"group": name, "due": 20, "present": 18, "issued": ballots, "returned": ballots} for name in (*GROUPS, "合计")]
    shown = [] if ballots < 5 else [{"groups": [name], "counts": each} for name, each in zip(GROUPS, marks, strict=True)]
    return json.dumps({"accounting": lines, "counts": shown, "trackers": [], "one_officer": True, "opinions": {"kept": 0, "deleted": 0}}, ensure_ascii=False)
