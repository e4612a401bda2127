"""Settings: one frozen value from the environment, refusing to start when unsafe."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SHORTEST_SECRET = 32
MOST_PROXIES = 5
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\]")
_SENDER = re.compile(r"[^\s@<>]+@[^\s@<>]+")


class Unsafe(Exception):
    """The settings would run Pingyi in a way it must not run; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server that takes reminders to staff."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    starttls: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """Where things lie and what QR codes carry.

    Attributes
    ----------
    url : str
        What QR codes carry, for example http://192.168.1.5:8000, without a slash at the end.
    hosts : tuple of str
        Further names this server answers to.
    proxies : int
        How many proxies of one's own stand before this server; 0 believes no X-Forwarded header.
    smtp : Smtp or None
        None: reminders are copied by hand.
    """

    database: str
    instance: Path
    keyroom: Path
    secret: bytes
    pepper: bytes
    url: str
    zone: ZoneInfo
    hosts: tuple[str, ...] = ()
    proxies: int = 0
    smtp: Smtp | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names this server answers to, as a Host header spells them."""
        return frozenset({_spelled(urlsplit(self.url).hostname or ""), *self.hosts})

    @property
    def is_https(self) -> bool:
        """Whether phones come by https; cookies are Secure then."""
        return self.url.startswith("https://")


def from_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """Read PINGYI_* settings; what is not set gets the embedded default beside the instance folder.

    Raises
    ------
    Unsafe
        The key room lies in the instance folder, a secret is short, an address, a name, a number or the time zone cannot be
        used.
    """
    instance = Path(environ.get("PINGYI_INSTANCE", "instance")).resolve()
    keyroom = Path(environ.get("PINGYI_KEYROOM", str(instance.parent / (instance.name + "-keyroom")))).resolve()
    if keyroom.is_relative_to(instance) or instance.is_relative_to(keyroom):
        raise Unsafe(f"The key room ({keyroom}) must lie outside the instance folder. Set PINGYI_KEYROOM.")
    url = environ.get("PINGYI_URL", "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise Unsafe(f"PINGYI_URL must be like http://192.168.1.5:8000, not {url!r}.")
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        zone = ZoneInfo(environ.get("PINGYI_ZONE", "Asia/Shanghai"))
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise Unsafe("PINGYI_ZONE must be the name of a time zone, for example Asia/Shanghai.") from fault
    return Config(
        database=_given(environ, "PINGYI_DATABASE") or f"sqlite:///{instance / 'pingyi.db'}",
        instance=instance,
        keyroom=keyroom,
        secret=_kept(environ, "PINGYI_SECRET", instance / "secret"),
        pepper=_kept(environ, "PINGYI_PEPPER", instance / "pepper"),
        url=url,
        zone=zone,
        hosts=_hosts(environ.get("PINGYI_HOSTS", "")),
        proxies=_proxies(environ.get("PINGYI_PROXIES", "0")),
        smtp=_smtp(environ),
    )


def exchange_pepper(config: Config, pepper: bytes, *, environ: Mapping[str, str] = os.environ) -> None:
    """Write the pepper of a backup into the instance folder: the whole new one or the old one, whatever happens.

    Raises
    ------
    Unsafe
        PINGYI_PEPPER is set to another one: every slip and every scrutineer's slip would be unknown.
    """
    given = _given(environ, "PINGYI_PEPPER")
    if given is not None:
        if given.encode() != pepper:
            raise Unsafe(
                "PINGYI_PEPPER is not the pepper of this backup, so every slip would be unknown. Unset it, or set it to "
                "the one in the backup: unzip -p FILE pepper"
            )
        return
    made = config.instance / "pepper.new"
    made.unlink(missing_ok=True)
    _write(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), pepper)
    made.rename(config.instance / "pepper")


def release() -> str:
    """The version of this installation; "" in a checkout that was never installed."""
    try:
        return version("pingyi")
    except PackageNotFoundError:
        return ""


def _hosts(given: str) -> tuple[str, ...]:
    names = tuple(_spelled(name) for name in re.split(r"[\s,]+", given) if name)
    for name in names:
        if not _NAME.fullmatch(name):
            raise Unsafe(f"PINGYI_HOSTS must be names like vote.example.org, with commas between them, not {name!r}.")
    return names


def _spelled(host: str) -> str:
    """As a Host header spells it: letters small, an IPv6 address in brackets."""
    host = host.lower().rstrip(".")
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _proxies(given: str) -> int:
    if not (given.isascii() and given.isdigit() and int(given) <= MOST_PROXIES):
        raise Unsafe(
            f"PINGYI_PROXIES must be how many proxies stand before Pingyi, 0 to {MOST_PROXIES}, not {given!r}."
        )
    return int(given)


def _smtp(environ: Mapping[str, str]) -> Smtp | None:
    """The mail server, when one is named.

    Raises
    ------
    Unsafe
        No port, no sender, half a login, or a password that would cross the network in the clear.
    """
    address, sender = environ.get("PINGYI_SMTP", ""), environ.get("PINGYI_SMTP_FROM", "")
    if not address:
        return None
    host, _colon, port = address.rpartition(":")
    if not _NAME.fullmatch(host.lower()) or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Unsafe(f"PINGYI_SMTP must be like mail.example.org:587, not {address!r}.")
    if not _SENDER.fullmatch(sender):
        raise Unsafe("PINGYI_SMTP_FROM must be the address reminders come from, for example pingyi@example.org.")
    user, password = environ.get("PINGYI_SMTP_USER", ""), _given(environ, "PINGYI_SMTP_PASSWORD") or ""
    starttls = environ.get("PINGYI_SMTP_STARTTLS", "0") not in ("", "0")
    if bool(user) != bool(password):
        raise Unsafe("Set PINGYI_SMTP_USER and PINGYI_SMTP_PASSWORD (or PINGYI_SMTP_PASSWORD_FILE), or neither.")
    if user and not starttls and host not in ("127.0.0.1", "localhost", "[::1]"):
        raise Unsafe("The password of the mail server would cross the network in the clear. Set PINGYI_SMTP_STARTTLS=1.")
    return Smtp(host.strip("[]"), int(port), sender, user, password, starttls)


def _given(environ: Mapping[str, str], name: str) -> str | None:
    """A setting from the environment, or from the file that NAME_FILE names: a secret of a container, a credential."""
    path = environ.get(f"{name}_FILE")
    if path is None:
        return environ.get(name)
    if name in environ:
        raise Unsafe(f"Set {name} or {name}_FILE, not both.")
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise Unsafe(f"{name}_FILE: the file {path} cannot be read.") from fault


def _kept(environ: Mapping[str, str], name: str, path: Path) -> bytes:
    """A secret that was given, else from its own file, made on the first start."""
    given = _given(environ, name)
    if given is not None:
        if len(given) < SHORTEST_SECRET:
            raise Unsafe(f"{name} must have at least {SHORTEST_SECRET} characters.")
        return given.encode()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_bytes()
        if len(kept) < SHORTEST_SECRET:
            raise Unsafe(f"{path} is too short for a secret. Delete it to have a new one made.") from None
        return kept
    made = secrets.token_hex(SHORTEST_SECRET).encode()
    _write(descriptor, made)
    return made


def _write(descriptor: int, made: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
