"""Sheets put into one file by processes of their own: killed, ended, stopped, without room; what is finished is never made twice."""

import io
import os
import re
import resource
import stat
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import active_children
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGKILL, SIGSTOP
from urllib.parse import unquote

from flask import Flask
from sqlalchemy import update

from survey.actions import bundles
from survey.actions.house import House
from survey.app import create_app
from survey.config import Config
from survey.domain.bundles import SILENCE, Bundle, Format, Reach, State, Wanted
from survey.packing import work
from survey.store import bundles as kept
from survey.store.bundle_files import BundleFiles
from survey.store.bundle_tables import BundleRow
from survey.store.units import all_units
from survey.web.board.bundle_sheets import Studio
from tests.attacks.apart import PATIENCE, Nursery, apart, limit
from tests.attacks.servers import Server
from tests.conftest import logged_in, on_postgres, on_sqlite, person
from tests.townships_for_tests import Township, published

PLANTED = b"made before"


@dataclass(frozen=True)
class Place:
    """A published round: its number, the unit at its root, its branches, and how many units stand above them."""

    round: int
    root: int
    branches: tuple[int, ...]
    above: int


def town_of(house: House) -> Place:
    made: Township = published(house)
    return Place(made.round, made.tree.root, tuple(each.unit for each in made.branches), 1 + len(made.tree.heads))


class Held:
    """Children that stop at their birth, so that nothing hangs on who is faster; `Waiting` lets them go on."""

    now = False


os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), SIGSTOP) if Held.now else None)


class Waiting:
    """Waits a little; and once, when there are children and a sheet lies there, does something."""

    def __init__(self, folder: Path, act: Callable[[], object]) -> None:
        self._folder, self._act = folder, act
        self.acted = self._is_over = False
        Held.now = True

    def __call__(self, seconds: float) -> bool:
        if not active_children() or self.acted:
            return soon(seconds) or self._is_over
        self.acted, Held.now = True, False
        children = [each.pid for each in active_children() if each.pid is not None]
        until(lambda: all(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T" for pid in children))
        for pid in children:
            os.kill(pid, SIGCONT)
        until(lambda: bool(sheets_in(self._folder)))
        self._is_over = self._act() is True
        return self._is_over


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something, with an end."""
    late = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < late
        time.sleep(0.005)


def soon(seconds: float) -> bool:
    """Waits a little and never ends."""
    time.sleep(min(seconds, 0.02))
    return False


def sheets_in(folder: Path) -> list[Path]:
    """The finished sheets of all bundles."""
    return [each for each in folder.glob("*/*") if each.name.isdigit()]


def folder_of(config: Config) -> Path:
    return config.instance / "bundles"


def ask(house: House, config: Config, town: Place, form: Format = Format.PDF) -> int:
    wanted = Wanted(town.round, town.root, form, Reach.UNITS, "zh")
    return bundles.ask(house, wanted, BundleFiles(config.instance), by=person(house, "secretary"), now=datetime.now(UTC))


def get(house: House, number: int) -> Bundle:
    with house.store.read() as db:
        found = kept.get(db, number)
    assert found is not None
    return found


def whole(house: House, config: Config, number: int) -> dict[str, bytes]:
    """The files of a bundle that is done; its index leads to each of them."""
    found = get(house, number)
    assert found.state is State.DONE, (found.state, found.why)
    path = BundleFiles(config.instance).whole(found.key)
    assert path is not None and path.stat().st_size == found.size and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path], "the sheets lie in the file alone"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        inside = {name: archive.read(name) for name in archive.namelist()}
    index = inside.pop(next(iter(inside))).decode()
    assert sorted(map(unquote, re.findall(r'href="([^"]+)"', index))) == sorted(inside)
    assert len(inside) == found.done == found.whole
    return inside


@on_sqlite
def test_every_unit_has_its_sheet_in_one_file_and_it_is_the_one_its_page_gives(app: Flask, house: House, config: Config) -> None:
    town = town_of(house)
    made = ask(house, config, town, Format.BOTH)
    with BundleFiles(config.instance).alone():
        work(Studio(app), wait=soon)
    assert get(house, made).state is State.WAITING, "somebody else works on this machine"
    # A child is killed meanwhile, as by a system without memory.
    dying = Waiting(folder_of(config), lambda: active_children()[0].kill())
    work(Studio(app), wait=dying, hands=2)
    assert dying.acted
    inside = whole(house, config, made)
    assert len(inside) == 2 * (len(town.branches) + town.above)
    client = app.test_client()
    with client.session_transaction("/board") as session:
        session["_user_id"] = logged_in(house, "secretary")
    with house.store.read() as db:
        names = {each.id: each.name for each in all_units(db)}
    for unit in town.branches[::4]:
        for ending in ("pdf", "docx"):
            (body,) = (each for path, each in inside.items() if path.endswith(f"/{names[unit]}.{ending}"))
            given = client.get(f"/board/rounds/{town.round}/units/{unit}/sheet.{ending}").data
            assert body == given if ending == "pdf" else document(body) == document(given)


def document(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def is_free(config: Config) -> bool:
    """Whether nobody works on bundles on this machine."""
    with BundleFiles(config.instance).alone() as alone:
        return alone


def dies(config: Config) -> None:
    """In a process of its own: whoever holds the bundle is killed as soon as a sheet lies there."""
    app = create_app(config, random=Random(3), testing=True)
    work(Studio(app), wait=Waiting(folder_of(config), lambda: os.kill(os.getpid(), SIGKILL)), hands=2)


def test_killed_in_the_middle_another_goes_on_and_makes_nothing_twice(app: Flask, house: House, config: Config) -> None:
    town = town_of(house)
    made = ask(house, config, town)
    nursery = Nursery()
    assert nursery.is_killed(dies, config)
    nursery.close()
    # Its children were left alone: they end by themselves, and until then nobody else begins.
    until(lambda: is_free(config))
    lying = sheets_in(folder_of(config))
    assert lying and not list(folder_of(config).glob("*/*.part"))
    for each in lying:
        each.write_bytes(PLANTED)
    assert get(house, made).state is State.RUNNING
    with house.store.write() as db:
        db.execute(update(BundleRow).values(heard=(datetime.now(UTC) - 2 * SILENCE).replace(tzinfo=None)))
    work(Studio(app), wait=soon)
    inside = whole(house, config, made)
    assert list(inside.values()).count(PLANTED) == len(lying)
    assert all(body == PLANTED or body.startswith(b"%PDF") for body in inside.values())


@on_sqlite
def test_stopping_throws_away_what_is_made_and_a_server_that_ends_keeps_it(app: Flask, house: House, config: Config) -> None:
    town, folder = town_of(house), folder_of(config)
    made = ask(house, config, town)
    files, by = BundleFiles(config.instance), person(house, "secretary")
    work(Studio(app), wait=Waiting(folder, lambda: bundles.stop(house, made, files, by=by, now=datetime.now(UTC))))
    assert get(house, made).state is State.STOPPED and not active_children()
    assert not list(folder.glob("*/*")), "nothing of it is left"
    assert ask(house, config, town) == made
    work(Studio(app), wait=Waiting(folder, lambda: True), hands=2)
    assert get(house, made).state is State.WAITING and not active_children()
    lying = sheets_in(folder)
    for each in lying:
        each.write_bytes(PLANTED)
    work(Studio(app), wait=soon)
    assert list(whole(house, config, made).values()).count(PLANTED) == len(lying) > 0


@on_sqlite
def test_a_server_takes_up_at_its_start_what_was_left_and_leaves_nobody_behind(house: House, config: Config) -> None:
    made = ask(house, config, town_of(house))
    server = Server(config, workers=1, threads=2)
    try:
        until(lambda: get(house, made).state is State.DONE)
    finally:
        server.stop()
    until(lambda: is_free(config))
    assert whole(house, config, made)


def full_disk(config: Config, town: Place) -> bool:
    """In a process of its own: no file may grow as large as a sheet."""
    app = create_app(config, random=Random(3), testing=True)
    house: House = app.extensions["house"]
    made = ask(house, config, town)
    with limit(resource.RLIMIT_FSIZE, 8192):
        work(Studio(app), wait=soon, hands=2)
    found = get(house, made)
    assert (found.state, found.why, found.done) == (State.FAILED, "disk", 0), found
    assert not sheets_in(folder_of(config)) and not list(folder_of(config).glob("*/*.part"))
    client = app.test_client()
    with client.session_transaction("/board") as session:
        session["_user_id"] = logged_in(house, "secretary")
    page = client.get(f"/board/rounds/{town.round}/units/{town.root}/bundle").text
    assert "服务器的磁盘满了，停了下来。请管理员腾出空间，再接着做。" in page and "接着做" in page
    assert ask(house, config, town) == made
    work(Studio(app), wait=soon)
    return len(whole(house, config, made)) == len(town.branches) + town.above


@on_postgres
def test_without_room_it_says_so_and_goes_on_when_there_is_some(house: House, config: Config) -> None:
    town = town_of(house)
    assert apart(full_disk, config, town)
