"""A city: 7,079 units and 167,000 members brought by one list; how long, how much memory, and every desk page after it.

Time and queries of a page are taken in this process (one request after another, the first of each left out); the import goes
over real HTTP to a worker of its own, whose peak memory is read from /proc.
"""

import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.request import OpenerDirector, Request

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, insert, select

from benchmarks.boards import logged_in
from benchmarks.town import PASSWORD, Served, Town, median_and_range, person, postgres, served, town
from survey.actions import meetings, staff
from survey.actions.house import House
from survey.actions.plans import Asked, plan
from survey.app import create_app
from survey.config import from_environment
from survey.domain.meetings import Entry, Stage
from survey.domain.plans import Invited
from survey.domain.rounds import Scheme
from survey.domain.staff import Staff, StaffRole
from survey.domain.terms import BUILT_IN
from survey.domain.units import MEMBER_KINDS, Member, Unit, UnitKind
from survey.office.rosters import Books, roster_csv, roster_xlsx
from survey.store import members, units
from survey.store.tables import GroupRow, MeetingRow, RoundRow

PORT = 8794
UNITS, MEMBERS, MEETINGS = 7_079, 167_000, 20_000
COMMITTEES, GENERAL = 40, 1_000
MOST_SECONDS, MOST_MB, MOST_MS, MOST_QUERIES = 60, 500, 200, 10
ROUNDS = 7
# What is a file, a picture or another's secret is no page.
_NO_PAGE = re.compile(r"\.\w+$|\.<|/poster$|/reprint$|/qr$|/turn$|/state$")


def main() -> None:
    """Print the figures of a city on both databases."""
    with postgres() as server:
        for name, address in (("SQLite", ""), ("PostgreSQL", server)):
            with town(PORT, server=address) as place:
                _city(place, name)


def _city(place: Town, name: str) -> None:
    with place.house.store.read() as db:
        tree, people = city(units.get(db, place.root))
    books = Books(tree, place.root, BUILT_IN)
    path = place.folder / "city.xlsx"
    path.write_bytes(roster_xlsx(books, people))
    print(f"{name}: a list of {len(tree):,} units and {len(people):,} members, .xlsx of {path.stat().st_size / 1e6:.1f} MB")
    with served(place, PORT, workers=1, threads=4) as server:
        browser = logged_in(server.url)
        _import(server, browser, path, name)
        _export(server, browser, name)
    assert len(roster_csv(books, people)) < 36 << 20
    _pages(place, name)


def city(top: Unit) -> tuple[tuple[Unit, ...], tuple[Member, ...]]:
    """Committees, general branches and branches as a city has them, and members with names that repeat."""
    random = Random(20261121)
    root, tree = top.id, [top]
    tree += [Unit(root + n, root, UnitKind.COMMITTEE, f"第{n}镇党委", f"C{n:03}") for n in range(1, COMMITTEES + 1)]
    tree += [
        Unit(root + COMMITTEES + n, root + 1 + n % COMMITTEES, UnitKind.GENERAL_BRANCH, f"第{n // COMMITTEES + 1}党总支", f"G{n:04}")
        for n in range(1, GENERAL + 1)
    ]
    first = len(tree)
    for n in range(UNITS - first):
        tree.append(Unit(root + first + n, root + COMMITTEES + 1 + n % GENERAL, UnitKind.BRANCH, f"第{n // GENERAL + 1}党支部", f"B{n:05}", "rural"))
    kinds = [str(kind) for kind in MEMBER_KINDS]
    people = [
        Member(n, root + first + n % (UNITS - first), f"{random.choice('赵钱孙李周吴郑王')}{chr(0x4E00 + n % 3000)}{chr(0x4E00 + n % 1999)}",
               random.choice(kinds), "书记" if n < UNITS else "", f"{n:07}", date(2010 + n % 16, 1 + n % 12, 1 + n % 28))
        for n in range(MEMBERS)
    ]  # fmt: skip
    return tuple(tree), tuple(people)


def _import(server: Served, browser: OpenerDirector, path: Path, name: str) -> None:
    begun = time.perf_counter()
    page = _upload(browser, f"{server.url}/desk/units/import", path)
    previewed = time.perf_counter() - begun
    key = re.search(r'name="key" value="(\w+)"', page)
    if key is None or f"将增加 {MEMBERS} 人" not in page:
        raise SystemExit(page[:2000])
    done = _send(browser, f"{server.url}/desk/units/import/confirm", {"csrf_token": _token(page), "key": key[1]})
    whole = time.perf_counter() - begun
    if f"增加 {MEMBERS} 人" not in done:
        raise SystemExit(done[:2000])
    print(f"{name}: import {whole:.1f} s ({previewed:.1f} s of it to the preview; bar {MOST_SECONDS} s), "
          f"peak memory of the worker {peak(server):.0f} MB (bar {MOST_MB} MB)")  # fmt: skip
    begun = time.perf_counter()
    again = _upload(browser, f"{server.url}/desk/units/import", path)
    print(f"{name}: the same list again {time.perf_counter() - begun:.1f} s, changes nothing: {'没有要写入的' in again}, peak {peak(server):.0f} MB")


def _export(server: Served, browser: OpenerDirector, name: str) -> None:
    for ending in ("xlsx", "csv"):
        begun = time.perf_counter()
        data = browser.open(f"{server.url}/desk/units/export.{ending}").read()
        print(f"{name}: export .{ending} {time.perf_counter() - begun:.1f} s, {len(data) / 1e6:.1f} MB, peak {peak(server):.0f} MB")


def _upload(browser: OpenerDirector, address: str, path: Path) -> str:
    """A multipart form with a token and the file."""
    mark = uuid.uuid4().hex
    token = _token(browser.open(address).read().decode())
    head = f'--{mark}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--{mark}\r\n'
    head += f'Content-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
    body = head.encode() + path.read_bytes() + f"\r\n--{mark}--\r\n".encode()
    return browser.open(Request(address, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})).read().decode()


def _send(browser: OpenerDirector, address: str, fields: dict[str, str]) -> str:
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    return browser.open(Request(address, body)).read().decode()


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise SystemExit("A page has no token.")
    return found[1]


def peak(server: Served) -> float:
    """The most memory a worker has held, in MB."""
    return max(
        int(found[1]) / 1024 for pid in server.workers()
        if (found := re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()))
    )  # fmt: skip


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that go to a database meanwhile."""
    said: list[str] = []

    def hear(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        # To begin a transaction asks for nothing.
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def _pages(place: Town, name: str) -> None:
    app = create_app(from_environment(place.environ), testing=True)
    by = person(place.house)
    with place.house.store.read() as db:
        branch = next(unit.id for unit in units.all_units(db) if unit.kind is UnitKind.BRANCH)
        somebody = members.of_units(db, [branch])[0].id
    now = datetime.now(UTC)
    new = meetings.NewMeeting(branch, now.date(), "", Entry.SLIPS, [("群众代表", 12, 10)])
    meeting = meetings.create(place.house, new, by=by, now=now)
    planned = _planned(place.house, by)
    values: dict[str, int | str] = {"unit_id": branch, "member_id": somebody, "meeting_id": meeting, "ref": "six_sectors", "round_id": planned}
    _hold_meetings(place.house, planned)
    # Whoever looks after the accounts sees every page there is.
    admin = staff.add(place.house, "admin", name="管理员", role=StaffRole.ADMIN, unit=by.unit, password=PASSWORD, now=now)
    values["staff_id"] = admin
    client = app.test_client()
    token = _token(client.get("/desk/login").text)
    client.post("/desk/login", data={"csrf_token": token, "login": "admin", "password": PASSWORD})
    paths = [*_addresses(app, values), f"/desk/units/{by.unit}", "/desk/units?q=第1党支部", "/desk?q=第1党支部", "/desk?page=400", "/board", "/board/rounds",
             *(f"/board/rounds/{values['round_id']}{query}" for query in ("", "?stage=none&page=9", "?q=第1党支部"))]
    worst: list[str] = []
    for path in paths:
        faults = _page(client, path, name)
        worst += [faults] if faults else []
    print(f"{name}: {len(paths)} pages, over a bar: {', '.join(worst) or 'none'}")


def _planned(house: House, by: Staff) -> int:
    """A round over the whole city."""
    groups, rules = (Invited("群众代表", 12), Invited("党员", None)), (("branch", "rural", "six_sectors"), ("", "", "five_goods_five_leads"))
    asked = Asked(by.unit, "全市评议", "2024Y", date(2024, 1, 1), date(2024, 12, 31), rules, groups, Entry.SLIPS.value, Scheme())
    return plan(house, asked, by=by, now=datetime.now(UTC))


def _hold_meetings(house: House, planned: int) -> None:
    """Meetings of every branch, quarter after quarter, two of a hundred under way; nobody has voted."""
    with house.store.write() as db:
        branches = [unit.id for unit in units.all_units(db) if unit.kind is UnitKind.BRANCH]
        asked = db.execute(select(RoundRow.questionnaire_id).where(RoundRow.id == planned)).scalar_one()
        last = db.execute(select(func.max(MeetingRow.id))).scalar_one()
        numbers = range(last + 1, last + 1 + MEETINGS)
        rows = [
            {"id": n, "round_id": planned, "questionnaire_id": asked, "unit_id": branches[n % len(branches)], "title": f"第{n}场评议会", "place": "", "entry": Entry.SLIPS.value,
             "held_on": date(2024, 1, 1) + timedelta(days=n % 1000), "stage": (Stage.OPEN if n % 50 == 0 else Stage.VOID if n % 50 == 1 else Stage.DRAFT).value,
             "door": f"{n:032x}", "one_officer": True, "is_survey": False}
            for n in numbers
        ]  # fmt: skip
        groups = [{"meeting_id": n, "place": 0, "name": "群众代表", "due": 12, "present": 10} for n in numbers]
        db.execute(insert(MeetingRow), rows)
        db.execute(insert(GroupRow), groups)


def _addresses(app: Flask, values: dict[str, int | str]) -> Iterator[str]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        is_page = rule.endpoint.startswith("desk_") and "GET" in (rule.methods or ()) and not _NO_PAGE.search(rule.rule)
        if is_page and rule.arguments <= values.keys():
            built = rule.build({key: values[key] for key in rule.arguments})
            if built is not None:
                yield built[1]


def _page(client: FlaskClient, path: str, name: str) -> str:
    """Print one page; what is over a bar."""
    status = client.get(path).status_code
    times = []
    for _ in range(ROUNDS):
        with counted() as said:
            begun = time.perf_counter()
            answer = client.get(path)
            times.append(time.perf_counter() - begun)
    middle = sorted(times)[ROUNDS // 2] * 1e3
    over = middle > MOST_MS or len(said) > MOST_QUERIES
    print(f"{name}: {path} {status}, {median_and_range(times, 'ms', scale=1e3)}, {len(said)} queries, "
          f"{len(answer.data) / 1e3:.0f} kB{' (over)' if over else ''}")  # fmt: skip
    return path if over else ""
