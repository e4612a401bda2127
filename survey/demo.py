"""The demo: a township of invented people, three published rounds, a counted meeting, and one open for the visitor's own phone."""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path
from random import Random
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

from survey import township
from survey.actions import meetings, results, slips
from survey.actions.ballots import look
from survey.actions.house import House
from survey.app import open_house
from survey.config import Config, from_environment
from survey.demo_township import found, hold_rounds, person
from survey.domain.meetings import BOXED, Entry
from survey.domain.slips import Way, pretty
from survey.domain.staff import Staff
from survey.networks import local_address
from survey.office.qr import qr_terminal
from survey.store import meetings as kept
from survey.store.units import all_units
from survey.urn.passwords import weakness

EVALUATORS = (("群众代表", 30, 28), ("党员", 15, 14))
VISITORS = (("群众代表", 10, 10),)
SEED = 42
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of the demo: where it lies, what it serves, the passwords it made."""

    folder: Path
    config: Config
    house: House
    passwords: dict[str, str]


def demo(*, folder: str, port: int, stop_when_ready: bool) -> int:
    """Build or find the township, serve it, show a counted meeting and open another; until Ctrl-C."""
    # Also when it was started in the background, where a shell lets Ctrl-C be ignored.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    place = Path(folder).resolve()
    run = prepare(place, _free_port(port))
    server = subprocess.Popen(
        [sys.executable, "-m", "survey", "serve", "--bind", f"0.0.0.0:{_port(run.config)}"],
        env={**os.environ, **_settings(place, run.config.url)},
    )
    try:
        _wait(run.config.url, server)
        state = _state(place)
        if "counted" not in state:
            state["counted"] = _hold(run)
            _save(place, state)
        opened = _open_second(run, state)
        _show(run, state, opened)
        if not stop_when_ready:
            print("Ctrl-C 结束演示。Ctrl-C ends the demo.", flush=True)
            # A wait without an end may miss a signal that comes just before it begins.
            while server.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    server.wait(timeout=60)
    except KeyboardInterrupt:
        print()
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=40)
        run.house.store.close()
    return 0


def prepare(place: Path, port: int) -> _Run:
    """Build the township, or find it; a half-built one goes."""
    place.mkdir(parents=True, exist_ok=True)
    if _state(place).get("building"):
        print("上次建立示例乡镇时中断了，从头再建。The township was left unfinished; building it anew.", flush=True)
        for part in ("instance", "keyroom"):
            shutil.rmtree(place / part, ignore_errors=True)
    config = from_environment({**os.environ, **_settings(place, f"http://{local_address()}:{port}")})
    house = open_house(config)
    house.store.upgrade()
    state = _state(place)
    now = datetime.now(UTC)
    with house.store.read() as db:
        is_new = not all_units(db)
    if is_new:
        print("正在建立示例乡镇 … Building the township …", flush=True)
        state = {"building": True, "passwords": {login: _password() for login in ("admin", "secretary", "leader")}}
        _save(place, state)
        done = found(house, state["passwords"], now=now)
        print(f"{len(done.units)} 个党支部，{len(done.added)} 名党员。", flush=True)
        today, watch = now.astimezone(config.zone).date(), partial(_progress, "三轮评议 three rounds")
        state["rounds"] = hold_rounds(house, by=person(house, "secretary"), today=today, watch=watch)
        del state["building"]
        _save(place, state)
    elif "rounds" not in state:
        print(f"{place} 里是旧版本的演示，没有已公布的评议；要看它们，请换一个文件夹：pingyi demo --folder …")
        print("This folder holds a demo of an older release, without published rounds; choose another with --folder to see them.", flush=True)
    return _Run(place, config, house, state["passwords"])


def _hold(run: _Run) -> int:
    """One meeting from opening to the count; every ballot goes through the served address."""
    by, now = person(run.house, "secretary"), datetime.now(UTC)
    meeting, scrutineer = _open(run, township.RATED, EVALUATORS, by=by)
    codes: list[str] = []
    with run.house.store.read() as db:
        groups = kept.get(db, meeting).groups
    for group in groups:
        codes += slips.issue(run.house, meeting, group.id, n=group.present, way=Way.SHEET, by=by, now=now)
    random = Random(SEED)
    random.shuffle(codes)
    # Two of the people present keep their slips in their pockets.
    for done, code in enumerate(codes[2:], 1):
        paper = run.house.paper(look(run.house, code).paper or "")
        _post(run.config.url, code, township.answers(paper, random))
        _progress("手机投票 voting", done, len(codes) - 2)
    meetings.close(run.house, meeting, by=by, now=now)
    meetings.set_leftovers(run.house, meeting, {group.id: 0 for group in groups}, by=by, now=now)
    results.count(run.house, meeting, scrutineer, by=by, now=now)
    _write_files(run, meeting)
    return meeting


def _open_second(run: _Run, state: dict[str, Any]) -> tuple[int, str, tuple[str, ...]]:
    """A fresh meeting for the visitor; the one of the last run is voided."""
    by, now = person(run.house, "secretary"), datetime.now(UTC)
    old = state.get("open")
    if isinstance(old, list):
        with run.house.store.read() as db:
            stage = kept.get(db, old[0]).stage
        if stage in BOXED:
            meetings.void(run.house, old[0], reason="演示重新开始", scrutineer=old[1], by=by, now=now)
    meeting, scrutineer = _open(run, township.VISITED, VISITORS, by=by)
    state["open"] = [meeting, scrutineer]
    _save(run.folder, state)
    with run.house.store.read() as db:
        (group,) = kept.get(db, meeting).groups
    codes = slips.issue(run.house, meeting, group.id, n=5, way=Way.SHEET, by=by, now=now)
    return meeting, scrutineer, codes


def _open(run: _Run, branch: str, groups: tuple[tuple[str, int, int], ...], *, by: Staff) -> tuple[int, str]:
    with run.house.store.read() as db:
        unit = next(each.id for each in all_units(db) if each.name == branch)
    now = datetime.now(UTC)
    today = now.astimezone(run.config.zone).date()
    new = meetings.NewMeeting(unit, today, "二楼会议室", Entry.SLIPS, groups)
    meeting = meetings.create(run.house, new, by=by, now=now)
    return meeting, meetings.open_box(run.house, meeting, by=by, now=now) or ""


def _post(url: str, code: str, answers: dict[str, list[str]]) -> None:
    body = urlencode([*((name, value) for name, values in answers.items() for value in values), ("go", "cast")])
    with _browser().open(Request(f"{url}/b/{code}", body.encode()), timeout=30) as response:
        response.read()


def _write_files(run: _Run, meeting: int) -> None:
    """Workbook, table and charts as a leader downloads them."""
    browser = _browser()
    _log_in(browser, run.config.url, "leader", run.passwords["leader"])
    folder = run.folder / "results"
    folder.mkdir(exist_ok=True)
    for name in ("results.xlsx", "results.csv", "chart.svg", "chart.png", "members.svg", "members.png"):
        with browser.open(f"{run.config.url}/board/meetings/{meeting}/{name}", timeout=30) as response:
            (folder / name).write_bytes(response.read())


def _browser() -> OpenerDirector:
    """A phone in the hall: it speaks to this machine alone, whatever proxy the environment names."""
    return build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))


def _log_in(browser: OpenerDirector, url: str, login: str, password: str) -> None:
    with browser.open(f"{url}/desk/login", timeout=30) as response:
        page = response.read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    body = urlencode({"login": login, "password": password, "csrf_token": token[1] if token else ""}).encode()
    with browser.open(Request(f"{url}/desk/login", body), timeout=30) as response:
        response.read()


def _show(run: _Run, state: dict[str, Any], opened: tuple[int, str, tuple[str, ...]]) -> None:
    meeting, scrutineer, codes = opened
    url = run.config.url
    print(
        f"\n  {township.VISITED}的评议会正在进行。用手机（同一网络）扫码投票：\n  Scan with your phone, on the same network:\n"
    )
    print(qr_terminal(f"{url}/b/{codes[0]}"))
    print(f"  {url}/b/{pretty(codes[0])}")
    print(f"  其余票签 more slips, typed at {url}/ : {'  '.join(pretty(code) for code in codes[1:])}\n")
    print(f"  书记 secretary   {url}/desk    登录名 secretary   密码 {run.passwords['secretary']}")
    print(f"  领导 leader      {url}/board   登录名 leader      密码 {run.passwords['leader']}")
    print(f"  管理员 admin     {url}/desk    登录名 admin       密码 {run.passwords['admin']}")
    if "rounds" in state:
        print(f"  已公布 published {url}/board/rounds/{state['rounds'][-1]}/results")
    print(f"  已计票 counted   {url}/board/meetings/{state['counted']}")
    print(f"  大屏幕 screen    {url}/desk/meetings/{meeting}/screen   监票码 scrutineer {pretty(scrutineer)}")
    print(f"  文件 files       {run.folder / 'results'}\n", flush=True)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    port = int(url.rsplit(":", 1)[1])
    for _ in range(_START_SECONDS * 10):
        if server.poll() is not None:
            raise SystemExit("The server did not start; the lines above say why.")
        try:
            with _browser().open(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"The server did not answer within {_START_SECONDS} seconds.")


def _settings(place: Path, url: str) -> dict[str, str]:
    return {
        "PINGYI_INSTANCE": str(place / "instance"),
        "PINGYI_KEYROOM": str(place / "keyroom"),
        "PINGYI_DATABASE": f"sqlite:///{place / 'instance' / 'pingyi.db'}",
        "PINGYI_URL": url,
    }


def _state(place: Path) -> dict[str, Any]:
    path = place / "demo.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _save(place: Path, state: dict[str, Any]) -> None:
    path = place / "demo.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(state, ensure_ascii=False), "utf-8")


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("0.0.0.0", port))
                return port
            except OSError:
                continue
    raise SystemExit(f"Ports {wanted} to {wanted + 19} are all taken. Choose one with --port.")


def _port(config: Config) -> int:
    return int(config.url.rsplit(":", 1)[1])


def _password() -> str:
    """Short enough to be typed; now and then one looks like a common one and would be refused."""
    return next(each for each in iter(lambda: secrets.token_hex(8), "") if not weakness(each, ()))


def _progress(what: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        bar = "█" * (30 * done // of)
        print(f"\r{what} {bar:<30} {done}/{of}", end="\n" if done == of else "", file=sys.stderr, flush=True)
