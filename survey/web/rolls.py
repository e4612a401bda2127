"""Published rounds read once and kept by their digest, for every face that looks into one."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import Protocol, cast

from flask import current_app

from survey.domain.publication_files import read
from survey.domain.roll_ups import RollUp
from survey.store import publications
from survey.store.engine import Connection
from survey.store.publications import Published


class _Shelf(Protocol):
    def get(self, key: Hashable, make: Callable[[], RollUp]) -> RollUp: ...


class _Shelves(Protocol):
    @property
    def rolls(self) -> _Shelf: ...


def roll_of(db: Connection, made: Published) -> RollUp:
    """A publication; the shelf is the board's, which has most of the readers."""
    shelves = cast(_Shelves, current_app.extensions["board"])
    return shelves.rolls.get(made.sha256, partial(_read, db, made.round))


def _read(db: Connection, round_id: int) -> RollUp:
    return RollUp(read(publications.bodies(db, round_id)))
