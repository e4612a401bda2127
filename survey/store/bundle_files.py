"""The files of bundles: a folder for each in the instance folder, for its owner alone, where every finished sheet lies at once.

A sheet gets its name when it is whole and on the disk. Whoever is killed leaves what he finished, and another goes on there.
"""

import fcntl
import os
import shutil
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

_MARK, _WHOLE, _PART, _LOCK = "mark", "whole.zip", ".part", ".lock"
# The oldest moment a .zip can say.
_EPOCH = 1980


class BundleFiles:
    """The folder of all bundles of one machine."""

    def __init__(self, instance: Path) -> None:
        self._folder = instance / "bundles"

    def begin(self, key: str, mark: str) -> frozenset[int]:
        """Open the folder of a bundle: the numbers of the sheets that lie there. What belongs to other sheets than `mark`
        names is thrown away."""
        own = self._folder / key
        for folder in (self._folder, own):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(OSError):
            if (own / _MARK).read_text("utf-8") == mark:
                return frozenset(int(each.name) for each in own.iterdir() if each.name.isdigit())
        self.drop(key)
        own.mkdir(mode=0o700)
        self._keep(own / _MARK, mark.encode())
        return frozenset()

    def keep(self, key: str, number: int, body: bytes) -> None:
        """Keep a sheet: all of it or nothing."""
        self._keep(self._folder / key / str(number), body)

    def join(self, key: str, paths: Iterable[str], index: tuple[str, bytes], *, at: datetime) -> int:
        """Put all sheets into one file, in the order of their paths, with the index first; how many bytes it has.

        The same sheets make the same bytes: every one is from the moment `at`.
        """
        moment = (max(at.year, _EPOCH), at.month, at.day, at.hour, at.minute, 0)
        own = self._folder / key
        part = own / f"{_WHOLE}.{os.getpid()}{_PART}"
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                # Sheets are packed already.
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                    archive.writestr(zipfile.ZipInfo(index[0], moment), index[1], zipfile.ZIP_DEFLATED)
                    for number, path in enumerate(paths):
                        with archive.open(zipfile.ZipInfo(path, moment), "w") as inside, (own / str(number)).open("rb") as sheet:
                            shutil.copyfileobj(sheet, inside)
                file.flush()
                os.fsync(file.fileno())
            part.rename(own / _WHOLE)
        finally:
            part.unlink(missing_ok=True)
        return (own / _WHOLE).stat().st_size

    def tidy(self, key: str) -> None:
        """Remove the sheets of a bundle that is whole: they lie in its file."""
        with suppress(OSError):
            for each in (self._folder / key).iterdir():
                if each.name != _WHOLE:
                    each.unlink(missing_ok=True)

    def whole(self, key: str) -> Path | None:
        """The finished file; None when it does not lie on this machine."""
        path = self._folder / key / _WHOLE
        return path if path.is_file() else None

    def drop(self, key: str) -> None:
        """Remove everything of a bundle. Somebody may be writing there still, and finds no folder any more."""
        shutil.rmtree(self._folder / key, ignore_errors=True)

    def drop_others(self, wanted: Collection[str]) -> None:
        """Remove the folders of all bundles but these."""
        with suppress(FileNotFoundError):
            for each in self._folder.iterdir():
                if each.is_dir() and each.name not in wanted:
                    self.drop(each.name)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else on this machine works on bundles; meanwhile nobody else will. The system itself lets go for
        whoever is killed."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600), "rb+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def _keep(self, path: Path, body: bytes) -> None:
        part = path.with_name(f"{path.name}.{os.getpid()}{_PART}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
