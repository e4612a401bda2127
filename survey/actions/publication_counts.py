"""The counts of a round that is being published: held against the seals, written into their file and added up, in one walk."""

from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.actions.gatherings import Gathered, Gathering
from survey.actions.seals import is_altered, is_sealed, merged
from survey.domain.meetings import Meeting
from survey.domain.papers import read_paper
from survey.domain.publication_files import CountsFile, row_of
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publication_sheets import Held
from survey.domain.publication_sums import Freezer, Frozen
from survey.domain.publications import Publication, audience_of, pooled_key
from survey.domain.refusals import NotPublished
from survey.domain.rosters import Step
from survey.store import meetings, publications
from survey.store.engine import Connection
from survey.store.publications import Row

# An answer to a question about a target: target, form, section, question, code.
_Mark = tuple[str, int, str, str, int]


@dataclass(frozen=True, slots=True)
class Written:
    """The table of counts, packed, its digest, and its sums."""

    packed: bytes
    sha256: str
    frozen: Frozen


def write(db: Connection, made: Publication, gathering: Gathering) -> Generator[Step, None, Written]:
    """The counts of all meetings that were gathered.

    Raises
    ------
    NotPublished
        What is kept of a meeting is not what its seal holds.
    """
    ids, done = tuple(gathering.seals), 0
    writer = _Writer(made, gathering)
    for some in publications.batches(ids):
        yield ("counts", done, len(ids))
        found = meetings.some(db, some)
        counts = publications.counts(db, [group.id for meeting in found for group in meeting.groups])
        _check(db, found, counts, gathering)
        for meeting in found:
            writer.take(meeting, counts)
        done += len(some)
    return writer.done()


def _check(db: Connection, some: Sequence[Meeting], counts: Mapping[int, Sequence[Row]], gathering: Gathering) -> None:
    ids = [meeting.id for meeting in some]
    sealed, back, lost = publications.sealed(db, ids), publications.returned(db, ids), publications.spoiled(db, ids)
    for meeting in some:
        if meeting.id in gathering.uneven:
            body, digest = sealed[meeting.id]
            paper = read_paper(next(iter(meetings.papers(db, meeting.id).values())))
            same = not is_altered(db, meeting, paper, body=body, digest=digest)
        else:
            same = is_sealed(meeting, sealed[meeting.id], counts, back[meeting.id], lost.get(meeting.id, {}))
        if not same or sealed[meeting.id][1] != gathering.seals[meeting.id]:
            raise NotPublished(why="altered", title=meeting.title)


class _Writer:
    """The atoms of single meetings as these are read; those of several together at the end, as they stand in the file."""

    def __init__(self, made: Publication, gathering: Gathering) -> None:
        self._made, self._gathering = made, gathering
        self._freezer, self._file = Freezer(made), CountsFile()
        self._rated = {held.id: held.rated for held in made.meetings}
        self._first: dict[int, int] = {}
        self._joined: dict[int, int] = {}
        for at, atom in enumerate(made.atoms):
            for leaf in atom:
                (self._first if len(atom) == 1 else self._joined).setdefault(leaf.meeting, at)
        self._few = {one.held.id: one for one in gathering.few}
        self._kept = {(pool.atom, pool.form, pool.section) for pool in made.pools}
        self._sums: dict[int, Counter[_Mark]] = {}
        self._marked = 0

    def take(self, meeting: Meeting, counts: Mapping[int, Sequence[Row]]) -> None:
        """One meeting."""
        at = self._first.get(meeting.id)
        if at is not None:
            for groups in self._gathering.groups[meeting.id]:
                rows = merged([counts[group] for group in groups])
                for unit in self._rated[meeting.id]:
                    self._write(at, unit, rows)
                    at += 1
        elif meeting.id in self._joined:
            one = self._few[meeting.id]
            self._join(self._joined[meeting.id], one, (row for group in one.returned for row in counts[group]))

    def done(self) -> Written:
        """Once every meeting was taken."""
        for at in sorted(set(self._joined.values())):
            spots = self._freezer.spots(at)
            entries = {spot[:4]: spot.entry for spot in spots}
            sums = self._sums.get(at, Counter())
            for (target, form, section, question, answer), n in sorted(sums.items()):
                asked = (target, form, section, question)
                entries[asked].extend((answer, n))
                self._marked += n
                self._file.write(f"{row_of(at, 0, asked)}{answer},{n}\r\n")
            self._freezer.add(at, spots)
        packed, digest = self._file.done()
        frozen = self._freezer.done()
        roll = FrozenRoll(Held(frozen))
        summed = sum(total.counts.total() for total in roll.sums(roll.atoms(self._made.root.id)).values())
        assert summed == self._marked, "what pages add up to is what the file says"
        return Written(packed, digest, frozen)

    def _write(self, at: int, unit: int, rows: Iterable[Row]) -> None:
        spots = self._freezer.spots(at)
        # Whoever was rated elsewhere before is counted under the key of the list, and published under one of his own.
        known = {(_listed(spot.target), spot.question): (row_of(at, unit, spot[:4]), spot.entry) for spot in spots}
        lines, marked = [], 0
        for target, question, answer, n in rows:
            found = known.get((target, question))
            if found is not None:
                lines.append(f"{found[0]}{answer},{n}\r\n")
                found[1].extend((answer, n))
                marked += n
        self._file.write("".join(lines))
        self._marked += marked
        self._freezer.add(at, spots)

    def _join(self, at: int, one: Gathered, rows: Iterable[Row]) -> None:
        """Nobody in it is told apart: all units are one and all members are one."""
        sums, form = self._sums.setdefault(at, Counter()), one.held.form
        told = {_listed(key): section for key, section in one.sections.items() if (at, form, section) in self._kept}
        asked = {(spot.form, spot.section, spot.question) for spot in self._freezer.spots(at)}
        for target, question, answer, n in rows:
            section = told.get(target, "")
            if (form, section, question) in asked:
                sums[pooled_key(audience_of(target)), form, section, question, answer] += n


def _listed(key: str) -> str:
    return key.partition(".")[0]
