"""Published rounds read once and kept by their digest, for every face that looks into one."""

from typing import cast

from flask import current_app

from survey.domain.publication_readings import opened as read_through
from survey.domain.publication_rolls import FrozenRoll
from survey.store import publication_sums, publications
from survey.store.engine import Connection
from survey.store.publication_sums import Kept
from survey.store.publications import Listed, Published
from survey.web.doors import house
from survey.web.shelf import Shelf

# A city's is some tens of megabytes.
ROUNDS_KEPT = 6


def roll_of(db: Connection, made: Published | Listed) -> FrozenRoll:
    """A publication; one app has one shelf of them, whichever face asks first."""
    shelf = cast(Shelf[FrozenRoll], current_app.extensions.setdefault("rolls", Shelf(ROUNDS_KEPT)))
    return shelf.get(made.sha256, lambda: _opened(db, made.round))


def _opened(db: Connection, round_id: int) -> FrozenRoll:
    """By its sums; where an earlier release published it and none were made yet, by its parts."""
    if publication_sums.has(db, round_id):
        return FrozenRoll(Kept(house().store, round_id))
    return read_through(publications.bodies(db, round_id))
