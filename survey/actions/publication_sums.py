"""The sums that pages read of published rounds: made anew from the parts, and held against what the publication's digest names."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from survey.actions.house import House
from survey.domain.hand_ins import NotWhole
from survey.domain.publication_digests import DIGESTS, packed_digests, piece_digest, read_digests
from survey.domain.publication_files import MANIFEST, UNREADABLE, digest, sums_named
from survey.domain.publication_readings import frozen_of
from survey.domain.publication_sums import Frozen
from survey.domain.refusals import AlteredRound, Away
from survey.domain.staff import Staff
from survey.store import journal, publication_sums, publications, rounds, units
from survey.store.engine import Connection

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Compared:
    """The sums that are kept of a round beside those that its parts make.

    Attributes
    ----------
    is_whole : bool
        Whether its parts are those that its digest names; where not, nothing can be made of them.
    is_bound : bool
        Whether its digest names the sums too: an earlier release named the parts alone.
    changed, pieces : int
        How many pieces are not what the parts make, or are missing, or too many; of how many.
    """

    name: str
    sha256: str
    is_whole: bool
    is_bound: bool = False
    changed: int = 0
    pieces: int = 0


def fill(house: House) -> int:
    """Make the sums of rounds that an earlier release published, from their parts; how many there were."""
    with house.store.read() as db:
        wanted = publication_sums.missing(db)
    for round_id in wanted:
        # Whose parts were changed since has its page say so.
        with suppress(NotWhole):
            with house.store.read() as db:
                found = whole(db, round_id)
            made = _made_anew(found)
            with house.store.write() as db:
                publication_sums.add(db, round_id, made)
    return len(wanted)


def compare(house: House, *, mend: bool, now: datetime) -> Iterator[Compared]:
    """The sums of every published round against those that its parts make; with `mend` what differs is put right."""
    with house.store.read() as db:
        published = publications.every(db)
        names = {number: each.name for number, each in rounds.get_many(db, [made.round for made in published]).items()}
    for each in published:
        with house.store.read() as db:
            try:
                found = whole(db, each.round)
                made = _made_anew(found)
            except (NotWhole, *UNREADABLE):
                yield Compared(names[each.round], each.sha256, is_whole=False)
                continue
            kept = publication_sums.whole(db, each.round)
        changed = _unlike(made.indexes, kept.indexes) + _unlike(made.sheets, kept.sheets)
        if changed and mend:
            with house.store.write() as db:
                publication_sums.add(db, each.round, made)
                where = rounds.get(db, each.round).unit
                journal.note(db, "mend_round", by=None, now=now, unit_id=where, round=each.round, name=names[each.round], n=changed)
        yield Compared(names[each.round], each.sha256, True, sums_named(found[MANIFEST]) is not None, changed, len(made.indexes) + len(made.sheets))


def _made_anew(found: Mapping[str, bytes]) -> Frozen:
    """With digests of their own, where the list of the parts names none."""
    made = frozen_of(found)
    if sums_named(found[MANIFEST]) is not None:
        return made
    return replace(made, indexes={**made.indexes, DIGESTS: packed_digests(made.indexes)})


def _unlike(made: Mapping[Key, bytes], kept: Mapping[Key, bytes]) -> int:
    """How many pieces are not the same; how they are packed says nothing."""
    same = sum(key in kept and piece_digest(body) == piece_digest(kept[key]) for key, body in made.items())
    return len(made.keys() | kept.keys()) - same


def whole(db: Connection, round_id: int) -> dict[str, bytes]:
    """The parts of a published round.

    Raises
    ------
    NotWhole
        They are not those that its digest names.
    """
    made, found = publications.of_round(db, round_id), publications.bodies(db, round_id)
    if made is None or MANIFEST not in found or digest(found) != made.sha256:
        raise NotWhole("changed", MANIFEST)
    return found


def digests(db: Connection, round_id: int, sha256: str) -> dict[str, str] | None:
    """What the sums of a published round are held against: the digests in its list of parts; where an earlier release wrote that,
    those of the sums as they were made from the parts. None where there are no such sums yet.

    Raises
    ------
    NotWhole
        The list is not the one that the digest of the publication names.
    """
    found = publications.bodies(db, round_id, names=(MANIFEST,))
    if MANIFEST not in found or digest(found) != sha256:
        raise NotWhole("changed", MANIFEST)
    named = sums_named(found[MANIFEST])
    if named is not None:
        return named
    kept = publication_sums.of_rounds(db, (round_id,), (DIGESTS,)).get(round_id)
    return None if kept is None else read_digests(kept[DIGESTS])


def altered(house: House, round_id: int, unit: int | None, *, by: Staff, now: datetime) -> AlteredRound:
    """Somebody came upon sums of a published round that are not what its digest names: noted once for each unit, and refused."""
    with house.store.read() as db:
        found = rounds.get(db, round_id)
        where = units.names(db, [unit]).get(unit, str(unit)) if unit is not None else ""
    with suppress(Away), house.store.write(at_once=True) as db:
        if not journal.knows(db, "altered_round", round=round_id, name=found.name, unit=where):
            # Whoever makes sheets outside every request has no account.
            journal.note(db, "altered_round", by=by.id or None, now=now, unit_id=found.unit, round=round_id, name=found.name, unit=where)
    return AlteredRound(name=found.name)
