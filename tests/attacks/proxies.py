"""Debian's nginx before a real server: the shipped configuration with nothing exchanged but paths and ports."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.attacks.servers import AGENT, PATIENCE, PHONE, ROOT, Answer, spoken

SHIPPED = ROOT / "deploy" / "nginx.conf"
NAME = "vote.example.org"
# Staff come from here: their pages are logged, and the test sees by them that the logs work at all.
OFFICE = "127.0.0.78"


class Proxy:
    """nginx in a folder of its own before one upstream port."""

    def __init__(self, folder: Path, upstream: int) -> None:
        self.logs, self._run, tls = folder / "log", folder / "run", folder / "tls"
        for path in (self.logs, self._run, tls):
            path.mkdir(parents=True)
        self.port, self.plain_port = _free_port(), _free_port()
        self.exchanged = {
            "/var/log/nginx": str(self.logs),
            "/run/": f"{self._run}/",
            "/etc/pingyi/tls": str(tls),
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "listen 80 ": f"listen 127.0.0.1:{self.plain_port} ",
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        }
        self.context = _certificate(tls)
        self.configuration = folder / "nginx.conf"
        self.configuration.write_text(self._exchanged(SHIPPED.read_text("utf-8")), "utf-8")
        command = [program(), "-c", str(self.configuration), "-g", "daemon off;"]
        with (folder / "stderr").open("wb") as said:
            self.process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
        self._wait(folder / "stderr")
        # What nginx may put aside on its way is from here on in a folder nobody can write to.
        for path in self._run.glob("pingyi-*"):
            path.chmod(0)

    def _exchanged(self, text: str) -> str:
        for old, new in self.exchanged.items():
            assert old in text, f"the shipped nginx.conf does not speak of {old!r} any more"
            text = text.replace(old, new)
        return text

    def _wait(self, said: Path) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port), PATIENCE):
                return
        raise AssertionError(f"nginx did not start: {said.read_text()}")

    def stop(self) -> None:
        """End it; whatever it had to say is in its logs then."""
        self.process.terminate()
        self.process.wait(PATIENCE)

    def said(self) -> dict[str, bytes]:
        """Every log by its name."""
        return {path.name: path.read_bytes() for path in self.logs.iterdir()}

    def connect(self, origin: str = PHONE, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        """A line from a phone, certificate and name checked."""
        line = socket.create_connection(("127.0.0.1", self.port), PATIENCE, source_address=(origin, 0))
        try:
            return (context or self.context).wrap_socket(line, server_hostname=NAME)
        except BaseException:
            line.close()
            raise

    def ask(
        self,
        method: str,
        path: str,
        fields: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        origin: str = PHONE,
    ) -> Answer:
        """One request over one connection; `fields` is a form, or bytes as they are."""
        form = {} if isinstance(fields, bytes) else {"Content-Type": "application/x-www-form-urlencoded"}
        body = fields if isinstance(fields, bytes) or fields is None else urlencode(fields, doseq=True)  # type: ignore[arg-type]
        connection = HTTPSConnection(NAME, timeout=PATIENCE, context=self.context)
        connection.sock = self.connect(origin)
        try:
            # A body that is too large is answered before it was read, and the line may be closed under the sender.
            with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
                connection.request(method, path, body, {"User-Agent": AGENT, **form, **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode("utf-8", "replace"))
        finally:
            connection.close()

    def raw(self, *pieces: bytes, read: bool = True, port: int = 0) -> bytes:
        """Bytes as they are, through TLS, or without it at the given port; what comes back, if anything."""
        where = ("127.0.0.1", port)
        with socket.create_connection(where, PATIENCE, source_address=(PHONE, 0)) if port else self.connect() as line:
            return spoken(line, pieces, read=read)


def program() -> str:
    """Where nginx is."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert found, "The tests of deploy/ need the program nginx. On Debian, as root: apt-get install nginx"
    return found


@contextmanager
def proxying(folder: Path, upstream: int) -> Iterator[Proxy]:
    """nginx for the length of a block."""
    proxy = Proxy(folder, upstream)
    try:
        yield proxy
    finally:
        proxy.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _certificate(folder: Path) -> ssl.SSLContext:
    """A certificate of our own making for the invented name, and a phone that trusts it alone."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    day = timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - day)
        .not_valid_after(datetime.now(UTC) + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    kind, form = serialization.PrivateFormat.PKCS8, serialization.Encoding.PEM
    (folder / "privkey.pem").write_bytes(key.private_bytes(form, kind, serialization.NoEncryption()))
    (folder / "fullchain.pem").write_bytes(made.public_bytes(form))
    return ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
