"""The real thing: `python -m survey serve` in processes of its own, and phones that speak to it from an address of their own."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from survey.config import Config

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60
# Phones come from here, so that the address the server listens at is not taken for one of theirs.
PHONE = "127.0.0.77"
AGENT = "EvaluatorsPhone/7.3"


@dataclass(frozen=True)
class Answer:
    """What a phone got."""

    status: int
    headers: Mapping[str, str]
    body: str


class Server:
    """gunicorn over one house. Its whole output is kept."""

    def __init__(self, config: Config, *, workers: int, threads: int, notify: str = "", port: int = 0) -> None:
        with socket.create_server(("127.0.0.1", port)) as free:
            self.port = free.getsockname()[1]
        environment = {
            "PATH": os.environ["PATH"],
            "PINGYI_DATABASE": config.database,
            "PINGYI_INSTANCE": str(config.instance),
            "PINGYI_KEYROOM": str(config.keyroom),
            "PINGYI_SECRET": config.secret.decode(),
            "PINGYI_PEPPER": config.pepper.decode(),
            "PINGYI_URL": config.url,
            "PINGYI_HOSTS": ",".join(config.hosts),
            "PINGYI_PROXIES": str(config.proxies),
            "PYTHONUNBUFFERED": "1",
            # Where systemd listens for the word that the server is ready.
            **({"NOTIFY_SOCKET": notify} if notify else {}),
        }
        command = [sys.executable, "-m", "survey", "serve", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", str(workers), "--threads", str(threads)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.output = bytearray()
        self._booted = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        assert self._booted.wait(PATIENCE), self.output.decode()

    def workers(self) -> list[int]:
        """Process ids of the workers: the children of the process that was started here."""
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self, worker: int) -> None:
        """kill -9."""
        os.kill(worker, signal.SIGKILL)

    def signal_all(self, what: signal.Signals) -> None:
        """To the server and every worker of it, as when a machine loses its power, falls asleep or wakes up."""
        for pid in (self.process.pid, *self.workers()):
            os.kill(pid, what)

    def stop(self) -> str:
        """Stop it and give everything it said."""
        self.process.terminate()
        self.process.wait(2 * PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.output.decode("utf-8", "replace")

    def ask(self, method: str, path: str, fields: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request over one connection; `fields` is a form, or bytes as they are."""
        form = {} if isinstance(fields, bytes) else {"Content-Type": "application/x-www-form-urlencoded"}
        body = fields if isinstance(fields, bytes) or fields is None else urlencode(fields, doseq=True)  # type: ignore[arg-type]
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE, source_address=(PHONE, 0))
        try:
            connection.request(method, path, body, {"User-Agent": AGENT, **form, **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode("utf-8", "replace"))
        finally:
            connection.close()

    def until_told(self, code: str, fields: Mapping[str, str]) -> tuple[int, int]:
        """Send a ballot until told that it is in, as a phone does: the last status and how many tries it took."""
        for tries in range(1, 1000):
            try:
                status = self.ask("POST", f"/b/{code}", {**fields, "go": "cast"}).status
            except (OSError, HTTPException):
                continue
            if status in (303, 409):
                return status, tries
            assert status == 503, status
        raise AssertionError("a phone gave up")

    def raw(self, *pieces: bytes, read: bool = True) -> bytes:
        """Bytes as they are; what comes back, if anything."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE, source_address=(PHONE, 0)) as line:
            return spoken(line, pieces, read=read)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if b"Booting worker" in line:
                self._booted.set()
        self._booted.set()


def spoken(line: socket.socket, pieces: Iterable[bytes], *, read: bool) -> bytes:
    """Bytes as they are down a line; what comes back, if it is read and if anything does.

    A server that refuses early closes the line before it has taken everything: what it said until then still waits here.
    """
    with suppress(OSError):
        for piece in pieces:
            line.sendall(piece)
        if read:
            line.shutdown(socket.SHUT_WR)
    heard = b""
    with suppress(OSError):
        while read and (more := line.recv(65536)):
            heard += more
    return heard


@contextmanager
def serving(config: Config, *, workers: int = 2, threads: int = 4, notify: str = "") -> Iterator[Server]:
    """A server for the length of a block."""
    server = Server(config, workers=workers, threads=threads, notify=notify)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
