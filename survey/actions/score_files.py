"""A table of scores that was looked at waits for its confirmation, and is then written whole or not at all."""

import json
from collections.abc import Sequence
from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.domain.refusals import NotFound
from survey.domain.scores import Typing
from survey.domain.staff import Staff
from survey.store import proposals

# Other lists that wait have keys of hex digits alone: none is taken for the other.
_MARK = "s"


def propose(house: House, round_id: int, some: Sequence[Typing], *, by: Staff, now: datetime) -> str:
    """Keep what a table would change, in place of what waited before. Returns its key."""
    check_runs(by, by.unit)
    key = f"{_MARK}{house.random.getrandbits(120):030x}"
    rows = [[each.target, each.label, each.unit, each.source, each.points, each.was] for each in some]
    with house.store.write() as db:
        proposals.put(db, key, json.dumps({"round": round_id, "rows": rows}).encode(), by=by.id, now=now)
    return key


def waiting(house: House, round_id: int, key: str, *, by: Staff) -> tuple[Typing, ...]:
    """What waits under a key.

    Raises
    ------
    NotFound
        It was written already, another one came after it, or it is of another round.
    """
    with house.store.read() as db:
        body = proposals.get(db, key[:32], by=by.id) if key.startswith(_MARK) else None
    found = json.loads(body) if body is not None else {}
    if found.get("round") != round_id:
        raise NotFound(what="proposal")
    return tuple(Typing(*row) for row in found["rows"])


def forget(house: House, key: str, *, by: Staff) -> None:
    """It was written."""
    with house.store.write() as db:
        proposals.take(db, key[:32], by=by.id)
