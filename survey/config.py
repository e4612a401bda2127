"""Settings: one frozen value from the environment, refusing to start when unsafe."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SHORTEST_SECRET = 32


class Unsafe(Exception):
    """The settings would run Pingyi in a way it must not run; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Config:
    """Where things lie and what QR codes carry.

    Attributes
    ----------
    url : str
        What QR codes carry, for example http://192.168.1.5:8000, without a slash at the end.
    """

    database: str
    instance: Path
    keyroom: Path
    secret: bytes
    pepper: bytes
    url: str
    zone: ZoneInfo

    @property
    def is_https(self) -> bool:
        """Whether phones come by https; cookies are Secure then."""
        return self.url.startswith("https://")


def from_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """Read PINGYI_* settings; what is not set gets the embedded default beside the instance folder.

    Raises
    ------
    Unsafe
        The key room lies in the instance folder, a secret is short, the address or the time zone cannot be used.
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
        database=environ.get("PINGYI_DATABASE", f"sqlite:///{instance / 'pingyi.db'}"),
        instance=instance,
        keyroom=keyroom,
        secret=_kept(environ, "PINGYI_SECRET", instance / "secret"),
        pepper=_kept(environ, "PINGYI_PEPPER", instance / "pepper"),
        url=url,
        zone=zone,
    )


def _kept(environ: Mapping[str, str], name: str, path: Path) -> bytes:
    """A secret from the environment, else from its file, made on the first start."""
    given = environ.get(name)
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
    with os.fdopen(descriptor, "wb") as file:
        made = secrets.token_hex(SHORTEST_SECRET).encode()
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    return made
