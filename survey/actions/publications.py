"""Publish a round: what its counted meetings hold becomes one frozen table, and only now is anything above a meeting shown."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from survey.actions.gatherings import Gathering, join, places, read, take
from survey.actions.house import House
from survey.actions.plans import own
from survey.actions.seals import first_altered
from survey.domain.hand_ins import NotWhole
from survey.domain.meetings import Stage
from survey.domain.plans import Planned
from survey.domain.publication_files import digest, looked_at, parts
from survey.domain.publication_files import read as read_back
from survey.domain.publication_sums import freeze
from survey.domain.publications import Publication
from survey.domain.refusals import NotPublished
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


def preview(db: Connection, round_id: int, *, release: str, by: Staff, watch: Callable[[int, int], None] = lambda done, all_: None) -> Preview:
    """What publishing would show now; nothing is written.

    Parameters
    ----------
    release : str
        The version of the program, which the publication names.
    watch : callable
        Told how many meetings are gathered, of how many.
    """
    planned = own(db, round_id, by=by)
    stages = publications.stages(db, round_id)
    gathered = Gathering()
    ids = publications.counted(db, round_id)
    done = 0
    for some in publications.batches(ids):
        for each in read(db, some, gathered):
            take(gathered, each)
        done += len(some)
        watch(done, len(ids))
    tree = places(units.all_units(db), planned.unit, gathered)
    lost = join(gathered, tree)
    made = Publication(
        planned.id, planned.name, planned.period, release, planned.scheme, tree, gathered.forms, tuple(gathered.held),
        tuple(gathered.atoms), gathered.targets, gathered.asked, tuple(gathered.pools), tuple(gathered.marks),
    )  # fmt: skip
    running = sum(stages.get(stage, 0) for stage in RUNNING)
    few, drafts = len(gathered.few), stages.get(Stage.DRAFT, 0)
    return Preview(made, looked_at(made), running, drafts, few, lost, gathered.polled)


def publish(house: House, round_id: int, seen: str, *, release: str, by: Staff, now: datetime) -> Published:
    """Freeze the publication of a round as it was looked at: `seen` names that preview.

    Raises
    ------
    NotPublished
        It was published already, meetings still run, nothing can be shown, or what would be shown has changed since.
    """
    with house.store.write() as db:
        planned: Planned = own(db, round_id, by=by, lock=True)
        if publications.of_round(db, round_id) is not None:
            raise NotPublished(why="done")
        found = preview(db, round_id, release=release, by=by)
        if found.running:
            raise NotPublished(why="running", n=found.running)
        if not found.made.atoms:
            raise NotPublished(why="nothing")
        if found.seen != seen:
            raise NotPublished(why="changed")
        if odd := first_altered(db, publications.counted(db, round_id)):
            raise NotPublished(why="altered", title=odd)
        bodies = parts(found.made)
        made = Published(round_id, digest(bodies), now)
        publications.add(db, made, bodies)
        publication_sums.add(db, round_id, freeze(found.made))
        publications.publish(db, publications.counted(db, round_id))
        journal.note(db, "publish_round", by=by.id, now=now, unit_id=planned.unit, round=round_id, name=planned.name, sha256=made.sha256)
    return made


def fill(house: House) -> int:
    """Make the sums of rounds that an earlier release published, from their parts; how many there were."""
    with house.store.read() as db:
        wanted = publication_sums.missing(db)
    for round_id in wanted:
        # Whose parts were changed since has its page say so.
        with suppress(NotWhole):
            with house.store.read() as db:
                made = freeze(read_back(publications.bodies(db, round_id)))
            with house.store.write() as db:
                publication_sums.add(db, round_id, made)
    return len(wanted)
