"""The key room: a 0700 folder outside database, instance folder and backups. One file per open box."""

import os
from pathlib import Path

from survey.domain.refusals import NoKey


class KeyRoom:
    """Private keys of boxes that are not yet counted. Whoever copies this folder and the database can open them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    def put(self, name: str, key: bytes) -> None:
        """Write a key so that it survives a power cut before anyone votes; a name is never written twice."""
        descriptor = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, key)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._sync()

    def get(self, name: str) -> bytes:
        """Read a key.

        Raises
        ------
        NoKey
            It does not lie here: another machine has it, or the box was counted or voided.
        """
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as fault:
            raise NoKey() from fault

    def destroy(self, name: str) -> None:
        """Unlink a key; already gone is as good."""
        self._path(name).unlink(missing_ok=True)
        self._sync()

    def names(self) -> tuple[str, ...]:
        """Names of all keys that lie here."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.key")))

    def _path(self, name: str) -> Path:
        if not name.isalnum():
            raise ValueError("a key's name is letters and digits")
        return self._folder / f"{name}.key"

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
