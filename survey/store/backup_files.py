"""The file of a backup: a ZIP of one part per table, the pepper, and a manifest that every part is held against."""

import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from survey.domain.refusals import BadBackup, NewerDatabase

FORMAT = 1
_KIND = "pingyi backup"
_MANIFEST = "manifest.json"
_PEPPER = "pepper"
_LONGEST_LINE = 32 * 1024 * 1024
_MOST_MANIFEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One table: how many rows, the bytes of its lines and their digest, and what the places of a line are called."""

    table: str
    columns: tuple[str, ...]
    rows: int
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Where it lies in the file."""
        return f"tables/{self.table}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file says of itself. `unsettled` are titles of meetings whose box was not counted."""

    version: str
    revision: str
    made: str
    unsettled: tuple[str, ...]
    pepper_sha256: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(part.rows for part in self.parts)


@dataclass
class NewFile:
    """A backup that is being written."""

    archive: zipfile.ZipFile
    parts: list[Part] = field(default_factory=list)

    def add(self, table: str, columns: Iterable[str], lines: Iterable[bytes]) -> None:
        """Write one table, line by line."""
        digest, rows, size = hashlib.sha256(), 0, 0
        with self.archive.open(f"tables/{table}.jsonl", "w", force_zip64=True) as part:
            for line in lines:
                part.write(line)
                digest.update(line)
                rows, size = rows + 1, size + len(line)
        self.parts.append(Part(table, tuple(columns), rows, size, digest.hexdigest()))

    def finish(self, manifest: Manifest, pepper: bytes) -> Manifest:
        """Write the pepper and, last, what everything is held against."""
        digest = hashlib.sha256(pepper).hexdigest()
        whole = Manifest(
            manifest.version, manifest.revision, manifest.made, manifest.unsettled, digest, tuple(self.parts)
        )
        self.archive.writestr(_PEPPER, pepper)
        body = {"kind": _KIND, "format": FORMAT, **asdict(whole)}
        self.archive.writestr(_MANIFEST, json.dumps(body, ensure_ascii=False, indent=1))
        return whole


@contextmanager
def new(path: Path) -> Iterator[NewFile]:
    """A file for its owner alone. It gets its name when it is whole and on the disk; until then there is none.

    Raises
    ------
    BadBackup
        There is something by this name, or it cannot be written here.
    """
    if os.path.lexists(path):
        raise BadBackup(why="exists", path=str(path))
    unnamed = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                yield NewFile(archive)
            file.flush()
            os.fsync(file.fileno())
        unnamed.rename(path)
        _sync(path.parent)
    except OSError as fault:
        raise BadBackup(why="unwritable", path=str(path), said=fault.strerror or "") from fault
    finally:
        unnamed.unlink(missing_ok=True)


class KeptFile:
    """A backup that is being read. Nothing in it is believed before it was held against the manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = _manifest(archive)

    def pepper(self) -> bytes:
        """The pepper of the server that wrote this."""
        with _unharmed(_PEPPER), self._archive.open(_PEPPER) as file:
            found = file.read(_MOST_MANIFEST)
        if hashlib.sha256(found).hexdigest() != self.manifest.pepper_sha256:
            raise BadBackup(why="altered", part=_PEPPER)
        return found

    def lines(self, part: Part) -> Iterator[bytes]:
        """The lines of one table; after the last one it is known whether they are those that were written.

        Raises
        ------
        BadBackup
            They are not.
        """
        digest, rows, size = hashlib.sha256(), 0, 0
        with _unharmed(part.name), self._archive.open(part.name) as file:
            while line := file.readline(_LONGEST_LINE):
                digest.update(line)
                rows, size = rows + 1, size + len(line)
                yield line
        if (rows, size, digest.hexdigest()) != (part.rows, part.size, part.sha256):
            raise BadBackup(why="altered", part=part.name)


@contextmanager
def kept(path: Path) -> Iterator[KeptFile]:
    """A backup by its file.

    Raises
    ------
    BadBackup
        There is none, or it is not a backup, or it was cut off.
    NewerDatabase
        A later Pingyi wrote it in a way this one does not know.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as fault:
        raise BadBackup(why="cut" if _begins_as_one(path) else "foreign", path=str(path)) from fault
    except OSError as fault:
        raise BadBackup(why="unreadable", path=str(path), said=fault.strerror or "") from fault
    with archive:
        yield KeptFile(archive)


def digest(path: Path) -> str:
    """SHA-256 of a whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if _MANIFEST not in archive.namelist():
        raise BadBackup(why="foreign", path=archive.filename or "")
    with _unharmed(_MANIFEST), archive.open(_MANIFEST) as file:
        text = file.read(_MOST_MANIFEST)
    try:
        body: dict[str, Any] = json.loads(text)
        if body["kind"] != _KIND:
            raise BadBackup(why="foreign", path=archive.filename or "")
        if body["format"] > FORMAT:
            raise NewerDatabase(found=f"format {body['format']}")
        parts = tuple(Part(**{**each, "columns": tuple(each["columns"])}) for each in body.pop("parts"))
        del body["kind"], body["format"]
        return Manifest(**{**body, "unsettled": tuple(body["unsettled"]), "parts": parts})
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise BadBackup(why="foreign", path=archive.filename or "") from fault


@contextmanager
def _unharmed(part: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, OSError, RuntimeError, ValueError) as fault:
        raise BadBackup(why="altered", part=part) from fault


def _begins_as_one(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
