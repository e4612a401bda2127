"""A count in a process of its own that dies, as by a power cut, at a given step. Started by a fork server."""

import os
from datetime import datetime

from sqlalchemy import Engine, Pool, event

from survey.actions import results
from survey.app import open_house
from survey.config import Config
from survey.domain.staff import Staff

POWER_CUT = 9
DONE = 0


class Steps:
    """Counts the steps of a count: every statement, every commit, every connection taken and given back."""

    def __init__(self, last: int) -> None:
        self._left = last

    def step(self, *_arguments: object, **_named: object) -> None:
        """Die at the last one, without a word to anybody."""
        if self._left == 0:
            os._exit(POWER_CUT)
        self._left -= 1


def count_and_die(config: Config, meeting: int, scrutineer: str, *, by: Staff, now: datetime, last: int) -> None:
    """Count, and die before step number `last`; a count that has fewer steps ends as it should."""
    house = open_house(config)
    steps = Steps(last)
    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, steps.step)
    for name in ("checkout", "checkin"):
        event.listen(Pool, name, steps.step)
    results.count(house, meeting, scrutineer, by=by, now=now)
    os._exit(DONE)
