"""All sheets of a published round in one file: which are wanted, how far they have come, and what they are called inside."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# A finished file lies so long; then it is removed, and may be made again.
KEPT = timedelta(days=7)
# Whoever works on a bundle says so again and again; after such a silence another takes it over.
SILENCE = timedelta(seconds=20)
_LONGEST_NAME, _LONGEST_FOLDER = 40, 110
_FORBIDDEN = frozenset('\\/:*?"<>|')
# Windows opens no file by these names, whatever follows a dot.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})


class Format(StrEnum):
    """What a sheet is written as."""

    PDF = "pdf"
    WORD = "word"
    BOTH = "both"

    @property
    def endings(self) -> tuple[str, ...]:
        """How the files end."""
        return {Format.PDF: ("pdf",), Format.WORD: ("docx",), Format.BOTH: ("pdf", "docx")}[self]


class Reach(StrEnum):
    """About whom there are sheets."""

    UNITS = "units"
    MEMBERS = "members"


class State(StrEnum):
    """Where a bundle stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


# What somebody works on, or will.
UNDER_WAY = frozenset({State.WAITING, State.RUNNING})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bundle by what it holds: asked for again it is the same one."""

    round: int
    unit: int
    format: Format
    reach: Reach
    language: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it is kept.

    Attributes
    ----------
    key : str
        Names its folder; random, since numbers come back when a database does.
    why : str
        Why it failed: disk, memory or fault.
    scope : str
        Names the units it reaches.
    seconds : int or None
        How long it will take still, when that is known.
    minute : datetime
        When it was asked for, UTC; `ended` when it was done or given up.
    """

    id: int
    key: str
    wanted: Wanted
    state: State
    why: str
    done: int
    whole: int
    scope: str
    seconds: int | None
    size: int | None
    minute: datetime
    ended: datetime | None

    @property
    def is_under_way(self) -> bool:
        """Whether somebody works on it, or will."""
        return self.state in UNDER_WAY

    @property
    def until(self) -> datetime | None:
        """When its file will be removed."""
        return self.ended + KEPT if self.ended is not None else None


@dataclass(frozen=True, slots=True)
class Spot:
    """A unit of a bundle: `key` is None when it has no sheet of its own. Members are (key, name); so is `above`, a sheet about the
    unit with all below it, where it has one beside its own."""

    id: int
    parent: int | None
    name: str
    key: str | None
    members: tuple[tuple[str, str], ...] = ()
    above: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of a bundle: about whom, in which unit, and where it lies."""

    key: str
    unit: int
    ending: str
    path: str


@dataclass
class _Names:
    """Names that are taken, as a file system sees them that does not tell large letters from small."""

    taken: set[str] = field(default_factory=set)

    def free(self, folder: str, name: str, endings: Sequence[str]) -> str:
        """A path without an ending that nothing has yet, neither as a folder nor with one of the endings."""
        n = 1
        while True:
            path = f"{folder}{name}" if n == 1 else f"{folder}{name} ({n})"
            every = {f"{path}{ending}".casefold() for ending in ("", *(f".{each}" for each in endings))}
            if not every & self.taken:
                self.taken |= every
                return path
            n += 1


def arranged(spots: Iterable[Spot], wanted: Wanted) -> tuple[Sheet, ...]:
    """The files of a bundle by the tree: beside the sheet of a unit lies a folder with what is below it.

    Parameters
    ----------
    spots : iterable of Spot
        The unit the bundle is about first, every parent before its children.
    """
    names, found = _Names(), list[Sheet]()
    inside: dict[int | None, str] = {}
    endings = wanted.format.endings
    for spot in spots:
        folder = inside.get(spot.parent, "")
        path = names.free(folder, safe(spot.name), endings)
        # What is below the first unit lies at the top; and no path grows longer than other systems take.
        is_first = not inside
        inside[spot.id] = "" if is_first else f"{path}/" if len(path) < _LONGEST_FOLDER else folder
        if spot.key is not None:
            found += [Sheet(spot.key, spot.id, ending, f"{path}.{ending}") for ending in endings]
        if spot.above is not None:
            key, name = spot.above
            beside = names.free(folder, safe(name), endings)
            found += [Sheet(key, spot.id, ending, f"{beside}.{ending}") for ending in endings]
        for key, name in spot.members if wanted.reach is Reach.MEMBERS else ():
            own = names.free(f"{path}/" if is_first else inside[spot.id], safe(name), endings)
            found += [Sheet(key, spot.id, ending, f"{own}.{ending}") for ending in endings]
    return tuple(found)


def safe(name: str) -> str:
    """A name as every file system takes it."""
    shown = (" " if each.isspace() else "_" if each in _FORBIDDEN else each for each in unicodedata.normalize("NFC", name))
    plain = "".join(each for each in shown if unicodedata.category(each)[0] != "C")
    short = " ".join(plain.split())[:_LONGEST_NAME].strip(" .")
    return f"_{short}" if not short or short.partition(".")[0].casefold() in _DEVICES else short
