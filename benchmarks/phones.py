"""Phones: whole cycles GET + POST over sockets, from processes of their own, each phone on a connection of its own."""

import random
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

PROCESSES = 2
# As the page's own script: how many seconds it waits before it sends again, and which answers it takes for none.
WAITS = (1, 2, 4, 8, 15)
AGAIN = (b"408", b"429", b"500", b"502", b"503", b"504")


@dataclass(frozen=True, slots=True)
class Load:
    """What one process of phones does: slips to cast, threads, and the span in seconds their starts are spread over.

    With a door every second phone asks the clock of the meeting between its two requests: who holds a page for ten seconds
    and asks every twenty does so.
    """

    port: int
    codes: tuple[str, ...]
    body: bytes
    threads: int
    spread: float
    door: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Seconds of every GET, POST and clock until it was answered as it should be.

    Attributes
    ----------
    wrong : int
        Requests that were refused, or not answered however often they were sent.
    mended : int
        Phones that had to send one of their requests again.
    """

    gets: tuple[float, ...]
    posts: tuple[float, ...]
    clocks: tuple[float, ...]
    wrong: int
    mended: int


def drive(load: Load) -> tuple[float, Tally]:
    """Cast every slip once, from several processes; seconds on the wall and what each phone saw."""
    parts = [replace(load, codes=load.codes[i::PROCESSES], threads=load.threads // PROCESSES) for i in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        list(pool.map(abs, range(PROCESSES)))
        begun = time.perf_counter()
        tallies = list(pool.map(_process, parts))
        took = time.perf_counter() - begun
    gets, posts, clocks = (
        tuple(s for tally in tallies for s in getattr(tally, name)) for name in ("gets", "posts", "clocks")
    )
    wrong, mended = sum(tally.wrong for tally in tallies), sum(tally.mended for tally in tallies)
    return took, Tally(gets, posts, clocks, wrong, mended)


@dataclass
class _Seen:
    """What the phones of one process have seen so far."""

    gets: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    clocks: list[float] = field(default_factory=list)
    tries: list[int] = field(default_factory=list)


def _process(load: Load) -> Tally:
    seen = _Seen()
    waiting = list(load.codes)
    starts = random.Random(1)
    begun = time.perf_counter()

    def phone() -> None:
        while waiting:
            try:
                code = waiting.pop()
                asks = bool(load.door) and len(waiting) % 2 == 0
            except IndexError:
                return
            if load.spread:
                time.sleep(max(0.0, begun + starts.random() * load.spread - time.perf_counter()))
            _cycle(load, code, seen, asks=asks)

    threads = [threading.Thread(target=phone) for _ in range(load.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mended = len([n for n in seen.tries if n > 1])
    return Tally(tuple(seen.gets), tuple(seen.posts), tuple(seen.clocks), seen.tries.count(0), mended)


def _cycle(load: Load, code: str, seen: _Seen, *, asks: bool) -> None:
    head = f"/b/{code} HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(load.body)}\r\n\r\n"
    begun = time.perf_counter()
    asked = _until_answered(load.port, f"GET {head}\r\n".encode(), good=(b"200",))
    seen.gets.append(time.perf_counter() - begun)
    told = 1
    if asks:
        begun = time.perf_counter()
        clock = f"GET /d/{load.door}/clock HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nConnection: close\r\n\r\n"
        told = _until_answered(load.port, clock.encode(), good=(b"200",))
        seen.clocks.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    # After a broken connection nobody knows whether the ballot was in: that it is comes as 409, and is as good.
    sent = _until_answered(load.port, f"POST {head}{kind}".encode() + load.body, good=(b"303",), later=(b"303", b"409"))
    seen.posts.append(time.perf_counter() - begun)
    seen.tries.append(max(asked, told, sent) if asked and told and sent else 0)


def _until_answered(port: int, request: bytes, *, good: Sequence[bytes], later: Sequence[bytes] = ()) -> int:
    """How many times it was sent until a good answer came; 0 when none came. `later` are good answers to a repetition."""
    for number, wait in enumerate((*WAITS, None), start=1):
        try:
            status = _ask(port, request)[9:12]
        except OSError:
            status = b""
        if status in (good if number == 1 else later or good):
            return number
        if (status and status not in AGAIN) or wait is None:
            return 0
        time.sleep(wait)
    return 0


def _ask(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(request)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)
