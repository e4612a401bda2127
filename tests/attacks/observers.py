"""The observer: he copies every file outside the key room after every vote, dumps every table, and guesses."""

import base64
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import text

from survey.actions import ballots
from survey.actions.house import House
from survey.domain.ballots import fill, pack
from survey.domain.papers import Paper
from survey.domain.slips import pretty
from survey.urn import codes
from tests.conftest import Hall, make_meeting

VOTES = 40
GROUPS = (("群众代表", 24, 20), ("党员", 24, 20))
BLOCK = 4096
OVERLAP = 256


@dataclass(frozen=True)
class Vote:
    """One vote as it was, which the observer does not know: `unhappy` is what he wants to guess."""

    code: str
    digest: bytes
    unhappy: bool
    word: str
    plain: bytes


@dataclass
class Observer:
    """What was carried off. `seen` is every block of every copy once; `slips` and `rows` are read out of the copies."""

    seen: bytearray = field(default_factory=bytearray)
    order: list[tuple[bytes, bytes, bytes]] = field(default_factory=list)
    _blocks: set[bytes] = field(default_factory=set)
    _spent: set[bytes] = field(default_factory=set)
    _keys: set[bytes] = field(default_factory=set)

    def look(self, house: House, folder: Path) -> None:
        """Copy everything there is now."""
        if house.store.is_sqlite:
            slips, rows = self._files(house, folder)
        else:
            slips, rows = self._dump(house)
        fresh = [(key, sealed) for key, sealed in rows if key not in self._keys]
        spent = [digest for digest in slips if digest not in self._spent]
        # Between two copies there was one vote, so the observer knows which slip dropped which ballot.
        self.order += [(d, key, sealed) for d, (key, sealed) in zip(spent, fresh, strict=True)]
        self._spent |= set(spent)
        self._keys |= {key for key, _ in fresh}

    def keep(self, data: bytes) -> None:
        """Remember the blocks that are new, with what stands around them."""
        for at in range(0, len(data), BLOCK):
            block = data[at : at + BLOCK]
            if block not in self._blocks:
                self._blocks.add(block)
                self.seen += data[max(0, at - OVERLAP) : at + BLOCK + OVERLAP]

    def _files(self, house: House, folder: Path) -> tuple[list[bytes], list[tuple[bytes, bytes]]]:
        copy = folder.parent / "copies"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        for path in sorted(copy.rglob("*")):
            self.keep(path.name.encode())
            self.keep(path.read_bytes() if path.is_file() else b"")
        database = sqlite3.connect(copy / Path(house.store.url.database or "").name)
        slips = [row[0] for row in database.execute("SELECT digest FROM slips WHERE state = 'spent'")]
        rows = list(database.execute("SELECT key, sealed FROM ballots"))
        database.close()
        return slips, rows

    def _dump(self, house: House) -> tuple[list[bytes], list[tuple[bytes, bytes]]]:
        with house.store.read() as db:
            names = db.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
            for name in names:
                query = f'SELECT xmin::text, ctid::text, t::text FROM "{name}" t ORDER BY ctid'
                for row in db.execute(text(query)):
                    self.keep("|".join(row).encode())
            slips = db.execute(text("SELECT digest FROM slips WHERE state = 'spent'")).scalars().all()
            rows = db.execute(text("SELECT key, sealed FROM ballots")).all()
        return [bytes(digest) for digest in slips], [(bytes(row.key), bytes(row.sealed)) for row in rows]


@dataclass
class Scene:
    """A meeting of forty whose every vote was watched."""

    hall: Hall
    votes: list[Vote]
    private: bytes
    observer: Observer
    folder: Path

    def finish(self) -> None:
        """Close, count, and look once more."""
        self.hall.close()
        self.hall.count()


def watch(house: House, folder: Path) -> Scene:
    """Forty votes at a meeting of two groups; half are unhappy and long, half content and short, drawn by lot."""
    random = Random(40)
    hall = make_meeting(house, groups=GROUPS)
    (name,) = house.keys.names()
    chances = [True, False] * (VOTES // 2)
    random.shuffle(chances)
    slips = [code for each in hall.codes.values() for code in each]
    random.shuffle(slips)
    scene = Scene(hall, [], house.keys.get(name), Observer(), folder)
    scene.observer.look(house, folder)
    for number, (code, unhappy) in enumerate(zip(slips, chances, strict=True)):
        look = ballots.look(house, code)
        paper = house.paper(look.paper or "")
        word = f"心里话{number:02d}号"
        given = answers(paper, random, unhappy=unhappy, word=word)
        tracker = ballots.cast(house, code, given)
        plain = pack(paper, fill(paper, given), tracker)
        scene.votes.append(Vote(code, codes.slip_digest(house.pepper, code), unhappy, word, plain))
        scene.observer.look(house, folder)
    return scene


def answers(paper: Paper, random: Random, *, unhappy: bool, word: str) -> dict[str, list[str]]:
    """Very different ballots: unhappy ones mark 2 or 3 and write 900 characters, content ones mark 0 or 1 and one word."""
    given = {}
    for name, (t, q) in paper.fields.items():
        if paper.questions(paper.targets[t])[q].kind == "rating":
            given[name] = [str(random.randrange(2) + 2 * unhappy)]
        else:
            given[name] = [word + "不满意的事有很多" * 110 if unhappy else word]
    return given


def spellings(secret: bytes) -> Iterator[bytes]:
    """How bytes may stand in a file or a dump."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    yield base64.b64encode(secret)[:-4]


def written(word: str) -> Iterator[bytes]:
    """How a text may stand in a file or a dump."""
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        yield from spellings(word.encode(encoding))


def codes_written(vote: Vote) -> Iterator[bytes]:
    """Every spelling of a code."""
    for form in (vote.code, pretty(vote.code)):
        yield from (form.encode(), form.lower().encode(), form.encode().hex().encode())


def found(needles: Iterable[bytes], heap: bytes) -> list[bytes]:
    """The needles that lie in the heap."""
    return [needle for needle in needles if needle in heap]


@dataclass(frozen=True)
class Trace:
    """All that the observer knows of one vote: place in the order, slip, row, ciphertext; later the tracker too."""

    place: int
    digest: bytes
    key: bytes
    sealed: bytes
    tracker: str


ATTACKERS: Mapping[str, Callable[[Trace], float]] = {
    "length of the ciphertext": lambda t: len(t.sealed),
    "length when compressed": lambda t: len(zlib.compress(t.sealed)),
    "sum of the bytes": lambda t: sum(t.sealed),
    "sum of the first bytes": lambda t: sum(t.sealed[32:128]),
    "sum of the columns' bytes": lambda t: sum(t.sealed[96:160]),
    "sum of the last bytes": lambda t: sum(t.sealed[-300:]),
    "zero bytes": lambda t: t.sealed.count(0),
    "different bytes": lambda t: len(set(t.sealed)),
    "the ephemeral key": lambda t: int.from_bytes(t.sealed[:32], "little"),
    "the tag": lambda t: int.from_bytes(t.sealed[-16:], "big"),
    "order of voting": lambda t: t.place,
    "order of the rows": lambda t: int.from_bytes(t.key, "big"),
    "order of the slips": lambda t: int.from_bytes(t.digest, "big"),
    "order of the trackers": lambda t: int.from_bytes(t.tracker.encode(), "big"),
}


def hits(scores: Sequence[float], truths: Sequence[bool]) -> int:
    """How many of the unhappy half an attacker names who may choose, knowing the truth, which end of his scale to call it.

    Ties are broken by place, so that a constant tells nothing.
    """
    half = sum(truths)
    ranked = sorted(range(len(scores)), key=lambda i: (scores[i], (i * 7919) % len(scores)))
    top = sum(truths[i] for i in ranked[-half:])
    bottom = sum(truths[i] for i in ranked[:half])
    return max(top, bottom)


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's rho of two orders without ties."""
    n = len(one)
    places = [{value: place for place, value in enumerate(sorted(order))} for order in (one, other)]
    squares = sum((places[0][a] - places[1][b]) ** 2 for a, b in zip(one, other, strict=True))
    return 1 - 6 * squares / (n * (n * n - 1))
