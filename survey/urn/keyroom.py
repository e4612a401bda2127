"""The key room: a 0700 folder outside database, instance folder and backups. One file per open box."""

import os
from pathlib import Path

from survey.domain.refusals import KeyStays, NoKey, NoRoom


class KeyRoom:
    """Private keys of boxes that are not yet counted. Whoever copies this folder and the database can open them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    def put(self, name: str, key: bytes) -> None:
        """Write a key so that it survives a power cut before anyone votes; a name is never written twice.

        Raises
        ------
        NoRoom
            It cannot be written whole, and no part of it is left.
        """
        path = self._path(name)
        try:
            # Unbuffered: what the disk did not take is known here, not at some later flush.
            with open(path, "xb", buffering=0, opener=_private) as file:
                written = file.write(key)
                os.fsync(file.fileno())
            self._sync()
        except FileExistsError:
            raise
        except OSError as fault:
            path.unlink(missing_ok=True)
            raise NoRoom(what="keyroom") from fault
        # A disk with room for half a key takes half a key and says so in a number, not in an error.
        if written != len(key):
            path.unlink(missing_ok=True)
            raise NoRoom(what="keyroom")

    def get(self, name: str) -> bytes:
        """Read a key.

        Raises
        ------
        NoKey
            It does not lie here, or cannot be read: another machine has it, or the box was counted or voided.
        """
        try:
            return self._path(name).read_bytes()
        except OSError as fault:
            raise NoKey() from fault

    def destroy(self, name: str) -> None:
        """Unlink a key; already gone is as good.

        Raises
        ------
        KeyStays
            The folder cannot be written.
        """
        try:
            self._path(name).unlink(missing_ok=True)
            self._sync()
        except OSError as fault:
            raise KeyStays() from fault

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


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
