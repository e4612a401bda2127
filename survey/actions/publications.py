"""Publish a round: what its counted meetings hold becomes one frozen table, and only now is anything above a meeting shown."""

import hashlib
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime

from survey.actions.gatherings import Gathering, join, places, read, take
from survey.actions.house import House
from survey.actions.plans import own
from survey.actions.publication_counts import write
from survey.domain.meetings import Stage
from survey.domain.plans import Planned
from survey.domain.publication_digests import index_digests
from survey.domain.publication_files import COUNTS, MANIFEST, ROUND, looked_at, manifest, round_json
from survey.domain.publications import Publication
from survey.domain.refusals import NotPublished
from survey.domain.rosters import Step, result
from survey.domain.staff import Staff
from survey.store import journal, publication_sums, publications, units
from survey.store.engine import Connection
from survey.store.publications import Published

# What runs must be brought to an end first: it would never come into the round.
RUNNING = (Stage.OPEN, Stage.PAUSED, Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a round would show.

    Attributes
    ----------
    made : Publication
        All but its counts: these are gathered when it is published.
    seen : str
        What names this preview; it holds no counts. The digest of the publication is not told before there is one: it would be
        of joined counts, and whoever has it could try them out, let one more small meeting vote, and subtract.
    running, drafts : int
        Meetings that run still, which must come to an end first; drafts, which would not be part of it.
    few, lost : int
        Meetings that show nothing by themselves; ballots of theirs that are shown nowhere, since all of them are too few.
    polled : int
        Meetings that only vote or elect: they have no satisfaction to sum up.
    """

    made: Publication
    seen: str
    running: int
    drafts: int
    few: int
    lost: int
    polled: int


def preview(db: Connection, round_id: int, *, release: str, by: Staff) -> Preview:
    """What publishing would show now, all but its counts; nothing is written.

    Parameters
    ----------
    release : str
        The version of the program, which the publication names.
    """
    return result(gather(db, round_id, release=release, by=by))[0]


def gather(db: Connection, round_id: int, *, release: str, by: Staff) -> Generator[Step, None, tuple[Preview, Gathering]]:
    """The same step by step, and what it is made of."""
    planned = own(db, round_id, by=by)
    stages = publications.stages(db, round_id)
    gathered = Gathering()
    ids, done = publications.counted(db, round_id), 0
    for some in publications.batches(ids):
        yield ("papers", done, len(ids))
        for each in read(db, some, gathered):
            take(gathered, each)
        done += len(some)
    tree = places(units.all_units(db), planned.unit, gathered)
    lost = join(gathered, tree)
    made = Publication(
        planned.id, planned.name, planned.period, release, planned.scheme, tree, gathered.forms, tuple(gathered.held),
        tuple(gathered.atoms), gathered.targets, gathered.asked, tuple(gathered.pools), (),
    )  # fmt: skip
    running = sum(stages.get(stage, 0) for stage in RUNNING)
    few, drafts = len(gathered.few), stages.get(Stage.DRAFT, 0)
    return Preview(made, looked_at(made), running, drafts, few, lost, gathered.polled), gathered


def publish(house: House, round_id: int, seen: str, *, release: str, by: Staff, now: datetime) -> Published:
    """Freeze the publication of a round as it was looked at: `seen` names that preview.

    Raises
    ------
    NotPublished
        It was published already, meetings still run, nothing can be shown, what is kept of a meeting is not what its seal
        holds, or what would be shown has changed since.
    """
    return result(publish_steps(house, round_id, seen, release=release, by=by, now=now))


def publish_steps(house: House, round_id: int, seen: str, *, release: str, by: Staff, now: datetime) -> Generator[Step, None, Published]:
    """The same step by step. Everything is read and made of one view of the database, and nobody waits for it; what it was made
    of is looked at again when it is written."""
    with house.store.snapshot() as db:
        planned: Planned = own(db, round_id, by=by)
        if publications.of_round(db, round_id) is not None:
            raise NotPublished(why="done")
        found, gathered = yield from gather(db, round_id, release=release, by=by)
        if found.running:
            raise NotPublished(why="running", n=found.running)
        if not found.made.atoms:
            raise NotPublished(why="nothing")
        if found.seen != seen:
            raise NotPublished(why="changed")
        written = yield from write(db, found.made, gathered)
    body = round_json(found.made)
    digests = {ROUND: hashlib.sha256(body).hexdigest(), COUNTS: written.sha256}
    listed = manifest(digests, sums=index_digests(written.frozen.indexes))
    made = Published(round_id, hashlib.sha256(listed).hexdigest(), now)
    bodies = {MANIFEST: zlib.compress(listed), ROUND: zlib.compress(body), COUNTS: written.packed}
    yield ("publish", 0, 1)
    with house.store.write() as db:
        again: Planned = own(db, round_id, by=by, lock=True)
        if publications.of_round(db, round_id) is not None:
            raise NotPublished(why="done")
        ids, stages = publications.counted(db, round_id), publications.stages(db, round_id)
        if again != planned or publications.seals_of(db, ids) != gathered.seals or any(stages.get(each) for each in RUNNING):
            raise NotPublished(why="changed")
        publications.add(db, made, bodies)
        publication_sums.add(db, round_id, written.frozen)
        publications.publish(db, ids)
        journal.note(db, "publish_round", by=by.id, now=now, unit_id=planned.unit, round=round_id, name=planned.name, sha256=made.sha256)
    return made
