"""A house full of people and meetings, built once a run and then copied."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from survey.actions.house import House

T = TypeVar("T")
# Stands for the house in what is kept.
_ANY_HOUSE = object()
_KEPT: dict[object, "_Kept"] = {}


@dataclass(frozen=True)
class _Kept:
    """Rows, keys and dice as they lay when everything was built, and what the builder gave back."""

    rows: bytes
    keys: dict[str, bytes]
    dice: Any
    made: Any


def furnish(house: House, name: object, build: Callable[[House], T]) -> T:
    """What `build` makes of an empty house; on SQLite it is copied from the second time on. PostgreSQL builds each anew."""
    if not house.store.is_sqlite:
        return build(house)
    file = str(house.store.url.database)
    with closing(sqlite3.connect(file)) as live, closing(sqlite3.connect(":memory:")) as copy:
        if name not in _KEPT:
            made = build(house)
            live.backup(copy)
            # In memory there is no write-ahead log: bytes 18 and 19 of the file would ask for one.
            rows = copy.serialize()
            rows = rows[:18] + b"\x01\x01" + rows[20:]
            keys = {key: house.keys.get(key) for key in house.keys.names()}
            _KEPT[name] = _Kept(rows, keys, house.random.getstate(), deepcopy(made, {id(house): _ANY_HOUSE}))
            return made
        kept = _KEPT[name]
        assert live.execute("SELECT count(*) FROM units").fetchone() == (0,), "nobody lives here yet"
        copy.deserialize(kept.rows)
        copy.backup(live)
    for key, value in kept.keys.items():
        house.keys.put(key, value)
    house.random.setstate(kept.dice)
    return cast(T, deepcopy(kept.made, {id(_ANY_HOUSE): house}))
