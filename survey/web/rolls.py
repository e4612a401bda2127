"""Published rounds read once and kept by their digest, for every face that looks into one."""

from functools import partial
from typing import cast

from flask import current_app

from survey.actions import publication_sums
from survey.actions.house import House
from survey.domain.hand_ins import NotWhole
from survey.domain.publication_digests import Bound
from survey.domain.publication_files import UNREADABLE
from survey.domain.publication_readings import opened as read_through
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.refusals import AlteredRound
from survey.store.engine import Connection
from survey.store.publication_sums import Kept
from survey.store.publications import Listed, Published
from survey.web.doors import house, now, staff
from survey.web.shelf import Shelf

# A city's is some tens of megabytes.
ROUNDS_KEPT = 6


def roll_of(db: Connection, made: Published | Listed) -> FrozenRoll:
    """A publication; one app has one shelf of them, whichever face asks first."""
    shelf = cast(Shelf[FrozenRoll], current_app.extensions.setdefault("rolls", Shelf(ROUNDS_KEPT)))
    return shelf.get(made.sha256, lambda: _opened(db, made.round, made.sha256))


def _opened(db: Connection, round_id: int, sha256: str) -> FrozenRoll:
    """By its sums, each piece held against its digest when it is read; where an earlier release published it and none were made
    yet, by its parts.

    Raises
    ------
    AlteredRound
        What is kept of it is not what its digest names.
    """
    try:
        digests = publication_sums.digests(db, round_id, sha256)
        if digests is None:
            return read_through(publication_sums.whole(db, round_id))
    except (NotWhole, *UNREADABLE) as fault:
        raise altered(round_id, None) from fault
    return FrozenRoll(Bound(Kept(house().store, round_id), digests, partial(altered, round_id)))


def altered(round_id: int, unit: int | None) -> AlteredRound:
    """What is raised when the sums of a unit, or (None) what is kept of a whole round, are not what its digest names."""
    # Not the house of a form that may work only once: what it sends is refused, and the note stays.
    return publication_sums.altered(cast(House, current_app.extensions["house"]), round_id, unit, by=staff(), now=now())
