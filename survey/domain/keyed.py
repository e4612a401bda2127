"""Rows in order that are known by a key: found, put in place, moved. Every step makes a new row."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from survey.domain.refusals import NotFound


class Keyed(Protocol):
    """Anything with a key."""

    @property
    def key(self) -> str:
        """What it is known by."""


K = TypeVar("K", bound=Keyed)


def find(rows: Sequence[K], key: str) -> K:
    """The one with this key.

    Raises
    ------
    NotFound
        There is none.
    """
    return rows[place_of(rows, key)]


def place_of(rows: Sequence[K], key: str) -> int:
    """Where the one with this key stands.

    Raises
    ------
    NotFound
        There is none.
    """
    for place, row in enumerate(rows):
        if row.key == key:
            return place
    raise NotFound(what="key")


def put(rows: Sequence[K], row: K) -> tuple[K, ...]:
    """A row in the place of the one with its key."""
    return (*rows[: place_of(rows, row.key)], row, *rows[place_of(rows, row.key) + 1 :])


def into(rows: Sequence[K], place: int, row: K) -> tuple[K, ...]:
    """One more row at a place, or at the end when there are fewer."""
    return (*rows[:place], row, *rows[place:])


def behind(rows: Sequence[K], key: str, row: K) -> tuple[K, ...]:
    """One more row behind the one with this key."""
    return into(rows, place_of(rows, key) + 1, row)


def moved(rows: Sequence[K], key: str, steps: int) -> tuple[K, ...]:
    """The row with this key some places up (below 0) or down, as far as there are places."""
    row = find(rows, key)
    left = [each for each in rows if each.key != key]
    return into(left, max(0, min(len(left), place_of(rows, key) + steps)), row)


def in_order(rows: Sequence[K], order: Sequence[str]) -> tuple[K, ...]:
    """The rows in the order of these keys; a row that is not named follows the one it followed before."""
    known = {row.key: row for row in rows}
    found = [known[key] for key in dict.fromkeys(order) if key in known]
    named = {row.key for row in found}
    for place, row in enumerate(rows):
        if row.key not in named:
            found.insert(place_of(found, rows[place - 1].key) + 1 if place else 0, row)
    return tuple(found)
