"""Mail that reminds staff: the only room that speaks SMTP. No voter has an address here, and no link of a ballot goes out by it."""

import smtplib
import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from survey.config import Smtp

# A page is being waited for: all letters together, and each word of the server.
MOST_SECONDS, _PATIENCE = 40.0, 8.0


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person."""

    to: str
    subject: str
    text: str


def send(smtp: Smtp, letters: Sequence[Letter], *, seconds: float = MOST_SECONDS) -> tuple[str, ...]:
    """Send letters over one connection. For each: "" when the server took it, else why not (away, login, refused, late)."""
    until = time.monotonic() + seconds
    answers: list[str] = []
    try:
        with _connected(smtp) as server:
            for letter in letters:
                if time.monotonic() > until:
                    break
                answers.append(_sent(server, smtp, letter))
    except smtplib.SMTPAuthenticationError:
        return _filled(answers, "login", letters)
    except (OSError, smtplib.SMTPException):
        return _filled(answers, "away", letters)
    return _filled(answers, "late", letters)


def _connected(smtp: Smtp) -> smtplib.SMTP:
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=_PATIENCE)
    try:
        if smtp.starttls:
            server.starttls(context=ssl.create_default_context())
        if smtp.user:
            server.login(smtp.user, smtp.password)
    except BaseException:
        server.close()
        raise
    return server


def _sent(server: smtplib.SMTP, smtp: Smtp, letter: Letter) -> str:
    message = EmailMessage()
    try:
        # A header takes one line, and reads an address its own way: whom the letter goes to is said apart.
        message["From"], message["To"], message["Subject"] = smtp.sender, letter.to, " ".join(letter.subject.split())
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=smtp.sender.rpartition("@")[2])
        message.set_content(letter.text)
        server.send_message(message, to_addrs=[letter.to])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError, LookupError, ValueError):
        # This one address; the others may be good.
        return "refused"
    return ""


def _filled(answers: Iterable[str], why: str, letters: Sequence[Letter]) -> tuple[str, ...]:
    given = tuple(answers)
    return (*given, *(why for _ in letters[len(given) :]))
