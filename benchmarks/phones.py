"""Phones: whole cycles GET + POST over sockets, from processes of their own, each phone on a connection of its own."""

import random
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Load:
    """What one process of phones does: slips to cast, threads, and the span in seconds their starts are spread over."""

    port: int
    codes: tuple[str, ...]
    body: bytes
    threads: int
    spread: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Seconds of every GET and POST, and how many of each did not go as they should."""

    gets: tuple[float, ...]
    posts: tuple[float, ...]
    wrong: int


def drive(port: int, codes: Sequence[str], body: bytes, *, clients: int, spread: float = 0) -> tuple[float, Tally]:
    """Cast every slip once; seconds on the wall and what each phone saw."""
    parts = [Load(port, tuple(codes[i::PROCESSES]), body, clients // PROCESSES, spread) for i in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        list(pool.map(abs, range(PROCESSES)))
        begun = time.perf_counter()
        tallies = list(pool.map(_process, parts))
        took = time.perf_counter() - begun
    gets = tuple(s for tally in tallies for s in tally.gets)
    posts = tuple(s for tally in tallies for s in tally.posts)
    return took, Tally(gets, posts, sum(tally.wrong for tally in tallies))


def _process(load: Load) -> Tally:
    gets: list[float] = []
    posts: list[float] = []
    wrong: list[str] = []
    waiting = list(load.codes)
    starts = random.Random(1)
    begun = time.perf_counter()

    def phone() -> None:
        while waiting:
            try:
                code = waiting.pop()
            except IndexError:
                return
            if load.spread:
                time.sleep(max(0.0, begun + starts.random() * load.spread - time.perf_counter()))
            _cycle(load, code, gets, posts, wrong)

    threads = [threading.Thread(target=phone) for _ in range(load.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Tally(tuple(gets), tuple(posts), len(wrong))


def _cycle(load: Load, code: str, gets: list[float], posts: list[float], wrong: list[str]) -> None:
    head = f"/b/{code} HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
    begun = time.perf_counter()
    if not _ask(load.port, f"GET {head}\r\n".encode()).startswith(b"HTTP/1.1 200"):
        wrong.append("get")
    middle = time.perf_counter()
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(load.body)}\r\n\r\n"
    if not _ask(load.port, f"POST {head}{kind}".encode() + load.body).startswith(b"HTTP/1.1 303"):
        wrong.append("post")
    gets.append(middle - begun)
    posts.append(time.perf_counter() - middle)


def _ask(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(request)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)
