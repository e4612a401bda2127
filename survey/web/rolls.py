"""Published rounds read once and kept by their digest, for every face that looks into one."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import Protocol, cast

from flask import current_app

from survey.domain.publication_readings import opened as read_through
from survey.domain.publication_rolls import FrozenRoll
from survey.store import publication_sums, publications
from survey.store.engine import Connection
from survey.store.publication_sums import Kept
from survey.store.publications import Published
from survey.web.doors import house


class _Shelf(Protocol):
    def get(self, key: Hashable, make: Callable[[], FrozenRoll]) -> FrozenRoll: ...


class _Shelves(Protocol):
    @property
    def rolls(self) -> _Shelf: ...


def roll_of(db: Connection, made: Published) -> FrozenRoll:
    """A publication; the shelf is the board's, which has most of the readers."""
    shelves = cast(_Shelves, current_app.extensions["board"])
    return shelves.rolls.get(made.sha256, partial(opened, db, made.round))


def opened(db: Connection, round_id: int) -> FrozenRoll:
    """By its sums; where an earlier release published it and none were made yet, by its parts."""
    if publication_sums.has(db, round_id):
        return FrozenRoll(Kept(house().store, round_id))
    return read_through(publications.bodies(db, round_id))
