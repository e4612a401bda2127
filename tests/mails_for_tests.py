"""A real mail server on loopback that keeps what it gets."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Postbox:
    """Letters by whom they were for, and where the server listens; addresses of `unknown` are refused."""

    unknown: frozenset[str] = frozenset()
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        """Take an address or not."""
        if address in self.unknown:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a letter."""
        found = message_from_bytes(envelope.content or b"", policy=default)
        assert isinstance(found, EmailMessage)
        self.letters += [(to, found) for to in envelope.rcpt_tos]
        return "250 kept"


@contextmanager
def mail_server(*, unknown: frozenset[str] = frozenset(), password: str = "") -> Iterator[Postbox]:
    """A server that takes letters; with a password only from whoever knows it."""
    box = Postbox(unknown)

    def knows(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
        return AuthResult(success=isinstance(given, LoginPassword) and given.password == password.encode(), handled=False)

    more = {"authenticator": knows, "auth_required": True, "auth_require_tls": False} if password else {}
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
