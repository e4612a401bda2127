"""What every verb needs: the memory, the key room, the pepper and where randomness comes from."""

from collections import OrderedDict
from dataclasses import dataclass, field
from random import Random
from threading import Lock

from survey.domain.papers import Paper, read_paper
from survey.store import meetings
from survey.store.engine import Store
from survey.urn.keyroom import KeyRoom

_PAPERS_KEPT = 64


@dataclass(frozen=True)
class House:
    """One running Pingyi. `random` is the system's, except in tests."""

    store: Store
    keys: KeyRoom
    pepper: bytes
    random: Random
    _papers: OrderedDict[str, Paper] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def paper(self, sha256: str) -> Paper:
        """A frozen paper by its digest; what is frozen may be remembered."""
        with self._lock:
            if sha256 in self._papers:
                self._papers.move_to_end(sha256)
                return self._papers[sha256]
        with self.store.read() as db:
            found = read_paper(meetings.paper(db, sha256))
        with self._lock:
            self._papers[sha256] = found
            while len(self._papers) > _PAPERS_KEPT:
                self._papers.popitem(last=False)
        return found
